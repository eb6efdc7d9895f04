package index

import (
	"cmp"
	"encoding/binary"
	"hash/fnv"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"segue/internal/match"
)

// How tracks become albums. Tracks of one folder whose album titles and album artists
// fold to the same text are one album: case, accents, punctuation, "&" and a tail like
// "(Disc 2)" do not part them. Tracks without album artist are on the album of the
// same title in their folder whose tracks do name one, unless those name several, or
// use the same numbers, or are of another MusicBrainz release. Where no track names
// one, a compilation is of Various Artists, and so is an album whose tracks in the
// folder have different artists; else it is of their one artist. Tracks without an album tag make one album
// of the folder's name. Folders are put together into one album (Writer.join) where
// everything above is the same, no disc and track number comes twice, and neither the
// year nor MusicBrainz's release differs: CD1 and CD2 are one album, the MP3 copies
// of an album beside its FLAC files are another.

// VariousArtists is the album artist of compilations.
const VariousArtists = "Various Artists"

var (
	discTail   = regexp.MustCompile(`(?i)[\s,;:_-]*[\[(]?\s*\b(?:dis[ck]|cd|dvd|lp)\s*[#.]?\s*0*(\d{1,2})\b(?:\s*(?:of|/)\s*\d+)?\s*[\])]?\s*$`)
	discFolder = regexp.MustCompile(`(?i)^(?:dis[ck]|cd|dvd|lp|vinyl)[\s._-]*0*(\d{1,2})\b`)
)

// CutDisc takes a tail like "[CD 2]" off an album's title; disc is 0 where there is none.
func CutDisc(title string) (rest string, disc int) {
	if !mayName(title) {
		return title, 0
	}
	m := discTail.FindStringSubmatchIndex(title)
	if m == nil || m[0] == 0 {
		return title, 0
	}
	disc, _ = strconv.Atoi(title[m[2]:m[3]])
	return strings.TrimSpace(title[:m[0]]), disc
}

// mayName is a quick look whether a text may have a disc's number in it: the patterns
// are slow, and nearly no title has one.
func mayName(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		switch string([]byte{s[i] | 0x20, s[i+1] | 0x20}) {
		case "di", "cd", "dv", "lp":
			return true
		}
	}
	return false
}

// FolderDisc is the disc number in a folder's name such as "CD2", 0 where there is none.
func FolderDisc(name string) int {
	if name == "" || !strings.ContainsRune("cdlvCDLV", rune(name[0])) {
		return 0
	}
	m := discFolder.FindStringSubmatch(name)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

// part is the share of an album that lies in one folder.
type part struct {
	id               int64
	gkey             string
	title, titleSort string
	artists          []string
	artistSort       string
	year             int
	date             string
	genres           []string
	tracks, discs    int
	duration         int64
	added            int64
	cover            bool
	mb               string
	slots            []uint32
}

// hash63 is a positive number for a text.
func hash63(texts ...string) int64 {
	h := fnv.New64a()
	for _, t := range texts {
		_, _ = h.Write([]byte(t))
		_, _ = h.Write([]byte{0x1f})
	}
	return int64(h.Sum64()>>1) | 1
}

// foldList folds names into one key.
func foldList(names []string) string {
	var b []byte
	for i, n := range names {
		if i > 0 {
			b = append(b, '/')
		}
		b = match.AppendFold(b, n)
	}
	return string(b)
}

// albumKey is what the parts of an album in several folders have in common.
func albumKey(foldedTitle string, artists []string) string {
	return foldedTitle + "\x1f" + foldList(artists)
}

// title is the row's album title without a disc tail, or the folder's name.
func (r *Row) albumTitle(dir string) string {
	if r.Album == "" {
		base := path.Base(dir)
		if FolderDisc(base) > 0 {
			base = path.Base(path.Dir(dir))
		}
		return Clean(base)
	}
	t, _ := CutDisc(r.Album)
	return t
}

// group sorts the rows of a folder into parts and sets their Part. What tracks of one album
// spell differently is as the first of them has it, in whatever order a disk lists its files.
func group(dir string, rows []*Row) []*part {
	rows = slices.SortedStableFunc(slices.Values(rows), byPlace)
	artistOf := folderArtists(dir, rows)
	parts := map[string]*part{}
	var order []*part
	for _, r := range rows {
		title := r.albumTitle(dir)
		tkey := match.Fold(title)
		artists, sort := r.AlbumArtists, first(r.AlbumArtistSort)
		if len(artists) == 0 {
			artists, sort = artistOf[tkey].names, artistOf[tkey].sort
		}
		gkey := albumKey(tkey, artists)
		p := parts[gkey]
		if p == nil {
			p = &part{id: hash63(gkey, dir), gkey: gkey, title: title, titleSort: r.AlbumSort, artists: artists, artistSort: sort, added: r.Added}
			parts[gkey] = p
			order = append(order, p)
		}
		p.add(r)
		r.Part = p.id
	}
	return order
}

// byPlace orders tracks by disc and number, those without number last.
func byPlace(a, b *Row) int {
	last := func(r *Row) int { return min(max(r.Number, 0), 1) }
	return cmp.Or(last(b)-last(a), cmp.Compare(a.pos(), b.pos()), strings.Compare(a.Name, b.Name))
}

func (p *part) add(r *Row) {
	p.tracks++
	p.discs = max(p.discs, r.Disc, r.Discs)
	p.duration += int64(r.Duration)
	p.added = max(p.added, r.Added)
	p.cover = p.cover || r.HasCover
	if p.year == 0 {
		p.year, p.date = r.Year, r.Date
	}
	if p.mb == "" {
		p.mb = r.MBAlbum
	}
	for _, g := range r.Genres {
		if len(p.genres) < 8 && !slices.Contains(p.genres, g) {
			p.genres = append(p.genres, g)
		}
	}
	p.slots = append(p.slots, r.slot())
}

// slot is a track's place on its album: disc and number, else its title.
func (r *Row) slot() uint32 {
	if r.Number <= 0 {
		return uint32(hash63(r.Title)) | 1<<31
	}
	return uint32(max(r.Disc, 1))<<16&0x7fff0000 | uint32(r.Number)&0xffff
}

func (p *part) slotBytes() []byte {
	b := make([]byte, 0, 4*len(p.slots))
	for _, s := range p.slots {
		b = binary.LittleEndian.AppendUint32(b, s)
	}
	return b
}

type credit struct {
	names []string
	sort  string
}

// sameTitle is what the tracks of one title in a folder say of whose album it is.
type sameTitle struct {
	named       credit // the album artist of those that name one
	many        bool   // they name several
	guessed     credit // whose the others are if they are an album of their own
	guessedKey  string
	open        bool // there are others
	releases    [2]string
	slots       [2]map[uint32]bool // numbers that are taken: of the others, of those that name one
	contradicts bool               // numbers or releases say that they are two albums
}

// folderArtists finds, for tracks without album artist, whose album they are on.
func folderArtists(dir string, rows []*Row) map[string]credit {
	titles := map[string]*sameTitle{}
	for _, r := range rows {
		tkey := match.Fold(r.albumTitle(dir))
		t := titles[tkey]
		if t == nil {
			t = &sameTitle{slots: [2]map[uint32]bool{{}, {}}}
			titles[tkey] = t
		}
		if len(r.AlbumArtists) > 0 {
			t.name(r)
		} else {
			t.guess(r)
		}
	}
	found := map[string]credit{}
	for tkey, t := range titles {
		switch {
		case t.open && t.named.names != nil && !t.many && !t.contradicts:
			found[tkey] = t.named
		case t.open:
			found[tkey] = t.guessed
		}
	}
	return found
}

func (t *sameTitle) name(r *Row) {
	t.many = t.many || t.named.names != nil && foldList(t.named.names) != foldList(r.AlbumArtists)
	t.named = credit{r.AlbumArtists, first(r.AlbumArtistSort)}
	t.compare(r, 1)
}

func (t *sameTitle) guess(r *Row) {
	key := match.Fold(first(r.Artists))
	switch {
	case r.Compilation || t.open && t.guessedKey != key:
		t.guessedKey, t.guessed = "\x00", credit{names: []string{VariousArtists}}
	case !t.open && len(r.Artists) > 0:
		t.guessedKey, t.guessed = key, credit{r.Artists[:1], first(r.ArtistSort)}
	}
	t.open = true
	t.compare(r, 0)
}

// compare notes the number and the release of a track on one side, and whether the
// other side has the number, or another release.
func (t *sameTitle) compare(r *Row, side int) {
	if r.Number > 0 {
		t.slots[side][r.slot()] = true
		t.contradicts = t.contradicts || t.slots[1-side][r.slot()]
	}
	if r.MBAlbum != "" {
		t.releases[side] = r.MBAlbum
		t.contradicts = t.contradicts || t.releases[1-side] != "" && t.releases[1-side] != r.MBAlbum
	}
}

func first(l []string) string {
	if len(l) == 0 {
		return ""
	}
	return l[0]
}

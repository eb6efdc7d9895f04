package index

import (
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
// "(Disc 2)" do not part them. Where the album artist is missing, a compilation is of
// Various Artists, and so is an album whose tracks in the folder have different
// artists; else it is of their one artist. Tracks without an album tag make one album
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

// group sorts the rows of a folder into parts and sets their Part.
func group(dir string, rows []*Row) []*part {
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
		gkey := tkey + "\x1f" + foldList(artists)
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
	slot := uint32(max(r.Disc, 1))<<16&0x7fff0000 | uint32(r.Number)&0xffff
	if r.Number <= 0 {
		slot = uint32(hash63(r.Title)) | 1<<31
	}
	p.slots = append(p.slots, slot)
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

// folderArtists finds, for albums without album artist, whose they are.
func folderArtists(dir string, rows []*Row) map[string]credit {
	found := map[string]credit{}
	keys := map[string]string{}
	for _, r := range rows {
		if len(r.AlbumArtists) > 0 {
			continue
		}
		tkey := match.Fold(r.albumTitle(dir))
		key := match.Fold(first(r.Artists))
		have, seen := keys[tkey]
		switch {
		case r.Compilation || seen && have != key:
			keys[tkey] = "\x00"
			found[tkey] = credit{names: []string{VariousArtists}}
		case !seen:
			keys[tkey] = key
			if len(r.Artists) > 0 {
				found[tkey] = credit{r.Artists[:1], first(r.ArtistSort)}
			}
		}
	}
	return found
}

func first(l []string) string {
	if len(l) == 0 {
		return ""
	}
	return l[0]
}

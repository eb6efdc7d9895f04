package local

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"segue/internal/match"
	"segue/internal/music"
	"segue/internal/rows"
	"segue/internal/service/local/index"
)

// kindRadio is "radio from here": tracks of the library that share a genre, an artist or
// the decade with something. ID is the text of its Ref.
const kindRadio music.Kind = "radio"

// radioRows is how long a radio is, radioSeeds by how many tracks of a container it
// is tuned.
const (
	radioRows  = 100
	radioSeeds = 200
)

// RadioOf names the radio of a thing of the library.
func (s *Service) RadioOf(like music.Ref) (music.Ref, bool) {
	switch like.Kind {
	case music.KindTrack, music.KindAlbum, music.KindArtist, music.KindGenre, music.KindYear, music.KindPlaylist, music.KindFolder:
		return music.Ref{Account: music.Local, Kind: kindRadio, ID: like.String()}, true
	default:
		return music.Ref{}, false
	}
}

// taste is what tracks have in common.
type taste struct {
	name            string // of the thing
	genres, artists []string
	years           [2]int // of its decades; 0 = not known
}

// radioPage is a radio. The same thing gives the same tracks all day.
func (s *Service) radioPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	like, err := music.ParseRef(ask.Of.ID)
	if err != nil || like.Account != music.Local {
		return music.Page{}, unknown(ask.Of)
	}
	seeds, t, err := s.tasteOf(ctx, like)
	page := music.Page{Title: "Radio from " + t.name}
	if err != nil {
		return page, err
	}
	db, v, err := s.open(ctx)
	if err != nil {
		return page, err
	}
	own := v.None()
	for _, x := range seeds {
		if id, err := db.IDAt(ctx, x.Ref.ID); err == nil && id != 0 {
			own.Add(id)
		}
	}
	ids, err := s.near(ctx, db, v, t, own, tuned(ask.Of, s.cfg.Now()))
	if err != nil {
		return page, err
	}
	list, err := s.entryTracks(ctx, db, ids)
	if err != nil {
		return page, err
	}
	list = apart(list)
	items := make([]music.Item, len(list))
	for i, x := range list {
		items[i] = x
	}
	if page.Subtitle = t.words(); len(ids) == 0 {
		page.Note = "nothing else in this library shares its genre, artist or decade"
	}
	return rows.Cut(page, rows.Filter(items, ask.Filter), ask), nil
}

// tasteOf listens to a thing: its tracks (a share of a long container) and what they have
// in common.
func (s *Service) tasteOf(ctx context.Context, like music.Ref) ([]music.Track, taste, error) {
	refs, err := s.refs(ctx, music.Ask{Of: like})
	if err != nil {
		return nil, taste{name: s.nameOf(like)}, err
	}
	seeds, err := s.Tracks(ctx, refs[:min(len(refs), radioSeeds)])
	if err != nil {
		return nil, taste{name: s.nameOf(like)}, err
	}
	t := taste{name: s.nameOf(like)}
	if len(seeds) > 0 {
		t.name = map[music.Kind]string{music.KindTrack: seeds[0].Title, music.KindAlbum: seeds[0].Album}[like.Kind]
	}
	switch {
	case t.name == "" && (like.Kind == music.KindGenre || like.Kind == music.KindYear || like.Kind == music.KindArtist):
		t.name = index.Clean(like.ID)
	case t.name == "":
		t.name = s.nameOf(like)
	}
	genres, artists, decades := map[string]int{}, map[string]int{}, map[int]int{}
	spelled := map[string]string{}
	count := func(m map[string]int, name string) {
		if key := match.Fold(name); key != "" {
			m[key]++
			spelled[key] = name
		}
	}
	for _, x := range seeds {
		for _, g := range x.Genres {
			count(genres, g)
		}
		for _, a := range x.Artists {
			count(artists, a)
		}
		if x.Year > 0 {
			decades[x.Year/10*10]++
		}
	}
	t.genres, t.artists = most(genres, spelled), most(artists, spelled)
	if len(t.artists) > 0 && like.Kind == music.KindArtist {
		t.name = t.artists[0]
	}
	if d := slices.MaxFunc(append(keysOf(decades), 0), func(a, b int) int { return decades[a] - decades[b] }); d > 0 {
		t.years = [2]int{d, d + 9}
	}
	return seeds, t, nil
}

func keysOf(m map[int]int) []int {
	var keys []int
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// most gives the names that occur most, three at the most.
func most(counts map[string]int, spelled map[string]string) []string {
	var keys []string
	for k := range counts {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		if n := counts[b] - counts[a]; n != 0 {
			return n
		}
		return strings.Compare(a, b)
	})
	var names []string
	for _, k := range keys[:min(len(keys), 3)] {
		names = append(names, spelled[k])
	}
	return names
}

// words says by what a radio is tuned.
func (t taste) words() string {
	parts := append(slices.Clone(t.genres), t.artists...)
	if t.years[0] > 0 {
		parts = append(parts, "the "+strconv.Itoa(t.years[0])+"s")
	}
	if len(parts) == 0 {
		return "by nothing: it has no genre, artist or year"
	}
	return "from your library, by " + strings.Join(parts, ", ")
}

// tuned gives the chance of a radio: its own, and another one each day.
func tuned(of music.Ref, now time.Time) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(of.ID + now.Format(time.DateOnly))) // never fails
	return rand.New(rand.NewPCG(h.Sum64(), 1))                //nolint:gosec // nobody is to be kept from guessing it
}

// near draws tracks that are like a taste: half of what shares genre and decade, the rest
// of one of them, or of the artists.
func (s *Service) near(ctx context.Context, db *index.DB, v index.View, t taste, own index.Set, chance *rand.Rand) ([]uint32, error) {
	genres, artists := v.None(), v.None()
	var decade index.Set
	gather := func(into index.Set, names []string, of func(context.Context, index.View, string) (index.Set, error)) error {
		for _, n := range names {
			one, err := of(ctx, v, n)
			if err != nil {
				return err
			}
			for id := range one.Each {
				into.Add(id)
			}
		}
		return nil
	}
	if err := gather(genres, t.genres, db.GenreTracks); err != nil {
		return nil, err
	}
	if err := gather(artists, t.artists, db.ArtistTracks); err != nil {
		return nil, err
	}
	if t.years[0] > 0 {
		set, _, err := s.find(ctx, db, v, fmt.Sprintf("year:%d-%d", t.years[0], t.years[1]), index.ScopeAll)
		if err != nil {
			return nil, err
		}
		decade = set
	}
	both := append(index.Set(nil), genres...)
	if decade != nil {
		both.And(decade)
	}
	hats := [][]uint32{drawn(both, own, chance), drawn(genres, own, chance), drawn(artists, own, chance), drawn(decade, own, chance)}
	turns := []int{0, 2, 0, 1, 0, 3}
	var ids []uint32
	in := v.None()
	for idle, turn := 0, 0; len(ids) < radioRows && idle < len(turns); turn++ {
		hat := &hats[turns[turn%len(turns)]]
		idle++
		for len(*hat) > 0 {
			id := (*hat)[0]
			*hat = (*hat)[1:]
			if !in.Has(id) {
				in.Add(id)
				ids, idle = append(ids, id), 0
				break
			}
		}
	}
	return ids, nil
}

// drawn gives up to a radio's length of a set without own, in an order by chance.
func drawn(set, own index.Set, chance *rand.Rand) []uint32 {
	var ids []uint32
	for id := range set.Each {
		if !own.Has(id) {
			ids = append(ids, id)
		}
	}
	n := min(len(ids), 2*radioRows)
	for i := range n {
		j := i + chance.IntN(len(ids)-i)
		ids[i], ids[j] = ids[j], ids[i]
	}
	return ids[:n]
}

// apart reorders tracks so that the same artist does not follow, as far as that goes.
func apart(list []music.Track) []music.Track {
	for i := 1; i < len(list); i++ {
		if list[i].Artist() != list[i-1].Artist() {
			continue
		}
		for j := i + 1; j < len(list); j++ {
			if list[j].Artist() != list[i-1].Artist() {
				list[i], list[j] = list[j], list[i]
				break
			}
		}
	}
	return list
}

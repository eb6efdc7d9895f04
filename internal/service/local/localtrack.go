package local

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"segue/internal/match"
	"segue/internal/music"
	"segue/internal/query"
	"segue/internal/service/local/index"
	"segue/player"
	"segue/session"
)

// A track may be named by its words, "spotify:local:ARTIST:ALBUM:TITLE:SECONDS": the
// text is the Ref's ID. What file it means is looked up each time it is shown or
// played, so that a placeholder in a playlist becomes a track when its file comes.

const wordsPrefix = "spotify:local:"

// isWords reports whether a track's ID is such a text.
func isWords(id string) bool { return strings.HasPrefix(id, wordsPrefix) }

// LocalTrack gives the best match for a track in words: exact, normalised, or with
// slips where the lengths agree to 3 s. Without one it is a placeholder: a track that
// cannot be played now, but starred and put into playlists.
func (s *Service) LocalTrack(ctx context.Context, t music.LocalTrack) (music.Track, error) {
	found, err := s.findWords(ctx, t)
	if err != nil {
		return music.Track{}, fault(session.OtherTransient, "look for "+index.Clean(t.Words()), err, "")
	}
	if found == nil {
		list := []music.Track{placeholder(t)}
		s.markOthers(ctx, list)
		return list[0], nil
	}
	list := []music.Track{*found}
	s.markOthers(ctx, list)
	return list[0], nil
}

// placeholder is a track of which there are only words.
func placeholder(t music.LocalTrack) music.Track {
	p := music.Track{
		Ref: trackRef(t.URI()), Title: index.Clean(t.Title), Album: index.Clean(t.Album), Duration: t.Duration,
		Unplayable: "the library has no file for it",
	}
	if a := index.Clean(t.Artist); a != "" {
		p.Artists = []string{a}
		p.ArtistRef = artistRef(t.Artist)
	}
	if p.Title == "" {
		p.Title = index.Clean(t.Words())
	}
	if p.Title == "" {
		p.Title, p.Unplayable = "unnamed track", "it names no track"
	}
	return p
}

// wordsTrack is a track whose Ref is its words, with the details of its file where
// there is one.
func (s *Service) wordsTrack(ctx context.Context, r music.Ref) music.Track {
	l, err := music.ParseLink(r.ID)
	if err != nil {
		return music.Track{Ref: r, Title: index.Clean(r.ID), Unplayable: index.Clean(err.Error())}
	}
	t := placeholder(l.Local)
	if file, err := s.fileOf(ctx, r, l.Local); err == nil && !file.IsZero() {
		db, err := s.index(ctx)
		if err != nil {
			db = nil // the file still tells of itself
		}
		t = s.oneTrack(ctx, db, file)
	}
	t.Ref = r
	return t
}

// wordsCache remembers what tracks in words were found to be, while the index does not
// change: a playlist of them is drawn often.
type wordsCache struct {
	mu    sync.Mutex
	gen   int64
	found map[string]music.Ref // the zero Ref: nothing
}

// wordsKept is how many are remembered.
const wordsKept = 10_000

// get gives what is known of a text in a generation of the index.
func (c *wordsCache) get(gen int64, text string) (file music.Ref, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gen != gen {
		return music.Ref{}, false
	}
	file, ok = c.found[text]
	return file, ok
}

func (c *wordsCache) put(gen int64, text string, file music.Ref) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gen != gen || c.found == nil || len(c.found) >= wordsKept {
		c.gen, c.found = gen, map[string]music.Ref{}
	}
	c.found[text] = file
}

// fileOf is the track that plays for a track in words, the zero Ref where there is none.
func (s *Service) fileOf(ctx context.Context, r music.Ref, t music.LocalTrack) (music.Ref, error) {
	gen := int64(-1)
	if _, v, err := s.open(ctx); err == nil {
		gen = v.Generation()
	}
	if file, ok := s.words.get(gen, r.ID); ok {
		return file, nil
	}
	found, err := s.findWords(ctx, t)
	if err != nil {
		return music.Ref{}, err
	}
	var file music.Ref
	if found != nil {
		file = found.Ref
	}
	s.words.put(gen, r.ID, file)
	return file, nil
}

// openWords plays the file of a track in words.
func (s *Service) openWords(ctx context.Context, r music.Ref, q music.Quality) (player.Source, error) {
	l, err := music.ParseLink(r.ID)
	var file music.Ref
	if err == nil {
		file, err = s.fileOf(ctx, r, l.Local)
	}
	if err == nil && file.IsZero() {
		err = errors.New(placeholder(l.Local).Unplayable)
	}
	if err != nil {
		return nil, fault(session.TrackNotPlayable, "open "+index.Clean(r.ID), err, "")
	}
	return s.Open(ctx, file, q)
}

// candidatesMost bounds how many tracks are compared with a name.
const candidatesMost = 500

// findWords looks for a track by its words, nil = there is none like it.
func (s *Service) findWords(ctx context.Context, t music.LocalTrack) (*music.Track, error) {
	want := recording(t)
	pool := s.sampler.all()
	db, v, err := s.open(ctx)
	if err == nil && v.Count() > 0 {
		for _, q := range wordQueries(t) {
			more, err := s.candidates(ctx, db, v, q, t.Duration > 0)
			if err != nil {
				return nil, err
			}
			found, grade := bestOf(want, more)
			if grade >= match.Normalised {
				return found, nil
			}
			pool = append(pool, more...)
		}
	}
	found, _ := bestOf(want, pool)
	return found, err
}

func recording(t music.LocalTrack) match.Recording {
	r := match.Recording{Title: t.Title, Album: t.Album, Length: t.Duration}
	if t.Artist != "" {
		r.Artists = []string{t.Artist}
	}
	return r
}

func bestOf(want match.Recording, pool []music.Track) (*music.Track, match.Grade) {
	have := make([]match.Recording, len(pool))
	for i, t := range pool {
		have[i] = match.Recording{Title: t.Title, Artists: t.Artists, Album: t.Album, Length: t.Duration}
	}
	i, grade := match.Best(want, have)
	if i < 0 {
		return nil, match.None
	}
	return &pool[i], grade
}

// wordQueries are the questions that may find a track, the narrowest first.
func wordQueries(t music.LocalTrack) []*query.Query {
	term := func(f query.Field, text string) []query.Node {
		if text == "" {
			return nil
		}
		return []query.Node{query.Text{Field: f, Value: text}}
	}
	title, artist := term(query.Title, match.Core(t.Title)), term(query.Artist, match.Lead(t.Artist))
	album := term(query.Album, match.Core(t.Album))
	var list []*query.Query
	add := func(parts ...[]query.Node) {
		if all := slices.Concat(parts...); len(all) > 0 {
			list = append(list, &query.Query{Root: query.And{Nodes: all}})
		}
	}
	if t.Title == "" {
		add(artist, album)
		return list
	}
	add(title, artist, album)
	add(title, artist)
	add(title) // another spelling of the artist
	if t.Duration > 0 {
		add(artist, album) // or of the title
	}
	return list
}

// candidates are tracks that a question finds, with slips where they may be forgiven.
func (s *Service) candidates(ctx context.Context, db *index.DB, v index.View, q *query.Query, forgive bool) ([]music.Track, error) {
	set, err := db.FindTyped(ctx, v, q, s.cfg.Now())
	if err == nil && set.Len() == 0 && forgive {
		var f index.Found
		f, err = db.Find(ctx, v, q, index.ScopeAll, s.cfg.Now())
		set = f.Set
	}
	if err != nil || set.Len() == 0 {
		return nil, err
	}
	return s.someOf(ctx, db, v, set)
}

// someOf are the tracks of a set, candidatesMost at most.
func (s *Service) someOf(ctx context.Context, db *index.DB, v index.View, set index.Set) ([]music.Track, error) {
	sel := selection{view: v, set: set, src: source{sort: music.SortTitle}}
	ids, err := sel.window(ctx, db, 0, candidatesMost)
	if err != nil {
		return nil, err
	}
	return s.entryTracks(ctx, db, ids)
}

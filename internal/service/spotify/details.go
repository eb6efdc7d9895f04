package spotify

import (
	"context"
	"sync"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
)

// Details tells of an album, an artist, a playlist or a podcast.
func (s *Service) Details(ctx context.Context, of music.Ref) (music.Item, error) {
	op := "look at " + nameOf(of)
	l := &look{Service: s}
	item, err := l.details(ctx, of)
	if err != nil {
		return nil, s.explain(op, of, err)
	}
	return s.markStars([]music.Item{item})[0], nil
}

func (l *look) details(ctx context.Context, of music.Ref) (music.Item, error) {
	switch of.Kind {
	case music.KindAlbum:
		w, err := l.oneAlbum(ctx, of.ID)
		a := l.album(w)
		a.Duration = length(tracksOf(l.albumTracks(w.Tracks.Items, webapi.Album{})))
		if w.Tracks.Next > 0 {
			a.Duration = 0 // that was not all of it
		}
		return a, err
	case music.KindArtist:
		w, err := l.oneArtist(ctx, of.ID)
		return l.artist(w), err
	case music.KindPlaylist:
		w, err := l.aboutList(ctx, of.ID)
		return l.playlist(w), err
	case kindShow:
		w, err := l.oneShow(ctx, of.ID)
		return l.show(w), err
	default:
		page, err := l.children(ctx, music.Ask{Of: of, Limit: 1})
		return music.Folder{Ref: of, Name: page.Title, Detail: page.Subtitle, Count: page.Total}, err
	}
}

// lookUpMost is how many tracks are asked for one by one while somebody waits: Spotify has
// no call for several any more. The others are looked up later, where somebody can be told.
const lookUpMost = 50

// Tracks gives the details of tracks: from memory where it has them, else from Spotify.
func (s *Service) Tracks(ctx context.Context, refs []music.Ref) ([]music.Track, error) {
	op := "look up tracks"
	known, err := s.remembered(ctx, refs)
	if err != nil {
		return nil, s.fault(op, err)
	}
	missing := s.notIn(known, refs)
	var later []music.Ref
	if s.watched() && len(missing) > lookUpMost {
		missing, later = missing[:lookUpMost], missing[lookUpMost:]
		s.errands.lookUp(later)
	}
	why := s.lookUp(webapi.For(ctx, webapi.Playing), missing, known)
	if ctx.Err() != nil {
		return nil, s.fault(op, ctx.Err())
	}
	out := make([]music.Track, len(refs))
	on := s.allowed()
	for i, r := range refs {
		out[i] = s.oneTrack(r, known, why)
		if !on && out[i].Unplayable == "" {
			out[i].Unplayable = whyOff
		}
	}
	return out, nil
}

// oneTrack is a track of a queue as far as it is known.
func (s *Service) oneTrack(r music.Ref, known map[music.Ref]music.Track, why map[music.Ref]error) music.Track {
	if t, ok := known[r]; ok {
		if on, ok := s.stars.of(r); ok {
			t.Starred = on
		}
		return t
	}
	if of, ok := s.wholeOf(r); ok {
		t := music.Track{Ref: r, Title: "a whole " + string(of.Kind)}
		if w, ok := s.listed(of.ID); ok {
			t = s.wholeTrack(w)
		}
		return t
	}
	t := music.Track{Ref: r, Title: music.Clean(r.ID)}
	switch err := why[r]; {
	case r.ID == goneID:
		return s.goneTrack("")
	case err == nil: // it is looked up later
	case passes(err):
		t.Unplayable = "Spotify cannot be asked about it"
	default:
		t.Unplayable = "Spotify has it no more"
	}
	return t
}

// remembered are the tracks that were seen before.
func (s *Service) remembered(ctx context.Context, refs []music.Ref) (map[music.Ref]music.Track, error) {
	db, err := s.store(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(refs))
	for _, r := range refs {
		ids = append(ids, r.ID)
	}
	songs, err := db.Songs(ctx, ids)
	if err != nil {
		return nil, err
	}
	known := make(map[music.Ref]music.Track, len(songs))
	for _, r := range refs {
		if x, ok := songs[r.ID]; ok && r.Kind == music.KindTrack {
			x.Track.Ref = r
			_, x.Track.Episode = episodeOf(r) // those that were kept before say nothing of it
			known[r] = x.Track
			s.pictures.read(r, x.Cover)
			s.pictures.read(x.Track.AlbumRef, x.Cover)
		}
	}
	return known, nil
}

func (s *Service) notIn(known map[music.Ref]music.Track, refs []music.Ref) []music.Ref {
	var missing []music.Ref
	seen := map[music.Ref]bool{}
	for _, r := range refs {
		_, whole := s.wholeOf(r)
		if _, ok := known[r]; !ok && !seen[r] && !whole && r.Kind == music.KindTrack && r.Account == s.id && r.ID != goneID {
			seen[r] = true
			missing = append(missing, r)
		}
	}
	return missing
}

// lookUp asks Spotify for tracks, a few at a time, and says why it has not got some.
func (s *Service) lookUp(ctx context.Context, refs []music.Ref, known map[music.Ref]music.Track) map[music.Ref]error {
	why := map[music.Ref]error{}
	var mu sync.Mutex
	var stop error
	var work sync.WaitGroup
	gate := make(chan struct{}, atOnce)
	for _, r := range refs {
		gate <- struct{}{}
		work.Go(func() {
			defer func() { <-gate }()
			mu.Lock()
			err := stop
			mu.Unlock()
			var t music.Track
			if err == nil {
				t, err = s.askTrack(ctx, r)
			}
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				known[r] = t
				return
			case passes(err):
				stop = err // the others would fail like it
			}
			why[r] = err
		})
	}
	work.Wait()
	return why
}

// askTrack asks for one track or episode.
func (s *Service) askTrack(ctx context.Context, r music.Ref) (music.Track, error) {
	l := &look{Service: s}
	t, err := inquire(ctx, l, restFor, func(ctx context.Context) (music.Track, error) {
		if id, ok := episodeOf(r); ok {
			w, err := s.api.Episode(ctx, id)
			return s.episode(w, webapi.Show{}), err
		}
		w, err := s.api.Track(ctx, r.ID)
		return s.track(w, webapi.Album{}), err
	})
	if err != nil {
		return t, err
	}
	t.Ref = r // Spotify may have answered with another edition of it
	return t, s.learnItems(ctx, []music.Item{t})
}

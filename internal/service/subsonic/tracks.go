package subsonic

import (
	"context"
	"errors"
	"net/url"
	"sync"

	"golang.org/x/sync/errgroup"

	"segue/internal/music"
	"segue/internal/service/store"
	"segue/internal/service/subsonic/wire"
)

// learn makes tracks of the songs of an answer and remembers them, so that a queue can be
// described without the server.
func (s *Service) learn(ctx context.Context, songs []wire.Song) ([]music.Track, error) {
	kept := make([]store.Song, 0, len(songs))
	tracks := make([]music.Track, 0, len(songs))
	for _, w := range songs {
		if x, ok := s.song(w); ok {
			kept = append(kept, x)
			tracks = append(tracks, x.Track)
		}
	}
	db, err := s.store(ctx)
	if err != nil {
		return tracks, err
	}
	s.remember(ctx, db, kept...)
	s.markHere(ctx, tracks)
	return tracks, nil
}

// qualities are those in which a track may be in the media cache.
var qualities = [...]int{0, 96, 160, 320}

// markHere marks, while the network is off by wish, the tracks that are not on this machine.
func (s *Service) markHere(ctx context.Context, tracks []music.Track) {
	s.mu.Lock()
	blocked := s.blocked
	s.mu.Unlock()
	if !blocked {
		return
	}
	db, err := s.store(ctx)
	if err != nil {
		return
	}
	ids := make([]string, len(tracks))
	for i, t := range tracks {
		ids[i] = t.Ref.ID
	}
	known, err := db.Songs(ctx, ids)
	if err != nil {
		return
	}
	for i, t := range tracks {
		if t.Ref.Kind == music.KindTrack && t.Unplayable == "" && !s.here(ctx, db, t.Ref.ID, known[t.Ref.ID].Size) {
			tracks[i].Unplayable = "it is not on this machine, and the network is off"
		}
	}
}

func (s *Service) here(ctx context.Context, db *store.Store, id string, size int64) bool {
	if c, ok := db.CopyOf(ctx, id); ok && c.State == store.CopyDone {
		return true
	}
	if s.cfg.Media == nil {
		return false
	}
	for _, kbps := range qualities {
		if _, whole := s.cfg.Media.Has(s.key(id, size, music.Quality{Kbps: kbps})); whole {
			return true
		}
	}
	return false
}

// atOnce is how many songs are asked for at the same time where each is a call.
const atOnce = 4

// Tracks gives the details of tracks: from memory where it has them, else from the server.
func (s *Service) Tracks(ctx context.Context, refs []music.Ref) ([]music.Track, error) {
	db, err := s.store(ctx)
	if err != nil {
		return nil, s.fault("look up tracks", err)
	}
	ids := make([]string, 0, len(refs))
	for _, r := range refs {
		if r.Kind == music.KindTrack {
			ids = append(ids, r.ID)
		}
	}
	known, err := db.Songs(ctx, ids)
	if err != nil {
		return nil, s.fault("look up tracks", err)
	}
	missing := s.missing(refs, known)
	why := s.fetchSongs(ctx, missing, known)
	if ctx.Err() != nil {
		return nil, s.fault("look up tracks", ctx.Err())
	}
	out := make([]music.Track, len(refs))
	for i, r := range refs {
		x, ok := known[r.ID]
		switch {
		case r.Kind == music.KindStream:
			out[i] = music.Track{Ref: r, Title: music.Clean(r.ID), Path: music.Clean(r.ID)}
		case ok:
			out[i] = x.Track
			out[i].Ref = r
			s.cover(r, wire.ID(x.Cover))
		default:
			out[i] = music.Track{Ref: r, Title: music.Clean(r.ID), Unplayable: goneBecause(why[r.ID])}
		}
	}
	s.markHere(ctx, out)
	return out, nil
}

func goneBecause(err error) string {
	var w *wire.Error
	switch {
	case err == nil, errors.As(err, &w) && !unreachable(err):
		return "the server has it no more"
	}
	return "the server cannot be reached"
}

func (s *Service) missing(refs []music.Ref, known map[string]store.Song) []string {
	var ids []string
	seen := map[string]bool{}
	for _, r := range refs {
		if _, ok := known[r.ID]; !ok && r.Kind == music.KindTrack && !seen[r.ID] {
			seen[r.ID] = true
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// fetchSongs asks the server for songs that nobody knows, a few at a time, and says why it
// has not got some.
func (s *Service) fetchSongs(ctx context.Context, ids []string, known map[string]store.Song) map[string]error {
	var mu sync.Mutex
	var wg sync.WaitGroup
	why := map[string]error{}
	gate := make(chan struct{}, atOnce)
	for _, id := range ids {
		gate <- struct{}{}
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() { <-gate }()
			x, err := s.fetchSong(ctx, id)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				why[id] = err
				return
			}
			known[id] = x
		}()
	}
	wg.Wait()
	return why
}

func (s *Service) fetchSong(ctx context.Context, id string) (store.Song, error) {
	a, err := s.ask(ctx, "getSong", url.Values{"id": {id}})
	if err != nil {
		return store.Song{}, err
	}
	x, ok := s.song(a.Song.Value)
	if !ok {
		return store.Song{}, errors.New("it is no song")
	}
	x.Track.Ref.ID = id
	_, err = s.learn(ctx, []wire.Song{a.Song.Value})
	return x, err
}

// known is what is remembered of a track; the zero Song if nothing is.
func (s *Service) known(ctx context.Context, id string) store.Song {
	db, err := s.store(ctx)
	if err != nil {
		return store.Song{}
	}
	found, err := db.Songs(ctx, []string{id})
	if err != nil {
		return store.Song{}
	}
	return found[id]
}

// below are all tracks at or below what is asked, in order; filtered reports that the
// filter has been applied.
func (l *look) below(ctx context.Context, ask music.Ask) (tracks []music.Track, filtered bool, err error) {
	r := ask.Of
	switch {
	case r.Kind == music.KindGenre:
		tracks, err = l.genreTracks(ctx, r.ID)
	case r.Kind == music.KindYear:
		tracks, err = l.albumTracks(ctx, yearList(r.ID), refsMost)
	case r.Kind == music.KindArtist:
		tracks, err = l.artistTracks(ctx, r.ID)
	case r.Kind == music.KindFolder:
		tracks, err = l.folderTracks(ctx, r.ID, 0)
	case r.Kind == kindPodcast:
		tracks, err = l.podcastTracks(ctx, r.ID)
	case r.Kind == music.KindSection && isSearch(r.ID):
		tracks, err := l.everyFound(ctx, ask.Filter)
		return tracks, true, err
	case r.Kind == music.KindSection && r.ID == music.SectionTracks:
		words, _, werr := l.words(ask.Filter)
		if werr != nil {
			return nil, false, werr
		}
		tracks, err = l.everyTrack(ctx, words, refsMost)
	case r.Kind == music.KindSection && r.ID == music.SectionArtists:
		tracks, err = l.albumTracks(ctx, albumList{kind: "alphabeticalByArtist"}, refsMost)
	case r.Kind == music.KindSection && r.ID == music.SectionFiles:
		tracks, err = l.rootTracks(ctx)
	default:
		if list, ok := albumLists[r.ID]; ok && r.Kind == music.KindSection {
			if kind, ok := albumSorts[ask.Sort]; ok && list.sort == music.SortTitle {
				list.kind = kind
			}
			tracks, err = l.albumTracks(ctx, list, refsMost)
			break
		}
		_, tracks, err = l.whole(ctx, r)
	}
	return tracks, false, err
}

func isSearch(id string) bool {
	return id == music.SectionSearch || len(id) > len(music.SectionSearch) && id[:len(music.SectionSearch)+1] == music.SectionSearch+"/"
}

// refsMost is how many tracks, or albums, one command puts into the queue.
const refsMost = 100_000

// albumTracks are the tracks of a list of albums, album by album.
func (l *look) albumTracks(ctx context.Context, list albumList, most int) ([]music.Track, error) {
	albums, err := l.albumsOf(ctx, list, most)
	if err != nil {
		return nil, err
	}
	return l.songsOf(ctx, albums)
}

// songsOf are the songs of albums in order; a few albums are asked for at a time.
func (l *look) songsOf(ctx context.Context, albums []wire.Album) ([]music.Track, error) {
	parts := make([][]music.Track, len(albums))
	looks := make([]look, len(albums)) // each call's own, for they run side by side
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for i, a := range albums {
		looks[i].Service = l.Service
		g.Go(func() (err error) {
			parts[i], err = looks[i].songsOfAlbum(ctx, string(a.ID))
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var all []music.Track
	for i := range parts {
		all = append(all, parts[i]...)
		l.older(looks[i].asOf, looks[i].why)
	}
	return all, nil
}

func (l *look) songsOfAlbum(ctx context.Context, id string) ([]music.Track, error) {
	reply, err := l.ask(ctx, "getAlbum", url.Values{"id": {id}})
	if err != nil {
		return nil, err
	}
	return l.learn(ctx, reply.Album.Value.Songs)
}

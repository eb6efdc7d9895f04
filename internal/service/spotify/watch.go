package spotify

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
	"segue/session"
)

const (
	// pollEvery is how often the playlists are looked at: others change them, and other
	// programs of the user's. It is one call, and one more where there are many.
	pollEvery = 5 * time.Minute
	// gatherFor gathers errands, so that rows that are scrolled by make few calls.
	gatherFor = time.Second
)

// errands are things that are asked of Spotify when nobody waits: the stars of what is on
// the screen, and tracks that nobody knows.
type errands struct {
	mu     sync.Mutex
	stars  []music.Ref
	tracks []music.Ref
	wake   chan struct{} // made by Watch; nil = nobody does errands
}

// errandsMost is how many of a kind wait; those that were on the screen longest ago go.
const errandsMost = 200

func (e *errands) add(list *[]music.Ref, refs []music.Ref) {
	if len(refs) == 0 {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.wake == nil {
		return
	}
	for _, r := range refs {
		if !slices.Contains(*list, r) {
			*list = append(*list, r)
		}
	}
	if n := len(*list) - errandsMost; n > 0 {
		*list = slices.Delete(*list, 0, n)
	}
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

func (e *errands) lookAtStars(refs []music.Ref) { e.add(&e.stars, refs) }
func (e *errands) lookUp(refs []music.Ref)      { e.add(&e.tracks, refs) }

// take takes what waits: as many stars as one call tells, and some tracks.
func (e *errands) take() (stars, tracks []music.Ref) {
	e.mu.Lock()
	defer e.mu.Unlock()
	n, m := min(len(e.stars), 40), min(len(e.tracks), 10)
	stars, tracks = slices.Clone(e.stars[:n]), slices.Clone(e.tracks[:m])
	e.stars, e.tracks = slices.Delete(e.stars, 0, n), slices.Delete(e.tracks, 0, m)
	return stars, tracks
}

func (e *errands) begin() <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.wake = make(chan struct{}, 1)
	return e.wake
}

func (e *errands) end() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.wake, e.stars, e.tracks = nil, nil, nil
}

// Watch refreshes what is shown, does errands, and tells of playlists that were changed
// elsewhere, until ctx ends. It has three goroutines besides, which end with it.
func (s *Service) Watch(ctx context.Context, changed func(music.Ref)) error {
	wake := s.errands.begin()
	defer s.errands.end()
	s.seen.Lock()
	s.seen.changed = changed
	s.seen.Unlock()
	defer func() {
		s.seen.Lock()
		s.seen.changed = nil
		s.seen.Unlock()
	}()
	var work sync.WaitGroup
	defer work.Wait()
	work.Go(func() { _ = s.api.Run(ctx) }) // it ends with ctx, and says so
	work.Go(func() { s.runErrands(ctx, wake) })
	quiet := webapi.For(ctx, webapi.Background)
	for n := 0; ; {
		n = s.lookAtLists(quiet, n)
		if err := wait(ctx, pollEvery); err != nil {
			return err
		}
	}
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// runErrands does errands as they come, some at a time.
func (s *Service) runErrands(ctx context.Context, wake <-chan struct{}) {
	ctx = webapi.For(ctx, webapi.Background)
	for {
		select {
		case <-ctx.Done():
			return
		case <-wake:
		}
		for {
			if wait(ctx, gatherFor) != nil {
				return
			}
			stars, tracks := s.errands.take()
			if len(stars)+len(tracks) == 0 {
				break
			}
			s.errand(ctx, stars, tracks)
		}
	}
}

// errand asks of some stars and tracks. What fails is asked again when it is shown again.
func (s *Service) errand(ctx context.Context, stars, tracks []music.Ref) {
	if !s.allowed() {
		return
	}
	if len(stars) > 0 {
		news, err := s.lookUpStars(ctx, stars)
		if err == nil {
			s.tell(news...)
		}
	}
	known := map[music.Ref]music.Track{}
	s.lookUp(ctx, tracks, known)
	for r := range known {
		s.tell(r)
	}
}

// lookAtLists looks at the first page of the playlists, and at page n besides; it gives the
// page for the next time. What is no longer as it was is told.
func (s *Service) lookAtLists(ctx context.Context, n int) (next int) {
	if !s.allowed() {
		return n
	}
	total, more := s.lookAtPage(ctx, 0)
	if n > 0 && n*mostSaved < total {
		_, more = s.lookAtPage(ctx, n)
	}
	if !more || (n+1)*mostSaved >= total {
		return 0
	}
	return n + 1
}

func (s *Service) lookAtPage(ctx context.Context, n int) (total int, ok bool) {
	had := s.listOrder(ctx, n)
	p, err := s.api.MyPlaylists(ctx, webapi.Window{Offset: n * mostSaved, Limit: mostSaved})
	if err != nil {
		return 0, false // whoever looks is told
	}
	var other []music.Ref
	now := make([]string, 0, len(p.Items))
	for _, w := range p.Items {
		now = append(now, w.ID)
		if s.knowList(w) {
			other = append(other, s.ref(music.KindPlaylist, w.ID))
		}
	}
	all := s.section(music.SectionPlaylists)
	if had != nil && !slices.Equal(had, now) || len(other) > 0 {
		s.isOther(all)
		s.tell(all)
	}
	for _, r := range other {
		s.isOther(r)
		s.tell(r)
	}
	return p.Total, true
}

// listOrder are the ids of the playlists on a page as it is on disk, and takes note of
// them; nil = it is not there.
func (s *Service) listOrder(ctx context.Context, n int) []string {
	p, err := s.api.MyPlaylists(webapi.OnlyCached(ctx), webapi.Window{Offset: n * mostSaved, Limit: mostSaved})
	if err != nil {
		return nil
	}
	ids := make([]string, 0, len(p.Items))
	for _, w := range p.Items {
		if !s.isListed(w.ID) {
			s.knowList(w)
		}
		ids = append(ids, w.ID)
	}
	return ids
}

// freshened hears that an answer that was shown is another one now.
func (s *Service) freshened(path string) {
	of, ok := s.placeOf(path)
	if !ok {
		return
	}
	s.isOther(of)
	s.tell(of)
}

// refreshFailed hears that what is shown could not be refreshed: where that says something
// of the connection, the session is told.
func (s *Service) refreshFailed(_ string, err error) {
	switch webapi.KindOf(err) {
	case webapi.Unreachable, webapi.RateLimited, webapi.Quota, webapi.Server, webapi.SignIn, webapi.TokenRefused, webapi.TokenTrouble,
		webapi.OwnerNeedsPremium, webapi.NotOnList:
		s.say(session.NewsConnection{Err: s.fault("refresh what is shown", err)})
	case webapi.Offline, webapi.NeedsPremium, webapi.Scope, webapi.Forbidden, webapi.NoDevice, webapi.DeviceGone, webapi.NotNow,
		webapi.NotFound, webapi.Invalid, webapi.Strange, webapi.Cancelled:
	}
}

// placeOf is what a question to the Web API is shown as.
func (s *Service) placeOf(path string) (music.Ref, bool) {
	path, _, _ = strings.Cut(path, "?")
	for prefix, id := range map[string]string{
		"/me/tracks": music.SectionStarred, "/me/albums": music.SectionAlbums, "/me/shows": sectionShows, "/me/episodes": sectionEpisodes,
		"/me/following": music.SectionArtists, "/me/playlists": music.SectionPlaylists, "/me/player/recently-played": music.SectionPlayed,
		"/me/player/queue": sectionQueue, "/me/top": music.SectionToplist, "/search": music.SectionSearch,
	} {
		if path == prefix || strings.HasPrefix(path, prefix+"/") {
			return s.section(id), true
		}
	}
	words := strings.Split(path, "/") // "", kind, id, …
	if len(words) < 3 {
		return music.Ref{}, false
	}
	kind, ok := map[string]music.Kind{"albums": music.KindAlbum, "artists": music.KindArtist, "playlists": music.KindPlaylist, "shows": kindShow, "tracks": music.KindTrack}[words[1]]
	if !ok {
		return music.Ref{}, false
	}
	return s.ref(kind, words[2]), true
}

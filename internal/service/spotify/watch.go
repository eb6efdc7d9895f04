package spotify

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"segue/internal/music"
	"segue/internal/pause"
	"segue/internal/service/spotify/webapi"
	"segue/session"
)

// pollEvery is how often the playlists are looked at: others change them, and other
// programs of the user's. It is one call, and one more where there are many.
const pollEvery = 5 * time.Minute

// Watch refreshes what is shown, does errands, and tells of playlists that were changed
// elsewhere, until ctx ends. It has goroutines besides, which end with it.
func (s *Service) Watch(ctx context.Context, changed func(music.Ref)) error {
	wake, read := s.errands.begin()
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
	work.Go(func() { s.readLists(ctx, read) })
	work.Go(func() { s.watchChoice(ctx) })
	quiet := webapi.For(ctx, webapi.Background)
	for n := 0; ; {
		n = s.lookAtLists(quiet, n)
		if err := pause.For(ctx, pollEvery); err != nil {
			return err
		}
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

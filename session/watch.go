package session

import (
	"context"
	"maps"
	"slices"
	"time"

	"segue/internal/music"
)

// watching is one watch at work, or waiting to be begun again.
type watching struct {
	stop  context.CancelFunc
	timer *time.Timer
}

// watch listens to the changes that others make in an account, until the account
// or the session ends. A watch that breaks is told of once and begun again later.
func (s *Session) watch(a *account, delay time.Duration) {
	if a.watcher == nil || s.ending || a.watching != nil || s.cutOff(a) || a.authenticator != nil && !a.in {
		return
	}
	w := &watching{}
	a.watching = w
	w.stop = call(s, where{key: "watch " + string(a.id)}, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, a.watcher.Watch(ctx, func(of music.Ref) {
			s.post(func() {
				if a.watching == w {
					s.changed(a, of)
				}
			})
		})
	}, func(_ struct{}, err error) {
		f := faultOf(err, a.id, "watch for changes")
		if f == nil || f.Kind == Cancelled || s.ending || a.watching != w {
			return
		}
		if delay == retryFirst && a.state == ConnLoggedIn {
			s.notice(Warning, f.Error(), f)
		}
		s.later(&w.timer, delay, func() {
			if a.watching == w {
				a.watching = nil
				s.watch(a, min(2*delay, retryMost))
			}
		})
	})
}

// unwatch ends the watch of an account.
func (s *Session) unwatch(a *account) {
	w := a.watching
	if w == nil {
		return
	}
	a.watching = nil
	w.stop()
	if w.timer != nil {
		w.timer.Stop()
	}
}

// changed tells that a container or track is no longer as it was.
func (s *Session) changed(a *account, of music.Ref) {
	if s.ending {
		return
	}
	s.emit(ContainerChanged{Of: of})
	if of.Kind == music.KindPlaylist || of == music.Section(a.id, music.SectionPlaylists) {
		s.emit(PlaylistChanged{Playlist: of})
	}
	if of.IsTrack() {
		s.refreshSoon(of)
	}
	if of.IsZero() {
		s.refreshCurrent()
	}
	if of.IsZero() || of == music.Section(a.id, music.SectionRoot) {
		s.later(&a.look, rootDelay, func() { s.askRoot(a) })
	}
}

// Changes of tracks are gathered that long; of more than so many nobody is told
// one by one.
const (
	gatherFor  = 200 * time.Millisecond
	gatherMost = 1000
)

// refreshSoon gathers changed tracks, so that a service that names a thousand of
// them is asked once.
func (s *Session) refreshSoon(ref music.Ref) {
	s.stale[ref] = struct{}{}
	if len(s.stale) > 1 {
		return
	}
	time.AfterFunc(gatherFor, func() {
		s.post(func() {
			refs := slices.Collect(maps.Keys(s.stale))
			clear(s.stale)
			if s.ending {
				return
			}
			if len(refs) > gatherMost {
				s.emit(ContainerChanged{})
				s.refreshCurrent()
				return
			}
			s.refreshTracks(refs)
		})
	})
}

// refreshTracks tells how tracks are now.
func (s *Session) refreshTracks(refs []music.Ref) {
	if len(refs) == 0 {
		return
	}
	from := s.sources()
	call(s, forAccount(refs[0].Account), func(ctx context.Context) ([]music.Track, error) {
		return from.tracks(ctx, refs)
	}, func(all []music.Track, err error) {
		if err != nil || s.ending {
			return // nothing was learnt, and nobody asked
		}
		for _, t := range all {
			s.learn(t)
		}
		s.emit(TracksChanged{Tracks: all})
	})
}

// learn keeps the current track as it is now.
func (s *Session) learn(t music.Track) {
	if p := &s.play; p.cur != nil && p.track.Ref == t.Ref {
		p.track = t
		s.playbackDirty = true
	}
}

func (s *Session) refreshCurrent() {
	if ref := s.play.track.Ref; !ref.IsZero() {
		s.refreshTracks([]music.Ref{ref})
	}
}

// describeRestored fetches the details of a track that is shown, but not loaded.
func (s *Session) describeRestored() {
	e := s.play.cur
	if e == nil || !s.play.lazy {
		return
	}
	from := s.sources()
	call(s, forAccount(e.ref.Account), func(ctx context.Context) ([]music.Track, error) {
		return from.tracks(ctx, []music.Ref{e.ref})
	}, func(all []music.Track, _ error) {
		if len(all) == 1 && s.play.cur == e { // an account that is away leaves a title to show
			s.play.track = all[0]
			s.playbackDirty = true
		}
	})
}

package subsonic

import (
	"context"
	"maps"
	"sync"
	"time"

	"segue/internal/music"
)

const (
	// pollEvery is how often the playlists are looked at: others change them, too. It is
	// one small call.
	pollEvery = 3 * time.Minute
	// pingEvery is how often the server is asked whether it is there, while it plays.
	pingEvery = 10 * time.Second
)

// Watch sends what waits for the server, fetches offline copies and tells of playlists that
// were changed elsewhere, until ctx ends.
func (s *Service) Watch(ctx context.Context, changed func(music.Ref)) error {
	s.mu.Lock()
	s.changed, s.looked = changed, time.Time{}
	s.mu.Unlock()
	var fetching sync.WaitGroup
	defer fetching.Wait()
	fetch := make(chan struct{}, 1)
	fetching.Go(func() {
		for range fetch {
			s.syncCopies(ctx)
		}
	})
	defer close(fetch)
	var have map[music.Ref]listMark
	was := s.isAway()
	for {
		if !s.srv.Credential().IsZero() {
			if err := s.sendDue(ctx); err != nil && ctx.Err() == nil {
				s.note("%s: what waits for the server cannot be sent: %v", s.id, err)
			}
			if s.looks() {
				have = s.compareLists(ctx, have, changed)
				select {
				case fetch <- struct{}{}:
				default: // it is at work, and looks again when it is done
				}
			}
		}
		away := s.isAway()
		if was && !away {
			changed(music.Ref{}) // what is shown may be old
		}
		was = away
		if err := s.sleep(ctx); err != nil {
			return err
		}
	}
}

// sleep waits until there is something to do. While something plays the server is asked
// now and then whether it is there; what comes of it the session is told.
func (s *Service) sleep(ctx context.Context) error {
	for {
		playing := s.playing.Load() > 0
		wait := pollEvery
		if playing {
			wait = pingEvery
		}
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			t.Stop()
			return ctx.Err()
		case <-s.begun:
			t.Stop()
			continue
		case <-s.wake:
			t.Stop()
			return nil
		case <-t.C:
		}
		if !playing {
			return nil
		}
		if s.thoughtAway() == nil {
			_ = s.greet(ctx) // what came of it was told
		}
		if s.sinceLooked() >= pollEvery {
			return nil
		}
	}
}

func (s *Service) sinceLooked() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cfg.Now().Sub(s.looked)
}

// looks reports whether the server's lists are to be looked at again, and takes note of it.
func (s *Service) looks() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cfg.Now()
	if now.Sub(s.looked) < pollEvery {
		return false
	}
	s.looked = now
	return true
}

// lookAgain has Watch look at the lists at once.
func (s *Service) lookAgain() {
	s.mu.Lock()
	s.looked = time.Time{}
	s.mu.Unlock()
	s.wakeUp()
}

func (s *Service) isAway() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.wasAway || s.blocked
}

// listMark is by what a playlist is known to have changed.
type listMark struct {
	name    string
	tracks  int
	length  time.Duration
	changed time.Time
	public  bool
	comment string
}

// compareLists tells which playlists are not as they were, and gives them as they are.
func (s *Service) compareLists(ctx context.Context, have map[music.Ref]listMark, changed func(music.Ref)) map[music.Ref]listMark {
	if s.thoughtAway() != nil {
		return have
	}
	s.outdated()
	l := &look{Service: s}
	all, err := l.playlists(ctx)
	if err != nil || l.why != nil {
		return have
	}
	now := make(map[music.Ref]listMark, len(all))
	for _, p := range all {
		now[p.Ref] = listMark{p.Name, p.Tracks, p.Duration, p.Changed, p.Public, p.Description}
	}
	if have == nil || maps.Equal(have, now) {
		return now
	}
	for r, m := range now {
		if have[r] != m {
			changed(r)
		}
	}
	changed(s.section(music.SectionPlaylists))
	return now
}

package subsonic

import (
	"context"
	"maps"
	"time"

	"segue/internal/music"
)

// look again at the playlists so often: others change them, too. It is one small call.
const pollEvery = 3 * time.Minute

// Watch sends what waits for the server, fetches offline copies and tells of playlists that
// were changed elsewhere, until ctx ends.
func (s *Service) Watch(ctx context.Context, changed func(music.Ref)) error {
	s.mu.Lock()
	s.changed = changed
	s.mu.Unlock()
	t := time.NewTicker(pollEvery)
	defer t.Stop()
	var have map[music.Ref]listMark
	was := s.isAway()
	for {
		if !s.srv.Credential().IsZero() {
			if err := s.sendDue(ctx); err != nil && ctx.Err() == nil {
				s.note("%s: what waits for the server cannot be sent: %v", s.id, err)
			}
			have = s.compareLists(ctx, have, changed)
			s.syncCopies(ctx)
		}
		if away := s.isAway(); was && !away {
			changed(music.Ref{}) // what is shown may be old
			was = away
		} else {
			was = away
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.wake:
		case <-t.C:
		}
	}
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

package subsonic

import (
	"context"

	"segue/internal/music"
	"segue/internal/service/store"
	"segue/internal/service/subsonic/stream"
)

// heldMost is how many tracks that were fetched before they are needed are held, so that
// they are there even where nothing is kept.
const heldMost = 2

// Prefetch fetches a track whole, so that it plays without the server a moment later.
func (s *Service) Prefetch(ctx context.Context, t music.Ref, q music.Quality) error {
	if t.Account != s.id || t.Kind != music.KindTrack || s.thoughtAway() != nil {
		return nil
	}
	x := s.known(ctx, t.ID)
	if db, err := s.store(ctx); err == nil {
		if c, ok := db.CopyOf(ctx, t.ID); ok && c.State == store.CopyDone {
			return nil
		}
	}
	r, err := s.lib.Fetch(ctx, s.want(t.ID, x, q, false))
	if err != nil {
		return s.streamFault("fetch the next track", err)
	}
	s.hold(r)
	return nil
}

// hold keeps a track at hand in place of the one that was fetched longest ago.
func (s *Service) hold(r *stream.Reader) {
	s.mu.Lock()
	s.ahead = append(s.ahead, r)
	var old []*stream.Reader
	if n := len(s.ahead) - heldMost; n > 0 {
		old = append(old, s.ahead[:n]...)
		s.ahead = append([]*stream.Reader(nil), s.ahead[n:]...)
	}
	s.mu.Unlock()
	for _, r := range old {
		_ = r.Close() // it has been used, or will not be
	}
}

// dropHeld lets go of all of them.
func (s *Service) dropHeld() {
	s.mu.Lock()
	old := s.ahead
	s.ahead = nil
	s.mu.Unlock()
	for _, r := range old {
		_ = r.Close() // nobody needs it
	}
}

package subsonic

import (
	"context"

	"segue/internal/music"
	"segue/internal/service/subsonic/stream"
)

// prefetched is a track that was fetched before it is needed. It is held until the next
// one is, so that it is there even where nothing is kept.
type prefetched struct{ r *stream.Reader }

// Prefetch fetches a track whole, so that it plays without the server a moment later.
func (s *Service) Prefetch(ctx context.Context, t music.Ref, q music.Quality) error {
	if t.Account != s.id || t.Kind != music.KindTrack || s.thoughtAway() != nil {
		return nil
	}
	x := s.known(ctx, t.ID)
	if db, err := s.store(ctx); err == nil {
		if c, ok := db.CopyOf(ctx, t.ID); ok && c.State == "done" {
			return nil
		}
	}
	r, err := s.lib.Fetch(ctx, s.want(t.ID, x, q, false))
	if err != nil {
		return s.streamFault("fetch the next track", err)
	}
	s.dropPrefetched(&prefetched{r})
	return nil
}

// dropPrefetched holds another track, or none, in place of the one that is held.
func (s *Service) dropPrefetched(next *prefetched) {
	s.mu.Lock()
	was := s.ahead
	s.ahead = next
	s.mu.Unlock()
	if was != nil {
		_ = was.r.Close() // it has been used, or will not be
	}
}

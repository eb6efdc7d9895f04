package app

import (
	"context"

	"segue/internal/music"
	"segue/session"
)

// Examine lets an account's service look for what keeps it from working; nil where the
// service has nothing to say of itself.
func (h *House) Examine(ctx context.Context, id music.AccountID) []session.Finding {
	s, ok := h.made.get(id)
	if !ok {
		return nil
	}
	e, ok := s.(session.Examiner)
	if !ok {
		return nil
	}
	return e.Examine(ctx)
}

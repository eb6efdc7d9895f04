// Package pause waits, and stops waiting when the caller gives up. It has no goroutines.
package pause

import (
	"context"
	"time"
)

// For waits d. It returns early with ctx's error when ctx ends before.
func For(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

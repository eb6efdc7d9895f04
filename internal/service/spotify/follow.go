package spotify

import (
	"context"
	"sync"

	"segue/internal/service/spotify/webapi"
)

// followed reads the artists whom the user follows. Spotify gives them one page after the
// other, by the name of the last artist: to come to a page is to have read those before,
// which come from disk the next time. One reader reads a page once.
func (s *Service) followed() func(ctx context.Context, w webapi.Window) (part, error) {
	var mu sync.Mutex
	after := map[int]string{0: ""} // where a page begins, by its offset
	return func(ctx context.Context, w webapi.Window) (part, error) {
		at := w.Offset - w.Offset%mostSaved
		mu.Lock()
		for after[at] == "" && at > 0 {
			at -= mostSaved
		}
		name := after[at]
		mu.Unlock()
		for {
			c, err := s.api.Following(ctx, name, mostSaved)
			if err != nil {
				return part{total: -1, next: -1}, err
			}
			p := part{total: c.Total, next: -1}
			if c.Next != "" {
				p.next = at + mostSaved
				mu.Lock()
				after[p.next] = c.Next
				mu.Unlock()
			}
			if at >= w.Offset || c.Next == "" {
				for _, a := range c.Items {
					if a.ID != "" && at >= w.Offset {
						p.items = append(p.items, s.artist(a))
					}
				}
				return p, nil
			}
			name, at = c.Next, p.next
		}
	}
}

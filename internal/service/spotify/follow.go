package spotify

import (
	"context"

	"segue/internal/service/spotify/webapi"
)

// followed is a page of the artists whom the user follows. Spotify gives them one after
// the other, by the name of the last: to come to a page is to have read those before,
// which come from disk the next time.
func (s *Service) followed(ctx context.Context, w webapi.Window) (part, error) {
	after, at := "", 0
	for {
		c, err := s.api.Following(ctx, after, mostSaved)
		if err != nil {
			return part{total: -1, next: -1}, err
		}
		if at >= w.Offset || c.Next == "" {
			p := part{total: c.Total, next: -1}
			if at < w.Offset {
				return p, nil
			}
			for _, a := range c.Items {
				if a.ID != "" {
					p.items = append(p.items, s.artist(a))
				}
			}
			if c.Next != "" {
				p.next = at + mostSaved
			}
			return p, nil
		}
		after, at = c.Next, at+mostSaved
	}
}

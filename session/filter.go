package session

import (
	"context"
	"time"

	"segue/internal/music"
	"segue/internal/query"
)

// filtered gives the entries whose tracks match the filter, with their details.
func (s sources) filtered(ctx context.Context, filter string) ([]*entry, []music.Track, error) {
	q, err := query.Parse(filter)
	if err != nil {
		return nil, nil, &Fault{Kind: InvalidArgument, Op: "filter the queue", Err: err}
	}
	now := time.Now()
	list, found := []*entry{}, []music.Track{}
	for begin := 0; begin < len(s.queue); begin += tracksAtOnce {
		part := s.queue[begin:min(begin+tracksAtOnce, len(s.queue))]
		all, err := s.tracks(ctx, refsOf(part))
		if ctx.Err() != nil {
			return nil, nil, err // nobody waits for it any more
		}
		for i, t := range all {
			if q.MatchAt(t, now) {
				list, found = append(list, part[i]), append(found, t)
			}
		}
	}
	return list, found, nil
}

package session

import (
	"context"
	"strings"

	"segue/internal/music"
)

// filtered gives the entries whose tracks match, with their details.
func (s sources) filtered(ctx context.Context, filter string) ([]*entry, []music.Track, error) {
	words := strings.Fields(strings.ToLower(filter))
	list, found := []*entry{}, []music.Track{}
	for begin := 0; begin < len(s.queue); begin += tracksAtOnce {
		part := s.queue[begin:min(begin+tracksAtOnce, len(s.queue))]
		all, err := s.tracks(ctx, refsOf(part))
		if ctx.Err() != nil {
			return nil, nil, err
		}
		for i, t := range all {
			if matches(t, words) {
				list, found = append(list, part[i]), append(found, t)
			}
		}
	}
	return list, found, nil
}

func matches(t music.Track, words []string) bool {
	text := strings.ToLower(t.Title + " " + t.Artist() + " " + t.Album)
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

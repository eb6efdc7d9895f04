package session

import (
	"context"
	"slices"

	"segue/internal/music"
)

// lend fills in the rows of a page that are files on disk, such as those that a playlist
// at Spotify names by their words: the account local knows whether there is one, and what
// it is. Rows that other services name are theirs to describe.
func (s sources) lend(ctx context.Context, a *account, p music.Page) music.Page {
	if a.id == music.Local || s.services[music.Local] == nil {
		return p
	}
	var refs []music.Ref
	var places []int
	for i, it := range p.Items {
		if t, ok := it.(music.Track); ok && t.Ref.Account == music.Local && t.Ref.Kind == music.KindTrack {
			refs, places = append(refs, t.Ref), append(places, i)
		}
	}
	if len(refs) == 0 {
		return p
	}
	all, err := s.tracks(ctx, refs)
	if err != nil {
		return p // they stay as they were named
	}
	p.Items = slices.Clone(p.Items) // the service may keep its own
	for i, t := range all {
		if named, ok := p.Items[places[i]].(music.Track); ok && !named.Added.IsZero() {
			t.Added = named.Added
		}
		p.Items[places[i]] = t
	}
	return p
}

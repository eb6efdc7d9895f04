package webapi

import (
	"context"
	"net/http"
	"net/url"
	"slices"
)

// both asks for episodes too, which otherwise come as tracks that cannot be played.
func both() url.Values { return url.Values{"additional_types": {"track,episode"}} }

// MyPlaylists are the playlists that the user made or follows; 50 at once.
func (c *Client) MyPlaylists(ctx context.Context, w Window) (Page[Playlist], error) {
	return fetch(ctx, c, list[Playlist]{name: "/me/playlists", path: "/me/playlists", most: 50, of: playlistOf}, w)
}

// Playlist is one playlist; its first items too where they may be listed.
func (c *Client) Playlist(ctx context.Context, id string) (Playlist, error) {
	n, err := c.get(ctx, question{name: "/playlists/{id}", path: "/playlists/" + segment(id), query: both()})
	if err != nil {
		return Playlist{Total: -1, Items: none[PlaylistItem]()}, err
	}
	return playlistOf(n), nil
}

// PlaylistItems are the items of a playlist; 50 at once. A playlist that the user neither
// owns nor edits with others is an Error of kind Forbidden.
func (c *Client) PlaylistItems(ctx context.Context, id string, w Window) (Page[PlaylistItem], error) {
	l := part("playlists", id, "items", 50, playlistItemOf)
	l.query, l.keepNull = both(), true
	return fetch(ctx, c, l, w)
}

// NewPlaylist is what a playlist begins as.
type NewPlaylist struct {
	Name          string `json:"name"`
	Description   string `json:"description,omitempty"`
	Public        bool   `json:"public"`
	Collaborative bool   `json:"collaborative,omitempty"`
}

// CreatePlaylist makes an empty playlist of the user's own.
func (c *Client) CreatePlaylist(ctx context.Context, p NewPlaylist) (Playlist, error) {
	n, err := c.tell(ctx, http.MethodPost, "/me/playlists", "/me/playlists", nil, p, "/me/playlists")
	if err != nil {
		return Playlist{}, err
	}
	made := playlistOf(n)
	if made.ID == "" {
		return made, strange("a new playlist without an id")
	}
	return made, nil
}

// PlaylistChange is what changes; what is nil stays.
type PlaylistChange struct {
	Name          *string `json:"name,omitempty"`
	Description   *string `json:"description,omitempty"`
	Public        *bool   `json:"public,omitempty"`
	Collaborative *bool   `json:"collaborative,omitempty"`
}

// ChangePlaylist changes what a playlist is called and who sees it.
func (c *Client) ChangePlaylist(ctx context.Context, id string, ch PlaylistChange) error {
	path := "/playlists/" + segment(id)
	_, err := c.tell(ctx, http.MethodPut, "/playlists/{id}", path, nil, ch, path, "/me/playlists")
	return err
}

// mostItems is how many items one call about a playlist takes.
const mostItems = 100

// changeItems makes one call about the items of a playlist and gives the new snapshot.
func (c *Client) changeItems(ctx context.Context, method, id string, body any) (snapshot string, err error) {
	path := "/playlists/" + segment(id)
	n, err := c.tell(ctx, method, "/playlists/{id}/items", path+"/items", nil, body, path, "/me/playlists")
	return n.get("snapshot_id").id(), err
}

// AddItems puts tracks and episodes into a playlist, by URI, any number, before the one
// at a position; -1 = at the end. It gives the last snapshot; where it fails half way,
// those before stay.
func (c *Client) AddItems(ctx context.Context, id string, uris []string, at int) (snapshot string, err error) {
	type add struct {
		URIs     []string `json:"uris"`
		Position *int     `json:"position,omitempty"`
	}
	for part := range slices.Chunk(uris, mostItems) {
		body := add{URIs: part}
		if at >= 0 {
			body.Position = new(at)
			at += len(part)
		}
		if snapshot, err = c.changeItems(ctx, http.MethodPost, id, body); err != nil {
			return snapshot, err
		}
	}
	return snapshot, nil
}

// RemoveItems takes out every item with one of these URIs. snapshot says of which state
// of the playlist; "" = of the last.
func (c *Client) RemoveItems(ctx context.Context, id string, uris []string, snapshot string) (string, error) {
	type item struct {
		URI string `json:"uri"`
	}
	type remove struct {
		Items    []item `json:"items"`
		Snapshot string `json:"snapshot_id,omitempty"`
	}
	for part := range slices.Chunk(uris, mostItems) {
		body := remove{Snapshot: snapshot}
		for _, u := range part {
			body.Items = append(body.Items, item{u})
		}
		now, err := c.changeItems(ctx, http.MethodDelete, id, body)
		if err != nil {
			return now, err
		}
		snapshot = now
	}
	return snapshot, nil
}

// Move says which items go where: Length of them (0 = one) from Start, before the one
// that is at Before now.
type Move struct {
	Start    int    `json:"range_start"`
	Length   int    `json:"range_length,omitempty"`
	Before   int    `json:"insert_before"`
	Snapshot string `json:"snapshot_id,omitempty"` // of which state of the playlist; "" = of the last
}

// MoveItems moves a run of items within a playlist.
func (c *Client) MoveItems(ctx context.Context, id string, m Move) (snapshot string, err error) {
	return c.changeItems(once(ctx), http.MethodPut, id, m)
}

// ReplaceItems makes these URIs, any number, the whole playlist. Where it fails half way,
// the playlist has the first of them.
func (c *Client) ReplaceItems(ctx context.Context, id string, uris []string) (snapshot string, err error) {
	type replace struct {
		URIs []string `json:"uris"`
	}
	first := uris[:min(len(uris), mostItems)]
	snapshot, err = c.changeItems(ctx, http.MethodPut, id, replace{append([]string{}, first...)})
	if err != nil || len(first) == len(uris) {
		return snapshot, err
	}
	return c.AddItems(ctx, id, uris[len(first):], -1)
}

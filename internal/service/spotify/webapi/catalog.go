package webapi

import (
	"context"
	"net/url"
	"strconv"
	"strings"
)

// one asks for one thing.
func one[T any](ctx context.Context, c *Client, kind, id string, of func(node) T) (T, error) {
	n, err := c.get(ctx, question{name: "/" + kind + "/{id}", path: "/" + kind + "/" + segment(id)})
	if err != nil {
		var none T
		return none, err
	}
	return of(n), nil
}

// Track is one track. The id is the last part of a URI, here and everywhere.
func (c *Client) Track(ctx context.Context, id string) (Track, error) {
	return one(ctx, c, "tracks", id, trackOf)
}

// Album is one album with its first tracks.
func (c *Client) Album(ctx context.Context, id string) (Album, error) {
	return one(ctx, c, "albums", id, albumOf)
}

// Artist is one artist.
func (c *Client) Artist(ctx context.Context, id string) (Artist, error) {
	return one(ctx, c, "artists", id, artistOf)
}

// Show is one show with its first episodes.
func (c *Client) Show(ctx context.Context, id string) (Show, error) {
	return one(ctx, c, "shows", id, showOf)
}

// Episode is one episode.
func (c *Client) Episode(ctx context.Context, id string) (Episode, error) {
	return one(ctx, c, "episodes", id, episodeOf)
}

// part is a list that belongs to one thing.
func part[T any](kind, id, what string, most int, of func(node) T) list[T] {
	return list[T]{name: "/" + kind + "/{id}/" + what, path: "/" + kind + "/" + segment(id) + "/" + what, most: most, of: of}
}

// AlbumTracks are the tracks of an album, without the album; 50 at once.
func (c *Client) AlbumTracks(ctx context.Context, id string, w Window) (Page[Track], error) {
	return fetch(ctx, c, part("albums", id, "tracks", 50, trackOf), w)
}

// ShowEpisodes are the episodes of a show, newest first, without the show; 50 at once.
func (c *Client) ShowEpisodes(ctx context.Context, id string, w Window) (Page[Episode], error) {
	return fetch(ctx, c, part("shows", id, "episodes", 50, episodeOf), w)
}

// mostFound is how many rows of a search, and of an artist's albums, come at once, and
// lastFound the last offset that may be asked for.
const (
	mostFound = 10
	lastFound = 1000
)

// ArtistAlbums are an artist's releases; 10 at once. groups are of "album", "single",
// "appears_on" and "compilation"; none = all.
func (c *Client) ArtistAlbums(ctx context.Context, id string, groups []string, w Window) (Page[Album], error) {
	l := part("artists", id, "albums", mostFound, albumOf)
	if len(groups) > 0 {
		l.query = url.Values{"include_groups": {strings.Join(groups, ",")}}
	}
	return fetch(ctx, c, l, w)
}

// The types that a search may be for.
const (
	FindTracks    = "track"
	FindArtists   = "artist"
	FindAlbums    = "album"
	FindPlaylists = "playlist"
	FindShows     = "show"
	FindEpisodes  = "episode"
)

// Search looks for words among things of these types (Find…); none = tracks, artists,
// albums and playlists. 10 of each at once, up to offset 1000: what lies behind it is not
// given, and the pages end there.
func (c *Client) Search(ctx context.Context, words string, types []string, w Window) (Found, error) {
	none := Found{none[Track](), none[Artist](), none[Album](), none[Playlist](), none[Show](), none[Episode]()}
	if strings.TrimSpace(words) == "" || w.Offset > lastFound {
		return none, nil
	}
	if len(types) == 0 {
		types = []string{FindTracks, FindArtists, FindAlbums, FindPlaylists}
	}
	w = w.within(mostFound)
	q := url.Values{
		"q": {words}, "type": {strings.Join(types, ",")}, "limit": {strconv.Itoa(w.Limit)}, "offset": {strconv.Itoa(w.Offset)},
	}
	n, err := c.get(ctx, question{name: "/search", path: "/search", query: q})
	if err != nil {
		return none, err
	}
	return Found{
		found(n.get("tracks"), w, trackOf), found(n.get("artists"), w, artistOf), found(n.get("albums"), w, albumOf),
		found(n.get("playlists"), w, playlistOf), found(n.get("shows"), w, showOf), found(n.get("episodes"), w, episodeOf),
	}, nil
}

// found is one page of what a search found.
func found[T any](n node, w Window, of func(node) T) Page[T] {
	if !n.object() {
		return none[T]()
	}
	p := pageOf(n, w, of, false)
	if p.Next > lastFound {
		p.Next = -1
	}
	return p
}

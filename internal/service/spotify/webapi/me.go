package webapi

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Me is the user who signed in.
func (c *Client) Me(ctx context.Context) (User, error) {
	n, err := c.get(ctx, question{name: "/me", path: "/me"})
	if err != nil {
		return User{}, err
	}
	u := userOf(n)
	if u.ID == "" {
		return User{}, strange("a user without an id")
	}
	return u, nil
}

// mostSaved is how many rows of the library come at once.
const mostSaved = 50

func saved[T any](path, key string, of func(node) T) list[Saved[T]] {
	return list[Saved[T]]{name: path, path: path, most: mostSaved, of: savedOf(key, of)}
}

// SavedTracks are the tracks of the library, last saved first; 50 at once.
func (c *Client) SavedTracks(ctx context.Context, w Window) (Page[Saved[Track]], error) {
	return fetch(ctx, c, saved("/me/tracks", "track", trackOf), w)
}

// SavedAlbums are the albums of the library; 50 at once.
func (c *Client) SavedAlbums(ctx context.Context, w Window) (Page[Saved[Album]], error) {
	return fetch(ctx, c, saved("/me/albums", "album", albumOf), w)
}

// SavedShows are the shows of the library; 50 at once.
func (c *Client) SavedShows(ctx context.Context, w Window) (Page[Saved[Show]], error) {
	return fetch(ctx, c, saved("/me/shows", "show", showOf), w)
}

// SavedEpisodes are the episodes of the library; 50 at once.
func (c *Client) SavedEpisodes(ctx context.Context, w Window) (Page[Saved[Episode]], error) {
	return fetch(ctx, c, saved("/me/episodes", "episode", episodeOf), w)
}

// Following are the artists whom the user follows: up to 50 (limit; 0 = 50), from where
// the Next of the page before says, at first "".
func (c *Client) Following(ctx context.Context, after string, limit int) (Cursor[Artist], error) {
	q := url.Values{"type": {"artist"}, "limit": {strconv.Itoa(Window{Limit: limit}.within(mostSaved).Limit)}}
	if after != "" {
		q.Set("after", after)
	}
	n, err := c.get(ctx, question{name: "/me/following", path: "/me/following", query: q, page: true, in: "artists"})
	if err != nil {
		return Cursor[Artist]{Total: -1}, err
	}
	n = n.get("artists")
	p := Cursor[Artist]{Items: each(n.get("items"), artistOf), Total: n.get("total").count(-1)}
	if len(p.Items) > 0 && p.Items[len(p.Items)-1].ID != after {
		p.Next = n.get("cursors").get("after").id()
	}
	return p, nil
}

// AllFollowing goes through all artists whom the user follows.
func (c *Client) AllFollowing(ctx context.Context) iter.Seq2[Artist, error] {
	return func(yield func(Artist, error) bool) {
		seen := map[string]bool{}
		for after := ""; !seen[after]; {
			seen[after] = true
			p, err := c.Following(ctx, after, 0)
			if err != nil {
				yield(Artist{}, err)
				return
			}
			for _, a := range p.Items {
				if !yield(a, nil) {
					return
				}
			}
			if after = p.Next; after == "" {
				return
			}
		}
	}
}

// TimeRange is over how long the top lists are made.
type TimeRange string

// The ranges.
const (
	ShortTerm  TimeRange = "short_term"  // about four weeks
	MediumTerm TimeRange = "medium_term" // about six months
	LongTerm   TimeRange = "long_term"   // about a year
)

func top[T any](what string, r TimeRange, of func(node) T) list[T] {
	path := "/me/top/" + what
	return list[T]{name: path, path: path, query: url.Values{"time_range": {string(r)}}, most: mostSaved, of: of}
}

// TopTracks are what the user played most; 50 at once.
func (c *Client) TopTracks(ctx context.Context, r TimeRange, w Window) (Page[Track], error) {
	return fetch(ctx, c, top("tracks", r, trackOf), w)
}

// TopArtists are whom the user played most; 50 at once.
func (c *Client) TopArtists(ctx context.Context, r TimeRange, w Window) (Page[Artist], error) {
	return fetch(ctx, c, top("artists", r, artistOf), w)
}

// mostLibrary is how many URIs one call about the library takes.
const mostLibrary = 40

// library are the paths whose answers change with the library.
func library() []string {
	return []string{"/me/tracks", "/me/albums", "/me/shows", "/me/episodes", "/me/following", "/me/playlists", "/me/library"}
}

// Save puts tracks, albums, shows, episodes, playlists and users into the library (which
// follows the last two), by URI, any number.
func (c *Client) Save(ctx context.Context, uris ...string) error {
	return c.changeLibrary(ctx, http.MethodPut, uris)
}

// Unsave takes them out again.
func (c *Client) Unsave(ctx context.Context, uris ...string) error {
	return c.changeLibrary(ctx, http.MethodDelete, uris)
}

func (c *Client) changeLibrary(ctx context.Context, method string, uris []string) error {
	for part := range slices.Chunk(uris, mostLibrary) {
		q := url.Values{"uris": {strings.Join(part, ",")}}
		if _, err := c.tell(ctx, method, "/me/library", "/me/library", q, nil, library()...); err != nil {
			return err
		}
	}
	return nil
}

// Contains says of each URI whether it is in the library, artists too (followed).
func (c *Client) Contains(ctx context.Context, uris ...string) ([]bool, error) {
	all := make([]bool, 0, len(uris))
	for part := range slices.Chunk(uris, mostLibrary) {
		q := url.Values{"uris": {strings.Join(part, ",")}}
		n, err := c.get(ctx, question{name: "/me/library/contains", path: "/me/library/contains", query: q, list: true})
		if err != nil {
			return nil, err
		}
		said := n.list()
		if len(said) != len(part) {
			return nil, strange("as many answers as it was not asked for")
		}
		for _, s := range said {
			all = append(all, s.flag(false))
		}
	}
	return all, nil
}

// Recent is what was played last, newest first: up to 50 (limit; 0 = 50) that were played
// before a moment; zero = now. Where there is more, Next is not empty: ask again with the At of the last. Music only.
func (c *Client) Recent(ctx context.Context, before time.Time, limit int) (Cursor[Play], error) {
	q := url.Values{"limit": {strconv.Itoa(Window{Limit: limit}.within(mostSaved).Limit)}}
	if !before.IsZero() {
		q.Set("before", strconv.FormatInt(before.UnixMilli(), 10))
	}
	path := "/me/player/recently-played"
	n, err := c.get(ctx, question{name: path, path: path, query: q, page: true})
	if err != nil {
		return Cursor[Play]{Total: -1}, err
	}
	return Cursor[Play]{
		Items: each(n.get("items"), playOf), Total: n.get("total").count(-1),
		Next: n.get("cursors").get("before").id(),
	}, nil
}

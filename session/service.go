package session

import (
	"context"

	"segue/internal/music"
	"segue/player"
)

// Service is what every source of music can do. Its methods are called from
// session workers, several at a time, and must honour the context.
type Service interface {
	// Children answers with a window of a container's rows. An unknown container is a
	// Fault of kind InvalidArgument; one that is gone, NoSuchUser for users, else OtherPermanent.
	Children(ctx context.Context, ask music.Ask) (music.Page, error)
	// Refs lists every track at or below ask.Of in playing order, filtered and
	// sorted like Children but without window. A track's Refs is itself.
	Refs(ctx context.Context, ask music.Ask) ([]music.Ref, error)
	// Tracks gives the details of tracks, one for each ref and in their order. One that is
	// gone comes back with its Ref, a title to show and Unplayable set. Fast (no network
	// where a cache can answer) for some hundred refs.
	Tracks(ctx context.Context, refs []music.Ref) ([]music.Track, error)
	// Open begins to decode a track.
	Open(ctx context.Context, t music.Ref, q music.Quality) (player.Source, error)
}

// What a service may do besides; found once by type assertion when the account is added.
type (
	// Illustrator has covers for tracks, albums, artists and playlists.
	Illustrator interface {
		// Image returns the picture of a thing, at least px pixels wide where there is a
		// choice. No picture: a nil Data and no error.
		Image(ctx context.Context, of music.Ref, px int) (music.Image, error)
	}
	// Lyricist has lyrics. None: no lines and no error.
	Lyricist interface {
		Lyrics(ctx context.Context, t music.Ref) (music.Lyrics, error)
	}
	// Starrer keeps stars.
	Starrer interface {
		Star(ctx context.Context, refs []music.Ref, on bool) error
	}
	// Rater keeps ratings 0 (none) to 5.
	Rater interface {
		Rate(ctx context.Context, refs []music.Ref, stars int) error
	}
	// PlaylistEditor changes playlists. Edit is given the whole new order: small, exact,
	// and the same for do and undo. It fails with Conflict if the playlist no longer
	// holds what Before says.
	PlaylistEditor interface {
		CreatePlaylist(ctx context.Context, name string, tracks []music.Ref) (music.Ref, error)
		EditPlaylist(ctx context.Context, p music.Ref, before, after []music.Ref) error
		RenamePlaylist(ctx context.Context, p music.Ref, name string) (music.Ref, error)
		DeletePlaylist(ctx context.Context, p music.Ref) error
	}
	// LiveEditor makes live playlists: the answer to a query, now and later. One who can
	// is a PlaylistEditor too, and says the query in Page.Query of such a playlist.
	LiveEditor interface {
		CreateLive(ctx context.Context, name, query string) (music.Ref, error)
	}
	// Reporter is told of what was heard: plays are counted there.
	Reporter interface {
		Report(ctx context.Context, h Heard) error
	}
	// Scanner reads its library anew. progress may be called often, from any goroutine.
	Scanner interface {
		Scan(ctx context.Context, paths []string, progress func(done, total int, what string)) error
	}
	// Watcher tells of changes that others make, until ctx ends: the containers and
	// tracks that are no longer as they were (a zero Ref: anything may have changed).
	Watcher interface {
		Watch(ctx context.Context, changed func(music.Ref)) error
	}
	// Resolver makes a track or container of a path, URL or link; ok is false when it is not the service's.
	Resolver interface {
		Resolve(ctx context.Context, text string) (ref music.Ref, ok bool, err error)
	}
)

// Account is a service under a name.
type Account struct {
	ID      music.AccountID
	Service Service
	Kind    string // "local", "subsonic", "spotify": for people; the session never asks
	Server  string // where it is; "" for local
	User    string
}

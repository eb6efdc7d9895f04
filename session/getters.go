package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"segue/internal/music"
)

// What Go callers are told besides what services say; test with errors.Is.
var (
	// ErrLoggedOut: nobody is signed in to the account (libspotify's LOGGED_OUT).
	ErrLoggedOut = errors.New("nobody is signed in")
	// ErrClosed: the session has ended.
	ErrClosed = errors.New("the session has ended")
)

// loadingAgain is when a service that is still loading is asked again.
const loadingAgain = 100 * time.Millisecond

// ask lets a worker of the session do something and waits for the answer, from any
// goroutine. prepare runs on the session's goroutine and captures what the worker
// needs. It ends with ctx, and with the session. Errors are Faults. It waits for Run
// to begin, and does not wait at all for an account whose user is signed out.
func ask[T any](ctx context.Context, s *Session, id music.AccountID, op string, prepare func() (func(context.Context) (T, error), *Fault)) (T, error) {
	reply := make(chan answer[T], 1)
	s.post(func() {
		if ctx.Err() != nil {
			return
		}
		do, f := prepare()
		if f != nil {
			reply <- answer[T]{err: f}
			return
		}
		w := where{key: "getters"}
		if id != "" {
			w = forAccount(id)
		}
		var unhook func() bool
		stop := call(s, w, func(ctx context.Context) (T, error) { return loaded(ctx, do) }, func(v T, err error) {
			if unhook != nil {
				unhook()
			}
			reply <- answer[T]{value: v, err: err}
		})
		unhook = context.AfterFunc(ctx, stop)
	})
	var a answer[T]
	select {
	case a = <-reply:
	case <-ctx.Done():
		a.err = ctx.Err()
	case <-s.ended:
		select {
		case a = <-reply:
		default:
			a.err = &Fault{Kind: OtherPermanent, Err: ErrClosed}
		}
	}
	if f := faultOf(a.err, id, op); f != nil {
		return a.value, f
	}
	return a.value, nil
}

// loaded does until the answer is more than IS_LOADING.
func loaded[T any](ctx context.Context, do func(context.Context) (T, error)) (T, error) {
	for {
		v, err := do(ctx)
		var f *Fault
		if !errors.As(err, &f) || f.Kind != IsLoading {
			return v, err
		}
		t := time.NewTimer(loadingAgain)
		select {
		case <-ctx.Done():
			t.Stop()
			return v, ctx.Err()
		case <-t.C:
		}
	}
}

// ready is an account that may be asked, or why not. It belongs to the session's goroutine.
func (s *Session) ready(id music.AccountID, op string) (*account, *Fault) {
	a := s.account(id)
	switch {
	case a == nil:
		return nil, noAccount(id, op)
	case a.state == ConnLoggedOut:
		return nil, signedOut(id, op)
	}
	return a, nil
}

// askAccount is ask for what one account's service is to do.
func askAccount[T any](ctx context.Context, s *Session, id music.AccountID, op string, do func(context.Context, *account) (T, error)) (T, error) {
	return ask(ctx, s, id, op, func() (func(context.Context) (T, error), *Fault) {
		a, f := s.ready(id, op)
		if f != nil {
			return nil, f
		}
		return func(ctx context.Context) (T, error) { return do(ctx, a) }, nil
	})
}

// getItem loads one thing of a kind.
func getItem[T music.Item](ctx context.Context, s *Session, ref music.Ref, what string) (T, error) {
	op := "open " + music.Clean(ref.String())
	return askAccount(ctx, s, ref.Account, op, func(ctx context.Context, a *account) (T, error) {
		it, err := itemOf(ctx, a, ref)
		v, ok := it.(T)
		if err == nil && !ok {
			err = &Fault{Kind: InvalidArgument, Err: fmt.Errorf("it is no %s", what)}
		}
		return v, err
	})
}

// Track loads a track (get_track and load). It ends with ctx; an account that is
// signed out is an ErrLoggedOut at once, a session that has ended an ErrClosed. Errors
// are Faults. The other getters do the same.
func (s *Session) Track(ctx context.Context, ref music.Ref) (music.Track, error) {
	return getItem[music.Track](ctx, s, ref, "track")
}

// Album loads an album; its tracks are the Page of its Ref.
func (s *Session) Album(ctx context.Context, ref music.Ref) (music.Album, error) {
	return getItem[music.Album](ctx, s, ref, "album")
}

// Artist loads an artist.
func (s *Session) Artist(ctx context.Context, ref music.Ref) (music.Artist, error) {
	return getItem[music.Artist](ctx, s, ref, "artist")
}

// Playlist loads a playlist; its tracks are the Page of its Ref.
func (s *Session) Playlist(ctx context.Context, ref music.Ref) (music.Playlist, error) {
	return getItem[music.Playlist](ctx, s, ref, "playlist")
}

// LocalTrack finds a track of the library by its words (get_local_track): the best
// match, or a placeholder, whose Unplayable says so. Any part may be empty; the length
// is cut to whole seconds, as links hold them.
func (s *Session) LocalTrack(ctx context.Context, t music.LocalTrack) (music.Track, error) {
	return askAccount(ctx, s, music.Local, "look for "+music.Clean(t.Words()), func(ctx context.Context, a *account) (music.Track, error) {
		if a.resolver == nil {
			return music.Track{}, unable(a.id, "")
		}
		ref, ok, err := a.resolver.Resolve(ctx, t.URI())
		if err == nil && !ok {
			err = unable(a.id, "")
		}
		if err != nil {
			return music.Track{}, err
		}
		it, err := itemOf(ctx, a, ref)
		track, _ := it.(music.Track) //nolint:errcheck // the zero Track with the error
		return track, err
	})
}

// Page loads a window of a container's rows, the toplists and the queue among them.
func (s *Session) Page(ctx context.Context, what music.Ask) (music.Page, error) {
	op := "open " + music.Clean(what.Of.ID)
	id := what.Of.Account
	if _, ok := parseToplist(what.Of); ok || what.Of == music.Queue {
		id = ""
	}
	return ask(ctx, s, id, op, func() (func(context.Context) (music.Page, error), *Fault) {
		from := s.sources()
		if id == "" {
			return func(ctx context.Context) (music.Page, error) {
				if what.Of == music.Queue {
					q, err := from.page(ctx, what)
					return q.page, err
				}
				return from.toplist(ctx, what)
			}, nil
		}
		a, f := s.ready(id, op)
		if f != nil {
			return nil, f
		}
		return func(ctx context.Context) (music.Page, error) { return from.overlaid(ctx, a, what) }, nil
	})
}

// User loads a user of an account (get_user); name "" = who is signed in.
func (s *Session) User(ctx context.Context, id music.AccountID, name string) (music.User, error) {
	op := "look up the user " + music.Clean(name)
	return ask(ctx, s, id, op, func() (func(context.Context) (music.User, error), *Fault) {
		a, f := s.ready(id, op)
		if f != nil {
			return nil, f
		}
		user, about := a.user, (*music.User)(nil)
		for _, i := range s.accountInfos() {
			if i.ID == id {
				about = i.About
			}
		}
		return func(ctx context.Context) (music.User, error) {
			switch {
			case a.userTeller != nil:
				return a.userTeller.User(ctx, name)
			case name != "" && name != user:
				return music.User{}, &Fault{Kind: NoSuchUser, Err: errors.New("this account knows its own user only")}
			case about != nil:
				return *about, nil
			}
			return music.User{Name: user}, nil
		}, nil
	})
}

// Image loads the picture of a thing, at least px pixels wide where there is a choice.
// No picture: no Data and no error. Its DataURI is for pages.
func (s *Session) Image(ctx context.Context, of music.Ref, px int) (music.Image, error) {
	return askAccount(ctx, s, of.Account, "load the picture", func(ctx context.Context, a *account) (music.Image, error) {
		if a.illustrator == nil {
			return music.Image{Of: of}, unable(a.id, "")
		}
		im, err := a.illustrator.Image(ctx, of, px)
		im.Of = of
		return im, err
	})
}

// Accounts tells how the accounts are now.
func (s *Session) Accounts(ctx context.Context) ([]AccountInfo, error) {
	return ask(ctx, s, "", "look at the accounts", func() (func(context.Context) ([]AccountInfo, error), *Fault) {
		all := s.accountInfos()
		return func(context.Context) ([]AccountInfo, error) { return all, nil }, nil
	})
}

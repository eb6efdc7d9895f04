package session_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"segue/internal/music"
	"segue/session"
	"segue/session/sessiontest"
)

// keeping is a service that brings deleted playlists back as they were.
type keeping struct {
	*sessiontest.Service
	restored []music.Ref
	why      error
}

func (k *keeping) RestorePlaylist(_ context.Context, p music.Ref) error {
	if k.why != nil {
		return k.why
	}
	k.restored = append(k.restored, p)
	return nil
}

// withKeeping adds the account "far", whose service is k.
func withKeeping(k *keeping) option {
	return func(c *setup) { c.accounts = append(c.accounts, session.Account{ID: k.ID, Service: k}) }
}

func TestADeletedPlaylistIsBroughtBackWhereItsServiceCan(t *testing.T) {
	k := &keeping{Service: sessiontest.NewService("far")}
	inBubble(t, func(r *rig) {
		k.AddAlbum("Songs", time.Minute, "X", "Y")
		list := k.AddPlaylist("Far", k.TrackRef("X"), k.TrackRef("Y"))
		r.do(session.PlaylistDelete{Playlist: list}, session.Undo{})
		if !slices.Equal(k.restored, []music.Ref{list}) || len(k.Lists()) != 0 {
			t.Errorf("restored %v, made %q, told %q", k.restored, k.Lists(), r.notices())
		}
		if got := r.queue().Redo; got != "deleted Far" {
			t.Errorf("redo says %q", got)
		}
	}, withKeeping(k))
}

// following is a service whose playlists are somebody else's.
type following struct{ *keeping }

func (f following) Details(_ context.Context, of music.Ref) (music.Item, error) {
	return music.Playlist{Ref: of, Theirs: true, Followed: true}, nil
}

func TestAPlaylistOfSomebodyElseIsNotDeletedButUnfollowed(t *testing.T) {
	f := following{&keeping{Service: sessiontest.NewService("far")}}
	inBubble(t, func(r *rig) {
		list := f.AddPlaylist("Bob's")
		r.do(session.PlaylistDelete{Playlist: list})
		if got := r.queue().Undo; got != "unfollowed Bob's" {
			t.Errorf("undo says %q", got)
		}
	}, func(c *setup) { c.accounts = append(c.accounts, session.Account{ID: f.ID, Service: f}) })
}

func TestAPlaylistThatIsGoneForGoodIsMadeAnew(t *testing.T) {
	k := &keeping{Service: sessiontest.NewService("far"), why: &session.Fault{Kind: session.OtherPermanent, Err: errors.New("it is gone")}}
	inBubble(t, func(r *rig) {
		k.AddAlbum("Songs", time.Minute, "X", "Y")
		list := k.AddPlaylist("Far", k.TrackRef("X"), k.TrackRef("Y"))
		r.do(session.PlaylistDelete{Playlist: list}, session.Undo{})
		if got := k.Lists(); !slices.Equal(got, []string{"Far"}) {
			t.Errorf("there are %q, told %q", got, r.notices())
		}
	}, withKeeping(k))
}

func TestAPlaylistThatCannotBeBroughtBackNowIsNotMadeTwice(t *testing.T) {
	k := &keeping{Service: sessiontest.NewService("far"), why: &session.Fault{Kind: session.RateLimited, Err: errors.New("too often")}}
	inBubble(t, func(r *rig) {
		list := k.AddPlaylist("Far")
		r.do(session.PlaylistDelete{Playlist: list}, session.Undo{})
		if got := k.Lists(); len(got) != 0 || r.queue().Undo != "deleted Far" {
			t.Errorf("there are %q, undo says %q", got, r.queue().Undo)
		}
		k.why = nil
		r.do(session.Undo{})
		if !slices.Equal(k.restored, []music.Ref{list}) {
			t.Errorf("restored %v, told %q", k.restored, r.notices())
		}
	}, withKeeping(k))
}

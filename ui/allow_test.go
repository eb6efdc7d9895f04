package ui

import (
	"errors"
	"slices"
	"testing"

	"segue/internal/music"
	"segue/session"
)

// lacking gives a session with an account that may not do all that is in use.
func lacking(f *fake, o *Options) {
	withAccounts(f, o)
	f.accounts = append(f.accounts, session.AccountInfo{ID: "tunes", Kind: "spotify", User: "anna", State: session.ConnLoggedIn, Can: session.Can{SignIn: true},
		Remembered: "anna", Allows: []string{"what you have saved"}, Lacks: []session.Lack{{Feature: "playlists", What: "your playlists"}, {Feature: "playback", What: "your devices"}},
		Remark: "Spotify refused to play on 2026-11-21 20:15: this user has no Premium"})
}

func needsPlaylists() *session.Fault {
	return &session.Fault{Kind: session.PermissionDenied, Account: "tunes", Op: "open playlists", Err: errors.New("it takes a permission"),
		Hint: "segue login tunes --for playlists asks for it", Needs: []string{"playlists"}}
}

// wantLogin is the last sign-in that was sent.
func (r *rig) wantLogin(account string, features ...string) {
	r.t.Helper()
	all := commands[session.Login](r.f)
	if len(all) == 0 {
		r.t.Fatal("nobody signs in")
	}
	in := all[len(all)-1]
	if string(in.Account) != account || !slices.Equal(in.How.For, features) || !in.How.Remember || in.How.Force {
		r.t.Errorf("%+v", in)
	}
}

// TestWhatTheSignInDoesNotAllowIsAskedForWithAKey: the line names the key, not a command
// that does nothing while the player runs.
func TestWhatTheSignInDoesNotAllowIsAskedForWithAKey(t *testing.T) {
	r := newRig(t, 120, 36, lacking)
	f := needsPlaylists()
	r.f.box.Put(session.Notice{Level: session.Failure, Text: f.Error(), Fault: f})
	r.settle()
	r.want("it takes a permission; gP asks for it")
	r.wantNot("segue login")
	r.keys("g", "P")
	r.wantLogin("tunes", "playlists")
	if in := commands[session.Login](r.f)[0]; in.How.User != "anna" {
		t.Errorf("%+v", in)
	}
	// Nothing is lacking any more; then all that the account is known to lack is offered.
	r.f.box.Put(session.LoggedIn{Account: "tunes", User: music.User{Name: "anna"}})
	r.settle()
	r.keys("g", "P")
	r.wantLogin("tunes", "playlists", "playback")
	// One who has to sign in at all.
	gone := &session.Fault{Kind: session.BadUsernameOrPassword, Account: "tunes", Op: "sign-in", Err: errors.New("it has ended"), Hint: "sign in with: segue login tunes"}
	r.f.box.Put(session.Notice{Level: session.Failure, Text: gone.Error(), Fault: gone})
	r.settle()
	r.want("it has ended; gP signs in")
	r.keys("g", "P")
	r.wantLogin("tunes")
}

func TestWithoutARefusalTheKeySaysSo(t *testing.T) {
	r := newRig(t, 120, 36, withAccounts)
	r.keys("g", "P")
	r.want("nothing was refused")
	if n := len(commands[session.Login](r.f)); n != 0 {
		t.Errorf("%d sign-ins", n)
	}
}

// TestTheAccountsOfferWhatIsLackingAndSayWhatLasts, on all sizes.
func TestTheAccountsOfferWhatIsLackingAndSayWhatLasts(t *testing.T) {
	r := newRig(t, 120, 40, lacking)
	r.keys("8", "G", "k")
	r.want("It does not allow yet: your playlists, your devices; Enter asks for it.")
	r.want("this user has no Premium")
	r.keys("enter")
	r.want("Allow your playlists …")
	r.keys("down", "enter")
	r.wantLogin("tunes", "playback")
	for _, size := range [][2]int{{40, 10}, {80, 24}, {200, 50}} {
		r := newRig(t, size[0], size[1], lacking)
		r.keys("8", "G", "k", "enter")
		r.want("Allow your playlists")
	}
}

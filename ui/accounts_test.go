package ui

import (
	"errors"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/session"
	"segue/ui/page"
)

// withAccounts gives a session with accounts in all their states.
func withAccounts(f *fake, o *Options) {
	o.Services = []Service{{Name: "subsonic", Title: "a server (Navidrome and others)", Server: true, User: true}, {Name: "spotify", Title: "Spotify"}}
	sign := session.Can{SignIn: true, Offline: true, Share: true, Reports: true}
	spot := session.Can{SignIn: true, Share: true}
	f.accounts = []session.AccountInfo{
		{ID: "home", Kind: "subsonic", User: "alice", Server: "https://music.example.org", State: session.ConnLoggedIn, Can: sign,
			Since: f.now.Add(-time.Hour), About: &music.User{Name: "alice"}, Remembered: "alice", Where: "the desktop's keyring", Scrobble: session.ScrobbleOn,
			Sync: &session.SyncStatus{Playlists: 2, Done: 214, ToSync: 12, Bytes: 1200e6}},
		{ID: "work", Kind: "subsonic", State: session.ConnDisconnected, Can: sign, Since: f.now.Add(-10 * time.Minute), RetryAt: f.now.Add(5 * time.Minute),
			Note: "work: connect: no answer from music.example.com\x1b[31m", Remembered: "bob", Where: "a file"},
		{ID: "spotify", Kind: "spotify", State: session.ConnLoggedOut, Can: spot, Added: true},
	}
}

func TestTheAccountsSayHowTheyStandAndWhatStillWorks(t *testing.T) {
	r := newRig(t, 120, 40, withAccounts)
	r.keys("8")
	for _, want := range []string{"home", "signed in since 11:00", "alice · https://music.example.org", "Remembered: alice, in the desktop's keyring.", "Plays are reported there.",
		"Offline: 214 tracks there, 12 to come, 1,200 MB.", "away since 11:50", "It is tried again at 12:05.", "No answer", "can still be looked at",
		"signed out", "Enter signs in.", "Nothing is remembered", "Add an account"} {
		if !strings.Contains(strings.ToLower(r.screen()), strings.ToLower(want)) {
			t.Errorf("%q is not there:\n%s", want, r.screen())
		}
	}
	if strings.Contains(r.m.View().Content, "\x1b[31m") {
		t.Error("a control sequence of a server came through")
	}
	for _, size := range [][2]int{{40, 8}, {40, 10}, {60, 16}, {80, 24}, {200, 50}} {
		r := newRig(t, size[0], size[1], withAccounts)
		r.keys("8", "G", "k", "k")
		r.want("work")
	}
}

func TestOnlyAnAccountThatIsToldOfPlaysOffersTo(t *testing.T) {
	r := newRig(t, 120, 36, withAccounts)
	r.keys(":", "t:account-actions home", "enter")
	r.want("Report plays there: never")
	r.keys("esc", ":", "t:account-actions spotify", "enter")
	r.want("Sign in")
	r.wantNot("Report plays")
}

func TestAnAccountIsSignedInToByAQuestionOfItsService(t *testing.T) {
	r := newRig(t, 120, 36, withAccounts)
	r.keys("8", "G", "k", "enter")
	r.want("Sign in …")
	r.keys("enter")
	in := commands[session.Login](r.f)
	if len(in) != 1 || in[0].Account != "spotify" || !in[0].How.Remember {
		t.Fatalf("%+v", in)
	}
	r.f.box.Put(session.LoginNeeded{Account: "spotify", ID: 7, Question: session.Question{What: session.QuestionPassword, Text: "The password of bob"}})
	r.settle()
	r.want("The password of bob")
	r.keys("t:hunter2")
	r.wantNot("hunter2")
	r.want("•••••••")
	r.keys("enter")
	a := commands[session.AnswerLogin](r.f)
	if len(a) != 1 || a[0].ID != 7 || a[0].Answer.Reveal() != "hunter2" || a[0].Cancel {
		t.Fatalf("%+v", a)
	}
	r.wantNot("The password")
	r.f.box.Put(session.LoggedIn{Account: "spotify", User: music.User{Name: "bob"}})
	r.settle()
	r.want("signed in to spotify as bob")
}

func TestAQuestionThatIsOverGoesAway(t *testing.T) {
	r := newRig(t, 120, 36, withAccounts)
	q := session.LoginNeeded{Account: "spotify", ID: 3, Question: session.Question{What: session.QuestionBrowser, Text: "Allow Segue in the browser", URL: "https://accounts.example/authorize?x=1"}}
	r.f.box.Put(q)
	r.settle()
	r.want("https://accounts.example/authorize?x=1")
	q.Over = true
	r.f.box.Put(q)
	r.settle()
	r.wantNot("Allow Segue")
	q.Over = false
	r.f.box.Put(q)
	r.settle()
	r.keys("esc")
	if a := commands[session.AnswerLogin](r.f); len(a) != 1 || !a[0].Cancel {
		t.Fatalf("%+v", a)
	}
	for kind, keys := range map[session.QuestionKind][2]string{session.QuestionYesNo: {"enter", "yes"}, session.QuestionCode: {"esc", ""}} {
		r.f.box.Put(session.LoginNeeded{Account: "home", ID: 9, Question: session.Question{What: kind, Text: "Is this yours?", Code: "ABCD-1234", URL: "https://x.example"}})
		r.settle()
		r.want("ABCD-1234")
		r.keys(keys[0])
		a := commands[session.AnswerLogin](r.f)
		if last := a[len(a)-1]; last.Answer.Reveal() != keys[1] || last.Cancel != (keys[1] == "") {
			t.Errorf("%s: %+v", kind, last)
		}
	}
}

func TestAnAccountIsAddedLineByLine(t *testing.T) {
	r := newRig(t, 120, 36, withAccounts)
	r.keys("8", "G", "enter")
	r.want("Add an account of")
	r.keys("enter")
	r.keys("ctrl+u", "t:home", "enter")
	r.want("there is an account of that name")
	r.keys("ctrl+u", "t:other", "enter", "t:https://m.example", "enter", "t:carol", "enter", "t:pa ss")
	r.wantNot("pa ss")
	r.keys("enter")
	c := commands[session.Login](r.f)
	if len(c) != 1 || c[0].Account != "other" || c[0].New == nil || c[0].New.Server != "https://m.example" || c[0].New.Service != "subsonic" ||
		c[0].How.User != "carol" || c[0].How.Password.Reveal() != "pa ss" || !c[0].How.Remember {
		t.Fatalf("%+v", c)
	}
	for kind, list := range r.m.history {
		if strings.Contains(strings.Join(list, " "), "pa ss") {
			t.Errorf("the password is in the history of %s", kind)
		}
	}
}

func TestASignInThatFailsIsAskedForAgainWithWhatWasTyped(t *testing.T) {
	r := newRig(t, 120, 36, withAccounts)
	r.keys("8", "G", "enter", "enter", "ctrl+u", "t:other", "enter", "t:https://m.example", "enter", "t:carol", "enter", "t:wrong", "enter")
	fail := func(kind session.FaultKind) {
		r.f.box.Put(session.LoggedIn{Account: "other", Fault: &session.Fault{Kind: kind, Account: "other", Op: "sign in", Err: errors.New("no")}})
		r.settle()
	}
	fail(session.BadUsernameOrPassword)
	r.want("password:")
	r.want("did not work")
	r.keys("t:right", "enter")
	fail(session.UnableToContactServer)
	r.want("address of the server: https://m.example")
	r.keys("t:/music", "enter")
	r.want("user: carol")
	r.keys("enter", "t:right", "enter")
	c := commands[session.Login](r.f)
	if len(c) != 3 {
		t.Fatalf("%d logins", len(c))
	}
	if c[1].New.Server != "https://m.example" || c[1].How.User != "carol" || c[1].How.Password.Reveal() != "right" {
		t.Errorf("the second is %+v", c[1])
	}
	if c[2].New.Server != "https://m.example/music" || c[2].Account != "other" {
		t.Errorf("the third is %+v", c[2])
	}
	r.f.box.Put(session.LoggedIn{Account: "other", User: music.User{Name: "carol"}})
	r.settle()
	r.want("signed in to other as carol")
	fail(session.BadUsernameOrPassword) // a later one is no longer this one's affair
	r.wantNot("password:")
}

func TestForgettingAsksFirst(t *testing.T) {
	r := newRig(t, 120, 36, withAccounts)
	r.keys(":", "t:forget home", "enter")
	r.want("Forget home?")
	r.keys("enter")
	if len(commands[session.Forget](r.f)) != 0 {
		t.Fatal("Enter alone forgot it")
	}
	r.keys(":", "t:forget home", "enter", "j", "enter")
	if c := commands[session.Forget](r.f); len(c) != 1 || c[0].Account != "home" || c[0].Remove {
		t.Fatalf("%+v", c)
	}
	r.keys(":", "t:logout nowhere", "enter")
	r.want("no account is named “nowhere”")
	r.keys(":", "t:logout local", "enter")
	r.want("needs no sign-in")
}

func TestTheSettingsShowEachValueAndItsSource(t *testing.T) {
	r := newRig(t, 120, 36, func(_ *fake, o *Options) {
		o.ConfigPath = "/home/x/.config/segue/config.toml"
		o.Settings = []page.Setting{{Key: "player.gain", Value: "album", Source: "config.toml:12", Doc: "Loudness by tags."},
			{Key: "screen.theme", Value: "ember", Source: "default", Doc: "Colours."}}
	})
	r.f.box.Put(session.SettingsChanged{Settings: session.Settings{Private: true, Gain: "auto", Scrobble: session.ScrobbleOn}})
	r.settle()
	r.keys("9")
	for _, want := range []string{"/home/x/.config/segue/config.toml", "player.gain", "album", "config.toml:12", "private session", "on"} {
		r.want(want)
	}
	r.keys("enter")
	if c := commands[session.PrivateSession](r.f); len(c) != 1 {
		t.Fatalf("%+v", c)
	}
	r.keys("G", "k")
	r.want("Loudness by tags.")
	r.keys("enter")
	r.want("player.gain is set in")
	for _, size := range [][2]int{{40, 8}, {60, 16}, {200, 50}} {
		r := newRig(t, size[0], size[1])
		r.keys("9", "G", "j", "k")
		if n := len(r.lines()); n != size[1] {
			t.Errorf("%v: %d lines", size, n)
		}
	}
}

func TestPreferencesAreCommands(t *testing.T) {
	r := newRig(t, 120, 36, withAccounts)
	for _, line := range []string{"private-session on", "offline-mode off", "scrobbling off", "bitrate 160", "bitrate original", "gain album", "sync"} {
		r.keys(":", "t:"+line, "enter")
	}
	if p, o := commands[session.PrivateSession](r.f), commands[session.OfflineMode](r.f); len(p) != 1 || p[0].To != session.On || len(o) != 1 || o[0].To != session.Off {
		t.Errorf("%+v %+v", p, o)
	}
	if s, b := commands[session.Scrobbling](r.f), commands[session.SetBitrate](r.f); len(s) != 1 || s[0].To != session.ScrobbleOff || len(b) != 2 || b[0].Kbps != 160 || b[1].Kbps != 0 {
		t.Errorf("%+v %+v", s, b)
	}
	if g := commands[session.SetGain](r.f); len(g) != 1 || g[0].Mode != "album" {
		t.Errorf("%+v", g)
	}
	for line, want := range map[string]string{"private-session maybe": "on or off", "bitrate much": "is no bitrate", "gain loud": "loudness is off"} {
		r.keys(":", "t:"+line, "enter")
		r.want(want)
	}
}

func TestAnAccountIsFoldedInTheSidebar(t *testing.T) {
	r := newRig(t, 120, 40, twoLibraries)
	r.keys("h")
	if f, ok := r.m.side.chosen(); !ok || f.Ref.ID != music.SectionAlbums {
		t.Fatalf("the cursor is on %v", f)
	}
	r.keys("g", "g")
	r.want("Recently added")
	for range 30 {
		r.keys("k")
	}
	if id := r.m.side.heading(); id != music.Local {
		t.Fatalf("the first row is %q", id)
	}
	r.keys("enter")
	r.wantNot("Recently added")
	r.want("▸ Local")
	r.want("home")
	saved := commands[session.SaveView](r.f)
	again := newRig(t, 120, 40, twoLibraries)
	again.f.box.Put(session.ViewRestored{Data: saved[len(saved)-1].Data})
	again.settle()
	again.wantNot("Recently added")
	r.keys("enter")
	r.want("Recently added")
	r.keys("5") // a section of a folded account is found all the same
	r.keys("esc")
}

func TestAnAccountThatIsAwaySaysWhatWaitsForIt(t *testing.T) {
	r := newRig(t, 120, 40, func(f *fake, o *Options) {
		withAccounts(f, o)
		f.accounts[1].Waiting = []string{"starred 1 track", "added 1 track to Evening", "rated 1 track 4", "renamed Night", "starred 2 tracks", "unstarred 1 track"}
	})
	r.keys("8")
	r.want("Waiting until it is back: starred 1 track, added 1 track to Evening, rated 1 track 4,")
	r.want("and 2 more.")
}

func TestAClickOnTheTitleOfTheAccountsChoosesNone(t *testing.T) {
	r := newRig(t, 80, 16, withAccounts)
	r.keys("8", "G")
	at := r.m.current().Place().Cursor
	r.send(clickAt(20, r.m.lay.main.Y))
	if now := r.m.current().Place().Cursor; now != at {
		t.Errorf("the cursor went from %d to %d", at, now)
	}
}

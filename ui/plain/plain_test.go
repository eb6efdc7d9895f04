package plain

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"segue/internal/mailbox"
	"segue/internal/music"
	"segue/player"
	"segue/session"
)

// fake is a session with three tracks.
type fake struct {
	mu   sync.Mutex
	sent []session.Command
	box  *mailbox.Box[session.Event]
	play session.Playback
}

func (f *fake) Take(ctx context.Context) ([]session.Event, bool) {
	for {
		if es := f.box.Take(); len(es) > 0 {
			return es, true
		}
		select {
		case <-ctx.Done():
			return nil, false
		case <-f.box.Ready():
		}
	}
}

func (f *fake) Send(c session.Command) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sent = append(f.sent, c)
	switch c := c.(type) {
	case session.Load:
		p := music.Page{Ask: c.Ask, Title: "Tracks", Total: 3}
		for _, t := range []string{"Aria", "Two\x1b[2J\nlines", "Coda"} {
			p.Items = append(p.Items, music.Track{Ref: music.Ref{Account: music.Local, Kind: music.KindTrack, ID: t}, Title: t, Duration: time.Minute})
		}
		f.box.Put(session.PageLoaded{Ticket: c.Ticket, Page: p})
	case session.Search:
		f.box.Put(session.SearchLoaded{Ticket: c.Ticket, Result: session.SearchResult{Query: c.Query, DidYouMean: "bachs",
			Missing: []*session.Fault{{Account: "home", Op: "search", Err: errors.New("no answer")}},
			Pages:   []session.SearchPage{{Account: music.Local, Type: "tracks", Total: 1, Items: []music.Item{music.Track{Ref: music.Ref{Account: music.Local, Kind: music.KindTrack, ID: "f"}, Title: "Found"}}}}}})
	case session.PlayContext:
		f.play.State, f.play.Track = player.Playing, music.Track{Ref: c.Start, Title: c.Start.ID, Duration: time.Minute}
		f.box.Put(session.PlaybackChanged{Playback: f.play})
	case session.SetVolume:
		f.play.Volume = c.Percent
		f.box.Put(session.PlaybackChanged{Playback: f.play})
	default:
	}
}

func newFake() *fake {
	f := &fake{box: mailbox.New[session.Event](), play: session.Playback{Volume: 70, Repeat: session.RepeatOff}}
	f.box.Put(session.AccountsChanged{Accounts: []session.AccountInfo{{ID: music.Local, State: session.ConnLoggedIn,
		Sections: []music.Folder{{Ref: music.Section(music.Local, music.SectionTracks), Name: "Tracks", Count: 3},
			{Ref: music.Section(music.Local, music.SectionErrors), Name: "Unreadable files"}}}}})
	f.box.Put(session.PlaybackChanged{Playback: f.play})
	return f
}

func talk(t *testing.T, f *fake, opt Options) string {
	t.Helper()
	return talkTo(t, f, opt)
}

// anew is a session for tests that can be begun anew.
type anew interface {
	Session
	Events
	again()
}

// again puts what the fake tells at the start into a new box, of the test's own time.
func (f *fake) again() {
	f.box = mailbox.New[session.Event]()
	for _, ev := range newFake().box.Take() {
		if _, ok := ev.(session.PlaybackChanged); ok {
			ev = session.PlaybackChanged{Playback: f.play}
		}
		f.box.Put(ev)
	}
}

func talkTo(t *testing.T, f anew, opt Options) string {
	t.Helper()
	var out strings.Builder
	opt.Session, opt.Events, opt.Out = f, f, &out
	synctest.Test(t, func(t *testing.T) {
		f.again()
		if err := Run(context.Background(), opt); err != nil {
			t.Error(err)
		}
	})
	return out.String()
}

func TestAScriptOfLinesIsDoneInOrder(t *testing.T) {
	f := newFake()
	out := talk(t, f, Options{In: strings.NewReader("library\nopen 1\nopen 2\nstatus\nvolume 35\nvolume much\nshufle\n\nopen 99\n"), Notes: []string{"config: a typo"}})
	for _, want := range []string{"warning: config: a typo", "local, logged in: tracks (3)", "library, 1 in all", "1. Aria, 1:00", "2. Two lines, 1:00",
		"playing: Two", "at 0:00; volume 70", "volume 35", "“much” is no volume", "did you mean shuffle?", "open needs the number"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not said:\n%s", want, out)
		}
	}
	if strings.ContainsAny(out, "\x1b") {
		t.Error("a control character came through")
	}
}

func TestItEndsAtTheEndOfTheInput(t *testing.T) {
	out := talk(t, newFake(), Options{In: strings.NewReader("")})
	if !strings.Contains(out, "segue, a music player") {
		t.Error(out)
	}
}

func TestItEndsWithTheMusicWhenToldToPlay(t *testing.T) {
	f := newFake()
	var out strings.Builder
	synctest.Test(t, func(t *testing.T) {
		f.box = mailbox.New[session.Event]()
		go func() {
			time.Sleep(time.Hour)
			f.box.Put(session.QueueEnded{})
		}()
		before := time.Now()
		if err := Run(context.Background(), Options{Session: f, Events: f, Out: &out, EndWithMusic: true, In: strings.NewReader("")}); err != nil {
			t.Error(err)
		}
		if d := time.Since(before); d < time.Hour {
			t.Errorf("it ended after %v", d)
		}
	})
	if !strings.Contains(out.String(), "the music has ended") {
		t.Error(out.String())
	}
}

func TestAClosedOutputEndsIt(t *testing.T) {
	f := newFake()
	err := Run(context.Background(), Options{Session: f, Events: f, Out: broken{}, In: strings.NewReader("help\n")})
	if err == nil || !strings.Contains(err.Error(), "pipe") {
		t.Errorf("got %v", err)
	}
}

func TestAFullDiskIsNamedOnce(t *testing.T) {
	full := &fs.PathError{Op: "write", Path: "/dev/full", Err: errPipe}
	if got := unwritten(full).Error(); got != "plain: cannot write to /dev/full: broken pipe" {
		t.Error(got)
	}
}

func TestStatusAfterARestartWaitsForTheTracksName(t *testing.T) {
	f := newFake()
	var out strings.Builder
	synctest.Test(t, func(t *testing.T) {
		f.box = newFake().box
		ref := music.Ref{Account: music.Local, Kind: music.KindTrack, ID: "Aria"}
		restored := session.Playback{State: player.Paused, Track: music.Track{Ref: ref}, Position: session.Anchor{Position: 3 * time.Second}}
		f.box.Put(session.PlaybackChanged{Playback: restored})
		go func() {
			time.Sleep(time.Second)
			restored.Track.Title = "Aria"
			f.box.Put(session.PlaybackChanged{Playback: restored})
		}()
		if err := Run(context.Background(), Options{Session: f, Events: f, Out: &out, In: strings.NewReader("status\n")}); err != nil {
			t.Error(err)
		}
	})
	if s := out.String(); !strings.Contains(s, "paused: Aria, at 0:03") || strings.Contains(s, ": ,") {
		t.Error(s)
	}
}

func TestASignInIsAnsweredByLines(t *testing.T) {
	f := newFake()
	var out strings.Builder
	synctest.Test(t, func(t *testing.T) {
		f.box = mailbox.New[session.Event]()
		for _, ev := range newFake().box.Take() {
			f.box.Put(ev)
		}
		f.box.Put(session.AccountsChanged{Accounts: []session.AccountInfo{{ID: music.Local, State: session.ConnLoggedIn,
			Sections: []music.Folder{{Ref: music.Section(music.Local, music.SectionTracks), Name: "Tracks"}}},
			{ID: "home", State: session.ConnLoggedOut, Remembered: "alice", Where: "a file", Can: session.Can{SignIn: true}}}})
		f.box.Put(session.LoginNeeded{Account: "home", ID: 4, Question: session.Question{What: session.QuestionPassword, Text: "The password of alice"}})
		lines := "accounts\nlogin\nanswer hunter2\nanswer again\nprivate-session on\noffline-mode perhaps\nlogin nowhere\n"
		if err := Run(context.Background(), Options{Session: f, Events: f, Out: &out, In: strings.NewReader(lines)}); err != nil {
			t.Error(err)
		}
	})
	for _, want := range []string{"home: logged out, remembered as alice in a file", "home asks: The password of alice", "nothing was asked", "is on or off", "no account is named nowhere"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not said:\n%s", want, out.String())
		}
	}
	var in, answers int
	for _, c := range f.sent {
		switch c := c.(type) {
		case session.Login:
			in++
		case session.AnswerLogin:
			if answers++; c.ID != 4 || c.Answer.Reveal() != "hunter2" {
				t.Errorf("%+v", c)
			}
		default:
		}
	}
	if in != 1 || answers != 1 || strings.Contains(out.String(), "hunter2") {
		t.Errorf("%d logins, %d answers:\n%s", in, answers, out.String())
	}
}

// TestWhatTheSignInDoesNotAllowIsAskedForByACommand that works while the player runs.
func TestWhatTheSignInDoesNotAllowIsAskedForByACommand(t *testing.T) {
	f := newFake()
	var out strings.Builder
	synctest.Test(t, func(t *testing.T) {
		f.box = mailbox.New[session.Event]()
		f.box.Put(session.AccountsChanged{Accounts: []session.AccountInfo{{ID: music.Local, State: session.ConnLoggedIn,
			Sections: []music.Folder{{Ref: music.Section(music.Local, music.SectionTracks), Name: "Tracks"}}},
			{ID: "tunes", State: session.ConnLoggedIn, User: "anna", Remembered: "anna", Can: session.Can{SignIn: true}, Remark: "it was refused",
				Lacks: []session.Lack{{Feature: "playback", What: "your devices"}}}}})
		f.box.Put(session.PlaybackChanged{Playback: f.play})
		fault := &session.Fault{Kind: session.PermissionDenied, Account: "tunes", Op: "open playlists", Err: errors.New("it takes a permission"),
			Hint: "segue login tunes --for playlists asks for it", Needs: []string{"playlists"}}
		f.box.Put(session.Notice{Level: session.Failure, Text: fault.Error(), Fault: fault})
		if err := Run(context.Background(), Options{Session: f, Events: f, Out: &out, In: strings.NewReader("accounts\nallow\n")}); err != nil {
			t.Error(err)
		}
	})
	for _, want := range []string{"tunes: open playlists: it takes a permission; the command allow asks for it", "lacks your devices, for which allow asks, it was refused"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not said:\n%s", want, out.String())
		}
	}
	for _, c := range f.sent {
		if in, is := c.(session.Login); is && in.Account == "tunes" && len(in.How.For) == 1 && in.How.For[0] == "playlists" && in.How.User == "anna" && in.How.Remember {
			return
		}
	}
	t.Errorf("it sends %+v", f.sent)
}

func TestASearchOfAllAccountsIsListedWithWhoDidNotAnswer(t *testing.T) {
	f := newFake()
	var out strings.Builder
	synctest.Test(t, func(t *testing.T) {
		f.box = mailbox.New[session.Event]()
		sec := func(id music.AccountID) []music.Folder {
			return []music.Folder{{Ref: music.Section(id, music.SectionTracks), Name: "Tracks"}}
		}
		f.box.Put(session.AccountsChanged{Accounts: []session.AccountInfo{{ID: music.Local, Sections: sec(music.Local)}, {ID: "home", Sections: sec("home")}}})
		if err := Run(context.Background(), Options{Session: f, Events: f, Out: &out, In: strings.NewReader("search bach\nopen 1\n")}); err != nil {
			t.Error(err)
		}
	})
	for _, want := range []string{"warning: home: search: no answer", "1. Found", "did you mean bachs?"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not said:\n%s", want, out.String())
		}
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errPipe }

type pipeError struct{}

func (pipeError) Error() string { return "broken pipe" }

var errPipe = pipeError{}

func TestTheRadioAndTheSectionsThatSaySomething(t *testing.T) {
	f := newFake()
	out := talk(t, f, Options{In: strings.NewReader("library\nopen 1\nradio 1\n")})
	if strings.Contains(out, "unreadable") {
		t.Errorf("a section that is known to be empty is named:\n%s", out)
	}
	for _, c := range f.sent {
		if r, ok := c.(session.PlayRadio); ok && r.Of.IsTrack() {
			return
		}
	}
	t.Errorf("no radio was asked for: %+v", f.sent)
}

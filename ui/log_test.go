package ui

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"segue/session"
)

const someLog = `time=2026-11-21T11:59:01.123Z level=DEBUG msg="event PageLoaded"
time=2026-11-21T11:59:02Z level=INFO msg=started version=1.0
time=2026-11-21T11:59:03Z level=WARN msg="home: open \"Aria\": no answer" again=12:00
time=2026-11-21T11:59:04Z level=ERROR msg="the device\nwent away" fault="no such \x1b[31mdevice"
a line of another form
`

func logged(t *testing.T, text string) (path string, change func(*fake, *Options)) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "segue.log")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, func(_ *fake, o *Options) { o.LogFile = path }
}

func TestTheLogShowsItsEndByLevelAndByWords(t *testing.T) {
	_, change := logged(t, someLog)
	r := newRig(t, 120, 36, change)
	r.f.box.Put(session.Notice{Level: session.Warning, Text: "said on the screen"})
	r.settle()
	r.keys("g", "!")
	r.want("said on the screen")
	r.wantNot("started version")
	r.keys("{")
	r.want("11:59:02  info   started version=1.0")
	r.want(`warn   home: open "Aria": no answer again=12:00`)
	r.want("error  the device went away fault=no such device")
	r.want("a line of another form")
	r.want("warn   said on the screen")
	r.keys("}")
	r.want("said on the screen")
	r.wantNot("started version")
	r.keys("}", "}")
	r.want("the device went away")
	r.wantNot("no answer")
	r.keys("}", "/", "t:aria", "enter")
	r.want("no answer")
	r.wantNot("went away")
	r.keys("i")
	r.want("2026-11-21")
	r.want("segue.log")
	r.keys("esc", "y")
	r.want("copied “")
	r.keys("esc")
	r.want("went away")
}

func TestTheLogGrowsWhileItIsLookedAt(t *testing.T) {
	path, change := logged(t, someLog)
	r := newRig(t, 120, 36, change)
	r.keys("g", "!")
	at := r.m.logged.at
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("time=2026-11-21T12:00:05Z level=INFO msg=later\nhalf a li"); err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	r.send(readOn(t.Context(), path, at)())
	r.want("info   later")
	r.wantNot("half a li")
	if err := os.WriteFile(path, []byte("time=2026-11-21T12:00:06Z level=INFO msg=anew\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.send(readOn(t.Context(), path, r.m.logged.at)())
	r.want("info   anew")
	r.wantNot("info   later")
}

func TestTheLogIsWaitedForInTheKernelAndLeftWithItsView(t *testing.T) {
	path, change := logged(t, someLog)
	r := newRig(t, 120, 36, change)
	r.keys("g", "!")
	if r.m.logged.stop == nil {
		t.Fatal("nobody reads on")
	}
	r.keys("1")
	if r.m.logged.stop != nil {
		t.Error("it is read on though another view is shown")
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan tea.Msg, 1)
	go func() { done <- readOn(ctx, path, int64(len(someLog)))() }()
	stop()
	select {
	case msg := <-done:
		if msg != nil {
			t.Errorf("%+v", msg)
		}
	case <-time.After(patience):
		t.Error("it does not end")
	}
}

func TestALargeLogShowsItsEndOnly(t *testing.T) {
	path, _ := logged(t, strings.Repeat("level=INFO msg=x\n", 100_000)+"level=INFO msg=last\n")
	msg := readLog(path, -1)
	if n := len(msg.lines); n < 1000 || n > logTail/16 || msg.lines[n-1].Text != "last" || msg.lines[0].Text != "x" {
		t.Errorf("%d lines, the first %+v", n, msg.lines[0])
	}
}

func TestWithoutALogFileWhatWasSaidIsShown(t *testing.T) {
	r := newRig(t, 80, 24)
	r.keys("g", "!")
	r.want("Nothing was logged so far.")
	r.f.box.Put(session.Notice{Level: session.Info, Text: "hello"})
	r.settle()
	r.want("info   hello")
}

func TestWhatWasReadForALogThatWasLeftIsNotShownTwice(t *testing.T) {
	path, change := logged(t, someLog)
	r := newRig(t, 120, 36, change)
	r.keys("g", "!")
	if err := os.WriteFile(path, []byte(someLog+"time=2026-11-21T12:00:05Z level=INFO msg=once\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	late := readOn(t.Context(), path, r.m.logged.at)()
	r.keys("1", "g", "!") // left and opened again while that line was on its way
	r.send(late)
	n := 0
	for _, l := range r.m.env.Log.File {
		if l.Text == "once" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("it is there %d times", n)
	}
}

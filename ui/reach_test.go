package ui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
)

func vim(_ *fake, o *Options) {
	m, err := keymap.Preset("vim")
	if err != nil {
		panic(err)
	}
	o.Keymap = m
}

func TestCountsNameRowsAndReachOverThem(t *testing.T) {
	r := newRig(t, 120, 36, vim)
	r.keys("enter", "5", "j")
	r.want("6/15")
	r.keys("1", "G")
	r.want("1/15")
	r.keys("3", "g", "g")
	r.want("3/15")
	r.keys("2", "x")
	r.want("2 marked")
	r.keys("esc", "3", "e")
	queued := commands[session.Enqueue](r.f)
	if len(queued) != 1 || len(queued[0].Asks) != 3 || !strings.Contains(queued[0].Asks[2].Of.ID, "Variatio 6") {
		t.Fatalf("three rows from the fifth on are %+v", queued)
	}
	r.keys("1", "2")
	if last := r.lines()[35]; !strings.HasSuffix(strings.TrimSpace(last), "12") {
		t.Errorf("the count is not shown: %q", last)
	}
	r.keys("esc")
	if last := r.lines()[35]; strings.HasSuffix(strings.TrimSpace(last), "12") {
		t.Errorf("Esc leaves the count: %q", last)
	}
	r.want("/15") // and does nothing else
	playing(r)
	r.keys("g", "q", "2", "d", "d")
	if gone := commands[session.QueueRemove](r.f); len(gone) != 1 || len(gone[0].Entries) != 2 {
		t.Errorf("2dd removes %+v", gone)
	}
}

func TestTheCommandLineCompletesWhatACommandTakes(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys(":", "t:shuffle ")
	r.want("shuffle off")
	r.keys("t:on", "enter")
	if c := commands[session.Shuffle](r.f); len(c) != 1 || c[0].To != session.On {
		t.Fatalf("%+v", c)
	}
	for typed, want := range map[string]string{"theme em": "theme ember", "keymap vi": "keymap vim", "sort ti": "sort title", "repeat ": "repeat off", "seek ": "seek ", "nothing x": "nothing x"} {
		r.keys(":", "t:"+typed, "tab")
		if got := r.m.prompt.input.Value(); got != want {
			t.Errorf("%q becomes %q", typed, got)
		}
		r.keys("esc")
	}
}

func TestWhatIsTypedBehindACommandFillsItsPopup(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys(":", "t:add-to-playlist even", "enter")
	r.want("Evening")
	r.keys("down", "enter")
	if c := commands[session.PlaylistAdd](r.f); len(c) != 1 || c[0].Playlist.ID != "evening" {
		t.Errorf("%+v", c)
	}
}

func TestRowsAreRatedByACommand(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys("enter", ":", "t:rate 4", "enter")
	r.want("where their account keeps ratings")
	for i := range r.m.env.Accounts {
		r.m.env.Accounts[i].Can.Rate = true
	}
	r.keys("x", "x", ":", "t:rate 6", "enter")
	r.want("no rating")
	r.keys(":", "t:rate 4", "enter", ":", "t:rate", "enter")
	r.want("★★★★★")
	r.keys("enter")
	c := commands[session.Rate](r.f)
	if len(c) != 2 || len(c[0].Refs) != 2 || c[0].Stars != 4 || c[1].Stars != 5 || len(c[1].Refs) != 1 {
		t.Errorf("%+v", c)
	}
}

func TestLyricsAndWhatComesNextAreBothThere(t *testing.T) {
	r := newRig(t, 120, 36, sung)
	playing(r)
	r.keys("7")
	r.want("Lyrics   Up next")
	r.wantNot("Variatio 3")
	r.keys("}")
	r.wantNot("first words")
	r.want("Variatio 3")
	r.keys("j", "j")
	r.want("Enter play")
	r.keys("enter")
	c := commands[session.QueuePlay](r.f)
	if len(c) != 1 || c[0].Entry != r.f.ids[4] {
		t.Fatalf("the second row of what comes next plays %+v, want %d", c, r.f.ids[4])
	}
	r.keys("{")
	r.want("first words")
}

func TestTheWordsOfTheLyricsAndWhatComesNextAreClicked(t *testing.T) {
	r := newRig(t, 120, 36, sung)
	playing(r)
	r.keys("7")
	at := func(text string) (x, y int) {
		t.Helper()
		for y, l := range r.lines() {
			if i := strings.Index(l, text); i >= 0 {
				return len([]rune(l[:i])), y
			}
		}
		t.Fatalf("%q is not there:\n%s", text, r.screen())
		return 0, 0
	}
	x, y := at("fourth words")
	n := len(commands[session.SeekTo](r.f))
	r.send(clickAt(x, y))
	r.want("from this line")
	r.send(clickAt(x, y))
	if c := commands[session.SeekTo](r.f); len(c) != n+1 || c[n].Position != 30*time.Second {
		t.Fatalf("%+v", c)
	}
	x, y = at("Up next")
	r.send(clickAt(x, y))
	x, y = at("Variatio 4")
	r.send(clickAt(x+40, y))
	r.send(clickAt(x+40, y))
	if c := commands[session.QueuePlay](r.f); len(c) != 1 || c[0].Entry != r.f.ids[4] {
		t.Fatalf("%+v", c)
	}
	x, y = at("Lyrics")
	r.send(clickAt(x, y))
	r.want("first words")
	r.send(clickAt(x, y-3)) // on nothing
}

func TestTheWheelScrollsLyricsInTheRightPane(t *testing.T) {
	r := newRig(t, 200, 50, func(f *fake, _ *Options) {
		f.unsynced = true
		for i := range 90 {
			f.lyrics = append(f.lyrics, music.LyricLine{Text: "line " + itoa(i) + "."})
		}
	})
	playing(r)
	r.want("line 0.")
	pane := r.m.lay.right
	r.send(tea.MouseWheelMsg{X: pane.X + 5, Y: pane.Y + 5, Button: tea.MouseWheelDown})
	r.wantNot("line 2.")
	r.want("line 3.")
	r.send(tea.MouseWheelMsg{X: pane.X + 5, Y: pane.Y + 5, Button: tea.MouseWheelUp})
	r.want("line 0.")
}

// TestATrackOfALongListIsNamedWhileTheListIsRead: a list of 100,000 tracks becomes the queue
// before the first of them plays.
func TestATrackOfALongListIsNamedWhileTheListIsRead(t *testing.T) {
	r := newRig(t, 120, 36, func(f *fake, _ *Options) { f.reads = true })
	r.keys("enter", "enter")
	r.wantNot("pening Aria")
	r.send(openingMsg(r.m.opening.id))
	r.want("Opening Aria …")
	r.f.box.Put(session.PlayContextFailed{})
	r.settle()
	r.wantNot("pening Aria")
	r.keys("enter")
	r.send(openingMsg(r.m.opening.id))
	r.want("Opening Aria …")
	r.f.mu.Lock()
	r.f.playContext(newestPlay(r.f))
	r.f.mu.Unlock()
	r.settle()
	r.wantNot("pening Aria")
	r.want("▶ Aria")
}

// newestPlay is the newest PlayContext; the caller holds the lock.
func newestPlay(f *fake) (last session.PlayContext) {
	for _, c := range f.sent {
		if p, ok := c.(session.PlayContext); ok {
			last = p
		}
	}
	return last
}

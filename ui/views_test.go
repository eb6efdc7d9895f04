package ui

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"segue/internal/music"
	"segue/keymap"
	"segue/player"
	"segue/session"
	"segue/ui/page"
)

func TestEverySizeHasExactlyItsLinesAndColumns(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {20, 5}, {39, 30}, {40, 8}, {41, 11}, {60, 16}, {79, 23}, {99, 24}, {100, 24}, {139, 40}, {140, 36}, {200, 60}} {
		r := newRig(t, size[0], size[1])
		playing(r)
		for _, keys := range [][]string{{}, {"j", "j"}, {"4"}, {"7"}, {"6"}, {"2", "t:a"}, {"esc", "3"}, {"?"}, {"esc", "m"}, {"esc", ":", "t:se"}, {"esc", "B"}, {"1", "g"}} {
			r.keys(keys...)
			r.m.chord.shown = len(r.m.chord.keys) > 0
			lines := r.lines()
			if len(lines) != size[1] {
				t.Errorf("%v after %v: %d lines", size, keys, len(lines))
			}
			for i, l := range lines {
				if w := ansi.StringWidth(l); w > size[0] {
					t.Errorf("%v after %v: line %d is %d wide: %q", size, keys, i, w, l)
				}
			}
		}
	}
}

func TestATooSmallTerminalSaysSo(t *testing.T) {
	r := newRig(t, 30, 6)
	r.want("segue needs 40x8")
	for w, want := range map[int]string{10: "needs 40x8", 6: "40x8", 3: "40x"} {
		newRig(t, w, 3).want(want)
	}
}

func TestAClickOnTheBarSeeksAndADoubleClickPlays(t *testing.T) {
	r := newRig(t, 120, 36)
	playing(r)
	bar := r.m.bar()
	r.send(tea.MouseClickMsg{X: bar.X + bar.W/2, Y: bar.Y, Button: tea.MouseLeft})
	c := commands[session.SeekTo](r.f)
	if len(c) != 1 || c[0].Position < 80*time.Second || c[0].Position > 90*time.Second {
		t.Fatalf("%+v", c)
	}
	r.send(tea.MouseReleaseMsg{})
	before := len(commands[session.PlayContext](r.f))
	click := tea.MouseClickMsg{X: 40, Y: r.m.lay.main.Y + 4, Button: tea.MouseLeft}
	r.send(click)
	r.send(click)
	p := commands[session.PlayContext](r.f)
	if len(p) != before+1 || p[before].Index != 0 {
		t.Fatalf("%+v", p)
	}
	r.send(tea.MouseClickMsg{X: 40, Y: r.m.lay.main.Y + 6, Button: tea.MouseRight})
	r.want("Queue at the end")
	r.send(tea.MouseWheelMsg{X: 1, Y: 1, Button: tea.MouseWheelDown})
	r.keys("esc")
	v := r.m.lay.volume
	r.send(tea.MouseWheelMsg{X: v.X + 1, Y: v.Y, Button: tea.MouseWheelUp})
	if c := commands[session.ChangeVolume](r.f); len(c) != 1 || c[0].By != 5 {
		t.Errorf("%+v", c)
	}
}

func TestTheViewComesBackAfterARestart(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys("j", "j", "enter", "j", "q")
	r.keys("enter", "j", "ctrl+c")
	saved := commands[session.SaveView](r.f)
	data := saved[len(saved)-1].Data
	var st viewState
	if err := json.Unmarshal(data, &st); err != nil || len(st.Stacks[page.Library]) != 2 {
		t.Fatalf("%s, %v", data, err)
	}
	again := newRig(t, 120, 36)
	again.f.box.Put(session.ViewRestored{Data: data})
	again.settle()
	again.want("Lent et triste")
	again.want("2/3")
	again.keys("esc")
	again.want("3/5")
}

func TestAStateThatCannotBeReadIsLeft(t *testing.T) {
	for _, data := range []string{"", "{", "[]", `{"view":"nowhere"}`, `{"view":"library","stacks":{"library":[]}}`, `{"view":"queue","stacks":{"queue":[{"view":"now"}]}}`} {
		r := newRig(t, 120, 36)
		r.f.box.Put(session.ViewRestored{Data: []byte(data)})
		r.settle()
		r.keys("j")
		if len(r.lines()) != 36 {
			t.Errorf("after %q there is no screen", data)
		}
	}
}

func TestAnEmptyLibraryOpensTheSampler(t *testing.T) {
	r := newRig(t, 120, 36, func(f *fake, _ *Options) { f.noMusic = true })
	r.want("Quodlibet")
	if r.m.activeSection().ID != music.SectionSampler {
		t.Errorf("the section is %v", r.m.activeSection())
	}
}

func TestAFailureSaysWhatAndTheWayOut(t *testing.T) {
	r := newRig(t, 120, 36, func(f *fake, _ *Options) {
		f.fail = &session.Fault{Kind: session.SystemFailure, Op: "list albums", Err: errDisk, Hint: "check the disk"}
	})
	r.want("list albums: the disk is gone; check the disk")
	r.want("U to try again")
}

type diskError struct{}

func (diskError) Error() string { return "the disk is gone" }

var errDisk = diskError{}

func TestAnUnansweredPageSaysThatItIsReadingAfterAWhile(t *testing.T) {
	r := newRig(t, 120, 36, func(f *fake, _ *Options) { f.mute = true })
	r.wantNot("Reading")
	r.f.now = r.f.now.Add(200 * time.Millisecond)
	r.send(slowMsg{})
	r.want("Reading …")
}

func TestNoTicksWhilePausedAndOneASecondWhilePlaying(t *testing.T) {
	r := newRig(t, 120, 36)
	playing(r)
	if !r.m.ticking {
		t.Fatal("no tick is armed while something plays")
	}
	r.f.mu.Lock()
	r.f.play.Position.Position = 63*time.Second + 300*time.Millisecond
	r.f.publish()
	r.f.mu.Unlock()
	r.settle()
	if d := r.m.untilTick(); d < 690*time.Millisecond || d > 720*time.Millisecond {
		t.Errorf("the next tick is in %v, want it at the full second", d)
	}
	r.f.mu.Lock()
	r.f.play.State, r.f.play.Position.Rate = player.Paused, 0
	r.f.publish()
	r.f.mu.Unlock()
	r.settle()
	if r.m.ticking {
		t.Error("a tick is armed while paused")
	}
}

func TestStaleTicksAreNotFollowedByAnother(t *testing.T) {
	r := newRig(t, 120, 36)
	playing(r)
	id := r.m.tickID
	r.send(tickMsg(id - 1))
	if r.m.tickID != id {
		t.Error("an old tick armed another")
	}
}

func TestTheCommandLineCompletesRemembersAndExplains(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys(":", "t:volu")
	r.want("set the volume")
	r.keys("tab", "t: 40", "enter")
	if c := commands[session.SetVolume](r.f); len(c) != 1 || c[0].Percent != 40 {
		t.Fatalf("%+v", c)
	}
	r.keys(":", "up")
	r.want(":volume 40")
	r.keys("esc", ":", "t:shufle", "enter")
	r.want("did you mean “shuffle”?")
	if c := commands[session.SetVolume](r.f); len(c) != 1 || c[0].Percent != 40 {
		t.Fatalf("%+v", c)
	}
}

func TestTheHelpRunsItsRow(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys("?", "t:shuffle", "enter")
	if n := len(commands[session.Shuffle](r.f)); n != 1 {
		t.Errorf("%d commands", n)
	}
	r.wantNot("Help")
}

func TestASelectionGoesToANewPlaylist(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys("enter", "A")
	r.want("Evening")
	r.keys("t:Morning", "enter")
	c := commands[session.PlaylistCreate](r.f)
	if len(c) != 1 || c[0].Name != "Morning" || len(c[0].Add) != 1 {
		t.Fatalf("%+v", c)
	}
	r.keys("A", "t:even", "enter")
	if a := commands[session.PlaylistAdd](r.f); len(a) != 1 || a[0].Playlist.ID != "evening" {
		t.Fatalf("%+v", a)
	}
}

func TestCountsRepeatInTheVimMap(t *testing.T) {
	r := newRig(t, 120, 36, func(_ *fake, o *Options) {
		m, err := keymap.Preset("vim")
		if err != nil {
			t.Fatal(err)
		}
		o.Keymap = m
	})
	r.keys("enter", "1", "2", "j")
	r.want("13/15")
	r.keys("3", "k")
	r.want("10/15")
	r.keys("4", "G")
	r.want("4/15")
}

func TestNothingButASCIIIsDrawnWhenAsked(t *testing.T) {
	r := newRig(t, 120, 36, func(_ *fake, o *Options) { o.ASCII = true })
	r.keys("j", "enter")
	playing(r)
	r.keys("4", "?")
	v := r.m.View()
	if !strings.Contains(v.WindowTitle, " - ") {
		t.Errorf("the window is called %q", v.WindowTitle)
	}
	for _, c := range v.WindowTitle + v.Content {
		if c > 0x7e {
			t.Fatalf("%q is on the screen", c)
		}
	}
}

func TestSuspendPausesFirstAndPlaysOnAfterwards(t *testing.T) {
	r := newRig(t, 120, 36)
	playing(r)
	r.m.do(keymap.Suspend, 1)
	if len(commands[session.Pause](r.f)) != 1 {
		t.Fatal("no pause before the suspend")
	}
	r.send(tea.ResumeMsg{})
	if len(commands[session.Play](r.f)) != 1 {
		t.Error("no play after it")
	}
}

func TestTheKeysOfAFullWidthKeyboardWork(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys("？")
	r.want("Help")
}

func TestSearchLooksAsYouTypeAndCountsTheTabs(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys("2", "t:canone")
	r.want("Variatio 3. Canone")
	r.want("Tracks 3")
	r.keys("enter", "enter")
	c := commands[session.PlayContext](r.f)
	if len(c) != 1 || c[0].Ask.Filter != "canone" {
		t.Fatalf("%+v", c)
	}
	r.keys("/", "ctrl+u")
	r.want("Type to search.")
}

func TestToplistsAreOfTimesHereAndOfPlacesElsewhere(t *testing.T) {
	r := newRig(t, 120, 36, func(_ *fake, o *Options) { o.Country = "DE" })
	playing(r)
	r.keys("6")
	r.want("World   DE")
	of := func() music.Ref {
		loads := commands[session.Load](r.f)
		for i := len(loads) - 1; i >= 0; i-- {
			if loads[i].Lane == "toplist" {
				return loads[i].Ask.Of
			}
		}
		return music.Ref{}
	}
	r.keys("(", "(")
	if got := of(); got.ID != "toplist/tracks/de" || got.Account != "" {
		t.Errorf("asked %+v", got)
	}
	r.keys("(", "}")
	if got := of(); got.ID != "toplist/albums/everywhere" || got.Account != "" {
		t.Errorf("asked %+v", got)
	}
	r.keys(":", "t:toplists fr", "enter")
	r.want("FR")
	if got := of(); got.ID != "toplist/albums/fr" {
		t.Errorf("asked %+v", got)
	}
	if p := r.m.current().Place(); p.Of.ID != "toplist/albums/fr" {
		t.Errorf("it is at %v", p.Of)
	} else if again := page.New(r.m.env, p); again.Place().Of != p.Of {
		t.Errorf("it comes back at %v", again.Place().Of)
	}
	r.keys(":", "t:toplists week", "enter")
	if got := of(); got != music.Section(music.Local, "toplist/albums/week") {
		t.Errorf("asked %+v", got)
	}
}

func TestToplistsOfAnAccountThatCountsStandBehindThePlaces(t *testing.T) {
	for _, size := range [][2]int{{120, 36}, {80, 24}, {60, 16}} {
		r := newRig(t, size[0], size[1], func(f *fake, _ *Options) {
			home := session.AccountInfo{ID: "home", Kind: "subsonic", State: session.ConnLoggedIn}
			for _, of := range [][2]string{{"toplist/month", "4 weeks"}, {"toplist", "6 months"}} {
				home.Sections = append(home.Sections, music.Folder{Ref: music.Section("home", of[0]), Name: "Toplist", Detail: of[1], Count: -1})
			}
			f.accounts = append(f.accounts, home)
		})
		r.keys("6")
		if size[0] == 120 {
			r.want("World   home")
			r.want("time, place or account")
		}
		asked := func() music.Ref { return r.m.current().Place().Of }
		r.keys(":", "t:toplists home", "enter")
		seen := map[music.Ref]bool{}
		for range 2 {
			seen[asked()] = true
			r.keys(")")
		}
		if !seen[music.Section("home", "toplist/tracks/month")] || !seen[music.Section("home", "toplist/tracks")] || len(seen) != 2 {
			t.Errorf("it asked %v", seen)
		}
		if got := asked(); got != music.Section(music.Local, "toplist/tracks/day") {
			t.Errorf("behind them is %v", got)
		}
		r.keys("(", "}")
		r.want("home counts")
		p := r.m.current().Place()
		if again := page.New(r.m.env, p); p.Of.Account != "home" || again.Place().Of != p.Of {
			t.Errorf("%v comes back at %v", p.Of, again.Place().Of)
		}
	}
}

func TestTheSizeIsAskedForAgainAfterTheStart(t *testing.T) {
	r := newRig(t, 120, 36)
	_, cmd := r.m.Update(measureMsg{})
	asked := false
	var look func(tea.Cmd)
	look = func(c tea.Cmd) {
		if c == nil {
			return
		}
		switch msg := c().(type) {
		case tea.BatchMsg:
			for _, x := range msg {
				look(x)
			}
		default:
			asked = asked || reflect.TypeOf(msg) == reflect.TypeOf(tea.RequestWindowSize())
		}
	}
	look(cmd)
	if !asked {
		t.Error("nobody asks for the size")
	}
}

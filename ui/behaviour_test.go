package ui

import (
	"encoding/json"
	"slices"
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

func TestEnterOpensContainersAndPlaysTracksInTheirContext(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys("enter")
	if n := len(commands[session.PlayContext](r.f)); n != 0 {
		t.Fatalf("Enter on an album played something, %d commands", n)
	}
	r.want("Variatio 5. a 1 ovvero 2 Clav.")
	r.keys("j", "j", "enter")
	c := commands[session.PlayContext](r.f)
	if len(c) != 1 || c[0].Index != 2 || c[0].Ask.Of.ID != "Goldberg Variations" || c[0].Start.ID != "Goldberg Variations/Variatio 2. a 1 Clav." {
		t.Fatalf("Enter on a track: %+v", c)
	}
	r.keys("P")
	if c = commands[session.PlayContext](r.f); len(c) != 2 || !c[1].Start.IsZero() {
		t.Fatalf("P: %+v", c)
	}
	r.keys("esc")
	r.want("Gymnopédies")
}

func TestWhatPlaysIsNeverTakenFromTheCursor(t *testing.T) {
	r := newRig(t, 120, 36)
	playing(r)
	r.keys("esc", "j", "enter", "j")
	title := r.m.windowTitle()
	if title != "Johann Sebastian Bach – Variatio 2. a 1 Clav." {
		t.Errorf("the window is called %q", title)
	}
	if l := r.lines()[33]; !strings.Contains(l, "Variatio 2. a 1 Clav.") {
		t.Errorf("the player says %q", l)
	}
}

func TestFindFiltersAsItIsTypedAndEscShowsAllAgain(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys("enter", "/", "t:canone")
	r.want("Variatio 3. Canone")
	r.wantNot("Quodlibet")
	r.keys("enter")
	r.want("1/3")
	r.want("/canone")
	r.keys("j", "esc")
	r.want("Quodlibet")
	r.keys("/", "t:canone", "esc")
	r.want("Quodlibet")
}

func TestAMistakeInAQueryIsMarkedAndTheRowsStay(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys("enter", "/", "t:year:abc")
	content := r.m.View().Content
	if !strings.Contains(content, "\x1b[4m") {
		t.Error("nothing is underlined")
	}
	r.want("Quodlibet")
}

func TestARefreshNeverMovesTheCursorOffItsRow(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys("enter", "j", "j", "j", "j", "j")
	on := r.m.current().Selection().Items[0].ItemName()
	r.f.tracks = append([]music.Track{{Ref: music.Ref{Account: music.Local, Kind: music.KindTrack, ID: "new"}, Title: "A new one",
		AlbumRef: r.f.albums[0].Ref}}, r.f.tracks...)
	r.f.box.Put(session.ContainerChanged{Of: r.f.albums[0].Ref})
	r.settle()
	r.want("A new one")
	if now := r.m.current().Selection().Items[0].ItemName(); now != on {
		t.Errorf("the cursor was on %q and is on %q", on, now)
	}
}

func TestOnlyTheWindowIsFetchedOfAHundredThousandRows(t *testing.T) {
	r := newRig(t, 120, 36, func(f *fake, _ *Options) { f.big = 100_000 })
	r.keys("h", "down", "down", "enter")
	r.want("1/100,000")
	r.keys("G")
	r.want("Track 099999")
	r.keys("ctrl+u", "g", "g")
	r.want("Track 000000")
	for range 300 {
		r.keys("j")
	}
	r.want("301/100,000")
	r.want("Track 000300")
	for _, l := range commands[session.Load](r.f) {
		if l.Ask.Limit > 500 {
			t.Errorf("asked for %d rows", l.Ask.Limit)
		}
	}
	if n := len(commands[session.Load](r.f)); n > 20 {
		t.Errorf("%d questions for 300 rows", n)
	}
}

func TestARangeBeyondTheWindowIsWhole(t *testing.T) {
	r := newRig(t, 120, 36, func(f *fake, _ *Options) { f.big = 3000 })
	r.keys("h", "down", "down", "enter", "v", "G")
	r.want("3000 selected")
	r.keys("e")
	c := commands[session.Enqueue](r.f)
	if len(c) != 1 || len(c[0].Asks) != 3000 || c[0].Asks[1700].Of.ID != "1700" {
		t.Fatalf("%d commands", len(c))
	}
	r.wantNot("selected")
}

func TestMarksActOnManyRows(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys("enter", "x", "j", "x", "E")
	c := commands[session.Enqueue](r.f)
	if len(c) != 1 || len(c[0].Asks) != 2 || c[0].Where != session.AfterCurrent || !strings.HasSuffix(c[0].Asks[1].Of.ID, "Variatio 2. a 1 Clav.") {
		t.Fatalf("%+v", c)
	}
}

func TestTheQueueIsEditedByKeysAndTellsHowToUndo(t *testing.T) {
	r := newRig(t, 120, 36)
	playing(r)
	r.keys("4")
	r.want("15 tracks")
	r.keys("j", "J")
	mv := commands[session.QueueMove](r.f)
	if len(mv) != 1 || mv[0].Entries[0] != 4 || mv[0].Before != 6 {
		t.Fatalf("%+v", mv)
	}
	if it := r.m.current().Selection().Items[0].ItemName(); !strings.HasPrefix(it, "Variatio 3") {
		t.Errorf("the cursor is on %s", it)
	}
	r.keys("d")
	r.want("removed 1 tracks · u undoes")
	if c := commands[session.QueueRemove](r.f); len(c) != 1 || !slices.Equal(c[0].Entries, []session.EntryID{4}) {
		t.Fatalf("%+v", c)
	}
	r.keys("u", "ctrl+r")
	if len(commands[session.Undo](r.f)) != 1 || len(commands[session.Redo](r.f)) != 1 {
		t.Error("u or C-r did not reach the session")
	}
}

func TestEverySizeHasExactlyItsLinesAndColumns(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {20, 5}, {39, 30}, {40, 8}, {41, 11}, {60, 16}, {79, 23}, {99, 24}, {100, 24}, {139, 40}, {140, 36}, {200, 60}} {
		r := newRig(t, size[0], size[1])
		playing(r)
		for _, keys := range [][]string{{}, {"j", "j"}, {"4"}, {"7"}, {"6"}, {"2", "t:a"}, {"esc", "3"}, {"?"}, {"esc", "m"}, {"esc", ":", "t:se"}, {"esc", "B"}, {"1", "g"}} {
			r.keys(keys...)
			r.m.which = len(r.m.pending) > 0
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
	r.want("needs 40x8")
}

func TestAClickOnTheBarSeeksAndADoubleClickPlays(t *testing.T) {
	r := newRig(t, 120, 36)
	playing(r)
	bar := r.m.lay.bar
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
	for _, c := range r.m.View().Content {
		if c > 0x7e {
			t.Fatalf("%q is on the screen", c)
		}
	}
}

func TestACoverThatComesLateIsNotShownForAnotherTrack(t *testing.T) {
	r := newRig(t, 200, 50)
	playing(r)
	c, err := page.Decode(music.Ref{Kind: music.KindTrack, ID: "long gone"}, testCover())
	if err != nil {
		t.Fatal(err)
	}
	r.m.env.Stage.SetCover(page.Cover{})
	before := r.m.View().Content
	r.send(coverMsg(c))
	if r.m.View().Content != before {
		t.Error("the picture changed")
	}
	if _, err := page.Decode(music.Ref{}, []byte("no picture")); err == nil {
		t.Error("a broken picture gives no error")
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

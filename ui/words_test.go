package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"segue/internal/music"
	"segue/session"
	"segue/ui/page"
)

// bad are names as no program should make them.
var bad = []string{"👨‍👩‍👧‍👦 family", "e\u0301\u0323\u0308 marks", "שלום \u202eoverridden", "tab\tnew\nline\rbell\a", "\x1b]0;title\x07\x1b[31mred", "broken \xff\xfe",
	"Ｆｕｌｌ　幅", "ﷺ and क्षि", "\u200b\u200d\ufeff", strings.Repeat("長い名前", 75), strings.Repeat("x", 300), ""}

// TestBadNamesAnywhereKeepEveryLineInItsColumns puts them where names stand, and opens
// everything that shows names.
func TestBadNamesAnywhereKeepEveryLineInItsColumns(t *testing.T) {
	names := func(f *fake, o *Options) {
		hostile(f, o)
		twoKeepers(f, o)
		f.suggest, f.radio = bad, true
		f.accounts[0].ID = "ho\x1bme 家"
		f.accounts[0].Note, f.accounts[0].User = bad[4], bad[0]
		var lists, folders []music.Item
		for i, n := range bad {
			ref := music.Ref{Account: f.accounts[0].ID, Kind: music.KindPlaylist, ID: itoa(i)}
			lists = append(lists, music.Playlist{Ref: ref, Name: n, Owner: n, Description: n, Tracks: i, Writable: true})
			folders = append(folders, music.Folder{Ref: music.Ref{Account: ref.Account, Kind: music.KindFolder, ID: n}, Name: n, Detail: n, Count: -1})
		}
		sections := f.accounts[0].Sections
		for i := range sections {
			sections[i].Ref.Account = f.accounts[0].ID
			sections[i].Name = bad[i]
		}
		f.pages = map[music.Ref][]music.Item{sections[1].Ref: append(lists, folders...)}
	}
	for _, size := range [][2]int{{40, 10}, {80, 24}, {120, 36}, {200, 50}} {
		r := newRig(t, size[0], size[1], names)
		for _, n := range bad {
			r.f.box.Put(session.Notice{Level: session.Warning, Text: n})
			r.f.box.Put(session.Undoable{Text: n})
		}
		r.settle()
		playing(r)
		for _, keys := range [][]string{{"1"}, {"G", "enter"}, {"i"}, {"esc", "m"}, {"esc", "A"}, {"esc", "3", "}"}, {"G"}, {"i"}, {"esc", "2", "t:a"}, {"tab"}, {"enter"},
			{"esc", "4"}, {"6"}, {"7"}, {"8", "j"}, {"9"}, {"g", "!"}, {"k", "i"}, {"esc", "h", "G"}, {"?"}, {"esc", ":", "t:se"}, {"esc", "/"}, {"esc", "B"}} {
			r.keys(keys...)
			lines := r.lines()
			if len(lines) != size[1] {
				t.Errorf("%v after %v: %d lines", size, keys, len(lines))
			}
			for i, l := range lines {
				if w := ansi.StringWidth(l); w > size[0] {
					t.Errorf("%v after %v: line %d is %d wide: %q", size, keys, i, w, l)
				}
				for _, c := range l {
					if c < 0x20 || c >= 0x7f && c < 0xa0 || c == 0x202e {
						t.Errorf("%v after %v: line %d holds %U: %q", size, keys, i, c, l)
					}
				}
			}
			if title := r.m.View().WindowTitle; strings.ContainsAny(title, "\x1b\a\n") {
				t.Errorf("the window's title is %q", title)
			}
		}
	}
}

func TestUndoAndRedoSayWhatTheyWouldTakeBack(t *testing.T) {
	r := newRig(t, 120, 36)
	r.f.mu.Lock()
	r.f.qs.Undo, r.f.qs.Redo = "removed 3 tracks", "moved 1 track in Evening"
	r.f.publish()
	r.f.mu.Unlock()
	r.settle()
	r.keys("ctrl+p", "t:undo")
	r.want("undo: removed 3 tracks")
	r.keys("ctrl+u", "t:redo")
	r.want("redo: moved 1 track in Evening")
	r.keys("enter")
	if n := len(commands[session.Redo](r.f)); n != 1 {
		t.Errorf("%d redos", n)
	}
}

func TestThePaletteFindsByLettersAndByName(t *testing.T) {
	for typed, want := range map[string]string{"nwplylst": "new playlist", "goq": "queue", "radio": "radio from here", "bitr": "bitrate of streams"} {
		r := newRig(t, 120, 36)
		r.keys("ctrl+p", "t:"+typed)
		r.want(want)
	}
}

func TestLyricsThatComeLateAreNotShownForAnotherTrack(t *testing.T) {
	r := newRig(t, 160, 40, sung)
	playing(r)
	late := commands[session.LoadLyrics](r.f)
	if len(late) == 0 {
		t.Fatal("nobody asked for lyrics")
	}
	other := r.f.tracks[5]
	r.f.box.Put(session.LyricsLoaded{Ticket: late[len(late)-1].Ticket + 1000, Lyrics: music.Lyrics{Track: other.Ref, Lines: []music.LyricLine{{Text: "words of another song"}}}})
	r.f.box.Put(session.LyricsLoaded{Ticket: late[len(late)-1].Ticket, Lyrics: music.Lyrics{Track: other.Ref, Lines: []music.LyricLine{{Text: "words of another song"}}}})
	r.settle()
	r.keys("7")
	r.wantNot("words of another song")
}

func TestAMistakeInTheSearchIsMarkedAndTheLogTakesAnyWords(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys("2", "t:aria", "t: year:x")
	if _, _, wrong := page.Mistake("aria year:x"); wrong == "" {
		t.Fatal("no mistake")
	} else {
		r.want(wrong)
	}
	r.want("Aria") // the rows of before stay
	r.keys("ctrl+u", "esc", "g", "!", "/", "t:year:x", "enter")
	r.wantNot("year:x is")
	r.want("/year:x")
}

func TestALongTitleIsCutOnceAndLeavesRoomForTheFilter(t *testing.T) {
	r := newRig(t, 40, 10, func(f *fake, _ *Options) {
		f.albums[0].Title = strings.Repeat("長い名前", 75)
	})
	r.keys("enter")
	for w := range 6 { // the counter's width, and with it an odd or even number of cells
		r.send(tea.WindowSizeMsg{Width: 40 + w, Height: 10})
		if l := r.lines()[1]; strings.Count(l, "…") != 1 || !strings.Contains(l, "長い名前") {
			t.Errorf("the header is %q", l)
		}
	}
	r.send(tea.WindowSizeMsg{Width: 40, Height: 10})
	r.keys("/", "t:aria", "enter")
	if l := r.lines()[1]; !strings.Contains(l, "/aria") {
		t.Errorf("the header is %q", l)
	}
}

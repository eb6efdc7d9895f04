package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/session"
	"segue/ui/page"
)

// hostile gives texts as bad tags and servers have them.
func hostile(f *fake, _ *Options) {
	ref := music.Ref{Account: music.Local, Kind: music.KindAlbum, ID: "hostile"}
	f.albums = append(f.albums, music.Album{Ref: ref, Title: "Hostile", Artists: []string{"شيرين · عبد\u202eالوهاب"}, Tracks: 9})
	for i, title := range []string{"👨‍👩‍👧 family with joiners", "e\u0301tude with \u0323marks", "שלום עולם right to left", "tab\tnewline\nbell\a", "\x1b[31mred\x1b[0m", "broken \xff\xfe bytes",
		"Ｆｕｌｌ　ｗｉｄｔｈ", "क्षि हिन्दी", strings.Repeat("a very long title ", 18)} {
		f.tracks = append(f.tracks, music.Track{Ref: music.Ref{Account: music.Local, Kind: music.KindTrack, ID: title}, Title: title,
			Artists: []string{"शास्त्रीय 🎻 " + strings.Repeat("x", i*9)}, AlbumRef: ref, Album: "Hostile", Number: i + 1, Duration: time.Duration(i*97) * time.Second})
	}
}

// TestTheViewsAreAsTheyWereReadByAPerson compares each view at each size with a file.
func TestTheViewsAreAsTheyWereReadByAPerson(t *testing.T) {
	config := func(_ *fake, o *Options) {
		o.ConfigPath = "/home/alice/.config/segue/config.toml"
		o.Settings = []page.Setting{{Key: "library.folders", Value: "/music", Source: "config.toml:3", Doc: "Music folders."},
			{Key: "player.gain", Value: "auto", Source: "default", Doc: "Loudness by ReplayGain or R128 tags: off, track, album, auto (album while an album plays in order)."}}
	}
	for _, v := range []struct {
		name   string
		change []func(*fake, *Options)
		keys   []string
		play   bool
	}{
		{"accounts", []func(*fake, *Options){withAccounts}, []string{"8", "j"}, true},
		{"settings", []func(*fake, *Options){config}, []string{"9", "G"}, false},
		{"now", []func(*fake, *Options){sung}, []string{"7"}, true},
		{"toplists", nil, []string{"6", ")"}, true},
		{"search", nil, []string{"2", "t:vari"}, false},
		{"hostile", []func(*fake, *Options){hostile}, []string{"G", "enter"}, false},
		{"empty", []func(*fake, *Options){func(f *fake, _ *Options) { f.noMusic, f.albums = true, nil }}, []string{"4"}, false},
	} {
		for _, size := range [][2]int{{40, 10}, {80, 24}, {120, 36}, {200, 50}} {
			r := newRig(t, size[0], size[1], v.change...)
			if v.play {
				playing(r)
			}
			if v.name == "settings" {
				r.f.box.Put(session.SettingsChanged{Settings: session.Settings{Scrobble: session.ScrobbleOn, Gain: "auto"}})
				r.settle()
			}
			r.keys(v.keys...)
			lines := r.lines()
			for i, l := range lines {
				lines[i] = strings.TrimRight(l, " ")
			}
			compare(t, filepath.Join("testdata", "view-"+v.name+"-"+itoa(size[0])+"x"+itoa(size[1])+".golden"), strings.Join(lines, "\n")+"\n")
		}
	}
}

// compare compares a text with a file, or writes it where that is asked for.
func compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file) //nolint:gosec // a file of ours
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not as it was:\n--- now\n%s\n--- before\n%s", file, got, want)
	}
}

package local

import (
	"os"
	"path/filepath"
	"testing"

	"segue/internal/music"
)

func TestAPlaylistIsAsLongAsItsTracksNotAsTheFewLengthsItSays(t *testing.T) {
	s, root := library(t, 3)
	scanned(t, s)
	all := page(t, s, music.Ask{Of: section(music.SectionTracks)})
	text, want := "#EXTM3U\n", all.Items[0].(music.Track).Duration.Seconds()
	for i, it := range all.Items {
		if i == 0 {
			text += "#EXTINF:4,It says so\n"
			want = 4
		} else {
			want += it.(music.Track).Duration.Seconds()
		}
		text += it.(music.Track).Path + "\n"
	}
	file := filepath.Join(root, "mix.m3u")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := page(t, s, music.Ask{Of: playlistRef(file)}).Duration.Seconds(); got < want-0.01 || got > want+0.01 {
		t.Errorf("the list is %.2f s long, want %.2f", got, want)
	}
	if row := s.playlistRow(file); row.Duration != 0 || row.Tracks != len(all.Items) {
		t.Errorf("among others it has %d tracks and is %s long; nobody has looked", row.Tracks, row.Duration)
	}
}

func TestUnreadableFilesAreToldApart(t *testing.T) {
	s, root := library(t, 3)
	for _, p := range []string{"broken.mp3", "downloads/broken.mp3"} {
		p = filepath.Join(root, p)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte("no sound"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	scanned(t, s)
	got := page(t, s, music.Ask{Of: section(music.SectionErrors)}).Items
	if len(got) != 2 {
		t.Fatalf("%v", got)
	}
	for i, folder := range []string{"", "downloads"} {
		f := got[i].(music.Track)
		if f.Title != "broken.mp3" || f.Album != folder || f.Unplayable == "" {
			t.Errorf("%q in %q: %q, want broken.mp3 in %q", f.Title, f.Album, f.Unplayable, folder)
		}
	}
}

package local

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"segue/internal/genlib"
	"segue/internal/music"
	"segue/session"
)

// A library on a disk that cannot be written: all is found and plays, what people do is
// kept in the data folder, and an edit on the disk is refused in a line.
func TestALibraryOnAReadOnlyDiskIsWholeAndIsLeftAlone(t *testing.T) {
	if !alone(t) {
		return
	}
	root, data := filepath.Join(t.TempDir(), "music"), t.TempDir()
	if err := os.MkdirAll(root, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount("tmpfs", root, "tmpfs", 0, ""); err != nil {
		t.Skip("no mount:", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(root, unix.MNT_DETACH) })
	list := filepath.Join(root, "mine.m3u")
	text := genlib.Path(3) + "\n" + genlib.Path(1) + "\n"
	if err := errors.Join(genlib.Write(root, 0, 24), os.WriteFile(list, []byte(text), 0o644),
		unix.Mount("", root, "", unix.MS_REMOUNT|unix.MS_RDONLY, "")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "x"), nil, 0o644); !errors.Is(err, unix.EROFS) {
		t.Skip("it can be written:", err)
	}

	s, said := notes(t, data, root)
	scanned(t, s)
	tracks := allTracks(t, s)
	if len(tracks) != 24 {
		t.Fatalf("%d tracks", len(tracks))
	}
	src, err := s.Open(t.Context(), tracks[0].Ref, music.Quality{})
	if err != nil {
		t.Fatal(err)
	}
	if err := src.Close(); err != nil {
		t.Error(err)
	}
	for _, err := range []error{
		s.Report(t.Context(), session.Heard{Track: tracks[0], Started: time.Now(), Heard: time.Minute, Counts: true}),
		s.Star(t.Context(), []music.Ref{tracks[1].Ref, tracks[1].AlbumRef}, true),
		s.Rate(t.Context(), []music.Ref{tracks[2].Ref}, 5),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	own, err := s.CreatePlaylist(t.Context(), "Own", []music.Ref{tracks[0].Ref, tracks[5].Ref})
	if err != nil {
		t.Fatal(err)
	}
	p := playlistRef(list)
	before := refsIn(t, s, p)
	for op, err := range map[string]error{
		"edit":   s.EditPlaylist(t.Context(), p, before, before[:1]),
		"delete": s.DeletePlaylist(t.Context(), p),
	} {
		if f := (*session.Fault)(nil); !errors.As(err, &f) || !strings.Contains(err.Error(), "read-only") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", op, err)
		}
	}
	if now, err := os.ReadFile(list); err != nil || string(now) != text {
		t.Errorf("the playlist on the disk: %q, %v", now, err)
	}

	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = service(t, data, root)
	if sum, err := s.ScanResult(t.Context(), nil, nil); err != nil || sum.Read != 0 || sum.Tracks != 24 || sum.Errors != 0 {
		t.Errorf("the next start: %+v, %v", sum, err)
	}
	again := allTracks(t, s)
	if again[0].Plays != 1 || !again[1].Starred || again[2].Rating != 5 || page(t, s, music.Ask{Of: own}).Total != 2 {
		t.Errorf("what was done is lost: %+v", again[:3])
	}
	if got := said(); len(got) > 0 {
		t.Errorf("said %q", got)
	}
}

func TestTheNumberOfFindsDoesNotFollowTheWindow(t *testing.T) {
	s, _ := library(t, 250)
	scanned(t, s)
	for _, of := range []string{"search", "search/tracks", "search/albums", "search/artists"} {
		whole := page(t, s, music.Ask{Of: section(of), Filter: "river", Limit: 1000})
		if len(whole.Items) != whole.Total || whole.Total == 0 {
			t.Errorf("%s: %d rows of %d", of, len(whole.Items), whole.Total)
		}
		for from := range whole.Total {
			part := page(t, s, music.Ask{Of: section(of), Filter: "river", Offset: from, Limit: 1})
			if part.Total != whole.Total || len(part.Items) != 1 || part.Items[0].ItemRef() != whole.Items[from].ItemRef() {
				t.Fatalf("%s, row %d: %d rows of %d", of, from, len(part.Items), part.Total)
			}
		}
	}
}

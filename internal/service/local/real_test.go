package local

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"segue/internal/genlib"
	"segue/internal/music"
	"segue/internal/need"
	"segue/player"
	"segue/session"
)

func TestRealMusicIsListedAndPlays(t *testing.T) {
	dir := need.Wesnoth(t)
	s := service(t, t.TempDir(), dir)
	sum, err := s.ScanResult(t.Context(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", sum)
	if sum.Tracks < 30 || sum.Errors != 0 {
		t.Errorf("%+v", sum)
	}
	albums := map[string]int{}
	for _, it := range page(t, s, music.Ask{Of: section(music.SectionAlbums)}).Items {
		albums[it.ItemName()]++
	}
	// Two of its tracks name no album artist, one no album, one nothing at all.
	if albums["The Battle for Wesnoth OST"] != 1 {
		t.Errorf("albums %v", albums)
	}
	refs, err := s.Refs(t.Context(), music.Ask{Of: section(music.SectionTracks)})
	if err != nil || len(refs) != sum.Tracks {
		t.Fatal(len(refs), err)
	}
	src, err := s.Open(t.Context(), refs[0], music.Quality{})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := src.Read(make([]float32, 4096)); n == 0 || err != nil {
		t.Errorf("%d samples, %v", n, err)
	}
	if err := src.Close(); err != nil {
		t.Error(err)
	}
}

func samples(t *testing.T, src player.Source, from time.Duration) []float32 {
	t.Helper()
	if from > 0 {
		if _, err := src.Seek(from); err != nil {
			t.Fatal(err)
		}
	}
	var all []float32
	buf := make([]float32, 8192)
	for {
		n, err := src.Read(buf)
		all = append(all, buf[:n]...)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestThePartsOfAFileAreTheFileToTheSample(t *testing.T) {
	from := filepath.Join(need.Wesnoth(t), "victory.ogg")
	data, err := os.ReadFile(need.File(t, from))
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "album.ogg"), data, 0o644); err != nil {
		t.Fatal(err)
	}
	sheet := "FILE \"album.ogg\" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 00:01:11\nTRACK 03 AUDIO\nINDEX 01 00:02:74\n"
	if err := os.WriteFile(filepath.Join(root, "album.cue"), []byte(sheet), 0o644); err != nil {
		t.Fatal(err)
	}
	s := service(t, t.TempDir(), root)
	scanned(t, s)
	refs, err := s.Refs(t.Context(), music.Ask{Of: folderRef(root)})
	if err != nil || len(refs) != 3 {
		t.Fatal(refs, err)
	}
	open := func(r music.Ref) player.Source {
		src, err := s.Open(t.Context(), r, music.Quality{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = src.Close() })
		return src
	}
	whole := samples(t, open(trackRef(filepath.Join(root, "album.ogg"))), 0)
	var joined []float32
	for _, r := range refs {
		joined = append(joined, samples(t, open(r), 0)...)
	}
	if !slices.Equal(whole, joined) {
		t.Errorf("%d samples in parts, %d in the whole", len(joined), len(whole))
	}
	second := samples(t, open(refs[1]), 0)
	src := open(refs[1])
	f := src.Format()
	if got := samples(t, src, time.Second); !slices.Equal(got, second[f.Rate*f.Channels:]) {
		t.Errorf("after a seek %d samples, want %d", len(got), len(second)-f.Rate*f.Channels)
	}
}

func TestWithoutAPlaceToWriteEverythingWorksAndSaysSo(t *testing.T) {
	root := filepath.Join(t.TempDir(), "music")
	if err := genlib.Write(root, 0, 12); err != nil {
		t.Fatal(err)
	}
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for name, cfg := range map[string]Config{
		"no data folder":         {},
		"a file in its place":    {DataDir: filepath.Join(blocked, "data")},
		"told to be read only":   {DataDir: t.TempDir(), ReadOnly: true},
		"a folder that is /proc": {DataDir: "/proc/segue"},
	} {
		t.Run(name, func(t *testing.T) {
			var notes []string
			cfg.Folders = []string{root}
			cfg.Notify = func(n string) { notes = append(notes, n) }
			s, err := New(cfg)
			if err != nil {
				t.Fatal(err)
			}
			scanned(t, s)
			if p := page(t, s, music.Ask{Of: section(music.SectionTracks), Filter: "river"}); p.Total == 0 {
				t.Error("nothing found")
			}
			if err := s.Star(t.Context(), []music.Ref{trackRef(filepath.Join(root, genlib.Path(0)))}, true); err != nil {
				t.Error(err)
			}
			if p := page(t, s, music.Ask{Of: section(music.SectionStarred)}); p.Total != 1 {
				t.Errorf("%d starred", p.Total)
			}
			if _, err := s.CreatePlaylist(t.Context(), "x", nil); err == nil {
				t.Error("a playlist without a place")
			}
			if cfg.DataDir != "" && len(notes) != 1 || strings.Contains(strings.Join(notes, ""), "\n") {
				t.Errorf("notes %q", notes)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAFolderThatIsNotThereIsALineAndNoEnd(t *testing.T) {
	s := service(t, t.TempDir(), "/nowhere/music")
	scanned(t, s)
	for _, id := range []string{music.SectionFiles, music.SectionTracks, music.SectionAlbums} {
		if p := page(t, s, music.Ask{Of: section(id)}); !strings.Contains(p.Note, "/nowhere/music is not there") {
			t.Errorf("%s: note %q", id, p.Note)
		}
	}
	_, err := s.Children(t.Context(), music.Ask{Of: folderRef("/nowhere")})
	var f *session.Fault
	if !errors.As(err, &f) || f.Kind != session.OtherPermanent {
		t.Errorf("%v", err)
	}
}

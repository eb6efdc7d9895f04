package local

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"segue/internal/genlib"
	"segue/internal/music"
	"segue/session"
)

var (
	_ session.Illustrator = (*Service)(nil)
	_ session.Lyricist    = (*Service)(nil)
	_ session.LiveEditor  = (*Service)(nil)
)

// colored is a small PNG that is not like those of other shades.
func colored(t *testing.T, shade uint8) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 4, 4))
	for i := range m.Pix {
		m.Pix[i] = color.Gray{shade}.Y
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// embedded is the Vorbis comment that holds a front cover.
func embedded(picture []byte) string {
	var b []byte
	text := func(s string) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	b = binary.BigEndian.AppendUint32(b, 3)
	text("image/png")
	text("")
	b = append(b, make([]byte, 16)...)
	text(string(picture))
	return "METADATA_BLOCK_PICTURE=" + base64.StdEncoding.EncodeToString(b)
}

// tree writes files below a new folder.
func tree(t *testing.T, files map[string][]byte) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "music")
	for name, data := range files {
		p := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestThePictureIsTheOneAUserWouldTake(t *testing.T) {
	shade := func(n uint8) []byte { return colored(t, n) }
	song := func(comments ...string) []byte { return genlib.FLAC(append(comments, "TITLE=Song"), 12) }
	root := tree(t, map[string][]byte{
		"inside/1.flac":    song(embedded(shade(1))),
		"inside/cover.png": shade(2),
		"case/1.flac":      song(),
		"case/Folder.PNG":  shade(3),
		"best/1.flac":      song(),
		"best/folder.jpg":  shade(4),
		"best/COVER.png":   shade(5),
		"best/back.png":    shade(6),
		"huge/1.flac":      song(),
		"huge/cover.png":   shade(7),
		"none/1.flac":      song(),
		"none/scan.png":    shade(8),
		"cut/album.flac":   song(embedded(shade(9))),
		"cut/album.cue":    []byte("FILE \"album.flac\" WAVE\nTRACK 01 AUDIO\nTITLE \"A\"\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nTITLE \"B\"\nINDEX 01 00:00:30\n"),
		"cut2/album.flac":  song(),
		"cut2/album.cue":   []byte("FILE \"album.flac\" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 00:00:30\n"),
		"cut2/front.png":   shade(10),
		"list.m3u8":        []byte("none/1.flac\ncase/1.flac\n"),
	})
	if err := os.Truncate(filepath.Join(root, "huge/cover.png"), maxPicture+1); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(root, "none/cover.png"), 0o755); err != nil {
		t.Fatal(err)
	}
	s := service(t, t.TempDir(), root)
	in := func(name string) string { return filepath.Join(root, name) }
	wants := map[music.Ref]uint8{
		trackRef(in("inside/1.flac")): 1, folderRef(in("inside")): 2, trackRef(in("case/1.flac")): 3,
		trackRef(in("best/1.flac")): 5, trackRef(in("huge/1.flac")): 0, trackRef(in("none/1.flac")): 0,
		trackRef(in("cut/album.flac") + "\x002"): 9, trackRef(in("cut2/album.flac") + "\x001"): 10,
		playlistRef(in("list.m3u8")): 3, folderRef(in("huge")): 0, trackRef(in("gone.flac")): 0,
	}
	check := func(when string) {
		t.Helper()
		for of, want := range wants {
			i, err := s.Image(t.Context(), of, 300)
			switch {
			case err != nil || i.Of != of:
				t.Errorf("%s: %v: %v of %v", when, of, err, i.Of)
			case want == 0 && i.Data != nil:
				t.Errorf("%s: %v has a picture of %d bytes", when, of, len(i.Data))
			case want != 0 && (!bytes.Equal(i.Data, shade(want)) || i.MIME != "image/png"):
				t.Errorf("%s: %v: another picture, %s", when, of, i.MIME)
			}
		}
	}
	check("before the scan")
	scanned(t, s)
	check("after the scan")
	for _, it := range page(t, s, music.Ask{Of: section(music.SectionAlbums)}).Items {
		a, ok := it.(music.Album)
		if !ok {
			t.Fatalf("%T", it)
		}
		i, err := s.Image(t.Context(), a.Ref, 300)
		if err != nil || a.Title != "huge" && a.HasCover != (i.Data != nil) {
			t.Errorf("album %s: has one: %v, %d bytes, %v", a.Title, a.HasCover, len(i.Data), err)
		}
	}
}

func TestLyricsComeFromTheFileBesideThenFromTheTags(t *testing.T) {
	song := func(comments ...string) []byte { return genlib.FLAC(append(comments, "TITLE=Song"), 12) }
	big := bytes.Repeat([]byte("[00:01.00]la\n"), maxLyrics/13+2)
	root := tree(t, map[string][]byte{
		"beside.flac": song("LYRICS=from the tags"), "beside.lrc": []byte("\xef\xbb\xbf[ti:Song]\r\n[00:02.50]two\r\n[00:01.00]one\r\n"),
		"upper.flac": song(), "upper.LRC": []byte("[00:01]one"),
		"plainfile.flac": song(), "plainfile.lrc": []byte("no times\nhere"),
		"synced.flac": song("LYRICS=[00:01.00]one\n[00:02.00]two"), "plain.flac": song("UNSYNCEDLYRICS=first\nsecond"),
		"none.flac": song(), "empty.flac": song("LYRICS=from the tags"), "empty.lrc": nil,
		"huge.flac": song("LYRICS=from the tags"), "huge.lrc": big,
		"latin.flac": song(), "latin.lrc": []byte("[00:01.00]caf\xe9\n"),
	})
	s := service(t, t.TempDir(), root)
	line := func(at float64, text string) music.LyricLine {
		return music.LyricLine{At: time.Duration(at * float64(time.Second)), Text: text}
	}
	for name, want := range map[string]struct {
		synced bool
		source string
		lines  []music.LyricLine
	}{
		"beside":    {true, "file", []music.LyricLine{line(1, "one"), line(2.5, "two")}},
		"upper":     {true, "file", []music.LyricLine{line(1, "one")}},
		"plainfile": {false, "file", []music.LyricLine{line(0, "no times"), line(0, "here")}},
		"synced":    {true, "tags", []music.LyricLine{line(1, "one"), line(2, "two")}},
		"plain":     {false, "tags", []music.LyricLine{line(0, "first"), line(0, "second")}},
		"none":      {}, "empty": {false, "tags", []music.LyricLine{line(0, "from the tags")}},
		"huge":  {false, "tags", []music.LyricLine{line(0, "from the tags")}},
		"latin": {true, "file", []music.LyricLine{line(1, "café")}},
	} {
		ref := trackRef(filepath.Join(root, name+".flac"))
		l, err := s.Lyrics(t.Context(), ref)
		if err != nil || l.Track != ref || l.Synced != want.synced || l.Source != want.source || len(l.Lines) != len(want.lines) {
			t.Errorf("%s: %+v, %v", name, l, err)
			continue
		}
		for i, got := range l.Lines {
			if got != want.lines[i] {
				t.Errorf("%s: line %d is %+v, want %+v", name, i, got, want.lines[i])
			}
		}
	}
	if _, err := s.Lyrics(t.Context(), trackRef(filepath.Join(root, "gone.flac"))); err == nil {
		t.Error("the lyrics of a file that is not there")
	}
}

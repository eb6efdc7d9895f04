package tags_test

import (
	"bytes"
	"errors"
	"io/fs"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"segue/internal/tags"
)

// huge is a file of many gigabytes that begins with head and is made of fill.
type huge struct {
	head []byte
	fill []byte
	size int64
	read int64 // bytes that were asked for
}

func (h *huge) ReadAt(b []byte, off int64) (int, error) {
	h.read += int64(len(b))
	for i := range b {
		at := off + int64(i)
		switch {
		case at < int64(len(h.head)):
			b[i] = h.head[at]
		case len(h.fill) > 0:
			b[i] = h.fill[(at-int64(len(h.head)))%int64(len(h.fill))]
		default:
			b[i] = 0
		}
	}
	return len(b), nil
}

// nested is an atom inside an atom inside an atom …
func nested(n int) []byte {
	b := box("free")
	for range n {
		b = box("udta", b)
	}
	return b
}

func TestFilesThatLieMakeNobodyReadOrKeepMuch(t *testing.T) {
	ftyp := box("ftyp", []byte("M4A \x00\x00\x00\x00"))
	tests := []struct {
		name, file string
		head, fill []byte
		want       string // in the error; empty = none needs to be
	}{
		{"atoms that nest for ever", "a.m4a", cat(ftyp, nested(5000)), nil, "deep"},
		{"atoms without end", "a.m4a", ftyp, box("free"), "more than 20000 atoms"},
		{"an atom of nothing", "a.m4a", cat(ftyp, be32(4), []byte("moov")), nil, "claims 4 bytes"},
		{"an atom as long as 64 bits go", "a.m4a", cat(ftyp, be32(1), []byte("moov"), bytes.Repeat([]byte{0xff}, 8)), nil, "beyond the end"},
		{"a million tags of MP4", "a.m4a", cat(ftyp, be32(0), []byte("moov"), be32(0), []byte("udta"), be32(0), []byte("ilst")), box("\xa9nam", data(1, "x")), "more than"},
		{"blocks of FLAC without end", "a.flac", cat([]byte("fLaC"), block(0, false, streamInfo(1))), block(1, false, nil), "more than 4096"},
		{"comments without end", "a.flac", cat([]byte("fLaC"), block(0, false, streamInfo(1)), []byte{4, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff}), []byte("\x01\x00\x00\x00x"), "comments: 4294967295"},
		{"a comment of four gigabytes", "a.flac", cat([]byte("fLaC"), block(0, false, streamInfo(1)), []byte{4, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff}), nil, "too early"},
		{"pages without end", "a.ogg", page(7, 2, 0, []byte("\x01vorbis\x00\x00\x00\x00\x02\x44\xac\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01")), cat(page(7, 0, -1)), "more than 4096 pages"},
		{"pages of other streams without end", "a.ogg", page(7, 2, 0, []byte("\x01vorbis\x00\x00\x00\x00\x02\x44\xac\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01")), page(8, 0, 1, []byte("x")), "more than 4096 pages"},
		{"streams of Ogg that all begin", "a.ogg", nil, page(7, 2, 0, []byte("nothing")), "no Vorbis"},
		{"frames of ID3 without end", "a.mp3", id3raw(4, 0, nil)[:6:6], nil, ""},
		{"a million frames of ID3", "a.mp3", []byte("ID3\x04\x00\x00\x7f\x7f\x7f\x7f"), cat([]byte("TIT2"), syncsafe(2), []byte{0, 0, 3, 'x'}), ""},
		{"a million long frames of ID3", "a.mp3", []byte("ID3\x04\x00\x00\x7f\x7f\x7f\x7f"), id3v2(4, 0, utf8Text("COMM", strings.Repeat("x", 400<<10)))[10:], ""},
		{"chunks without end", "a.wav", cat([]byte("RIFF\xff\xff\xff\xffWAVE"), pcmFormat()), riffChunk("junk", nil), "more than 10000 chunks"},
		{"chunks of AIFF without end", "a.aiff", []byte("FORM\xff\xff\xff\xffAIFF"), iffChunk("ANNO", []byte("x")), "more than 10000 chunks"},
		{"nothing but zeros", "a.mp3", nil, nil, "not an audio file"},
		{"nothing but 0xff", "a.mp3", nil, []byte{0xff}, "not an audio file"},
		{"heads of frames only", "a.mp3", nil, []byte("\xff\xfb\x90\x00"), ""},
		{"an extended count of RF64", "a.wav", cat([]byte("RF64\xff\xff\xff\xffWAVE"), riffChunk("ds64", bytes.Repeat([]byte{0xff}, 28)), pcmFormat(), []byte("data\xff\xff\xff\xff")), nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := &huge{head: tt.head, fill: tt.fill, size: 5 << 30}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := tags.ReadFrom(h, h.size, tt.file)
			_, _, _ = tags.CoverFrom(h, h.size, tt.file) // it only has to come back
			runtime.ReadMemStats(&after)
			if tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
			if err != nil && strings.ContainsAny(err.Error(), "\n\x00") {
				t.Errorf("the error is not one line: %q", err)
			}
			if h.read > 100<<20 {
				t.Errorf("%d MiB read", h.read>>20)
			}
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 100<<20 {
				t.Errorf("%d MiB of memory", grown>>20)
			}
		})
	}
}

func TestAPictureOfAGigabyteIsLeftAlone(t *testing.T) {
	n := uint32(1 << 30)
	apic := cat([]byte("ID3\x03\x00\x00"), syncsafe(200<<20), []byte("APIC"), be32(190<<20), []byte{0, 0}, []byte("\x00image/png\x00\x03\x00"))
	files := map[string][]byte{
		"a.m4a":  cat(box("ftyp", []byte("M4A ")), be32(n+32), []byte("moov"), be32(n+24), []byte("ilst"), be32(n+16), []byte("covr"), be32(n), []byte("data"), be32(13, 0)),
		"a.mp3":  apic,
		"a.flac": cat([]byte("fLaC"), block(0, false, streamInfo(1)), []byte{6, 0xff, 0xff, 0xff}, flacPicture(3, "image/png", nil)[:37], be32(n)),
	}
	for name, head := range files {
		h := &huge{head: head, size: 3 << 30}
		got, _ := tags.ReadFrom(h, h.size, name)
		if !got.HasCover {
			t.Errorf("%s: the picture was not seen", name)
		}
		_, data, _ := tags.CoverFrom(h, h.size, name)
		if data != nil {
			t.Errorf("%s: a picture of %d MiB was read", name, len(data)>>20)
		}
		if h.read > 2<<20 {
			t.Errorf("%s: %d KiB were read", name, h.read>>10)
		}
	}
}

func TestWhatCouldBeReadComesWithTheError(t *testing.T) {
	whole := flac(block(4, false, comments("TITLE=Title", "ARTIST=Anna", "ALBUM="+strings.Repeat("x", 500))))
	b := whole[:120]
	got, err := tags.ReadFrom(bytes.NewReader(b), int64(len(b)), "a.flac")
	if err == nil || got.Audio.Codec != "FLAC" {
		t.Errorf("error %v, audio %+v", err, got.Audio)
	}
	mp4 := m4a(44100, false, box("\xa9nam", data(1, "Title")))
	b = mp4[:len(mp4)-100-8-4]
	if got, err = tags.ReadFrom(bytes.NewReader(b), int64(len(b)), "a.m4a"); err == nil {
		t.Errorf("a cut file without an error: %+v", got)
	}
}

func TestEveryCutOfEveryFileComesBack(t *testing.T) {
	for name, b := range samples() {
		for n := range b {
			if len(b) > 4000 && n%37 != 0 {
				continue
			}
			if _, err := tags.ReadFrom(bytes.NewReader(b[:n]), int64(n), name); err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("%s cut at %d: %q is not one line", name, n, err)
			}
		}
	}
}

func TestWhatIsNoFileIsAnErrorAtOnce(t *testing.T) {
	dir := t.TempDir()
	fifo := filepath.Join(dir, "pipe.mp3")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Skip(err)
	}
	empty := filepath.Join(dir, "empty.flac")
	writeFile(t, empty, nil)
	for path, want := range map[string]string{
		fifo: "not a regular file", dir: "not a regular file", empty: "the file is empty", filepath.Join(dir, "gone.ogg"): "no such file",
	} {
		if _, err := tags.Read(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	if _, err := tags.Read(filepath.Join(dir, "gone.ogg")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is not fs.ErrNotExist", err)
	}
	writeFile(t, empty, []byte("#EXTM3U\nthis is no sound"))
	if _, err := tags.Read(empty); !errors.Is(err, tags.ErrNotAudio) {
		t.Errorf("%v is not ErrNotAudio", err)
	}
}

func TestBrokenFilesOfRareFormatsAreErrors(t *testing.T) {
	dir := t.TempDir()
	for name, b := range map[string]string{
		"a.wv": "wvpk\xff\xff\xff\xff", "a.ape": "MAC \xff\xff", "a.mpc": "MPCK", "b.mpc": "MP+\x07", "a.dff": "FRM8\x00\x00\x00\x00\x00\x00\x00\xffDSD ", "a.ofr": "OFR ", "a.wma": "\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a.dsf": "DSD ", "a.tta": "TTA1",
	} {
		path := filepath.Join(dir, name)
		writeFile(t, path, []byte(b+strings.Repeat("\xff\x00", 500)))
		got, err := tags.Read(path)
		if err == nil && got.Duration > 100*time.Hour {
			t.Errorf("%s: a length of %v out of nothing", name, got.Duration)
		}
		if _, _, err := tags.Cover(path); err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %q is not one line", name, err)
		}
	}
}

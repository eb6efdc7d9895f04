package genlib

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Hostile makes a tree of files as bad discs, bad programs and bad people leave them,
// with some good ones between. It returns how many good files it wrote. Nothing in it
// takes more than a few megabytes on disk: huge files are sparse.
func Hostile(dir string) (good int, err error) {
	h := hostile{dir: dir}
	sound := FLAC([]string{"TITLE=Good", "ARTIST=Somebody", "ALBUM=Fine", "TRACKNUMBER=1"}, Frames)
	h.good("good.flac", sound)
	h.good("deep/"+strings.Repeat("d/", 60)+"deep.flac", sound)
	h.good("name-\xff\xfe-not-utf8.flac", sound)
	h.good("name \x1b[31mred\x07\n.flac", FLAC([]string{"TITLE=\x1b]0;owned\x07bell", "ARTIST=a\x00b\r\nc", "ALBUM=\u202eevil"}, 4))
	h.good("dir-\xe9/latin1 \xfc.flac", sound)
	h.good("very long "+strings.Repeat("x", 230)+".flac", sound)
	h.good("quotes' \"%s\" `id` $(id); --.flac", sound)
	h.good("percent%00%2f#frag?query.flac", sound)

	h.file("empty.flac", nil)
	h.file("empty.mp3", nil)
	h.file("picture.mp3", []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"))
	h.file("text.ogg", []byte(strings.Repeat("this is a letter to my aunt\n", 500)))
	h.file("cut-in-the-header.flac", sound[:30])
	h.file("zeros.wav", make([]byte, 1<<16))
	h.file("noise.m4a", noise(1<<16))
	h.file("noise.mp3", noise(1<<16))
	h.file("liar.flac", liar())
	h.file("comment-count.flac", manyComments())
	h.file("size-lies.wav", append([]byte("RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\x7f"), noise(64)...))
	h.file("nested.m4a", nestedAtoms(2000))
	h.file("id3-liar.mp3", append([]byte("ID3\x04\x00\x00\x7f\x7f\x7f\x7fAPIC\x7f\x7f\x7f\x7f\x00\x00\x00"), noise(100)...))
	h.file("ogg-liar.ogg", append([]byte("OggS\x00\x02"), noise(200)...))
	h.file("loop.m3u", []byte("loop2.m3u\nloop.m3u\ngood.flac\n"))
	h.file("loop2.m3u", []byte("loop.m3u\nmissing.flac\n"))
	h.file("bad.cue", []byte("FILE \"good.flac\" WAVE\n  TRACK 99999999999 AUDIO\n    INDEX 01 99:99:99\n\x00\xff"))
	h.file("cover.jpg", []byte("no picture"))
	h.sparse("gigabyte.flac", []byte("fLaC\x06\xff\xff\xff"), 1<<30)
	h.sparse("gigabyte.mp3", []byte("ID3\x03\x00\x00\x3f\x7f\x7f\x7f"), 1<<30)
	h.link("circle", ".")
	h.link("deep/up", "../..")
	h.link("dangling.flac", "nowhere.flac")
	h.link("itself.flac", "itself.flac")
	h.mode("unreadable.flac", sound, 0)
	h.mkdir("closed")
	h.file("closed/inside.flac", sound)
	h.chmod("closed", 0)
	h.mkdir("folder.flac")
	return h.count, h.err
}

// hostile writes until the first error.
type hostile struct {
	dir   string
	count int
	err   error
}

func (h *hostile) do(f func(path string) error, name string) {
	if h.err != nil {
		return
	}
	p := h.dir + "/" + name
	if h.err = os.MkdirAll(filepath.Dir(p), 0o755); h.err == nil {
		h.err = f(p)
	}
	if h.err != nil {
		h.err = fmt.Errorf("genlib: make %q: %w", name, h.err)
	}
}

func (h *hostile) good(name string, data []byte) {
	h.count++
	h.file(name, data)
}

func (h *hostile) file(name string, data []byte) { h.mode(name, data, 0o644) }

func (h *hostile) mode(name string, data []byte, m os.FileMode) {
	h.do(func(p string) error {
		if err := os.WriteFile(p, data, 0o644); err != nil {
			return err
		}
		return os.Chmod(p, m)
	}, name)
}

func (h *hostile) mkdir(name string) {
	h.do(func(p string) error { return os.MkdirAll(p, 0o755) }, name)
}

func (h *hostile) chmod(name string, m os.FileMode) {
	h.do(func(p string) error { return os.Chmod(p, m) }, name)
}

func (h *hostile) link(name, to string) {
	h.do(func(p string) error { return os.Symlink(to, p) }, name)
}

func (h *hostile) sparse(name string, head []byte, size int64) {
	h.do(func(p string) error {
		if err := os.WriteFile(p, head, 0o644); err != nil {
			return err
		}
		return os.Truncate(p, size)
	}, name)
}

// noise is the same bytes every time.
func noise(n int) []byte {
	b := make([]byte, n)
	x := uint32(2463534242)
	for i := range b {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		b[i] = byte(x)
	}
	return b
}

// liar has a comment block whose string is said to be four gigabytes long.
func liar() []byte {
	b := FLAC([]string{"TITLE=x"}, 2)
	i := bytes.Index(b, []byte("TITLE=x"))
	binary.LittleEndian.PutUint32(b[i-4:], 1<<32-1)
	return b
}

// manyComments says that it has four thousand million comments.
func manyComments() []byte {
	b := FLAC([]string{"TITLE=x"}, 2)
	i := bytes.Index(b, []byte("TITLE=x"))
	binary.LittleEndian.PutUint32(b[i-8:], 1<<32-1)
	return b
}

// nestedAtoms is MP4 whose atoms lie in each other for ever.
func nestedAtoms(depth int) []byte {
	b := []byte("\x00\x00\x00\x14ftypM4A \x00\x00\x00\x00M4A ")
	size := uint32(8 * depth)
	for i := range depth {
		b = binary.BigEndian.AppendUint32(b, size-uint32(8*i))
		b = append(b, "moov"...)
	}
	return b
}

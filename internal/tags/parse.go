package tags

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// maxTags is how many ID3v2 tags may stand one behind the other.
const maxTags = 4

// parse finds out what the file is by its first bytes and reads it.
func (p *parser) parse() error {
	if p.src.size == 0 {
		return errors.New("the file is empty")
	}
	head, err := p.src.upTo(0, 16)
	if err != nil {
		return err
	}
	start := int64(0)
	for i := 0; i < maxTags && bytes.HasPrefix(head, []byte("ID3")); i++ {
		read := func() error { start, err = p.id3v2(start); return err }
		if i > 0 { // some programs put a new tag before the old one
			err = p.lesser(read)
		} else {
			err = read()
		}
		if err != nil {
			p.warn("id3: %v", err)
		}
		if head, err = p.src.upTo(start, 16); err != nil {
			return errShort
		}
	}
	return p.container(start, head)
}

// container reads the file that begins with head at start, behind an ID3v2 tag if there was one.
func (p *parser) container(start int64, head []byte) error {
	is := func(at int, magic string) bool {
		return len(head) >= at+len(magic) && string(head[at:at+len(magic)]) == magic
	}
	switch {
	case is(0, "fLaC"):
		return p.flac(start)
	case is(0, "OggS"):
		return p.ogg(start)
	case is(4, "ftyp"):
		return p.mp4(start)
	case (is(0, "RIFF") || is(0, "RF64") || is(0, "BW64")) && is(8, "WAVE"):
		return p.wav(start)
	case is(0, "FORM") && (is(8, "AIFF") || is(8, "AIFC")):
		return p.aiff(start)
	case is(0, "wvpk"):
		return p.wavpack(start)
	case is(0, "TTA1"):
		return p.tta(start)
	case is(0, "MAC "):
		return p.monkey(start)
	case is(0, "DSD "):
		return p.dsf(start)
	case is(0, asfHeader):
		return p.asf(start)
	case is(0, "MPCK"):
		return p.sv8(start)
	case is(0, "MP+"):
		return p.sv7(start)
	case is(0, "FRM8"):
		return p.dff(start)
	case is(0, "TTA2"):
		return p.tta2(start)
	case is(0, "OFR "):
		return p.optimFROG(start)
	}
	switch ext := extension(p.name); ext {
	case "m4a", "m4b", "mp4", "m4p":
		return p.mp4(start)
	case "mpc", "mpp", "mp+":
		if ok, err := p.oldMusepack(start); ok {
			return err
		}
	}
	return p.mpeg(start)
}

// extension is the part of a name behind its last dot, in small letters.
func extension(name string) string {
	return strings.ToLower(strings.TrimPrefix(filepath.Ext(name), "."))
}

// IsAudio reports whether a file of this name is to be scanned, by its extension alone.
func IsAudio(name string) bool {
	i := strings.LastIndexByte(name, '.')
	if i <= 0 || len(name)-i > 6 {
		return false
	}
	var low [6]byte
	ext := low[:0]
	for _, c := range []byte(name[i+1:]) {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		ext = append(ext, c)
	}
	switch string(ext) {
	case "mp3", "mp2", "mpga", "aac", "flac", "ogg", "oga", "opus", "spx",
		"m4a", "m4b", "mp4", "m4p", "alac", "wav", "wave", "rf64", "bwf", "aif", "aiff", "aifc",
		"wma", "asf", "ape", "wv", "mpc", "mpp", "mp+", "dsf", "dff", "tta":
		return true
	}
	return false
}

// picture is the best picture so far.
type picture struct {
	mime string
	data []byte
	rank int // 0 none, 1 another kind, 2 kind "other", 3 front cover
}

// Kinds of pictures as ID3 and FLAC number them.
const (
	kindOther = 0
	kindFront = 3
)

// offer takes note of n bytes of picture at off, and reads them where they are
// wanted and better than what is there. It reports what kept it from that.
func (p *parser) offer(kind int, mime string, off, n int64) {
	if n <= 0 || mime == "-->" { // a link
		return
	}
	p.t.HasCover = true
	rank := rankOf(kind)
	if !p.wantCover || rank <= p.pic.rank {
		return
	}
	data, err := p.src.picture(off, n)
	if err != nil {
		p.warn("picture: %v", err)
		return
	}
	p.pic = picture{mime: imageType(mime, data), data: data, rank: rank}
}

// offerBytes is offer for a picture that had to be decoded; it copies it.
func (p *parser) offerBytes(kind int, mime string, data []byte) {
	if len(data) == 0 || len(data) > maxCover || mime == "-->" {
		return
	}
	p.t.HasCover = true
	if rank := rankOf(kind); p.wantCover && rank > p.pic.rank {
		p.pic = picture{mime: imageType(mime, data), data: bytes.Clone(data), rank: rank}
	}
}

func rankOf(kind int) int {
	switch kind {
	case kindFront:
		return 3
	case kindOther:
		return 2
	}
	return 1
}

// imageType trusts the bytes more than what was written beside them.
func imageType(said string, data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return "image/jpeg"
	case bytes.HasPrefix(data, []byte("\x89PNG")):
		return "image/png"
	case bytes.HasPrefix(data, []byte("GIF8")):
		return "image/gif"
	case bytes.HasPrefix(data, []byte("BM")):
		return "image/bmp"
	case len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return "image/webp"
	}
	said = strings.ToLower(line([]byte(said)))
	if said != "" && !strings.Contains(said, "/") {
		said = "image/" + said
	}
	if said == "image/jpg" {
		said = "image/jpeg"
	}
	return said
}

// errAt wraps an error of the container with its name.
func errAt(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

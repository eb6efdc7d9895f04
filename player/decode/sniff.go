package decode

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

type kind int

const (
	kindNone kind = iota
	kindWAV
	kindAIFF
	kindFLAC
	kindOggFLAC
	kindVorbis
	kindOpus
	kindMPEG
	kindForeign // for ffmpeg
)

// finding is what the first bytes say.
type finding struct {
	kind  kind
	label string // of the codec or container, for people
}

// How far we look. 16 KB is what a stream that cannot seek may be held up for.
const (
	firstLook = 4 << 10
	longLook  = 16 << 10
	fileLook  = 128 << 10 // junk in front of MP3 files happens
)

// sniff finds out what s is and makes s begin where the sound's own bytes do.
func sniff(s *stream, name string) (finding, error) {
	head, err := s.peek(firstLook)
	if err != nil {
		return finding{}, err
	}
	if len(head) == 0 {
		return finding{}, fmt.Errorf("the file is empty (0 bytes): %w", ErrNotAudio)
	}
	tagged, err := skipID3(s)
	if err != nil {
		return finding{}, err
	}
	if head, err = s.peek(firstLook); err != nil {
		return finding{}, err
	}
	if len(head) == 0 {
		return finding{}, fmt.Errorf("a tag and nothing behind it: %w", ErrNotAudio)
	}
	if f := byMagic(head); f.kind != kindNone {
		return f, nil
	}
	if what := wrongType(head); what != "" {
		return finding{}, fmt.Errorf("this is %s, %w", what, ErrNotAudio)
	}
	return sniffMPEG(s, name, tagged)
}

// skipID3 steps over ID3v2 tags in front, which MP3, FLAC and others carry.
func skipID3(s *stream) (found bool, err error) {
	for range 16 {
		head, err := s.peek(firstLook)
		if err != nil {
			return found, err
		}
		n := id3Size(head)
		if n == 0 {
			return found, nil
		}
		s.drop(n)
		found = true
	}
	return found, nil
}

// id3Size is the length of the ID3v2 tag that b begins with, 0 = there is none.
func id3Size(b []byte) int64 {
	if len(b) < 10 || string(b[:3]) != "ID3" || b[3] == 0xff || b[4] == 0xff {
		return 0
	}
	n := int64(0)
	for _, c := range b[6:10] {
		if c >= 0x80 {
			return 0
		}
		n = n<<7 | int64(c)
	}
	if b[5]&0x10 != 0 { // a footer
		n += 10
	}
	return n + 10
}

// sniffMPEG looks for the frames of MP3 and AAC streams, which have no magic bytes.
func sniffMPEG(s *stream, name string, tagged bool) (finding, error) {
	looks := []int{firstLook, longLook}
	if s.seeker != nil {
		looks = append(looks, fileLook)
	}
	hint := tagged || hasExt(name, ".mp3", ".mp2", ".mp1", ".mpga")
	for _, n := range looks {
		head, err := s.peek(n)
		if err != nil {
			return finding{}, err
		}
		whole := len(head) < n
		if at := findADTS(head); at >= 0 {
			return finding{kindForeign, "AAC"}, nil
		}
		if at := findMPEG(head, whole, hint); at >= 0 {
			s.drop(int64(at))
			return finding{kindMPEG, "MP3"}, nil
		}
		if whole {
			break
		}
	}
	// The last straw: names that only ffmpeg's formats have.
	if hasExt(name, ffmpegNames...) {
		return finding{kindForeign, strings.ToUpper(strings.TrimPrefix(filepath.Ext(name), "."))}, nil
	}
	return finding{}, fmt.Errorf("no known sound format: %w", ErrNotAudio)
}

func hasExt(name string, exts ...string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	for _, e := range exts {
		if ext == e {
			return true
		}
	}
	return false
}

// ffmpegNames are formats without magic bytes of their own, or with rare ones.
var ffmpegNames = []string{".aac", ".ac3", ".eac3", ".dts", ".amr", ".awb", ".shn", ".vqf", ".mpc", ".ra",
	".mka", ".mlp", ".thd", ".adx", ".gsm", ".voc", ".m4a", ".m4b", ".mp4", ".wma", ".ape", ".tta", ".tak", ".ofr"}

func byMagic(b []byte) finding {
	for _, m := range magics {
		if len(b) >= m.at+len(m.bytes) && string(b[m.at:m.at+len(m.bytes)]) == m.bytes {
			return finding{m.kind, m.label}
		}
	}
	if len(b) >= 12 {
		form := string(b[8:12])
		switch string(b[:4]) {
		case "RIFF", "RF64", "BW64":
			if form == "WAVE" {
				return finding{kindWAV, "WAV"}
			}
		case "FORM":
			if form == "AIFF" || form == "AIFC" {
				return finding{kindAIFF, "AIFF"}
			}
		}
	}
	if bytes.HasPrefix(b, []byte("OggS")) {
		return oggCodec(b)
	}
	return finding{}
}

// oggCodec looks through the first pages, one for each stream in an Ogg file.
func oggCodec(b []byte) finding {
	for len(b) >= 28 && string(b[:4]) == "OggS" && b[5]&2 != 0 {
		segs := int(b[26])
		body := 27 + segs
		if len(b) < body {
			break
		}
		size := 0
		for _, n := range b[27:body] {
			size += int(n)
		}
		packet := b[body:]
		switch {
		case bytes.HasPrefix(packet, []byte("\x01vorbis")):
			return finding{kindVorbis, "Vorbis"}
		case bytes.HasPrefix(packet, []byte("OpusHead")):
			return finding{kindOpus, "Opus"}
		case bytes.HasPrefix(packet, []byte("\x7fFLAC")):
			return finding{kindOggFLAC, "FLAC"}
		case bytes.HasPrefix(packet, []byte("Speex   ")):
			return finding{kindForeign, "Speex"}
		}
		if len(b) < body+size {
			break
		}
		b = b[body+size:]
	}
	return finding{kindForeign, "Ogg"}
}

// wrongType names what people mistake for music, empty = none of these.
func wrongType(b []byte) string {
	for _, w := range wrongMagics {
		if bytes.HasPrefix(b, []byte(w.bytes)) && (len(w.bytes) > 2 || !plausibleText(b)) {
			return w.what
		}
	}
	if len(b) >= 12 && string(b[:4]) == "RIFF" {
		switch string(b[8:12]) {
		case "WEBP":
			return "a WebP picture"
		case "AVI ":
			return "an AVI video"
		case "sfbk":
			return "a soundfont"
		case "RMID":
			return "a MIDI file: notes"
		}
	}
	if !plausibleText(b) {
		return ""
	}
	low := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))))
	switch {
	case bytes.HasPrefix(low, []byte("<!doctype html")), bytes.HasPrefix(low, []byte("<html")):
		return "an HTML page"
	case bytes.HasPrefix(low, []byte("<?xml")):
		return "an XML document"
	case bytes.HasPrefix(low, []byte("<svg")):
		return "an SVG picture"
	}
	return "text"
}

// plausibleText: UTF-8 without control characters. The end may cut a character in two.
func plausibleText(b []byte) bool {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			return len(b) < utf8.UTFMax && !utf8.FullRune(b)
		}
		if r < 0x20 && r != '\n' && r != '\r' && r != '\t' && r != '\f' && r != 0x1b {
			return false
		}
		b = b[n:]
	}
	return true
}

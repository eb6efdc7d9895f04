package decode

import (
	"encoding/binary"

	"segue/internal/mpegaudio"
)

// findMPEG finds where the frames begin: at a header that others like it follow at just
// the right distances. Pictures and noise have something like a header here and
// there, but not a chain of them. whole: b is all there is; hint: name or tag say MP3.
func findMPEG(b []byte, whole, hint bool) int {
	for i := 0; i+4 <= len(b); i++ {
		if b[i] == 0xff && chained(b[i:], whole, hint && i == 0) {
			return i
		}
	}
	return -1
}

func chained(b []byte, whole, lone bool) bool {
	first, ok := mpegaudio.Parse(b)
	if !ok {
		return false
	}
	const enough = 4
	n, at := 0, 0
	for n < enough && at+4 <= len(b) {
		h, ok := mpegaudio.Parse(b[at:])
		if !ok || !h.Like(first) {
			break
		}
		at += h.Size
		n++
	}
	switch {
	case n >= enough:
		return true
	case at+4 > len(b) && whole: // the file ended while all was well
		return n >= 2 || lone
	case at+128 >= len(b) && whole && lone: // an ID3v1 tag ends it
		return true
	}
	// Big frames: there is no room for four of them in the first look.
	return at+4 > len(b) && n >= 3 && len(b) >= longLook/2
}

// findADTS finds a chain of raw AAC frames at the start.
func findADTS(b []byte) int {
	at, n := 0, 0
	for n < 3 {
		if len(b) < at+7 {
			return -1
		}
		if b[at] != 0xff || b[at+1]&0xf6 != 0xf0 {
			return -1
		}
		size := int(binary.BigEndian.Uint32(b[at+2:])>>5) & 0x1fff
		if size < 7 {
			return -1
		}
		at += size
		n++
	}
	return 0
}

// xingFrames is the number of frames that the header frame at the start of b tells, and
// whether there is one.
func xingFrames(b []byte) (int64, bool) {
	h, ok := mpegaudio.Parse(b)
	if !ok || h.Layer != 3 {
		return 0, false
	}
	if at := 4 + h.Side(); len(b) >= at+12 {
		id := string(b[at : at+4])
		if (id == "Xing" || id == "Info") && b[at+7]&1 != 0 {
			return int64(binary.BigEndian.Uint32(b[at+8:])), true
		}
	}
	if len(b) >= 36+18 && string(b[36:40]) == "VBRI" {
		return int64(binary.BigEndian.Uint32(b[36+14:])), true
	}
	return 0, false
}

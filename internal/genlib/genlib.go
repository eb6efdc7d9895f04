// Package genlib writes libraries of small FLAC files that really decode and carry
// tags, to measure and to break things with. Tests and `make bench` import it.
//
// The same number always gives the same files: artist i/96, album i/12, titles of
// three words and the number i.
package genlib

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
)

// Frames is how many frames of 4,096 samples a file of Write has: 43 are four seconds.
const Frames = 43

var words = [...]string{"river", "night", "paper", "golden", "silent", "echo", "winter", "garden",
	"stone", "glass", "harbor", "violet", "thunder", "lantern", "copper", "mirror", "orbit", "velvet",
	"ember", "willow", "signal", "marble", "shadow", "crystal", "meadow", "falcon", "tide", "saffron",
	"cobalt", "amber"}

func word(i int) string { return words[i%len(words)] }

// Title is the title of file i.
func Title(i int) string {
	return fmt.Sprintf("%s %s %s %d", word(i), word(i*11+5), word(i*5+1), i)
}

// Artist is the artist of file i.
func Artist(i int) string {
	a := i / 96
	return fmt.Sprintf("%s %s %d", word(a), word(a*7+3), a)
}

// Album is the album of file i.
func Album(i int) string {
	a := i / 12
	return fmt.Sprintf("%s of the %s %d", word(a*3), word(a*13+2), a)
}

// Path is where file i lies below the library's folder.
func Path(i int) string {
	return filepath.Join(fmt.Sprintf("Artist %05d", i/96), fmt.Sprintf("Album %06d", i/12),
		fmt.Sprintf("%02d %s.flac", i%12+1, Title(i)))
}

// Tags are the Vorbis comments of file i.
func Tags(i int) []string {
	return []string{"TITLE=" + Title(i), "ARTIST=" + Artist(i), "ALBUM=" + Album(i),
		"ALBUMARTIST=" + Artist(i), fmt.Sprintf("TRACKNUMBER=%d", i%12+1),
		fmt.Sprintf("DATE=%d", 1960+i/12%66), "GENRE=" + word(i/96*17), "REPLAYGAIN_TRACK_GAIN=-6.20 dB"}
}

// Write makes the files from up to (without) to below dir.
func Write(dir string, from, to int) error {
	for i := from; i < to; i++ {
		p := filepath.Join(dir, Path(i))
		if i == from || i%12 == 0 {
			if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
				return fmt.Errorf("genlib: make an album: %w", err)
			}
		}
		if err := os.WriteFile(p, FLAC(Tags(i), Frames), 0o644); err != nil {
			return fmt.Errorf("genlib: write a track: %w", err)
		}
	}
	return nil
}

// FLAC is a whole file: stereo, 16 bit, 44.1 kHz, silence of frames x 4,096 samples,
// with the Vorbis comments ("NAME=value") given.
func FLAC(comments []string, frames int) []byte {
	info := make([]byte, 34)
	binary.BigEndian.PutUint16(info[0:], 4096)
	binary.BigEndian.PutUint16(info[2:], 4096)
	binary.BigEndian.PutUint64(info[10:], 44100<<44|1<<41|15<<36|uint64(frames)*4096)

	vorbis := appendString(nil, "segue genlib")
	vorbis = binary.LittleEndian.AppendUint32(vorbis, uint32(len(comments)))
	for _, c := range comments {
		vorbis = appendString(vorbis, c)
	}

	b := append([]byte("fLaC"), 0, 0, 0, 34)
	b = append(b, info...)
	b = append(b, 0x84, byte(len(vorbis)>>16), byte(len(vorbis)>>8), byte(len(vorbis)))
	b = append(b, vorbis...)
	for i := range frames {
		b = appendFrame(b, i)
	}
	return b
}

func appendString(b []byte, s string) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(len(s)))
	return append(b, s...)
}

// appendFrame adds frame n: two constant subframes of the value 0.
func appendFrame(b []byte, n int) []byte {
	start := len(b)
	b = append(b, 0xff, 0xf8, 0xc9, 0x18)
	switch {
	case n < 1<<7:
		b = append(b, byte(n))
	case n < 1<<11:
		b = append(b, 0xc0|byte(n>>6), 0x80|byte(n&0x3f))
	default:
		b = append(b, 0xe0|byte(n>>12), 0x80|byte(n>>6&0x3f), 0x80|byte(n&0x3f))
	}
	b = append(b, crc8(b[start:]))
	b = append(b, 0, 0, 0, 0, 0, 0)
	return binary.BigEndian.AppendUint16(b, crc16(b[start:]))
}

func crc8(b []byte) byte {
	var c byte
	for _, x := range b {
		c ^= x
		for range 8 {
			if c&0x80 != 0 {
				c = c<<1 ^ 0x07
			} else {
				c <<= 1
			}
		}
	}
	return c
}

func crc16(b []byte) uint16 {
	var c uint16
	for _, x := range b {
		c ^= uint16(x) << 8
		for range 8 {
			if c&0x8000 != 0 {
				c = c<<1 ^ 0x8005
			} else {
				c <<= 1
			}
		}
	}
	return c
}

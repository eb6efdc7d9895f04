package main

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// firstPage is the header page of a committed track, with the checksum that opusenc gave it.
func firstPage(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "album", album()[0].tracks[0]+".opus"))
	if err != nil {
		t.Fatal(err)
	}
	return b[:27+int(b[26])+int(b[27])]
}

func TestHidingTheRunUpRaisesThePreSkipAndKeepsThePageSound(t *testing.T) {
	b := firstPage(t)
	given := binary.LittleEndian.Uint32(b[22:])
	skip := binary.LittleEndian.Uint16(b[38:])
	if err := addPreSkip(b, 0); err != nil || binary.LittleEndian.Uint32(b[22:]) != given {
		t.Fatalf("adding nothing makes the checksum %08x of %08x, %v", binary.LittleEndian.Uint32(b[22:]), given, err)
	}
	if err := addPreSkip(b, preroll); err != nil {
		t.Fatal(err)
	}
	if got := binary.LittleEndian.Uint16(b[38:]); got != skip+preroll {
		t.Errorf("the pre-skip is %d, want %d", got, skip+preroll)
	}
	if binary.LittleEndian.Uint32(b[22:]) == given {
		t.Error("the checksum did not change")
	}
}

func TestWhatIsNoOpusFileIsLeftAlone(t *testing.T) {
	good := firstPage(t)
	for name, c := range map[string]struct {
		b    []byte
		n    int
		want string
	}{
		"empty":              {nil, 1, "no Ogg page"},
		"not Ogg":            {[]byte(strings.Repeat("RIFF", 20)), 1, "no Ogg page"},
		"cut in the header":  {good[:40], 1, "no Opus header"},
		"too long a run-up":  {good, 0x10000, "too long"},
		"cut in the lacings": {append([]byte("OggS"), make([]byte, 24)...), 1, "no Opus header"},
	} {
		if err := addPreSkip(c.b, c.n); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

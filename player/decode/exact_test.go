package decode

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// TestFLACOfEveryDepthIsScaledExactly: 8 to 32 bits, compared with the WAV it was made of.
func TestFLACOfEveryDepthIsScaledExactly(t *testing.T) {
	dir := t.TempDir()
	for _, bits := range []int{8, 16, 24, 32} {
		t.Run(strconv.Itoa(bits), func(t *testing.T) {
			wav, flac := filepath.Join(dir, "a.wav"), filepath.Join(dir, "a.flac")
			run(t, "sox", "-R", "-n", "-r", "96000", "-b", strconv.Itoa(bits), "-c", "2", wav,
				"synth", "0.5", "sine", "997", "noise", "gain", "-3")
			run(t, "flac", "-s", "-f", "-o", flac, wav)
			src := mustOpen(t, flac)
			if src.Info().Bits != bits || src.Format().Rate != 96000 {
				t.Errorf("info %+v, format %+v", src.Info(), src.Format())
			}
			same(t, "samples", all(t, src), all(t, mustOpen(t, wav)), 0)
		})
	}
}

// oggCRC is the checksum of an Ogg page, by RFC 3533.
func oggCRC(page []byte) uint32 {
	crc := uint32(0)
	for _, b := range page {
		crc ^= uint32(b) << 24
		for range 8 {
			if crc&(1<<31) != 0 {
				crc = crc<<1 ^ 0x04c11db7
			} else {
				crc <<= 1
			}
		}
	}
	return crc
}

// TestTheHeaderGainOfOpusIsApplied: 6.02 dB less are half.
func TestTheHeaderGainOfOpusIsApplied(t *testing.T) {
	dir := t.TempDir()
	in := make16(t, dir, 48000, 2, 30_000)
	p := filepath.Join(dir, "a.opus")
	run(t, "opusenc", "--quiet", in.path, p)
	b, err := os.ReadFile(p)
	if err != nil {
		t.Fatal(err)
	}
	want := all(t, mustStream(t, bytes.NewReader(b), "a.opus"))
	for i := range want {
		want[i] /= 2
	}
	size := 28 + int(b[27]) // the first page holds the header alone
	gain := -1541           // Q7.8
	binary.LittleEndian.PutUint16(b[28+16:], uint16(gain))
	copy(b[22:26], "\x00\x00\x00\x00")
	binary.LittleEndian.PutUint32(b[22:], oggCRC(b[:size]))
	same(t, "half as loud", all(t, mustStream(t, bytes.NewReader(b), "a.opus")), want, 1e-4)
}

// TestTheCountOfITunesIsBelieved over the whole frames that the container counts.
func TestTheCountOfITunesIsBelieved(t *testing.T) {
	const tag = " 00000000 00000840 000001CA 00000000003F31F6 00000000 00000000"
	if n := gaplessLength(tag); n != 0x3f31f6 {
		t.Errorf("%d frames", n)
	}
	for _, bad := range []string{"", "1 2 3", "0 0 0 zz", " 00000000 00000840 000001CA -5"} {
		if n := gaplessLength(bad); n > 0 {
			t.Errorf("%q: %d frames", bad, n)
		}
	}
	var a answer
	a.Streams = []answerStream{{Codec: "aac", Rate: "44100", BitRate: "256000", TimeBase: "1/44100", Duration: 4_144_128}}
	a.Format.Name, a.Format.Tags = "mov,mp4,m4a", map[string]string{"iTunSMPB": tag}
	if p := a.probe(); p.frames != 0x3f31f6 || !p.exact || !p.seeks || p.info("MP4", 44100).Frames != 0x3f31f6 {
		t.Errorf("%+v", p)
	}
}

// TestMP3sGluedTogetherPlayToTheEnd: those that people glued with cat.
func TestMP3sGluedTogetherPlayToTheEnd(t *testing.T) {
	dir := t.TempDir()
	in := make16(t, dir, 44100, 2, 60_000)
	p := filepath.Join(dir, "a.mp3")
	run(t, "lame", "--quiet", "-V2", in.path, p)
	one, err := os.ReadFile(p)
	if err != nil {
		t.Fatal(err)
	}
	got := all(t, mustStream(t, bytes.NewReader(append(bytes.Clone(one), one...)), "two.mp3"))
	if n := len(got) / 2; n < 120_000-1152 || n > 120_000+4*1152 {
		t.Errorf("%d frames", n)
	}
}

// far counts what is read of a file that is far away.
type far struct {
	*bytes.Reader
	read int
}

func (f *far) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	f.read += n
	return n, err
}

// TestSlowInputsAreNotReadToKnowTheirLength: an MP3 without a header, opened and sought.
func TestSlowInputsAreNotReadToKnowTheirLength(t *testing.T) {
	dir := t.TempDir()
	in := make16(t, dir, 44100, 2, 30*44100)
	p := filepath.Join(dir, "a.mp3")
	run(t, "lame", "--quiet", "-t", "-b", "128", in.path, p)
	b, err := os.ReadFile(p)
	if err != nil {
		t.Fatal(err)
	}
	f := &far{Reader: bytes.NewReader(b)}
	src, err := Open(Input{R: f, Size: int64(len(b)), Name: "a.mp3", Slow: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = src.Close() })
	if f.read > 32<<10 {
		t.Errorf("%d bytes to open it", f.read)
	}
	if d := src.Info().Frames - 30*44100; d < -5000 || d > 5000 {
		t.Errorf("the guess is %d", src.Info().Frames)
	}
	f.read = 0
	if _, err := src.Seek(src.Format().Duration(25 * 44100)); err != nil {
		t.Fatal(err)
	}
	readSome(t, src, 4000)
	if f.read > 96<<10 {
		t.Errorf("%d bytes to seek", f.read)
	}
	if _, err := readOut(src); err != nil {
		t.Errorf("the end: %v", err)
	}
}

// closer tells whether it was closed.
type closer struct {
	io.Reader
	closed int
}

func (c *closer) Close() error { c.closed++; return nil }

// TestTheSourceOwnsItsReader from a good Open to Close, and not before.
func TestTheSourceOwnsItsReader(t *testing.T) {
	c := &closer{Reader: onlyReads("no music")}
	if _, err := Open(Input{R: c, Size: -1, Name: "a"}); err == nil || c.closed != 0 {
		t.Errorf("after a failed open: %v, closed %d times", err, c.closed)
	}
	c = &closer{Reader: bytes.NewReader(seeds(t)["tiny.wav"])}
	src, err := Open(Input{R: c, Size: -1, Name: "a"})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := src.Close(); err != nil || c.closed != 1 {
			t.Errorf("%v, closed %d times", err, c.closed)
		}
	}
}

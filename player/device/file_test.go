package device

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"segue/internal/pcm"
)

var cd = pcm.Format{Rate: 44100, Channels: 2}

// reader gives the samples of all, in uneven pieces, and then the end.
func reader(all []float32) func([]float32) (int, bool) {
	piece := 0
	return func(dst []float32) (int, bool) {
		piece = (piece+1234)%1000*2 + 2
		n := copy(dst, all[:min(piece, len(all))])
		all = all[n:]
		return n, len(all) > 0
	}
}

func everySixteenBits() []float32 {
	all := make([]float32, 0, 65536)
	for i := math.MinInt16; i <= math.MaxInt16; i++ {
		all = append(all, float32(i)/32768)
	}
	return all
}

func record(t *testing.T, d pcm.Device, read func([]float32) (int, bool)) pcm.Stream {
	t.Helper()
	r, ok := d.(pcm.Recorder)
	if !ok {
		t.Fatalf("%s is no Recorder", d.Name())
	}
	s, err := r.Record(cd, read)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func wait(t *testing.T, s pcm.Stream) error {
	t.Helper()
	select {
	case <-s.Done():
	case <-time.After(30 * time.Second):
		t.Fatal("the stream did not end")
	}
	return s.Err()
}

func TestEverySixteenBitSampleLeavesAsItCame(t *testing.T) {
	var out bytes.Buffer
	if err := wait(t, record(t, Stdout(&out, S16), reader(everySixteenBits()))); err != nil {
		t.Fatal(err)
	}
	if out.Len() != 2*65536 {
		t.Fatalf("%d bytes", out.Len())
	}
	for i := range 65536 {
		got := int16(binary.LittleEndian.Uint16(out.Bytes()[2*i:]))
		if want := int16(i + math.MinInt16); got != want {
			t.Fatalf("%d became %d", want, got)
		}
	}
}

func TestSamplesBeyondFullScaleAreClampedAndOddOnesSilent(t *testing.T) {
	inf := float32(math.Inf(1))
	for v, want := range map[float32]int16{1: 32767, 1.5: 32767, -1: -32768, -7: -32768, inf: 32767, -inf: -32768, 0.5 / 32768: 1, 0.49 / 32768: 0, -0.49 / 32768: 0} {
		if got := toS16(v); got != want {
			t.Errorf("toS16(%v) = %d, want %d", v, got, want)
		}
	}
	if got := toS16(float32(math.NaN())); got != 0 {
		t.Errorf("NaN became %d", got)
	}
}

func TestAWAVFileHoldsExactlyWhatWasGiven(t *testing.T) {
	for _, sample := range []SampleFormat{S16, F32} {
		t.Run(sample.String(), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "out.wav")
			all := everySixteenBits()
			if err := wait(t, record(t, WAV(path, sample), reader(all))); err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			f, samples := parseWAV(t, data)
			if f.tag != map[SampleFormat]uint16{S16: 1, F32: 3}[sample] || f.rate != 44100 || f.channels != 2 {
				t.Fatalf("format %+v", f)
			}
			if want := sample.encode(nil, all); !bytes.Equal(samples, want) {
				t.Fatalf("%d bytes of samples, want %d, or they differ", len(samples), len(want))
			}
		})
	}
}

type wavFormat struct {
	tag, channels uint16
	rate          uint32
}

// parseWAV walks the chunks, strictly.
func parseWAV(t *testing.T, data []byte) (f wavFormat, samples []byte) {
	t.Helper()
	le := binary.LittleEndian
	if string(data[:4]) != "RIFF" || string(data[8:12]) != "WAVE" || int(le.Uint32(data[4:])) != len(data)-8 {
		t.Fatalf("bad RIFF header % x for %d bytes", data[:12], len(data))
	}
	for rest := data[12:]; len(rest) > 0; {
		id, n := string(rest[:4]), int(le.Uint32(rest[4:]))
		body := rest[8 : 8+n]
		switch id {
		case "fmt ":
			f = wavFormat{le.Uint16(body), le.Uint16(body[2:]), le.Uint32(body[4:])}
		case "fact":
			if got := int(le.Uint32(body)); got != 32768 {
				t.Errorf("fact says %d frames", got)
			}
		case "data":
			samples = body
		}
		rest = rest[8+n+n%2:]
	}
	return f, samples
}

func TestAWAVOnAStreamSaysUntilTheEnd(t *testing.T) {
	var out bytes.Buffer
	if err := wait(t, record(t, WAVStream(&out, S16), reader(make([]float32, 20)))); err != nil {
		t.Fatal(err)
	}
	le := binary.LittleEndian
	if b := out.Bytes(); len(b) != 44+40 || le.Uint32(b[4:]) != unknownSize || le.Uint32(b[40:]) != unknownSize {
		t.Fatalf("% x", b)
	}
}

func TestStartWritesEveryBlockButTheOneThatSaysTheEnd(t *testing.T) {
	var out bytes.Buffer
	blocks := 0
	s, err := Stdout(&out, F32).Start(cd, func(dst []float32) bool {
		blocks++
		for i := range dst {
			dst[i] = float32(blocks)
		}
		return blocks <= 3
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := wait(t, s); err != nil {
		t.Fatal(err)
	}
	if want := 3 * fileBlock * 2 * 4; out.Len() != want {
		t.Fatalf("%d bytes, want %d", out.Len(), want)
	}
}

func TestAPausedFileAsksForNothingAndGoesOnWhereItWas(t *testing.T) {
	r, w := io.Pipe()
	asked := make(chan struct{}, 1000)
	s := record(t, Stdout(w, F32), func(dst []float32) (int, bool) {
		asked <- struct{}{}
		return len(dst), true
	})
	if _, err := io.CopyN(io.Discard, r, 100000); err != nil {
		t.Fatal(err)
	}
	s.Pause()
	go func() { _, _ = io.CopyN(io.Discard, r, 2*fileBlock*8) }() // at most what is on its way
	time.Sleep(300 * time.Millisecond)
	for len(asked) > 0 {
		<-asked
	}
	time.Sleep(20 * time.Millisecond)
	if len(asked) > 0 {
		t.Fatal("asked for frames while paused")
	}
	s.Resume()
	go func() { _, _ = io.Copy(io.Discard, r) }()
	<-asked
}

func TestAReaderThatGoesAwayEndsAPipeInPlainWords(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Close() }()
	s := record(t, Stdout(w, S16), func(dst []float32) (int, bool) { return len(dst), true })
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if err := wait(t, s); !errors.Is(err, ErrReaderGone) || !strings.HasPrefix(err.Error(), "device: -: ") {
		t.Fatalf("%v", err)
	}
}

func TestAFullDiskIsAnErrorOfTheStream(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full here")
	}
	_, err := WAV("/dev/full", S16).(pcm.Recorder).Record(cd, func(dst []float32) (int, bool) { return len(dst), true })
	if err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Fatalf("%v", err)
	}
	s, err := Pipe("/dev/full", S16).Start(cd, func([]float32) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	if err := wait(t, s); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Fatalf("%v", err)
	}
}

func TestAPipeIsMadeWaitedForAndRemoved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fifo")
	all := everySixteenBits()
	s := record(t, Pipe(path, S16), reader(all))
	var in *os.File
	for deadline := time.Now().Add(5 * time.Second); in == nil; {
		f, err := os.Open(path)
		if err == nil {
			in = f
		} else if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
	got, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	if want := S16.encode(nil, all); !bytes.Equal(got, want) {
		t.Fatalf("%d bytes, want %d, or they differ", len(got), len(want))
	}
	if err := wait(t, s); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("the pipe stays: %v", err)
	}
}

func TestClosingAPipeDoesNotWaitForAReader(t *testing.T) {
	for name, opens := range map[string]bool{"that never comes": false, "that does not read": true} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "fifo")
			s := record(t, Pipe(path, S16), func(dst []float32) (int, bool) { return len(dst), true })
			if opens {
				var in *os.File
				for in == nil {
					in, _ = os.Open(path)
				}
				defer func() { _ = in.Close() }()
			}
			time.Sleep(100 * time.Millisecond) // the pipe is full, or waited for
			began := time.Now()
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Fatalf("Close took %v", took)
			}
		})
	}
}

func TestNobodyLosesMusicToASlipOfTheKeys(t *testing.T) {
	dir := t.TempDir()
	song := filepath.Join(dir, "song.flac")
	if err := os.WriteFile(song, []byte("fLaC and the music"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := WAV(song, S16).Start(cd, func([]float32) bool { return false }); !errors.Is(err, ErrOther) {
		t.Errorf("wav: %v", err)
	}
	s, err := Pipe(song, S16).Start(cd, func([]float32) bool { return true })
	if err == nil {
		err = wait(t, s)
	}
	if !errors.Is(err, ErrOther) {
		t.Errorf("pipe: %v", err)
	}
	if got, err := os.ReadFile(song); err != nil || string(got) != "fLaC and the music" {
		t.Errorf("the song is now %q, %v", got, err)
	}
	again := WAV(filepath.Join(dir, "out.wav"), S16)
	if err := wait(t, record(t, again, reader(make([]float32, 10)))); err != nil {
		t.Fatal(err)
	}
	if _, err := again.Start(cd, func([]float32) bool { return true }); !errors.Is(err, ErrWritten) {
		t.Errorf("a second start: %v", err)
	}
}

func TestAPlaceThatCannotBeWrittenIsAnErrorAtOnce(t *testing.T) {
	for name, path := range map[string]string{"a folder": t.TempDir(), "no such folder": filepath.Join(t.TempDir(), "no", "out.wav")} {
		if _, err := WAV(path, S16).Start(cd, func([]float32) bool { return true }); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

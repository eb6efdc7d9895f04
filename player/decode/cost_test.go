package decode

import (
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"segue/internal/need"
)

// TestReadingAllocatesNothing once a source runs.
func TestReadingAllocatesNothing(t *testing.T) {
	dir := t.TempDir()
	in := make16(t, dir, 44100, 2, 6*44100)
	for _, c := range seekCases {
		if c.prog == "ffmpeg" && c.file != "a.m4a" {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			out := filepath.Join(dir, c.file)
			run(t, c.prog, withFiles(c.args, in.path, out)...)
			src := mustOpen(t, out)
			box := make([]float32, 2048*src.Format().Channels)
			n := testing.AllocsPerRun(50, func() {
				if _, err := src.Read(box); err != nil {
					t.Fatal(err)
				}
			})
			if n != 0 {
				t.Errorf("%v allocations a read", n)
			}
		})
	}
}

// benchFiles are ten minutes of real music in every codec.
func benchFiles(b *testing.B) map[string]string {
	b.Helper()
	dir := b.TempDir()
	in := filepath.Join(dir, "in.wav")
	run(b, "ffmpeg", "-v", "error", "-stream_loop", "9", "-i", filepath.Join(need.Wesnoth(b), "battle.ogg"),
		"-t", "600", "-ar", "44100", "-ac", "2", "-c:a", "pcm_s16le", in)
	files := map[string]string{"WAV": in}
	for _, c := range []struct {
		name, file string
		args       []string
	}{
		{"FLAC", "a.flac", []string{"flac", "-s", "-o", "OUT", "IN"}},
		{"Vorbis", "a.ogg", []string{"oggenc", "-Q", "-q", "5", "-o", "OUT", "IN"}},
		{"Opus", "a.opus", []string{"opusenc", "--quiet", "IN", "OUT"}},
		{"MP3 V0", "a.mp3", []string{"lame", "--quiet", "-V0", "IN", "OUT"}},
		{"MP3 without header", "b.mp3", []string{"lame", "--quiet", "-t", "-b", "320", "IN", "OUT"}},
		{"AAC by ffmpeg", "a.m4a", []string{"ffmpeg", "-v", "error", "-i", "IN", "-c:a", "aac", "OUT"}},
	} {
		p := filepath.Join(dir, c.file)
		if out, err := exec.CommandContext(b.Context(), c.args[0], withFiles(c.args[1:], in, p)...).CombinedOutput(); err != nil {
			b.Fatalf("%s: %v: %s", c.name, err, out)
		}
		files[c.name] = p
	}
	return files
}

// cpu is the processor time used by us and by children that have ended.
func cpu() time.Duration {
	var total time.Duration
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if err := syscall.Getrusage(who, &u); err == nil {
			total += time.Duration(u.Utime.Nano() + u.Stime.Nano())
		}
	}
	return total
}

// BenchmarkCodecs tells CPU seconds per hour of music, and milliseconds for an open with
// the first samples and for a seek with the samples behind it.
func BenchmarkCodecs(b *testing.B) {
	for name, p := range benchFiles(b) {
		b.Run(name, func(b *testing.B) {
			box := make([]float32, 2*4096)
			for b.Loop() {
				benchOnce(b, p, box)
			}
		})
	}
}

func benchOnce(b *testing.B, p string, box []float32) {
	start, busy := time.Now(), cpu()
	src := mustOpen(b, p)
	if _, err := src.Read(box); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(time.Since(start).Microseconds())/1000, "ms/open")
	frames := int64(len(box) / 2)
	for {
		n, err := src.Read(box)
		frames += int64(n / 2)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	_ = src.Close()
	music := src.Format().Duration(frames)
	b.ReportMetric((cpu()-busy).Seconds()/music.Hours(), "cpu-s/h")

	src = mustOpen(b, p)
	const seeks = 20
	start = time.Now()
	for i := range seeks {
		to := time.Duration((i*7)%seeks) * music / seeks
		if _, err := src.Seek(to); err != nil {
			b.Fatal(err)
		}
		if _, err := src.Read(box[:512]); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(time.Since(start).Microseconds())/1000/seeks, "ms/seek")
	_ = src.Close()
}

package decode

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"segue/internal/need"
)

// children lists our living and dead child processes, zombies included.
func children(t *testing.T, parent int) []string {
	t.Helper()
	need.File(t, "/proc/self/stat")
	dirs, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, d := range dirs {
		b, err := os.ReadFile(d)
		if err != nil {
			continue // it has ended meanwhile
		}
		stat := string(b)
		rest := strings.Fields(stat[strings.LastIndex(stat, ")")+1:])
		if len(rest) > 1 && rest[1] == strconv.Itoa(parent) {
			out = append(out, stat[:strings.LastIndex(stat, ")")+1])
		}
	}
	return out
}

func longALAC(t *testing.T) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), "long.m4a")
	run(t, "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "anoisesrc=d=60:r=44100:seed=1", "-ac", "2", "-c:a", "alac", p)
	return p
}

// TestClosingEndsTheProcess: while it waits for us to read, without a zombie.
func TestClosingEndsTheProcess(t *testing.T) {
	src := mustOpen(t, longALAC(t))
	if n := children(t, os.Getpid()); len(n) != 1 {
		t.Fatalf("children: %q", n)
	}
	readSome(t, src, 1000)
	for _, to := range []time.Duration{50 * time.Second, time.Second, 59 * time.Second} {
		if _, err := src.Seek(to); err != nil {
			t.Fatal(err)
		}
		if n := children(t, os.Getpid()); len(n) != 1 {
			t.Fatalf("children after a seek: %q", n)
		}
	}
	if err := src.Close(); err != nil {
		t.Fatal(err)
	}
	if n := children(t, os.Getpid()); len(n) != 0 {
		t.Fatalf("children after closing: %q", n)
	}
	if err := src.Close(); err != nil {
		t.Errorf("a second close: %v", err)
	}
	if n, err := src.Read(make([]float32, 10)); n != 0 || err == nil {
		t.Errorf("a read after closing: %d, %v", n, err)
	}
}

// TestThePlayersDeathEndsTheProcess: kill -9 leaves no orphan.
func TestThePlayersDeathEndsTheProcess(t *testing.T) {
	if p := os.Getenv("SEGUE_TEST_HOLD"); p != "" {
		hold(p)
	}
	if runtime.GOOS != "linux" {
		t.Skip("only Linux promises it; elsewhere the pipe ends it")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, "-test.run", "^TestThePlayersDeathEndsTheProcess$")
	cmd.Env = append(os.Environ(), "SEGUE_TEST_HOLD="+longALAC(t))
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
	var pid int
	if _, err := fmt.Fscanf(r, "child %d\n", &pid); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	deadline := time.Now().Add(5 * time.Second)
	for alive(pid) {
		if time.Now().After(deadline) {
			t.Fatal("ffmpeg outlives its parent")
		}
		runtime.Gosched()
	}
}

// hold is the other process of the test: it opens a source, tells ffmpeg's id and waits.
func hold(path string) {
	src, err := File(path)
	if err != nil {
		panic(err)
	}
	if s, ok := src.(*source); ok {
		if d, ok := s.dec.(*ffmpeg); ok {
			_, err = fmt.Fprintf(os.NewFile(3, "pipe"), "child %d\n", d.proc.pid)
		}
	}
	if err != nil {
		panic(err)
	}
	select {}
}

func alive(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !strings.Contains(string(b), ") Z ")
}

// TestFFmpegReadsWhatIsNoFile: from the middle of nowhere, forward only or with seeks, and
// an MP4 with its index at the end.
func TestFFmpegReadsWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	in := make16(t, dir, 44100, 2, 3*44100+5)
	for name, args := range map[string][]string{
		"a.wv":                      {"IN", "OUT"},
		"an index at the end.m4a":   {"IN", "-c:a", "alac", "OUT"},
		"an index at the start.m4a": {"IN", "-c:a", "alac", "-movflags", "+faststart", "OUT"},
		"a.tta":                     {"IN", "OUT"},
	} {
		t.Run(name, func(t *testing.T) {
			p := filepath.Join(dir, name)
			run(t, "ffmpeg", append([]string{"-v", "error", "-i"}, withFiles(args, in.path, p)...)...)
			b, err := os.ReadFile(p)
			if err != nil {
				t.Fatal(err)
			}
			src := mustStream(t, bytes.NewReader(b), name)
			same(t, "from the start", all(t, src), in.exact, 0)
			for _, frame := range []int{100_000, 7, 44_100} {
				if _, err := src.Seek(src.Format().Duration(int64(frame))); err != nil {
					t.Fatal(err)
				}
				same(t, "after a seek", readSome(t, src, 5000), in.exact[2*frame:2*(frame+5000)], 0)
			}
		})
	}
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "segue-*.mp4"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// TestFFmpegsLastWordsAreTheError: one line, no addresses.
func TestFFmpegsLastWordsAreTheError(t *testing.T) {
	need.Programs(t, "ffmpeg")
	dir := t.TempDir()
	for name, content := range map[string]string{
		"noise.wv":    "wvpk" + strings.Repeat("\x12\xfe", 500),
		"noise.m4a":   "\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00" + strings.Repeat("\x00\xfe", 500),
		"noise.ape":   "MAC \x96\x0f" + strings.Repeat("\x00\x7f", 500),
		"strange.wma": "\x30\x26\xb2\x75\x8e\x66\xcf\x11" + strings.Repeat("\xff", 700),
	} {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := File(p)
		if err == nil || strings.ContainsAny(err.Error(), "\n\x1b") || strings.Contains(err.Error(), "0x") ||
			!strings.HasPrefix(err.Error(), "decode: open "+p+": ") {
			t.Errorf("%s: %v", name, err)
		}
		t.Log(err)
	}
}

// TestAVideoWithoutSoundIsNotAudio.
func TestAVideoWithoutSoundIsNotAudio(t *testing.T) {
	p := filepath.Join(t.TempDir(), "a.mp4")
	run(t, "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=d=1:s=64x64", p)
	if _, err := File(p); !errors.Is(err, ErrNotAudio) || !strings.Contains(err.Error(), "no sound in it") {
		t.Error(err)
	}
}

// TestACutMP4SaysWhereItEnds: what is there is played first.
func TestACutMP4SaysWhereItEnds(t *testing.T) {
	dir := t.TempDir()
	in := make16(t, dir, 44100, 2, 4*44100)
	p := filepath.Join(dir, "a.m4a")
	run(t, "ffmpeg", "-v", "error", "-i", in.path, "-c:a", "alac", "-movflags", "+faststart", p)
	b, err := os.ReadFile(p)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p, b[:len(b)/2], 0o644); err != nil {
		t.Fatal(err)
	}
	src := mustOpen(t, p)
	got, err := readOut(src)
	if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "of 0:04") || len(got) < 44100 {
		t.Errorf("%d samples, %v", len(got), err)
	}
}

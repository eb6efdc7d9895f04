package player_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"segue/internal/need"
	"segue/internal/pcm"
	"segue/player"
	"segue/player/device"
)

// How soon a seek and another track are heard, with real sound servers. ALSA takes its
// settings once for a process: so a child plays, this test binary started again, and
// records what the server's sink plays.

const (
	serverVar = "SEGUE_PLAYER_SERVER"
	// promptly is generous: it takes 15-60 ms, of which 20 are the recorder's.
	promptly = 250 * time.Millisecond
)

func TestMain(m *testing.M) {
	if kind, ok := strings.CutPrefix(os.Getenv(serverVar), resting); ok {
		os.Exit(rests(kind, os.Stdout)) //nolint:forbidigo // a child of the test reports to its parent
	}
	if kind := os.Getenv(serverVar); kind != "" {
		os.Exit(play(kind, os.Stdout)) //nolint:forbidigo // a child of the test reports to its parent
	}
	os.Exit(m.Run())
}

// play is the child. A busy machine may be late, but not each time.
func play(kind string, out io.Writer) int {
	for range 3 {
		err := hearJumps(kind, out)
		if err == nil {
			return 0
		}
		_, _ = fmt.Fprintln(out, "FAILED:", err)
	}
	return 1
}

func TestASeekAndTheNextTrackAreHeardAtOnceOnRealServers(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, kind := range []string{"pulse", "pipewire"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			child(t, kind, startServer(t, kind))
		})
	}
}

// kid is this binary started again, before other work if that is allowed, as the sound servers are.
func kid(ctx context.Context) *exec.Cmd {
	if os.Geteuid() == 0 {
		return exec.CommandContext(ctx, "nice", "-n", "-15", os.Args[0])
	}
	return exec.CommandContext(ctx, os.Args[0])
}

// child plays in a process of its own.
func child(t *testing.T, kind string, env []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := kid(ctx)
	c.Env = append(append(os.Environ(), env...), serverVar+"="+kind)
	var complaints bytes.Buffer
	c.Stderr = &complaints
	out, err := c.Output()
	for line := range strings.Lines(string(out)) {
		t.Log(strings.TrimSuffix(line, "\n"))
	}
	if err != nil || complaints.Len() > 0 {
		t.Errorf("%v; on stderr: %q", err, complaints.String())
	}
}

// startServer starts a private sound server, ended with the test, and returns its environment.
func startServer(t *testing.T, kind string) []string {
	t.Helper()
	script := need.File(t, "../scripts/sound/"+kind+".sh")
	if kind == "pulse" {
		need.Programs(t, "pulseaudio", "pactl", "parec")
		need.File(t, "/usr/lib/x86_64-linux-gnu/alsa-lib/libasound_module_pcm_pulse.so")
	} else {
		need.Programs(t, "pipewire", "wireplumber", "dbus-daemon", "wpctl", "pw-record")
		plugin, err := exec.CommandContext(t.Context(), script, "plugin").Output()
		if err != nil {
			plugin = []byte("ALSA's plug-in for PipeWire")
		}
		need.File(t, strings.TrimSpace(string(plugin)))
	}
	dir, err := os.MkdirTemp("", "segue-play-") // t.TempDir is too long for a socket's path
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = exec.CommandContext(context.Background(), script, "stop", dir).Run()
		_ = os.RemoveAll(dir)
	})
	out, err := exec.CommandContext(t.Context(), script, "start", dir).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return strings.Fields(string(out))
}

// steps is music that tells where it is: each second has a level of its own, and each
// track begins with another.
type steps struct {
	base int
	at   int64
}

func level(n int) float32 { return float32(n+1) / 256 }

func (s *steps) Format() pcm.Format { return pcm.Format{Rate: 44100, Channels: 2} }

func (s *steps) Read(dst []float32) (int, error) {
	for i := range dst {
		dst[i] = level(s.base + int((s.at+int64(i/2))/44100))
	}
	s.at += int64(len(dst) / 2)
	return len(dst), nil
}

func (s *steps) Seek(to time.Duration) (time.Duration, error) {
	s.at = s.Format().Frames(to)
	return to, nil
}

func (s *steps) Close() error { return nil }

// ear records what the sink plays, and notes when each level was heard first.
type ear struct {
	mu    sync.Mutex
	when  map[int]time.Time
	quiet int // frames of silence since the last sound
	gap   map[int]int
}

func (e *ear) read(in io.Reader) {
	buf := make([]byte, 8*256)
	for {
		if _, err := io.ReadFull(in, buf); err != nil {
			return
		}
		now := time.Now()
		e.mu.Lock()
		for i := 0; i < len(buf); i += 8 {
			v := math.Float32frombits(binary.LittleEndian.Uint32(buf[i:]))
			if v == 0 {
				e.quiet++
				continue
			}
			n := int(math.Round(float64(v)*256)) - 1
			if _, ok := e.when[n]; !ok {
				e.when[n], e.gap[n] = now, e.quiet
			}
			e.quiet = 0
		}
		e.mu.Unlock()
	}
}

// heard is when a level came to be heard, and behind how many frames of silence.
func (e *ear) heard(n int) (time.Time, int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.when[n], e.gap[n]
}

func listen(kind string) (*ear, func(), error) {
	e := &ear{when: map[int]time.Time{}, gap: map[int]int{}}
	stop, err := capture(kind, e.read)
	return e, stop, err
}

// capture gives what the server's sink plays to read, until stop.
func capture(kind string, read func(io.Reader)) (stop func(), err error) {
	args := []string{"parec", "--raw", "--format=float32le", "--rate=44100", "--channels=2", "--device=nul.monitor", "--latency-msec=20"}
	if kind == "pipewire" {
		args = []string{"pw-record", "-P", "{ stream.capture.sink = true }", "--format=f32", "--rate=44100", "--channels=2", "--latency=20ms", "-"}
	}
	c := exec.CommandContext(context.Background(), args[0], args[1:]...)
	out, err := c.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.Start(); err != nil {
		return nil, err
	}
	go read(out)
	return sync.OnceFunc(func() { _ = c.Process.Kill(); _ = c.Wait() }), nil
}

// hearJumps seeks and skips, and measures from the command to the anchor that says
// it is heard, and to the recorder.
func hearJumps(kind string, out io.Writer) error {
	e, hush, err := listen(kind)
	if err != nil {
		return err
	}
	defer hush()
	time.Sleep(500 * time.Millisecond) // for the recorder to be linked
	p := player.New(player.Config{Volume: 1}, device.Oto(device.OtoOptions{}))
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	defer func() { cancel(); <-ended }()
	p.Load(item(1, &steps{}), true)
	time.Sleep(1500 * time.Millisecond)
	var told, reached []time.Duration
	base := 0
	for i := range 8 {
		want := 10 + 20*i
		began := time.Now()
		if i%2 == 0 {
			p.Seek(time.Duration(want) * time.Second)
			want += base
		} else {
			base = want
			p.Load(item(2+i, &steps{base: base}), true)
		}
		a, err := anchored(p, began)
		if err != nil {
			return err
		}
		time.Sleep(900*time.Millisecond - time.Since(began))
		at, gap := e.heard(want)
		if at.Before(began) {
			return fmt.Errorf("jump %d was not recorded", i)
		}
		_, _ = fmt.Fprintf(out, "jump %d: anchor after %v, recorded after %v, behind %v of silence\n", i,
			a.Round(time.Millisecond), at.Sub(began).Round(time.Millisecond), pcm.Format{Rate: 44100}.Duration(int64(gap)).Round(time.Millisecond))
		told, reached = append(told, a), append(reached, at.Sub(began))
	}
	slices.Sort(told)
	slices.Sort(reached)
	if m := len(told) / 2; told[m] > promptly || reached[m] > promptly {
		return fmt.Errorf("half of them took longer than %v (anchor) and %v (recorder)", told[m], reached[m])
	}
	return nil
}

// anchored waits for the anchor that says that a jump is heard.
func anchored(p *player.Player, began time.Time) (time.Duration, error) {
	for time.Since(began) < 5*time.Second {
		<-p.Events().Ready()
		for _, ev := range p.Events().Take() {
			if m, ok := ev.(player.Moved); ok && m.Anchor.Rate == 1 && m.Anchor.At.After(began) {
				return time.Since(began), nil
			}
		}
	}
	return 0, errors.New("no anchor says that it is heard")
}

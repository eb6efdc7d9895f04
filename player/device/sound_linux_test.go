package device

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"segue/internal/need"
)

// Tests with real sound servers. ALSA takes its settings once for a process, so each
// scene (scenes_linux_test.go) is played by a child: this test binary, started again.

const (
	sceneVar  = "SEGUE_SOUND_SCENE"
	serverVar = "SEGUE_SOUND_SERVER" // the script of the server
	dirVar    = "SEGUE_SOUND_DIR"    // and its folder

	// quantum is PipeWire's: a machine that runs other tests beside this one is late for 23 ms.
	quantum = "SEGUE_TEST_QUANTUM=4096"
)

func TestMain(m *testing.M) {
	if name := os.Getenv(sceneVar); name != "" {
		os.Exit(playScene(name, os.Stdout)) //nolint:forbidigo // a child of the test reports to its parent
	}
	os.Exit(m.Run())
}

// server is a private sound server.
type server struct {
	script, dir string
	env         []string
}

// startServer starts one with a script of scripts/sound and ends it with the test.
func startServer(t *testing.T, kind string) *server {
	t.Helper()
	s := &server{script: need.File(t, "../../scripts/sound/"+kind+".sh")}
	if kind == "pulse" {
		need.Programs(t, "pulseaudio", "pactl", "parec")
		need.File(t, "/usr/lib/x86_64-linux-gnu/alsa-lib/libasound_module_pcm_pulse.so")
	} else {
		need.Programs(t, "pipewire", "wireplumber", "dbus-daemon", "wpctl", "pw-record")
		plugin, err := exec.CommandContext(t.Context(), s.script, "plugin").Output()
		if err != nil {
			plugin = []byte("ALSA's plug-in for PipeWire")
		}
		need.File(t, strings.TrimSpace(string(plugin)))
	}
	dir, err := os.MkdirTemp("", "segue-sound-") // t.TempDir is too long for a socket's path
	if err != nil {
		t.Fatal(err)
	}
	s.dir = dir
	t.Cleanup(func() {
		_, _ = s.run(context.Background(), "stop")
		_ = os.RemoveAll(dir)
	})
	out, err := s.run(t.Context(), "start")
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	s.env = strings.Fields(out)
	return s
}

func (s *server) run(ctx context.Context, verb string) (string, error) {
	c := exec.CommandContext(ctx, s.script, verb, s.dir)
	c.Env = append(os.Environ(), quantum)
	out, err := c.CombinedOutput()
	return string(out), err
}

// switches counts how often the threads of a process gave up the processor.
func switches(pid int) (map[string]int, error) {
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	if err != nil {
		return nil, err
	}
	all := map[string]int{}
	for _, t := range tasks {
		text, err := os.ReadFile(t)
		if err != nil {
			continue // it has ended
		}
		_, rest, _ := strings.Cut(string(text), "\nvoluntary_ctxt_switches:")
		rest, _, _ = strings.Cut(rest, "\n")
		name, _, _ := strings.Cut(strings.TrimPrefix(string(text), "Name:\t"), "\n")
		n, err := strconv.Atoi(strings.TrimSpace(rest))
		if err != nil {
			return nil, err
		}
		all[filepath.Base(filepath.Dir(t))+" "+name] = n
	}
	return all, nil
}

// lookNow is the line of a child that sleeps until it reads something.
const lookNow = "look now"

// wakeUps waits for 5 s in which none of the child's threads wakes, and then wakes it. A thread
// that looks around every so often has none; what a busy machine does late is over some time.
func wakeUps(t *testing.T, pid int, child io.Writer) {
	t.Helper()
	awake := true
	for try := 0; awake && try < 4; try++ {
		time.Sleep(time.Second)
		awake = false
		before, err := switches(pid)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		after, err := switches(pid)
		if err != nil {
			t.Fatal(err)
		}
		for thread, n := range after {
			if n -= before[thread]; n > 0 {
				t.Logf("thread %s woke %d times in 5 s", thread, n)
				// PulseAudio's client library has one of its own that looks every 1.5 s.
				awake = awake || !strings.HasSuffix(thread, "threaded-ml")
			}
		}
	}
	if awake {
		t.Error("it never sleeps")
	}
	if _, err := child.Write([]byte{'\n'}); err != nil {
		t.Fatal(err)
	}
}

// scene plays one in a child. Nothing may come on its stderr.
func scene(t *testing.T, name string, env ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	args := []string{os.Args[0]}
	if os.Geteuid() == 0 { // as the sound servers: see scripts/sound
		args = []string{"nice", "-n", "-15", os.Args[0]}
	}
	c := exec.CommandContext(ctx, args[0], args[1:]...)
	c.Env = append(os.Environ(), env...)
	c.Env = append(c.Env, sceneVar+"="+name, quantum)
	var complaints bytes.Buffer
	c.Stderr = &complaints
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if lines.Text() == lookNow {
			wakeUps(t, c.Process.Pid, in)
			continue
		}
		t.Log(lines.Text())
	}
	if err := c.Wait(); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if complaints.Len() > 0 {
		t.Errorf("on stderr: %q", complaints.String())
	}
}

func TestSoundServers(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	t.Parallel()
	// They wait more than they work: more at once than go test would.
	var all errgroup.Group
	all.SetLimit(3)
	for _, name := range []string{"server hangs", "sleeps while paused", "pauses and flushes to the sample", "keeps time", "server is killed", "probes"} {
		for _, kind := range []string{"pulse", "pipewire"} {
			all.Go(func() error {
				t.Run(kind+": "+name, func(t *testing.T) {
					s := startServer(t, kind)
					scene(t, name, append(s.env, serverVar+"="+s.script, dirVar+"="+s.dir)...)
				})
				return nil
			})
		}
	}
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
}

func TestTheSilentClockSleepsWhilePaused(t *testing.T) {
	if testing.Short() {
		t.Skip("takes nine seconds")
	}
	t.Parallel()
	scene(t, "silence sleeps while paused")
}

func TestWithoutASoundDeviceStartSaysSoAtOnceAndStderrStaysEmpty(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	scene(t, "no device", "XDG_RUNTIME_DIR="+dir, "PULSE_SERVER=unix:"+dir+"/no", "HOME="+dir)
	conf := filepath.Join(dir, "asound.conf")
	if err := os.WriteFile(conf, []byte("pcm.!default { type nonsense }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	scene(t, "no device", "XDG_RUNTIME_DIR="+dir, "PULSE_SERVER=unix:"+dir+"/no", "HOME="+dir,
		"ALSA_CONFIG_PATH=/usr/share/alsa/alsa.conf:"+conf)
}

func TestADeviceWithoutAClockGetsOurs(t *testing.T) {
	dir := t.TempDir()
	for name, conf := range map[string]string{
		"null": "pcm.!default { type null }\n",
		"plug": "pcm.!default { type plug slave.pcm { type null } }\n",
		"file": fmt.Sprintf("pcm.!default { type plug slave.pcm { type file slave.pcm { type null } file %q } }\n", filepath.Join(dir, "out.raw")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(dir, name+".conf")
			if err := os.WriteFile(path, []byte(conf), 0o600); err != nil {
				t.Fatal(err)
			}
			scene(t, "no clock", "ALSA_CONFIG_PATH=/usr/share/alsa/alsa.conf:"+path)
		})
	}
}

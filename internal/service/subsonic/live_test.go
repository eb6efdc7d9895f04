package subsonic_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"segue/internal/genlib"
	"segue/internal/need"
	"segue/internal/secret"
	"segue/internal/service/subsonic"
	"segue/session"
)

// live is a supysonic over a small library, which all tests of the package share.
type live struct {
	dir, music string
	port       string

	mu     sync.Mutex
	web    *exec.Cmd
	daemon *exec.Cmd
}

const bobsPassword = "b0b pÄss&=+%"

var theLive struct {
	once sync.Once
	l    *live
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if l := theLive.l; l != nil {
		l.stop()
		_ = os.RemoveAll(l.dir)
	}
	os.Exit(code)
}

// liveServer gives the live server, started once and ended with the tests.
func liveServer(t *testing.T) *live {
	t.Helper()
	need.Programs(t, "supysonic-cli", "supysonic-daemon", "waitress-serve", "ffmpeg", "flac", "lame", "oggenc")
	wesnoth := need.Wesnoth(t)
	theLive.once.Do(func() { theLive.l, theLive.err = startLive(t, wesnoth) })
	if theLive.err != nil {
		t.Fatal(theLive.err)
	}
	return theLive.l
}

func run(dir, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8") // lame cuts Björk to Bj in the locale C
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, out)
	}
	return nil
}

// makeMusic makes an album in FLAC with pictures of nothing, one in MP3 with odd names, one
// in Ogg Vorbis, and thirty of two tiny tracks.
func makeMusic(dir, wesnoth string) error {
	flac, mp3 := filepath.Join(dir, "Pinkham", "Sketches (2005)"), filepath.Join(dir, "Björk", "Über – 日本語")
	for _, d := range []string{flac, mp3, filepath.Join(dir, "Ogg")} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return err
		}
	}
	for i, name := range []string{"defeat", "victory", "silence"} {
		wav := filepath.Join(dir, name+".wav")
		if err := run(dir, "ffmpeg", "-v", "error", "-y", "-i", filepath.Join(wesnoth, name+".ogg"), "-bitexact", wav); err != nil {
			return err
		}
		n := fmt.Sprint(i + 1)
		if err := run(dir, "flac", "-s", "-f", "-T", "TITLE=Sketch "+n, "-T", "ARTIST=Pinkham", "-T", "ALBUM=Sketches", "-T", "DATE=2005", "-T", "TRACKNUMBER="+n,
			"-T", "GENRE=Chamber", "-o", filepath.Join(flac, n+".flac"), wav); err != nil {
			return err
		}
		if err := run(dir, "lame", "--quiet", "-b", "192", "--add-id3v2", "--id3v2-only", "--tt", "曲 "+n, "--ta", "Björk", "--tl", "Über – 日本語", "--ty", "2021", "--tn", n+"/3",
			"--tg", "Ambient", wav, filepath.Join(mp3, n+".mp3")); err != nil {
			return err
		}
		if err := run(dir, "oggenc", "-Q", "-q", "1", "-t", "Ogg "+n, "-a", "Oggs", "-l", "Vorbis", "-N", n, "-d", "1999", "-o", filepath.Join(dir, "Ogg", n+".ogg"), wav); err != nil {
			return err
		}
		if err := os.Remove(wav); err != nil {
			return err
		}
	}
	for i := 1; i <= 30; i++ {
		d := filepath.Join(dir, "Tones", fmt.Sprintf("Artist %02d", i))
		if err := os.MkdirAll(d, 0o755); err != nil {
			return err
		}
		for n := 1; n <= 2; n++ {
			tags := []string{fmt.Sprintf("TITLE=Tone %d.%d", i, n), fmt.Sprintf("ARTIST=Artist %02d", i), fmt.Sprintf("ALBUM=Album %02d", i),
				fmt.Sprintf("DATE=%d", 1970+i), fmt.Sprintf("TRACKNUMBER=%d", n), "GENRE=Tone"}
			if err := os.WriteFile(filepath.Join(d, fmt.Sprintf("%d.flac", n)), genlib.FLAC(tags, 1), 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

const conf = `[base]
database_uri = sqlite:///%[1]s/supysonic.db
[webapp]
cache_dir = %[1]s/cache
log_file = %[1]s/web.log
log_level = WARNING
[daemon]
socket = %[1]s/s.sock
run_watcher = no
log_file = %[1]s/daemon.log
log_level = WARNING
[transcoding]
transcoder = ffmpeg -i %%srcpath -ab %%outratek -v 0 -f %%outfmt -
default_transcode_target = mp3
[mimetypes]
opus = audio/ogg
flac = audio/flac
`

func startLive(t *testing.T, wesnoth string) (*live, error) {
	dir, err := os.MkdirTemp("", "segue-supysonic-")
	if err != nil {
		return nil, err
	}
	l := &live{dir: dir, music: filepath.Join(dir, "music")}
	if err := os.MkdirAll(l.music, 0o755); err != nil {
		return l, err
	}
	if err := makeMusic(l.music, wesnoth); err != nil {
		return l, err
	}
	if err := os.WriteFile(filepath.Join(dir, "supysonic.conf"), fmt.Appendf(nil, conf, dir), 0o600); err != nil {
		return l, err
	}
	for _, args := range [][]string{
		{"user", "list"}, {"user", "add", "alice", "-p", "alicepw"}, {"user", "setroles", "-A", "alice"},
		{"user", "add", "bob", "-p", bobsPassword}, {"folder", "add", "Music", l.music}, {"folder", "scan", "Music"},
	} {
		if err := run(dir, "supysonic-cli", args...); err != nil {
			return l, err
		}
	}
	l.port = need.Port(t)
	return l, l.start()
}

func (l *live) url() string { return "http://127.0.0.1:" + l.port }

func (l *live) begin(name string, args ...string) (*exec.Cmd, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = l.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	return cmd, cmd.Start()
}

// start starts the server and waits until it answers.
func (l *live) start() (err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.web != nil {
		return nil
	}
	if l.web, err = l.begin("waitress-serve", "--listen=127.0.0.1:"+l.port, "--threads=8", "--call", "supysonic.web:create_application"); err != nil {
		return err
	}
	if l.daemon == nil {
		if l.daemon, err = l.begin("supysonic-daemon"); err != nil {
			return err
		}
	}
	for range 1200 {
		resp, err := http.Get(l.url() + "/rest/ping.view") //nolint:noctx // a loop with an end
		if err == nil {
			_ = resp.Body.Close()
			return nil
		}
		time.Sleep(100 * time.Millisecond) // a process, not our clock
	}
	return fmt.Errorf("supysonic does not answer on %s", l.url())
}

func kill(cmd *exec.Cmd) {
	if cmd != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
}

// unplug ends the web server; start brings it back.
func (l *live) unplug() {
	l.mu.Lock()
	defer l.mu.Unlock()
	kill(l.web)
	l.web = nil
}

func (l *live) stop() {
	l.unplug()
	kill(l.daemon)
}

// account makes an account of the live server, not signed in.
func (l *live) account(t *testing.T, id, user string, cfg subsonic.Config) *subsonic.Service {
	t.Helper()
	if cfg.DataDir == "" {
		cfg.DataDir = t.TempDir()
	}
	if cfg.Notify == nil {
		cfg.Notify = func(note string) { t.Log("note:", note) }
	}
	s, err := subsonic.New(session.Spec{ID: "home", Service: "subsonic", Server: l.url(), User: user}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	_ = id
	return s
}

// alice is signed in.
func (l *live) alice(t *testing.T) *subsonic.Service {
	t.Helper()
	s := l.account(t, "home", "alice", subsonic.Config{})
	signIn(t, s, "alicepw")
	return s
}

func signIn(t *testing.T, s *subsonic.Service, password string) session.SignedIn {
	t.Helper()
	in, err := s.Login(t.Context(), session.SignIn{Password: secret.New(password)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), d)
	t.Cleanup(stop)
	return ctx
}

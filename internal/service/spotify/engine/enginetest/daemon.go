package enginetest

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/gofrs/flock"
)

// daemon is one life of the stand-in. All below the blank line belongs to its loop.
type daemon struct {
	be       Behaviour
	dir      string
	conf     map[string]string
	stderr   io.Writer
	requests chan request
	orders   chan order
	hub      *hub
	src      *sources
	out      *output

	active  bool
	tracks  []string // the context: one track
	queue   []string
	current string
	paused  bool
	since   time.Time // of position, which goes on by the wall clock
	at      int64     // ms
	ready   bool
	loaded  *stream
	queued  *stream // prefetched
	when    *time.Timer
}

// request is a call that waits for its answer.
type request struct {
	path string
	body []byte
	done chan answer
}

type answer struct {
	status int
	body   any
}

// Main runs the stand-in until something ends it; its result is the exit status.
func Main(args []string, stderr io.Writer) int {
	fs := flag.NewFlagSet("go-librespot", flag.ContinueOnError)
	fs.SetOutput(stderr)
	dir := fs.String("config_dir", "", "")
	if err := fs.Parse(args); err != nil {
		return 2
	}
	d := &daemon{
		dir: *dir, stderr: stderr, requests: make(chan request), orders: make(chan order, 16),
		hub: newHub(), src: newSources(), when: time.NewTimer(time.Hour),
	}
	d.when.Stop()
	d.say("fatal", "failed running: "+d.run().Error())
	return 1
}

func (d *daemon) say(level, msg string) {
	_, _ = fmt.Fprintf(d.stderr, "level=%s msg=%q\n", level, msg)
}

// run is its life, and returns why it ended.
func (d *daemon) run() error {
	var err error
	if d.be, err = behaviourOf(d.dir); err != nil {
		return err
	}
	if d.be.Version == "" {
		d.be.Version = "0.9.1"
	}
	time.Sleep(time.Duration(d.be.SayMs) * time.Millisecond)
	d.say("info", "running go-librespot "+d.be.Version)
	if d.conf, err = readConfig(filepath.Join(d.dir, "config.yml")); err != nil {
		return err
	}
	lock := flock.New(filepath.Join(d.dir, "lockfile"))
	if ok, err := lock.TryLock(); err != nil || !ok {
		return fmt.Errorf("go-librespot is already running (lockfile: %s): %w", lock.Path(), err)
	}
	if d.be.IgnoreTerm {
		signal.Ignore(syscall.SIGTERM)
	}
	l, err := net.Listen("tcp", "127.0.0.1:"+d.conf["server.port"]) //nolint:noctx // it ends with the process
	if err != nil {
		return err
	}
	go d.serve(l)
	if err := os.WriteFile(filepath.Join(d.dir, portFile), []byte(l.Addr().String()), 0o600); err != nil {
		return err
	}
	if !d.be.Mute {
		d.say("info", "api server listening on "+l.Addr().String())
	}
	if d.be.Offline {
		return fmt.Errorf("failed getting endpoints: Get \"https://apresolve.spotify.com/\": dial tcp: lookup apresolve.spotify.com: no such host")
	}
	if err := d.signIn(); err != nil {
		return err
	}
	return d.loop()
}

// state is what the real one keeps.
type state struct {
	Device      string `json:"device_id"`
	Credentials struct {
		Username string `json:"username"`
		Data     []byte `json:"data"`
	} `json:"credentials"`
}

// signIn takes the remembered sign-in, or waits for a person. Until then no call is
// answered, for nothing reads them.
func (d *daemon) signIn() error {
	path := filepath.Join(d.dir, "state.json")
	var s state
	if data, err := os.ReadFile(path); err == nil {
		if err := json.Unmarshal(data, &s); err != nil {
			return fmt.Errorf("loading state: %w", err)
		}
	}
	if len(s.Credentials.Data) > 0 {
		if d.be.Refused {
			return fmt.Errorf("failed authenticating: login5: INVALID_CREDENTIALS")
		}
		return nil
	}
	switch d.conf["credentials.type"] {
	case "device_auth":
		if older(d.be.Version) {
			return fmt.Errorf("unknown credentials: device_auth")
		}
		d.say("info", "visit https://spotify.example/pair and, if prompted, enter code ABCD1234")
	case "interactive":
		d.say("info", "to complete authentication visit the following link: https://accounts.example/authorize?client_id=0123&code_challenge=secret456")
	default:
		return fmt.Errorf("unknown credentials: %s", d.conf["credentials.type"])
	}
	if err := d.person(); err != nil {
		return err
	}
	s.Device, s.Credentials.Username, s.Credentials.Data = "d0", "somebody", []byte("blob")
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644) //nolint:gosec // as careless as the real one
}

func (d *daemon) person() error {
	if d.be.ApproveMs > 0 {
		time.Sleep(time.Duration(d.be.ApproveMs) * time.Millisecond)
		return nil
	}
	for o := range d.orders {
		switch o.what {
		case "approve":
			return nil
		case "deny":
			return fmt.Errorf("device authorisation was denied")
		}
	}
	return nil
}

// older reports whether device_auth is not known yet.
func older(version string) bool {
	var a, b, c int
	_, _ = fmt.Sscanf(version, "%d.%d.%d", &a, &b, &c)
	return a == 0 && (b < 9 || b == 9 && c == 0)
}

// readConfig reads as much YAML as is needed: keys, with one step of indentation.
func readConfig(path string) (map[string]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	m, above := map[string]string{}, ""
	for _, line := range strings.Split(string(data), "\n") {
		key, value, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		value = strings.TrimSpace(value)
		var text string
		if json.Unmarshal([]byte(value), &text) == nil {
			value = text
		}
		inside := strings.HasPrefix(key, " ")
		key = strings.TrimSpace(key)
		switch {
		case inside:
			key = above + "." + key
		case value == "":
			above = key
		}
		m[key] = value
	}
	return m, nil
}

// hub sends events to all who listen, one after the other: who does not read holds up all.
type hub struct {
	mu   sync.Mutex
	outs map[chan []byte]struct{}
}

func newHub() *hub { return &hub{outs: map[chan []byte]struct{}{}} }

func (h *hub) join() chan []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := make(chan []byte)
	h.outs[c] = struct{}{}
	return c
}

func (h *hub) leave(c chan []byte) {
	go func() { // whoever sends to it now must not wait for ever
		for range c { //nolint:revive // emptied until it is closed
		}
	}()
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.outs, c)
	close(c)
}

func (h *hub) emit(kind string, data any) {
	text, err := json.Marshal(map[string]any{"type": kind, "data": data})
	if err != nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.outs {
		c <- text
	}
}

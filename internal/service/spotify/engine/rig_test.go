package engine

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"segue/internal/pcm"
	"segue/internal/service/spotify/engine/enginetest"
	"segue/player"
)

// patience is for a machine that is much slower than it should be.
const patience = 120 * time.Second

// program is the stand-in, built once for all tests of this package.
var program string

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		os.Exit(child(dir))
	}
	dir, err := os.MkdirTemp("", "segue-engine")
	if err == nil {
		program, err = enginetest.Build(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	// These tests wait, for paced reading and for what must not come, more than they work.
	if flag.Parse(); flag.Lookup("test.parallel").Value.String() == strconv.Itoa(runtime.GOMAXPROCS(0)) {
		_ = flag.Set("test.parallel", "6") // else they take one after the other what they could wait for together
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

const (
	first  = "spotify:track:1111111111111111111111"
	second = "spotify:track:2222222222222222222222"
	third  = "spotify:track:3333333333333333333333"
)

// rig is an engine with a stand-in that is signed in.
type rig struct {
	*Engine
	t    *testing.T
	dir  string
	ctx  context.Context
	lost chan string
}

func newRig(t *testing.T, b enginetest.Behaviour, change ...func(*Config)) *rig {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "engine")
	if err := b.Write(dir); err != nil {
		t.Fatal(err)
	}
	if err := enginetest.SignedIn(dir); err != nil {
		t.Fatal(err)
	}
	return rigIn(t, dir, change...)
}

// rigIn is an engine on a folder that is there.
func rigIn(t *testing.T, dir string, change ...func(*Config)) *rig {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	r := &rig{t: t, dir: dir, ctx: ctx, lost: make(chan string, 10)}
	cfg := Config{Account: "spotify", Path: program, Dir: dir, Lost: func(d string) { r.lost <- d }}
	if testing.Verbose() {
		cfg.Log = func(line string) { fmt.Fprintln(os.Stderr, time.Now().Format("05.000"), line) }
	}
	for _, c := range change {
		c(&cfg)
	}
	e, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	r.Engine = e
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// open opens a track as long as the stand-in says its metadata claim.
func (r *rig) open(uri string, claimed time.Duration) player.Source {
	r.t.Helper()
	s, err := r.Open(r.ctx, uri, claimed)
	if err != nil {
		r.t.Fatalf("open %s: %v", uri, err)
	}
	return s
}

func (r *rig) control(what, with string) {
	r.t.Helper()
	if err := enginetest.Control(r.ctx, r.dir, what, with); err != nil && what != "vanish" {
		r.t.Fatal(err)
	}
}

// read reads n frames, or to the end with n < 0, and whether the end came.
func (r *rig) read(s pcm.Source, n int64) (frames []float32, ended bool) {
	r.t.Helper()
	buf := make([]float32, 2*4096)
	for n < 0 || int64(len(frames)/2) < n {
		want := buf
		if left := 2*n - int64(len(frames)); n >= 0 && left < int64(len(buf)) {
			want = buf[:left]
		}
		k, err := s.Read(want)
		frames = append(frames, want[:k]...)
		if errors.Is(err, io.EOF) {
			return frames, true
		}
		if err != nil {
			r.t.Fatalf("after %d frames: %v", len(frames)/2, err)
		}
	}
	return frames, false
}

// run of frames of one track, one after the other.
type run struct {
	uri  string
	from int64
	n    int64
}

// runs says what frames are, each by what it says of itself.
func runs(frames []float32) (all []run) {
	for i := 0; i+1 < len(frames); i += 2 {
		uri, at := enginetest.Which(int16(frames[i]*32768), int16(frames[i+1]*32768), first, second, third)
		if k := len(all) - 1; k >= 0 && all[k].uri == uri && all[k].from+all[k].n == at {
			all[k].n++
			continue
		}
		all = append(all, run{uri, at, 1})
	}
	return all
}

// is fails unless frames are those of a track from one to another.
func (r *rig) is(what string, frames []float32, uri string, from, n int64) {
	r.t.Helper()
	got := runs(frames)
	if len(got) != 1 || got[0] != (run{uri, from, n}) {
		r.t.Fatalf("%s is %v, want frames %d to %d of %s", what, got, from, from+n, uri)
	}
}

// until waits for something that no channel tells.
func (r *rig) until(what string, done func() bool) {
	r.t.Helper()
	for !done() {
		select {
		case <-r.ctx.Done():
			r.t.Fatalf("%s did not come about", what)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// length is a track of so many seconds.
func length(s float64) enginetest.Track { return enginetest.Track{Frames: int64(s * rate)} }

func plays(m map[string]enginetest.Track) enginetest.Behaviour {
	return enginetest.Behaviour{Tracks: m}
}

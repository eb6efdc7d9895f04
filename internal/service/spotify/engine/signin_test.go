package engine

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"segue/internal/service/spotify/engine/enginetest"
	"segue/session"
)

// asked is what a person was shown.
type asked struct{ url, code string }

// signIn signs in; what a person is shown comes from the channel.
func (r *rig) signIn(ctx context.Context) (<-chan asked, <-chan error) {
	shown, done := make(chan asked, 10), make(chan error, 1)
	go func() {
		done <- r.SignIn(ctx, func(url, code string) { shown <- asked{url, code} })
	}()
	return shown, done
}

func (r *rig) private(name string) {
	r.t.Helper()
	info, err := os.Stat(filepath.Join(r.dir, name))
	if err != nil {
		r.t.Fatal(err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		r.t.Errorf("%s is %v", name, info.Mode())
	}
}

func newcomer(t *testing.T, b enginetest.Behaviour) *rig {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "engine")
	if err := b.Write(dir); err != nil {
		t.Fatal(err)
	}
	return rigIn(t, dir, hurried)
}

// wait waits for an answer of a sign-in, or of anything.
func wait[T any](r *rig, c <-chan T) (v T) {
	r.t.Helper()
	select {
	case v = <-c:
	case <-r.ctx.Done():
		r.t.Fatal("nothing comes")
	}
	return v
}

// TestSigningInByCode: until the person has done it no call is answered, and that is no
// reason to start the program anew.
func TestSigningInByCode(t *testing.T) {
	t.Parallel()
	r := newcomer(t, enginetest.Behaviour{})
	if r.SignedIn() {
		t.Fatal("it is signed in")
	}
	shown, done := r.signIn(r.ctx)
	if got := wait(r, shown); got != (asked{"https://spotify.example/pair", "ABCD1234"}) {
		t.Errorf("shown %+v", got)
	}
	if err := r.SignIn(r.ctx, func(string, string) {}); !errors.Is(err, errBusy) {
		t.Errorf("a second sign-in: %v", err)
	}
	if _, err := os.Stat(filepath.Join(r.dir, "standin.port")); err != nil {
		t.Fatal(err)
	}
	time.Sleep(3 * hurriedWatch) // calls hang all the while
	select {
	case err := <-done:
		t.Fatalf("it did not wait: %v", err)
	default:
	}
	r.control("approve", "")
	if err := wait(r, done); err != nil {
		t.Fatal(err)
	}
	if len(shown) != 0 {
		t.Error("it was started anew meanwhile")
	}
	if !r.SignedIn() {
		t.Error("it is not signed in")
	}
	for _, name := range []string{".", "config.yml", "state.json", "sound"} {
		r.private(name)
	}
	frames, _ := r.read(r.open(first, 20*time.Second), 1000)
	r.is("the track", frames, first, 0, 1000)

	again := rigIn(t, r.dir) // and the next time it just starts
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	frames, _ = again.read(again.open(first, 20*time.Second), 1000)
	again.is("after a relogin", frames, first, 0, 1000)
	if err := again.Forget(r.ctx); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(r.dir, "state.json"))
	if err != nil || strings.Contains(string(text), "credentials") || !strings.Contains(string(text), "device_id") || again.SignedIn() {
		t.Errorf("after Forget %s holds %s: %v", "state.json", text, err)
	}
	again.private("state.json")
}

const hurriedWatch = 200 * time.Millisecond

func TestOldOnesAreSignedInInABrowser(t *testing.T) {
	for _, version := range []string{"0.9.0", "0.7.2", "dev-c0ffee"} { // of the last the number is not known
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			r := newcomer(t, enginetest.Behaviour{Version: version})
			if got, err := r.Version(r.ctx); err != nil || got != version {
				t.Errorf("it is %q: %v", got, err)
			}
			shown, done := r.signIn(r.ctx)
			if got := wait(r, shown); !strings.HasPrefix(got.url, "https://accounts.example/authorize?client_id=") || got.code != "" {
				t.Errorf("shown %+v", got)
			}
			r.control("approve", "")
			if err := wait(r, done); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestASignInThatComesToNothingCostsNothing(t *testing.T) {
	for _, tt := range []struct {
		name string
		end  func(r *rig, cancel func())
		is   func(err error) bool
	}{
		{"denied", func(r *rig, _ func()) { r.control("deny", "") }, func(err error) bool {
			var f *session.Fault
			return errors.As(err, &f) && strings.Contains(f.Error(), "denied")
		}},
		{"given up", func(_ *rig, cancel func()) { cancel() }, func(err error) bool { return errors.Is(err, context.Canceled) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, enginetest.Behaviour{}, hurried)
			ctx, cancel := context.WithCancel(r.ctx)
			defer cancel()
			shown, done := r.signIn(ctx)
			wait(r, shown)
			tt.end(r, cancel)
			if err := wait(r, done); !tt.is(err) {
				t.Errorf("%v", err)
			}
			if !r.SignedIn() {
				t.Error("what was remembered is gone")
			}
			frames, _ := r.read(r.open(first, 20*time.Second), 1000)
			r.is("the track", frames, first, 0, 1000)
		})
	}
}

func TestASignInThatIsGivenUpBeforeTheProgramIsThereStartsNone(t *testing.T) {
	t.Parallel()
	r := newcomer(t, enginetest.Behaviour{SayMs: 300})
	ctx, cancel := context.WithCancel(r.ctx)
	defer cancel()
	_, done := r.signIn(ctx)
	r.until("the program is asked which it is", func() bool {
		asked, err := filepath.Glob(filepath.Join(r.dir, probeName+"*", configName))
		return err == nil && len(asked) > 0
	})
	cancel()
	if err := wait(r, done); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	for range 2 { // each takes as long as what was asked first
		if _, err := r.probe(r.ctx, program); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(filepath.Join(r.dir, pipeName)); err == nil {
		t.Error("it was started, and nobody wants it")
	}
}

func TestClosingEndsASignInThatGoesOn(t *testing.T) {
	t.Parallel()
	r := newcomer(t, enginetest.Behaviour{})
	shown, done := r.signIn(r.ctx)
	wait(r, shown)
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if err := wait(r, done); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}

func TestARefusedSignInIsGoodAgainAfterANewOne(t *testing.T) {
	r := newRig(t, enginetest.Behaviour{Refused: true}, hurried)
	if _, err := r.Open(r.ctx, first, 0); !errors.Is(err, ErrRefused) {
		t.Fatal(err)
	}
	if err := (enginetest.Behaviour{ApproveMs: 1}).Write(r.dir); err != nil {
		t.Fatal(err)
	}
	_, done := r.signIn(r.ctx)
	if err := wait(r, done); err != nil {
		t.Fatal(err)
	}
	frames, _ := r.read(r.open(first, 20*time.Second), 1000)
	r.is("the track", frames, first, 0, 1000)
	if next := rigIn(t, r.dir); !next.SignedIn() {
		t.Error("the next run takes it for refused")
	}
}

func TestOfflineNobodyCanSignIn(t *testing.T) {
	r := newcomer(t, enginetest.Behaviour{Offline: true})
	_, done := r.signIn(r.ctx)
	var f *session.Fault
	if err := wait(r, done); !errors.As(err, &f) || f.Kind != session.UnableToContactServer || !strings.Contains(err.Error(), "no such host") {
		t.Errorf("%v", err)
	}
	r.SetNetwork(false)
	_, done = r.signIn(r.ctx)
	if err := wait(r, done); !errors.As(err, &f) || f.Kind != session.NetworkDisabled {
		t.Errorf("with the network switched off: %v", err)
	}
}

func TestWhatIsNoGoLibrespotIsNotTaken(t *testing.T) {
	for _, name := range []string{"true", "cat"} {
		r := rigIn(t, filepath.Join(t.TempDir(), name), func(c *Config) { c.Path = name })
		if _, err := r.Version(r.ctx); err == nil || !strings.Contains(err.Error(), "no go-librespot") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

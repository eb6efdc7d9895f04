package engine

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"segue/internal/pcm"
	"segue/internal/service/spotify/engine/enginetest"
	"segue/session"
)

// hurried are times for tests of what does not come.
func hurried(c *Config) {
	c.times = usualTimes()
	c.times.watch = 200 * time.Millisecond
	c.times.pauses = []time.Duration{10 * time.Millisecond, 20 * time.Millisecond, time.Minute}
}

// faultOf reads until a source breaks off.
func (r *rig) faultOf(s pcm.Source) *session.Fault {
	r.t.Helper()
	buf := make([]float32, 8192)
	for {
		_, err := s.Read(buf)
		var f *session.Fault
		if errors.As(err, &f) {
			return f
		}
		if err != nil {
			r.t.Fatalf("it breaks off with %v", err)
		}
	}
}

func TestATrackThatCannotBePlayedSaysWhyAndWhatToDo(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		be     enginetest.Behaviour
		why    error
		advice bool
	}{
		{"a new account, which gets no keys", enginetest.Behaviour{NewAccount: true}, ErrKey, true},
		{"media that are not there", plays(map[string]enginetest.Track{first: {Unplayable: true}}), ErrMedia, false},
		{"500 with an empty body, and not a word", plays(map[string]enginetest.Track{first: {FailPlay: true}}), ErrFailed, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, tt.be)
			f := r.faultOf(r.open(first, 20*time.Second))
			if f.Kind != session.TrackNotPlayable || !errors.Is(f, tt.why) || (f.Hint == adviceConnect) != tt.advice {
				t.Errorf("%v %v", f.Kind, f)
			}
			if tt.be.NewAccount {
				return
			}
			frames, _ := r.read(r.open(second, 20*time.Second), 1000)
			r.is("what is played after that", frames, second, 0, 1000)
		})
	}
}

func TestWhatFollowsAndCannotBePlayedCostsTheTrackBeforeNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, plays(map[string]enginetest.Track{first: length(12), second: {RefuseKey: true}}))
	s1 := r.open(first, 12*time.Second)
	head, _ := r.read(s1, 2*rate)
	s2 := r.open(second, 10*time.Second)
	rest, _ := r.read(s1, -1)
	r.is("the first", append(head, rest...), first, 0, 12*rate)
	if f := r.faultOf(s2); f.Kind != session.TrackNotPlayable || !errors.Is(f, ErrKey) {
		t.Error(f)
	}
}

func TestItGoesOnAtTheFrameAfterTheProgram(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		harm func(r *rig)
	}{
		{"has vanished", func(r *rig) { r.control("vanish", "") }},
		{"answers no call any more", func(r *rig) { r.control("stuck", "") }},
		{"has lost its session", func(r *rig) { r.control("lost", "") }},
		{"has closed its events", func(r *rig) { r.control("deaf", "") }},
		{"was too busy to answer for a while", func(r *rig) { r.control("busy", "2500") }},
		{"was started anew for another bit rate", func(r *rig) { r.SetKbps(96) }},
		{"was started anew for another cache", func(r *rig) { r.SetCacheLimit(300 << 20) }},
		{"was started anew for an empty cache", func(r *rig) {
			if err := r.FlushCache(r.ctx); err != nil {
				r.t.Error(err)
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, plays(map[string]enginetest.Track{first: length(25)}), hurried)
			s := r.open(first, 25*time.Second)
			all, _ := r.read(s, 5*rate+77)
			tt.harm(r)
			rest, ended := r.read(s, -1)
			r.is("the track", append(all, rest...), first, 0, 25*rate)
			if !ended {
				t.Error("it does not end")
			}
		})
	}
}

// counted counts how often the program is started.
func counted(lives *atomic.Int32) func(*Config) {
	return func(c *Config) {
		c.Log = func(line string) {
			if understand(line).what == saysPort {
				lives.Add(1)
			}
		}
	}
}

// TestAProgramThatAnswersNobodyIsStartedAnew, although nobody wants to hear anything just then.
func TestAProgramThatAnswersNobodyIsStartedAnew(t *testing.T) {
	t.Parallel()
	var lives atomic.Int32
	r := newRig(t, plays(map[string]enginetest.Track{first: length(60)}), hurried, counted(&lives), func(c *Config) {
		c.times.answer = 500 * time.Millisecond
	})
	s := r.open(first, time.Minute)
	r.read(s, rate)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	r.control("stuck", "")
	r.until("another start", func() bool { return lives.Load() == 2 })
	frames, _ := r.read(r.open(first, time.Minute), 1000)
	r.is("the track", frames, first, 0, 1000)
}

// TestATrackMayTakeLongToLoad: until it is loaded the program answers nobody, and is not
// started anew for that.
func TestATrackMayTakeLongToLoad(t *testing.T) {
	t.Parallel()
	var lives atomic.Int32
	r := newRig(t, plays(map[string]enginetest.Track{first: {LoadMs: 2500}}), hurried, counted(&lives), func(c *Config) {
		c.times.watch, c.times.answer = 50*time.Millisecond, 50*time.Millisecond
	})
	frames, _ := r.read(r.open(first, 20*time.Second), 1000)
	r.is("the track", frames, first, 0, 1000)
	if n := lives.Load(); n != 1 {
		t.Errorf("it was started %d times", n)
	}
}

// TestItIsSoughtAlthoughItIsBusy: it loads what follows, say, and answers late.
func TestItIsSoughtAlthoughItIsBusy(t *testing.T) {
	t.Parallel()
	r := newRig(t, plays(map[string]enginetest.Track{first: length(60)}))
	s := r.open(first, time.Minute)
	r.read(s, 1000)
	r.control("busy", "2500")
	at := int64(40*rate + 5)
	if _, err := s.Seek(format.Duration(at)); err != nil {
		t.Fatal(err)
	}
	frames, _ := r.read(s, -1)
	r.is("from there on", frames, first, at, 60*rate-at)
}

func TestOfflineItIsTriedAgainEverMoreSeldom(t *testing.T) {
	t.Parallel()
	r := newRig(t, enginetest.Behaviour{Offline: true}, hurried)
	var f *session.Fault
	r.until("the long pause", func() bool {
		_, err := r.Open(r.ctx, first, 0)
		if !errors.As(err, &f) || f.Kind != session.UnableToContactServer || !errors.Is(f, ErrAway) {
			t.Fatalf("%v", err)
		}
		return time.Until(f.RetryAt) > 30*time.Second
	})
	if !strings.Contains(f.Error(), "no such host") {
		t.Errorf("%v does not say why", f)
	}
	if err := r.Trouble(); err == nil || !strings.Contains(err.Error(), "no such host") {
		t.Errorf("its trouble is %v", err)
	}
	if err := (enginetest.Behaviour{}).Write(r.dir); err != nil {
		t.Fatal(err)
	}
	r.SetNetwork(false)
	if _, err := r.Open(r.ctx, first, 0); !errors.As(err, &f) || f.Kind != session.NetworkDisabled {
		t.Errorf("with the network switched off: %v", err)
	}
	r.SetNetwork(true) // and then it is tried at once
	frames, _ := r.read(r.open(first, 20*time.Second), 1000)
	r.is("the track", frames, first, 0, 1000)
}

func TestTheUsualPausesAreThoseOfTheContract(t *testing.T) {
	usual := usualTimes()
	for fails, want := range map[int]time.Duration{1: 1, 2: 2, 3: 5, 4: 15, 5: 60, 6: 60, 99: 60} {
		if got := usual.pauseAfter(fails); got != want*time.Second {
			t.Errorf("after %d: %v", fails, got)
		}
	}
}

func TestASignInThatIsRefusedStopsIt(t *testing.T) {
	r := newRig(t, enginetest.Behaviour{Refused: true}, hurried)
	_, err := r.Open(r.ctx, first, 0)
	var f *session.Fault
	if !errors.As(err, &f) || f.Kind != session.BadUsernameOrPassword || !errors.Is(f, ErrRefused) || !strings.Contains(f.Hint, "segue login spotify --force") {
		t.Fatalf("%v", err)
	}
	if r.SignedIn() {
		t.Error("it counts as signed in")
	}
	port := filepath.Join(r.dir, "standin.port")
	if err := os.Remove(port); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Open(r.ctx, first, 0); !errors.As(err, &f) || f.Kind != session.BadUsernameOrPassword {
		t.Errorf("again: %v", err)
	}
	next := rigIn(t, r.dir) // the doctor's, or of tomorrow
	if next.SignedIn() || !next.SignInRefused() {
		t.Error("the next run takes it for signed in")
	}
	if _, err := next.Open(r.ctx, first, 0); !errors.As(err, &f) || f.Kind != session.BadUsernameOrPassword {
		t.Errorf("in the next run: %v", err)
	}
	if _, err := os.Stat(port); err == nil {
		t.Error("it was started again")
	}
}

func TestWithoutASessionItIsNotThere(t *testing.T) {
	t.Parallel()
	r := newRig(t, enginetest.Behaviour{NoSession: true}, func(c *Config) {
		hurried(c)
		c.times.open, c.times.ready = 2*time.Second, time.Second
	})
	_, err := r.Open(r.ctx, first, 0)
	var f *session.Fault
	if !errors.As(err, &f) || f.Kind != session.UnableToContactServer {
		t.Errorf("%v", err)
	}
}

func TestOneThatDoesNotSayItsPortIsTooOld(t *testing.T) {
	t.Parallel()
	r := newRig(t, enginetest.Behaviour{Mute: true}, func(c *Config) {
		hurried(c)
		c.times.open, c.times.port = 5*time.Second, 100*time.Millisecond
	})
	_, err := r.Open(r.ctx, first, 0)
	if !errors.Is(err, ErrPort) {
		t.Errorf("%v", err)
	}
}

func TestThereIsNothingToPlayWithout(t *testing.T) {
	r := newRig(t, enginetest.Behaviour{}, func(c *Config) { c.Path = filepath.Join(t.TempDir(), "none") })
	_, err := r.Open(r.ctx, first, 0)
	var f *session.Fault
	if !errors.As(err, &f) || f.Kind != session.ClientTooOld || !errors.Is(f, ErrMissing) {
		t.Errorf("without the program: %v", err)
	}
	r = rigIn(t, filepath.Join(t.TempDir(), "new"))
	if _, err := r.Open(r.ctx, first, 0); !errors.As(err, &f) || f.Kind != session.NoCredentials {
		t.Errorf("without a sign-in: %v", err)
	}
	ctx, cancel := context.WithCancel(r.ctx)
	cancel()
	r = newRig(t, enginetest.Behaviour{Offline: true})
	if _, err := r.Open(ctx, first, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("with nobody waiting: %v", err)
	}
}

func TestWhoeverTakesTheAccountOverKeepsIt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, what, with, device string
	}{
		{"on another device, which is named", "inactive", "Kitchen Radio", "Kitchen Radio"},
		{"by pausing this one", "paused", "", ""},
		{"by playing something else here", "other", third, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, plays(map[string]enginetest.Track{first: length(60)}))
			s := r.open(first, time.Minute)
			r.read(s, 3*rate)
			r.until("our own calls are old", func() bool {
				r.deck.mu.Lock()
				defer r.deck.mu.Unlock()
				return r.deck.unasked()
			})
			r.control(tt.what, tt.with)
			select {
			case device := <-r.lost:
				if device != tt.device {
					t.Errorf("to %q", device)
				}
			case <-r.ctx.Done():
				t.Fatal("nobody is told")
			}
			if f := r.faultOf(s); !errors.Is(f, session.ErrPlayTokenLost) {
				t.Errorf("%v", f)
			}
			if _, err := s.Read(make([]float32, 2)); !errors.Is(err, session.ErrPlayTokenLost) {
				t.Errorf("read again: %v", err)
			}
			if _, err := s.Seek(0); err != nil {
				t.Error(err)
			}
			if _, err := s.Read(make([]float32, 2)); !errors.Is(err, session.ErrPlayTokenLost) {
				t.Errorf("after a seek: %v", err)
			}
			again := r.open(first, time.Minute)
			if _, err := again.Seek(3 * time.Second); err != nil {
				t.Fatal(err)
			}
			frames, _ := r.read(again, 1000)
			r.is("what somebody here plays after that", frames, first, 3*rate, 1000)
		})
	}
}

// TestANobodyWhoListensPausesItAndLosesNothing: resume alone would repeat what was written
// after pause was called.
func TestWhenNobodyListensItIsPausedAndNothingIsLost(t *testing.T) {
	t.Parallel()
	r := newRig(t, plays(map[string]enginetest.Track{first: length(40)}))
	s := r.open(first, 40*time.Second)
	all, _ := r.read(s, 1000)
	r.until("it is paused", func() bool {
		r.deck.mu.Lock()
		defer r.deck.mu.Unlock()
		return r.deck.flow == resting
	})
	rest, _ := r.read(s, -1)
	r.is("the track", append(all, rest...), first, 0, 40*rate)
}

func TestClosingTheSourceSilencesIt(t *testing.T) {
	t.Parallel()
	r := newRig(t, plays(map[string]enginetest.Track{first: length(600)}))
	s := r.open(first, 10*time.Minute)
	r.read(s, 1000)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	r.until("it is paused", func() bool {
		r.deck.mu.Lock()
		defer r.deck.mu.Unlock()
		return r.deck.flow == resting
	})
	if _, err := r.open(second, 20*time.Second).Read(make([]float32, 2)); err != nil && !errors.Is(err, io.EOF) {
		t.Error(err)
	}
}

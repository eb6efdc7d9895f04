package player_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"segue/player"
	"segue/player/playertest"
)

// rig is a player at work in a synctest bubble, with every event it told.
type rig struct {
	t      *testing.T
	p      *player.Player
	dev    *playertest.Device
	events []player.Event
	at     []time.Time
	follow []player.Item // given out at NeedNext, then NoNext
	quiet  bool          // NeedNext is not answered
	stop   func()
}

func newRig(t *testing.T, cfg player.Config, dev player.Device) *rig {
	t.Helper()
	if cfg.Volume == 0 {
		cfg.Volume = 1
	}
	r := &rig{t: t, p: player.New(cfg, dev)}
	r.dev, _ = dev.(*playertest.Device)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.p.Run(ctx) }()
	r.stop = func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Run: %v", err)
		}
	}
	return r
}

// run lets time pass and takes events as they come.
func (r *rig) run(d time.Duration) {
	end := time.NewTimer(d)
	defer end.Stop()
	for {
		select {
		case <-r.p.Events().Ready():
			r.take()
		case <-end.C:
			synctest.Wait()
			r.take()
			return
		}
	}
}

func (r *rig) take() {
	for _, ev := range r.p.Events().Take() {
		r.events = append(r.events, ev)
		r.at = append(r.at, time.Now())
		n, ok := ev.(player.NeedNext)
		if !ok || r.quiet {
			continue
		}
		if len(r.follow) == 0 {
			r.p.NoNext(n.After)
			continue
		}
		r.p.Preload(r.follow[0])
		r.follow = r.follow[1:]
	}
}

// all gives the events of one kind.
func all[E player.Event](r *rig) []E {
	var out []E
	for _, ev := range r.events {
		if e, ok := ev.(E); ok {
			out = append(out, e)
		}
	}
	return out
}

func last[E player.Event](r *rig) E {
	r.t.Helper()
	es := all[E](r)
	if len(es) == 0 {
		r.t.Fatalf("there was no %T", *new(E))
	}
	return es[len(es)-1]
}

func item(id int, s player.Source) player.Item {
	return player.Item{ID: player.ItemID(id), Source: s}
}

func items(from int, sources ...*playertest.Source) []player.Item {
	var out []player.Item
	for i, s := range sources {
		out = append(out, item(from+i, s))
	}
	return out
}

func same(t *testing.T, got, want []float32) {
	t.Helper()
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Fatalf("frame %d channel %d is %v, want %v (%d frames, want %d)", i/2, i%2, got[i], want[i], len(got)/2, len(want)/2)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%d frames, want %d", len(got)/2, len(want)/2)
	}
}

func join(sources ...*playertest.Source) []float32 {
	var out []float32
	for _, s := range sources {
		out = append(out, s.Frames...)
	}
	return out
}

func closedOnce(t *testing.T, sources ...*playertest.Source) {
	t.Helper()
	for i, s := range sources {
		if s.Closed() != 1 || s.Misused() {
			t.Errorf("source %d: closed %d times, misused: %v", i, s.Closed(), s.Misused())
		}
	}
}

func odd(rate int) []*playertest.Source {
	var out []*playertest.Source
	for i, n := range []int{44100*3 + 17, 1, 4097, 2, 44099, 13, 100001, 8191} {
		out = append(out, playertest.Numbered(rate, n, i+1))
	}
	return out
}

func TestTracksOfOddLengthsAreHeardAsTheirConcatenation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		src := odd(44100)
		its := items(1, src...)
		r.follow = its[1:]
		r.p.Load(its[0], true)
		r.run(12 * time.Second)
		same(t, dev.Sound(), join(src...))
		if got := len(all[player.Drained](r)); got != 1 {
			t.Errorf("%d Drained", got)
		}
		if got := len(all[player.Ended](r)); got != len(src) {
			t.Errorf("%d Ended, want %d", got, len(src))
		}
		for i, e := range all[player.Ended](r) {
			if want := src[i].Fmt.Duration(int64(len(src[i].Frames) / 2)); (e.Heard-want).Abs() > time.Microsecond || e.Reason != player.EndPlayed {
				t.Errorf("Ended %d: %+v, want %v heard", i, e, want)
			}
		}
		if s := r.p.Stats(); s.Stutters != 0 {
			t.Errorf("%d stutters", s.Stutters)
		}
		r.stop()
		closedOnce(t, src...)
	})
}

func TestARecorderGetsTheConcatenationAndNothingElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &playertest.Collector{}
		r := newRig(t, player.Config{Unpaced: true}, c)
		src := odd(48000)
		its := items(1, src...)
		r.follow = its[1:]
		r.p.Load(its[0], true)
		r.run(10 * time.Second)
		got, ended := c.Got()
		same(t, got, join(src...))
		if !ended {
			t.Error("the recorder was not told of the end")
		}
		if len(all[player.Drained](r)) != 1 {
			t.Error("not drained")
		}
		r.stop()
		closedOnce(t, src...)
	})
}

func contextWithCancel() (context.Context, context.CancelFunc) {
	return context.WithCancel(context.Background())
}

package session_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"segue/internal/music"
	"segue/player"
	"segue/session"
)

// said is a listener that writes down what it heard.
func said(heard *[]string, reply session.Reply) session.Listener {
	return func(e session.Event, args ...any) session.Reply {
		text := string(session.KindOf(e))
		for _, a := range args {
			text += " " + a.(string) //nolint:errcheck,forcetypeassert // the test's own
		}
		*heard = append(*heard, text)
		return reply
	}
}

func TestListenersAreCalledInOrderWithTheirOwnArguments(t *testing.T) {
	var m session.Emitter
	var heard []string
	loggedIn := session.Kind[session.LoggedIn]()
	for _, args := range [][]any{{"a"}, {"b", "c"}, nil} {
		if _, err := m.On(loggedIn, said(&heard, session.Reply{}), args...); err != nil {
			t.Fatal(err)
		}
	}
	m.Emit(session.LoggedIn{})
	m.Emit(session.LoggedOut{})
	if want := []string{"LoggedIn a", "LoggedIn b c", "LoggedIn"}; !slices.Equal(heard, want) {
		t.Errorf("heard %q, want %q", heard, want)
	}
}

func TestAListenerThatWantsToGoIsRemoved(t *testing.T) {
	var m session.Emitter
	var heard []string
	k := session.Kind[session.LoggedIn]()
	for _, r := range []session.Reply{{Remove: true}, {}} {
		if _, err := m.On(k, said(&heard, r)); err != nil {
			t.Fatal(err)
		}
	}
	m.Emit(session.LoggedIn{})
	m.Emit(session.LoggedIn{})
	if len(heard) != 3 || m.NumListeners(k) != 1 {
		t.Errorf("heard %q, %d listeners", heard, m.NumListeners(k))
	}
}

func TestOffTakesOneListenerThoseOfAKindOrAll(t *testing.T) {
	var m session.Emitter
	in, out := session.Kind[session.LoggedIn](), session.Kind[session.LoggedOut]()
	var ids []session.ListenerID
	for _, k := range []session.EventKind{in, in, in, out, out} {
		id, err := m.On(k, said(new([]string), session.Reply{}))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	want := func(nIn, nOut int) {
		t.Helper()
		if m.NumListeners(in) != nIn || m.NumListeners(out) != nOut || m.NumListeners("") != nIn+nOut {
			t.Errorf("%d and %d of %d listeners, want %d and %d", m.NumListeners(in), m.NumListeners(out), m.NumListeners(""), nIn, nOut)
		}
	}
	want(3, 2)
	m.Off(in, ids[1])
	m.Off(in, ids[1], ids[4]) // it is gone, or of another kind
	want(2, 2)
	m.Off(in)
	want(0, 2)
	m.Off("")
	want(0, 0)
}

func TestAListenerMayChangeTheListenersWhileItIsCalled(t *testing.T) {
	var m session.Emitter
	calls := 0
	k := session.Kind[session.LoggedIn]()
	add := func(session.Event, ...any) session.Reply {
		calls++
		m.Off("")
		if _, err := m.On(k, said(new([]string), session.Reply{})); err != nil {
			t.Error(err)
		}
		return session.Reply{Remove: true}
	}
	for range 2 {
		if _, err := m.On(k, add); err != nil {
			t.Fatal(err)
		}
	}
	m.Emit(session.LoggedIn{})
	if calls != 2 || m.NumListeners("") != 1 {
		t.Errorf("%d calls, %d listeners", calls, m.NumListeners(""))
	}
}

func TestCallGivesTheAnswerOfTheOneListener(t *testing.T) {
	var m session.Emitter
	if _, err := m.Call(session.LoggedIn{}); kindOf(err) != session.MissingCallback {
		t.Errorf("without a listener: %v", err)
	}
	k := session.Kind[session.LoggedIn]()
	for i := range 2 {
		if _, err := m.On(k, said(new([]string), session.Reply{Value: i})); err != nil {
			t.Fatal(err)
		}
		v, err := m.Call(session.LoggedIn{})
		if i == 0 && (err != nil || v != 0) || i == 1 && kindOf(err) != session.InvalidArgument {
			t.Errorf("with %d listeners: %v %v", i+1, v, err)
		}
	}
}

func TestTheTwoQuestionsTakeOneListener(t *testing.T) {
	var m session.Emitter
	for _, k := range []session.EventKind{session.Kind[session.MusicDelivery](), session.Kind[session.GetAudioBufferStats]()} {
		if _, err := m.On(k, said(new([]string), session.Reply{})); err != nil {
			t.Fatal(err)
		}
		if _, err := m.On(k, said(new([]string), session.Reply{})); kindOf(err) != session.InvalidArgument {
			t.Errorf("a second one for %s: %v", k, err)
		}
		m.Off(k)
		if _, err := m.On(k, said(new([]string), session.Reply{})); err != nil {
			t.Errorf("after the first was taken off: %v", err)
		}
	}
	if _, err := m.On("", said(new([]string), session.Reply{})); kindOf(err) != session.InvalidArgument {
		t.Errorf("for no kind: %v", err)
	}
}

func TestListenCallsTheListenersOnItsOwnGoroutine(t *testing.T) {
	inBubble(t, func(r *rig) {
		heard := 0
		_, err := r.s.On(session.Typed(func(e session.Notice, _ ...any) session.Reply {
			if e.Text == "hello" {
				heard++ // no lock: Listen runs here
			}
			return session.Reply{}
		}))
		if err != nil || r.s.NumListeners(session.Kind[session.Notice]()) != 1 {
			t.Fatal(err, r.s.NumListeners(""))
		}
		r.s.Send(session.Tell{Text: "early"})
		ctx, cancel := context.WithCancel(r.t.Context())
		defer cancel()
		go func() {
			synctest.Wait()
			if err := r.s.Listen(ctx); kindOf(err) != session.InvalidArgument {
				t.Errorf("a second Listen: %v", err)
			}
			r.s.Send(session.Tell{Text: "hello"})
			synctest.Wait()
			cancel()
		}()
		if err := r.s.Listen(ctx); err != nil {
			t.Error(err)
		}
		if heard != 1 {
			t.Errorf("heard %d times", heard)
		}
		r.s.Off("")
		if r.s.NumListeners("") != 0 {
			t.Error("a listener stayed")
		}
	})
}

func TestASinkHandsFramesToItsOneListener(t *testing.T) {
	sink := session.NewSink()
	inBubble(t, func(r *rig) {
		f := player.Format{Rate: 48000, Channels: 2}
		if n := sink.Deliver(f, make([]float32, 8)); n != 0 {
			t.Errorf("without a listener %d frames were consumed", n)
		}
		flushed := 0
		take := func(e session.MusicDelivery, args ...any) session.Reply {
			if len(e.Frames) == 0 {
				flushed++
			}
			return session.Reply{Value: min(3, len(e.Frames)/e.Format.Channels)}
		}
		id, err := r.s.On(session.Typed(take))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.s.On(session.Typed(take)); kindOf(err) != session.InvalidArgument {
			t.Errorf("a second listener: %v", err)
		}
		if n := sink.Deliver(f, make([]float32, 8)); n != 3 {
			t.Errorf("%d frames were consumed", n)
		}
		sink.Deliver(f, nil)
		if flushed != 1 {
			t.Errorf("%d discontinuities", flushed)
		}
		if b, st := sink.Stats(); b != 0 || st != 0 {
			t.Errorf("without a listener: %d %d", b, st)
		}
		_, err = r.s.On(session.Typed(func(session.GetAudioBufferStats, ...any) session.Reply {
			return session.Reply{Value: session.AudioBufferStats{Samples: 5, Stutter: 2}}
		}))
		if b, st := sink.Stats(); err != nil || b != 5 || st != 2 {
			t.Errorf("%d %d %v", b, st, err)
		}
		k := session.Kind[session.MusicDelivery]()
		r.s.Off(k, id)
		if r.s.NumListeners(k) != 0 || r.s.NumListeners("") != 1 {
			t.Errorf("%d and %d listeners", r.s.NumListeners(k), r.s.NumListeners(""))
		}
	}, func(c *setup) { c.cfg.Sink = sink })
	s := session.New(session.Config{}, nil, nil, session.Account{ID: music.Local})
	if _, err := s.On(session.Typed(func(session.MusicDelivery, ...any) session.Reply { return session.Reply{} })); kindOf(err) != session.InvalidArgument {
		t.Errorf("without a sink: %v", err)
	}
}

func TestTheLogCountsDeliveriesAndListsNone(t *testing.T) {
	sink := session.NewSink()
	var lines []string
	inBubble(t, func(r *rig) {
		f := player.Format{Rate: 48000, Channels: 2}
		sink.Deliver(f, make([]float32, 8)) // nobody takes it
		sink.Deliver(f, make([]float32, 8))
		if _, err := r.s.On(session.Typed(func(session.MusicDelivery, ...any) session.Reply { return session.Reply{Value: 4} })); err != nil {
			t.Fatal(err)
		}
		for range 2000 {
			sink.Deliver(f, make([]float32, 8))
		}
		sink.Deliver(f, nil)
		r.settle()
	}, func(c *setup) {
		c.cfg.Sink = sink
		c.cfg.Log = func(line string) {
			if strings.HasPrefix(line, "MusicDelivery") {
				lines = append(lines, line)
			}
		}
	})
	want := []string{
		`MusicDelivery fault=MISSING_CALLBACK "call MusicDelivery: no listener"`, "MusicDelivery 1000 times, 3992 frames consumed, flush=false",
		"MusicDelivery 1000 times, 4000 frames consumed, flush=false", "MusicDelivery 3 times, 12 frames consumed, flush=true",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("%q\nwant %q", lines, want)
	}
}

func TestAnEmitterIsUsedFromEverywhereAtOnce(t *testing.T) {
	var m session.Emitter
	var calls atomic.Int64
	k := session.Kind[session.LoggedIn]()
	var work sync.WaitGroup
	for range 8 {
		work.Go(func() {
			for range 200 {
				id, err := m.On(k, func(session.Event, ...any) session.Reply {
					calls.Add(1)
					return session.Reply{}
				})
				if err != nil {
					t.Error(err)
				}
				m.Emit(session.LoggedIn{})
				m.Off(k, id)
			}
		})
	}
	work.Wait()
	if n := m.NumListeners(""); n != 0 || calls.Load() < 1600 {
		t.Errorf("%d listeners stayed, %d calls", n, calls.Load())
	}
}

package session_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"segue/internal/music"
	"segue/session"
	"segue/session/sessiontest"
)

// TestTwoHundredThousandEventsToASlowReader: memory is bounded, the session never
// waits, and the reader ends with the true state.
func TestTwoHundredThousandEventsToASlowReader(t *testing.T) {
	local := sessiontest.NewService(music.Local)
	p := sessiontest.NewPlayer(nil)
	s := session.New(session.Config{}, p, nil, local.Account())
	slow, never := s.Subscribe("slow"), s.Subscribe("never reads")
	ctx, cancel := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() { _ = s.Run(ctx) })

	var state session.Playback
	var taken, pages, resyncs int
	var reader sync.WaitGroup
	reader.Go(func() {
		for {
			events, ok := slow.Take(context.Background())
			if !ok {
				return
			}
			for _, e := range events {
				taken++
				switch e := e.(type) {
				case session.PlaybackChanged:
					state = e.Playback
				case session.PageLoaded:
					pages++
				case session.Resync:
					resyncs++
				}
			}
			for range 200 {
				runtime.Gosched() // it draws, for a while
			}
		}
	})

	before := heap()
	begin := time.Now()
	const commands = 200_000
	for i := range commands {
		s.Send(session.SetVolume{Percent: i % 100})
		switch {
		case i%1000 == 0:
			s.Send(session.Load{Ticket: session.Ticket(i), Ask: music.Ask{Of: music.Section("nobody", "")}})
		case i%7 == 0:
			local.Changed(music.Ref{Account: music.Local, Kind: music.KindAlbum, ID: fmt.Sprint(i % 50)})
		}
	}
	s.Send(session.SetVolume{Percent: 42})
	sent := time.Since(begin)
	probe := s.Subscribe("probe")
	for done := false; !done; { // the probe's snapshot comes behind everything
		events, _ := probe.Take(t.Context())
		for _, e := range events {
			if b, ok := e.(session.PlaybackChanged); ok && b.Playback.Volume == 42 {
				done = true
			}
		}
	}
	grown := int64(heap()) - int64(before)
	handled := time.Since(begin)
	if grown > 32<<20 {
		t.Errorf("the heap has grown by %d MiB", grown>>20)
	}
	cancel()
	run.Wait()
	reader.Wait()
	t.Logf("sent in %s, handled in %s, %d events taken, %d KiB more on the heap", sent, handled, taken, grown/1024)
	if state.Volume != 42 {
		t.Errorf("the reader ends with volume %d, want 42", state.Volume)
	}
	if resyncs == 0 && pages != commands/1000 {
		t.Errorf("%d pages came, want %d", pages, commands/1000)
	}
	never.Close()
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestAReaderFarBehindGetsASnapshot(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.playAlbum()
		behind := r.s.Subscribe("behind")
		r.settle()
		for range 5000 {
			r.s.Send(session.Undo{})
			r.s.Send(session.Redo{})
		}
		r.do(session.SetVolume{Percent: 33})
		ctx, cancel := context.WithTimeout(r.t.Context(), time.Second)
		defer cancel()
		events, ok := behind.Take(ctx)
		if !ok || len(events) > 4096+8 {
			t.Fatalf("%d events, %t", len(events), ok)
		}
		if _, ok := events[0].(session.Resync); !ok {
			t.Errorf("the first is %T, want Resync", events[0])
		}
		var volume int
		kinds := map[string]bool{}
		for _, e := range events {
			kinds[fmt.Sprintf("%T", e)] = true
			if b, ok := e.(session.PlaybackChanged); ok {
				volume = b.Playback.Volume
			}
		}
		if volume != 33 || !kinds["session.AccountsChanged"] || !kinds["session.QueueChanged"] {
			t.Errorf("volume %d, kinds %v", volume, kinds)
		}
	})
}

func TestOutdatedEventsAreLeftOutAndTheRestKeepsItsOrder(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.events = nil
		list := music.Ref{Account: music.Local, Kind: music.KindPlaylist, ID: "p"}
		for range 3 {
			r.local.Changed(list)
			synctest.Wait()
			r.s.Send(session.Load{Ticket: 1, Ask: music.Ask{Of: r.album}})
			synctest.Wait()
			r.s.Send(session.SetVolume{Percent: 10})
			synctest.Wait()
		}
		r.local.Changed(list)
		r.settle()
		var got []string
		for _, e := range r.events {
			got = append(got, fmt.Sprintf("%T", e))
		}
		want := "[session.PageLoaded session.PageLoaded session.PageLoaded session.PlaybackChanged session.ContainerChanged session.PlaylistChanged]"
		if fmt.Sprint(got) != want {
			t.Errorf("%v\nwant %v", got, want)
		}
	})
}

func TestTakeEndsWithItsContextItsSubscriptionAndTheSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		local := sessiontest.NewService(music.Local)
		s := session.New(session.Config{}, sessiontest.NewPlayer(nil), nil, local.Account())
		ctx, cancel := context.WithCancel(t.Context())
		early := s.Subscribe("before Run")
		if events, ok := early.Take(cancelled()); ok {
			t.Errorf("before Run: %v", events)
		}
		go func() { _ = s.Run(ctx) }()
		synctest.Wait()
		a, b := s.Subscribe("a"), s.Subscribe("b")
		synctest.Wait()
		for _, sub := range []*session.Subscription{a, b, early} {
			if events, ok := sub.Take(t.Context()); !ok || len(events) < 4 {
				t.Fatalf("%v, %t", events, ok)
			}
		}
		if _, ok := a.Take(cancelled()); ok {
			t.Error("nothing was there to take")
		}
		a.Close()
		a.Close()
		if _, ok := a.Take(t.Context()); ok {
			t.Error("taken from a closed subscription")
		}
		s.Send(session.SetVolume{Percent: 1})
		synctest.Wait()
		cancel()
		if events, ok := b.Take(t.Context()); !ok || len(events) == 0 {
			t.Error("what was there at the end is lost")
		}
		synctest.Wait()
		for {
			if _, ok := b.Take(t.Context()); !ok {
				break
			}
		}
		s.Send(session.Play{})
		if _, ok := s.Subscribe("after").Take(t.Context()); ok {
			t.Error("events after the end")
		}
	})
}

func cancelled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

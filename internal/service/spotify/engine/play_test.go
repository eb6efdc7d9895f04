package engine

import (
	"testing"
	"time"

	"segue/internal/service/spotify/engine/enginetest"
)

func TestATrackComesWholeAndEndsAtItsLastFrame(t *testing.T) {
	r := newRig(t, plays(map[string]enginetest.Track{first: {Frames: 9*rate + 1234, Ms: 9000}}))
	s := r.open(first, 9*time.Second)
	frames, ended := r.read(s, -1)
	if !ended {
		t.Fatal("it does not end")
	}
	r.is("the track", frames, first, 0, 9*rate+1234)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestSeekingLandsOnTheExactFrame(t *testing.T) {
	r := newRig(t, plays(map[string]enginetest.Track{first: length(60)}))
	s := r.open(first, 60*time.Second)
	for _, tt := range []struct {
		name string
		to   int64 // frame
		read int64
	}{
		{"before anything was read", 12345, 5000},
		{"a little ahead, in what has come already", 20000, 5000},
		{"far ahead", 50*rate + 17, 100000},
		{"back", 3*rate + 1, 100000},
		{"to the start", 0, 5000},
		{"to the frame before a millisecond", 44099, 5000},
		{"near the end", 60*rate - 3000, 3000},
	} {
		at, err := s.Seek(format.Duration(tt.to))
		if err != nil || format.Frames(at) != tt.to {
			t.Fatalf("%s: it went to %v: %v", tt.name, at, err)
		}
		frames, _ := r.read(s, tt.read)
		r.is(tt.name, frames, first, tt.to, tt.read)
	}
	if _, ended := r.read(s, 1); !ended {
		t.Error("behind the last frame is no end")
	}
	if at, err := s.Seek(time.Hour); err != nil || at != 60*time.Second {
		t.Errorf("beyond the end it goes to %v: %v", at, err)
	}
	if _, ended := r.read(s, 1); !ended {
		t.Error("beyond the end is no end")
	}
	if _, err := s.Seek(0); err != nil {
		t.Fatal(err)
	}
	frames, _ := r.read(s, 1000)
	r.is("from the start, after the end", frames, first, 0, 1000)
}

// TestAnOlderOneThatBeginsAtNaughtIsSoughtToItsPlace: play with a position is new.
func TestAnOlderOneThatBeginsAtNaughtIsSoughtToItsPlace(t *testing.T) {
	b := plays(map[string]enginetest.Track{first: length(30)})
	b.NoPositionInPlay = true
	r := newRig(t, b)
	s := r.open(first, 30*time.Second)
	if _, err := s.Seek(11 * time.Second); err != nil {
		t.Fatal(err)
	}
	frames, _ := r.read(s, 10000)
	r.is("the track", frames, first, 11*rate, 10000)
}

// joined plays one track to its end and the other behind it, as the player does: the
// second is opened when the first is near its end. The player plays for 10 s then; here
// it is waited for that the program is told.
func (r *rig) joined(a, b string, lengthA, lengthB time.Duration) (fa, fb []float32) {
	r.t.Helper()
	s1 := r.open(a, lengthA)
	lead := format.Frames(lengthA) - 10*rate
	fa, _ = r.read(s1, max(lead, 1000))
	s2 := r.open(b, lengthB)
	r.until("what follows is known", func() bool {
		r.deck.mu.Lock()
		defer r.deck.mu.Unlock()
		return r.deck.next != nil
	})
	rest, _ := r.read(s1, -1)
	fa = append(fa, rest...)
	fb, _ = r.read(s2, -1)
	return fa, fb
}

func TestOneTrackFollowsTheOtherWithoutALostFrame(t *testing.T) {
	t.Parallel()
	const a, b = 25*rate + 789, 14*rate + 321
	for _, tt := range []struct {
		name    string
		claimed int // ms, of the first
		error   int64
	}{
		{"when its claimed length is true to the millisecond", a * 1000 / rate, rate / 1000},
		{"when it claims 37 ms too much", a*1000/rate + 37, rate * 38 / 1000},
		{"when it claims 52 ms too little", a*1000/rate - 52, rate * 53 / 1000},
		{"when it claims two seconds too much", a*1000/rate + 2000, leads/2 + late},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, plays(map[string]enginetest.Track{first: {Frames: a, Ms: tt.claimed}, second: {Frames: b}}))
			claimed := time.Duration(tt.claimed) * time.Millisecond
			fa, fb := r.joined(first, second, claimed, format.Duration(b))
			all := runs(append(fa, fb...))
			if len(all) != 2 || all[0] != (run{first, 0, a}) || all[1] != (run{second, 0, b}) {
				t.Fatalf("both together are %v", all)
			}
			off := int64(len(fa)/2) - a
			t.Logf("%s: the join is %d frames (%.1f ms) off", tt.name, off, float64(off)*1000/rate)
			if max(off, -off) > tt.error {
				t.Errorf("the join is %d frames off, want at most %d", off, tt.error)
			}
			r.deck.mu.Lock()
			defer r.deck.mu.Unlock()
			if len(r.deck.joins) != 1 {
				t.Errorf("the engine's own join was not used: %v", r.deck.joins)
			}
		})
	}
}

func TestJoinsThatAreNotTheEnginesOwnAreExact(t *testing.T) {
	r := newRig(t, plays(map[string]enginetest.Track{first: {Frames: 7*rate + 5, Ms: 7000}, second: {Frames: 6*rate + 7, Ms: 6111}}))
	s1 := r.open(first, 7*time.Second)
	fa, _ := r.read(s1, -1) // what follows is opened too late for the engine: a local track stood between
	s2 := r.open(second, 6111*time.Millisecond)
	fb, _ := r.read(s2, -1)
	r.is("the first", fa, first, 0, 7*rate+5)
	r.is("the second", fb, second, 0, 6*rate+7)
}

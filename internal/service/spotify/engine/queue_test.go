package engine

import (
	"errors"
	"testing"
	"time"

	"segue/internal/service/spotify/engine/enginetest"
)

// lineUp plays the first track until its end is near and opens the second behind it, so
// that the program has been told of it.
func lineUp(t *testing.T) (r *rig, s1, s2 *source, head []float32) {
	t.Helper()
	r = newRig(t, plays(map[string]enginetest.Track{first: length(14), second: length(13), third: length(12)}))
	s1 = r.opened(first, 14)
	head, _ = r.read(s1, 3*rate)
	s2 = r.opened(second, 13)
	r.until("the program knows what follows", func() bool {
		r.deck.mu.Lock()
		defer r.deck.mu.Unlock()
		return r.deck.next == s2.t || r.deck.on == s2.t
	})
	return r, s1, s2, head
}

func (r *rig) opened(uri string, length float64) *source {
	r.t.Helper()
	s, ok := r.open(uri, seconds(length)).(*source)
	if !ok {
		r.t.Fatal("it is no source of ours")
	}
	return s
}

func (r *rig) close(s *source) {
	r.t.Helper()
	if err := s.Close(); err != nil {
		r.t.Fatal(err)
	}
}

// about fails unless frames are one run of a track's from its start, of about a length.
func (r *rig) about(what string, frames []float32, uri string, n int64) {
	r.t.Helper()
	got := runs(frames)
	if len(got) != 1 || got[0].uri != uri || got[0].from != 0 || got[0].n < n-leads || got[0].n > n+leads {
		r.t.Fatalf("%s is %v, want about %d frames of %s", what, got, n, uri)
	}
}

func TestWhatWasToFollowAndIsClosedIsNotHeard(t *testing.T) {
	t.Parallel()
	r, s1, s2, head := lineUp(t)
	r.close(s2)
	s3 := r.opened(third, 12)
	rest, _ := r.read(s1, -1)
	r.about("the first", append(head, rest...), first, 14*rate)
	frames, _ := r.read(s3, -1)
	r.is("the third", frames, third, 0, 12*rate)
}

func TestWhatWasToFollowAndIsOpenedAgainFollows(t *testing.T) {
	t.Parallel()
	r, s1, s2, head := lineUp(t)
	r.close(s2)
	again := r.opened(second, 13)
	rest, _ := r.read(s1, -1)
	frames, _ := r.read(again, -1)
	all := runs(append(append(head, rest...), frames...))
	if len(all) != 2 || all[0] != (run{first, 0, 14 * rate}) || all[1] != (run{second, 0, 13 * rate}) {
		t.Errorf("both together are %v", all)
	}
}

func TestSkippingToAThirdTrackLeavesNothingOfTheOthers(t *testing.T) {
	t.Parallel()
	r, s1, s2, _ := lineUp(t)
	s3 := r.opened(third, 12)
	r.close(s1)
	r.close(s2)
	frames, _ := r.read(s3, -1)
	r.is("the third", frames, third, 0, 12*rate)
}

func TestOneSeeksBackIntoTheTrackBeforeWhenTheNextHasBegun(t *testing.T) {
	t.Parallel()
	r, s1, s2, _ := lineUp(t)
	r.read(s1, -1)
	frames, _ := r.read(s2, 2*rate)
	r.about("the beginning of the second", frames, second, 2*rate)
	at := int64(5*rate + 3)
	if _, err := s1.Seek(format.Duration(at)); err != nil {
		t.Fatal(err)
	}
	frames, _ = r.read(s1, -1)
	got := runs(frames)
	if len(got) != 1 || got[0] != (run{first, at, 9*rate - 3}) {
		t.Errorf("the first from there is %v", got)
	}
	if _, err := s2.Seek(0); err != nil { // as the player does with what it has to begin anew
		t.Fatal(err)
	}
	frames, _ = r.read(s2, -1)
	r.is("the second", frames, second, 0, 13*rate)
}

// TestWhatIsAheadOfTheNextTrackDoesNotStarveTheOneBefore: only what is wanted counts.
func TestWhatIsAheadOfTheNextTrackDoesNotStarveTheOneBefore(t *testing.T) {
	t.Parallel()
	r, s1, s2, _ := lineUp(t)
	r.read(s1, -1)
	r.read(s2, 1000)
	r.until("much is ahead", func() bool {
		r.deck.mu.Lock()
		defer r.deck.mu.Unlock()
		return s2.t.have() >= ahead
	})
	if _, err := s1.Seek(0); err != nil {
		t.Fatal(err)
	}
	r.read(s1, 1000)
	r.until("it rests", func() bool {
		r.deck.mu.Lock()
		defer r.deck.mu.Unlock()
		return r.deck.flow == resting
	})
	frames, _ := r.read(s1, -1)
	if got := runs(frames); len(got) != 1 || got[0] != (run{first, 1000, 14*rate - 1000}) {
		t.Errorf("the first goes on with %v", got)
	}
	frames, _ = r.read(s2, 1000) // it goes on where it was
	if got := runs(frames); len(got) != 1 || got[0].uri != second || got[0].n != 1000 {
		t.Errorf("and the second with %v", got)
	}
}

func TestOneSeeksAtTheJoinItself(t *testing.T) {
	t.Parallel()
	r, s1, s2, _ := lineUp(t)
	r.read(s1, 14*rate-3*rate-2000)
	at := int64(14*rate - 100)
	if _, err := s1.Seek(format.Duration(at)); err != nil {
		t.Fatal(err)
	}
	tail, _ := r.read(s1, -1)
	frames, _ := r.read(s2, -1)
	all := runs(append(tail, frames...))
	if len(all) != 2 || all[0] != (run{first, at, 100}) || all[1] != (run{second, 0, 13 * rate}) {
		t.Errorf("from there on it is %v", all)
	}
}

func TestATrackMayFollowItself(t *testing.T) {
	t.Parallel()
	r := newRig(t, plays(map[string]enginetest.Track{first: length(12)}))
	s1 := r.opened(first, 12)
	head, _ := r.read(s1, 2*rate)
	s2 := r.opened(first, 12)
	rest, _ := r.read(s1, -1)
	frames, _ := r.read(s2, -1)
	all := runs(append(append(head, rest...), frames...))
	if len(all) != 2 || all[0] != (run{first, 0, 12 * rate}) || all[1] != (run{first, 0, 12 * rate}) {
		t.Errorf("both together are %v", all)
	}
}

func TestTracksShorterThanWhatIsAheadFollowOneAnother(t *testing.T) {
	t.Parallel()
	r := newRig(t, plays(map[string]enginetest.Track{first: length(0.3), second: length(0.2), third: length(0.4)}))
	var all []float32
	s := r.opened(first, 0.3)
	for _, next := range []struct {
		uri    string
		length float64
	}{{second, 0.2}, {third, 0.4}, {first, 0.3}, {second, 0.2}} {
		after := r.opened(next.uri, next.length)
		frames, _ := r.read(s, -1)
		all = append(all, frames...)
		r.close(s)
		s = after
	}
	frames, _ := r.read(s, -1)
	want := []run{{first, 0, rate * 3 / 10}, {second, 0, rate / 5}, {third, 0, rate * 2 / 5}, {first, 0, rate * 3 / 10}, {second, 0, rate / 5}}
	got := runs(append(all, frames...))
	if len(got) != len(want) {
		t.Fatalf("they are %v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d is %v, want %v", i, got[i], want[i])
		}
	}
}

func TestWhatIsNotPrefetchedFollowsAllTheSame(t *testing.T) {
	t.Parallel()
	b := plays(map[string]enginetest.Track{first: length(14), second: {Frames: 10 * rate, LoadMs: 700}})
	b.NoPrefetch = true
	r := newRig(t, b)
	fa, fb := r.joined(first, second, 14*time.Second, 10*time.Second)
	all := runs(append(fa, fb...))
	if len(all) != 2 || all[0] != (run{first, 0, 14 * rate}) || all[1] != (run{second, 0, 10 * rate}) {
		t.Errorf("both together are %v", all)
	}
}

// TestWhatIsOpenedWhileAFilePlaysIsLoadedBeforeItIsRead: so the file is followed at once.
func TestWhatIsOpenedWhileAFilePlaysIsLoadedBeforeItIsRead(t *testing.T) {
	t.Parallel()
	r := newRig(t, plays(map[string]enginetest.Track{first: length(60)}))
	s := r.opened(first, 60)
	r.until("it is loaded", func() bool {
		r.deck.mu.Lock()
		defer r.deck.mu.Unlock()
		return s.t.have() >= ahead
	})
	frames, _ := r.read(s, 1000)
	r.is("the track", frames, first, 0, 1000)
}

// TestAnOldLoopThatReadsOnTakesNothingBack: the player may be in a Read of what it has
// just left.
func TestAnOldLoopThatReadsOnTakesNothingBack(t *testing.T) {
	t.Parallel()
	r := newRig(t, plays(map[string]enginetest.Track{first: length(600), second: {Frames: 10 * rate, LoadMs: 300}}))
	s1 := r.opened(first, 600)
	r.read(s1, 1000)
	s2 := r.opened(second, 10)
	left := make(chan error, 1)
	go func() {
		buf := make([]float32, 8192)
		for {
			if _, err := s1.Read(buf); err != nil {
				left <- err
				return
			}
		}
	}()
	frames, _ := r.read(s2, -1)
	r.is("the second", frames, second, 0, 10*rate)
	if err := r.Close(); err != nil { // had it taken the track back, it would read on until now
		t.Error(err)
	}
	if err := <-left; !errors.Is(err, errSuperseded) {
		t.Errorf("the old loop ends with %v", err)
	}
}

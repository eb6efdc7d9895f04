package engine

import (
	"testing"
	"time"

	"segue/internal/service/spotify/engine/enginetest"
)

// soon is how long the end of a track that is shorter than it claims may take, read as fast
// as it comes: far less than any wait for what does not come.
const soon = 5 * time.Second

// TestATrackMuchShorterThanItClaimsEndsWhenItIsOver: read as fast as it comes, it is over
// within a moment of the call that began it.
func TestATrackMuchShorterThanItClaimsEndsWhenItIsOver(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		frames  int64
		claimed time.Duration
		seek    time.Duration
		older   bool
	}{
		{"by most of it", 3*rate + 11, time.Minute, 0, false},
		{"after a seek", 9 * rate, time.Minute, 8 * time.Second, false},
		{"sought to behind its true end", 2 * rate, time.Minute, 30 * time.Second, false},
		{"with an older program, which must be asked again", 3 * rate, time.Minute, 0, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := plays(map[string]enginetest.Track{first: {Frames: tt.frames, Ms: int(tt.claimed.Milliseconds())}})
			b.NoResumeInEvents = tt.older
			r := newRig(t, b, func(c *Config) {
				c.times = usualTimes()
				if tt.older {
					c.times.dry = 200 * time.Millisecond
				}
			})
			s := r.open(first, tt.claimed)
			r.read(s, 1000) // it is there: what it takes to start is not counted
			begun, from := time.Now(), int64(1000)
			if tt.seek > 0 {
				if _, err := s.Seek(tt.seek); err != nil {
					t.Fatal(err)
				}
				from = format.Frames(tt.seek)
			}
			frames, _ := r.read(s, -1)
			if from < tt.frames {
				r.is("the rest of it", frames, first, from, tt.frames-from)
			} else if len(frames) > 0 {
				t.Errorf("behind its end are %v", runs(frames))
			}
			if took := time.Since(begun); took > soon {
				t.Errorf("its end took %v", took)
			}
		})
	}
}

// TestAnEndFromBeforeTheLastResumeIsNotBelieved: events come in order, but late.
func TestAnEndFromBeforeTheLastResumeIsNotBelieved(t *testing.T) {
	d := newDeck()
	tr := &track{uri: first, length: 60 * rate}
	d.tracks, d.on, d.want, d.flow, d.resumes, d.asked = []*track{tr}, tr, tr, flowing, 2, time.Now()
	tell := func(kind string, resume bool) {
		ev := event{Type: kind}
		ev.Data.URI, ev.Data.Resume = first, resume
		d.event(ev)
	}
	tell(eventPlaying, true) // of the first resume
	tell(eventNotPlaying, false)
	tell(eventPlaying, false) // of a start, which is no resume
	tell(eventNotPlaying, false)
	if d.over || d.on != tr {
		t.Fatal("it is over by what happened before the second resume")
	}
	tell(eventPlaying, true)
	tell(eventNotPlaying, false)
	if d.over || d.on != nil || d.doubt != tr {
		t.Fatal("an end that comes so soon is not doubted")
	}
	d.on, d.drop = tr, false // it was begun again
	d.resumes++
	tell(eventPlaying, true)
	tell(eventNotPlaying, false)
	if !d.over {
		t.Error("it is not over though that was told again")
	}
}

// TestANextTrackThatIsToldOfLateBeginsWhereTheOneBeforeEnded: the frames of both come without
// a mark, and may be ahead of the event.
func TestANextTrackThatIsToldOfLateBeginsWhereTheOneBeforeEnded(t *testing.T) {
	d := newDeck()
	on, next := &track{uri: first, length: 10 * rate, pos: 8 * rate}, &track{uri: second, serial: 1}
	d.tracks, d.on, d.want, d.next, d.flow, d.at = []*track{on, next}, on, on, next, flowing, 8*rate
	d.resumes, d.resumed, d.drop = 1, 1, false
	d.take(make([]byte, 2*rate*frameSize))
	over, begins := event{Type: eventNotPlaying}, event{Type: eventWillPlay}
	over.Data.URI, begins.Data.URI = first, second
	d.event(over)
	d.take(make([]byte, 4*rate*frameSize))
	if until := time.Until(d.pace); until < 4*time.Second {
		t.Errorf("meanwhile it reads on after %v", until)
	}
	d.event(begins)
	if on.end() != 10*rate || next.end() != 4*rate || d.on != next {
		t.Errorf("the first has %d frames, the next %d", on.end(), next.end())
	}
}

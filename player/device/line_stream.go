package device

import (
	"errors"
	"fmt"
	"time"

	"segue/internal/pcm"
)

// request is a command that wants an answer; answer has room for it.
type request struct {
	flush  bool
	answer chan int64
}

// model is what the stream knows of the frames behind fill without asking the card.
type model struct {
	queued int64     // at the moment at
	at     time.Time // zero while nothing moves
	most   int64     // that may have been played since, or the device hangs
}

func (m model) now(t time.Time, f pcm.Format) int64 {
	if m.at.IsZero() {
		return m.queued
	}
	return max(0, m.queued-min(m.most, f.Frames(t.Sub(m.at))))
}

// The stream's side of a line: no method waits longer than answerPatience.

// Format is what the device was opened with.
func (l *line) Format() pcm.Format { return l.format }

// Depth is what the device takes at once when it begins.
func (l *line) Depth() time.Duration { return l.format.Duration(int64(l.buffer)) }

// Tires is true: PulseAudio's client library has a thread that wakes every 1.5 s, and a card
// without a sound server is kept from others.
func (l *line) Tires() bool { return true }

// Pause silences the device and puts the writer to sleep. fill is not called after it
// has returned, even if the device hangs.
func (l *line) Pause() {
	l.mu.Lock()
	if l.paused {
		l.mu.Unlock()
		return
	}
	l.paused = true
	l.mu.Unlock()
	if _, ok := l.ask(request{}); !ok {
		l.mu.Lock()
		l.model = model{queued: l.model.now(time.Now(), l.format)}
		l.mu.Unlock()
	}
}

// Resume goes on with what the device still held.
func (l *line) Resume() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.paused = false
	l.wake()
}

// Flush throws away what was not heard; with a device that hangs, that happens when it
// answers again, and the number is by the clock.
func (l *line) Flush() int64 {
	if lost, ok := l.ask(request{flush: true}); ok {
		return lost
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	lost := l.model.now(time.Now(), l.format)
	l.model = model{}
	return lost
}

// Latency is by the clock since the writer last asked the device.
func (l *line) Latency() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.format.Duration(l.model.now(time.Now(), l.format))
}

// SetVolume is heard after what the device has buffered.
func (l *line) SetVolume(v float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.volume = min(max(v, 0), 1)
}

// Close ends the stream and lets go of the device; one that hangs is left to do so alone.
func (l *line) Close() error {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.end(nil)
	l.ask(request{})
	select {
	case <-l.gone:
	case <-time.After(closePatience):
	}
	return nil
}

// ask wakes the writer and waits a little for its answer.
func (l *line) ask(r request) (int64, bool) {
	r.answer = make(chan int64, 1)
	l.mu.Lock()
	if l.released {
		l.mu.Unlock()
		return 0, true
	}
	l.asked = append(l.asked, r)
	l.wake()
	l.mu.Unlock()
	timer := time.NewTimer(answerPatience)
	defer timer.Stop()
	select {
	case n := <-r.answer:
		return n, true
	case <-timer.C:
		return 0, false
	}
}

// wake wakes the writer; the caller holds mu.
func (l *line) wake() {
	if !l.released {
		l.card.wake()
	}
}

// closePatience is how long Close waits for the device, so that the next Start finds it free.
const closePatience = 40 * time.Millisecond

var errStalled = errors.New("the sound device hangs")

// suspect is called when nothing was written for a while. Only the second time in a row
// counts: the whole program may have been stopped (Ctrl-Z), and the timer with it.
func (l *line) suspect() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.released {
		return
	}
	if l.doubted != l.progress {
		l.doubted = l.progress
		l.watch.Reset(stallDoubt)
		return
	}
	l.end(fmt.Errorf("device: %s: %w", l.name, errStalled))
	l.wake()
}

package session

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"segue/player"
)

// The two events that are questions. They reach the one listener of a Sink on the
// goroutine that feeds it, and never an outbox.
type (
	// MusicDelivery brings frames, interleaved samples from -1 to 1 that are the
	// listener's only until it returns. Its answer, an int, is how many whole frames it
	// has consumed; the rest comes again in about 100 ms. No frames: a discontinuity, drop
	// what is buffered. The listener must not block.
	MusicDelivery struct {
		Format player.Format
		Frames []float32
	}
	// GetAudioBufferStats asks how much is buffered; the answer is an AudioBufferStats.
	GetAudioBufferStats struct{}
)

// AudioBufferStats answers GetAudioBufferStats.
type AudioBufferStats struct {
	Samples int // frames that wait to be heard
	Stutter int // dropouts since the last question
}

func (MusicDelivery) event()       {}
func (GetAudioBufferStats) event() {}

// Sink takes a player's frames to the listener of MusicDelivery, so that a program
// that embeds the session hears them itself:
//
//	sink := session.NewSink()
//	p := player.New(player.Config{}, player.SinkDevice(sink))
//	s := session.New(session.Config{Sink: sink}, p, nil, accounts...)
//	s.On(session.Typed(func(e session.MusicDelivery, _ ...any) session.Reply {
//		return session.Reply{Value: write(e.Frames)}
//	}))
//
// While there is no listener nothing is consumed, and the player waits.
type Sink struct {
	emitter Emitter

	mu         sync.Mutex
	log        func(line string)
	deliveries int // since they were last logged
	frames     int
	failed     bool // the last one, which was logged
}

// NewSink makes a Sink; it starts nothing.
func NewSink() *Sink { return &Sink{} }

var _ player.Sink = (*Sink)(nil)

// logEvery is how many deliveries make one line of the log.
const logEvery = 1000

// Deliver fills player.Sink.
func (k *Sink) Deliver(f player.Format, frames []float32) (consumed int) {
	v, err := k.emitter.Call(MusicDelivery{Format: f, Frames: frames})
	n, ok := v.(int)
	if err == nil && !ok && len(frames) > 0 {
		err = &Fault{Kind: InvalidIndata, Op: "deliver music", Err: errors.New("the listener did not answer with a number of frames")}
	}
	k.note(n, len(frames) == 0, err)
	return n
}

// Stats fills player.Sink.
func (k *Sink) Stats() (buffered, stutters int) {
	v, err := k.emitter.Call(GetAudioBufferStats{})
	st, ok := v.(AudioBufferStats)
	if err != nil || !ok {
		return 0, 0
	}
	return st.Samples, st.Stutter
}

// note counts deliveries for the log, which gets a line for many of them.
func (k *Sink) note(frames int, flush bool, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.deliveries++
	k.frames += frames
	if k.log == nil {
		return
	}
	if err != nil && !k.failed {
		k.log("MusicDelivery" + faultNote(faultOf(err, "", "deliver music")))
	}
	k.failed = err != nil
	if flush || k.deliveries >= logEvery {
		k.log(fmt.Sprintf("MusicDelivery %d times, %d frames consumed, flush=%t", k.deliveries, k.frames, flush))
		k.deliveries, k.frames = 0, 0
	}
}

// logTo lets the Sink write to a log.
func (k *Sink) logTo(log func(line string)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.log = log
}

// emitterOf is where the listeners of a kind are: those of the two questions in the Sink.
func (s *Session) emitterOf(k EventKind) *Emitter {
	if oneListener(k) && s.cfg.Sink != nil {
		return &s.cfg.Sink.emitter
	}
	return &s.emitter
}

// On has fn called for each event of a kind by a Listen, with args behind the event
// (see Emitter). MusicDelivery and GetAudioBufferStats take one listener, need a
// Config.Sink, and are called by the player's goroutine.
func (s *Session) On(k EventKind, fn Listener, args ...any) (ListenerID, error) {
	if oneListener(k) && s.cfg.Sink == nil {
		return 0, &Fault{Kind: InvalidArgument, Op: "listen to " + string(k), Err: errors.New("the session has no sink"),
			Hint: "give Config.Sink to New and SinkDevice to the player"}
	}
	id, err := s.emitterOf(k).On(k, fn, args...)
	if err == nil && !oneListener(k) {
		s.hearing.begin(s)
	}
	if s.cfg.Sink != nil && oneListener(k) {
		id |= sinkID
	}
	return id, err
}

// hearing is the subscription of Listen. It begins with the first listener, so that
// what happens between On and Listen is not missed.
type hearing struct {
	mu   sync.Mutex
	sub  *Subscription // nil = there are no listeners yet
	busy bool          // somebody is in Listen
}

func (h *hearing) begin(s *Session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.sub == nil {
		h.sub = s.Subscribe("listen")
	}
}

// enter gives the subscription to the one who listens; nil = somebody does already.
func (h *hearing) enter(s *Session) *Subscription {
	h.begin(s)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.busy {
		return nil
	}
	h.busy = true
	return h.sub
}

func (h *hearing) leave() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sub.Close()
	h.sub, h.busy = nil, false
}

// sinkID marks listeners of the sink: they are counted apart.
const sinkID ListenerID = 1 << 63

// Off takes listeners off: those named; without one all of the kind; without a kind all.
func (s *Session) Off(k EventKind, which ...ListenerID) {
	var own, sinks []ListenerID
	for _, id := range which {
		if id&sinkID != 0 {
			sinks = append(sinks, id&^sinkID)
		} else {
			own = append(own, id)
		}
	}
	if len(which) == 0 || len(own) > 0 {
		s.emitter.Off(k, own...)
	}
	if s.cfg.Sink != nil && (len(which) == 0 || len(sinks) > 0) {
		s.cfg.Sink.emitter.Off(k, sinks...)
	}
}

// NumListeners counts the listeners of a kind; of "" all.
func (s *Session) NumListeners(k EventKind) int {
	n := s.emitter.NumListeners(k)
	if s.cfg.Sink != nil {
		n += s.cfg.Sink.emitter.NumListeners(k)
	}
	return n
}

// Listen takes events, the snapshot first, and calls the listeners on the caller's
// goroutine, until ctx or the session ends (pyspotify's EventLoop). One at a time.
func (s *Session) Listen(ctx context.Context) error {
	sub := s.hearing.enter(s)
	if sub == nil {
		return &Fault{Kind: InvalidArgument, Op: "listen", Err: errors.New("somebody listens already")}
	}
	defer s.hearing.leave()
	for {
		events, ok := sub.Take(ctx)
		if !ok {
			return nil
		}
		for _, e := range events {
			s.emitter.Emit(e)
		}
	}
}

// Package sessiontest has what tests of the session and of the screen need: a
// Player whose needle is moved by hand, a Service that holds what it was given
// and does as it is told, and a Store in memory.
//
// Only Start begins a goroutine, the session's. Everything in it may be used from any goroutine.
package sessiontest

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"segue/internal/mailbox"
	"segue/internal/pcm"
	"segue/player"
)

// Player fills session.Player. It plays in no time of its own: Advance moves the
// needle, and with it come the events that a real player would send.
type Player struct {
	step   func(time.Duration)
	events *mailbox.Box[player.Event]

	mu     sync.Mutex
	clock  time.Time
	cur    *loaded
	next   []*loaded
	noNext player.ItemID
	state  player.State
	calls  []string
	volume float64
	muted  bool
	album  bool
}

type loaded struct {
	it      player.Item
	length  time.Duration
	failAt  time.Duration
	why     error
	pos     time.Duration
	heard   time.Duration
	started bool
	asked   bool
}

// NewPlayer makes a player. step is called in Advance to let that much time pass
// for everybody else, and for them to finish what they do:
//
//	func(d time.Duration) { time.Sleep(d); synctest.Wait() }
//
// in a synctest bubble. nil: nothing waits, and the player's clock alone moves.
func NewPlayer(step func(time.Duration)) *Player {
	return &Player{step: step, events: mailbox.New[player.Event](), clock: time.Now()}
}

// now is the moment that anchors are fixed to.
func (p *Player) now() time.Time {
	if p.step != nil {
		return time.Now()
	}
	return p.clock
}

func (p *Player) called(format string, args ...any) {
	p.calls = append(p.calls, fmt.Sprintf(format, args...))
}

// Calls lists what was called since the last time, such as "load 1" or "volume 0.343".
func (p *Player) Calls() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.calls
	p.calls = nil
	return c
}

// Volume is the linear gain, and whether it is muted.
func (p *Player) Volume() (v float64, muted bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.volume, p.muted
}

// Preloaded is how many items wait behind the current one.
func (p *Player) Preloaded() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.next)
}

// AlbumContext is what SetAlbumContext said last.
func (p *Player) AlbumContext() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.album
}

// Tell sends an event as the real player might.
func (p *Player) Tell(e player.Event) { p.events.Put(e) }

func newLoaded(it player.Item) *loaded {
	l := &loaded{it: it, length: it.Length, pos: it.Start}
	if s, ok := it.Source.(*Source); ok {
		l.length, l.failAt, l.why = s.Length, s.FailAt, s.why()
	}
	return l
}

// Load fills session.Player.
func (p *Player) Load(it player.Item, play bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.called("load %d at %s play=%t", it.ID, it.Start, play)
	p.unload(player.EndSkipped, nil)
	p.dropNext()
	p.cur = newLoaded(it)
	if play {
		p.setState(player.Playing)
		p.begin()
		return
	}
	p.setState(player.Loaded)
	p.moved(0)
}

// begin makes the current item heard.
func (p *Player) begin() {
	l := p.cur
	if !l.started {
		l.started = true
		info := pcm.Info{Codec: "FLAC", Bits: 16, Frames: int64(l.length / time.Millisecond * 48)}
		p.events.Put(player.Started{Item: l.it.ID, Format: pcm.Format{Rate: 48000, Channels: 2}, Info: info})
	}
	p.moved(1)
	p.ask()
}

func (p *Player) ask() {
	if l := p.cur; l != nil && !l.asked && l.length-l.pos <= 10*time.Second && l.failAt == 0 {
		l.asked = true
		p.events.Put(player.NeedNext{After: l.it.ID})
	}
}

func (p *Player) moved(rate float64) {
	p.events.Put(player.Moved{Anchor: p.anchor(rate)})
}

func (p *Player) anchor(rate float64) player.Anchor {
	if p.cur == nil {
		return player.Anchor{}
	}
	return player.Anchor{Item: p.cur.it.ID, Position: p.cur.pos, At: p.now(), Rate: rate}
}

func (p *Player) setState(s player.State) {
	if p.state != s {
		p.state = s
		p.events.Put(player.StateChanged{State: s})
	}
}

// unload ends the current item.
func (p *Player) unload(why player.EndReason, err error) {
	l := p.cur
	if l == nil {
		return
	}
	p.cur = nil
	_ = l.it.Source.Close()
	if l.started {
		p.events.Put(player.Ended{Item: l.it.ID, Reason: why, Heard: l.heard, Err: err})
	}
}

func (p *Player) dropNext() {
	for _, l := range p.next {
		_ = l.it.Source.Close()
	}
	p.next, p.noNext = nil, 0
}

// Preload fills session.Player.
func (p *Player) Preload(it player.Item) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.called("preload %d", it.ID)
	if p.cur == nil { // it comes after the end
		p.cur = newLoaded(it)
		p.setState(player.Loaded)
		p.moved(0)
		return
	}
	p.next = append(p.next, newLoaded(it))
	p.noNext = 0
	if p.cur != nil && p.cur.length > 0 && p.cur.pos >= p.cur.length && p.state == player.Playing {
		p.ended() // it had come to the end and waited for this
	}
}

// ClearNext fills session.Player.
func (p *Player) ClearNext() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.called("clear next")
	p.dropNext()
}

// NoNext fills session.Player.
func (p *Player) NoNext(after player.ItemID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.called("no next after %d", after)
	p.noNext = after
}

// Play fills session.Player.
func (p *Player) Play() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.called("play")
	if p.cur != nil && p.state != player.Playing {
		p.setState(player.Playing)
		p.begin()
	}
}

// Pause fills session.Player.
func (p *Player) Pause() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.called("pause")
	if p.cur != nil && p.state == player.Playing {
		p.setState(player.Paused)
		p.moved(0)
	}
}

// Stop fills session.Player.
func (p *Player) Stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.called("stop")
	p.unload(player.EndSkipped, nil)
	p.dropNext()
	p.setState(player.Unloaded)
}

// Seek fills session.Player.
func (p *Player) Seek(to time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.called("seek %s", to)
	if p.cur == nil {
		return
	}
	p.cur.pos = to
	if p.cur.length > 0 {
		p.cur.pos = min(to, p.cur.length)
	}
	p.moved(map[bool]float64{true: 1, false: 0}[p.state == player.Playing])
	p.ask()
}

// SetVolume fills session.Player.
func (p *Player) SetVolume(v float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.called("volume %.4g", v)
	p.volume = v
}

// SetMute fills session.Player.
func (p *Player) SetMute(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.called("mute %t", on)
	p.muted = on
}

// SetGain fills session.Player.
func (p *Player) SetGain(mode player.GainMode, preampDB float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.called("gain %s %g", mode, preampDB)
}

// SetAlbumContext fills session.Player.
func (p *Player) SetAlbumContext(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.album = on
}

// SetCrossfade fills session.Player.
func (p *Player) SetCrossfade(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.called("crossfade %s", d)
}

// Events fills session.Player.
func (p *Player) Events() *mailbox.Box[player.Event] { return p.events }

// Anchor fills session.Player.
func (p *Player) Anchor() player.Anchor {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.anchor(map[bool]float64{true: 1, false: 0}[p.state == player.Playing])
}

// Advance lets time pass, in steps of a second at most: the needle moves while
// playing, items end, the next one begins.
func (p *Player) Advance(d time.Duration) {
	for d > 0 {
		step := min(d, time.Second)
		d -= step
		if p.step != nil {
			p.step(step)
		}
		p.move(step)
		if p.step != nil {
			p.step(0)
		}
	}
}

// ErrBroken is how a Source with a FailAt ends.
var ErrBroken = errors.New("the stream is broken")

func (p *Player) move(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clock = p.clock.Add(d)
	for d > 0 && p.cur != nil && p.state == player.Playing {
		l := p.cur
		end := l.length
		if l.failAt > 0 {
			end = l.failAt
		}
		part := d
		if end > 0 {
			part = min(d, end-l.pos)
		}
		l.pos += part
		l.heard += part
		d -= part
		p.ask()
		if end == 0 || l.pos < end {
			return
		}
		if !p.ended() {
			return
		}
	}
}

// ended takes the needle from an item that is through to what follows, if that is known.
func (p *Player) ended() (goesOn bool) {
	l := p.cur
	why, err := player.EndPlayed, error(nil)
	if l.failAt > 0 && l.pos >= l.failAt {
		why, err = player.EndError, l.why
	}
	switch {
	case len(p.next) > 0:
		p.events.Put(player.Delivered{Item: l.it.ID})
		p.unload(why, err)
		p.cur, p.next = p.next[0], p.next[1:]
		p.begin()
		return true
	case p.noNext == l.it.ID, why == player.EndError:
		p.events.Put(player.Delivered{Item: l.it.ID})
		p.unload(why, err)
		p.setState(player.Unloaded)
		if why != player.EndError {
			p.events.Put(player.Drained{})
		}
	default:
		p.moved(0) // waits for an answer to NeedNext
	}
	return false
}

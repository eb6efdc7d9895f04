package player

import (
	"context"
	"errors"
	"sync"
	"time"

	"segue/internal/ring"
)

const (
	ringAhead   = 4 * time.Second
	ringHistory = 3 * time.Second // more than any device holds

	openLimit     = 10 * time.Second
	stallLimit    = 5 * time.Second
	restAfter     = time.Minute
	backoffFirst  = 500 * time.Millisecond
	backoffMost   = 15 * time.Second
	driftLimit    = 50 * time.Millisecond
	driftPatience = 300 * time.Millisecond // a device's block may show for a moment

	lookSecond  = time.Second            // while all is well
	lookUnpaced = 100 * time.Millisecond // a file runs faster than its clock
	lookSoon    = 5 * time.Millisecond   // frames wait, and the device is about to take them
	lookStarved = 200 * time.Millisecond // nothing waits
	lookLeast   = 2 * time.Millisecond
	lookTaken   = 50 * time.Millisecond // devices take blocks, not frames

	// drainGrace is how long what was asked for may come after all was heard.
	drainGrace = time.Second

	graceful = 2 * time.Second // for loops and devices to end
)

var (
	errStalled = errors.New("player: the device has taken nothing for 5 s")
	errSlow    = errors.New("player: the device does not open within 10 s")
	errGone    = errors.New("player: the device has ended")
	errFormat  = errors.New("player: the device wants neither one nor two channels")
)

// engine is what Run owns. No other goroutine touches it.
type engine struct {
	p   *Player
	cfg Config
	dev Device

	state State
	cur   *track   // what is heard, or will be first; nil = nothing is loaded
	ahead []*track // what was preloaded behind it, in order
	set   settings
	album bool          // what SetAlbumContext said
	fade  time.Duration // what SetCrossfade said
	// unpaced: the device is a file or a pipe, as Config says or its kind shows.
	unpaced bool
	dec     *decoder
	// pending and noNext wait for a decode loop to begin.
	pending []*track
	noNext  bool
	drained time.Time // since when all is heard and NeedNext has no answer
	lateOK  bool      // drained without NoNext: a Preload that comes is played

	ring *ring.Ring
	rate int
	// heard is the ring's frame up to which all was heard; floor is where hearing
	// began anew: at or below it nothing flows.
	heard, floor int64
	// base maps frames to positions; while placed, the position is place and waits
	// for the first frame from there.
	base   ring.Mark
	place  time.Duration
	placed bool
	undo   *unseek

	out *output
	// hushed: the device stands, emptied, until enough frames wait for it, and not before
	// calm. since is when it was last emptied.
	hushed      bool
	since, calm time.Time
	opening     bool
	asked       time.Time // since when it is being opened
	falling     bool      // the fallback is being opened
	lost        bool
	why         error // why the device before was left
	ticket      uint64
	retryAt     time.Time
	idle        time.Time     // since when the device is paused; zero: it is not
	rested      bool          // it was closed since, and Play opens it again
	shown       DeviceChanged // what was told last of a device that works
	backoff     time.Duration
	given       int64     // frames given at the last look of the watchdog
	stalled     time.Time // since when that has not changed

	volume float64
	muted  bool
	told   Anchor
	drift  time.Time // since when the anchor is off; zero: it is not

	wait sync.WaitGroup
}

// unseek is what a seek takes back when the source cannot do it.
type unseek struct {
	was    ring.Cleared
	heard  int64
	base   ring.Mark
	place  time.Duration
	placed bool
	cut    bool // what followed the track was forgotten meanwhile
}

func newEngine(p *Player, cfg Config, dev Device) *engine {
	if cfg.Volume <= 0 || cfg.Volume > 1 {
		cfg.Volume = 1
	}
	if cfg.RestAfter == 0 {
		cfg.RestAfter = restAfter
	}
	e := &engine{
		p: p, cfg: cfg, dev: dev, volume: cfg.Volume,
		set: settings{mode: cfg.Gain, preamp: cfg.PreampDB},
	}
	e.unpaced = cfg.Unpaced || isRecorder(dev)
	e.setFade(cfg.Crossfade)
	return e
}

// setFade sets the crossfade; files get none.
func (e *engine) setFade(d time.Duration) {
	e.set.fade = min(max(d, 0), maxFade)
	e.fade = e.set.fade
	if e.unpaced {
		e.set.fade = 0
	}
}

func (e *engine) run(ctx context.Context) error {
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	defer timer.Stop()
	defer e.close()
	for {
		timer.Stop()
		if next := e.next(time.Now()); next > 0 {
			timer.Reset(next)
		}
		var done <-chan struct{}
		if e.out != nil {
			done = e.out.stream.Done()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-e.p.inbox.Ready():
			for _, c := range e.p.inbox.Take() {
				e.do(c)
			}
		case <-done:
			e.streamDone()
		case <-timer.C:
			e.look(time.Now())
		}
	}
}

// close ends everything, and waits a moment for it to be so.
func (e *engine) close() {
	e.settle()
	e.drop()
	e.detach(false)
	e.opening = false
	e.p.over.Store(true)
	e.p.discard()
	ended := make(chan struct{})
	go func() {
		e.wait.Wait()
		close(ended)
	}()
	t := time.NewTimer(graceful)
	defer t.Stop()
	select {
	case <-ended:
	case <-t.C:
	}
	e.p.discard()
}

func (e *engine) do(c command) {
	switch c := c.(type) {
	case cmdLoad:
		e.load(c.track, c.play)
	case cmdPreload:
		e.preload(c.track)
	case cmdClearNext:
		e.clearNext()
	case cmdNoNext:
		e.nothingFollows(c.after)
	case cmdPlay:
		e.play()
	case cmdPause:
		e.pause()
	case cmdStop:
		e.stop()
	case cmdSeek:
		e.seek(c.to)
	case cmdVolume:
		e.setVolume(c.v, e.muted)
	case cmdMute:
		e.setVolume(e.volume, c.on)
	case cmdGain:
		e.set.mode, e.set.preamp = c.mode, c.preamp
		e.orderSettings()
	case cmdAlbum:
		e.album = c.on
	case cmdCrossfade:
		e.setFade(c.d)
		e.orderSettings()
	case cmdDevice:
		e.setDevice(c.dev)
	case opened:
		e.isOpen(c)
	case report:
		if c.from == e.dec {
			e.hearsFrom(c.news)
		}
	}
}

// hearsFrom takes news from the decode loop.
func (e *engine) hearsFrom(n news) {
	switch n := n.(type) {
	case needNext:
		e.tell(NeedNext{n.after})
	case dropped:
		for i, t := range e.ahead {
			if t.item.ID == n.item {
				e.ahead = append(e.ahead[:i:i], e.ahead[i+1:]...)
				break
			}
		}
	case sought:
		e.undo = nil
		if e.ring.Epoch() == n.epoch && e.placed && e.place != n.at {
			e.place = n.at
			e.move(true)
		}
	case cannotSeek:
		e.takeBackSeek(n.epoch)
	case primed:
		e.release()
		e.hasten(n.epoch)
		e.look(time.Now())
	}
}

func (e *engine) tell(ev Event) { e.p.events.Put(ev) }

func (e *engine) setState(s State) {
	if s != e.state {
		e.state = s
		e.tell(StateChanged{s})
	}
}

func (e *engine) setVolume(v float64, muted bool) {
	if v == e.volume && muted == e.muted {
		return
	}
	e.volume, e.muted = v, muted
	e.applyVolume()
	e.tell(VolumeChanged{v, muted})
}

func (e *engine) orderSettings() {
	if e.dec != nil {
		e.dec.inbox.Put(orderSettings{e.set})
	}
}

// orderPause tells the decode loop whether the ring is being emptied.
func (e *engine) orderPause() {
	if e.dec != nil {
		e.dec.inbox.Put(orderPaused{e.state != Playing || e.out == nil, e.unpaced})
	}
}

// begin starts a decode loop for what is loaded, once the device's rate is known.
func (e *engine) begin() {
	if e.dec != nil || e.cur == nil || e.ring == nil {
		return
	}
	var d *decoder
	p := e.p
	d = newDecoder(target{e.ring, e.rate}, e.ring.Renew(), e.set, e.unpaced, func(n news) { p.send(report{d, n}) })
	e.dec = d
	e.cur.item.Start = e.place
	d.append(e.cur)
	for _, t := range e.pending {
		d.append(t)
	}
	d.noNext = e.noNext
	e.pending, e.noNext = nil, false
	d.paused = e.state != Playing || e.out == nil
	e.wait.Add(1)
	go func() {
		defer e.wait.Done()
		d.run()
	}()
}

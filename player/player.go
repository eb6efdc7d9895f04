package player

import (
	"context"
	"sync/atomic"
	"time"

	"segue/internal/mailbox"
	"segue/internal/ring"
)

// Player plays one item after another. Make it with New and start Run; all other
// methods may be called at any time from any goroutine and do not block.
type Player struct {
	inbox  *mailbox.Box[command]
	events *mailbox.Box[Event]
	anchor atomic.Pointer[Anchor]
	now    atomic.Pointer[output] // what plays, for Stats and Spectrum
	ring   atomic.Pointer[ring.Ring]
	missed atomic.Int64 // stutters of outputs that are gone
	over   atomic.Bool  // Run has returned
	bands  analyser

	engine *engine // Run's own
}

// New makes a player on a device; it opens and starts nothing.
func New(cfg Config, dev Device) *Player {
	p := &Player{inbox: mailbox.New[command](), events: mailbox.New[Event]()}
	p.anchor.Store(&Anchor{})
	p.engine = newEngine(p, cfg, dev)
	return p
}

// Run plays until ctx ends, and returns its error. Before it returns the device is
// closed, and so is every source but one that hangs in a call at that moment: that one is closed
// when the call returns.
func (p *Player) Run(ctx context.Context) error {
	return p.engine.run(ctx)
}

// Events is where the player tells what happens. It has one reader.
func (p *Player) Events() *mailbox.Box[Event] { return p.events }

// Anchor is the position that was told last.
func (p *Player) Anchor() Anchor { return *p.anchor.Load() }

// Stats tells how full the ring is, and how often it ran dry since the last call.
func (p *Player) Stats() Stats {
	s := Stats{Stutters: int(p.missed.Swap(0))}
	if r := p.ring.Load(); r != nil {
		s.Buffered = r.Buffered()
	}
	if o := p.now.Load(); o != nil {
		s.Stutters += o.stutters()
	}
	return s
}

// Load replaces all that is loaded by one item: what plays is left at once. play
// starts it; otherwise it waits, Loaded. The player owns the item's source from now on.
func (p *Player) Load(it Item, play bool) { p.send(cmdLoad{newTrack(it), play}) }

// Preload gives what follows the last item that was given, joined to the sample.
// It replaces an earlier Preload of which nothing is in the ring yet. After a
// Drained that no NoNext had announced it is played at once: it came late.
func (p *Player) Preload(it Item) { p.send(cmdPreload{newTrack(it)}) }

// ClearNext forgets what was preloaded. Frames of it that wait already are cut out; an item
// that has begun to be heard stays.
func (p *Player) ClearNext() { p.send(cmdClearNext{}) }

// NoNext answers NeedNext: nothing follows. A later Preload takes it back.
func (p *Player) NoNext(after ItemID) { p.send(cmdNoNext{after}) }

// Play starts or resumes what is loaded, and tries a lost device again.
func (p *Player) Play() { p.send(cmdPlay{}) }

// Pause holds the sound where it is.
func (p *Player) Pause() { p.send(cmdPause{}) }

// Stop unloads everything.
func (p *Player) Stop() { p.send(cmdStop{}) }

// Seek goes to a position in the current item, to the nearest frame. Beyond the
// end it goes to the end, and so on to the next item. Playing or paused stays so.
func (p *Player) Seek(to time.Duration) { p.send(cmdSeek{max(to, 0)}) }

// SetVolume sets the linear gain of the output, 0 to 1; it ends no muting.
func (p *Player) SetVolume(v float64) { p.send(cmdVolume{min(max(v, 0), 1)}) }

// SetMute silences the output, or gives it its volume back.
func (p *Player) SetMute(on bool) { p.send(cmdMute{on}) }

// SetGain chooses the loudness tags in use and the pre-amp, -15 to 15 dB. What waits in the ring
// keeps its gain, so it is heard within seconds.
func (p *Player) SetGain(mode GainMode, preampDB float64) { p.send(cmdGain{mode, preampDB}) }

// SetAlbumContext tells GainAuto whether neighbours in the queue are of one album;
// it holds for what is given by Load and Preload from then on, so that the gain of a track
// never changes while it plays.
func (p *Player) SetAlbumContext(on bool) { p.send(cmdAlbum{on}) }

// SetCrossfade sets how long tracks overlap, 0 to 12 s.
func (p *Player) SetCrossfade(d time.Duration) { p.send(cmdCrossfade{d}) }

// SetDevice changes the way out. What plays goes on there with the frame that
// would have been heard next.
func (p *Player) SetDevice(d Device) { p.send(cmdDevice{d}) }

func (p *Player) send(c command) {
	p.inbox.Put(c)
	if p.over.Load() {
		p.discard()
	}
}

// discard closes what came too late to be played.
func (p *Player) discard() {
	for _, c := range p.inbox.Take() {
		switch c := c.(type) {
		case cmdLoad:
			c.track.close()
		case cmdPreload:
			c.track.close()
		case opened:
			c.valve.fit(nil, 2)
			if c.stream != nil {
				_ = c.stream.Close() // nobody waits for it any more
			}
		case cmdClearNext, cmdNoNext, cmdPlay, cmdPause, cmdStop, cmdSeek, cmdVolume, cmdMute,
			cmdGain, cmdAlbum, cmdCrossfade, cmdDevice, report:
		}
	}
}

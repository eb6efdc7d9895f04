package session

import (
	"context"
	"time"

	"segue/internal/music"
	"segue/player"
)

// askNext is how long before the end of a track it is asked what follows: time to open
// that and to put it into the device's queue.
const askNext = 12 * time.Second

// far is a device in charge. Owned by Run.
type far struct {
	r       *router
	account *account
	orders  orders
	stop    context.CancelFunc // of Watch; nil = nobody watches

	device  Device
	cur     *handed
	alias   music.Ref     // what the device calls the current track, where that is another name
	length  time.Duration // of it, 0 = unknown
	part    music.Track   // what of cur is heard, where that is a list; zero = not known yet
	order   ListOrder     // of such a list, as the device was told
	begun   bool          // the device was told to play it
	started bool          // and does
	anchor  player.Anchor // At is zero until it moved
	heard   time.Duration // of cur, up to anchor
	playing bool          // what is wanted, or was seen
	loud    bool          // the device may be heard: it was told to play, and not yet silent
	lost    bool          // the account plays elsewhere, or something else plays there
	sure    time.Time     // when the device was last known to hold our track
	seenAt  time.Time     // when it was last reported there, zero = not yet
	goes    bool          // it plays on behind the end of cur

	next    *handed
	noNext  bool      // nothing follows cur
	asked   bool      // NeedNext was told
	starved bool      // cur is over, and what follows is not here yet
	queued  music.Ref // what the device has in its own queue by us; it may not be next any more
	near    *time.Timer

	volume  int // percent, -1 = not known
	regain  int // what it was when the device went away, -1 = it did not
	unmuted int // what it is without muting; 0 = it is not muted
}

func newFar(r *router, a *account) *far {
	f := &far{r: r, account: a, volume: -1, regain: -1}
	f.orders = orders{f: f}
	return f
}

func (f *far) track() music.Ref { return f.cur.far.track }

// sounds reports whether the device plays for us, or may do.
func (f *far) sounds() bool { return (f.playing && f.begun || f.loud) && !f.lost }

// hush tells the device to be silent; refused is done when it is told and does not obey.
func (f *far) hush(refused func()) {
	f.orders.add(order{what: orderPause, op: "pause", do: f.account.transport.Pause, then: func(err error) {
		if err == nil {
			f.loud = false
			return
		}
		if fault := faultOf(err, f.account.id, "pause"); fault.Kind != Cancelled {
			refused()
			f.r.s.fail(fault)
		}
	}})
}

func nothing() {}

// load makes an item the current one.
func (f *far) load(g *handed, play bool) {
	was := f.sounds()
	f.end(player.EndSkipped, nil)
	f.next.drop()
	f.next = nil
	f.become(g, g.item.Start)
	f.tellState(play, player.Loaded)
	f.moved(0)
	switch {
	case play:
		f.start()
	case was:
		f.hush(nothing)
	}
}

// become makes g the current item, at a place; it is not heard yet.
func (f *far) become(g *handed, at time.Duration) {
	f.cur, f.length, f.alias, f.part = g, g.item.Length, music.Ref{}, music.Track{}
	f.begun, f.started, f.heard = false, false, 0
	f.noNext, f.asked, f.starved, f.goes, f.seenAt = false, false, false, true, time.Time{}
	f.anchor = player.Anchor{Item: g.item.ID, Position: at, At: time.Now()}
}

// tellState says whether it plays; idle is what it is when it does not.
func (f *far) tellState(play bool, idle player.State) {
	f.playing = play
	state := idle
	if play {
		state = player.Playing
	}
	f.r.tell(player.StateChanged{State: state})
}

// moved fixes the position where it is now, moving with rate from here on.
func (f *far) moved(rate float64) { f.movedTo(f.position(), rate) }

func (f *far) movedTo(at time.Duration, rate float64) {
	now := time.Now()
	if f.anchor.Rate > 0 {
		f.heard += max(now.Sub(f.anchor.At), 0)
		if f.length > 0 {
			f.heard = min(f.heard, f.length)
		}
	}
	f.anchor = player.Anchor{Item: f.cur.item.ID, Position: clamp(at, f.length), At: now, Rate: rate}
	f.r.tell(player.Moved{Anchor: f.anchor})
	f.watchEnd()
}

// position is where it stands, by what was seen last.
func (f *far) position() time.Duration { return clamp(f.anchor.Now(time.Now()), f.length) }

// watchEnd asks what follows when the end is near, and looks to it that the end comes.
func (f *far) watchEnd() {
	stopTimer(&f.near)
	left := f.length - f.position()
	switch {
	case f.anchor.Rate == 0 || f.length <= 0:
	case f.asked:
		f.r.s.later(&f.near, left+overdueAfter, f.overdue)
	default:
		f.r.s.later(&f.near, max(left-askNext, 0), func() {
			f.needNext()
			f.watchEnd()
		})
	}
}

func (f *far) needNext() {
	if f.r.far == f && !f.asked {
		f.asked = true
		f.r.tell(player.NeedNext{After: f.cur.item.ID})
	}
}

// stopTimer stops a timer, if it runs.
func stopTimer(t **time.Timer) {
	if *t != nil {
		(*t).Stop()
		*t = nil
	}
}

// start has the device play the current item from where it stands.
func (f *far) start() {
	g, t, at, before := f.cur, f.account.transport, f.position(), f.loud
	f.begun, f.lost, f.loud = true, false, true
	if !f.queued.IsZero() && !f.orders.recall(orderEnqueue) { // it would come behind this
		f.orders.add(order{what: orderSkip, op: "play", do: t.Skip, quiet: true})
	}
	f.queued = music.Ref{}
	begin := t.Start
	if l, ok := t.(Lister); ok && f.isList() {
		o := f.r.s.listOrder()
		f.order = o
		begin = func(ctx context.Context, t music.Ref, at time.Duration) (Device, error) {
			return l.StartList(ctx, t, at, o)
		}
	}
	f.orders.add(order{
		what: orderStart, op: "play", do: func(ctx context.Context) error {
			d, err := begin(ctx, g.far.track, at)
			if err == nil {
				f.r.s.post(func() { f.isOn(d) })
			}
			return err
		},
		then: func(err error) { f.hasStarted(g, before, err) },
	})
}

// isOn takes the device that an order ended on.
func (f *far) isOn(d Device) {
	if f.r.far != f {
		return
	}
	same := d.ID == f.device.ID
	f.device = d
	if d.Volume >= 0 {
		f.volume = d.Volume
	}
	if f.regain >= 0 && same && d.Volume >= 0 && d.Volume != f.regain && !d.Fixed {
		f.setVolume(f.regain) // it forgot
	}
	f.regain = -1
	f.r.s.playbackDirty = true
}

// hasStarted takes the device's answer to start; before says whether it was loud then: one
// that refuses goes on with what it has.
func (f *far) hasStarted(g *handed, before bool, err error) {
	s := f.r.s
	if f.r.far != f || f.cur != g {
		return
	}
	if err != nil {
		f.begun, f.loud = false, before
		f.failed(err)
		return
	}
	f.sure = time.Now()
	f.isHeard()
	if f.playing {
		f.moved(1)
	}
	f.watch()
	s.playbackDirty = true
}

// isHeard tells that the current item has begun.
func (f *far) isHeard() {
	if !f.started {
		f.started = true
		f.r.tell(player.Started{Item: f.cur.item.ID})
	}
}

// failed is a start of the current entry that was refused: where that is the track's fault
// the queue goes on, else it waits here.
func (f *far) failed(err error) {
	s := f.r.s
	fault := faultOf(err, f.account.id, "play "+nameOf(s.play.track))
	if fault.Kind == Cancelled {
		return
	}
	if fault.Kind.standsInTheWay() {
		s.cannotPlayThere(f.account, s.play.cur, f.position(), fault)
		return
	}
	f.end(player.EndError, fault)
	f.r.far = nil
	f.next.drop()
	f.close(f.sounds())
	f.r.tell(player.StateChanged{State: player.Unloaded})
}

// end takes leave of the current item.
func (f *far) end(why player.EndReason, err error) {
	if f.cur == nil {
		return
	}
	if f.anchor.Rate > 0 {
		f.heard += max(time.Since(f.anchor.At), 0)
		f.anchor.Rate = 0
	}
	if f.length > 0 {
		f.heard = min(f.heard, f.length)
	}
	if f.started || err != nil {
		f.r.tell(player.Ended{Item: f.cur.item.ID, Reason: why, Heard: f.heard, Err: err})
	}
	f.cur.drop()
	f.cur = nil
	stopTimer(&f.near)
}

// play goes on, or begins. What was paused for long, or was lost, is started anew where
// it stood: who knows what the device has now.
func (f *far) play() {
	if f.playing && !f.lost {
		return
	}
	f.tellState(true, player.Paused)
	switch {
	case f.length > 0 && f.position() >= f.length:
		f.goes = false
		f.finish()
	case f.begun && !f.lost && time.Since(f.sure) < trustPaused:
		f.loud = true
		f.orders.add(order{what: orderResume, op: "play", do: f.account.transport.Resume, then: f.hasResumed})
	default:
		f.start()
	}
}

// trustPaused is how long after it was seen a paused device is thought to hold our track.
const trustPaused = 30 * time.Second

func (f *far) hasResumed(err error) {
	switch {
	case f.r.far != f:
	case err != nil:
		f.start() // it may have gone to sleep
	case f.playing:
		f.sure = time.Now()
		f.moved(1)
		f.watch()
	}
}

// pause shows it paused at once. A device that plays for others is left alone.
func (f *far) pause() {
	if !f.playing {
		return
	}
	sounds := f.sounds()
	f.tellState(false, player.Paused)
	f.moved(0)
	if sounds {
		g, since := f.cur, time.Now()
		f.hush(func() { f.goesOn(g, since) })
	}
}

// goesOn: a pause was refused, so the device plays on, and can be told once more.
func (f *far) goesOn(g *handed, since time.Time) {
	if f.r.far != f || g == nil || f.cur != g || f.playing || f.lost || !f.begun {
		return
	}
	f.tellState(true, player.Paused)
	f.movedTo(f.position()+time.Since(since), 1)
}

// seek goes to a place; at the end the track is over.
func (f *far) seek(to time.Duration) {
	to = clamp(to, f.length)
	if f.length > 0 && to >= f.length && f.playing && !f.lost {
		f.goes = true
		f.finish()
		return
	}
	f.starved = false
	f.movedTo(to, f.anchor.Rate)
	if f.begun && !f.lost {
		t := f.account.transport
		f.orders.add(order{what: orderSeek, op: "seek", do: func(ctx context.Context) error { return t.Seek(ctx, to) },
			then: func(err error) { f.tellFault(err, "seek") }})
	}
}

// tellFault tells of an order that was refused. What is shown is put right by what the
// device reports.
func (f *far) tellFault(err error, op string) {
	if fault := faultOf(err, f.account.id, op); fault != nil && f.r.far == f {
		f.r.s.fail(fault)
	}
}

// close ends all that is at work for the device; pause says that it shall fall silent first.
func (f *far) close(pause bool) {
	if f.stop != nil {
		f.stop()
		f.stop = nil
	}
	stopTimer(&f.near)
	f.orders.clear()
	if pause {
		f.hush(nothing)
	}
}

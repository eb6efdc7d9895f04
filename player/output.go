package player

import (
	"time"

	"segue/internal/pcm"
	"segue/internal/ring"
)

// output is a stream at work. Run owns it; other goroutines only look.
type output struct {
	name   string
	silent bool
	stream pcm.Stream
	valve  *valve
	depth  time.Duration // what it takes at once when it was held empty; 0: it cannot be
}

func (o *output) reader() *ring.Reader { return o.valve.rd.Load() }

// stutters is how often sound broke off since the last call, as the ring and the
// device have counted.
func (o *output) stutters() int {
	n := o.reader().TakeStutters()
	if s, ok := o.stream.(*sinkStream); ok {
		n += s.takeStutters()
	}
	return n
}

// last is the number of the device's frame that is heard.
func (o *output) last() int64 {
	rd := o.reader()
	f := o.stream.Format()
	for try := 0; ; try++ {
		given := rd.Given()
		late := f.Frames(o.stream.Latency())
		if rd.Given() == given || try == 2 {
			return given - late
		}
	}
}

// isRecorder reports whether a device keeps every frame, rather than time.
func isRecorder(dev Device) bool {
	_, ok := dev.(pcm.Recorder)
	return ok
}

// start opens a device, as a recorder where it is one.
func start(dev Device, f Format, v *valve) (pcm.Stream, error) {
	if s, ok := dev.(sinkDevice); ok {
		return s.offer(f, v.some), nil
	}
	if r, ok := dev.(pcm.Recorder); ok {
		return r.Record(f, v.record)
	}
	return dev.Start(f, v.fill)
}

// open starts a device in a goroutine of its own; the answer comes as opened.
func (e *engine) open(dev Device) {
	f := Format{Rate: e.rate, Channels: 2}
	if e.rate == 0 {
		f.Rate = e.cfg.FixedRate
	}
	if f.Rate == 0 && e.cur != nil {
		f.Rate = e.cur.format.Rate
	}
	if f.Rate <= 0 {
		f.Rate = 44100
	}
	e.ticket++
	e.opening, e.asked = true, time.Now()
	ticket, v := e.ticket, newValve()
	e.wait.Add(1)
	go func() {
		defer e.wait.Done()
		s, err := start(dev, f, v)
		e.p.send(opened{ticket, s, v, err})
	}()
}

// isOpen takes a device's answer.
func (e *engine) isOpen(o opened) {
	if o.ticket != e.ticket || !e.opening {
		if o.stream != nil {
			o.valve.fit(nil, 2)
			_ = o.stream.Close() // it was not waited for any more
		}
		return
	}
	e.opening = false
	if o.err == nil {
		if n := o.stream.Format().Channels; n != 1 && n != 2 || o.stream.Format().Rate <= 0 {
			o.valve.fit(nil, 2)
			_ = o.stream.Close()
			o.stream, o.err = nil, errFormat
		}
	}
	if o.err != nil {
		e.cannotOpen(o.err)
		return
	}
	e.attach(o)
}

// cannotOpen tries the fallback, or tells that there is no way out.
func (e *engine) cannotOpen(err error) {
	if e.rested { // it went while we did not look
		e.rested, e.lost = false, true
		if e.cfg.OnDeviceLoss == LossFollow {
			e.tell(DeviceChanged{Name: e.dev.Name(), Lost: true, Err: err})
		}
	}
	if e.lost && e.cfg.OnDeviceLoss == LossFollow && e.state == Playing {
		e.retryLater()
		return
	}
	if !e.lost && !e.falling && e.cfg.Fallback != nil {
		e.falling, e.why = true, err
		e.open(e.cfg.Fallback)
		return
	}
	e.falling = false
	e.lost = true
	e.tell(DeviceChanged{Name: e.dev.Name(), Lost: true, Err: err})
	e.setState(pausedFrom(e.state))
	e.move(true)
}

// attach connects a stream that has started to the ring.
func (e *engine) attach(o opened) {
	f := o.stream.Format()
	out := &output{name: e.dev.Name(), stream: o.stream, valve: o.valve}
	if d, ok := o.stream.(pcm.Deep); ok && !e.unpaced {
		out.depth = d.Depth()
	}
	if e.falling {
		out.name, out.silent = e.cfg.Fallback.Name(), true
	}
	e.fit(f.Rate)
	rd := e.ring.Attach()
	o.valve.fit(rd, f.Channels)
	e.out = out
	e.p.now.Store(out)
	e.floor = e.heard
	e.stalled, e.given = time.Time{}, -1
	e.applyVolume()
	news := DeviceChanged{Name: out.name, Format: f, Silent: out.silent, Err: e.why}
	if was := e.shown; !e.rested || news.Err != nil || news.Name != was.Name || news.Format != was.Format || news.Silent != was.Silent {
		e.tell(news)
	}
	e.shown, e.rested, e.idle = news, false, time.Time{}
	e.why, e.lost, e.falling, e.backoff = nil, false, false, 0
	if depth := int(f.Frames(min(out.depth+out.depth/8, gateMost))); depth > e.ring.Gate() {
		e.ring.SetGate(depth)
	}
	if out.depth > 0 {
		e.hush() // it took silence since it started
	}
	rd.Open()
	e.flow()
}

// fit makes the ring that a device of this rate needs. What the old one held is
// decoded again.
func (e *engine) fit(rate int) {
	if e.ring != nil && e.rate == rate {
		return
	}
	at := e.position()
	e.rate = rate
	f := Format{Rate: rate, Channels: 2}
	n := func(d time.Duration) int { return int(f.Frames(d)) }
	e.ring = ring.New(n(ringAhead), n(ringHistory), n(startGate), n(restartGate))
	e.p.ring.Store(e.ring)
	e.heard, e.floor = 0, 0
	e.undo = nil
	if e.cur != nil {
		e.place, e.placed = at, true
	}
	if e.dec != nil && e.cur != nil {
		e.dec.inbox.Put(orderSeek{epoch: e.ring.Epoch(), item: e.cur.item.ID, to: at, out: target{e.ring, e.rate}})
	}
}

// detach ends the stream and keeps what it did not play in the ring. dead: the
// device is gone, and with it all that it held.
func (e *engine) detach(dead bool) {
	out := e.out
	if out == nil {
		return
	}
	e.settle()
	rd := out.reader()
	e.ring.Detach()
	given := rd.Given() // before Flush: behind it the device may ask for more
	late := out.stream.Format().Frames(out.stream.Latency())
	thrown := out.stream.Flush()
	if dead || thrown == 0 {
		thrown = max(thrown, late)
	}
	at, _ := rd.Frame(given - thrown)
	at = min(max(at, e.heard), e.ring.Taken())
	e.heardTo(at)
	e.ring.Rewind(at)
	e.p.missed.Add(int64(out.stutters()))
	e.out, e.hushed, e.idle = nil, false, time.Time{}
	e.p.now.Store(nil)
	_ = out.stream.Close() // whatever it says, we are done with it
}

// setDevice changes the way out.
func (e *engine) setDevice(dev Device) {
	e.detach(false)
	e.dev, e.unpaced = dev, isRecorder(dev)
	e.setFade(e.fade)
	e.orderSettings()
	e.opening, e.falling, e.lost, e.rested, e.why = false, false, false, false, nil
	e.retryAt, e.backoff = time.Time{}, 0
	e.orderPause()
	e.move(true)
	if e.state == Playing {
		e.open(dev)
	}
}

func (e *engine) applyVolume() {
	if e.out == nil || e.unpaced {
		return
	}
	if e.muted {
		e.out.stream.SetVolume(0)
		return
	}
	e.out.stream.SetVolume(e.volume)
}

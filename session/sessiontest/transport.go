package sessiontest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"segue/internal/music"
	"segue/session"
)

// PollEvery is how often a Deck's Watch looks.
const PollEvery = time.Second

// Deck is a Service whose tracks play on devices that the test holds in its hand: it
// fills session.Transport. The device plays by the clock; what others do with it is done
// by By and Gone.
type Deck struct {
	*Service

	mu      sync.Mutex
	devices []session.Device
	chosen  string
	active  string // "" = no device is
	here    bool
	blind   error // Watch learns nothing

	track   music.Ref
	alias   map[music.Ref]music.Ref // what the device calls a track
	playing bool
	at      time.Duration
	since   time.Time
	queue   []music.Ref
	lists   map[music.Ref][]music.Ref // what a device plays as a whole
	of      music.Ref                 // the list that track is heard of; zero = none
	step    int                       // which of it
	order   session.ListOrder         // that it was told to go through it in
	after   music.Ref                 // what the device goes on with by itself
	lag     time.Duration             // how old is what Watch learns
	past    []session.RemoteState
	tell    func(session.News)
	watched int
	polls   int
}

// NewDeck makes an account with a kitchen radio and a phone; the radio is active.
func NewDeck(id music.AccountID) *Deck {
	return &Deck{
		Service: NewService(id), active: "radio", chosen: "radio", alias: map[music.Ref]music.Ref{}, lists: map[music.Ref][]music.Ref{},
		devices: []session.Device{
			{ID: "radio", Name: "Kitchen Radio", Kind: "Speaker", Volume: 40},
			{ID: "phone", Name: "Alice's Phone", Kind: "Smartphone", Volume: 80, Fixed: true},
		},
	}
}

// Account is the service as an account of a session.
func (d *Deck) Account() session.Account {
	return session.Account{ID: d.ID, Service: d, Kind: "deck", User: "alice"}
}

// OnNews fills session.Speaker.
func (d *Deck) OnNews(tell func(session.News)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tell = tell
}

// Say has the service say something by itself.
func (d *Deck) Say(n session.News) {
	d.mu.Lock()
	tell := d.tell
	d.mu.Unlock()
	tell(n)
}

// Standing is what the active device plays, and where.
func (d *Deck) Standing() (device, track string, at time.Duration, playing bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.turn()
	return d.active, d.track.ID, d.at.Round(100 * time.Millisecond), d.playing
}

// Queue is what the device has in its own queue.
func (d *Deck) Queue() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.turn()
	ids := []string{}
	for _, r := range d.queue {
		ids = append(ids, r.ID)
	}
	return ids
}

// Volume of a device.
func (d *Deck) Volume(id string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.device(id).Volume
}

// Lag lets WatchDevice learn how the device stood so long ago, as at services that need
// time.
func (d *Deck) Lag(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lag = by
}

// Watched is how many Watches run, and how often they looked.
func (d *Deck) Watched() (watches, polls int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.watched, d.polls
}

// By is somebody else who does something with the devices.
func (d *Deck) By(f func(h *Hand)) {
	d.mu.Lock()
	d.turn()
	f((*Hand)(d))
	d.since = time.Now()
	d.mu.Unlock()
}

func (d *Deck) device(id string) *session.Device {
	for i := range d.devices {
		if d.devices[i].ID == id {
			return &d.devices[i]
		}
	}
	return &session.Device{ID: id, Name: id, Volume: -1}
}

// turn lets the time since the last look pass.
func (d *Deck) turn() {
	now := time.Now()
	gone := now.Sub(d.since)
	d.since = now
	if !d.playing {
		return
	}
	d.at += gone
	for d.playing {
		length := d.Track(d.track).Duration
		if length == 0 || d.at < length {
			return
		}
		d.at = max(d.at-length, 0)
		if d.at > 1<<40 {
			d.at = 0 // skipped
		}
		switch {
		case len(d.queue) > 0:
			d.track, d.queue = d.queue[0], d.queue[1:]
		case d.goesOn(1):
		case !d.after.IsZero():
			d.track, d.of = d.after, music.Ref{}
		default:
			d.goesOn(-d.step) // of a list its beginning, paused
			d.playing, d.at = false, 0
		}
	}
}

// do carries out an order on the active device.
func (d *Deck) do(ctx context.Context, method, id string, f func() error) error {
	if err := d.enter(ctx, method, id); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.turn()
	return f()
}

var errNoDevice = &session.Fault{Kind: session.InvalidDeviceID, Err: errors.New("no device is active"), Hint: "choose one with go"}

// PlaysThere fills session.Transport.
func (d *Deck) PlaysThere(music.Ref) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.here
}

// Ready fills session.Transport.
func (d *Deck) Ready(ctx context.Context) (dev session.Device, err error) {
	err = d.do(ctx, "ready", "", func() error {
		dev, err = d.target()
		return err
	})
	return dev, err
}

func (d *Deck) target() (session.Device, error) {
	for _, id := range []string{d.chosen, d.active} {
		if i := slices.IndexFunc(d.devices, func(v session.Device) bool { return v.ID == id }); i >= 0 {
			return d.devices[i], nil
		}
	}
	return session.Device{}, errNoDevice
}

// Devices fills session.Transport.
func (d *Deck) Devices(ctx context.Context) (list []session.Device, err error) {
	err = d.do(ctx, "devices", "", func() error {
		list = slices.Clone(d.devices)
		for i := range list {
			list[i].Active, list[i].Chosen = list[i].ID == d.active, list[i].ID == d.chosen
		}
		return nil
	})
	return list, err
}

// Choose fills session.Transport.
func (d *Deck) Choose(ctx context.Context, id string, move, play bool) (dev session.Device, err error) {
	err = d.do(ctx, "choose", id, func() error {
		d.here = id == session.Here
		if d.here {
			dev = session.Device{ID: id, Name: "this computer", Volume: -1}
			d.playing = false
			return nil
		}
		if !slices.ContainsFunc(d.devices, func(v session.Device) bool { return v.ID == id }) {
			return errNoDevice
		}
		d.chosen = id
		if move {
			d.active, d.playing = id, play
		}
		dev = *d.device(id)
		return nil
	})
	return dev, err
}

// Start fills session.Transport.
func (d *Deck) Start(ctx context.Context, t music.Ref, at time.Duration) (dev session.Device, err error) {
	err = d.do(ctx, "start", t.ID, func() error {
		if dev, err = d.target(); err != nil {
			return err
		}
		d.active, d.chosen, d.track, d.at, d.playing, d.of, d.step = dev.ID, dev.ID, t, at, true, music.Ref{}, 0
		if list := d.lists[t]; len(list) > 0 {
			d.of, d.track = t, list[0]
		}
		return nil
	})
	return dev, err
}

// Enqueue fills session.Transport.
func (d *Deck) Enqueue(ctx context.Context, t music.Ref) error {
	return d.do(ctx, "enqueue", t.ID, func() error {
		d.queue = append(d.queue, t)
		return nil
	})
}

// Skip fills session.Transport.
func (d *Deck) Skip(ctx context.Context) error {
	return d.do(ctx, "skip", "", func() error {
		d.playing = !d.track.IsZero() // also what was paused
		d.at = 1 << 60
		d.turn()
		return nil
	})
}

// Pause fills session.Transport.
func (d *Deck) Pause(ctx context.Context) error {
	return d.do(ctx, "pause there", "", func() error {
		d.playing = false
		return nil
	})
}

// Resume fills session.Transport.
func (d *Deck) Resume(ctx context.Context) error {
	return d.do(ctx, "resume", "", func() error {
		d.playing = !d.track.IsZero()
		return nil
	})
}

// Seek fills session.Transport.
func (d *Deck) Seek(ctx context.Context, to time.Duration) error {
	return d.do(ctx, "seek", to.String(), func() error {
		d.at = to
		return nil
	})
}

// SetVolume fills session.Transport.
func (d *Deck) SetVolume(ctx context.Context, percent int) error {
	return d.do(ctx, "volume", "", func() error {
		d.device(d.active).Volume = percent
		return nil
	})
}

// WatchDevice fills session.Transport.
func (d *Deck) WatchDevice(ctx context.Context, report func(session.RemoteState)) error {
	d.mu.Lock()
	d.watched++
	d.mu.Unlock()
	defer func() {
		d.mu.Lock()
		d.watched--
		d.mu.Unlock()
	}()
	for {
		t := time.NewTimer(PollEvery)
		select {
		case <-ctx.Done():
			t.Stop()
			return ctx.Err()
		case <-t.C:
		}
		report(d.look())
	}
}

func (d *Deck) look() session.RemoteState {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.polls++
	d.turn()
	if d.blind != nil {
		return session.RemoteState{Err: d.blind}
	}
	st := session.RemoteState{Playing: d.playing, Position: d.at, At: d.since, Asked: d.since, Track: d.track}
	if d.active != "" {
		st.Device = *d.device(d.active)
	}
	if t := d.Track(d.track); !t.Ref.IsZero() {
		st.Title, st.Length = t.Title, t.Duration
	}
	if !d.of.IsZero() {
		st.Track, st.Part, st.Ended = d.of, d.Track(d.track), !d.playing && d.at == 0
	}
	if as, ok := d.alias[d.track]; ok {
		st.Track = as
	}
	d.past = append(d.past, st)
	for d.lag > 0 && len(d.past) > 1 && d.since.Sub(d.past[1].At) >= d.lag {
		d.past = d.past[1:]
	}
	if d.lag == 0 {
		d.past = d.past[:0]
		return st
	}
	old := d.past[0]
	if old.Playing {
		old.Position += d.since.Sub(old.At)
	}
	old.At, old.Asked = d.since, d.since
	return old
}

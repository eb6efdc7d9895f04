// Package connect plays on the devices of a Spotify account: the official apps, speakers,
// whatever else Spotify Connect knows. It is the session's Transport by the Web API's
// /me/player, over package webapi.
//
// A Player remembers the device that was used last, in a small file, and lists it even
// when Spotify does not: devices vanish from the list for some hundred ms, or come
// without an id. What plays is asked for seldom: soon after a command, about the end of a
// track, when somebody comes back to the screen, and else less and less often while nothing
// changes; a player that stays paused is not asked about at all. What plays elsewhere is never touched.
//
// Goroutines: WatchDevice and WatchChoice work on their callers'; the second has one of its
// own, which ends with it. A Player may be used from any goroutine.
package connect

import (
	"context"
	"sync"
	"time"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
	"segue/session"
)

// API is what a Player needs of the Web API; *webapi.Client fills it.
type API interface {
	State(ctx context.Context) (webapi.Playback, error)
	Devices(ctx context.Context) ([]webapi.Device, error)
	Transfer(ctx context.Context, device string, play bool) error
	Play(ctx context.Context, s webapi.Start) error
	Pause(ctx context.Context, device string) error
	Next(ctx context.Context, device string) error
	Previous(ctx context.Context, device string) error
	Seek(ctx context.Context, device string, to time.Duration) error
	Repeat(ctx context.Context, device, mode string) error
	Shuffle(ctx context.Context, device string, on bool) error
	Volume(ctx context.Context, device string, percent int) error
	Enqueue(ctx context.Context, device, uri string) error
}

// Options of a Player.
type Options struct {
	API API
	// URI and Ref translate between the session's names and Spotify's; ok is false for
	// what has no such name.
	URI func(music.Ref) (uri string, ok bool)
	Ref func(uri string) (ref music.Ref, ok bool)
	// Track says what of a list is heard.
	Track func(webapi.Item) music.Track
	// File keeps the device that was used last; "" = it is remembered in memory.
	File string
	// Device is the name or id of the one to play on as long as none was chosen; may be empty.
	Device string
	// Here says that the account can play on this computer, too, and how that is called;
	// "" = it cannot.
	Here func() string
	// Engine: this computer is to play where it can, as long as no device was chosen in
	// spite of that. Device does not count then.
	Engine bool
}

// Player plays on an account's devices.
type Player struct {
	o    Options
	poke chan struct{} // holds one when a command was given
	back chan struct{} // holds one when somebody looks again

	saving sync.Mutex // held from a change of last until the file says so; taken before mu

	mu      sync.Mutex // guards what follows
	last    kept       // the device used last
	read    bool       // the file was
	sure    time.Time  // when the device was last known to be there
	volume  int        // of it, -1 = not known
	fixed   bool
	track   music.Ref         // what was started last, or enqueued and then seen
	uri     string            // of it
	part    string            // the URI of what was seen last of it, where it is a list
	queued  string            // the URI of what was enqueued
	order   session.ListOrder // of what is played, where that is a list
	relaxed bool              // how the device repeats and shuffles was looked at since then
	spare   []webapi.Device   // what a fault has just told of, for the list that is shown next
	spareAt time.Time
}

// New makes a Player. It asks nobody and reads nothing.
func New(o Options) *Player {
	return &Player{o: o, poke: make(chan struct{}, 1), back: make(chan struct{}, 1), volume: -1}
}

// Start implements session.Transport.
func (p *Player) Start(ctx context.Context, t music.Ref, at time.Duration) (session.Device, error) {
	uri, ok := p.o.URI(t)
	if !ok {
		return session.Device{}, notPlayable()
	}
	if whole(uri) {
		return p.StartList(ctx, t, at, session.ListOrder{})
	}
	ctx = webapi.For(ctx, webapi.Playing)
	return p.begin(ctx, t, uri, "", func(id string) error {
		return p.o.API.Play(ctx, webapi.Start{Device: id, URIs: []string{uri}, Position: at})
	})
}

// begin has the device to play on begin something, and takes note of it.
func (p *Player) begin(ctx context.Context, t music.Ref, uri, part string, play func(id string) error) (session.Device, error) {
	d, err := p.on(ctx, play)
	if err != nil {
		return d, p.explain(ctx, err)
	}
	p.mu.Lock()
	p.track, p.uri, p.part, p.queued, p.relaxed = t, uri, part, "", false
	p.mu.Unlock()
	p.told()
	return d, nil
}

// Enqueue implements session.Transport.
func (p *Player) Enqueue(ctx context.Context, t music.Ref) error {
	uri, ok := p.o.URI(t)
	if !ok || whole(uri) {
		return notPlayable()
	}
	err := p.command(ctx, func(ctx context.Context, id string) error { return p.o.API.Enqueue(ctx, id, uri) })
	if err == nil {
		p.mu.Lock()
		p.queued = uri
		p.mu.Unlock()
	}
	return err
}

// Skip implements session.Transport.
func (p *Player) Skip(ctx context.Context) error {
	return p.command(ctx, p.o.API.Next)
}

// Pause implements session.Transport. A device that is paused already is no error.
func (p *Player) Pause(ctx context.Context) error {
	return p.command(ctx, func(ctx context.Context, id string) error { return unlessNow(p.o.API.Pause(ctx, id)) })
}

// unlessNow takes a refusal of what is so already for success.
func unlessNow(err error) error {
	if webapi.KindOf(err) == webapi.NotNow {
		return nil
	}
	return err
}

// Resume implements session.Transport. A device that plays already is no error.
func (p *Player) Resume(ctx context.Context) error {
	return p.command(ctx, func(ctx context.Context, id string) error {
		return unlessNow(p.o.API.Play(ctx, webapi.Start{Device: id}))
	})
}

// Seek implements session.Transport.
func (p *Player) Seek(ctx context.Context, to time.Duration) error {
	return p.command(ctx, func(ctx context.Context, id string) error { return p.o.API.Seek(ctx, id, to) })
}

// SetVolume implements session.Transport.
func (p *Player) SetVolume(ctx context.Context, percent int) error {
	err := p.command(ctx, func(ctx context.Context, id string) error { return p.o.API.Volume(ctx, id, percent) })
	if err == nil {
		p.mu.Lock()
		p.volume = percent
		p.mu.Unlock()
	}
	return err
}

// command tells the device used last something.
func (p *Player) command(ctx context.Context, do func(ctx context.Context, id string) error) error {
	err := do(webapi.For(ctx, webapi.Playing), p.device().ID)
	p.told()
	return p.explain(ctx, err)
}

// LookAgain implements session.Looker: WatchDevice looks once, if it has not lately.
func (p *Player) LookAgain() {
	select {
	case p.back <- struct{}{}:
	default:
	}
}

// told has WatchDevice look soon.
func (p *Player) told() {
	select {
	case p.poke <- struct{}{}:
	default:
	}
}

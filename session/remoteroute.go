package session

import (
	"math"
	"time"

	"segue/internal/mailbox"
	"segue/player"
)

// router is the player that the session sees: the one of this computer, and the devices
// of accounts whose tracks play there (Transport). At any time one of them is in charge,
// and the other rests. What a device does comes as the player's own events, so that
// nothing else in the session need know where music is heard. Owned by Run.
type router struct {
	s     *Session
	local Player
	out   *mailbox.Box[player.Event] // what is heard far away

	far  *far    // in charge; nil = the local player is
	next *handed // far away, to follow the last item that the local player has; nil = none

	loaded bool          // the local player was given something
	last   player.ItemID // the last that it was given
}

// handed is an item as the session gave it.
type handed struct {
	item player.Item
	far  *remoteSource // nil = it is for the local player
}

func newRouter(s *Session, local Player) *router {
	return &router{s: s, local: local, out: mailbox.New[player.Event]()}
}

func take(it player.Item) *handed {
	far, _ := it.Source.(*remoteSource)
	return &handed{item: it, far: far}
}

// drop closes what will not be played.
func (g *handed) drop() {
	if g != nil {
		_ = g.item.Source.Close() // nothing was read from it
	}
}

func (r *router) tell(e player.Event) { r.out.Put(e) }

// Load fills Player.
func (r *router) Load(it player.Item, play bool) {
	g := take(it)
	r.next.drop()
	r.next = nil
	if r.far != nil && (g.far == nil || r.far.account != g.far.account) {
		r.leave(true)
	}
	if g.far == nil {
		r.loaded, r.last = true, it.ID
		r.local.Load(it, play)
		return
	}
	r.restLocal()
	if r.far == nil {
		r.far = newFar(r, g.far.account)
	}
	r.far.load(g, play)
}

// restLocal stops the local player, if it has anything.
func (r *router) restLocal() {
	if r.loaded {
		r.loaded = false
		r.local.Stop()
	}
}

// leave takes the charge from the device; pause says that it shall fall silent.
func (r *router) leave(pause bool) {
	f := r.far
	r.far = nil
	f.end(player.EndSkipped, nil)
	f.next.drop()
	f.close(pause && f.sounds())
	r.s.playbackDirty = true
}

// Preload fills Player.
func (r *router) Preload(it player.Item) {
	g := take(it)
	switch {
	case r.far != nil:
		r.far.follow(g)
	case g.far != nil:
		r.next = g
		r.local.NoNext(r.last) // for the local player nothing does
	default:
		r.last = it.ID
		r.local.Preload(it)
	}
}

// ClearNext fills Player.
func (r *router) ClearNext() {
	r.next.drop()
	r.next = nil
	if f := r.far; f != nil {
		f.next.drop()
		f.next, f.noNext = nil, false
		return
	}
	r.local.ClearNext()
	if line := r.s.play.line; len(line) > 0 {
		r.last = line[0].id
	}
}

// NoNext fills Player.
func (r *router) NoNext(after player.ItemID) {
	f := r.far
	if f == nil {
		r.local.NoNext(after)
		return
	}
	if f.cur.item.ID == after {
		f.noNext = true
		f.goOn()
	}
}

// Play fills Player.
func (r *router) Play() {
	if r.far == nil {
		r.local.Play()
		return
	}
	r.far.play()
}

// Pause fills Player.
func (r *router) Pause() {
	if r.far == nil {
		r.local.Pause()
		return
	}
	r.far.pause()
}

// Stop fills Player.
func (r *router) Stop() {
	r.next.drop()
	r.next = nil
	if r.far != nil {
		r.leave(true)
		r.tell(player.StateChanged{State: player.Unloaded})
	}
	r.loaded = false
	r.local.Stop()
}

// Seek fills Player.
func (r *router) Seek(to time.Duration) {
	if r.far == nil {
		r.local.Seek(to)
		return
	}
	r.far.seek(to)
}

// hearAll takes all that was told. What is heard far away comes first: whatever the local
// player says of an item that took over from there is younger.
func (r *router) hearAll() {
	r.hearFar()
	for _, e := range r.local.Events().Take() {
		r.hear(e)
	}
}

// hearFar takes what was told of devices.
func (r *router) hearFar() {
	for _, e := range r.out.Take() {
		r.s.heard(e)
	}
}

// hear passes on what the local player says, as far as it counts.
func (r *router) hear(e player.Event) {
	if r.far != nil {
		switch e.(type) {
		case player.Ended, player.Delivered, player.DeviceChanged, player.VolumeChanged:
			r.s.heard(e)
		case player.Started, player.Moved, player.StateChanged, player.Drained, player.NeedNext:
			// It rests; this is of before.
		}
		return
	}
	switch e := e.(type) {
	case player.Ended:
		r.s.heard(e)
		if r.next != nil && e.Item == r.last && e.Reason != player.EndSkipped {
			r.goFar()
		}
		return
	case player.Drained:
		if r.next != nil {
			r.goFar()
			return
		}
	case player.StateChanged:
		if r.next != nil && e.State == player.Unloaded {
			return // the device goes on
		}
	case player.Started:
		r.loaded = true
	}
	r.s.heard(e)
}

// goFar lets what waits for the end of the local player's last item begin.
func (r *router) goFar() {
	g := r.next
	r.next = nil
	r.restLocal()
	r.far = newFar(r, g.far.account)
	r.far.load(g, true)
}

// goHome lets the local player go on with what follows.
func (r *router) goHome(g *handed) {
	r.loaded, r.last = true, g.item.ID
	r.local.Load(g.item, true)
}

// SetVolume fills Player: it is the local player's.
func (r *router) SetVolume(v float64) { r.local.SetVolume(v) }

// SetMute fills Player.
func (r *router) SetMute(on bool) { r.local.SetMute(on) }

// SetGain fills Player.
func (r *router) SetGain(mode player.GainMode, preampDB float64) { r.local.SetGain(mode, preampDB) }

// SetAlbumContext fills Player.
func (r *router) SetAlbumContext(on bool) { r.local.SetAlbumContext(on) }

// SetCrossfade fills Player.
func (r *router) SetCrossfade(d time.Duration) { r.local.SetCrossfade(d) }

// Events fills Player: those of devices. The local player's go through hear.
func (r *router) Events() *mailbox.Box[player.Event] { return r.out }

// Anchor fills Player.
func (r *router) Anchor() player.Anchor {
	if r.far != nil {
		return r.far.anchor
	}
	return r.local.Anchor()
}

// clamp keeps a position within a length, where that is known.
func clamp(at, length time.Duration) time.Duration {
	if length <= 0 {
		length = math.MaxInt64
	}
	return min(max(at, 0), length)
}

package spotify

import (
	"context"
	"path/filepath"
	"sync"
	"time"

	"segue/internal/music"
	"segue/internal/service/spotify/connect"
	"segue/session"
)

// Tracks play on devices of the account by its Connect: see package connect.
var (
	_ session.Transport = (*Service)(nil)
	_ session.Lister    = (*Service)(nil)
)

// playingThere is what the service keeps for that.
type playingThere struct {
	once   sync.Once
	player *connect.Player
}

// there is what plays on the account's devices. It is made when it is first wanted.
func (s *Service) there() *connect.Player {
	s.once.Do(func() {
		o := connect.Options{API: s.api, URI: uriOf, Ref: s.refOf, Track: s.item, Device: s.cfg.Device, Here: s.hereName, Engine: s.cfg.Playback == PlayEngine}
		if s.cfg.DataDir != "" {
			o.File = filepath.Join(s.cfg.DataDir, "spotify-"+string(s.id)+"-device.json")
		}
		s.player = connect.New(o)
	})
	return s.player
}

// hereName is what this computer is called among the devices, "" where it cannot play.
func (s *Service) hereName() string {
	if !s.playsHere() {
		return ""
	}
	return "this computer (go-librespot)"
}

// PlaysThere implements session.Transport. A device that a person chose counts, and so
// does this computer; until then the config does: of "auto" that is the engine where it
// is signed in. What was chosen before the config said "go-librespot" counts no more.
func (s *Service) PlaysThere(t music.Ref) bool {
	uri, ok := uriOf(t)
	if !ok || uri == "" {
		return false
	}
	if _, err := playable(t); err != nil || !s.playsHere() {
		return true // what plays as a whole needs a device
	}
	switch chosen := s.there().Chosen(); {
	case chosen == session.Here:
		return false
	case chosen != "":
		return true
	}
	if s.cfg.Playback == PlayEngine {
		return false
	}
	e, err := s.theEngine()
	return err != nil || e == nil || !e.SignedIn()
}

// ordered is what came of an order to a device: what Spotify says of Premium is remembered.
func (s *Service) ordered(err error) error {
	f := s.fault("", err)
	s.premiumNeeded(f)
	return f
}

// Ready implements session.Transport.
func (s *Service) Ready(ctx context.Context) (session.Device, error) {
	if err := s.wants("", featPlayback, toChange); err != nil {
		return session.Device{}, err
	}
	d, err := s.there().Ready(ctx)
	return d, s.ordered(err)
}

// Devices implements session.Transport.
func (s *Service) Devices(ctx context.Context) ([]session.Device, error) {
	if err := s.wants("", featPlayback, toSee); err != nil {
		return nil, err
	}
	list, err := s.there().Devices(ctx)
	return list, s.fault("", err)
}

// Choose implements session.Transport.
func (s *Service) Choose(ctx context.Context, id string, move, play bool) (session.Device, error) {
	if err := s.wants("", featPlayback, toChange); err != nil && id != session.Here {
		return session.Device{}, err
	}
	d, err := s.there().Choose(ctx, id, move, play)
	return d, s.ordered(err)
}

// Start implements session.Transport.
func (s *Service) Start(ctx context.Context, t music.Ref, at time.Duration) (session.Device, error) {
	return s.begin(func() (session.Device, error) { return s.there().Start(ctx, t, at) })
}

// begin has a device begin, if the sign-in allows that.
func (s *Service) begin(start func() (session.Device, error)) (session.Device, error) {
	if err := s.wants("", featPlayback, toChange); err != nil {
		return session.Device{}, err
	}
	d, err := start()
	if err == nil {
		s.premiumWorks()
	}
	return d, s.ordered(err)
}

// Enqueue implements session.Transport.
func (s *Service) Enqueue(ctx context.Context, t music.Ref) error {
	return s.ordered(s.there().Enqueue(ctx, t))
}

// IsList implements session.Lister.
func (s *Service) IsList(t music.Ref) bool {
	_, ok := s.wholeOf(t)
	return ok
}

// StartList implements session.Lister.
func (s *Service) StartList(ctx context.Context, t music.Ref, at time.Duration, o session.ListOrder) (session.Device, error) {
	return s.begin(func() (session.Device, error) { return s.there().StartList(ctx, t, at, o) })
}

// OrderList implements session.Lister.
func (s *Service) OrderList(ctx context.Context, o session.ListOrder) error {
	return s.ordered(s.there().OrderList(ctx, o))
}

// Back implements session.Lister.
func (s *Service) Back(ctx context.Context) error { return s.ordered(s.there().Back(ctx)) }

// Skip implements session.Transport.
func (s *Service) Skip(ctx context.Context) error { return s.ordered(s.there().Skip(ctx)) }

// Pause implements session.Transport.
func (s *Service) Pause(ctx context.Context) error { return s.ordered(s.there().Pause(ctx)) }

// Resume implements session.Transport.
func (s *Service) Resume(ctx context.Context) error {
	err := s.there().Resume(ctx)
	if err == nil {
		s.premiumWorks()
	}
	return s.ordered(err)
}

// Seek implements session.Transport.
func (s *Service) Seek(ctx context.Context, to time.Duration) error {
	return s.ordered(s.there().Seek(ctx, to))
}

// SetVolume implements session.Transport.
func (s *Service) SetVolume(ctx context.Context, percent int) error {
	return s.ordered(s.there().SetVolume(ctx, percent))
}

// watchChoice tells the session of a device that another Segue chose, until ctx ends.
func (s *Service) watchChoice(ctx context.Context) {
	err := s.there().WatchChoice(ctx, func(device string) { s.say(session.NewsDeviceChosen{Device: device}) })
	if err != nil && ctx.Err() == nil {
		s.say(session.NewsLog{Text: err.Error()})
	}
}

// LookAgain implements session.Looker.
func (s *Service) LookAgain() { s.there().LookAgain() }

// WatchDevice implements session.Transport.
func (s *Service) WatchDevice(ctx context.Context, report func(session.RemoteState)) error {
	return s.there().WatchDevice(ctx, func(st session.RemoteState) {
		st.Err = s.fault("", st.Err)
		report(st)
	})
}

package session

import (
	"context"
	"errors"
	"slices"
	"time"

	"segue/internal/music"
)

// Commands about what music is heard from.
type (
	// LoadDevices asks what an account can play on, all of them where Account is empty;
	// DevicesChanged answers.
	LoadDevices struct{ Account music.AccountID }
	// LookAgain says that somebody is back at the screen, or at the keys: how the device in
	// charge stands is asked at once, if that was a while ago.
	LookAgain struct{}
	// ChooseDevice makes a device of an account, or Here, the one that it plays on; what
	// plays or is paused moves there. If a track waits for a device, it begins.
	ChooseDevice struct {
		Account music.AccountID
		Device  string
	}
)

// Events about what music is heard from.
type (
	// DevicesChanged (latest wins) carries what is known of the devices of all accounts
	// that have any.
	DevicesChanged struct{ Accounts []AccountDevices }
	// DeviceNeeded: a track of the account cannot begin without a device; ChooseDevice
	// chooses one. What there are follows as DevicesChanged.
	DeviceNeeded struct {
		Account music.AccountID
		Track   music.Track
		Fault   *Fault
	}
)

// AccountDevices is what an account can play on.
type AccountDevices struct {
	Account music.AccountID
	Devices []Device  // as they were last known
	At      time.Time // when they were asked for; zero = not yet
	Busy    bool      // they are being asked for
	Fault   *Fault    // the last question failed
}

func (LoadDevices) command()  {}
func (LookAgain) command()    {}
func (ChooseDevice) command() {}
func (DevicesChanged) event() {}
func (DeviceNeeded) event()   {}

// awaited is an entry that would begin if there were a device. Owned by Run.
type awaited struct {
	entry *entry
	at    time.Duration
}

// deviceCommand carries out a command about devices; ok is false for any other.
func (s *Session) deviceCommand(c Command) (ok bool) {
	switch c := c.(type) {
	case LoadDevices:
		s.loadDevices(c.Account)
	case LookAgain:
		if f := s.player.far; f != nil && f.stop != nil && f.account.looker != nil {
			f.account.looker.LookAgain()
		}
	case ChooseDevice:
		s.chooseDevice(c)
	default:
		return false
	}
	return true
}

// loadDevices asks the accounts that have devices for them.
func (s *Session) loadDevices(id music.AccountID) {
	op := "list the devices"
	if a := s.account(id); id != "" && (a == nil || a.transport == nil) {
		if a == nil {
			s.fail(noAccount(id, op))
			return
		}
		s.fail(unable(id, op))
		return
	}
	for _, a := range s.accounts {
		if a.transport != nil && (id == "" || a.id == id) {
			s.askDevices(a)
		}
	}
	s.tellDevices()
}

func (s *Session) askDevices(a *account) {
	d := &a.devices
	if d.Busy {
		return
	}
	if a.isShut() {
		d.At, d.Fault = time.Now(), signedOut(a.id, "list the devices")
		return
	}
	d.Busy = true
	w := forAccount(a.id)
	w.lane = "devices of " + string(a.id)
	call(s, w, func(ctx context.Context) ([]Device, error) {
		return a.transport.Devices(ctx)
	}, func(list []Device, err error) {
		d.Busy, d.At, d.Fault = false, time.Now(), faultOf(err, a.id, "list the devices")
		if err == nil || len(list) > 0 {
			d.Devices = list
		}
		s.tellDevices()
		s.noticed(a, err)
	})
}

func (s *Session) tellDevices() { s.emit(s.devicesNow()) }

func (s *Session) devicesNow() DevicesChanged {
	e := DevicesChanged{Accounts: []AccountDevices{}}
	for _, a := range s.accounts {
		if a.transport == nil {
			continue
		}
		d := a.devices
		d.Account, d.Devices = a.id, slices.Clone(d.Devices)
		e.Accounts = append(e.Accounts, d)
	}
	return e
}

// chooseDevice carries out ChooseDevice.
func (s *Session) chooseDevice(c ChooseDevice) {
	op := "choose the device"
	a := s.account(c.Account)
	switch {
	case a == nil:
		s.fail(noAccount(c.Account, op))
		return
	case a.transport == nil:
		s.fail(unable(a.id, op))
		return
	case a.isShut():
		s.fail(signedOut(a.id, op))
		return
	case c.Device == "":
		s.fail(&Fault{Kind: InvalidArgument, Account: a.id, Op: op, Err: errors.New("no device is named")})
		return
	}
	f := s.player.far
	if f != nil && f.account != a {
		f = nil
	}
	move := f != nil && f.begun && !f.lost && c.Device != Here
	play := move && f.playing
	var got Device
	n := order{what: orderChoose, op: op, do: func(ctx context.Context) (err error) {
		got, err = a.transport.Choose(ctx, c.Device, move, play)
		return err
	}, then: func(err error) { s.hasChosen(a, got, err) }}
	if f == nil {
		f = newFar(s.player, a) // it is in charge of nothing but this order
	}
	f.orders.add(n)
}

// hasChosen lets what waits for the device, or plays in another place, go on there.
func (s *Session) hasChosen(a *account, d Device, err error) {
	if f := faultOf(err, a.id, "choose the device"); f != nil {
		s.fail(f)
		s.askDevices(a)
		s.tellDevices()
		return
	}
	a.stalled = false
	s.notice(Info, string(a.id)+" plays on "+d.Name, nil)
	s.askDevices(a)
	s.tellDevices()
	p := &s.play
	f := s.player.far
	if f != nil && f.account == a && !f.lost {
		f.isOn(d)
	}
	w := p.awaits
	p.awaits = nil
	switch {
	case w != nil && w.entry.ref.Account == a.id:
		s.byHand(w.entry, w.at, true)
	case p.item != nil && !p.item.over && p.cur.ref.Account == a.id && a.transport.PlaysThere(p.cur.ref) != (f != nil):
		s.takeBack(p.cur)
		s.start(p.cur, s.position(), s.playing())
	default:
		s.recheckNext()
	}
}

// cannotPlayThere is an entry that no device plays now, for a reason that is not the
// track's: the queue waits at it, and goes on when somebody here says so.
func (s *Session) cannotPlayThere(a *account, e *entry, at time.Duration, f *Fault) {
	p := &s.play
	t := music.Track{Ref: e.ref}
	if p.track.Ref == e.ref {
		t = p.track
	}
	a.stalled = true
	if p.item == nil || p.item.over || p.cur == e || p.cur.ref.Account == a.id {
		s.stop()
		s.restAt(e, at)
	}
	s.emit(StreamingError{Track: e.ref, Fault: f})
	s.fail(f)
	if f.Kind == InvalidDeviceID {
		p.awaits = &awaited{entry: e, at: at}
		s.emit(DeviceNeeded{Account: a.id, Track: t, Fault: f})
		s.askDevices(a)
		s.tellDevices()
	}
}

// deviceGone is a device that played for us and is not there any more.
func (s *Session) deviceGone(a *account, name string) {
	if name == "" {
		name = "the device"
	}
	s.notice(Warning, string(a.id)+": "+name+" is gone: paused; Play tries it again", nil)
}

// standsInTheWay reports whether a fault is one of the device or the account, so that no
// other track could be played either.
func (k FaultKind) standsInTheWay() bool {
	return k.transient() || slices.Contains([]FaultKind{InvalidDeviceID, UserNeedsPremium, PermissionDenied, NoCredentials, BadUsernameOrPassword, UserBanned}, k)
}

// hasDevices reports whether any account plays on devices.
func (s *Session) hasDevices() bool {
	return slices.ContainsFunc(s.accounts, func(a *account) bool { return a.transport != nil })
}

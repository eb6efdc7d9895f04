package session

import "context"

// The volume of a device is its own: it is shown and set while the device is in charge,
// and the one of this computer stays what it was.

// volume is what is heard now, in percent.
func (s *Session) volume() (percent int, muted bool) {
	if f := s.player.far; f != nil && f.volume >= 0 {
		if f.unmuted > 0 {
			return f.unmuted, true
		}
		return f.volume, false
	}
	return s.play.volume, s.play.muted
}

// farVolume sets the volume of the device in charge; ok is false when there is none.
func (s *Session) farVolume(percent int) (ok bool) {
	f := s.player.far
	if f == nil {
		return false
	}
	if f.device.Fixed {
		s.notice(Warning, "the volume of "+f.device.Name+" cannot be set from here", nil)
		return true
	}
	f.unmuted = 0
	f.setVolume(min(max(percent, 0), 100))
	return true
}

// farMute mutes the device in charge; ok is false when there is none.
func (s *Session) farMute(to Switch) (ok bool) {
	f := s.player.far
	if f == nil {
		return false
	}
	on := to.apply(f.unmuted > 0)
	switch {
	case on == (f.unmuted > 0) || f.volume < 0:
	case f.device.Fixed:
		s.notice(Warning, "the volume of "+f.device.Name+" cannot be set from here", nil)
	case on && f.volume > 0:
		was := f.volume
		f.setVolume(0)
		f.unmuted = was
	case !on:
		was := f.unmuted
		f.unmuted = 0
		f.setVolume(was)
	}
	return true
}

// setVolume tells the device; of many in a row the last one counts.
func (f *far) setVolume(percent int) {
	f.volume = percent
	f.r.s.playbackDirty = true
	if !f.begun || f.lost {
		return
	}
	t := f.account.transport
	f.orders.add(order{
		what: orderVolume, op: "set the volume", do: func(ctx context.Context) error { return t.SetVolume(ctx, percent) },
		then: func(err error) { f.tellFault(err, "set the volume") },
	})
}

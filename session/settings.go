package session

import (
	"time"
)

// apply gives what a switch makes of a setting.
func (w Switch) apply(now bool) bool {
	switch w {
	case On:
		return true
	case Off:
		return false
	case Flip:
	}
	return !now
}

func (s *Session) setVolume(percent int) {
	if s.farVolume(percent) {
		return
	}
	p := &s.play
	p.volume = min(max(percent, 0), 100)
	s.player.SetVolume(gainOf(p.volume))
	if p.muted {
		p.muted = false
		s.player.SetMute(false)
	}
	s.touched()
}

func (s *Session) mute(to Switch) {
	p := &s.play
	if s.farMute(to) {
		return
	}
	p.muted = to.apply(p.muted)
	s.player.SetMute(p.muted)
	s.touched()
}

func (s *Session) setRepeat(mode Repeat) {
	p := &s.play
	switch mode {
	case RepeatOff, RepeatAll, RepeatOne:
		p.repeat = mode
	default:
		p.repeat = map[Repeat]Repeat{RepeatOff: RepeatAll, RepeatAll: RepeatOne, RepeatOne: RepeatOff}[p.repeat]
	}
	s.recheckNext()
	s.touched()
}

// sleepIn sets or ends the sleep timer.
func (s *Session) sleepIn(after time.Duration) {
	p := &s.play
	if p.sleepTimer != nil {
		p.sleepTimer.Stop()
		p.sleepTimer = nil
	}
	p.sleepAt, p.sleepDue = time.Time{}, false
	if after > 0 {
		p.sleepAt = time.Now().Add(after)
		var t *time.Timer
		t = time.AfterFunc(after, func() { s.post(func() { s.sleepNow(t) }) })
		p.sleepTimer = t
	}
	s.recheckNext()
	s.playbackDirty = true
}

// sleepNow lets the current track play to its end, and nothing after it.
func (s *Session) sleepNow(t *time.Timer) {
	p := &s.play
	if p.sleepTimer != t {
		return
	}
	p.sleepTimer = nil
	s.playbackDirty = true
	if !s.playing() {
		p.sleepAt = time.Time{}
		return
	}
	p.sleepDue = true
	s.recheckNext()
}

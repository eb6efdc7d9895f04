package session

import "segue/internal/music"

// Tuneable is a service that finds music like something that it has.
type Tuneable interface {
	// RadioOf names the container whose tracks are like a track, album, artist or other
	// container, beginning with the thing itself; false = it has none for that.
	RadioOf(like music.Ref) (music.Ref, bool)
}

// PlayRadio replaces the queue by tracks that are like something: its account's radio
// from there. It can be undone like PlayContext.
type PlayRadio struct{ Of music.Ref }

func (PlayRadio) command() {}

// playRadio carries out PlayRadio.
func (s *Session) playRadio(c PlayRadio) {
	a := s.account(c.Of.Account)
	if a == nil || a.tuneable == nil {
		s.notice(Warning, "there is no radio from here: its account finds nothing similar", nil)
		return
	}
	radio, ok := a.tuneable.RadioOf(c.Of)
	if !ok {
		s.notice(Warning, "there is no radio from here: choose a track, an album or an artist", nil)
		return
	}
	play := PlayContext{Ask: music.Ask{Of: radio}}
	if s.playback().Track.Ref == c.Of { // what plays goes on where it is
		play.Start, play.At = c.Of, s.position()
	}
	s.playContext(play)
}

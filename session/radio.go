package session

import (
	"slices"

	"segue/internal/music"
)

// Tuneable is a service that finds music like something that it has.
type Tuneable interface {
	// RadioOf names the container of tracks that are like a track, album, artist or other
	// container; false = it has none for that.
	RadioOf(like music.Ref) (music.Ref, bool)
}

// PlayRadio replaces the queue by tracks that are like something, a track itself first:
// its account's radio from there. It can be undone like PlayContext.
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
	if s.giveUpOn != nil {
		s.giveUpOn() // only the newest wish counts
	}
	s.giveUpOn = s.resolveInOrder([]music.Ask{{Of: radio}}, "find music like it", func(refs []music.Ref, f *Fault) {
		s.playSimilar(c.Of, radio, refs, f)
	})
}

// playSimilar plays what was found, after the track that it is like; f is why not more was.
func (s *Session) playSimilar(like, radio music.Ref, found []music.Ref, f *Fault) {
	found = slices.DeleteFunc(slices.Clone(found), func(r music.Ref) bool { return r == like })
	if len(found) == 0 {
		if f == nil {
			s.notice(Info, "nothing similar was found", nil)
		}
		s.emit(PlayContextFailed{Of: like, Fault: f})
		return
	}
	play := PlayContext{Ask: music.Ask{Of: radio}}
	if like.IsTrack() {
		found = append([]music.Ref{like}, found...)
		play.Start = like
	}
	if s.playback().Track.Ref == like { // what plays goes on where it is
		play.At = s.position()
	}
	s.replaceQueue(play, found)
}

package session

import (
	"slices"
	"time"

	"segue/player"
)

// restart is how far into a track Previous goes to its start instead.
const restart = 3 * time.Second

// transport carries out a transport command; ok is false for any other command.
func (s *Session) transport(c Command) (ok bool) {
	p := &s.play
	switch c := c.(type) {
	case Play:
		s.resume()
	case Pause:
		s.pause()
	case Toggle:
		if s.playing() {
			s.pause()
		} else {
			s.resume()
		}
	case Stop:
		s.stop()
	case Next:
		if s.stepThere(false) {
			return true
		}
		s.skipTo(s.behind(s.standing(), p.repeat == RepeatAll))
	case Previous:
		s.previous()
	case SeekTo:
		s.seek(c.Position)
	case SeekBy:
		s.seek(s.position() + c.Delta)
	case SetVolume:
		s.setVolume(c.Percent)
	case ChangeVolume:
		now, _ := s.volume()
		s.setVolume(now + c.By)
	case Mute:
		s.mute(c.To)
	case Shuffle:
		s.setShuffle(c.To.apply(s.queue.shuffle))
	case SetRepeat:
		s.setRepeat(c.Mode)
	case SleepTimer:
		s.sleepIn(c.After)
	case QueuePlay:
		s.queuePlay(c.Entry)
	default:
		return false
	}
	return true
}

// touched marks playback as changed and worth saving.
func (s *Session) touched() {
	s.playbackDirty = true
	s.saveSoon()
}

func (s *Session) resume() {
	p := &s.play
	switch {
	case p.wish != nil:
		s.takeBack(p.wish.entry)
		p.wish.play = true
		s.playbackDirty = true
	case p.item != nil:
		s.takeBack(p.cur)
		p.want = true
		s.player.Play()
	case p.lazy:
		s.takeBack(p.cur)
		s.start(p.cur, p.rest, true)
	case len(s.queue.play) == 0:
		s.notice(Info, "the queue is empty", nil)
	case p.index >= 0:
		s.byHand(p.cur, 0, true)
	case p.at < len(s.queue.play):
		s.byHand(s.queue.play[p.at], 0, true)
	default:
		s.byHand(s.queue.play[0], 0, true)
	}
}

func (s *Session) pause() {
	if w := s.play.wish; w != nil {
		w.play = false
		s.playbackDirty = true
	}
	if s.play.item != nil {
		s.play.want = false
		s.player.Pause()
	}
}

// stop unloads; the queue stays, and Play begins the track anew.
func (s *Session) stop() {
	p := &s.play
	s.forget(&p.wish)
	s.forget(&p.next)
	s.leaveAll(nil)
	s.player.Stop()
	p.awaits = nil
	p.lazy, p.item, p.line, p.seekAt = false, nil, nil, time.Time{}
	s.stateIs(player.Unloaded)
	p.anchor = player.Anchor{}
	s.queueDirty = true
	s.touched()
}

// standing is the entry that Next and Previous count from: the one on its way,
// else the current one.
func (s *Session) standing() *entry {
	if s.play.wish != nil {
		return s.play.wish.entry
	}
	return s.play.cur
}

// behind is the entry that follows e in playing order, nil at the end.
func (s *Session) behind(e *entry, wrap bool) *entry {
	list := s.queue.play
	at := s.placeBehind(e)
	if at < len(list) {
		return list[at]
	}
	if wrap && len(list) > 0 {
		return list[0]
	}
	return nil
}

// placeBehind is where in the queue e is followed.
func (s *Session) placeBehind(e *entry) int {
	if e == s.play.cur && s.play.index >= 0 {
		return s.play.index + 1
	}
	if i := s.queue.index(e); i >= 0 {
		return i + 1
	}
	return min(s.play.at, len(s.queue.play))
}

// follows is the entry that plays after e by itself. What has just failed is
// passed over.
func (s *Session) follows(e *entry) *entry {
	p := &s.play
	if p.sleepDue {
		return nil
	}
	if _, bad := p.bad[e.id]; p.repeat == RepeatOne && !bad && s.queue.index(e) >= 0 {
		return e
	}
	return s.goodFrom(e)
}

// goodFrom is the first entry behind e that has not failed and whose account is
// signed in.
func (s *Session) goodFrom(e *entry) *entry {
	list, shut := s.queue.play, s.shut()
	at := s.placeBehind(e)
	for n := range list {
		i := at + n
		if i >= len(list) {
			if s.play.repeat != RepeatAll {
				return nil
			}
			i -= len(list)
		}
		if len(shut) > 0 && slices.Contains(shut, list[i].ref.Account) {
			continue
		}
		if _, bad := s.play.bad[list[i].id]; !bad {
			return list[i]
		}
	}
	return nil
}

// skipTo goes on to an entry, playing or paused as it is now; nil = the end.
func (s *Session) skipTo(e *entry) {
	if e == nil {
		s.atEnd()
		return
	}
	idle := s.play.wish == nil && s.play.item == nil && !s.play.lazy
	s.byHand(e, 0, s.playing() || idle)
}

func (s *Session) previous() {
	if s.position() <= restart && s.stepThere(true) {
		return
	}
	p := &s.play
	e := s.standing()
	i := s.queue.index(e)
	if i < 0 {
		i = p.at
	}
	if p.wish == nil && s.position() > restart || i <= 0 {
		if p.wish == nil && (p.item != nil || p.lazy) {
			s.seek(0)
			return
		}
		if e == nil {
			return
		}
		i = 1
	}
	if i-1 < len(s.queue.play) {
		s.skipTo(s.queue.play[i-1])
	}
}

// seek goes to a place in the current track, or in the one that is being opened
// in its stead where that is the same.
func (s *Session) seek(to time.Duration) {
	p := &s.play
	to = max(to, 0)
	if p.cur != nil && p.track.Duration > 0 {
		to = min(to, p.track.Duration)
	}
	if p.wish != nil && p.wish.entry == p.cur {
		p.wish.at = to
	}
	switch {
	case p.lazy:
		p.rest = to
		s.touched()
	case p.item != nil:
		p.seekTo, p.seekAt = to, time.Now()
		s.player.Seek(to)
	}
}

// queuePlay plays one entry of the queue from its start.
func (s *Session) queuePlay(id EntryID) {
	for _, e := range s.queue.play {
		if e.id == id {
			s.byHand(e, 0, true)
			return
		}
	}
	s.notice(Warning, "that entry is no longer in the queue", nil)
}

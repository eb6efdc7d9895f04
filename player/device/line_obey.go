package device

import (
	"errors"
	"fmt"
	"time"
)

// The writer's answers to commands and to errors of the card.

// obey does what the stream was asked to do, and sleeps while it is paused.
func (l *line) obey() error {
	for {
		l.mu.Lock()
		paused, closed, asked := l.paused, l.closed, l.asked
		l.asked = nil
		l.mu.Unlock()
		select {
		case <-l.done:
			closed = true
		default:
		}
		if closed {
			return errClosed
		}
		err := l.stand(paused)
		for _, r := range asked {
			answer := int64(0)
			if r.flush && err == nil {
				answer, err = l.discard()
			}
			r.answer <- answer
		}
		if err != nil {
			if err := l.revive(err); err != nil {
				err = fmt.Errorf("device: %s: %w", l.name, err)
				l.end(err)
				return err
			}
			continue
		}
		if !paused {
			return nil
		}
		l.card.wait(-1, false)
	}
}

// stand holds the card or lets it go on.
func (l *line) stand(still bool) error {
	switch {
	case still && l.held == moving:
		return l.hold()
	case !still && l.held != moving:
		return l.letGo()
	}
	return nil
}

// hold silences the card, losing nothing: it keeps what it has, or that is dropped and
// will be written again.
func (l *line) hold() error {
	unheard, err := l.unheard()
	if err != nil {
		return err
	}
	queued := unheard + l.given - l.next
	l.gain.settle()
	if l.pace.on || l.card.running() && l.card.hold(true) == nil {
		l.pace.hold(time.Now())
		l.held = frozen
	} else {
		if err := l.drop(); err != nil {
			return err
		}
		back := min(unheard+l.format.Frames(l.doubt), l.next-l.oldest())
		l.next -= back
		l.again = back - unheard
		l.held = emptied
	}
	l.rest(queued)
	return nil
}

// unheard is behind, as far as the history goes back.
func (l *line) unheard() (int64, error) {
	n, err := l.behind(time.Now())
	return min(n, l.next-l.oldest()), err
}

// oldest is the first frame that the history still has.
func (l *line) oldest() int64 { return max(0, l.given-int64(len(l.history)/2)) }

func (l *line) drop() error {
	l.pace.drop()
	l.sent, l.moved = 0, false
	return l.card.drop()
}

// rest tells the model that nothing moves, and the watch to sleep.
func (l *line) rest(queued int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.model = model{queued: queued}
	l.watch.Stop()
}

func (l *line) letGo() error {
	was := l.held
	l.held, l.again = moving, 0
	l.pace.letGo(time.Now())
	l.watch.Reset(stallPatience)
	if was == frozen && !l.pace.on {
		if err := l.card.hold(false); err != nil {
			return err
		}
	}
	return l.note(false)
}

// discard throws away all that is not heard yet, and returns how much that was.
func (l *line) discard() (int64, error) {
	unheard, err := l.unheard() // none when emptied
	if err != nil {
		return 0, err
	}
	if l.held == emptied {
		unheard = -l.again
	} else if err := l.drop(); err != nil {
		return 0, err
	}
	lost := unheard + l.given - l.next
	l.next, l.again = l.given, 0
	if l.held != moving {
		l.held = emptied
		l.rest(0)
		return lost, nil
	}
	return lost, l.note(false)
}

// revive answers an error of the card; its own error is for good.
func (l *line) revive(err error) error {
	if errors.Is(err, errGone) {
		return errGone
	}
	now := time.Now()
	l.recoveries = append(l.recoveries, now)
	if len(l.recoveries) > mostRecoveries {
		if now.Sub(l.recoveries[0]) < recoverySpan {
			return fmt.Errorf("gave up: %w", err)
		}
		l.recoveries = l.recoveries[1:]
	}
	l.held = moving
	l.pace.drop()
	l.sent, l.moved = 0, false
	if err := l.card.recover(err); err != nil {
		return fmt.Errorf("gave up: %w", err)
	}
	return nil
}

// release lets go of the card's parts that others may touch. The writer calls it last.
func (l *line) release() {
	l.end(nil)
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range l.asked {
		r.answer <- 0
	}
	l.asked = nil
	l.watch.Stop()
	l.released = true
	l.card.free()
}

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
		if err == nil && paused {
			err = l.doze()
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
	}
}

// doze sleeps while paused, until somebody wants something. What the card still plays is let
// out first; then it is stopped, so that a sound server need not go on for us.
func (l *line) doze() error {
	if l.held != ebbing {
		l.card.wait(-1, false)
		return nil
	}
	if left := time.Until(l.ebb); left > 0 {
		l.card.wait(left, false)
		return nil
	}
	l.held = emptied
	return l.drop()
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

// hold silences the card, losing nothing: it keeps what it has, or gives back what it has not
// begun with, or that is dropped and will be written again.
func (l *line) hold() error {
	unheard, err := l.unheard()
	if err != nil {
		return err
	}
	queued := unheard + l.given - l.next
	l.gain.settle()
	if l.pace.on || l.card.running() && l.card.hold(true) == nil {
		l.pace.hold(time.Now())
		l.held, l.kept = frozen, unheard
		l.rest(queued)
		return nil
	}
	back, err := l.takeBack()
	if err == nil {
		l.held, l.ebb = ebbing, time.Now().Add(l.format.Duration(max(0, unheard-back))+ebbGrace)
		l.rest(l.given - l.next) // the rest is as good as heard
		return nil
	}
	if !errors.Is(err, errCannotTakeBack) {
		return err
	}
	if err := l.drop(); err != nil {
		return err
	}
	back = min(unheard+l.format.Frames(l.doubt), l.next-l.oldest())
	l.next -= back
	l.again = back - unheard
	l.held = emptied
	l.rest(queued)
	return nil
}

// takeBack has the card give back what it will not play, which is next once more.
func (l *line) takeBack() (int64, error) {
	if l.pace.on || l.sent == 0 {
		return 0, errCannotTakeBack
	}
	n, err := l.card.takeBack(int(min(l.sent, l.next-l.oldest())))
	if err != nil {
		return 0, err
	}
	l.pace.drop() // it will be written once more
	l.next -= int64(n)
	l.sent -= int64(n)
	l.bare = true
	return int64(n), nil
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
	unheard, err := l.recall()
	if err != nil {
		return 0, err
	}
	lost := unheard + l.given - l.next
	l.next, l.again = l.given, 0
	if l.held == moving {
		return lost, l.note(false)
	}
	if l.held == frozen {
		l.held = emptied
	}
	l.rest(0)
	return lost, nil
}

// recall empties the card, and returns how many of the frames before next that silences.
func (l *line) recall() (int64, error) {
	switch l.held {
	case emptied:
		return -l.again, nil
	case ebbing:
		return 0, nil
	case moving:
		if _, err := l.takeBack(); !errors.Is(err, errCannotTakeBack) {
			return 0, err // next is where the card stops
		}
	case frozen:
		return l.kept, l.drop() // as Pause has told
	}
	unheard, err := l.unheard()
	if err != nil {
		return 0, err
	}
	return unheard, l.drop()
}

// revive answers an error of the card; its own error is for good.
func (l *line) revive(err error) error {
	if errors.Is(err, errGone) {
		return errGone
	}
	if errors.Is(err, errAsleep) {
		l.reclaim()
	}
	if l.bare { // it ran dry because we left it nothing
		l.bare = false
		return l.restart(err)
	}
	now := time.Now()
	l.recoveries = append(l.recoveries, now)
	if len(l.recoveries) > mostRecoveries {
		if now.Sub(l.recoveries[0]) < recoverySpan {
			return fmt.Errorf("gave up: %w", err)
		}
		l.recoveries = l.recoveries[1:]
	}
	return l.restart(err)
}

// reclaim plays again what the card held and will not play: it forgets that when the machine
// sleeps, and the clock by which the model goes stands still meanwhile.
func (l *line) reclaim() {
	l.mu.Lock()
	unheard := l.model.now(time.Now(), l.format) - (l.given - l.next)
	l.mu.Unlock()
	l.next -= min(max(unheard, 0), l.next-l.oldest())
}

// restart makes the card ready after an error. What it held has been heard, or never will be.
func (l *line) restart(err error) error {
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

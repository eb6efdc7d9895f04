package session_test

import (
	"errors"
	"testing"
	"time"

	"segue/player"
	"segue/session"
)

func TestAStartThatIsRefusedLeavesNothingPlayingThere(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.queueUp("W", "X", "A")
		k.sleep(10 * time.Second)
		k.deck.Fail("start X", &session.Fault{Kind: session.RateLimited, Err: errors.New("too many requests")})
		k.do(session.Next{})
		k.sleep(5 * time.Second)
		k.wantHere("X", 0, player.Paused)
		if _, track, _, playing := k.deck.Standing(); playing {
			t.Errorf("%s goes on", track)
		}
		k.deck.Fail("start X", &session.Fault{Kind: session.TrackNotPlayable, Err: errors.New("not here")})
		k.do(session.QueuePlay{Entry: k.entry(0)})
		k.sleep(5 * time.Second)
		k.do(session.Next{})
		k.sleep(5 * time.Second)
		k.wantHere("A", 5*time.Second, player.Playing)
		if _, track, _, playing := k.deck.Standing(); playing {
			t.Errorf("%s goes on beside what plays here", track)
		}
	})
}

func TestWhatADeviceSaidBeforeASeekIsNotTheEnd(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.queueUp("W", "X")
		k.sleep(40 * time.Second)
		k.deck.Lag(2 * time.Second)
		k.do(session.SeekTo{Position: 98 * time.Second})
		k.sleep(time.Second)
		k.wantHere("W", 99*time.Second, player.Playing)
		k.sleep(6 * time.Second)
		k.wantHere("X", 5*time.Second, player.Playing)
		if got := k.titlesHeard(); len(got) != 1 {
			t.Errorf("heard %q", got)
		}
		k.do(session.Pause{})
		k.sleep(time.Second)
		k.wantHere("X", 5*time.Second, player.Paused)
		k.sleep(3 * time.Second)
		k.do(session.SeekTo{Position: 80 * time.Second}, session.Play{})
		k.sleep(time.Second)
		k.wantHere("X", 81*time.Second, player.Playing)
	})
}

// slowly lets the session be busy with its log for a moment after each turn, so that what
// workers answer and what players tell wait for it together, and may come in either order.
func slowly(c *setup) { c.cfg.Log = func(string) { time.Sleep(time.Millisecond) } }

func TestARefusedStartRestsAtTheTrackThatWasAskedFor(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		refuse := &session.Fault{Kind: session.RateLimited, Err: errors.New("too many requests")}
		for range 25 {
			k.deck.Fail("start", refuse)
			k.queueUp("W", "X")
			k.sleep(time.Second)
			k.wantHere("W", 0, player.Paused)
			k.deck.Fail("start", nil)
			k.do(session.Play{})
			k.sleep(5 * time.Second)
			k.wantHere("W", 5*time.Second, player.Playing)
			k.deck.Fail("start", refuse)
			k.do(session.Next{})
			k.sleep(time.Second)
			k.wantHere("X", 0, player.Paused)
			k.do(session.Stop{}, session.QueueClear{}, session.QueueClear{})
			k.sleep(time.Second)
		}
	}, slowly)
}

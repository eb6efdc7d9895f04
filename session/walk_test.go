package session_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"segue/internal/music"
	"segue/player"
	"segue/session"
)

// TestARandomWalkThroughEverythingKeepsItsBearings sends any commands in any
// order while tracks fail, hang and break, and looks after each whether what is
// told fits together; at last nothing is left open.
func TestARandomWalkThroughEverythingKeepsItsBearings(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			inBubble(t, func(r *rig) {
				rng := rand.New(rand.NewPCG(seed, 9))
				short := r.local.AddAlbum("Short", 8*time.Second, "S1", "S2", "S3")
				r.local.Break(r.ref("S2"), time.Duration(rng.IntN(8000))*time.Millisecond)
				contexts := []music.Ref{r.album, short, r.ref("A"), music.Queue}
				for step := range 150 {
					if rng.IntN(3) == 0 {
						r.sleep(time.Duration(rng.IntN(120)) * time.Second)
					}
					release := r.mischief(rng)
					for range 1 + rng.IntN(3) {
						r.s.Send(r.anyCommand(rng, contexts))
						if rng.IntN(2) == 0 {
							synctest.Wait()
						}
					}
					r.settle()
					r.check(step)
					release()
					r.settle()
				}
				r.do(session.Stop{})
				r.sleep(time.Second)
				if n := r.local.OpenSources(); n != 0 {
					t.Errorf("%d sources were left open", n)
				}
				r.do(session.QueueClear{}, session.QueueClear{}, session.PlayContext{Ask: music.Ask{Of: r.album}, Start: r.ref("C"), Index: 2})
				r.wantTrack("C")
				if s := r.playback().State; s != player.Playing {
					t.Errorf("state %s", s)
				}
			})
		})
	}
}

// mischief lets something fail or hang until the returned func is called.
func (r *rig) mischief(rng *rand.Rand) (release func()) {
	name := []string{"open A", "open B", "open S1", "open", "tracks", "refs Suite"}[rng.IntN(6)]
	switch rng.IntN(4) {
	case 0:
		r.local.Fail(name, errors.New("mischief"))
		return func() { r.local.Fail(name, nil) }
	case 1:
		return r.local.Hold(name)
	}
	return func() {}
}

func (r *rig) anyCommand(rng *rand.Rand, contexts []music.Ref) session.Command {
	entry := session.EntryID(rng.IntN(60))
	switch rng.IntN(20) {
	case 0:
		return session.PlayContext{Ask: music.Ask{Of: contexts[rng.IntN(len(contexts))]}}
	case 1:
		return session.Enqueue{Asks: asks(contexts[rng.IntN(3)]), Where: []session.Where{session.AtEnd, session.AfterCurrent}[rng.IntN(2)]}
	case 2:
		return session.QueueRemove{Entries: []session.EntryID{entry, entry + 1, entry + 2}}
	case 3:
		return session.QueueMove{Entries: []session.EntryID{entry, entry + 3}, Before: entry + 1}
	case 4:
		return session.QueuePlay{Entry: entry}
	case 5:
		return session.Shuffle{}
	case 6:
		return session.SetRepeat{}
	case 7, 8:
		return session.Undo{}
	case 9:
		return session.Redo{}
	case 10:
		return session.Previous{}
	case 11, 12:
		return session.Next{}
	case 13:
		return session.SeekBy{Delta: time.Duration(rng.IntN(200)-80) * time.Second}
	case 14:
		return session.Pause{}
	case 15:
		return session.Play{}
	case 16:
		return session.Stop{}
	case 17:
		return session.SleepTimer{After: time.Duration(rng.IntN(90)) * time.Second}
	case 18:
		if rng.IntN(4) == 0 {
			return session.QueueClear{}
		}
		return session.SeekTo{Position: time.Duration(rng.IntN(200)) * time.Second}
	default:
		return session.Toggle{}
	}
}

// check looks whether what was told last fits together.
func (r *rig) check(step int) {
	r.t.Helper()
	p, q := r.playback(), r.queue()
	switch {
	case q.Index >= q.Len, q.Left < 0, q.Index >= 0 && q.Left != q.Len-q.Index-1:
		r.t.Errorf("step %d: queue %+v", step, q)
	case p.State == player.Unloaded && !p.Track.Ref.IsZero() && p.Opening.Ref.IsZero():
		r.t.Errorf("step %d: %s, but %q is shown", step, p.State, p.Track.Title)
	case p.State == player.Playing && p.Track.Ref.IsZero():
		r.t.Errorf("step %d: nothing plays", step)
	case p.Entry != q.Entry:
		r.t.Errorf("step %d: entry %d plays, the queue says %d", step, p.Entry, q.Entry)
	}
	if n := r.local.OpenSources(); n > 4 {
		r.t.Errorf("step %d: %d sources are open", step, n)
	}
}

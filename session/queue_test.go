package session_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"segue/internal/music"
	"segue/player"
	"segue/session"
)

func (r *rig) ref(name string) music.Ref { return r.local.TrackRef(name) }

func TestQueueCommandsEndWithTheseRows(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(r *rig)
		want []string
	}{
		{"a context replaces the queue", func(r *rig) { r.playAlbum() }, []string{"A", "B", "C", "D"}},
		{"the end is behind everything", func(r *rig) {
			r.playAlbum()
			r.do(session.Enqueue{Asks: asks(r.ref("B"), r.ref("A")), Where: session.AtEnd})
		}, []string{"A", "B", "C", "D", "B", "A"}},
		{"several nexts keep their order", func(r *rig) {
			r.playAlbum()
			r.do(session.Enqueue{Asks: asks(r.ref("D")), Where: session.AfterCurrent},
				session.Enqueue{Asks: asks(r.ref("C")), Where: session.AfterCurrent})
		}, []string{"A", "D", "C", "B", "C", "D"}},
		{"a next behind a next that plays", func(r *rig) {
			r.playAlbum()
			r.do(session.Enqueue{Asks: asks(r.ref("D"), r.ref("D")), Where: session.AfterCurrent}, session.Next{},
				session.Enqueue{Asks: asks(r.ref("C")), Where: session.AfterCurrent})
		}, []string{"A", "D", "D", "C", "B", "C", "D"}},
		{"next into an empty queue", func(r *rig) {
			r.do(session.Enqueue{Asks: asks(r.ref("D")), Where: session.AfterCurrent})
		}, []string{"D"}},
		{"moved down", func(r *rig) {
			r.playAlbum()
			r.do(session.QueueMove{Entries: []session.EntryID{r.entry(0)}, Before: r.entry(2)})
		}, []string{"B", "A", "C", "D"}},
		{"two moved to the end keep their order", func(r *rig) {
			r.playAlbum()
			r.do(session.QueueMove{Entries: []session.EntryID{r.entry(2), r.entry(0)}})
		}, []string{"B", "D", "A", "C"}},
		{"moved before one of them", func(r *rig) {
			r.playAlbum()
			r.do(session.QueueMove{Entries: []session.EntryID{r.entry(1), r.entry(2)}, Before: r.entry(1)})
		}, []string{"A", "B", "C", "D"}},
		{"clear keeps what plays", func(r *rig) {
			r.playAlbum()
			r.do(session.Next{}, session.QueueClear{})
		}, []string{"B"}},
		{"clear of one takes it too", func(r *rig) {
			r.playAlbum()
			r.do(session.QueueClear{}, session.QueueClear{})
		}, []string{}},
		{"numbers that are not there", func(r *rig) {
			r.playAlbum()
			r.do(session.QueueRemove{Entries: []session.EntryID{0, 1 << 60}}, session.QueueMove{Entries: []session.EntryID{12345}},
				session.QueuePlay{Entry: 999}, session.QueueRemove{}, session.QueueMove{})
		}, []string{"A", "B", "C", "D"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(r *rig) {
				c.do(r)
				r.wantRows(c.want...)
			})
		})
	}
}

func TestARemovedTrackPlaysToItsEndAndThenWhatFollowedIt(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.playAlbum()
		r.do(session.Next{})
		r.do(session.QueueRemove{Entries: []session.EntryID{r.entry(1)}})
		r.wantTrack("B")
		if q := r.queue(); q.Index != -1 || q.Left != 2 || q.Undo != "removed 1 track" {
			t.Errorf("%+v", q)
		}
		r.do(session.QueueMove{Entries: []session.EntryID{r.entry(1)}, Before: r.entry(0)}) // C before A
		r.sleep(101 * time.Second)
		r.wantTrack("C") // it was the one that follows, and has only been moved
		r.do(session.Undo{}, session.Undo{})
		r.wantRows("A", "B", "C", "D")
		if q := r.queue(); q.Index != 2 {
			t.Errorf("%+v", q)
		}
	})
}

func TestAChangeOfWhatFollowsReachesThePlayer(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.playAlbum()
		r.sleep(95 * time.Second) // B is preloaded
		r.do(session.Enqueue{Asks: asks(r.ref("D")), Where: session.AfterCurrent})
		if r.p.Preloaded() != 1 {
			t.Errorf("%d preloaded", r.p.Preloaded())
		}
		r.sleep(6 * time.Second)
		r.wantTrack("D")
		r.do(session.SetRepeat{Mode: session.RepeatOne})
		r.sleep(100 * time.Second)
		r.wantTrack("D")
		r.do(session.SetRepeat{Mode: session.RepeatOff}, session.QueuePlay{Entry: r.entry(4)})
		r.sleep(95 * time.Second) // the last: nothing follows
		r.do(session.Enqueue{Asks: asks(r.ref("A")), Where: session.AtEnd})
		r.sleep(6 * time.Second)
		r.wantTrack("A")
		if n := r.local.OpenSources(); n != 1 {
			t.Errorf("%d sources are open, want 1", n)
		}
	})
}

func TestShuffleIsDrawnOnceSeenAndUndoneWithTheEditsMadeMeanwhile(t *testing.T) {
	inBubble(t, func(r *rig) {
		var names []string
		for i := range 30 {
			names = append(names, fmt.Sprintf("T%02d", i))
		}
		big := r.local.AddAlbum("Big", time.Minute, names...)
		r.do(session.PlayContext{Ask: music.Ask{Of: big}, Start: r.ref("T07"), Index: 7}, session.Shuffle{To: session.On})
		drawn := r.rows()
		if drawn[0] != "T07" || slices.Equal(drawn, names) || !r.playback().Shuffle {
			t.Errorf("shuffled: %q", drawn)
		}
		r.do(session.QueueRemove{Entries: []session.EntryID{r.entry(5), r.entry(6)}},
			session.Enqueue{Asks: asks(r.ref("A")), Where: session.AfterCurrent},
			session.Enqueue{Asks: asks(r.ref("B")), Where: session.AtEnd})
		r.do(session.Shuffle{To: session.Off})
		want := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == drawn[5] || n == drawn[6] })
		want = slices.Insert(want, slices.Index(want, "T07")+1, "A")
		r.wantRows(append(want, "B")...)
		for range 5 {
			r.do(session.Undo{})
		}
		r.wantRows(names...)
		if r.playback().Shuffle {
			t.Error("still shuffled")
		}
		r.wantTrack("T07")
	})
}

func TestUndoOfAContextBringsBackWhatPlayed(t *testing.T) {
	for _, paused := range []bool{false, true} {
		t.Run(fmt.Sprintf("paused %t", paused), func(t *testing.T) {
			inBubble(t, func(r *rig) {
				other := r.local.AddAlbum("Other", time.Minute, "X", "Y")
				r.playAlbum()
				r.do(session.Next{})
				r.sleep(30 * time.Second)
				if paused {
					r.do(session.Pause{})
				}
				r.do(session.PlayContext{Ask: music.Ask{Of: other}})
				r.wantTrack("X")
				if q := r.queue(); q.Undo != "replaced the queue by 2 tracks" {
					t.Errorf("undo says %q", q.Undo)
				}
				r.sleep(10 * time.Second)
				r.do(session.Undo{})
				r.wantRows("A", "B", "C", "D")
				r.wantTrack("B")
				if got := r.position(); got != 30*time.Second {
					t.Errorf("position %s, want 30s", got)
				}
				if (r.playback().State == player.Playing) == paused || r.playback().Context != r.album {
					t.Errorf("state %s, context %s", r.playback().State, r.playback().Context)
				}
				r.do(session.Redo{})
				r.wantRows("X", "Y")
				r.wantTrack("X")
				if got := r.position(); got != 10*time.Second || r.playback().State != player.Playing {
					t.Errorf("redone: %s at %s", r.playback().State, got)
				}
			})
		})
	}
}

// state is what undo must bring back exactly.
func (r *rig) state() string {
	r.rows()
	p, _ := last[session.PageLoaded](r)
	return fmt.Sprint(p.Entries, r.playback().Shuffle)
}

func TestRandomEditsUndoneAllTheWayGiveTheOriginalExactly(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			inBubble(t, func(r *rig) {
				rng := rand.New(rand.NewPCG(seed, 1))
				r.playAlbum()
				states := []string{r.state()}
				for len(states) < 60 {
					before := r.queue().Version
					r.do(r.anyEdit(rng))
					if r.queue().Version != before {
						states = append(states, r.state())
					}
					if rng.IntN(3) == 0 {
						r.sleep(time.Duration(rng.IntN(60)) * time.Second)
					}
				}
				for i := range slices.Backward(states) {
					if got := r.state(); got != states[i] {
						t.Fatalf("step %d undone: %s, want %s", i, got, states[i])
					}
					if i > 0 {
						r.do(session.Undo{})
					}
				}
				for i := range states[1:] {
					r.do(session.Redo{})
					if got := r.state(); got != states[i+1] {
						t.Fatalf("step %d redone: %s, want %s", i+1, got, states[i+1])
					}
				}
			})
		})
	}
}

// anyEdit is some edit of the queue, or a move of the needle.
func (r *rig) anyEdit(rng *rand.Rand) session.Command {
	r.rows()
	p, _ := last[session.PageLoaded](r)
	some := func() []session.EntryID {
		var ids []session.EntryID
		for _, id := range p.Entries {
			if rng.IntN(4) == 0 {
				ids = append(ids, id)
			}
		}
		return ids
	}
	one := func() session.EntryID {
		if len(p.Entries) == 0 {
			return 0
		}
		return p.Entries[rng.IntN(len(p.Entries))]
	}
	tracks := asks(r.ref("A"), r.album, r.ref("D"))
	switch rng.IntN(10) {
	case 0, 1:
		return session.Enqueue{Asks: tracks[rng.IntN(3):], Where: session.AtEnd}
	case 2, 3:
		return session.Enqueue{Asks: tracks[rng.IntN(3):], Where: session.AfterCurrent}
	case 4:
		return session.QueueRemove{Entries: some()}
	case 5:
		return session.QueueMove{Entries: some(), Before: one()}
	case 6:
		return session.Shuffle{}
	case 7:
		return session.PlayContext{Ask: music.Ask{Of: r.album}, Start: r.ref("C"), Index: 2}
	case 8:
		if rng.IntN(5) == 0 {
			return session.QueueClear{}
		}
		return session.QueuePlay{Entry: one()}
	default:
		return session.Next{}
	}
}

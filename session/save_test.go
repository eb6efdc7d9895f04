package session_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"segue/cache"
	"segue/internal/music"
	"segue/player"
	"segue/session"
	"segue/session/sessiontest"
)

// again ends the session and starts another from what was saved.
func (r *rig) again(options ...option) *rig {
	r.close()
	return newRig(r.t, r.local, append([]option{func(c *setup) { c.store = r.store }}, options...)...)
}

func TestARestartFindsEverythingAsItWasAndPaused(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.playAlbum()
		r.do(session.Shuffle{To: session.On}, session.Next{}, session.SetVolume{Percent: 33}, session.Mute{To: session.On},
			session.SetRepeat{Mode: session.RepeatAll}, session.SaveView{Data: []byte("the view")},
			session.Enqueue{Asks: asks(r.ref("A")), Where: session.AfterCurrent})
		r.sleep(40 * time.Second)
		rows, title, undo := r.state(), r.playback().Track.Title, r.queue().Undo

		r.close()
		r.local.Calls()
		n := r.again()
		defer n.close()
		if got := n.state(); got != rows {
			t.Errorf("the queue is %s, was %s", got, rows)
		}
		n.wantTrack(title)
		p := n.playback()
		if p.State != player.Paused || n.position() != 40*time.Second || p.Volume != 33 || !p.Muted || p.Repeat != session.RepeatAll || p.Context != r.album {
			t.Errorf("%s at %s, volume %d, muted %t, repeat %s, context %s", p.State, n.position(), p.Volume, p.Muted, p.Repeat, p.Context)
		}
		if v, _ := last[session.ViewRestored](n); string(v.Data) != "the view" {
			t.Errorf("view %q", v.Data)
		}
		if n.queue().Undo != undo {
			t.Errorf("undo is %q, was %q", n.queue().Undo, undo)
		}
		if calls := n.local.Calls(); slices.ContainsFunc(calls, func(c string) bool { return strings.HasPrefix(c, "open") }) {
			t.Errorf("a source was opened before Play: %q", calls)
		}
		n.do(session.SeekBy{Delta: 5 * time.Second}, session.Play{})
		n.sleep(time.Second)
		if got := n.position(); got != 46*time.Second || n.playback().State != player.Playing {
			t.Errorf("%s at %s, want playing at 46s", n.playback().State, got)
		}
		n.do(session.Undo{}, session.Undo{})
		n.wantRows("A", "B", "C", "D")
	})
}

func TestAKillCostsAtMostFiveSecondsOfPosition(t *testing.T) {
	for _, withMark := range []bool{false, true} {
		t.Run(fmt.Sprintf("with a mark %t", withMark), func(t *testing.T) {
			marks := &sessiontest.Marks{}
			marked := func(c *setup) {
				if withMark {
					c.cfg.Mark = marks
				}
			}
			inBubble(t, func(r *rig) {
				r.playAlbum()
				r.sleep(150 * time.Second)
				saved, _ := r.store.Saved()
				r.do(session.Pause{})
				time.Sleep(3 * time.Second) // the pause is saved, too
				synctest.Wait()
				_, saves := r.store.Saved()
				times := marks.Times()
				time.Sleep(time.Hour)
				synctest.Wait()
				if _, now := r.store.Saved(); now != saves || marks.Times() != times {
					t.Errorf("%d saves and %d marks while paused", now-saves, marks.Times()-times)
				}

				mark, err := marks.Load()
				if err != nil {
					t.Fatal(err)
				}
				if withMark && saves > 4 {
					t.Errorf("%d saves of the whole queue for a moving position", saves)
				}
				killed := sessiontest.NewStore(&saved)
				left := &sessiontest.Marks{}
				if mark != nil {
					if err := left.Save(*mark); err != nil {
						t.Fatal(err)
					}
				}
				n := newRig(r.t, r.local, func(c *setup) {
					c.store = killed
					if withMark {
						c.cfg.Mark = left
					}
				})
				defer n.close()
				n.wantTrack("B")
				if got := n.position(); got < 45*time.Second || got > 51*time.Second {
					t.Errorf("position %s, want 45s to 50s", got)
				}
			}, marked)
		})
	}
}

func TestAStateCutAtAnyByteNeverStopsTheStart(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.playAlbum()
		r.do(session.Shuffle{}, session.QueueRemove{Entries: []session.EntryID{r.entry(3)}})
		r.close()
		saved, _ := r.store.Saved()
		path := filepath.Join(t.TempDir(), "state.json")
		file := cache.NewState[session.Saved](path)
		if err := file.Save(saved); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for n := 0; n <= len(text); n++ {
			if err := os.WriteFile(path, text[:n], 0o600); err != nil {
				t.Fatal(err)
			}
			s := session.New(session.Config{}, sessiontest.NewPlayer(nil), file, r.local.Account())
			if s == nil {
				t.Fatal("no session")
			}
			if n == len(text) {
				break
			}
			aside, err := filepath.Glob(path + ".bad-*")
			if err != nil || len(aside) != 1 {
				t.Fatalf("cut at %d: set aside %q, %v", n, aside, err)
			}
			if err := os.Remove(aside[0]); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestAStrangeStateIsTakenAsFarAsItGoes(t *testing.T) {
	good := func(names ...string) (list session.SavedQueue) {
		for _, n := range names {
			list = append(list, session.SavedEntry{Ref: "segue:local:track:" + n})
		}
		return list
	}
	for _, c := range []struct {
		name  string
		saved session.Saved
		rows  []string
	}{
		{"empty", session.Saved{}, []string{}},
		{"an index beyond the queue", session.Saved{Queue: good("A", "B"), Index: 7}, []string{"A", "B"}},
		{"a negative index", session.Saved{Queue: good("A", "B"), Index: -7, Position: -time.Hour}, []string{"A", "B"}},
		{"a volume and repeat that are none", session.Saved{Queue: good("A"), Volume: 5000, Repeat: "sometimes"}, []string{"A"}},
		{"an entry that is no ref", session.Saved{Queue: append(good("A"), session.SavedEntry{Ref: "what?"})}, []string{"A"}},
		{"an order that is none", session.Saved{Queue: good("A", "B", "C"), Shuffle: true, Order: []int{0, 0, 99}}, []string{"A", "B", "C"}},
		{"an order that is too short", session.Saved{Queue: good("A", "B", "C"), Shuffle: true, Order: []int{1}}, []string{"A", "B", "C"}},
		{"two entries of one number", session.Saved{Queue: session.SavedQueue{{Ref: "segue:local:track:A", ID: 5}, {Ref: "segue:local:track:B", ID: 5}}}, []string{"A", "B"}},
		{"a journal of nonsense", session.Saved{Queue: good("A"), Journal: &session.SavedJournal{
			Done:   []session.SavedStep{{Text: "nothing"}, {Queue: &session.SavedEdit{Play: session.SavedSplice[session.EntryID]{At: -5, Del: []session.EntryID{77}}}}},
			Undone: []session.SavedStep{{List: &session.SavedList{Op: "explode"}}, {Marks: &session.SavedMarks{Before: []int{1}}}},
		}}, []string{"A"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(r *rig) {
				r.wantRows(c.rows...)
				r.do(session.Undo{}, session.Redo{}, session.Shuffle{}, session.Shuffle{}, session.Play{})
				if p := r.playback(); p.Volume > 100 || len(c.rows) > 0 && p.State != player.Playing {
					t.Errorf("%+v", p)
				}
				if got := r.rows(); len(got) != len(c.rows) {
					t.Errorf("shuffled twice the queue is %q", got)
				}
			}, func(s *setup) { s.store = sessiontest.NewStore(&c.saved) })
		})
	}
}

func TestAJournalThatDoesNotFitTheQueueSaysSo(t *testing.T) {
	saved := session.Saved{Queue: session.SavedQueue{{Ref: "segue:local:track:A", ID: 1}, {Ref: "segue:local:track:B", ID: 2}}, Index: -1,
		Journal: &session.SavedJournal{Done: []session.SavedStep{{Text: "added 1 track", Queue: &session.SavedEdit{
			Play: session.SavedSplice[session.EntryID]{At: 0, Ins: []session.EntryID{2}}}}}}}
	inBubble(t, func(r *rig) {
		r.do(session.Undo{})
		r.wantNotice("cannot be undone any more: added 1 track")
		r.wantRows("A", "B")
	}, func(s *setup) { s.store = sessiontest.NewStore(&saved) })
}

func TestAStoreThatFailsIsToldOnceAndStopsNothing(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.store.FailWith(errors.New("disk full"))
		r.playAlbum()
		r.sleep(60 * time.Second)
		n := 0
		for _, text := range r.notices() {
			if strings.Contains(text, "disk full") {
				n++
			}
		}
		if n != 1 {
			t.Errorf("told %d times: %q", n, r.notices())
		}
		r.wantTrack("A")
	})
}

func TestAnUnreadableStateIsANotice(t *testing.T) {
	store := sessiontest.NewStore(nil)
	store.FailLoad(errors.New("set aside as state.json.bad-1"))
	inBubble(t, func(r *rig) {
		r.wantNotice("the queue of the last time is lost: set aside as state.json.bad-1")
		if r.playback().Volume != 70 {
			t.Errorf("volume %d", r.playback().Volume)
		}
	}, func(s *setup) { s.store = store })
}

func TestTheSavedStateIsJSONThatReadsBack(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.playAlbum()
		list := r.local.AddPlaylist("Evening", r.ref("A"))
		r.do(session.PlaylistAdd{Playlist: list, Add: asks(r.ref("B"))}, session.Star{Refs: []music.Ref{r.ref("A")}, To: session.On},
			session.QueueRemove{Entries: []session.EntryID{r.entry(2)}})
		r.close()
		saved, _ := r.store.Saved()
		text, err := json.Marshal(saved)
		if err != nil {
			t.Fatal(err)
		}
		var back session.Saved
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		n := newRig(r.t, r.local, func(c *setup) { c.store = sessiontest.NewStore(&back) })
		defer n.close()
		n.do(session.Undo{}, session.Undo{}, session.Undo{})
		n.wantRows("A", "B", "C", "D")
		if n.local.Track(n.ref("A")).Starred {
			t.Error("the star was not taken back")
		}
		if got := n.local.Rows(list); !slices.Equal(got, []string{"A"}) {
			t.Errorf("the playlist is %q", got)
		}
	})
}

func TestASavedQueueReadsBackAsItWas(t *testing.T) {
	for _, q := range []session.SavedQueue{
		{},
		{{Ref: "segue:a:track:1", ID: 1}, {Ref: "segue:a:track:2", ID: 2}, {Ref: "segue:a:track:3", ID: 3}},
		{{Ref: "segue:a:track:1", ID: 9, Next: true}, {Ref: "segue:a:track:2", ID: 4}, {Ref: "segue:a:track:%20&<", ID: 5, Next: true}},
		{{Ref: "segue:a:track:1"}, {Ref: "segue:a:track:2"}},
		{{Ref: "what is this", ID: 1}},
		{{Ref: "", ID: 77}, {Ref: "+", ID: 78}},
	} {
		text, err := json.Marshal(struct{ Q session.SavedQueue }{q})
		if err != nil {
			t.Fatal(err)
		}
		var back struct{ Q session.SavedQueue }
		if err := json.Unmarshal(text, &back); err != nil || len(back.Q) != len(q) {
			t.Fatalf("%s: %v, %d entries", text, err, len(back.Q))
		}
		for i := range q {
			if back.Q[i] != q[i] && !strings.HasPrefix(q[i].Ref, "+") {
				t.Errorf("%s: %+v, want %+v", text, back.Q[i], q[i])
			}
		}
	}
}

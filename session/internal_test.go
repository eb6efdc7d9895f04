package session

import (
	"encoding/json"
	"math"
	"testing"

	"segue/internal/mailbox"
	"segue/internal/music"
	"segue/player"
)

func TestTheGainShownIsTheOneApplied(t *testing.T) {
	both := music.Gain{TrackDB: -6, AlbumDB: -8, HasTrack: true, HasAlbum: true}
	for _, c := range []struct {
		name    string
		mode    player.GainMode
		preamp  float64
		context bool
		gain    music.Gain
		want    float64
	}{
		{"off", player.GainOff, 3, false, both, 0},
		{"the zero mode is off", "", 3, false, both, 0},
		{"track", player.GainTrack, 0, true, both, -6},
		{"album", player.GainAlbum, 0, false, both, -8},
		{"auto in an album", player.GainAuto, 0, true, both, -8},
		{"auto outside", player.GainAuto, 0, false, both, -6},
		{"album where there is none takes the track's", player.GainAlbum, 0, false, music.Gain{TrackDB: -6, HasTrack: true}, -6},
		{"nothing known", player.GainTrack, 5, false, music.Gain{}, 0},
		{"pre-amp", player.GainTrack, 2, false, both, -4},
		{"a pre-amp beyond its range", player.GainTrack, 99, false, both, 9},
		{"never beyond the peak", player.GainTrack, 10, false, music.Gain{TrackDB: 0, TrackPeak: 1, HasTrack: true}, 0},
		{"a tag that is no number", player.GainTrack, 0, false, music.Gain{TrackDB: math.NaN(), HasTrack: true}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := New(Config{Gain: c.mode, PreampDB: c.preamp}, silentPlayer{mailbox.New[player.Event]()}, nil)
			s.play.albumCtx = c.context
			if got := s.gainDB(c.gain); math.Abs(got-c.want) > 1e-9 {
				t.Errorf("%g dB, want %g", got, c.want)
			}
		})
	}
}

// savedStore gives one state and keeps none.
type savedStore struct{ saved *Saved }

func (s savedStore) Load() (*Saved, error) { return s.saved, nil }
func (savedStore) Save(Saved) error        { return nil }

// FuzzRestore takes any state that is JSON: the session starts from it, its rows
// stay in order through edits and undo, and what it saves reads back the same.
func FuzzRestore(f *testing.F) {
	s := New(Config{Seed: 1}, silentPlayer{mailbox.New[player.Event]()}, savedStore{})
	refs := []music.Ref{{Account: "local", Kind: "track", ID: "A b"}, {Account: "x", Kind: "track", ID: "ü"}, {Account: "local", Kind: "track", ID: "C"}}
	s.addRefs(refs, AtEnd)
	s.do(Shuffle{})
	s.do(QueueRemove{Entries: []EntryID{2}})
	s.addRefs(refs[:1], AfterCurrent)
	s.do(Undo{})
	s.stopTimers()
	text, err := json.Marshal(s.freeze().saved())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"queue":"9 segue:a:track:x\n+segue:a:track:y\nwhat","index":1,"shuffle":true,"order":[1,0],"journal":{"done":[{"text":"t","queue":{"play":{"at":0,"ins":[9]},"plain":{"at":0}}}]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var v Saved
		if json.Unmarshal(text, &v) != nil {
			t.Skip()
		}
		s := New(Config{Seed: 1}, silentPlayer{mailbox.New[player.Event]()}, savedStore{&v})
		s.cfg.Log = func(string) {}
		s.store = nil
		for _, c := range []Command{Undo{}, Undo{}, Redo{}, Shuffle{}, QueueRemove{Entries: []EntryID{1, 2}}, Undo{}, Shuffle{}, QueueClear{}, Undo{}} {
			if len(s.journal.done) > 0 && s.journal.done[len(s.journal.done)-1].queue == nil {
				s.journal.done = nil // those would need services
			}
			if len(s.journal.undone) > 0 && s.journal.undone[len(s.journal.undone)-1].queue == nil {
				s.journal.undone = nil
			}
			s.do(c)
			if s.queue.shuffle && len(s.queue.plain) != len(s.queue.play) {
				t.Fatalf("%T: %d in order, %d as played", c, len(s.queue.plain), len(s.queue.play))
			}
			if s.play.index >= len(s.queue.play) {
				t.Fatalf("%T: index %d of %d", c, s.play.index, len(s.queue.play))
			}
		}
		out, err := json.Marshal(s.freeze().saved())
		if err != nil {
			t.Fatal(err)
		}
		var again Saved
		if err := json.Unmarshal(out, &again); err != nil {
			t.Fatalf("%s: %v", out, err)
		}
		if got := New(Config{}, silentPlayer{mailbox.New[player.Event]()}, savedStore{&again}); len(got.queue.play) != len(s.queue.play) {
			t.Fatalf("%d entries, want %d", len(got.queue.play), len(s.queue.play))
		}
	})
}

package session_test

import (
	"testing"
	"time"

	"segue/internal/music"
	"segue/player"
	"segue/session"
)

func TestASubscriptionBeginsWithASnapshot(t *testing.T) {
	inBubble(t, func(r *rig) {
		if len(all[session.AccountsChanged](r)) == 0 || len(all[session.ViewRestored](r)) != 1 || len(all[session.QueueChanged](r)) == 0 || len(all[session.PlaybackChanged](r)) == 0 {
			t.Errorf("the snapshot is not whole: %T", r.events)
		}
	})
}

func TestAnAlbumPlaysToItsEndWithoutAGapInTheLine(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.playAlbum()
		r.wantTrack("A")
		if r.playback().State != player.Playing {
			t.Errorf("state %s", r.playback().State)
		}
		r.sleep(95 * time.Second)
		if r.p.Preloaded() != 1 {
			t.Errorf("%d items preloaded 5 s before the end, want 1", r.p.Preloaded())
		}
		r.wantTrack("A")
		r.sleep(10 * time.Second)
		r.wantTrack("B")
		if got := r.position(); got != 5*time.Second {
			t.Errorf("position %s, want 5s", got)
		}
		r.sleep(300 * time.Second)
		if _, ok := last[session.QueueEnded](r); !ok {
			t.Error("no QueueEnded")
		}
		if r.playback().State != player.Unloaded || !r.playback().Track.Ref.IsZero() {
			t.Errorf("at the end: %s %q", r.playback().State, r.playback().Track.Title)
		}
		if n := r.local.OpenSources(); n != 0 {
			t.Errorf("%d sources were left open", n)
		}
		if n := len(r.local.Reports()); n != 4 {
			t.Errorf("%d plays reported, want 4", n)
		}
	})
}

func TestPausingAndSeekingFollowThePlayer(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.playAlbum()
		r.sleep(20 * time.Second)
		r.do(session.SeekBy{Delta: 10 * time.Second}, session.SeekBy{Delta: 10 * time.Second})
		if got := r.position(); got != 40*time.Second {
			t.Errorf("position %s, want 40s", got)
		}
		r.do(session.Toggle{})
		time.Sleep(time.Minute)
		if got := r.position(); got != 40*time.Second || r.playback().State != player.Paused {
			t.Errorf("%s at %s, want paused at 40s", r.playback().State, got)
		}
		r.do(session.Next{})
		r.wantTrack("B")
		if r.playback().State == player.Playing {
			t.Error("Next while paused plays")
		}
		r.do(session.Play{})
		r.sleep(5 * time.Second)
		if got := r.position(); got != 5*time.Second {
			t.Errorf("position %s, want 5s", got)
		}
	})
}

func TestPreviousAndNextAtTheEdges(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.do(session.Next{}, session.Previous{}, session.Play{}, session.SeekTo{Position: time.Hour}, session.QueueClear{}, session.Shuffle{}, session.Undo{}, session.Undo{})
		r.playAlbum()
		r.do(session.Previous{})
		r.wantTrack("A")
		r.do(session.Next{}, session.Next{})
		r.wantTrack("C")
		r.do(session.Previous{})
		r.wantTrack("B")
		r.sleep(4 * time.Second)
		r.do(session.Previous{})
		r.wantTrack("B")
		if got := r.position(); got != 0 {
			t.Errorf("position %s, want 0", got)
		}
		r.do(session.Next{}, session.Next{}, session.Next{})
		if _, ok := last[session.QueueEnded](r); !ok {
			t.Error("Next on the last track does not end the queue")
		}
		r.do(session.Play{})
		r.wantTrack("A")
		r.do(session.SetRepeat{Mode: session.RepeatAll}, session.QueuePlay{Entry: r.entry(3)}, session.Next{})
		r.wantTrack("A")
	})
}

func TestVolumeIsACubeAndEndsMuting(t *testing.T) {
	inBubble(t, func(r *rig) {
		for _, c := range []struct {
			command session.Command
			percent int
			linear  float64
		}{
			{session.SetVolume{Percent: 100}, 100, 1},
			{session.ChangeVolume{By: 5}, 100, 1},
			{session.SetVolume{Percent: 50}, 50, 0.125},
			{session.ChangeVolume{By: -60}, 0, 0},
		} {
			r.do(session.Mute{To: session.On}, c.command)
			v, muted := r.p.Volume()
			if p := r.playback(); p.Volume != c.percent || v != c.linear || muted || p.Muted {
				t.Errorf("%#v: volume %d, gain %g, muted %t", c.command, p.Volume, v, muted)
			}
		}
	})
}

var _ = music.Queue

package session_test

import (
	"slices"
	"testing"
	"time"

	"segue/internal/music"
	"segue/session"
)

func TestARadioPlaysTheTrackThenWhatIsLikeItAndIsUndone(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.local.AddAlbum("like C", time.Minute, "X", "C", "Y")
		r.playAlbum()
		r.do(session.PlayRadio{Of: r.ref("C")})
		r.wantRows("C", "X", "Y")
		r.wantTrack("C")
		r.do(session.Undo{})
		r.wantRows("A", "B", "C", "D")
		r.wantTrack("A")
	})
}

func TestARadioOfWhatPlaysDoesNotBeginItAnew(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.local.AddAlbum("like A", time.Minute, "X")
		r.playAlbum()
		r.sleep(30 * time.Second)
		r.do(session.PlayRadio{Of: r.ref("A")})
		r.wantRows("A", "X")
		if at := r.position(); at < 29*time.Second || at > 32*time.Second {
			t.Errorf("it is at %v", at)
		}
	})
}

func TestARadioThatFindsNothingLeavesTheQueue(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.local.AddAlbum("like A", time.Minute, "A")
		r.playAlbum()
		for _, of := range []music.Ref{r.ref("A"), r.ref("B"), {Account: "nobody", Kind: music.KindTrack, ID: "x"}, {}} {
			r.do(session.PlayRadio{Of: of})
		}
		r.wantRows("A", "B", "C", "D")
		for _, want := range []string{"nothing similar was found", "there is no radio from here: choose a track, an album or an artist",
			"there is no radio from here: its account finds nothing similar"} {
			if !slices.Contains(r.notices(), want) {
				t.Errorf("%q was not said: %q", want, r.notices())
			}
		}
	})
}

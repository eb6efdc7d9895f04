package session_test

import (
	"testing"

	"segue/internal/music"
	"segue/session"
	"segue/session/sessiontest"
)

// known is a service whose things others can open by links.
type known struct{ *sessiontest.Service }

func (known) LinkOf(of music.Ref) (music.Link, bool) {
	return music.Link{Type: music.LinkTrack, ID: of.ID}, of.Kind == music.KindTrack
}

func TestAThingTellsTheLinkThatItsServiceHasForIt(t *testing.T) {
	k := known{sessiontest.NewService("far")}
	accounts := []session.Account{{ID: "far", Service: k}, sessiontest.NewService("near").Account()}
	for text, want := range map[string]string{
		"segue:far:track:2Foc5Q5nqNiosCNqttzHof#1:05": "https://open.spotify.com/track/2Foc5Q5nqNiosCNqttzHof#1:05",
		"segue:far:album:x":                           "",
		"segue:near:track:x":                          "",
	} {
		l, err := session.ExplainLink(t.Context(), accounts, text)
		if err != nil || l.Own.URL() != want {
			t.Errorf("%s: %q, %v", text, l.Own.URL(), err)
		}
	}
}

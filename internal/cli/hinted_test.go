package cli

import (
	"strings"
	"testing"

	"segue/session"
)

// TestALoginIsAdvisedOnlyWhereNothingElseHelps: a note that says what to do says all.
func TestALoginIsAdvisedOnlyWhereNothingElseHelps(t *testing.T) {
	for note, advised := range map[string]bool{
		"signed out": true,
		"spotify: sign-in: cannot reach accounts.spotify.com":                         true,
		"spotify: sign-in: the owner of the Spotify app has no Premium; get it there": false,
	} {
		a := session.AccountInfo{ID: "spotify", State: session.ConnLoggedOut, Note: note, Remembered: "ada"}
		_, err := (&global{}).signedIn([]session.AccountInfo{a}, "spotify")
		if err == nil || strings.Contains(err.Error(), "segue login") != advised {
			t.Errorf("%s: %v", note, err)
		}
		if f := accountFinding(a); strings.Contains(f.Advice, "segue login") != advised {
			t.Errorf("%s: the doctor advises %q", note, f.Advice)
		}
	}
}

package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"segue/session"
)

// signInAddress is as long as Spotify's.
var signInAddress = "https://accounts.spotify.com/authorize?client_id=0123456789abcdef0123456789abcdef&code_challenge=7JqTdLyEp2BlAjTDAxpkKKNc4-RaI1qe73Opuzg5tP0&scope=" +
	strings.Repeat("user-library-read+", 25) + "&state=theend"

// TestAQuestionCanBeAnsweredOnAnyScreen: its field is there, and an address that has no
// room is copied by a key; a QR code that has none says what it needs.
func TestAQuestionCanBeAnsweredOnAnyScreen(t *testing.T) {
	for _, size := range [][2]int{{40, 8}, {40, 10}, {60, 16}, {80, 24}, {120, 36}, {200, 50}} {
		r := newRig(t, size[0], size[1], withAccounts)
		r.f.box.Put(session.LoginNeeded{Account: "spotify", ID: 1, Question: session.Question{What: session.QuestionBrowser, URL: signInAddress, Until: time.Now(),
			Text: "Open this address in a browser on this machine, sign in to Spotify and agree. With a browser elsewhere, paste the address that it ends at; that its page does not load is as it should be."}})
		r.settle()
		r.want("the address that the br")
		r.want("Open this address in a")
		r.want("Tab copies")
		if fits := size[1] >= 24; fits != strings.Contains(r.screen(), "As a QR code it needs a window of") {
			t.Errorf("at %v:\n%s", size, r.screen())
		}
		if size[1] >= 24 && !strings.Contains(r.screen(), "theend") {
			t.Errorf("at %v the address is cut:\n%s", size, r.screen())
		}
		r.keys("t:pasted", "enter")
		if a := commands[session.AnswerLogin](r.f); len(a) != 1 || a[0].Answer.Reveal() != "pasted" {
			t.Errorf("at %v: %+v", size, a)
		}
	}
}

// TestTheSizeThatAQRCodeIsSaidToNeedIsEnough.
func TestTheSizeThatAQRCodeIsSaidToNeedIsEnough(t *testing.T) {
	q := session.LoginNeeded{Account: "spotify", ID: 1, Question: session.Question{What: session.QuestionBrowser, URL: signInAddress, Text: "Sign in"}}
	shown := func(w, h int) (string, bool) {
		r := newRig(t, w, h, withAccounts)
		r.f.box.Put(q)
		r.settle()
		return r.screen(), strings.Count(r.screen(), "█▀▀▀▀▀█") > 0 || strings.Count(r.screen(), "▄▄▄▄▄") > 1
	}
	text, drawn := shown(80, 24)
	var w, h int
	_, after, ok := strings.Cut(text, "needs a window of ")
	if _, err := fmt.Sscanf(after, "%d x %d;", &w, &h); !ok || err != nil || drawn {
		t.Fatalf("%v:\n%s", err, text)
	}
	if text, drawn := shown(w, h); !drawn {
		t.Errorf("at %d x %d there is none:\n%s", w, h, text)
	}
	if text, drawn := shown(w, h-2); drawn {
		t.Errorf("at %d x %d there is one:\n%s", w, h-2, text)
	}
}

package ui

import (
	"strings"
	"testing"

	"segue/keymap"
	"segue/session"
	"segue/ui/screen"
)

// TestAnAddressIsShownAsAPictureForPhonesWhereItFits, and nowhere else.
func TestAnAddressIsShownAsAPictureForPhonesWhereItFits(t *testing.T) {
	short := session.Question{What: session.QuestionCode, Text: "Open this address", Code: "ABCD-1234", URL: "https://spotify.com/pair?code=ABCD1234"}
	long := session.Question{What: session.QuestionBrowser, Text: "Sign in in the browser", URL: "https://accounts.spotify.com/authorize?" + strings.Repeat("scope=user-library-read+", 25)}
	text := session.Question{What: session.QuestionText, Text: "First:\n1. open it\n2. copy the client id", URL: "https://developer.spotify.com/dashboard"}
	for name, c := range map[string]struct {
		q      session.Question
		w, h   int
		change func(*fake, *Options)
		want   bool
	}{
		"a short address":                   {q: short, w: 100, h: 36, want: true},
		"on a small screen":                 {q: short, w: 100, h: 24},
		"on a narrow one":                   {q: short, w: 40, h: 50},
		"a long address on a usual screen":  {q: long, w: 140, h: 36},
		"a long address on a large screen":  {q: long, w: 200, h: 80, want: true},
		"with ASCII characters":             {q: short, w: 100, h: 36, change: func(_ *fake, o *Options) { o.ASCII = true }},
		"without colours":                   {q: short, w: 100, h: 36, change: func(_ *fake, o *Options) { o.NoColor = true }},
		"the page where a client id is had": {q: text, w: 100, h: 60},
	} {
		t.Run(name, func(t *testing.T) {
			change := []func(*fake, *Options){withAccounts}
			if c.change != nil {
				change = append(change, c.change)
			}
			r := newRig(t, c.w, c.h, change...)
			r.f.box.Put(session.LoginNeeded{Account: "spotify", ID: 1, Question: c.q})
			r.settle()
			if got := strings.Count(r.screen(), "█▀▀▀▀▀█") == 3 || strings.Count(r.screen(), "▄▄▄▄▄") > 1; got != c.want {
				t.Errorf("a QR code: %t\n%s", got, r.screen())
			}
			first, _, _ := strings.Cut(c.q.Text, "\n")
			r.want(first)
			for _, l := range r.lines() {
				if screen.Width(l) > c.w {
					t.Errorf("a line is %d wide", screen.Width(l))
				}
			}
		})
	}
	r := newRig(t, 100, 40, withAccounts)
	r.f.box.Put(session.LoginNeeded{Account: "spotify", ID: 1, Question: text})
	r.settle()
	if at := func(s string) int { return strings.Index(r.screen(), s) }; at("First:") > at("1. open it") || strings.Count(r.screen()[at("First:"):at("2. copy")], "\n") != 2 {
		t.Errorf("the steps do not stand in lines of their own:\n%s", r.screen())
	}
	r.keys("a", "b", "enter")
	if a := commands[session.AnswerLogin](r.f); len(a) != 1 || a[0].Answer.Reveal() != "ab" {
		t.Errorf("%+v", a)
	}
}

func TestTheKeyThatCopiesALinkCopiesTheAddressOfAQuestionInEveryKeyMap(t *testing.T) {
	own, err := keymap.Default().With(map[string][]string{"copy-link": {"C-y"}})
	if err != nil {
		t.Fatal(err)
	}
	vim, err := keymap.Preset("vim") // yy
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		keys keymap.Map
		key  string
	}{{keymap.Default(), "y"}, {vim, "y"}, {own, "ctrl+y"}} {
		r := newRig(t, 120, 36, withAccounts, func(_ *fake, o *Options) { o.Keymap = c.keys })
		r.f.box.Put(session.LoginNeeded{Account: "spotify", ID: 1, Question: session.Question{What: session.QuestionCode, Text: "Open it", Code: "AB", URL: "https://example.org/pair"}})
		r.settle()
		r.keys(c.key)
		r.want("copied the address")
		r = newRig(t, 120, 36, func(_ *fake, o *Options) { o.Keymap = c.keys })
		r.keys("enter", "i", c.key)
		r.want("copied “")
	}
}

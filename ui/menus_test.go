package ui

import (
	"strings"
	"testing"

	"segue/internal/music"
	"segue/session"
	"segue/ui/widget"
)

// offered are the rows of the menu on the screen.
func offered(r *rig) (labels []string) {
	p, ok := r.m.topPopup().(*pick)
	if !ok {
		r.t.Fatalf("there is no menu:\n%s", r.screen())
	}
	p.Move(-100)
	for {
		c, _ := p.Chosen()
		labels = append(labels, c.Label)
		p.Move(1)
		if d, _ := p.Chosen(); d == c {
			return labels
		}
	}
}

// choose takes a row of the menu on the screen.
func choose(r *rig, label string) {
	r.t.Helper()
	p, _ := r.m.topPopup().(*pick)
	for i, l := range offered(r) {
		if l == label {
			r.run(p.choose(r.m, widget.Choice{ID: i}, ""))
			r.settle()
			r.m.popups = nil
			return
		}
	}
	r.t.Fatalf("%q is not offered: %q", label, offered(r))
}

func TestTheMenuOfWhatPlaysIsAboutThatAndNotAboutTheRowUnderTheCursor(t *testing.T) {
	r := newRig(t, 120, 36, func(f *fake, _ *Options) { f.tracks[2].Path = "/music/variatio 2.flac" })
	playing(r)
	r.keys("4", "g", "g", "M") // the cursor is on the first of the queue, the third plays
	for _, l := range offered(r) {
		if l == "Play" || strings.HasPrefix(l, "Remove from") {
			t.Errorf("%q would be done with the row under the cursor", l)
		}
	}
	choose(r, "Copy the link")
	r.want("copied “/music/variatio 2.flac”")
	r.keys("M")
	choose(r, "Star")
	if c := commands[session.Star](r.f); len(c) != 1 || c[0].Refs[0] != r.m.playingRef() {
		t.Errorf("%+v", c)
	}
}

func TestTheMenuOfWhatPlaysSharesThat(t *testing.T) {
	r := newRig(t, 120, 36, withAccounts)
	r.f.mu.Lock()
	song := music.Track{Ref: music.Ref{Account: "home", Kind: music.KindTrack, ID: "9"}, Title: "Elsewhere"}
	r.f.queue, r.f.ids = []music.Track{song}, []session.EntryID{1}
	r.f.playAt(0, 0)
	r.f.mu.Unlock()
	r.settle()
	r.keys("enter", "M")
	choose(r, "Share …")
	if c := commands[session.InboxPost](r.f); len(c) != 1 || len(c[0].Tracks) != 1 || c[0].Tracks[0] != song.Ref {
		t.Errorf("%+v", c)
	}
}

package ui

import (
	"testing"

	"segue/session"
)

func tuneable(f *fake, _ *Options) { f.radio = true }

func TestTheRadioPlaysFromTheSelection(t *testing.T) {
	r := newRig(t, 120, 36, tuneable)
	r.keys("j", "enter", "j", "R")
	c := commands[session.PlayRadio](r.f)
	if len(c) != 1 || !c[0].Of.IsTrack() {
		t.Fatalf("%+v", c)
	}
	r.keys("m")
	r.want("Radio from here")
}

func TestWithoutARadioItIsSaid(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys("R")
	r.want("there is no radio from here")
	if c := commands[session.PlayRadio](r.f); len(c) != 0 {
		t.Errorf("%+v", c)
	}
}

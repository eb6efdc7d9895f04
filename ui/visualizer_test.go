package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"segue/player"
)

// toned gives a spectrum of one tone and counts how often it is asked.
func toned(asked *int) func(*fake, *Options) {
	return func(_ *fake, o *Options) {
		o.Spectrum = func(dst []float32) int {
			*asked++
			dst[len(dst)/2] = 1
			return len(dst)
		}
	}
}

func TestTheVisualizerIsOffUntilAskedAndTakesItsLinesFromTheList(t *testing.T) {
	asked := 0
	r := newRig(t, 120, 36, toned(&asked))
	playing(r)
	if r.m.visual.ticking || asked != 0 {
		t.Fatal("it moves though nobody asked")
	}
	before := r.lines()
	r.keys("V")
	if !r.m.visual.ticking {
		t.Fatal("V did not start it")
	}
	bands := make([]float32, r.m.opt.Spectrum(make([]float32, 38)))
	bands[19] = 1
	r.send(bandsMsg(bands))
	r.want("██")
	after := r.lines()
	if len(after) != len(before) || after[5] != before[5] {
		t.Error("the list jumped")
	}
	r.keys("V")
	r.wantNot("██")
}

func TestTheVisualizerRestsWhilePausedUnseenOrWithoutFocus(t *testing.T) {
	asked := 0
	r := newRig(t, 120, 36, toned(&asked))
	playing(r)
	r.keys("V")
	step := func() { r.send(bandsMsg(nil)) }
	r.send(tea.BlurMsg{})
	step()
	if r.m.visual.ticking {
		t.Error("it moves without the focus")
	}
	r.send(tea.FocusMsg{})
	if !r.m.visual.ticking {
		t.Error("it does not go on with the focus")
	}
	full := make(bandsMsg, 38)
	for i := range full {
		full[i] = 1
	}
	r.send(full)
	r.f.mu.Lock()
	r.f.play.State, r.f.play.Position.Rate = player.Paused, 0
	r.f.publish()
	r.f.mu.Unlock()
	r.settle()
	steps := 0
	for r.m.visual.ticking && steps < 1000 {
		step()
		steps++
	}
	if steps < 10 || steps > 40 {
		t.Errorf("after a pause it moved %d steps more", steps)
	}
	if strings.ContainsAny(r.screen(), "▂▃▄▅▆▇█") {
		t.Errorf("bars are left:\n%s", r.screen())
	}
	r.send(tea.WindowSizeMsg{Width: 50, Height: 12})
	r.f.mu.Lock()
	r.f.play.State, r.f.play.Position.Rate = player.Playing, 1
	r.f.publish()
	r.f.mu.Unlock()
	r.settle()
	if r.m.visual.ticking {
		t.Error("it moves where there is no room for it")
	}
}

func TestEverySizeHasItsLinesWithTheVisualizer(t *testing.T) {
	asked := 0
	for _, size := range [][2]int{{40, 8}, {60, 16}, {80, 24}, {120, 36}, {200, 50}, {61, 16}} {
		r := newRig(t, size[0], size[1], toned(&asked))
		playing(r)
		r.keys("V", "7")
		r.send(bandsMsg{0.5, 0.2, 1, 0.01})
		if n := len(r.lines()); n != size[1] {
			t.Errorf("%v: %d lines", size, n)
		}
	}
}

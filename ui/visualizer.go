package ui

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"segue/keymap"
	"segue/session"
	"segue/ui/widget"
)

// The visualizer moves so many times a second; less where each frame crosses a network.
const (
	visualStep   = time.Second / 20
	visualRemote = time.Second / 8
)

// By how much of the whole height bars and their peaks fall in one step.
const (
	barFalls  = 0.09
	peakFalls = 0.03
)

// visual is the spectrum of what is heard, over the player's lines.
type visual struct {
	on          bool
	ticking     bool
	remote      bool // the terminal is at the other end of a network
	bars, peaks []float32
}

// bandsMsg is the spectrum of a moment; none when nothing is heard.
type bandsMsg []float32

// visualLines is how high the visualizer is in a screen of so many lines.
func visualLines(t tier, h int) int {
	switch {
	case t < tierSmall:
		return 0
	case h >= 44:
		return 9
	case h >= 30:
		return 7
	}
	return 4
}

func (m *Model) toggleVisual() {
	if m.opt.Spectrum == nil {
		m.say(session.Info, "there is no spectrum to be seen here")
		return
	}
	m.visual.on = !m.visual.on
	m.arrange()
	if m.visual.on && m.lay.visual.Empty() {
		m.say(session.Info, "the visualizer needs 60x16; "+m.keys.Key(keymap.Visualizer)+" hides it")
	}
	m.save()
}

// moving reports whether the visualizer has something to do: it is seen, somebody
// looks, and there is sound or bars that still fall.
func (m *Model) moving() bool {
	v := &m.visual
	if !v.on || !m.focused || m.lay.visual.Empty() || m.quitting {
		return false
	}
	return m.env.Playing() || slices.ContainsFunc(v.peaks, func(p float32) bool { return p > 0 })
}

// look arms the next step of the visualizer. The spectrum is made outside of the loop.
func (m *Model) look() tea.Cmd {
	if m.visual.ticking || !m.moving() {
		return nil
	}
	m.visual.ticking = true
	step := visualStep
	if m.visual.remote {
		step = visualRemote
	}
	n, spectrum, playing := widget.SpectrumBands(m.lay.visual.W), m.opt.Spectrum, m.env.Playing()
	return tea.Tick(step, func(time.Time) tea.Msg {
		bands := make([]float32, n)
		if !playing {
			return bandsMsg(bands)
		}
		return bandsMsg(bands[:spectrum(bands)])
	})
}

// looked takes a spectrum: bars rise at once and fall slowly, peaks more slowly.
func (m *Model) looked(bands bandsMsg) {
	v := &m.visual
	v.ticking = false
	n := widget.SpectrumBands(m.lay.visual.W)
	if len(v.bars) != n {
		v.bars, v.peaks = make([]float32, n), make([]float32, n)
	}
	for i := range n {
		now := float32(0)
		if i < len(bands) {
			now = min(max(bands[i], 0), 1)
		}
		v.bars[i] = max(now, v.bars[i]-barFalls, 0)
		v.peaks[i] = max(v.bars[i], v.peaks[i]-peakFalls, 0)
	}
}

// visualRows draws the visualizer.
func (m *Model) visualRows(dst []string) []string {
	l := m.lay.visual
	v := &m.visual
	n := widget.SpectrumBands(l.W)
	if len(v.bars) != n {
		v.bars, v.peaks = make([]float32, n), make([]float32, n)
	}
	return widget.Spectrum(dst, m.env.Set, l.W, l.H, v.bars, v.peaks)
}

package ui

import (
	"testing"

	tea "charm.land/bubbletea/v2"
)

func bigRig(b *testing.B) *rig {
	b.Helper()
	t := &testing.T{}
	r := newRig(t, 200, 60, func(f *fake, _ *Options) { f.big = 100_000 })
	r.keys("h", "down", "down", "enter", "pgdown", "pgdown")
	if len(r.lines()) != 60 {
		b.Fatal("the screen has not 60 lines")
	}
	return r
}

// BenchmarkViewOfAHundredThousandRows is one full screen of 200x60.
func BenchmarkViewOfAHundredThousandRows(b *testing.B) {
	r := bigRig(b)
	b.ReportAllocs()
	for b.Loop() {
		_ = r.m.View()
	}
}

// BenchmarkACursorMove is one key handled in the same list.
func BenchmarkACursorMove(b *testing.B) {
	r := bigRig(b)
	keys := []tea.KeyPressMsg{press("j"), press("k")}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		r.m.Update(keys[i&1])
		i++
	}
}

// BenchmarkACursorMoveInARangeOfAllRows is one key while a hundred thousand rows are selected.
func BenchmarkACursorMoveInARangeOfAllRows(b *testing.B) {
	r := bigRig(b)
	r.keys("g", "g", "v", "G")
	keys := []tea.KeyPressMsg{press("k"), press("j")}
	i := 0
	for b.Loop() {
		r.m.Update(keys[i&1])
		i++
	}
}

// BenchmarkAPopupOverIt is the same screen with the help open.
func BenchmarkAPopupOverIt(b *testing.B) {
	r := bigRig(b)
	r.keys("?")
	b.ReportAllocs()
	for b.Loop() {
		_ = r.m.View()
	}
}

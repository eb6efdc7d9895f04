//go:build e2e

package e2e

import (
	"fmt"
	"path/filepath"
	"testing"

	"segue/internal/genlib"
)

// The buttons as SGR mouse reports number them.
const (
	leftButton  = 0
	rightButton = 2
	drag        = 32
	wheelUp     = 64
	wheelDown   = 65
)

func report(button, x, y int, final byte) string {
	return fmt.Sprintf("\x1b[<%d;%d;%d%c", button, x+1, y+1, final)
}

// click presses and lets go of a button on a cell, counted from 0; the wheel only presses.
func (w *window) click(button, x, y int) {
	w.t.Helper()
	if button == wheelUp || button == wheelDown {
		w.keys(report(button, x, y, 'M'))
		return
	}
	w.keys(report(button, x, y, 'M') + report(button, x, y, 'm'))
}

func TestAClickSelectsAndADoubleClickPlays(t *testing.T) {
	t.Parallel()
	w := in(t.TempDir()).open(t)
	x, y := w.places("Segue Sampler")
	w.click(leftButton, x, y)
	w.click(leftButton, x, y)
	x, y = w.places("Canon in D")
	w.click(leftButton, x, y)
	w.row(`Segue Sampler .* 3/7`)
	w.sees("Nothing plays")
	w.click(leftButton, x, y)
	w.row(playing("Canon in D"))
}

func TestAClickAndADragOnTheBarSeek(t *testing.T) {
	t.Parallel()
	w := in(t.TempDir()).open(t)
	w.sees("Segue Sampler")
	w.keys(enter)
	w.sees("Canon in D")
	w.keys("jj" + enter)
	w.row(`0:0\d [━●]`)
	w.keys(" ") // hold still
	w.row(`‖ Canon in D`)
	left, y := w.places("●")
	right, _ := w.places("─ 1:08")
	w.click(leftButton, (left+right)/2, y)
	w.row(`0:3[2-6] [━●]`)
	w.keys(report(leftButton, (left+right)/2, y, 'M'))
	for x := (left + right) / 2; x < left+(right-left)*3/4; x++ {
		w.keys(report(leftButton+drag, x, y, 'M'))
	}
	w.row(`0:(49|5[0-2]) [━●]`)
	w.keys(report(leftButton, left+(right-left)*3/4, y, 'm'))
	w.row(`0:(49|5[0-3]) [━●]`)
}

func TestTheWheelScrollsTheListAndTurnsTheVolume(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	if err := genlib.Write(filepath.Join(home, "Music"), 0, 120); err != nil {
		t.Fatal(err)
	}
	w := in(home).open(t)
	w.sees("10 albums")
	x, y := w.places("  Tracks  ") // in the sidebar
	w.click(leftButton, x+2, y)
	w.row(`Tracks +1/120$`)
	x, y = w.places(" 8 ")
	for range 5 {
		w.click(wheelDown, x, y)
	}
	w.row(`16/120$`) // three rows a notch
	x, y = w.places("vol ")
	w.click(wheelUp, x+6, y)
	w.sees(" 75")
	w.click(wheelDown, x+6, y)
	w.sees(" 70")
}

func TestARightClickOpensTheActions(t *testing.T) {
	t.Parallel()
	w := in(t.TempDir()).open(t)
	x, y := w.places("Segue Sampler")
	w.click(rightButton, x, y)
	w.sees("Queue at the end", "Add to a playlist")
	w.keys(esc)
	w.loses("Queue at the end")
}

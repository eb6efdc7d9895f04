package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// whichAfter is how long a chord may be under way before the screen tells what may follow.
const whichAfter = 300 * time.Millisecond

// whichMsg says that a chord has been under way for a while; the number tells which.
type whichMsg int

// chord is what was typed of a chord, and the count before it.
type chord struct {
	keys  []string
	count int
	id    int  // grows with each key, for the timer
	shown bool // the box that tells what may follow
}

// end forgets what was typed: it has done its work, or something else came between.
func (c *chord) end() { c.keys, c.count, c.shown = nil, 0, false }

// goOn takes the keys so far, and arms the word what may follow them.
func (c *chord) goOn(keys []string) tea.Cmd {
	c.keys, c.shown = keys, false
	c.id++
	id := c.id
	return tea.Tick(whichAfter, func(time.Time) tea.Msg { return whichMsg(id) })
}

// tell shows the box, if the chord is still the one that it was armed for.
func (c *chord) tell(msg whichMsg) { c.shown = int(msg) == c.id && len(c.keys) > 0 }

// digit takes a digit of a count; false = it is none.
func (c *chord) digit(key string) bool {
	if len(c.keys) > 0 || len(key) != 1 || key[0] < '0' || key[0] > '9' || key == "0" && c.count == 0 {
		return false
	}
	c.count = min(c.count*10+int(key[0]-'0'), 1_000_000)
	return true
}

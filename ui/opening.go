package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"segue/internal/music"
	"segue/ui/page"
)

// openingAfter is how long a track may be on its way before the screen says so.
const openingAfter = 400 * time.Millisecond

// openingMsg says that a track has been on its way for a while; the number tells which.
type openingMsg int

// onItsWay is the track that is on its way to be played.
type onItsWay struct {
	of    music.Ref
	wish  music.Track // asked for here; the session has not said yet that it opens it
	id    int         // grows with each, for the timer
	armed int         // the one whose timer runs
}

// opens takes what is on its way, zero when nothing is any more.
func (m *Model) opens(t music.Track) {
	if t.Ref != m.opening.of {
		m.opening.of = t.Ref
		m.opening.id++
		m.opening.wish, m.env.Opening = music.Track{}, music.Track{}
	}
	if !t.Ref.IsZero() && m.env.Opening.Ref == t.Ref {
		m.env.Opening = page.CleanTrack(t) // more of it is known by now
	}
}

// awaits takes a track that was asked for here: until the session opens it, its list is read.
func (m *Model) awaits(t music.Track) {
	if !t.Ref.IsZero() {
		m.opens(t)
		m.opening.wish = t
	}
}

// openTimer arms the word that a track is still on its way.
func (m *Model) openTimer() tea.Cmd {
	o := &m.opening
	if o.of.IsZero() || o.armed == o.id {
		return nil
	}
	o.armed = o.id
	id := o.id
	return tea.Tick(openingAfter, func(time.Time) tea.Msg { return openingMsg(id) })
}

// stillOpening lets the screen say what is on its way.
func (m *Model) stillOpening(msg openingMsg) {
	if int(msg) == m.opening.id && !m.opening.of.IsZero() {
		m.env.Opening = page.CleanTrack(m.env.Play.Opening)
		if m.env.Opening.Ref.IsZero() {
			m.env.Opening = page.CleanTrack(m.opening.wish)
		}
	}
}

// openingWords is "opening Aria …"; empty while nothing is on its way for long.
func openingWords(t music.Track) string {
	switch {
	case t.Ref.IsZero():
		return ""
	case t.Title == "":
		return "opening …"
	}
	return "opening " + t.Title + " …"
}

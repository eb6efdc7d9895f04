package page

import (
	"segue/internal/match"
	"segue/internal/music"
	"segue/keymap"
	"segue/session"
)

// The devices are found in like any list: those whose name has the words stay.

// Filter is what they are filtered by.
func (d *devices) Filter() string { return d.filter }

// SetFilter keeps what is called like the words, and puts the cursor on the first of it.
func (d *devices) SetFilter(words string) {
	if words == d.filter {
		return
	}
	d.filter = words
	d.make()
	if words != "" {
		d.cursor, d.top = 0, 0
		d.move(0)
	}
}

// Plain reports that the filter is of plain words, not of the query language.
func (d *devices) Plain() bool { return true }

// Sorts tells of none.
func (d *devices) Sorts() ([]music.Sort, music.Sort) { return nil, "" }

// SetSort does nothing.
func (d *devices) SetSort(music.Sort) {}

// Select finds no track here.
func (d *devices) Select(music.Ref) bool { return false }

// Reload looks for the devices again.
func (d *devices) Reload() {
	if d.accounts() > 0 {
		d.env.Send(session.LoadDevices{})
	}
}

// keeps reports whether a name stays.
func (d *devices) keeps(name string) bool { return d.filter == "" || match.Contains(name, d.filter) }

// unfilter shows all again; false = all are there.
func (d *devices) unfilter(a keymap.Action) bool {
	if a != keymap.Back || d.filter == "" {
		return false
	}
	d.SetFilter("")
	return true
}

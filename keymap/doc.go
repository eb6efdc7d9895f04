// Package keymap turns keys into actions. One table of actions feeds the keys,
// the help, the palette, the names of the ':' line and the README's key table.
//
// Keys are plain strings in the spelling of a terminal ("ctrl+d", "pgdown",
// "A"); the package knows no user interface. It has no goroutines and does no
// I/O; a Map is a value that may be read from anywhere.
package keymap

// Action is the name of something to do, as it is written in the config and
// after ':'.
type Action string

// Context says where an action's keys are live.
type Context string

// The contexts. A context inside another one sees that one's keys too.
const (
	Global   Context = "global"   // everywhere but in popups and text fields
	List     Context = "list"     // any list of rows; inside Global
	Queue    Context = "queue"    // the list of the queue; inside List
	Playlist Context = "playlist" // a playlist that can be edited; inside List
	Popup    Context = "popup"    // popups without a text field; on its own
	Input    Context = "input"    // text fields, and popups that filter as you type; on its own
)

// parent gives the context around c, or "" for the outermost ones.
func (c Context) parent() Context {
	switch c {
	case Queue, Playlist:
		return List
	case List:
		return Global
	case Global, Popup, Input:
		return ""
	}
	return ""
}

// Def is one row of the table of actions.
type Def struct {
	Name    Action
	Title   string // what it does, as a person says it
	Group   string // the heading in the help
	Context Context
	Keys    []string // default keys, as Parse reads them
	Arg     string   // what may follow the name on the ':' line; empty = nothing
	Hidden  bool     // left out of the palette: makes no sense there
}

// Package page holds the views: lists of rows, the search, the toplists and the
// page of what plays. A page draws lines, takes actions and listens to events;
// it asks the session for what it shows and the root model for everything else.
//
// Pages belong to the Bubble Tea loop. They start nothing, do no I/O and never wait.
package page

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"segue/internal/music"
	"segue/internal/query"
	"segue/keymap"
	"segue/session"
	"segue/ui/style"
)

// View names one of the views that the top bar offers.
type View string

// The views.
const (
	Library   View = "library"
	Search    View = "search"
	Playlists View = "playlists"
	Queue     View = "queue"
	Toplists  View = "toplists"
	Now       View = "now"
	Accounts  View = "accounts"
	Settings  View = "settings"
	Log       View = "log"
	Devices   View = "devices"
)

// Views lists the views in the order of the top bar.
func Views() []View { return []View{Library, Search, Playlists, Queue, Toplists, Now} }

// AllViews lists the views that can be come back to: those of the top bar, and
// those that are looked for now and then.
func AllViews() []View { return append(Views(), Accounts, Settings, Log, Devices) }

// Title is the view's name on the screen.
func (v View) Title() string {
	switch v {
	case Library:
		return "Library"
	case Search:
		return "Search"
	case Playlists:
		return "Playlists"
	case Queue:
		return "Queue"
	case Toplists:
		return "Toplists"
	case Now:
		return "Now"
	case Accounts:
		return "Accounts"
	case Settings:
		return "Settings"
	case Log:
		return "Log"
	case Devices:
		return "Outputs and devices"
	}
	return string(v)
}

// Place is where a page looks, and how. It is saved with the view's state.
type Place struct {
	View   View       `json:"view"`
	Of     music.Ref  `json:"of"`
	Title  string     `json:"title,omitempty"`
	Filter string     `json:"filter,omitempty"`
	Sort   music.Sort `json:"sort,omitempty"`
	Cursor int        `json:"cursor,omitempty"`
	Top    int        `json:"top,omitempty"`
}

// Page is a view that is open.
type Page interface {
	// Place tells where the page is now, to come back to it.
	Place() Place
	// Title is a short name for it.
	Title() string
	// Context says which keys are live.
	Context() keymap.Context
	// Resize gives it so many cells; Lines returns exactly h lines of w cells.
	Resize(w, h int)
	Lines(dst []string, focused bool) []string
	// Act does an action, n times where that makes sense; false = not its business.
	Act(a keymap.Action, n int) bool
	// Apply takes news.
	Apply(ev session.Event)
	// Waiting tells since when nothing could be shown; zero = it is not waiting.
	Waiting() time.Time
	// Selection is what an action would act on.
	Selection() Selection
	// Row is the row under the cursor, nil for none; many = more than it is selected.
	Row() (it music.Item, many bool)
	// Click puts the cursor on the cell x, y of the page; hit = there was a row.
	Click(x, y int) (hit bool)
	// Wheel scrolls by so many rows.
	Wheel(rows int)
}

// Typist is a page with a text field of its own.
type Typist interface {
	// Typing reports whether the field has the focus.
	Typing() bool
	// Key takes an editing key; Type takes text.
	Key(k string) bool
	Type(text string)
	// Cursor is the cell of the text cursor within the page.
	Cursor() (x, y int)
}

// Completer is a Typist that offers texts for its field.
type Completer interface {
	// Offers reports whether there are some on the screen, and whether one is chosen.
	Offers() (some, chosen bool)
}

// Lister is a page that is a list of rows of one container.
type Lister interface {
	Page
	Filter() string
	SetFilter(words string)
	Sorts() (all []music.Sort, now music.Sort)
	SetSort(s music.Sort)
	// Select puts the cursor on the row of a track, when it is among those loaded.
	Select(ref music.Ref) bool
	Reload()
}

// Selection is a set of rows: the marked ones, the range, or the one under the cursor.
type Selection struct {
	Items   []music.Item
	Entries []session.EntryID // in the queue: one for each item
	Indexes []int             // the rows' places in the (filtered) list
	Many    bool              // more than the cursor's row
	Missing int               // rows of a long range that are not read yet
}

// Asks gives the selection as questions for the session.
func (s Selection) Asks() []music.Ask {
	asks := make([]music.Ask, 0, len(s.Items))
	for _, it := range s.Items {
		if r := it.ItemRef(); !r.IsZero() {
			asks = append(asks, music.Ask{Of: r})
		}
	}
	return asks
}

// Refs gives the references of the selection.
func (s Selection) Refs() []music.Ref {
	refs := make([]music.Ref, 0, len(s.Items))
	for _, it := range s.Items {
		if r := it.ItemRef(); !r.IsZero() {
			refs = append(refs, r)
		}
	}
	return refs
}

// Env is what the root model shares with its pages. All belongs to the Bubble Tea loop.
type Env struct {
	Set      *style.Set
	Keys     keymap.Map
	Play     session.Playback
	Opening  music.Track // on its way to be played for longer than a moment; zero = none
	Queue    session.QueueState
	Accounts []session.AccountInfo
	Now      time.Time // of the message that is handled
	Slow     bool      // a page has waited long enough to say so
	Wide     bool      // the sidebar is on the screen
	Colours  bool      // the terminal has enough colours for pictures
	Few      bool      // of 256 colours, not of 24 bits
	Kitty    bool      // the terminal shows pictures in placeholder cells
	Tall     float64   // how much higher than wide a cell is; 0 = not known
	Stage    *Stage

	Settings   session.Settings // those that change while it runs
	Config     []Setting        // those of the config
	ConfigPath string           // the config's file
	Home       string           // the user's folder, "~" in what is said
	Country    string           // whose toplist is offered; two letters, or none
	CanAdd     bool             // there are services that accounts can be added of
	Searches   []string         // what was searched for lately, the newest first
	Log        *Logbook
	Devices    []session.AccountDevices // what accounts can play on
	Output     string                   // of this computer, as it was last told

	send   func(session.Command)
	ticket session.Ticket
	opened []Place
	wished music.Track
	toasts []Toast
	acts   []keymap.Action
}

// Toast is a line for the user that comes from the screen itself.
type Toast struct {
	Level session.Level
	Text  string
}

// NewEnv gives an Env that sends with send, which must not block.
func NewEnv(send func(session.Command)) *Env {
	e := &Env{send: send, Colours: true, Log: &Logbook{}}
	e.Stage = NewStage(e)
	return e
}

// Send hands a command to the session. It never blocks.
func (e *Env) Send(c session.Command) { e.send(c) }

// Ticket gives a fresh ticket.
func (e *Env) Ticket() session.Ticket {
	e.ticket++
	return e.ticket
}

// Open asks the root model to open a place.
func (e *Env) Open(p Place) { e.opened = append(e.opened, p) }

// Say asks the root model to show a line.
func (e *Env) Say(l session.Level, text string) { e.toasts = append(e.toasts, Toast{l, text}) }

// Short writes the paths below the user's folder in a text as people do.
func (e *Env) Short(text string) string {
	if e.Home == "" || e.Home == "/" {
		return text
	}
	return strings.ReplaceAll(text, e.Home+"/", "~/")
}

// Do asks the root model to do an action.
func (e *Env) Do(a keymap.Action) { e.acts = append(e.acts, a) }

// Acts takes the actions that the pages have asked for since the last call.
func (e *Env) Acts() []keymap.Action {
	acts := e.acts
	e.acts = nil
	return acts
}

// Wish notes that a track of a list was asked for: its list may be long to read before it plays.
func (e *Env) Wish(t music.Track) { e.wished = t }

// Wished takes the track that was asked for since the last call; zero = none.
func (e *Env) Wished() music.Track {
	t := e.wished
	e.wished = music.Track{}
	return t
}

// Wishes takes what the pages have asked for since the last call.
func (e *Env) Wishes() (open []Place, say []Toast) {
	open, say = e.opened, e.toasts
	e.opened, e.toasts = nil, nil
	return open, say
}

// Position is where the playing track is now.
func (e *Env) Position() time.Duration {
	return e.Play.Position.Now(e.Now, e.Play.Track.Duration)
}

// New opens a place.
func New(env *Env, p Place) Page {
	switch p.View {
	case Search:
		return newSearch(env, p)
	case Toplists:
		return newToplists(env, p)
	case Now:
		return newNow(env, p)
	case Accounts:
		return newAccounts(env, p)
	case Settings:
		return newSettings(env, p)
	case Log:
		return newLog(env, p)
	case Devices:
		return newDevices(env, p)
	case Playlists:
		if p.Of.Kind == music.KindSection && p.Of.ID == music.SectionPlaylists {
			return newPlaylists(env, p)
		}
	case Library, Queue:
	}
	// A lane of its own: lists below it in the stack ask again when they change.
	return newList(env, p, "list "+strconv.FormatUint(uint64(env.Ticket()), 10))
}

// Playing reports whether sound is coming out (or would, if it could be heard).
func (e *Env) Playing() bool { return e.Play.Playing() }

// Loaded reports whether there is a track to play, pause or seek in.
func (e *Env) Loaded() bool { return !e.Play.Track.Ref.IsZero() }

// Copier is a page whose rows are not music: it says itself what is copied of it, the
// row under the cursor or all.
type Copier interface{ Copy(all bool) []string }

// Detailer is a page that tells more of its row than a music.Item has.
type Detailer interface {
	Detail() (title string, rows [][2]string, ok bool)
}

// Jumper is a page that can go to a row by its number.
type Jumper interface{ Jump(row int) }

// Mistake tells what is wrong with a query, and where: n bytes from pos on.
func Mistake(words string) (pos, n int, wrong string) {
	_, err := query.Parse(words)
	var e *query.Error
	switch {
	case err == nil:
		return 0, 0, ""
	case errors.As(err, &e):
		return e.Pos, max(e.Len, 1), e.Msg
	}
	return 0, len(words), err.Error()
}

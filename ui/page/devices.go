package page

import (
	"strconv"
	"strings"
	"time"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

// devices is the page of where music is heard: the output of this computer, and what
// accounts can play on besides.
type devices struct {
	env    *Env
	place  Place
	rows   []deviceRow
	lines  []deviceLine
	filter string // words
	cursor int    // a row
	top    int    // a line
	w, h   int
	stood  map[music.AccountID]session.ConnState // how the accounts stood when their devices were asked for
}

// deviceRow is something that can be chosen.
type deviceRow struct {
	account music.AccountID // "" = this computer
	device  session.Device
}

// deviceLine is a line of the page.
type deviceLine struct {
	row         int // -1 = it is no row
	mark        string
	pen         style.Pen
	name, kind  string
	state       string
	statePen    style.Pen
	words       string // a line of words in pen, in place of all that
	head, quiet bool
}

func newDevices(env *Env, p Place) Page {
	d := &devices{env: env, place: p, cursor: p.Cursor, stood: map[music.AccountID]session.ConnState{}}
	d.ask()
	d.make()
	return d
}

func (d *devices) Place() Place {
	p := d.place
	p.View, p.Cursor = Devices, d.cursor
	return p
}
func (d *devices) Title() string           { return Devices.Title() }
func (d *devices) Context() keymap.Context { return keymap.List }
func (d *devices) Waiting() time.Time      { return time.Time{} }
func (d *devices) Selection() Selection    { return Selection{} }
func (d *devices) Row() (music.Item, bool) { return nil, false }
func (d *devices) Wheel(rows int)          { d.move(rows / max(rows, -rows, 1)) }
func (d *devices) Resize(w, h int)         { d.w, d.h = w, h; d.make() }
func (d *devices) Opens() string           { return "play there" }

// Apply draws anew what has changed, with the cursor on its row.
func (d *devices) Apply(ev session.Event) {
	switch ev.(type) {
	case session.DevicesChanged, session.PlaybackChanged:
		d.make()
	case session.AccountsChanged:
		d.ask()
		d.make()
	}
}

// ask asks for the devices where an account is new here, or stands otherwise than before: one
// that signs in has others to tell of.
func (d *devices) ask() {
	due := false
	for _, a := range d.env.Accounts {
		if was, ok := d.stood[a.ID]; a.Can.Devices && (!ok || was != a.State) {
			d.stood[a.ID], due = a.State, true
		}
	}
	if due {
		d.env.Send(session.LoadDevices{})
	}
}

// accounts counts those that have devices.
func (d *devices) accounts() (n int) {
	for _, a := range d.env.Accounts {
		if a.Can.Devices {
			n++
		}
	}
	return n
}

// make gathers the lines. The cursor stays on its device.
func (d *devices) make() {
	var at deviceRow
	had := d.cursor < len(d.rows)
	if had {
		at = d.rows[d.cursor]
	}
	d.rows, d.lines = d.rows[:0], d.lines[:0]
	if d.keeps("this computer " + d.env.Output) {
		d.here()
	}
	for _, a := range d.env.Accounts {
		if a.Can.Devices {
			d.account(a)
		}
	}
	if d.filter != "" && len(d.rows) == 0 {
		d.say("No device is called like “" + clean(d.filter) + "”; " + d.env.Keys.Key(keymap.Back) + " shows all again.")
	}
	if d.accounts() == 0 {
		d.lines = append(d.lines, deviceLine{row: -1})
		d.say("Speakers and phones of an account, such as Spotify Connect's, stand here once it is added; " + d.env.Keys.Key(keymap.GoAccounts) + " leads to the accounts.")
	}
	if had {
		for i, r := range d.rows {
			if r.account == at.account && r.device.ID == at.device.ID {
				d.cursor = i
			}
		}
	}
	d.move(0)
}

func (d *devices) head(text, right string) {
	if len(d.lines) > 0 {
		d.lines = append(d.lines, deviceLine{row: -1})
	}
	d.lines = append(d.lines, deviceLine{row: -1, head: true, name: text, state: right, statePen: style.Muted})
}

// say adds a sentence, in as many lines as it takes.
func (d *devices) say(text string) { d.sayIn(style.Muted, text) }

func (d *devices) sayIn(pen style.Pen, text string) {
	const most, indent = 96, 2
	w := most
	if d.w > 0 {
		w = max(min(d.w-2*widget.Gutter-indent, most), 1)
	}
	for _, s := range screen.Lines(text, w) {
		d.lines = append(d.lines, deviceLine{row: -1, words: screen.Spaces(widget.Gutter+indent) + s, pen: pen})
	}
}

func (d *devices) add(r deviceRow, l deviceLine) {
	l.row = len(d.rows)
	d.rows, d.lines = append(d.rows, r), append(d.lines, l)
}

// here is the output of this computer.
func (d *devices) here() {
	d.head("This computer", "")
	p := d.env.Play
	l := deviceLine{mark: "○", pen: style.Muted, name: d.env.Output, kind: "output", statePen: style.Muted}
	if l.name == "" {
		l.name = "automatic"
	}
	switch {
	case p.DeviceOf != "":
		l.state = "rests while a device plays"
	case p.Lost:
		l.mark, l.pen, l.state, l.statePen = "!", style.Warn, "went away", style.Warn
	case p.Silent:
		l.mark, l.pen, l.state, l.statePen = "!", style.Warn, "keeps time in silence: no sound device", style.Warn
	case d.env.Playing():
		l.mark, l.pen, l.state, l.statePen = "▶", style.Accent, "plays, volume "+strconv.Itoa(p.Volume), style.Accent
	case d.env.Loaded():
		l.mark, l.pen, l.state = "●", style.Accent, "paused, volume "+strconv.Itoa(p.Volume)
	default:
		l.mark, l.pen, l.state = "●", style.Accent, "ready"
	}
	d.add(deviceRow{}, l)
}

// account is what one can play on.
func (d *devices) account(a session.AccountInfo) {
	known := session.AccountDevices{}
	for _, k := range d.env.Devices {
		if k.Account == a.ID {
			known = k
		}
	}
	right := ""
	switch {
	case known.Busy:
		right = "looking …"
	case !known.At.IsZero():
		right = "as of " + d.env.Clock(known.At)
	}
	d.head(AccountName(a.ID), right)
	for _, v := range known.Devices {
		if !d.keeps(v.Name) {
			continue
		}
		d.add(deviceRow{a.ID, v}, d.line(a, v))
	}
	k := d.env.Keys
	switch {
	case known.Fault != nil:
		why := strings.TrimPrefix(strings.TrimPrefix(clean(known.Fault.Error()), string(a.ID)+": "), "list the devices: ")
		d.sayIn(style.Warn, sentence(why))
		if a.State == session.ConnLoggedOut {
			d.say(k.Key(keymap.GoAccounts) + " leads to the accounts, where it can be signed in.")
		} else {
			d.say(k.Key(keymap.Refresh) + " looks again.")
		}
	case len(known.Devices) > 0 || d.filter != "":
	case known.Busy || known.At.IsZero():
		d.say("Looking for its devices …")
	default:
		d.say("None of its devices is awake. Open its app on a phone, a computer or a speaker; " + k.Key(keymap.Refresh) + " looks again.")
	}
}

// line is a device.
func (d *devices) line(a session.AccountInfo, v session.Device) deviceLine {
	p := d.env.Play
	l := deviceLine{mark: "○", pen: style.Muted, name: clean(v.Name), kind: clean(v.Kind), statePen: style.Muted}
	ours := p.DeviceOf == a.ID && (v.Chosen || clean(p.Device) == l.name)
	var said []string
	switch {
	case ours && d.env.Playing():
		l.mark, l.pen, l.statePen = "▶", style.Accent, style.Accent
		said = append(said, "plays")
	case ours && d.env.Loaded():
		l.mark, l.pen = "●", style.Accent
		said = append(said, "paused")
	case v.Missing:
		l.mark, l.pen, l.quiet = "◌", style.Muted, true
		said = append(said, "used last, not there now")
	case v.Restricted:
		l.mark, l.quiet = "–", true
		said = append(said, "takes no commands")
	case v.Active:
		said = append(said, "active")
	}
	if v.Chosen && !v.Missing && !ours {
		if l.mark == "○" {
			l.mark, l.pen = "●", style.Accent
		}
		said = append(said, "used last")
	}
	if v.Private {
		said = append(said, "private session")
	}
	switch {
	case ours && !v.Fixed:
		said = append(said, "volume "+strconv.Itoa(p.Volume))
	case v.Fixed && v.ID != session.Here && !v.Missing:
		said = append(said, "volume fixed")
	case v.Volume >= 0:
		said = append(said, "volume "+strconv.Itoa(v.Volume))
	}
	l.state = strings.Join(said, ", ")
	return l
}

func (d *devices) move(by int) {
	d.cursor = max(min(d.cursor+by, len(d.rows)-1), 0)
	at := 0
	for i, l := range d.lines {
		if l.row == d.cursor {
			at = i
		}
	}
	room := d.room()
	if at < d.top+1 {
		d.top = max(at-1, 0) // with the head above it
	}
	d.top = max(min(d.top, len(d.lines)-room), at-room+1, 0)
}

// heading is how many lines are above the rows: none where the bar above has to do.
func (d *devices) heading() int {
	if d.h < 12 {
		return 0
	}
	return 2
}

func (d *devices) room() int { return max(d.h-d.heading(), 1) }

// Act moves, chooses and looks again.
func (d *devices) Act(act keymap.Action, n int) bool {
	switch act {
	case keymap.Down, keymap.HalfDown, keymap.PageDown:
		d.move(n)
	case keymap.Up, keymap.HalfUp, keymap.PageUp:
		d.move(-n)
	case keymap.Top:
		d.move(-len(d.rows))
	case keymap.Bottom:
		d.move(len(d.rows))
	case keymap.Open, keymap.In:
		d.choose()
	case keymap.Refresh:
		d.Reload()
	default:
		return d.unfilter(act)
	}
	return true
}

// choose plays on what is under the cursor.
func (d *devices) choose() {
	if d.cursor >= len(d.rows) {
		return
	}
	r, p := d.rows[d.cursor], d.env.Play
	switch {
	case r.account != "":
		d.env.Send(session.ChooseDevice{Account: r.account, Device: r.device.ID})
	case p.DeviceOf != "":
		d.env.Send(session.ChooseDevice{Account: p.DeviceOf, Device: session.Here})
	case p.Lost:
		d.env.Send(session.Play{})
	default:
		d.env.Say(session.Info, "what is heard here goes there; another output is chosen by player.output in the config")
	}
}

// Click puts the cursor on a row.
func (d *devices) Click(_, y int) bool {
	i := y - d.heading() + d.top
	if y < d.heading() || i < 0 || i >= len(d.lines) || d.lines[i].row < 0 {
		return false
	}
	d.cursor = d.lines[i].row
	return true
}

// Copy is the name of the device under the cursor, or of all.
func (d *devices) Copy(all bool) (names []string) {
	for i, r := range d.rows {
		if r.account != "" && (all || i == d.cursor) {
			names = append(names, clean(r.device.Name))
		}
	}
	return names
}

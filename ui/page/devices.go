package page

import (
	"strconv"
	"strings"
	"time"

	"segue/internal/match"
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
	words       string // a line of words in place of all that
	head, quiet bool
}

func newDevices(env *Env, p Place) Page {
	d := &devices{env: env, place: p, cursor: p.Cursor}
	if d.accounts() > 0 {
		env.Send(session.LoadDevices{})
	}
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
		if d.accounts() > 0 && len(d.env.Devices) == 0 {
			d.env.Send(session.LoadDevices{})
		}
		d.make()
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
		d.say("Devices of accounts, such as those of Spotify Connect, stand here once one is added: " + d.env.Keys.Key(keymap.GoAccounts) + ".")
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

func (d *devices) say(text string) { d.lines = append(d.lines, deviceLine{row: -1, words: text}) }

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
		l.name = "opened when the music begins"
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
	d.head(AccountName(a), right)
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
		d.lines = append(d.lines, deviceLine{row: -1, words: sentence(why), statePen: style.Warn})
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

// Lines draws the page.
func (d *devices) Lines(dst []string, focused bool) []string {
	if d.w <= 0 || d.h <= 0 {
		return dst
	}
	d.make()
	start := len(dst)
	if d.heading() > 0 {
		dst = append(dst, screen.Fit(screen.Spaces(widget.Gutter)+d.env.Set.Do(style.Strong, d.Title())+d.env.Set.Do(style.Accent, d.found()), d.w, ""), screen.Spaces(d.w))
	}
	for _, l := range d.lines[min(d.top, len(d.lines)):] {
		dst = append(dst, d.draw(l, focused)...)
	}
	for len(dst) < start+d.h {
		dst = append(dst, screen.Spaces(d.w))
	}
	return dst[:start+d.h]
}

// columns are the widths of names and kinds: as wide as they are, within reason.
func (d *devices) columns(w int) (name, kind int) {
	for _, l := range d.lines {
		if l.row >= 0 {
			name, kind = max(name, screen.Width(l.name)), max(kind, screen.Width(l.kind)+2)
		}
	}
	if w < 64 {
		kind = 0
	}
	return min(name, w*2/5), min(kind, 16)
}

func (d *devices) draw(l deviceLine, focused bool) (out []string) {
	set := d.env.Set
	w := max(d.w-2*widget.Gutter, 1)
	switch {
	case l.words != "":
		pen := style.Muted
		if l.statePen != pen && l.statePen == style.Warn {
			pen = style.Warn
		}
		for _, s := range screen.Lines(l.words, max(min(w-2, 96), 1)) {
			out = append(out, screen.Fit(screen.Spaces(widget.Gutter+2)+set.Do(pen, s), d.w, ""))
		}
		return out
	case l.head:
		right := screen.Cut(l.state, w/2, widget.Tail)
		return []string{screen.Fit(screen.Spaces(widget.Gutter)+set.Do(style.AccentStrong, screen.Fit(l.name, max(w-screen.Width(right), 0), widget.Tail))+set.Do(style.Muted, right), d.w, "")}
	case l.row < 0:
		return []string{screen.Spaces(d.w)}
	}
	bg, pen, strong, muted, state := "", l.pen, style.Text, style.Muted, l.statePen
	if l.quiet {
		strong = style.Muted
	}
	if l.row == d.cursor && focused {
		bg = set.Select
		pen, strong, muted, state = set.Under(pen), set.Under(strong), set.Under(muted), set.Under(state)
	}
	name, kind := d.columns(w)
	line := bg + set.On(pen) + screen.Spaces(widget.Gutter) + l.mark + " " + set.On(strong) + screen.Fit(l.name, name, widget.Tail) +
		set.On(muted) + screen.Fit(screen.Spaces(2)+l.kind, kind, widget.Tail) + screen.Spaces(2) + set.On(state) + screen.Cut(l.state, max(w-name-kind-4, 1), widget.Tail)
	return []string{screen.Fit(line+screen.Spaces(d.w)+style.Reset, d.w, "")}
}

// found says what is looked for.
func (d *devices) found() string {
	if d.filter == "" {
		return ""
	}
	return "   /" + clean(d.filter)
}

// DeviceNamed finds the device of an account that is meant by a name, or the part of one;
// wrong says why there is none.
func DeviceNamed(name string, all []session.AccountDevices) (c session.ChooseDevice, wrong string) {
	var found []session.ChooseDevice
	var names []string
	for _, a := range all {
		for _, v := range a.Devices {
			choose := session.ChooseDevice{Account: a.Account, Device: v.ID}
			if strings.EqualFold(clean(v.Name), name) || v.ID == name {
				return choose, ""
			}
			if match.Contains(v.Name, name) {
				found = append(found, choose)
			}
			names = append(names, clean(v.Name))
		}
	}
	switch {
	case len(found) == 1:
		return found[0], ""
	case len(found) > 1:
		return c, "several devices are called like “" + clean(name) + "”: " + strings.Join(names, ", ")
	case len(names) == 0:
		return c, "no devices are known; devices lists them"
	}
	return c, "no device is called “" + clean(name) + "”; there are: " + strings.Join(names, ", ")
}

// DeviceLine is a device in one line of words.
func DeviceLine(v session.Device) string {
	parts := []string{clean(v.Name)}
	add := func(is bool, text string) {
		if is {
			parts = append(parts, text)
		}
	}
	add(v.Kind != "", clean(v.Kind))
	add(v.Active, "active")
	add(v.Missing, "not there now")
	add(v.Restricted, "takes no commands")
	add(v.Private, "private session")
	add(v.Chosen, "used last")
	add(v.Volume >= 0, "volume "+strconv.Itoa(v.Volume))
	return strings.Join(parts, ", ")
}

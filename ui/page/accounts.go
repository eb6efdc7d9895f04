package page

import (
	"strings"
	"time"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

// accounts is the page of the accounts: a block of lines for each.
type accounts struct {
	env    *Env
	place  Place
	cursor int // an account, or beyond the last one the row that adds one
	w, h   int
}

func newAccounts(env *Env, p Place) Page { return &accounts{env: env, place: p, cursor: p.Cursor} }

func (a *accounts) Place() Place {
	p := a.place
	p.View, p.Cursor = Accounts, a.cursor
	return p
}
func (a *accounts) Title() string           { return "Accounts" }
func (a *accounts) Context() keymap.Context { return keymap.List }
func (a *accounts) Waiting() time.Time      { return time.Time{} }
func (a *accounts) Selection() Selection    { return Selection{} }
func (a *accounts) Row() (music.Item, bool) { return nil, false }
func (a *accounts) Wheel(rows int)          { a.move(rows / max(rows, -rows, 1)) }
func (a *accounts) Resize(w, h int)         { a.w, a.h = w, h }
func (a *accounts) Opens() string           { return "what can be done" }
func (a *accounts) Apply(ev session.Event) {
	if _, ok := ev.(session.AccountsChanged); ok {
		a.move(0)
	}
}

func (a *accounts) rows() int {
	n := len(a.env.Accounts)
	if a.env.CanAdd {
		n++
	}
	return n
}

func (a *accounts) move(by int) { a.cursor = max(min(a.cursor+by, a.rows()-1), 0) }

// Account is the account under the cursor; ok is false on the row that adds one.
func (a *accounts) Account() (info session.AccountInfo, ok bool) {
	if a.cursor < len(a.env.Accounts) {
		return a.env.Accounts[a.cursor], true
	}
	return session.AccountInfo{}, false
}

// Act moves, and opens what can be done with an account.
func (a *accounts) Act(act keymap.Action, n int) bool {
	switch act {
	case keymap.Down, keymap.PageDown, keymap.HalfDown:
		a.move(n)
	case keymap.Up, keymap.PageUp, keymap.HalfUp:
		a.move(-n)
	case keymap.Top:
		a.move(-a.rows())
	case keymap.Bottom:
		a.move(a.rows())
	case keymap.Open, keymap.In, keymap.Actions:
		a.env.Do(keymap.AccountMenu)
	default:
		return false
	}
	return true
}

// Click puts the cursor on an account.
func (a *accounts) Click(_, y int) bool {
	if y < 2 {
		return false // the title
	}
	lines, from := a.blocks()
	y += a.scrolled(lines, from) - 2
	for i := len(from) - 1; i >= 0; i-- {
		if y >= from[i] {
			a.cursor = i
			return true
		}
	}
	return false
}

// blocks draws every account, and tells on which line each begins.
func (a *accounts) blocks() (lines []string, from []int) {
	for i, info := range a.env.Accounts {
		from = append(from, len(lines))
		lines = append(append(lines, a.block(info, i == a.cursor)...), screen.Spaces(a.w))
	}
	if a.env.CanAdd {
		from = append(from, len(lines))
		lines = append(lines, a.line("+", style.Accent, "Add an account …", "", style.Muted, a.cursor == len(a.env.Accounts)))
		if len(a.env.Accounts) <= 1 {
			lines = append(lines, a.words("A server that speaks OpenSubsonic (Navidrome, gonic, Airsonic …) or Spotify, beside your files: in one library, one search, one queue.")...)
		}
	}
	return lines, from
}

// scrolled is how many lines are above the screen, so that the chosen block is on it whole.
func (a *accounts) scrolled(lines []string, from []int) int {
	room := max(a.h-2, 1)
	if len(from) == 0 || len(lines) <= room {
		return 0
	}
	end := len(lines)
	if a.cursor+1 < len(from) {
		end = from[a.cursor+1]
	}
	return min(max(end-room, 0), from[min(a.cursor, len(from)-1)])
}

// Lines draws the page.
func (a *accounts) Lines(dst []string, _ bool) []string {
	if a.w <= 0 || a.h <= 0 {
		return dst
	}
	start := len(dst)
	dst = append(dst, screen.Fit(screen.Spaces(widget.Gutter)+a.env.Set.Do(style.Strong, "Accounts"), a.w, ""), screen.Spaces(a.w))
	lines, from := a.blocks()
	top := min(a.scrolled(lines, from), len(lines))
	dst = append(dst, lines[top:]...)
	for len(dst) < start+a.h {
		dst = append(dst, screen.Spaces(a.w))
	}
	dst = dst[:start+a.h]
	thumb, size := widget.Thumb(top, a.h-2, len(lines))
	for i := thumb; i < thumb+size; i++ { // there is more than the screen shows
		l := &dst[start+2+i]
		*l = screen.Fit(*l, a.w-1, "") + a.env.Set.Do(style.Faint, "▐")
	}
	return dst
}

// line is the first line of a block: mark, name, and what kind of thing it is at the right.
func (a *accounts) line(mark string, pen style.Pen, name, right string, rightPen style.Pen, selected bool) string {
	set := a.env.Set
	w := max(a.w-2*widget.Gutter, 1)
	right = screen.Cut(right, max(w/2, 0), widget.Tail)
	bg, strong := "", style.Strong
	if selected {
		bg = set.Select
		pen, strong, rightPen = set.Under(pen), set.Under(strong), set.Under(rightPen)
	}
	rw := screen.Width(right)
	return screen.Fit(bg+set.On(pen)+" "+mark+" "+set.On(strong)+screen.Fit(name, max(w-rw, 0), widget.Tail)+
		set.On(rightPen)+right+screen.Spaces(a.w-widget.Gutter-max(w-rw, 0)-rw)+style.Reset, a.w, "")
}

// block is all that is known of an account.
func (a *accounts) block(info session.AccountInfo, selected bool) []string {
	mark, pen := StateMark(info.State)
	state, statePen := a.state(info)
	out := []string{a.line(mark, pen, AccountName(info.ID), state, statePen, selected)}
	for _, s := range a.facts(info) {
		out = append(out, a.words(s)...)
	}
	return out
}

// words are the lines of a sentence under a name.
func (a *accounts) words(s string) (out []string) {
	for _, l := range screen.Lines(s, max(min(a.w-2*widget.Gutter, 96), 1)) {
		out = append(out, screen.Fit(screen.Spaces(widget.Gutter)+a.env.Set.Do(style.Muted, l), a.w, ""))
	}
	return out
}

// state says in a few words how an account stands.
func (a *accounts) state(info session.AccountInfo) (string, style.Pen) {
	since := ""
	if !info.Since.IsZero() && info.ID != music.Local {
		since = " since " + a.env.Clock(info.Since)
	}
	switch {
	case info.Busy:
		return "signing in …", style.Accent
	case info.ID == music.Local:
		return "on this machine", style.Muted
	}
	switch info.State {
	case session.ConnLoggedIn:
		return "signed in" + since, style.Accent
	case session.ConnDisconnected:
		return "away" + since, style.Warn
	case session.ConnOffline:
		return "offline" + since, style.Muted
	case session.ConnLoggedOut:
		return "signed out", style.Muted
	case session.ConnUndefined:
		return "not tried yet", style.Muted
	}
	return string(info.State), style.Muted
}

// facts are the lines under an account's name.
func (a *accounts) facts(info session.AccountInfo) []string {
	var out []string
	add := func(parts ...string) {
		var said []string
		for _, p := range parts {
			if p != "" {
				said = append(said, p)
			}
		}
		if len(said) > 0 {
			out = append(out, strings.Join(said, " · "))
		}
	}
	add(kindName(info.Kind), userName(info), clean(info.Server))
	if info.Note != "" && !strings.EqualFold(info.Note, "signed out") { // the state says it
		add(sentence(strings.TrimPrefix(clean(info.Note), string(info.ID)+": ")))
	}
	if !info.RetryAt.IsZero() && info.RetryAt.After(a.env.Now) {
		add("It is tried again at " + a.env.Clock(info.RetryAt) + ".")
	}
	if still := a.still(info); still != "" {
		add(still)
	}
	if n := len(info.Waiting); n > 0 {
		add("Waiting until it is back: " + clean(strings.Join(info.Waiting[:min(n, waitingMost)], ", ")) + more(n-waitingMost) + ".")
	}
	if info.Can.SignIn {
		add(a.env.Short(remembered(info)))
		add(ends(info))
	}
	if len(info.Allows) > 0 {
		add("It allows " + clean(strings.Join(info.Allows, ", ")) + ".")
	}
	if len(info.Lacks) > 0 {
		add("It does not allow yet: " + clean(Lacking(info.Lacks)) + "; " + a.env.Keys.Key(keymap.Open) + " asks for it.")
	}
	if info.Remark != "" {
		add(sentence(clean(info.Remark)))
	}
	if s := info.Sync; s != nil {
		add(copies(*s))
	}
	if info.ID != music.Local && info.Can.Reports || info.Scrobble != "" {
		add(reports(info.Scrobble))
	}
	return out
}

// Lacking are features in words.
func Lacking(all []session.Lack) string {
	var words []string
	for _, l := range all {
		words = append(words, l.What)
	}
	return strings.Join(words, ", ")
}

// waitingMost is how many edits that wait are named.
const waitingMost = 4

// more is " and 3 more".
func more(n int) string {
	if n <= 0 {
		return ""
	}
	return " and " + screen.Thousands(n) + " more"
}

// still says what works while an account is not there.
func (a *accounts) still(info session.AccountInfo) string {
	switch info.State {
	case session.ConnDisconnected, session.ConnOffline:
		s := "What was read of it can still be looked at"
		if info.Sync != nil {
			s += ", and what is marked for offline plays"
		}
		return s + "; the other accounts are as ever."
	case session.ConnLoggedOut:
		return a.env.Keys.Key(keymap.Open) + " signs in."
	case session.ConnLoggedIn, session.ConnUndefined:
	}
	return ""
}

func kindName(kind string) string {
	switch kind {
	case "local":
		return "music files"
	case "subsonic":
		return "OpenSubsonic"
	case "spotify":
		return "Spotify"
	case "listenbrainz":
		return "ListenBrainz"
	}
	return clean(kind)
}

func userName(info session.AccountInfo) string {
	u := info.User
	if info.About != nil {
		if u = info.About.Display; u == "" {
			u = info.About.Name
		}
		if info.About.Product != "" {
			u += " (" + info.About.Product + ")"
		}
	}
	return clean(u)
}

func remembered(info session.AccountInfo) string {
	if info.Remembered == "" {
		return "Nothing is remembered to sign in with."
	}
	s := "Remembered: " + clean(info.Remembered)
	if info.Where != "" {
		s += ", in " + clean(info.Where)
	}
	return s + "."
}

// ends says when a sign-in is over, where that is known.
func ends(info session.AccountInfo) string {
	if info.Until.IsZero() {
		return ""
	}
	return "This sign-in ends on " + info.Until.Local().Format(time.DateOnly) + "."
}

func reports(s session.ScrobbleState) string {
	switch s {
	case session.ScrobbleOn:
		return "Plays are reported there."
	case session.ScrobbleOff:
		return "Plays are not reported there."
	case session.ScrobbleGlobal:
	}
	return ""
}

// Copies is a number of offline copies in words.
func Copies(n int) string {
	if n == 1 {
		return "1 offline copy"
	}
	return screen.Thousands(n) + " offline copies"
}

// copies says how far the offline copies are.
func copies(s session.SyncStatus) string {
	if s.Playlists == 0 && s.Done == 0 && s.ToSync == 0 {
		return "Nothing is marked for offline."
	}
	out := "Offline: " + screen.Thousands(s.Done) + " tracks there"
	if s.ToSync > 0 {
		out += ", " + screen.Thousands(s.ToSync) + " to come"
	}
	if s.Failed > 0 {
		out += ", " + screen.Thousands(s.Failed) + " failed"
	}
	if s.Bytes > 0 || s.LimitBytes > 0 {
		out += ", " + screen.Thousands(int(s.Bytes/1e6)) + " MB"
	}
	if s.LimitBytes > 0 {
		out += " of at most " + screen.Thousands(int(s.LimitBytes/1e6)) + " (stream.offline_mb)"
	}
	switch {
	case s.Paused:
		out += " (paused)"
	case s.Full:
		out += ": there is no room for more"
	}
	return out + "."
}

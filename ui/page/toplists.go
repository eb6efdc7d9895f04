package page

import (
	"slices"
	"strings"
	"time"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

// toplists shows what was heard most: by kind, and here by time, elsewhere by region, or at
// an account that counts by itself.
type toplists struct {
	env  *Env
	kind int
	at   choice
	more []string // regions that were asked for besides
	list *List
	w, h int
}

func chartKinds() []string { return []string{"tracks", "albums", "artists"} }

func newToplists(env *Env, p Place) Page {
	t := &toplists{env: env, at: choice{of: music.Local, name: "week"}}
	parts := strings.Split(p.Of.ID, "/")
	if len(parts) > 1 {
		t.kind = max(slices.Index(chartKinds(), parts[1]), 0)
	}
	switch {
	case len(parts) > 1 && p.Of.Account != "" && p.Of.Account != music.Local:
		t.at = choice{of: p.Of.Account, name: strings.Join(parts[2:], "/")}
	case len(parts) == 3:
		t.choose(parts[2])
	}
	t.change(p)
	return t
}

// Ask opens the toplist of a time, a region or an account: "week", "everywhere", "de".
func (t *toplists) Ask(name string) {
	t.choose(name)
	t.change(Place{})
}

// section is the container of the open tabs.
func (t *toplists) section() music.Ref { return t.at.section(chartKinds()[t.kind]) }

func (t *toplists) change(p Place) {
	p.View = Toplists
	p.Of = t.section()
	t.list = newList(t.env, p, "toplist")
	t.list.bare = true
	t.Resize(t.w, t.h)
}

func (t *toplists) head() int {
	if t.h < 12 {
		return 1
	}
	return 3
}

func (t *toplists) Place() Place            { return t.list.Place() }
func (t *toplists) Title() string           { return "Toplists" }
func (t *toplists) Context() keymap.Context { return keymap.List }
func (t *toplists) Waiting() time.Time      { return t.list.Waiting() }
func (t *toplists) Selection() Selection    { return t.list.Selection() }
func (t *toplists) Wheel(rows int)          { t.list.Wheel(rows) }
func (t *toplists) Apply(ev session.Event) {
	t.list.Apply(ev)
	// SectionToplist stands for every kind and time; it comes when a play is counted.
	if c, changed := ev.(session.ContainerChanged); changed && c.Of.ID == music.SectionToplist {
		t.list.Reload()
	}
}

func (t *toplists) Resize(w, h int) {
	t.w, t.h = w, h
	t.list.Resize(w, max(h-t.head(), 0))
}

// turn goes n kinds on, around the end.
func (t *toplists) turn(n int) bool {
	of := len(chartKinds())
	t.kind = ((t.kind+n)%of + of) % of
	t.change(Place{})
	return true
}

// Act walks through the kinds with the tab keys and through the times with the pair beside them.
func (t *toplists) Act(a keymap.Action, n int) bool {
	switch a {
	case keymap.NextTab:
		return t.turn(n)
	case keymap.PrevTab:
		return t.turn(-n)
	case keymap.NextPeriod:
		return t.walk(n)
	case keymap.PrevPeriod:
		return t.walk(-n)
	case keymap.Back:
		if t.list.Filter() != "" {
			t.list.SetFilter("")
			return true
		}
		return t.list.Act(a, n)
	default:
		return t.list.Act(a, n)
	}
}

func (t *toplists) kindTexts() []string { return []string{"Tracks", "Albums", "Artists"} }

// Click opens a tab or goes to a row.
func (t *toplists) Click(x, y int) bool {
	if y >= t.head() {
		return t.list.Click(x, y-t.head())
	}
	if y != 0 {
		return false
	}
	for i, s := range Spans(t.kindTexts(), 3) {
		if x >= s[0] && x < s[1] {
			t.kind = i
			t.change(Place{})
		}
	}
	tabs, _ := t.tabs()
	for i, s := range Spans(textsOf(tabs), t.periodsX()) {
		if x < s[0] || x >= s[1] {
			continue
		}
		if len(tabs) == 1 { // it stands for all of them
			return t.walk(1)
		}
		t.at = tabs[i].to
		t.change(Place{})
	}
	return false
}

// Lines draws the two rows of tabs and the chart.
func (t *toplists) Lines(dst []string, focused bool) []string {
	if t.w <= 0 || t.h <= 0 {
		return dst
	}
	set := t.env.Set
	start := len(dst)
	periods, open := t.tabs()
	x := t.periodsX()
	kinds := Tabs(set, t.kindTexts(), t.kind, 3, x-3)
	line := kinds + set.Do(style.Faint, "│") + "  " + Tabs(set, textsOf(periods), open, 0, t.w-x)
	dst = append(dst, screen.Fit(line, t.w, ""))
	if t.h >= 12 {
		below := set.Do(style.Muted, screen.Cut(t.hint(), t.w-6, widget.Tail))
		if words := t.list.Filter(); words != "" {
			below = set.Do(style.Accent, screen.Cut("/"+clean(words), t.w-6, widget.Tail))
		}
		if why := t.list.lacking(); why != "" {
			below = set.Do(style.Warn, screen.Cut(why, t.w-6, widget.Tail))
		}
		dst = append(dst, screen.Fit("   "+below, t.w, ""), screen.Spaces(t.w))
	}
	dst = t.list.Lines(dst, focused)
	return dst[:start+t.h]
}

// Filter and what follows make the chart a Lister: it is found in and read anew like any list.
func (t *toplists) Filter() string { return t.list.Filter() }

// SetFilter keeps the rows that match.
func (t *toplists) SetFilter(words string) { t.list.SetFilter(words) }

// Sorts tells of none: a chart has its order.
func (t *toplists) Sorts() ([]music.Sort, music.Sort) { return nil, "" }

// SetSort does nothing.
func (t *toplists) SetSort(music.Sort) {}

// Select puts the cursor on a track's row.
func (t *toplists) Select(ref music.Ref) bool { return t.list.Select(ref) }

// Reload asks for the chart again.
func (t *toplists) Reload() { t.list.Reload() }

// Row is the row under the cursor.
func (t *toplists) Row() (music.Item, bool) { return t.list.Row() }

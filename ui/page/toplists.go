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

// toplists shows what was heard most: by kind, and here by time or elsewhere by region.
type toplists struct {
	env    *Env
	kind   int
	period int      // of chartPeriods, or beyond them of the regions
	more   []string // regions that were asked for besides
	list   *List
	w, h   int
}

func chartKinds() []string   { return []string{"tracks", "albums", "artists"} }
func chartPeriods() []string { return []string{"day", "week", "month", "year", "all"} }

// regions are the places that have toplists: the world, the user's country, and those
// that were asked for.
func (t *toplists) regions() []string {
	all := []string{session.RegionEverywhere}
	for _, r := range append([]string{t.env.Country}, t.more...) {
		if r = strings.ToLower(r); r != "" && !slices.Contains(all, r) {
			all = append(all, r)
		}
	}
	return all
}

// choices are all times and regions, in the order of the tabs.
func (t *toplists) choices() []string { return append(chartPeriods(), t.regions()...) }

func newToplists(env *Env, p Place) Page {
	t := &toplists{env: env, period: 1}
	if parts := strings.Split(p.Of.ID, "/"); len(parts) == 3 {
		t.kind = max(index(chartKinds(), parts[1]), 0)
		t.choose(parts[2])
	}
	t.change(p)
	return t
}

// choose opens a time or a region; a new one becomes a tab.
func (t *toplists) choose(name string) {
	name = strings.ToLower(name)
	if index(t.choices(), name) < 0 {
		t.more = append(t.more, name)
	}
	t.period = max(index(t.choices(), name), 0)
}

// Ask opens the toplist of a time or a region: "week", "everywhere", "de".
func (t *toplists) Ask(name string) {
	t.choose(name)
	t.change(Place{})
}

// section is the container of the open tabs.
func (t *toplists) section() music.Ref {
	kind, name := chartKinds()[t.kind], t.choices()[t.period]
	if t.period < len(chartPeriods()) {
		return music.Section(music.Local, music.SectionToplist+"/"+kind+"/"+name)
	}
	return session.ToplistAsk{Type: kind, Region: name}.Section("")
}

func index(list []string, s string) int {
	for i, x := range list {
		if x == s {
			return i
		}
	}
	return -1
}

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

// Act walks through the kinds with the tab keys and through the times with the pair beside them.
func (t *toplists) Act(a keymap.Action, n int) bool {
	step := func(v *int, by, of int) bool {
		*v = ((*v+by)%of + of) % of
		t.change(Place{})
		return true
	}
	switch a {
	case keymap.NextTab:
		return step(&t.kind, n, len(chartKinds()))
	case keymap.PrevTab:
		return step(&t.kind, -n, len(chartKinds()))
	case keymap.NextPeriod:
		return step(&t.period, n, len(t.choices()))
	case keymap.PrevPeriod:
		return step(&t.period, -n, len(t.choices()))
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

// periodTexts are the times and regions that there is room for, and which of them is
// open; with little room it is the open one alone.
func (t *toplists) periodTexts() (texts []string, open int) {
	all := []string{"Day", "Week", "Month", "Year", "All time"}
	for _, r := range t.regions() {
		if r == session.RegionEverywhere {
			all = append(all, "World")
		} else {
			all = append(all, strings.ToUpper(r))
		}
	}
	room := t.w - t.periodsX() - 2
	if spans := Spans(all, 0); spans[len(spans)-1][1] <= room {
		return all, t.period
	}
	all[4] = "All"
	if spans := Spans(all, 0); spans[len(spans)-1][1] <= room {
		return all, t.period
	}
	return all[t.period : t.period+1], 0
}

// periodsX is the column of the times: after the kinds, a line and space around it.
func (t *toplists) periodsX() int {
	spans := Spans(t.kindTexts(), 3)
	gap := 7
	if t.w < 72 {
		gap = 5
	}
	return spans[len(spans)-1][1] + gap
}

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
	periods, _ := t.periodTexts()
	for i, s := range Spans(periods, t.periodsX()) {
		if x < s[0] || x >= s[1] {
			continue
		}
		if len(periods) == 1 { // it stands for all of them
			i = (t.period + 1) % len(t.choices())
		}
		t.period = i
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
	periods, open := t.periodTexts()
	x := t.periodsX()
	kinds := Tabs(set, t.kindTexts(), t.kind, 3, x-3)
	line := kinds + set.Do(style.Faint, "│") + "  " + Tabs(set, periods, open, 0, t.w-x)
	dst = append(dst, screen.Fit(line, t.w, ""))
	if t.h >= 12 {
		k := t.env.Keys
		below := set.Do(style.Muted, k.Key(keymap.PrevTab)+" "+k.Key(keymap.NextTab)+" kind   "+k.Key(keymap.PrevPeriod)+" "+k.Key(keymap.NextPeriod)+" time or place")
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

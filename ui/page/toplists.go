package page

import (
	"strings"
	"time"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/screen"
	"segue/ui/style"
)

// toplists shows what was heard most, by kind and time.
type toplists struct {
	env    *Env
	kind   int
	period int
	list   *List
	w, h   int
}

func chartKinds() []string   { return []string{"tracks", "albums", "artists"} }
func chartPeriods() []string { return []string{"day", "week", "month", "year", "all"} }

func newToplists(env *Env, p Place) Page {
	t := &toplists{env: env, period: 1}
	parts := strings.Split(p.Of.ID, "/")
	if len(parts) == 3 {
		t.kind = max(index(chartKinds(), parts[1]), 0)
		t.period = max(index(chartPeriods(), parts[2]), 0)
	}
	t.change(p)
	return t
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
	p.Of = music.Section(music.Local, music.SectionToplist+"/"+chartKinds()[t.kind]+"/"+chartPeriods()[t.period])
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
		return step(&t.period, n, len(chartPeriods()))
	case keymap.PrevPeriod:
		return step(&t.period, -n, len(chartPeriods()))
	default:
		return t.list.Act(a, n)
	}
}

func (t *toplists) kindTexts() []string { return []string{"Tracks", "Albums", "Artists"} }

// periodTexts are the times that there is room for, and which of them is open;
// with little room it is the open one alone.
func (t *toplists) periodTexts() (texts []string, open int) {
	all := []string{"Day", "Week", "Month", "Year", "All time"}
	switch {
	case t.w >= 72:
		return all, t.period
	case t.w >= 66:
		all[4] = "All"
		return all, t.period
	}
	all[4] = "All"
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
			i = (t.period + 1) % len(chartPeriods())
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
		dst = append(dst, screen.Fit("   "+set.Do(style.Muted, k.Key(keymap.PrevTab)+" "+k.Key(keymap.NextTab)+" kind   "+
			k.Key(keymap.PrevPeriod)+" "+k.Key(keymap.NextPeriod)+" time"), t.w, ""), screen.Spaces(t.w))
	}
	dst = t.list.Lines(dst, focused)
	return dst[:start+t.h]
}

// Row is the row under the cursor.
func (t *toplists) Row() (music.Item, bool) { return t.list.Row() }

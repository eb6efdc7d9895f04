package page

import (
	"slices"
	"strings"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/screen"
)

// choice is a toplist of each kind: of a time here, of a region, or of an account that
// counts what its user plays by itself.
type choice struct {
	of   music.AccountID // music.Local; "" for regions
	name string          // the time or region; of accounts what they name it, which may be ""
}

// chartTab is a tab of a choice.
type chartTab struct {
	text string
	to   choice
}

func textsOf(tabs []chartTab) []string {
	var texts []string
	for _, t := range tabs {
		texts = append(texts, t.text)
	}
	return texts
}

// section is the container of a choice.
func (c choice) section(kind string) music.Ref {
	switch {
	case c.of == "":
		return session.ToplistAsk{Type: kind, Region: c.name}.Section("")
	case c.name == "":
		return music.Section(c.of, music.SectionToplist+"/"+kind)
	}
	return music.Section(c.of, music.SectionToplist+"/"+kind+"/"+c.name)
}

// counts reports whether a choice is of an account that counts by itself.
func (c choice) counts() bool { return c.of != "" && c.of != music.Local }

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

// here are the times, and the regions behind them.
func (t *toplists) here() []chartTab {
	var all []chartTab
	for _, p := range [][2]string{{"day", "Day"}, {"week", "Week"}, {"month", "Month"}, {"year", "Year"}, {"all", "All time"}} {
		all = append(all, chartTab{p[1], choice{music.Local, p[0]}})
	}
	for _, r := range t.regions() {
		text := strings.ToUpper(r)
		if r == session.RegionEverywhere {
			text = "World"
		}
		all = append(all, chartTab{text, choice{"", r}})
	}
	return all
}

// counted are the toplists of an account: the sections that it names so.
func counted(a session.AccountInfo) []chartTab {
	var all []chartTab
	if a.ID == music.Local {
		return nil
	}
	for _, f := range a.Sections {
		name, ok := strings.CutPrefix(f.Ref.ID, music.SectionToplist)
		if !ok || name != "" && name[0] != '/' {
			continue
		}
		text := clean(f.Detail)
		if text == "" {
			text = clean(f.Name)
		}
		all = append(all, chartTab{text, choice{a.ID, strings.TrimPrefix(name, "/")}})
	}
	return all
}

// groups are all toplists: what is known here, then account by account.
func (t *toplists) groups() [][]chartTab {
	all := [][]chartTab{t.here()}
	for _, a := range t.env.Accounts {
		if tabs := counted(a); len(tabs) > 0 {
			all = append(all, tabs)
		}
	}
	return all
}

// choose opens a time, a region or an account; a new region becomes a tab.
func (t *toplists) choose(name string) {
	name = strings.ToLower(name)
	groups := t.groups()
	for _, tab := range groups[0] {
		if tab.to.name == name {
			t.at = tab.to
			return
		}
	}
	for _, g := range groups[1:] {
		if strings.EqualFold(string(g[0].to.of), name) {
			t.at = g[0].to
			return
		}
	}
	t.more = append(t.more, name)
	t.at = choice{"", name}
}

// walk goes n choices on, around the end.
func (t *toplists) walk(n int) bool {
	all := slices.Concat(t.groups()...)
	i := slices.IndexFunc(all, func(tab chartTab) bool { return tab.to == t.at })
	t.at = all[((max(i, 0)+n)%len(all)+len(all))%len(all)].to
	t.change(Place{})
	return true
}

// tabs are those that there is room for, and which of them is open: the choices of the
// group that is open with the names of the other groups, without those, or the open one.
func (t *toplists) tabs() (tabs []chartTab, open int) {
	groups := t.groups()
	in := max(slices.IndexFunc(groups, func(g []chartTab) bool {
		return slices.ContainsFunc(g, func(tab chartTab) bool { return tab.to == t.at })
	}), 0)
	for i, g := range groups {
		switch i {
		case in:
			tabs = append(tabs, g...)
		case 0:
			tabs = append(tabs, chartTab{"Here", choice{music.Local, "week"}})
		default:
			tabs = append(tabs, chartTab{string(g[0].to.of), g[0].to})
		}
	}
	short := slices.Clone(groups[in])
	for i, tab := range short {
		if tab.to == (choice{music.Local, "all"}) {
			short[i].text = "All"
		}
	}
	for _, try := range [][]chartTab{tabs, groups[in], short} {
		if open = slices.IndexFunc(try, func(tab chartTab) bool { return tab.to == t.at }); t.fits(try) && open >= 0 {
			return try, open
		}
	}
	one := chartTab{string(t.at.of), t.at}
	if i := slices.IndexFunc(groups[in], func(tab chartTab) bool { return tab.to == t.at }); i >= 0 {
		one = groups[in][i]
	}
	return []chartTab{one}, 0
}

func (t *toplists) fits(tabs []chartTab) bool {
	spans := Spans(textsOf(tabs), 0)
	return len(spans) > 0 && spans[len(spans)-1][1] <= t.w-t.periodsX()-2
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

// hint says which keys walk through the tabs, and who counts where that is an account.
func (t *toplists) hint() string {
	k := t.env.Keys
	places := "time or place"
	if len(t.groups()) > 1 {
		places = "time, place or account"
	}
	text := k.Key(keymap.PrevTab) + " " + k.Key(keymap.NextTab) + " kind   " + k.Key(keymap.PrevPeriod) + " " + k.Key(keymap.NextPeriod) + " " + places
	if t.at.counts() {
		text = screen.Clean(string(t.at.of)) + " counts   " + text
	}
	return text
}

package ui

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"segue/session"
)

func suggesting(f *fake, _ *Options) {
	f.suggest = []string{"Variatio 3. Canone all'Unisono", "Variatio 1. a 1 Clav.", "Satie"}
}

func TestWhatIsTypedIsCompletedByTab(t *testing.T) {
	r := newRig(t, 120, 36, suggesting)
	r.keys("2", "t:vari")
	r.want("Variatio 3. Canone all'Unisono   Variatio 1. a 1 Clav.")
	r.want("Tab complete")
	r.keys("tab")
	r.want("/ Variatio 3. Canone all'Unisono")
	r.keys("tab") // on to the next
	r.want("/ Variatio 1. a 1 Clav.")
	r.keys("enter", "enter")
	if c := commands[session.PlayContext](r.f); len(c) != 1 || c[0].Ask.Filter != "Variatio 1. a 1 Clav." {
		t.Errorf("%+v", c)
	}
}

func TestSuggestionsCoverNoResultsAndTheArrowStillLeadsThere(t *testing.T) {
	r := newRig(t, 120, 36, suggesting)
	r.keys("2", "t:vari")
	with := r.lines()
	r.keys("down")
	without := r.lines()
	for y := range with {
		if y != 3 && y < 30 && with[y] != without[y] {
			t.Errorf("line %d is %q, and without suggestions %q", y, with[y], without[y])
		}
	}
	r.want("Enter play")
}

func TestWhereNothingIsSuggestedTabGoesToTheNextKind(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys("2", "t:vari")
	r.want("Tab next tab")
	r.keys("tab")
	if of := r.m.current().Place().Of; of.ID != "search/tracks" {
		t.Errorf("%v", of)
	}
}

func TestAnOldAnswerCompletesNothing(t *testing.T) {
	r := newRig(t, 120, 36, suggesting)
	r.keys("2", "t:sat")
	r.f.box.Put(session.SuggestionsLoaded{Ticket: commands[session.Suggest](r.f)[0].Ticket, Query: "s", Texts: []string{"Something else"}})
	r.settle()
	r.wantNot("Something else")
	r.want("     Satie")
}

func TestSearchesOfLatelyAreOfferedAndComeBackAfterARestart(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys("2", "t:canone", "enter", "/", "ctrl+u", "t:aria", "enter", "ctrl+c")
	saved := commands[session.SaveView](r.f)
	var st viewState
	if err := json.Unmarshal(saved[len(saved)-1].Data, &st); err != nil || !slices.Equal(st.Lately, []string{"aria", "canone"}) {
		t.Fatalf("%q, %v", st.Lately, err)
	}
	again := newRig(t, 120, 36)
	again.f.box.Put(session.ViewRestored{Data: saved[len(saved)-1].Data})
	again.settle()
	again.keys("/", "ctrl+u")
	again.want("Lately")
	again.keys("down", "down", "enter")
	again.want("/ canone")
	again.want("Variatio 3. Canone")
}

func TestWhatWasMeantIsOfferedFirst(t *testing.T) {
	r := newRig(t, 160, 40, twoLibraries, suggesting)
	r.keys("2", "t:vari")
	q := lastSearch(r, "search")
	r.f.box.Put(session.SearchLoaded{Ticket: q.Ticket, Result: session.SearchResult{Query: "vari", DidYouMean: "vary"}})
	r.settle()
	r.want("meant: vary")
	r.keys("tab")
	r.want("/ vary")
}

func TestAClickTakesASuggestion(t *testing.T) {
	r := newRig(t, 120, 36, suggesting)
	r.keys("2", "t:sat")
	for y, l := range r.lines() {
		if x := strings.Index(l, "     Satie"); x >= 0 {
			r.send(clickAt(len([]rune(l[:x]))+6, y))
			r.settle()
			break
		}
	}
	r.want("/ Satie")
}

func TestSuggestionsFitEverySize(t *testing.T) {
	for _, size := range [][2]int{{40, 10}, {80, 24}, {120, 36}, {200, 50}} {
		r := newRig(t, size[0], size[1], suggesting)
		r.keys("2", "t:vari")
		if got := len(r.lines()); got != size[1] {
			t.Errorf("%v: %d lines", size, got)
		}
		r.want("     Variatio 3")
		r.keys("ctrl+u")
		r.want("Type to search.")
	}
}

func clickAt(x, y int) tea.MouseClickMsg {
	return tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}
}

func TestMovingInTheSearchFieldAsksForNothing(t *testing.T) {
	r := newRig(t, 120, 36, suggesting)
	r.keys("2", "t:bach")
	n := len(r.f.sent)
	r.keys("left", "left", "home", "end")
	if more := r.f.sent[n:]; len(more) != 0 {
		t.Errorf("%+v", more)
	}
}

func TestMovingInALineOfTheHistoryStaysInIt(t *testing.T) {
	r := newRig(t, 120, 36)
	for _, s := range []string{"volume 1", "volume 2", "volume 3"} {
		r.keys(":", "t:"+s, "enter")
	}
	r.keys(":", "up", "up", "left", "up")
	r.want(":volume 1")
}

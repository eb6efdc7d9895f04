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
	r.keys("2", "t:variatio 3")
	r.want("│ Variatio 3. Canone all'Unisono")
	r.want("Tab complete")
	r.keys("tab")
	r.want("/ Variatio 3. Canone all'Unisono")
	r.wantNot("│ Variatio 3. Canone all'Unisono")
	r.want("Tab next tab")
}

func TestAnArrowChoosesASuggestionAndEnterSearchesForIt(t *testing.T) {
	r := newRig(t, 120, 36, suggesting)
	r.keys("2", "t:vari", "down", "down")
	r.want("Enter search for it")
	r.keys("enter")
	r.want("/ Variatio 1. a 1 Clav.")
	r.keys("enter", "enter")
	if c := commands[session.PlayContext](r.f); len(c) != 1 || c[0].Ask.Filter != "Variatio 1. a 1 Clav." {
		t.Errorf("%+v", c)
	}
}

func TestEscClosesTheSuggestionsFirst(t *testing.T) {
	r := newRig(t, 120, 36, suggesting)
	r.keys("2", "t:vari")
	r.want("│ Variatio 1")
	r.keys("esc")
	r.wantNot("│ Variatio 1")
	r.want("Esc leave the field")
	r.keys("t:a") // and they come again with the next letter
	r.want("│ Variatio 1")
}

func TestAnOldAnswerCompletesNothing(t *testing.T) {
	r := newRig(t, 120, 36, suggesting)
	r.keys("2", "t:sat")
	r.f.box.Put(session.SuggestionsLoaded{Ticket: commands[session.Suggest](r.f)[0].Ticket, Query: "s", Texts: []string{"Something else"}})
	r.settle()
	r.wantNot("Something else")
	r.want("│ Satie")
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
	r.want("meant?")
	r.keys("tab")
	r.want("/ vary")
}

func TestAClickTakesASuggestion(t *testing.T) {
	r := newRig(t, 120, 36, suggesting)
	r.keys("2", "t:sat")
	for y, l := range r.lines() {
		if x := strings.Index(l, "│ Satie"); x >= 0 {
			r.send(clickAt(len([]rune(l[:x]))+3, y))
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
		r.want("Variatio 3")
	}
}

func clickAt(x, y int) tea.MouseClickMsg {
	return tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}
}

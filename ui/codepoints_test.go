package ui

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// withIndianTitles gives an album whose titles are counted in two ways.
func withIndianTitles(f *fake, _ *Options) {
	for i, title := range []string{"हिन्दी गाना", "नमस्ते दुनिया, यह एक लम्बा शीर्षक है", "தமிழ் பாடல்", "กำลังใจ", "ចម្រៀងខ្មែរ"} {
		f.tracks[i].Title = title
	}
}

// columnsOf are the columns that a mark has in a line where each cell is counted by a method.
func columnsOf(line, mark string, by ansi.Method) (at []int) {
	for i := range line {
		if strings.HasPrefix(line[i:], mark) {
			at = append(at, by.StringWidth(line[:i]))
		}
	}
	return at
}

func TestRowsOfIndianTitlesStandInTheirColumnsInEveryTerminal(t *testing.T) {
	for name, c := range map[string]struct {
		report []tea.Msg
		by     ansi.Method
	}{
		"that says nothing of clusters":  {nil, ansi.WcWidth},
		"that does not know the mode":    {[]tea.Msg{tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: ansi.ModeNotRecognized}}, ansi.WcWidth},
		"that draws them":                {[]tea.Msg{tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: ansi.ModeReset}}, ansi.GraphemeWidth},
		"that always draws them":         {[]tea.Msg{tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: ansi.ModePermanentlySet}}, ansi.GraphemeWidth},
		"that answers for another alone": {[]tea.Msg{tea.ModeReportMsg{Mode: ansi.ModeSynchronizedOutput, Value: ansi.ModeReset}}, ansi.WcWidth},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, 200, 50, withIndianTitles)
			r.m.clusters = false
			for _, msg := range c.report {
				r.send(msg)
			}
			playing(r)
			lines, l := r.lines(), r.m.lay
			for y := l.main.Y; y < l.main.Y+l.main.H; y++ {
				if at := columnsOf(lines[y], "│", c.by); len(at) < 2 || at[0] != l.sideLine || at[1] != l.rightLine {
					t.Errorf("the lines between the panes stand in %v, not %d and %d:\n%s", at, l.sideLine, l.rightLine, lines[y])
				}
			}
			first, second := columnsOf(lines[l.main.Y+4], "1:38", c.by), columnsOf(lines[l.main.Y+5], "2:15", c.by)
			if len(first) != 1 || !slices.Equal(first, second) {
				t.Errorf("the times stand in columns %v and %v", first, second)
			}
		})
	}
}

func TestTheTextCursorStandsBehindIndianLetters(t *testing.T) {
	for clusters, by := range map[bool]ansi.Method{false: ansi.WcWidth, true: ansi.GraphemeWidth} {
		r := newRig(t, 120, 36)
		r.m.clusters = clusters
		r.keys(":")
		r.send(tea.PasteMsg{Content: "search हिन्दी गाना"})
		v := r.m.View()
		if want := by.StringWidth("   :search हिन्दी गाना"); v.Cursor == nil || v.Cursor.X != want {
			t.Errorf("clusters %t: the cursor is in %+v, not column %d", clusters, v.Cursor, want)
		}
	}
}

func TestIndianTitlesStandInTheirColumnsOnARealScreen(t *testing.T) {
	r := startReal(t, 120, 36, withIndianTitles)
	r.wait("Goldberg")
	r.typed("\r")
	r.wait("Variatio 5")
	r.still()
	at := map[int]bool{}
	for _, l := range strings.Split(r.term.text(), "\n") {
		for _, time := range []string{"1:38", "2:15", "2:52", "3:29", "4:06", "4:43"} { // the last is of a title in ASCII
			for _, x := range columnsOf(l, time, ansi.GraphemeWidth) {
				at[x] = true
			}
		}
	}
	if len(at) != 1 {
		t.Errorf("the times stand in columns %v:\n%s", at, r.term.text())
	}
}

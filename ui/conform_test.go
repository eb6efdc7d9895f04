package ui

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/vt"

	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

// frames is a model that shows one prepared screen after the other.
type frames struct{ now string }

type frameMsg string

func (f frames) Init() tea.Cmd { return nil }
func (f frames) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if m, ok := msg.(frameMsg); ok {
		f.now = string(m)
	}
	return f, nil
}
func (f frames) View() tea.View { return tea.View{Content: f.now, AltScreen: true} }

// randomFrame is a table of rows with cells of one and two columns, of which
// some change from frame to frame, as they do when a list is moved through.
func randomFrame(r *rand.Rand, set *style.Set, w, h, n int) string {
	words := []string{"春の海", "plain text", "e\u0301tude", "👍 thumbs", "تملي معاك", "Ａｒｉａ", "x", "한국어 노래", "", "a·b…", "日本", "🎵"}
	var tab widget.Table
	cols := []widget.Column{{Name: "#", Width: 4, Right: true}, {Name: "T", Flex: 2, Min: 5}, {Name: "A", Flex: 1, Min: 5}, {Name: "D", Width: 5, Right: true}}
	lines := []string{screen.Fit(fmt.Sprintf("frame %d", n), w, "")}
	lines = tab.Draw(lines, set, widget.View{W: w, H: h - 1, Top: r.IntN(40), N: 90, Cursor: r.IntN(90), Focused: true, Columns: cols}, func(i int, c []widget.Cell) widget.Look {
		c[0].Text = fmt.Sprint(i)
		for j := 1; j < 4; j++ {
			c[j] = widget.Cell{Text: screen.Clean(words[(i*j+r.IntN(3))%len(words)] + " " + words[r.IntN(len(words))]), Pen: style.Pen(r.IntN(4))}
		}
		return widget.Look{}
	})
	return strings.Join(lines, "\n")
}

// TestFramesWithWideCellsAreDrawnAsIfAnew guards every new version of the
// renderer: what is on the screen after many small changes must be what one
// full painting gives (trap 27).
func TestFramesWithWideCellsAreDrawnAsIfAnew(t *testing.T) {
	const w, h, n = 100, 30, 120
	term := newTerminal(w, h)
	term.drain(t)
	p := tea.NewProgram(frames{}, tea.WithInput(nil), tea.WithOutput(term), tea.WithWindowSize(w, h), tea.WithoutSignals(), tea.WithFPS(120),
		tea.WithColorProfile(colorprofile.TrueColor), tea.WithEnvironment([]string{"TERM=xterm-256color"}))
	done := make(chan error, 1)
	go func() { _, err := p.Run(); done <- err }()
	th, err := style.Load("", "")
	if err != nil {
		t.Fatal(err)
	}
	set := style.Make(th, true, colorprofile.TrueColor)
	r := rand.New(rand.NewPCG(1, 2))
	wrong := 0
	for i := range n {
		f := randomFrame(r, set, w, h, i)
		p.Send(frameMsg(f))
		mark := fmt.Sprintf("frame %d", i)
		for deadline := time.Now().Add(patience); firstLine(term) != mark; {
			if time.Now().After(deadline) {
				t.Fatalf("%s is not drawn, the screen says %q", mark, firstLine(term))
			}
			time.Sleep(500 * time.Microsecond)
		}
		if got, want := term.text(), paint(f, w, h); got != want {
			if wrong++; wrong == 1 {
				t.Errorf("frame %d\n--- drawn\n%s\n--- painted\n%s", i, got, want)
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%d of %d screens are wrong", wrong, n)
	}
	p.Quit()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func firstLine(t *terminal) string {
	s, _, _ := strings.Cut(t.text(), "\n")
	return s
}

// paint draws a frame on an empty emulator.
func paint(frame string, w, h int) string {
	t := newTerminal(w, h)
	t.em = vt.NewEmulator(w, h)
	_, _ = t.Write([]byte(strings.ReplaceAll(frame, "\n", "\r\n")))
	return t.text()
}

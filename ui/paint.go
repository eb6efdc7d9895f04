package ui

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// While something plays the progress line changes each second, and nothing else. A
// frame of Bubble Tea's costs 3 ms, whatever changes in it, so this line is written
// past it: while its renderer rests, the View stays as it was, and the painter writes
// the line where it stands. Before the renderer's next writing the line is put back to
// what the renderer believes it to be, in the same write, so that what it leaves out
// as unchanged is indeed so.

// painter is the way out of the program: what the renderer writes passes through it.
// Its goroutine is Run.
type painter struct {
	out io.Writer
	io  sync.Mutex // one write at a time

	mu   sync.Mutex // guards what follows; never held while writing
	line string     // to be painted; "" = nothing is
	back string     // what puts the renderer's line back once line is painted
	over string     // to be written before anything of the renderer's; "" = nothing was painted
	wake chan struct{}
}

func newPainter(out io.Writer) *painter { return &painter{out: out, wake: make(chan struct{}, 1)} }

// paint asks for a line to be written; back puts what the renderer drew back. It does
// not wait. A line that was not written yet is replaced.
func (p *painter) paint(line, back string) {
	p.mu.Lock()
	p.line, p.back = line, back
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// Run paints until ctx ends.
func (p *painter) Run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
			p.write()
		}
	}
}

func (p *painter) write() {
	p.io.Lock()
	defer p.io.Unlock()
	p.mu.Lock()
	line := p.line
	if line != "" {
		p.line, p.over = "", p.back
	}
	p.mu.Unlock()
	_, _ = io.WriteString(p.out, line) // a terminal that is gone is the renderer's to find out
}

// Write is for the renderer.
func (p *painter) Write(b []byte) (int, error) {
	p.io.Lock()
	defer p.io.Unlock()
	p.mu.Lock()
	over := p.over
	p.line, p.over = "", ""
	p.mu.Unlock()
	if over == "" {
		return p.out.Write(b)
	}
	n, err := p.out.Write(append([]byte(over), b...))
	return max(n-len(over), 0), err
}

// screenFile is a painter on a terminal.
type screenFile struct {
	*painter
	file *os.File
}

func (s screenFile) Read(b []byte) (int, error) { return s.file.Read(b) }
func (s screenFile) Close() error               { return s.file.Close() }
func (s screenFile) Fd() uintptr                { return s.file.Fd() }

// shown is the View that the renderer has, and where its progress line is.
type shown struct {
	view tea.View
	from int // of the line, in bytes
	line string
	y    int // -1 = there is none that may be painted
}

// painted reports whether the progress line is all that is new in a View, and has it
// painted then: the renderer may go on resting.
func (m *Model) painted(now shown) bool {
	old := m.shown
	if m.paint == nil || old.y < 0 || now.y != old.y || now.from != old.from || !m.settled() {
		return false
	}
	a, b := old.view, now.view
	if a.Content[:old.from] != b.Content[:now.from] || a.Content[old.from+len(old.line):] != b.Content[now.from+len(now.line):] ||
		a.WindowTitle != b.WindowTitle || !sameCursor(a.Cursor, b.Cursor) || (a.ProgressBar == nil) != (b.ProgressBar == nil) ||
		a.ProgressBar != nil && a.ProgressBar.State != b.ProgressBar.State {
		return false
	}
	if now.line != m.painting || !sameBar(m.paintedBar, b.ProgressBar) {
		m.painting, m.paintedBar = now.line, b.ProgressBar
		m.paint.paint(paintLine(now), paintLine(old))
	}
	return true
}

// paintLine writes a progress line in its place, and the taskbar's progress with it;
// the terminal's cursor stays where it is.
func paintLine(s shown) string {
	line := strings.TrimRight(strings.TrimSuffix(s.line, ansi.ResetStyle), " ")
	out := fmt.Sprintf("%s\x1b[%d;1H%s%s%s", ansi.SaveCursor, s.y+1, line, ansi.ResetStyle, ansi.RestoreCursor)
	if b := s.view.ProgressBar; b != nil && b.State == tea.ProgressBarDefault {
		out += ansi.SetProgressBar(b.Value)
	}
	return out
}

func sameCursor(a, b *tea.Cursor) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

func sameBar(a, b *tea.ProgressBar) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

package ui

import (
	"context"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"segue/internal/music"
	"segue/session"
	"segue/ui/page"
	"segue/ui/screen"
	"segue/ui/style"
)

// Pictures says how covers are drawn.
type Pictures string

// The ways to draw covers.
const (
	PicturesAuto   Pictures = "auto"   // as pictures where the terminal is known to show them, else as blocks
	PicturesKitty  Pictures = "kitty"  // by kitty's protocol, whatever the terminal says
	PicturesBlocks Pictures = "blocks" // with half blocks
	PicturesOff    Pictures = "off"
)

// Multiplexer tells, from within tmux, what the terminal around it calls itself and
// whether tmux lets pictures through. It may run a program; it is called outside of
// the loop.
type Multiplexer func(ctx context.Context) (terminal string, passes bool)

// pictures is what the root model knows of the terminal's pictures.
type pictures struct {
	asked Pictures
	tmux  bool  // sequences are wrapped
	id    uint8 // of the picture that was sent last, 0 = none
	busy  bool  // one is being encoded
}

type (
	// muxMsg is what tmux told.
	muxMsg struct {
		terminal string
		passes   bool
	}
	// cellMsg is the size of a cell in pixels, 0 = not known.
	cellMsg struct{ w, h int }
	// sentMsg is a cover, encoded for the terminal.
	sentMsg struct {
		of   music.Ref
		id   uint8
		w, h int
		seqs []string
		err  error
	}
)

// environment looks at where the program runs, and asks where that may be a terminal
// with pictures.
func (m *Model) environment(env tea.EnvMsg) tea.Cmd {
	m.visual.remote = env.Getenv("SSH_CONNECTION") != ""
	if m.pics.asked == PicturesBlocks || m.pics.asked == PicturesOff {
		return nil
	}
	if env.Getenv("TMUX") != "" {
		m.pics.tmux = true
		m.env.Kitty = m.pics.asked == PicturesKitty
		ask, ctx := m.opt.Multiplexer, m.ctx
		if ask == nil || m.env.Kitty {
			return nil
		}
		return func() tea.Msg {
			terminal, passes := ask(ctx)
			return muxMsg{terminal, passes}
		}
	}
	switch {
	case m.pics.asked == PicturesKitty:
		m.env.Kitty = true
	case mayShow(env):
		return tea.RequestTerminalVersion
	}
	return nil
}

// mayShow reports whether the environment hints at a terminal with placeholders.
func mayShow(env tea.EnvMsg) bool {
	names := strings.ToLower(env.Getenv("TERM") + " " + env.Getenv("TERM_PROGRAM"))
	return strings.Contains(names, "kitty") || strings.Contains(names, "ghostty") ||
		env.Getenv("KITTY_WINDOW_ID") != "" || env.Getenv("GHOSTTY_RESOURCES_DIR") != ""
}

// hasPlaceholders reports whether a terminal that calls itself so shows pictures in
// placeholder cells: kitty does from 0.28 on, Ghostty always. Others show pictures
// too, but not these; when unsure there are none.
func hasPlaceholders(terminal string) bool {
	terminal = strings.ToLower(strings.TrimSpace(terminal))
	if strings.HasPrefix(terminal, "ghostty") {
		return true
	}
	version, ok := strings.CutPrefix(terminal, "kitty")
	if !ok {
		return false
	}
	parts := strings.Split(strings.Trim(version, "() "), ".")
	major, err := strconv.Atoi(parts[0])
	if err != nil || len(parts) < 2 {
		return false
	}
	minor, err := strconv.Atoi(parts[1])
	return err == nil && (major > 0 || minor >= 28)
}

// multiplexed takes what tmux told.
func (m *Model) multiplexed(msg muxMsg) { m.env.Kitty = msg.passes && hasPlaceholders(msg.terminal) }

// named takes what the terminal calls itself.
func (m *Model) named(msg tea.TerminalVersionMsg) {
	if m.pics.asked == PicturesAuto && !m.pics.tmux {
		m.env.Kitty = hasPlaceholders(msg.Name)
	}
}

// picture hands the cover that is on the screen to the terminal, if it has not got it:
// encoded outside of the loop, in the size of its place.
func (m *Model) picture() tea.Cmd {
	if !m.env.Kitty || !m.env.Colours || m.pics.busy {
		return nil
	}
	w, h := m.coverSize()
	c, again, ok := m.env.Stage.Unsent(w, h)
	if !ok {
		return nil
	}
	if again {
		m.env.Stage.Sent(c.Of, m.pics.id, w, h)
		return tea.Raw(m.wrap(screen.KittyPlace(m.pics.id, w, h)))
	}
	m.pics.busy = true
	id := m.pics.id%200 + 20 // not among the sixteen that a terminal may show as another
	return func() tea.Msg {
		seqs, err := screen.KittySend(c.Image, id, w, h)
		return sentMsg{c.Of, id, w, h, seqs, err}
	}
}

// send gives an encoded cover to the terminal and takes the one of before away. One
// that is no longer of what plays is dropped.
func (m *Model) send(msg sentMsg) tea.Cmd {
	m.pics.busy = false
	if msg.err != nil {
		m.env.Kitty = false
		m.keep(session.Warning, msg.err.Error())
		return nil
	}
	if msg.of != m.env.Stage.CoverOf() {
		return nil
	}
	seqs := msg.seqs
	if m.pics.id != 0 {
		seqs = append([]string{screen.KittyForget(m.pics.id)}, seqs...)
	}
	m.pics.id = msg.id
	m.env.Stage.Sent(msg.of, msg.id, msg.w, msg.h)
	return tea.Raw(m.wrap(seqs...))
}

// unsend takes the picture out of the terminal; nil where there is none.
func (m *Model) unsend() tea.Cmd {
	if m.pics.id == 0 {
		return nil
	}
	id := m.pics.id
	m.pics.id = 0
	m.env.Stage.Unsend()
	return tea.Raw(m.wrap(screen.KittyForget(id)))
}

// measureCells is a Cmd that asks how large a cell is.
func (m *Model) measureCells() tea.Cmd {
	ask := m.opt.CellSize
	if ask == nil {
		return nil
	}
	return func() tea.Msg {
		w, h := ask()
		return cellMsg{w, h}
	}
}

// shape takes the size of a cell: covers are drawn anew where it has another shape.
func (m *Model) shape(cell cellMsg) {
	if tall := screen.TallOf(cell.w, cell.h); tall != m.env.Tall {
		m.env.Tall = tall
		m.env.Stage.Forget()
	}
}

// wrap gives sequences as they must be written to reach the terminal.
func (m *Model) wrap(seqs ...string) string {
	var b strings.Builder
	for _, s := range seqs {
		if m.pics.tmux {
			s = ansi.TmuxPassthrough(s)
		}
		b.WriteString(s)
	}
	return b.String()
}

// coverSize is the size of the cover on the screen, 0 where there is none.
func (m *Model) coverSize() (w, h int) {
	if m.lay.main.Empty() || !m.env.Loaded() {
		return 0, 0
	}
	if n, ok := m.current().(interface{ CoverSize() (w, h int) }); ok {
		return n.CoverSize()
	}
	if !m.lay.right.Empty() {
		return m.rightCover(m.lay.right.W, m.lay.right.H)
	}
	return 0, 0
}

// tint takes the accent from the cover where that is wanted; while a cover is on
// its way the colours stay as they are.
func (m *Model) tint() {
	c, vivid, known := m.env.Stage.Accent()
	if !m.opt.CoverAccent || !known {
		return
	}
	accent := style.Colour{}
	if vivid {
		accent = style.Colour{R: c.R, G: c.G, B: c.B}
	}
	if vivid != m.tinted || accent != m.accent {
		m.tinted, m.accent = vivid, accent
		m.restyle()
	}
}

// decoded is a Cmd that decodes a cover.
func (m *Model) decoded(img music.Image) tea.Cmd {
	px := m.env.DecodePx()
	return func() tea.Msg {
		c, err := page.Decode(img.Of, img.Data, px)
		return coverMsg{c, err}
	}
}

// covered takes a decoded cover.
func (m *Model) covered(msg coverMsg) {
	if msg.err != nil {
		m.keep(session.Info, msg.err.Error())
	}
	m.env.Stage.SetCover(msg.cover)
}

package ui

import (
	"context"
	"time"

	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/page"
	"segue/ui/screen"
	"segue/ui/style"
)

// Model is the root model. Make it with New and give it to a tea.Program, or
// let Run do so.
type Model struct {
	opt   Options
	ctx   context.Context
	keys  keymap.Map
	env   *page.Env
	theme style.Theme
	// themeName is the theme that is wanted, though its file may have a mistake.
	themeName string
	watching  bool // the folder of themes
	profile   colorprofile.Profile
	dark      bool
	clusters  bool // the terminal draws grapheme clusters as one (mode 2027)
	clock     func() time.Time

	w, h  int
	lay   layout
	focus pane

	view    page.View
	visited []page.View
	stacks  map[page.View][]page.Page
	saved   map[page.View][]page.Place
	tried   bool // the first view has been looked at for emptiness

	side  sidebar
	wantR bool // the right pane is wanted where it does not come by itself
	hideR bool
	hideB bool
	showB bool // the sidebar as a view of its own

	popups  []popup
	later   []tea.Cmd // of popups that had no other way to give one
	prompt  *prompt
	adding  *adding      // an account whose first sign-in is at work
	refusal page.Refusal // what a sign-in would allow
	history map[promptKind][]string

	chord chord

	toast     page.Toast
	toastID   int
	toastAt   time.Time
	presentAt time.Time // when somebody was last known to be there
	fading    int       // the toast whose end is armed
	logged    following
	jobs      []session.Progress
	busy      spinner.Model // turns while there are jobs
	turning   bool          // its next step is armed

	ticking   bool
	tickID    int
	slowing   bool
	focused   bool
	dragging  bool
	lastTap   tap
	quitting  bool
	suspended bool // paused by a suspend: go on afterwards

	sharing session.Ticket             // of the link that is being made
	down    map[music.AccountID]string // accounts that cannot be reached, and why

	opening onItsWay

	visual visual
	pics   pictures
	tinted bool         // the accent is the cover's
	accent style.Colour // if so

	lines    []string
	idle     *idler
	shown    shown
	asBefore bool // the next View is the one before

	// Of the painter, which may be nil.
	paint      *painter
	settled    func() bool // the renderer has drawn what it has, and rests
	painting   string      // the line that was painted last
	paintedBar *tea.ProgressBar
}

// pane is a part of the screen that can have the focus.
type pane uint8

const (
	paneMain pane = iota
	paneSide
)

// New makes the model. It starts nothing.
func New(opt Options) *Model {
	if opt.Keymap.Name() == "" {
		opt.Keymap = keymap.Default()
	}
	if opt.Clock == nil {
		opt.Clock = time.Now
	}
	m := &Model{opt: opt, ctx: context.Background(), keys: opt.Keymap, clock: opt.Clock,
		profile: colorprofile.TrueColor, dark: true, focused: true,
		stacks: map[page.View][]page.Page{}, saved: map[page.View][]page.Place{}, history: map[promptKind][]string{}}
	if m.pics.asked = opt.Pictures; opt.Pictures == "" {
		m.pics.asked = PicturesAuto
	}
	if opt.Dark != nil {
		m.dark = *opt.Dark
	}
	m.env = page.NewEnv(opt.Session.Send)
	m.env.Country = opt.Country
	m.env.Home = opt.Home
	m.env.Log.Path = m.env.Short(opt.LogFile)
	m.env.Config, m.env.ConfigPath, m.env.CanAdd = opt.Settings, opt.ConfigPath, len(opt.Services) > 0
	m.env.Keys, m.env.Now = m.keys, m.clock()
	theme, err := style.Load(opt.ThemeDir, opt.Theme)
	m.theme, m.themeName = theme, opt.Theme
	if m.themeName == "" {
		m.themeName = style.DefaultTheme
	}
	m.restyle()
	m.side.env = m.env
	m.busy = spinner.New(spinner.WithSpinner(m.spinnerKind()))
	if err != nil {
		m.say(session.Warning, err.Error())
	}
	m.notes(opt.Notes)
	m.show(m.firstView())
	return m
}

// notes shows what was wrong at the start: all of it is among the messages, and the
// first stands on the screen.
func (m *Model) notes(notes []string) {
	for _, n := range notes[min(1, len(notes)):] {
		m.keep(session.Warning, n)
	}
	switch n := len(notes) - 1; {
	case n == 0:
		m.say(session.Warning, notes[0])
	case n > 0:
		m.say(session.Warning, notes[0]+" (and "+itoa(n)+" more: "+m.keys.Key(keymap.GoLog)+" lists them)")
	}
}

func (m *Model) firstView() page.View {
	if m.opt.InitialView != "" {
		return m.opt.InitialView
	}
	return page.Library
}

// restyle makes the pens anew when the theme, the background or the number of colours changed.
func (m *Model) restyle() {
	p, theme := m.profile, m.theme
	if m.opt.NoColor {
		p = colorprofile.ASCII
	}
	if m.tinted {
		theme = theme.WithAccent(m.accent)
	}
	m.env.Set = style.Make(theme, m.dark, p)
	if few := p == colorprofile.ANSI256; few != m.env.Few {
		m.env.Few = few
		m.env.Stage.Forget()
	}
	m.env.Colours = p >= colorprofile.ANSI256 && !m.opt.ASCII && m.pics.asked != PicturesOff
}

// Init arms the one Cmd that waits for news.
func (m *Model) Init() tea.Cmd {
	cmds := []tea.Cmd{m.wait, m.watch(), measureAgain()}
	if m.opt.Dark == nil {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	return tea.Batch(cmds...)
}

// measureAgain asks for the size once more shortly after the start: Bubble Tea begins to
// listen for changes beside the first frame, and one that comes between is lost (a
// tiling window manager makes it).
func measureAgain() tea.Cmd {
	return tea.Tick(measured, func(time.Time) tea.Msg { return measureMsg{} })
}

// eventsMsg is all news that waited.
type eventsMsg []session.Event

// endMsg says that the session has ended.
type endMsg struct{}

// wait is a tea.Cmd: it blocks until the session has news. Exactly one is ever
// in flight, so that order is kept.
func (m *Model) wait() tea.Msg {
	if es, ok := m.opt.Events.Take(m.ctx); ok {
		return eventsMsg(es)
	}
	return endMsg{}
}

// Messages of our own timers.
type (
	tickMsg    int // the position's next second; the number of the ticker
	slowMsg    struct{}
	measureMsg struct{}
	toastMsg   int
	coverMsg   struct {
		cover page.Cover
		err   error
	}
	themeMsg struct {
		theme style.Theme
		err   error
	}
)

// Update hands each message to its part and arms what timers are due.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, m.asBefore = msg.(handedMsg); m.asBefore {
		m.idle.handed()
		return m, nil
	}
	m.env.Now = m.clock()
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case eventsMsg:
		cmd = tea.Batch(m.apply(msg), m.wait)
	case tea.KeyPressMsg:
		m.present(false)
		cmd = m.key(msg)
	case tea.PasteMsg:
		m.paste(msg.Content)
	case tea.MouseMsg:
		m.present(false)
		cmd = m.mouse(msg)
	case tickMsg:
		m.ticking = m.ticking && int(msg) != m.tickID
	case slowMsg:
		m.slowing, m.env.Slow = false, m.waitedLong()
	case whichMsg:
		m.chord.tell(msg)
	case toastMsg:
		if int(msg) == m.toastID {
			m.toast = page.Toast{}
		}
	case spinner.TickMsg:
		m.turning = false
		m.busy = step(m.busy, msg)
	case coverMsg:
		m.covered(msg)
	case logMsg:
		cmd = m.read(msg)
	case openingMsg:
		m.stillOpening(msg)
	case bandsMsg:
		m.looked(msg)
	case sentMsg:
		cmd = m.send(msg)
	default:
		cmd = m.terminal(msg)
	}
	cmd = tea.Batch(cmd, m.wishes(), m.follow())
	m.tint()
	return m, tea.Batch(cmd, m.picture(), m.timers())
}

// terminal handles what the terminal tells about itself.
func (m *Model) terminal(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
		return m.measureCells()
	case cellMsg:
		m.shape(msg)
	case tea.ColorProfileMsg:
		m.profile = msg.Profile
		m.restyle()
	case tea.BackgroundColorMsg:
		if m.opt.Dark == nil && m.dark != msg.IsDark() {
			m.dark = msg.IsDark()
			m.restyle()
		}
	case tea.ModeReportMsg:
		m.drawsClusters(msg)
	case tea.EnvMsg:
		return m.environment(msg)
	case tea.TerminalVersionMsg:
		m.named(msg)
	case tea.ClipboardMsg:
		m.offered(msg.Content)
	case muxMsg:
		m.multiplexed(msg)
	case tea.FocusMsg:
		m.present(!m.focused)
		m.focused = true
	case tea.BlurMsg:
		m.focused, m.dragging = false, false
	case measureMsg:
		return tea.RequestWindowSize
	case tea.ResumeMsg:
		return m.resumed()
	case themeMsg:
		return m.themed(msg)
	case changedMsg:
		return m.changed(msg)
	case endMsg:
		m.quitting = true
		return tea.Quit
	}
	return nil
}

// drawsClusters takes what the terminal says of mode 2027. Bubble Tea asks for it, and
// turns it on by the same answers; the model and its renderer must count alike.
func (m *Model) drawsClusters(msg tea.ModeReportMsg) {
	if msg.Mode == ansi.ModeUnicodeCore {
		m.clusters = msg.Value == ansi.ModeReset || msg.Value == ansi.ModeSet || msg.Value == ansi.ModePermanentlySet
	}
}

// wishes does what the pages have asked for, and lays out the screen.
func (m *Model) wishes() tea.Cmd {
	cmds := m.later
	m.later = nil
	for _, a := range m.env.Acts() {
		cmds = append(cmds, m.other(a))
	}
	m.awaits(m.env.Wished())
	for {
		open, say := m.env.Wishes()
		for _, t := range say {
			m.say(t.Level, t.Text)
		}
		for _, p := range open {
			m.open(p)
		}
		if len(open) == 0 {
			break
		}
	}
	if p := m.prompt; p != nil && p.finds != nil && p.finds != m.current() {
		m.prompt = nil // a line that finds goes with its list
	}
	m.arrange()
	if !m.lay.side.Empty() {
		m.side.fetch()
	}
	return tea.Batch(cmds...)
}

// say shows a line for the user and keeps it for the list of messages.
func (m *Model) say(level session.Level, text string) {
	text = m.env.Short(screen.Clean(text))
	m.toast = page.Toast{Level: level, Text: text}
	m.toastID++
	m.toastAt = m.env.Now
	m.keep(level, text)
}

// keep adds a line to the list of messages without showing it.
func (m *Model) keep(level session.Level, text string) {
	text = screen.Clean(text)
	b := m.env.Log
	b.Said = append(b.Said, page.LogLine{At: m.env.Now, Level: level, Said: true, Text: text})
	if len(b.Said) > 500 {
		b.Said = append([]page.LogLine(nil), b.Said[100:]...)
	}
	b.Changed()
}

// current is the page on the screen; there always is one.
func (m *Model) current() page.Page {
	s := m.stacks[m.view]
	return s[len(s)-1]
}

// playingRef is the track that plays, from the player and never from the cursor.
func (m *Model) playingRef() music.Ref { return m.env.Play.Track.Ref }

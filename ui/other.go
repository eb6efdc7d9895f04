package ui

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/page"
)

// other does the actions that open popups and prompts or speak to the terminal.
func (m *Model) other(a keymap.Action) tea.Cmd {
	if m.accountAct(a, "") || m.prefer(a, "") {
		return nil
	}
	switch a {
	case keymap.Help:
		m.help()
	case keymap.Palette:
		m.palette()
	case keymap.Command:
		m.ask(promptCommand, ":", "")
	case keymap.Find:
		m.find()
	case keymap.FindNext, keymap.FindPrev:
		m.findAgain()
	case keymap.WhichAccounts:
		m.whichAccounts()
	case keymap.SaveSearch:
		m.saveSearch()
	case keymap.Sort:
		m.sortMenu()
	case keymap.Radio:
		m.radio()
	case keymap.Actions:
		m.actionsMenu(nil)
	case keymap.ActionsNow:
		m.playingMenu()
	case keymap.Details:
		m.details()
	case keymap.AddTo:
		m.addTo(m.selection())
	case keymap.Rate:
		m.rateMenu()
	case keymap.SaveQueue:
		m.ask(promptSaveQueue, "save the queue as: ", "")
	case keymap.NewPlaylist:
		m.newPlaylist()
	case keymap.Rename:
		m.rename()
	case keymap.DeleteList:
		m.deletePlaylist()
	case keymap.OpenLink:
		m.ask(promptOpen, "open: ", "")
		return tea.ReadClipboard // where the terminal lets it be read
	case keymap.Seek:
		m.ask(promptCommand, ":", "seek ")
	case keymap.Volume:
		m.ask(promptCommand, ":", "volume ")
	case keymap.Sleep:
		m.ask(promptCommand, ":", "sleep ")
	case keymap.LyricsSooner:
		m.shiftLyrics(100 * time.Millisecond)
	case keymap.LyricsLater:
		m.shiftLyrics(-100 * time.Millisecond)
	case keymap.Theme:
		m.themeMenu()
	case keymap.Keys:
		m.keymapMenu()
	case keymap.RightPane:
		m.toggleRight()
	case keymap.Visualizer:
		m.toggleVisual()
	case keymap.Sidebar:
		m.toggleSidebar()
	case keymap.Scan:
		m.scan(nil)
	case keymap.CancelJob:
		m.cancelJob()
	case keymap.CopyLink, keymap.CopyName:
		return m.copy(a == keymap.CopyLink)
	case keymap.Redraw:
		return tea.Sequence(m.unsend(), tea.ClearScreen)
	case keymap.Suspend:
		if m.env.Playing() {
			m.env.Send(session.Pause{})
			m.suspended = true
		}
		return tea.Suspend
	case keymap.Close:
		if !m.back() {
			return m.quit()
		}
	case keymap.Quit:
		return m.quit()
	default:
	}
	return nil
}

// quit saves the view and ends the program.
func (m *Model) quit() tea.Cmd {
	m.save()
	m.quitting = true
	return tea.Sequence(m.unsend(), tea.Quit)
}

// resumed goes on playing after a suspend that had paused.
func (m *Model) resumed() tea.Cmd {
	m.env.Stage.Unsend() // the terminal may have lost its pictures
	m.pics.id = 0
	if m.suspended {
		m.suspended = false
		m.env.Send(session.Play{})
	}
	return nil
}

func (m *Model) toggleRight() {
	switch m.lay.tier {
	case tierFull:
		m.hideR = !m.hideR
	case tierWide:
		m.wantR = !m.wantR
	case tierNone, tierMini, tierSmall:
		m.show(page.Now)
	}
	m.save()
}

func (m *Model) toggleSidebar() {
	if m.lay.tier >= tierWide {
		m.hideB = !m.hideB
		m.save()
		return
	}
	m.showB = !m.showB
	if m.showB {
		m.focus = paneSide
	} else {
		m.focus = paneMain
	}
}

// scan reads all accounts anew that can be read, or some paths of the local one.
func (m *Model) scan(paths []string) {
	n := 0
	for _, a := range m.env.Accounts {
		if a.Can.Scan && (len(paths) == 0 || a.ID == music.Local) {
			m.env.Send(session.Scan{Account: a.ID, Paths: paths})
			n++
		}
	}
	if n == 0 {
		m.say(session.Info, "no account has a library that can be read anew")
	}
}

func (m *Model) cancelJob() {
	if len(m.jobs) == 0 {
		m.say(session.Info, "no job is running")
		return
	}
	m.env.Send(session.CancelJob{Job: m.jobs[len(m.jobs)-1].Job})
}

// shiftLyrics moves the synced lyrics against the song; it is remembered for the track.
func (m *Model) shiftLyrics(by time.Duration) {
	now, ok := m.env.Stage.ShiftLyrics(by)
	switch s := now.Seconds(); {
	case !ok:
		m.say(session.Info, "there are no synced lyrics to move")
		return
	case now > 0:
		m.say(session.Info, fmt.Sprintf("lyrics %.1f s sooner", s))
	case now < 0:
		m.say(session.Info, fmt.Sprintf("lyrics %.1f s later", -s))
	default:
		m.say(session.Info, "lyrics as they are written")
	}
	m.retick()
	m.save()
}

// copy copies the links or names of the selection, or what a page without music has.
func (m *Model) copy(link bool) tea.Cmd {
	if c, ok := m.current().(page.Copier); ok {
		return m.copyLines(c.Copy(!link))
	}
	return m.copyItems(m.selection().Items, link)
}

func (m *Model) copyItems(items []music.Item, link bool) tea.Cmd {
	var lines []string
	for _, it := range items {
		lines = append(lines, m.copyText(it, link))
	}
	return m.copyLines(lines)
}

// copyLines puts lines on the clipboard, by the terminal (OSC 52).
func (m *Model) copyLines(lines []string) tea.Cmd {
	if len(lines) == 0 {
		return nil
	}
	what := "copied “" + lines[0] + "”"
	if len(lines) > 1 {
		what = "copied " + plural(len(lines), "line")
	}
	m.say(session.Info, what)
	return tea.SetClipboard(strings.Join(lines, "\n"))
}

func (m *Model) copyText(it music.Item, link bool) string {
	if c, ok := it.(music.Chart); ok {
		it = c.Item
	}
	t, isTrack := it.(music.Track)
	switch {
	case link && isTrack && t.Path != "":
		return t.Path
	case link:
		return cmp.Or(m.pageOf(it.ItemRef()), it.ItemRef().String())
	case isTrack && t.Artist() != "":
		return t.Artist() + " – " + t.Title
	}
	if a, ok := it.(music.Album); ok && a.Artist() != "" {
		return a.Artist() + " – " + a.Title
	}
	return it.ItemName()
}

// radio plays what is like the first selected row; where there is none, like what plays.
func (m *Model) radio() {
	refs := m.selection().Refs()
	if len(refs) == 0 && m.env.Loaded() {
		refs = []music.Ref{m.playingRef()}
	}
	switch {
	case len(refs) == 0:
		m.say(session.Info, "there is no row to play the radio from")
	case !m.can(refs[0]).Radio:
		m.say(session.Info, "there is no radio from here: its account finds nothing similar")
	default:
		m.env.Send(session.PlayRadio{Of: refs[0]})
		m.endSelection()
	}
}

// selection is what is selected, nothing while a long range is still being read.
func (m *Model) selection() page.Selection {
	s := m.current().Selection()
	if s.Missing > 0 {
		m.say(session.Info, "the selection is still being read: "+plural(s.Missing, "row")+" to come")
		return page.Selection{}
	}
	return s
}

package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/page"
)

func either(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

// prefer does an action on what the session may be set to, or on the selection at its
// service; ok = it is one.
func (m *Model) prefer(a keymap.Action, arg string) (ok bool) {
	c, err := page.Prefer(a, arg, m.env.Settings)
	switch {
	case err != nil:
		m.say(session.Warning, err.Error())
		return true
	case c != nil:
		m.env.Send(c)
		m.confirm(c)
		return true
	}
	switch a {
	case keymap.Bitrate:
		m.ask(promptCommand, ":", "bitrate ")
	case keymap.MarkOffline:
		if refs := m.selection().Refs(); len(refs) > 0 {
			m.env.Send(session.MarkOffline{Refs: refs})
			m.endSelection()
		}
	case keymap.Share:
		m.share(m.selection().Refs(), arg)
	default:
		return false
	}
	return true
}

// confirm says what was set where no event does.
func (m *Model) confirm(c session.Command) {
	if s, ok := c.(session.Scrobbling); ok {
		m.say(session.Info, either(s.To == session.ScrobbleOn, "plays are reported", "plays are not reported any more"))
	}
}

// share makes a link of tracks, or sends them to somebody.
func (m *Model) share(tracks []music.Ref, to string) {
	if len(tracks) == 0 {
		m.say(session.Info, "there is nothing selected to share")
		return
	}
	if slices.ContainsFunc(tracks, func(r music.Ref) bool { return r.Account != tracks[0].Account }) {
		m.say(session.Warning, "tracks of one account at a time can be shared")
		return
	}
	m.sharing = m.env.Ticket()
	m.env.Send(session.InboxPost{Ticket: m.sharing, Account: tracks[0].Account, User: to, Tracks: tracks})
}

// shared takes the link that was made, and puts it on the clipboard.
func (m *Model) shared(ev session.Shared) tea.Cmd {
	if ev.Ticket != m.sharing || m.sharing == 0 || ev.Fault != nil {
		return nil
	}
	m.sharing = 0
	if ev.Link == "" {
		m.say(session.Info, "shared")
		return nil
	}
	m.say(session.Info, "copied "+ev.Link)
	return tea.SetClipboard(ev.Link)
}

// connection keeps what is wrong with an account for the list of messages, and tells
// when it is over; while it lasts the account's mark shows it.
func (m *Model) connection(ev session.ConnectionError) {
	if ev.Fault == nil {
		if m.down[ev.Account] != "" {
			m.say(session.Info, string(ev.Account)+" is back")
		}
		delete(m.down, ev.Account)
		return
	}
	if m.down == nil {
		m.down = map[music.AccountID]string{}
	}
	if text := ev.Fault.Error(); m.down[ev.Account] != text {
		m.down[ev.Account] = text
		m.keep(session.Warning, text)
	}
}

// can tells what the account of a reference may be asked for.
func (m *Model) can(ref music.Ref) session.Can {
	for _, a := range m.env.Accounts {
		if a.ID == ref.Account {
			return a.Can
		}
	}
	return session.Can{}
}

package ui

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
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
	switch a {
	case keymap.PrivateSession:
		m.toggle(arg, func(to session.Switch) session.Command { return session.PrivateSession{To: to} })
	case keymap.OfflineMode:
		m.toggle(arg, func(to session.Switch) session.Command { return session.OfflineMode{To: to} })
	case keymap.Scrobbling:
		m.scrobbling(arg)
	case keymap.Gain:
		m.gain(arg)
	case keymap.Bitrate:
		m.bitrate(arg)
	case keymap.SyncNow:
		m.env.Send(session.SyncOffline{})
	case keymap.MarkOffline:
		if refs := m.selection().Refs(); len(refs) > 0 {
			m.env.Send(session.MarkOffline{Refs: refs})
			m.endSelection()
		}
	case keymap.Share:
		m.share(arg)
	default:
		return false
	}
	return true
}

func (m *Model) toggle(arg string, command func(session.Switch) session.Command) {
	switch to := session.Switch(arg); to {
	case session.Flip, session.On, session.Off:
		m.env.Send(command(to))
	default:
		m.say(session.Warning, "on or off, not “"+arg+"”")
	}
}

func (m *Model) gain(arg string) {
	c := session.SetGain{}
	switch arg {
	case "":
	case "off":
		c.Mode = "off"
	case "track":
		c.Mode = "track"
	case "album":
		c.Mode = "album"
	case "auto":
		c.Mode = "auto"
	default:
		m.say(session.Warning, "loudness is off, track, album or auto, not “"+arg+"”")
		return
	}
	m.env.Send(c)
}

func (m *Model) scrobbling(arg string) {
	to := session.ScrobbleState(arg)
	switch {
	case arg == "" && m.env.Settings.Scrobble == session.ScrobbleOff:
		to = session.ScrobbleOn
	case arg == "":
		to = session.ScrobbleOff
	case to != session.ScrobbleOn && to != session.ScrobbleOff:
		m.say(session.Warning, "on or off, not “"+arg+"”")
		return
	}
	m.env.Send(session.Scrobbling{To: to})
	m.say(session.Info, either(to == session.ScrobbleOn, "plays are reported", "plays are not reported any more"))
}

func (m *Model) bitrate(arg string) {
	kbps, err := strconv.Atoi(strings.TrimSuffix(arg, "k"))
	switch {
	case arg == "":
		m.ask(promptCommand, ":", "bitrate ")
	case arg == "original":
		m.env.Send(session.SetBitrate{})
	case err != nil:
		m.say(session.Warning, "“"+arg+"” is no bitrate, want 96, 160, 320 or original")
	default:
		m.env.Send(session.SetBitrate{Kbps: kbps})
	}
}

// share makes a link of the selected tracks, or sends them to somebody.
func (m *Model) share(to string) {
	sel := m.selection()
	var tracks []music.Ref
	for _, r := range sel.Refs() {
		if len(tracks) > 0 && r.Account != tracks[0].Account {
			m.say(session.Warning, "tracks of one account at a time can be shared")
			return
		}
		tracks = append(tracks, r)
	}
	if len(tracks) == 0 {
		m.say(session.Info, "there is nothing selected to share")
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

package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/page"
)

// apply takes all news of one batch.
func (m *Model) apply(events []session.Event) tea.Cmd {
	var cmds []tea.Cmd
	for _, ev := range events {
		ev = m.refusal.Take(ev, m.env.Accounts, m.keys.Key(keymap.Allow))
		cmds = append(cmds, m.applyOne(ev), m.forward(ev))
	}
	return tea.Batch(cmds...)
}

// forward gives an event to every page that is open and to the panes. A cover
// is decoded outside of the loop.
func (m *Model) forward(ev session.Event) tea.Cmd {
	for _, s := range m.stacks {
		for _, p := range s {
			p.Apply(ev)
		}
	}
	m.side.apply(ev)
	for _, p := range m.popups {
		p.apply(m, ev)
	}
	img := m.env.Stage.Apply(ev)
	if img == nil {
		return nil
	}
	return m.decoded(*img)
}

func (m *Model) applyOne(ev session.Event) tea.Cmd {
	switch ev := ev.(type) {
	case session.Resync: // what is still so comes right after it
		m.env.Accounts, m.jobs = nil, nil
		m.popups = slices.DeleteFunc(m.popups, func(p popup) bool { _, is := p.(*question); return is })
	case session.PlaybackChanged:
		m.playback(ev.Playback)
	case session.QueueChanged:
		m.env.Queue = ev.Queue
	case session.AccountsChanged:
		m.accounts(ev.Accounts)
	case session.ViewRestored:
		m.restore(ev.Data)
	case session.Notice:
		text := ev.Text
		if ev.Fault != nil && text == "" {
			text = ev.Fault.Error()
		}
		m.say(ev.Level, text)
	case session.Undoable:
		m.say(session.Info, ev.Text+" · "+m.keys.Key(keymap.Undo)+" undoes")
	case session.Progress:
		m.progress(ev)
	case session.PlayContextFailed:
		m.opens(music.Track{})
	case session.StreamingError:
		if ev.Fault != nil {
			m.say(session.Failure, ev.Fault.Error())
		}
	case session.TracksChanged:
		for _, t := range ev.Tracks {
			if t.Ref == m.env.Play.Track.Ref {
				m.env.Play.Track = page.CleanTrack(t)
			}
		}
	case session.PageLoaded:
		m.lookForMusic(ev)
	case session.LoginNeeded:
		m.asked(ev)
	case session.LoggedIn:
		m.signedIn(ev)
	case session.LoggedOut:
		if ev.Fault == nil {
			m.say(session.Info, "signed out of "+string(ev.Account))
		}
	case session.ConnectionError:
		m.connection(ev)
	case session.DevicesChanged:
		m.env.Devices = ev.Accounts
	case session.DeviceNeeded:
		m.needDevice()
	case session.SettingsChanged:
		m.env.Settings = ev.Settings
	case session.PrivateSessionModeChanged:
		m.say(session.Info, either(ev.On, "private session: nothing is counted or reported", "the private session is over"))
	case session.OfflineModeChanged:
		m.say(session.Info, either(ev.On, "offline: the network is not used", "the network is used again"))
	case session.Shared:
		return m.shared(ev)
	default:
		// What is left is for pages, or comes as a Notice as well.
	}
	return nil
}

func (m *Model) playback(p session.Playback) {
	p.Track = page.CleanTrack(p.Track)
	old := m.env.Play
	m.env.Play = p
	m.opens(p.Opening)
	if p.DeviceOf == "" {
		m.env.Output = page.Clean(p.Device)
	}
	if old.Track.Ref != p.Track.Ref {
		m.dragging = false // the bar is another track's now
	}
	if old.Position != p.Position || old.State != p.State || old.Track.Ref != p.Track.Ref {
		m.retick()
	}
}

func (m *Model) accounts(list []session.AccountInfo) {
	m.env.Accounts = list
	m.side.update(list)
	m.settle()
}

// progress keeps the jobs that run, for the hint line.
func (m *Model) progress(ev session.Progress) {
	for i, j := range m.jobs {
		if j.Job == ev.Job {
			if ev.Finished {
				m.jobs = append(m.jobs[:i:i], m.jobs[i+1:]...)
			} else {
				m.jobs[i] = ev
			}
			return
		}
	}
	if !ev.Finished {
		m.jobs = append(m.jobs, ev)
	}
}

// lookForMusic opens the built-in album when the very first view turns out to
// be an empty library.
func (m *Model) lookForMusic(ev session.PageLoaded) {
	if m.tried || m.view != page.Library || ev.Fault != nil || ev.Page.Ask.Of != music.Section(music.Local, music.SectionAlbums) || ev.Page.Ask.Filter != "" {
		return
	}
	m.tried = true
	sampler, ok := m.side.find(music.SectionSampler)
	if ev.Page.Total == 0 && ok && len(m.stacks[page.Library]) == 1 {
		m.openSection(sampler)
	}
}

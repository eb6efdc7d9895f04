package ui

import (
	"encoding/json"
	"slices"
	"time"

	"segue/internal/music"
	"segue/session"
	"segue/ui/page"
)

// show opens a view where it was left.
func (m *Model) show(v page.View) {
	if n := len(m.visited); v != m.view && m.view != "" && (n == 0 || m.visited[n-1] != m.view) {
		m.visited = append(m.visited, m.view)
		if len(m.visited) > 50 {
			m.visited = m.visited[1:]
		}
	}
	m.view = v
	m.focus, m.showB = paneMain, false
	if len(m.stacks[v]) > 0 {
		return
	}
	places := m.saved[v]
	delete(m.saved, v)
	if len(places) == 0 {
		places = []page.Place{m.home(v)}
	}
	for _, p := range places {
		p.View = v
		if p.Of == music.Queue && p.Cursor == 0 {
			p.Cursor = max(m.env.Queue.Index, 0)
			p.Top = max(p.Cursor-3, 0)
		}
		m.stacks[v] = append(m.stacks[v], page.New(m.env, p))
	}
}

// home is where a view begins.
func (m *Model) home(v page.View) page.Place {
	p := page.Place{View: v}
	switch v {
	case page.Library:
		p.Title = "Library"
		if f, ok := m.side.find(music.SectionAlbums); ok {
			p.Of, p.Title = f.Ref, f.Name
		} else if f, ok := m.firstSection(); ok {
			p.Of, p.Title = f.Ref, f.Name
		}
	case page.Playlists:
		p.Of, p.Title = music.Section(m.side.keeper(), music.SectionPlaylists), "Playlists"
	case page.Queue:
		p.Of, p.Title = music.Queue, "Queue"
	case page.Search, page.Toplists, page.Now, page.Accounts, page.Settings, page.Log, page.Devices:
	}
	return p
}

func (m *Model) firstSection() (music.Folder, bool) {
	if len(m.side.sections) == 0 {
		return music.Folder{}, false
	}
	return m.side.sections[0], true
}

// settle opens the library when the accounts become known after the start.
func (m *Model) settle() {
	s := m.stacks[page.Library]
	if len(s) != 1 || !s[0].Place().Of.IsZero() {
		return
	}
	if home := m.home(page.Library); !home.Of.IsZero() {
		m.stacks[page.Library] = []page.Page{page.New(m.env, home)}
		m.side.put(home.Of)
	}
}

// mostPlaces is how many places of a view are on the way back.
const mostPlaces = 50

// open goes into a place from the view that is on the screen.
func (m *Model) open(p page.Place) {
	if m.view == page.Now || m.view == page.Accounts || m.view == page.Settings || m.view == page.Log || m.view == page.Devices {
		m.show(page.Library)
	}
	p.View = m.view
	if m.view == page.Search || m.view == page.Toplists {
		p.View = page.Library // a plain list, on this view's stack
	}
	s := append(m.stacks[m.view], page.New(m.env, p))
	if len(s) > mostPlaces {
		s = slices.Delete(s, 1, 2) // the first is the way out
	}
	m.stacks[m.view] = s
	m.focus, m.showB = paneMain, false
	m.save()
}

// openSection goes to a row of the sidebar.
func (m *Model) openSection(f music.Folder) {
	v := page.Library
	if f.Ref.ID == music.SectionPlaylists && f.Ref.Kind == music.KindSection {
		v = page.Playlists
	}
	if f.Ref.Kind == music.KindPlaylist {
		v = page.Playlists
	}
	m.show(v)
	switch s := m.stacks[v]; {
	case f.Ref.Kind == music.KindPlaylist: // the way out of it leads to all of them
		if all := music.Section(f.Ref.Account, music.SectionPlaylists); len(s) == 0 || s[0].Place().Of != all {
			s = []page.Page{page.New(m.env, page.Place{View: v, Of: all, Title: "Playlists"})}
		}
		m.stacks[v] = append(s[:1:1], page.New(m.env, page.Place{View: v, Of: f.Ref, Title: f.Name}))
	case len(s) > 0 && s[0].Place().Of == f.Ref:
		m.stacks[v] = s[:1]
	default:
		m.stacks[v] = []page.Page{page.New(m.env, page.Place{View: v, Of: f.Ref, Title: f.Name})}
	}
	m.side.put(f.Ref)
	m.focus, m.showB = paneMain, false
	m.save()
}

// back goes out of a place, or to the view before; false = there is none.
func (m *Model) back() bool {
	if s := m.stacks[m.view]; len(s) > 1 {
		m.stacks[m.view] = s[:len(s)-1]
		m.current().Apply(session.ContainerChanged{})
		m.save()
		return true
	}
	if n := len(m.visited); n > 0 {
		v := m.visited[n-1]
		m.visited = m.visited[:n-1]
		m.show(v)
		m.visited = m.visited[:min(n-1, len(m.visited))]
		m.save()
		return true
	}
	return false
}

// viewState is what is found again after a restart.
type viewState struct {
	View    page.View                  `json:"view"`
	Stacks  map[page.View][]page.Place `json:"stacks"`
	HideB   bool                       `json:"hideSidebar,omitempty"`
	HideR   bool                       `json:"hideRight,omitempty"`
	WantR   bool                       `json:"right,omitempty"`
	Visual  bool                       `json:"visualizer,omitempty"`
	Folded  map[music.AccountID]bool   `json:"folded,omitempty"` // accounts of the sidebar
	History map[promptKind][]string    `json:"history,omitempty"`
	Lately  []string                   `json:"searches,omitempty"`
	Shut    bool                       `json:"playlistsFolded,omitempty"`
	Open    map[string]bool            `json:"playlistFolders,omitempty"` // that show what is in them
	// Lyrics are by how much the lyrics of a track come sooner than written, ns.
	Lyrics map[string]time.Duration `json:"lyrics,omitempty"`
}

// save hands the view's state to the session.
func (m *Model) save() {
	st := viewState{View: m.view, Stacks: map[page.View][]page.Place{}, HideB: m.hideB, HideR: m.hideR, WantR: m.wantR, Visual: m.visual.on, Folded: m.side.folded, History: m.history,
		Lyrics: m.env.Stage.Shifts(), Lately: m.env.Searches, Shut: m.side.lists.shut, Open: m.side.lists.open}
	for v, places := range m.saved {
		st.Stacks[v] = places
	}
	for v, s := range m.stacks {
		places := make([]page.Place, 0, len(s))
		for _, p := range s {
			places = append(places, p.Place())
		}
		st.Stacks[v] = places
	}
	data, err := json.Marshal(st)
	if err != nil {
		m.say(session.Warning, "the view cannot be saved: "+err.Error())
		return
	}
	m.env.Send(session.SaveView{Data: data})
}

// restore takes the state of before the restart; one that cannot be read is left.
func (m *Model) restore(data []byte) {
	var st viewState
	if len(data) == 0 || json.Unmarshal(data, &st) != nil {
		return
	}
	m.hideB, m.hideR, m.wantR = st.HideB, st.HideR, st.WantR
	m.side.folded, m.side.lists.shut, m.side.lists.open = st.Folded, st.Shut, st.Open
	m.side.update(m.side.accounts)
	m.visual.on = st.Visual && m.opt.Spectrum != nil
	m.env.Stage.SetShifts(st.Lyrics)
	m.env.Searches = st.Lately
	if st.History != nil {
		m.history = st.History
	}
	m.saved = map[page.View][]page.Place{}
	for v, places := range st.Stacks {
		if len(places) > 0 && len(places) < 100 && (v != page.Library || !places[0].Of.IsZero()) {
			m.saved[v] = places
		}
	}
	if m.opt.InitialView != "" {
		return
	}
	for _, v := range page.AllViews() {
		if v == st.View {
			m.tried = true
			m.stacks = map[page.View][]page.Page{}
			m.visited, m.view = nil, ""
			m.show(v)
			if v == page.Library || v == page.Playlists {
				m.side.put(m.activeSection())
			}
		}
	}
}

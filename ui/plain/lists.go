package plain

import (
	"slices"
	"strings"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/page"
)

// look asks for a page that is not to be listed; then is told what came.
func (p *talker) look(ask music.Ask, then func(music.Page, *session.Fault)) {
	p.ticket++
	p.asked, p.then = p.ticket, then
	p.opt.Session.Send(session.Load{Ticket: p.ticket, Lane: "plain", Ask: ask})
}

// can tells what an account may be asked for.
func (p *talker) can(id music.AccountID) session.Can {
	for _, a := range p.accts {
		if a.ID == id {
			return a.Can
		}
	}
	return session.Can{}
}

// listsOf names the account that playlists are looked for and made in: that of an argument,
// else the local one. Of others that keep some it tells.
func (p *talker) listsOf(arg string) (music.AccountID, bool) {
	var others []string
	for _, a := range p.accts {
		switch {
		case string(a.ID) == arg && arg != "":
			return a.ID, true
		case a.ID != music.Local && a.Can.Playlists:
			others = append(others, string(a.ID))
		}
	}
	if arg != "" {
		p.say("no account is named %s", page.Clean(arg))
		return "", false
	}
	if len(others) > 0 {
		p.say("playlists NAME lists those of %s", strings.Join(others, ", "))
	}
	return music.Local, true
}

// addTo adds rows to the playlist of a name, of the account of the rows or the local one;
// where there is none of that name, it is made.
func (p *talker) addTo(asks []music.Ask, name string) {
	if name == "" {
		p.say("add-to-playlist needs rows and the name of a playlist, as in add-to-playlist 1-3 Evening")
		return
	}
	home := music.Local
	if id := asks[0].Of.Account; p.can(id).Playlists {
		home = id
	}
	for _, a := range asks {
		if a.Of.Account != home {
			home = music.Local
		}
	}
	p.addIn(asks, name, slices.Compact([]music.AccountID{home, music.Local}), 0)
}

// addIn looks for the playlist in the account homes[i] and in those after it; where none
// has it, it is made in the first.
func (p *talker) addIn(asks []music.Ask, name string, homes []music.AccountID, i int) {
	p.look(music.Ask{Of: music.Section(homes[i], music.SectionPlaylists), Limit: 500}, func(pg music.Page, fault *session.Fault) {
		for _, it := range pg.Items {
			if l, ok := it.(music.Playlist); ok && l.Writable && strings.EqualFold(page.Clean(l.Name), name) {
				p.send(session.PlaylistAdd{Playlist: l.Ref, Add: asks})
				return
			}
		}
		switch {
		case fault != nil:
			p.say("error: %s", page.Clean(fault.Error()))
		case i+1 < len(homes):
			p.addIn(asks, name, homes, i+1)
		default:
			p.send(session.PlaylistCreate{Account: homes[0], Name: name, Add: asks})
		}
	})
}

// onPlaylist renames or deletes a playlist: the one of a row, or the one that is listed.
func (p *talker) onPlaylist(a keymap.Action, arg string) {
	l := p.here()
	if l == nil {
		return
	}
	ref, name := l.ask.Of, arg
	if ref.Kind != music.KindPlaylist {
		rows, rest, ok := rowsOf(l, arg)
		if ok {
			ref, name = itemAt(l, rows[0]).ItemRef(), rest
		}
		if !ok || len(rows) > 1 || ref.Kind != music.KindPlaylist {
			p.say("%s needs the number of a playlist that is listed", a)
			return
		}
	}
	switch {
	case a == keymap.DeleteList:
		p.send(session.PlaylistDelete{Playlist: ref})
		if l.ask.Of == ref && len(p.place) > 1 {
			p.place = p.place[:len(p.place)-1]
		}
		p.stale = true
	case name == "":
		p.say("rename-playlist needs the new name")
	default:
		p.send(session.PlaylistRename{Playlist: ref, Name: name})
		p.stale = true
	}
}

// saveSearch makes what was looked for last a live playlist.
func (p *talker) saveSearch(name string) {
	l := p.here()
	switch {
	case l == nil:
	case name == "":
		p.say("save-search needs the name of the playlist")
	default:
		words := page.Live(l.ask.Of, l.ask.Filter)
		if words == "" {
			p.say("a live playlist is of the whole library: search there first")
			return
		}
		p.send(session.PlaylistCreate{Account: music.Local, Name: name, Query: words})
	}
}

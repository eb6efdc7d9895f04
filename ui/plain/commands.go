package plain

import (
	"strconv"
	"strings"
	"time"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/page"
	"segue/ui/screen"
)

// rowsAtOnce is how many rows a listing has.
const rowsAtOnce = 20

// command does one line.
func (p *talker) command(line string) error {
	name, arg, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), ":")), " ")
	arg = strings.TrimSpace(arg)
	switch name {
	case "":
		return nil
	case "q", string(keymap.Quit), "exit":
		return errEnd
	case string(keymap.Help):
		p.help()
		return nil
	case "status":
		p.status()
		return nil
	case "answer":
		p.answerQuestion(arg)
		return nil
	}
	if name == "play" && arg != "" {
		name = string(keymap.Open)
	}
	a := keymap.Action(name)
	d, ok := p.keys.Def(a)
	if !ok {
		msg := "no command is named " + strconv.Quote(name)
		if n, near := p.keys.Nearest(name); near {
			msg += "; did you mean " + string(n) + "?"
		}
		p.say("%s", msg)
		return nil
	}
	if p.navigate(a, arg) || p.onRow(a, arg) || p.account(a, arg) || p.devices(a, arg) || p.prefer(a, arg) || p.transport(d, arg) {
		return nil
	}
	p.say("%s needs the screen", name)
	return nil
}

// transport does what concerns the session alone.
func (p *talker) transport(d keymap.Def, arg string) bool {
	if arg != "" && d.Arg != "" {
		c, err := page.Argument(d.Name, arg)
		switch {
		case err != nil:
			p.say("%s", err)
			return true
		case c != nil:
			p.send(c)
			return true
		}
	}
	if d.Name == keymap.Scan {
		p.scan(arg)
		return true
	}
	n := 1
	if v, err := strconv.Atoi(arg); err == nil && v > 0 {
		n = v
	}
	list, ok := page.Transport(d.Name, n)
	for _, c := range list {
		p.send(c)
	}
	return ok
}

// prefer does what the session may be set to.
func (p *talker) prefer(a keymap.Action, arg string) bool {
	c, err := page.Prefer(a, arg, p.set)
	if err != nil {
		p.say("%s", err)
		return true
	}
	if c != nil {
		p.send(c)
	}
	return c != nil
}

func (p *talker) scan(path string) {
	c := session.Scan{Account: music.Local}
	if path != "" {
		c.Paths = []string{page.Expand(path)}
	}
	p.send(c)
}

// navigate does what lists something.
func (p *talker) navigate(a keymap.Action, arg string) bool {
	switch a {
	case keymap.GoLibrary:
		p.library()
	case keymap.GoPlaylists:
		p.goTo(music.Ask{Of: music.Section(music.Local, music.SectionPlaylists)}, "playlists")
	case keymap.GoQueue:
		p.goTo(music.Ask{Of: music.Queue}, "queue")
	case keymap.GoFiles:
		p.goTo(music.Ask{Of: music.Section(music.Local, music.SectionFiles)}, "files")
	case keymap.GoToplists:
		if arg != "" {
			p.goTo(music.Ask{Of: session.ToplistAsk{Type: session.TypeTracks, Region: strings.ToLower(arg)}.Section("")}, "toplist "+arg)
			return true
		}
		p.goTo(music.Ask{Of: music.Section(music.Local, music.SectionToplist+"/tracks/month")}, "most heard this month")
	case keymap.GoSearch:
		if arg == "" {
			p.say("search needs words")
			return true
		}
		of := music.Section(music.Local, music.SectionSearch)
		if sections(p.accts) > sectionsOf(p.accts, music.Local) {
			of.Account = "" // of all accounts
		}
		p.goTo(music.Ask{Of: of, Filter: arg}, "search for "+arg)
	case keymap.Find:
		if l := p.here(); l != nil {
			ask := l.ask
			ask.Filter, ask.Offset = arg, 0
			p.load(ask)
		}
	case keymap.Sort:
		if l := p.here(); l != nil {
			ask := l.ask
			ask.Sort, ask.Offset = music.Sort(arg), 0
			p.load(ask)
		}
	case keymap.Back, keymap.Out:
		p.back()
	case keymap.PageDown, keymap.PageUp, keymap.Refresh:
		p.turn(a)
	case keymap.GoNow:
		p.status()
	default:
		return false
	}
	return true
}

// library lists the sections of all accounts, which are known already.
func (p *talker) library() {
	l := listing{title: "library"}
	for _, a := range p.accts {
		for _, f := range parts(a) {
			f.Name, f.Detail = page.Clean(f.Name), page.Clean(f.Detail)
			if len(p.accts) > 1 {
				f.Name = string(a.ID) + ": " + f.Name
			}
			l.items = append(l.items, f)
		}
	}
	l.total = len(l.items)
	p.place = []listing{l}
	p.list(&l)
}

func (p *talker) here() *listing {
	if len(p.place) == 0 {
		p.say("nothing is listed yet; library lists what there is")
		return nil
	}
	return &p.place[len(p.place)-1]
}

func (p *talker) goTo(ask music.Ask, title string) {
	p.place = append(p.place, listing{ask: ask, title: title})
	p.load(ask)
}

func (p *talker) load(ask music.Ask) {
	p.ticket++
	p.asked = p.ticket
	ask.Limit = rowsAtOnce
	if everywhere(ask) {
		// the rows of all accounts come at once; a listing shows the first of each kind
		p.opt.Session.Send(session.Search{Ticket: p.ticket, Lane: "plain", Query: ask.Filter})
		return
	}
	p.opt.Session.Send(session.Load{Ticket: p.ticket, Lane: "plain", Ask: ask})
}

// everywhere reports whether a listing is a search of all accounts.
func everywhere(ask music.Ask) bool { return ask.Of == music.Section("", music.SectionSearch) }

func (p *talker) back() {
	if len(p.place) < 2 {
		p.library()
		return
	}
	p.place = p.place[:len(p.place)-1]
	p.list(&p.place[len(p.place)-1])
}

// turn lists the next, the previous or the same rows.
func (p *talker) turn(a keymap.Action) {
	l := p.here()
	if l == nil || l.ask.Of.IsZero() {
		return
	}
	ask := l.ask
	switch a {
	case keymap.PageDown:
		if ask.Offset+len(l.items) >= l.total {
			p.say("that was all")
			return
		}
		ask.Offset += len(l.items)
	case keymap.PageUp:
		ask.Offset = max(ask.Offset-rowsAtOnce, 0)
	default:
	}
	p.load(ask)
}

// onRow does what acts on a row of the listing, by its number.
func (p *talker) onRow(a keymap.Action, arg string) bool {
	switch a {
	case keymap.Open, keymap.PlayAll, keymap.Enqueue, keymap.EnqueueNext, keymap.Star, keymap.Remove, keymap.Radio:
	default:
		return false
	}
	l := p.here()
	if l == nil {
		return true
	}
	n, err := strconv.Atoi(arg)
	i := n - 1 - l.ask.Offset
	if err != nil || i < 0 || i >= len(l.items) {
		p.say("%s needs the number of a row that is listed", a)
		return true
	}
	p.act(a, l, i)
	return true
}

func (p *talker) act(a keymap.Action, l *listing, i int) {
	it := l.items[i]
	if c, ok := it.(music.Chart); ok {
		it = c.Item
	}
	ref := it.ItemRef()
	send := p.send
	switch {
	case ref.IsZero():
		p.say("%s is not in your library", it.ItemName())
	case a == keymap.Enqueue, a == keymap.EnqueueNext:
		where := session.AtEnd
		if a == keymap.EnqueueNext {
			where = session.AfterCurrent
		}
		send(session.Enqueue{Asks: []music.Ask{{Of: ref}}, Where: where})
	case a == keymap.Star:
		send(session.Star{Refs: []music.Ref{ref}})
	case a == keymap.Radio:
		send(session.PlayRadio{Of: ref})
	case a == keymap.Remove && l.ask.Of == music.Queue && i < len(l.entries):
		send(session.QueueRemove{Entries: l.entries[i : i+1]})
	case a == keymap.Remove && l.ask.Of.Kind == music.KindPlaylist:
		send(session.PlaylistRemove{Playlist: l.ask.Of, Rows: []session.Row{{Index: l.ask.Offset + i, Track: ref}}})
	case a == keymap.Remove:
		p.say("nothing can be removed from here")
	case !ref.IsTrack() && a == keymap.Open:
		p.goTo(music.Ask{Of: ref}, it.ItemName())
	case !ref.IsTrack():
		send(session.PlayContext{Ask: music.Ask{Of: ref}})
	case l.ask.Of == music.Queue && i < len(l.entries):
		send(session.QueuePlay{Entry: l.entries[i]})
	case everywhere(l.ask):
		send(session.PlayContext{Ask: music.Ask{Of: ref}})
	default:
		send(session.PlayContext{Ask: music.Ask{Of: l.ask.Of, Filter: l.ask.Filter, Sort: l.ask.Sort}, Start: ref, Index: l.ask.Offset + i})
	}
}

// status says what plays, where, and how.
func (p *talker) status() {
	if p.play.Track.Ref.IsZero() {
		p.say("nothing plays; volume %d", p.play.Volume)
		return
	}
	if p.play.Track.Title == "" && p.waits < patience {
		// after a restart the place is known before the track is: ask again in a moment
		p.waits++
		p.lines = append([]string{"status"}, p.lines...)
		p.busy = time.After(working)
		return
	}
	p.waits = 0
	at := p.play.Position.Now(now(), p.play.Track.Duration)
	p.say("%s: %s, at %s; volume %d, shuffle %s, repeat %s; %d of %d in the queue", p.play.State, describe(p.play.Track),
		screen.ClockAt(at), p.play.Volume, either(p.play.Shuffle, "on", "off"), p.play.Repeat, p.queue.Index+1, p.queue.Len)
}

// help lists the commands that work without a screen.
func (p *talker) help() {
	p.say("On rows, by number: open, play, play-container, enqueue, enqueue-next, star, remove, radio.")
	p.say("Lists: library, playlists, queue, files, toplists, search WORDS, find WORDS, sort ORDER, page-down, page-up, back, refresh.")
	for _, d := range p.keys.Defs() {
		if _, ok := page.Transport(d.Name, 1); !ok && !argued(d.Name) {
			continue
		}
		name := string(d.Name)
		if d.Arg != "" {
			name += " " + d.Arg
		}
		p.say("%s: %s", name, d.Title)
	}
	p.say("status: what plays. quit: the end.")
}

func argued(a keymap.Action) bool {
	switch a {
	case keymap.GoAccounts, keymap.GoDevices, keymap.Login, keymap.Logout, keymap.Relogin, keymap.Forget, keymap.PrivateSession, keymap.OfflineMode,
		keymap.Scrobbling, keymap.Bitrate, keymap.Gain, keymap.LoadQueue, keymap.Bookmark:
		return true
	case keymap.Volume, keymap.Seek, keymap.Sleep, keymap.OpenLink, keymap.SaveQueue, keymap.NewPlaylist, keymap.Scan:
		return true
	default:
		return false
	}
}

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
		p.help(arg)
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
	if p.navigate(a, arg) || p.onRow(a, arg) || p.tell(a, arg) || p.account(a, arg) || p.devices(a, arg) || p.prefer(a, arg) || p.transport(d, arg) {
		return nil
	}
	if what, ok := takes(d); ok && what != "" {
		p.say("%s needs %s", name, strings.ReplaceAll(what, " | ", " or "))
		return nil
	}
	p.say("%s needs the screen", name)
	return nil
}

// tell does what says something, and what is about the playing track or all of the queue.
func (p *talker) tell(a keymap.Action, arg string) bool {
	switch a {
	case keymap.GoNow:
		p.nowPlaying()
	case keymap.GoSettings:
		p.settings(arg)
	case keymap.GoLog:
		p.log()
	case keymap.CancelJob:
		p.cancel()
	case keymap.SaveSearch:
		p.saveSearch(arg)
	case keymap.ClearQueue:
		p.send(session.QueueClear{})
	case keymap.Seek, keymap.Restart, keymap.SeekBack, keymap.SeekAhead, keymap.SeekBack10, keymap.SeekAhead10, keymap.SeekBack30, keymap.SeekAhead30,
		keymap.SeekBack60, keymap.SeekAhead60, keymap.Pause, keymap.Next, keymap.Previous:
		if !p.play.Track.Ref.IsZero() {
			return false
		}
		p.say("nothing plays")
	case keymap.GoAlbum, keymap.GoArtist, keymap.StarPlaying:
		switch t := p.play.Track; {
		case t.Ref.IsZero():
			p.say("nothing plays")
		case a == keymap.StarPlaying:
			p.send(session.Star{Refs: []music.Ref{t.Ref}})
		default:
			p.related(a == keymap.GoAlbum, t)
		}
	default:
		return false
	}
	return true
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
		if id, ok := p.listsOf(arg); ok {
			p.goTo(music.Ask{Of: music.Section(id, music.SectionPlaylists)}, "playlists")
		}
	case keymap.GoQueue:
		p.goTo(music.Ask{Of: music.Queue}, "queue")
	case keymap.GoPlaying:
		p.goTo(music.Ask{Of: music.Queue, Offset: max(p.queue.Index, 0)}, "queue")
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
		p.goTo(music.Ask{Of: of, Filter: arg}, "search")
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

// back shows all rows of a list that was searched through, else the list before.
func (p *talker) back() {
	if n := len(p.place); n > 0 && p.place[n-1].ask.Filter != "" && !everywhere(p.place[n-1].ask) && p.place[n-1].ask.Of.ID != music.SectionSearch {
		ask := p.place[n-1].ask
		ask.Filter, ask.Offset = "", 0
		p.load(ask)
		return
	}
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

// status says what plays, where, and how.
func (p *talker) status() {
	if p.play.Track.Ref.IsZero() {
		p.say("nothing plays; volume %d", p.play.Volume)
		p.tellJobs()
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
	if at := p.play.SleepAt; !at.IsZero() {
		p.say("%s", asleep(at))
	}
	p.tellJobs()
}

// help lists the commands that work without a screen, those that a word is in if there is one.
func (p *talker) help(word string) {
	told := false
	tell := func(line string) {
		if strings.Contains(strings.ToLower(line), strings.ToLower(word)) {
			told = true
			p.say("%s", line)
		}
	}
	if word == "" {
		tell("Rows are meant by their numbers, as in enqueue 3, enqueue 2-5 or enqueue 1,4-6.")
		tell("help WORD lists only what the word is in.")
	}
	tell("status: what plays, and what is at work")
	for _, d := range p.keys.Defs() {
		if takes, ok := takes(d); ok {
			tell(strings.TrimSpace(string(d.Name)+" "+takes) + ": " + d.Title)
		}
	}
	tell("answer TEXT: answers what a service asks")
	tell("quit: the end")
	if !told {
		p.say("no command is called %s", page.Clean(word))
	}
}

// takes says what a command takes behind its name without a screen; false = it does nothing there.
func takes(d keymap.Def) (arg string, ok bool) {
	switch d.Name {
	case keymap.Open, keymap.Radio, keymap.RowAlbum, keymap.RowArtist, keymap.Details:
		return "ROW", true
	case keymap.PlayAll, keymap.Enqueue, keymap.EnqueueNext, keymap.Star, keymap.Remove, keymap.MarkOffline:
		return "ROWS", true
	case keymap.MoveUp, keymap.MoveDown:
		return "ROWS [BY]", true
	case keymap.AddTo, keymap.Share, keymap.Rate:
		return "ROWS " + d.Arg, true
	case keymap.Rename:
		return "[ROW] NAME", true
	case keymap.DeleteList:
		return "[ROW]", true
	case keymap.AddAccount:
		return "SERVICE ADDRESS USER [NAME]", true
	case keymap.GoPlaylists:
		return "[ACCOUNT]", true
	case keymap.Forget:
		return "[ACCOUNT] [remove]", true
	case keymap.GoSettings:
		return "[WORD]", true
	case keymap.GoLibrary, keymap.GoQueue, keymap.GoFiles, keymap.GoToplists, keymap.GoSearch, keymap.GoNow, keymap.GoPlaying, keymap.GoAlbum, keymap.GoArtist,
		keymap.GoAccounts, keymap.GoDevices, keymap.GoLog, keymap.Find, keymap.Sort, keymap.Back, keymap.PageDown, keymap.PageUp, keymap.Refresh,
		keymap.Login, keymap.Logout, keymap.Relogin, keymap.Allow, keymap.PrivateSession, keymap.OfflineMode, keymap.Scrobbling,
		keymap.Bitrate, keymap.Gain, keymap.LoadQueue, keymap.Bookmark, keymap.SyncNow, keymap.SaveSearch, keymap.ClearQueue, keymap.StarPlaying,
		keymap.Volume, keymap.Seek, keymap.Sleep, keymap.OpenLink, keymap.SaveQueue, keymap.NewPlaylist, keymap.Scan, keymap.CancelJob:
		return d.Arg, true
	default:
		_, ok := page.Transport(d.Name, 1)
		return d.Arg, ok
	}
}

package plain

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"segue/internal/music"
	"segue/session"
	"segue/ui/page"
	"segue/ui/screen"
)

func (p *talker) events(es []session.Event) error {
	for _, ev := range es {
		if err := p.event(ev); err != nil {
			return err
		}
	}
	return p.resumeIfReady()
}

func (p *talker) resumeIfReady() error {
	if !p.ready {
		return nil
	}
	return p.resume()
}

func (p *talker) event(ev session.Event) error {
	switch ev := p.refusal.Take(ev, p.accts, "the command allow").(type) {
	case session.AccountsChanged:
		p.accounts(ev.Accounts)
		if sections(ev.Accounts) > 0 { // the lines that wait are done after the rest of the batch is known
			p.ready = true
			p.greet()
		}
	case session.PlaybackChanged:
		p.playback(ev.Playback)
	case session.QueueChanged:
		p.queue = ev.Queue
	case session.PageLoaded:
		p.answer(ev)
	case session.Notice:
		p.notice(ev)
	case session.Undoable:
		p.say("%s; undo takes it back", page.Clean(ev.Text))
	case session.StreamingError:
		if ev.Fault != nil {
			p.warn(session.Failure, ev.Fault.Error())
		}
	case session.Progress:
		p.job(ev)
	case session.LyricsLoaded:
		p.lyrics(ev)
	case session.Shared:
		p.shared(ev)
	case session.SearchLoaded:
		p.found(ev)
	case session.LoginNeeded:
		p.question(ev)
	case session.LoggedIn:
		if ev.Fault == nil {
			p.say("signed in to %s as %s", ev.Account, page.Clean(ev.User.Name))
		}
	case session.LoggedOut:
		if ev.Fault == nil {
			p.say("signed out of %s", ev.Account)
		}
	case session.DevicesChanged:
		p.devicesAre(ev)
	case session.DeviceNeeded:
		p.needDevice(ev)
	case session.SettingsChanged:
		p.set = ev.Settings
	case session.PrivateSessionModeChanged:
		p.say("private session %s", either(ev.On, "on", "off"))
	case session.OfflineModeChanged:
		p.say("offline mode %s", either(ev.On, "on", "off"))
	case session.QueueEnded:
		p.say("the music has ended")
		if p.eof && p.opt.EndWithMusic {
			return errEnd
		}
	case session.Resync, session.ViewRestored, session.ImageLoaded, session.ContainerChanged,
		session.TracksChanged, session.TrackHeard, session.StartPlayback, session.StopPlayback, session.EndOfTrack:
	}
	return nil
}

func sections(list []session.AccountInfo) int {
	n := 0
	for _, a := range list {
		n += len(a.Sections)
	}
	return n
}

func sectionsOf(list []session.AccountInfo, id music.AccountID) int {
	for _, a := range list {
		if a.ID == id {
			return len(a.Sections)
		}
	}
	return 0
}

// found lists what a search of all accounts has found, and who did not answer.
func (p *talker) found(ev session.SearchLoaded) {
	if ev.Ticket != p.asked || p.asked == 0 {
		return
	}
	page := music.Page{Ask: p.place[len(p.place)-1].ask}
	for _, one := range ev.Result.Pages {
		page.Items = append(page.Items, one.Items...)
	}
	page.Ask.Offset, page.Total = 0, len(page.Items)
	for _, f := range ev.Result.Missing {
		p.say("warning: %s", music.Clean(f.Error()))
	}
	p.answer(session.PageLoaded{Ticket: ev.Ticket, Page: page, Fault: ev.Fault})
	if ev.Result.DidYouMean != "" {
		p.say("did you mean %s?", music.Clean(ev.Result.DidYouMean))
	}
}

// accounts says which connections have changed.
func (p *talker) accounts(list []session.AccountInfo) {
	was := map[music.AccountID]session.ConnState{}
	for _, a := range p.accts {
		was[a.ID] = a.State
	}
	for _, a := range list {
		if s, known := was[a.ID]; known && s != a.State && p.greeted && !toldBySign(s, a) {
			line := string(a.ID) + " is " + string(a.State)
			if a.Note != "" {
				line += ": " + page.Clean(a.Note)
			}
			p.say("%s", line)
		}
	}
	p.accts = list
}

// signedOut is the note of an account that somebody signed out of.
const signedOut = "signed out"

// toldBySign reports whether LoggedIn or LoggedOut tells the same.
func toldBySign(was session.ConnState, a session.AccountInfo) bool {
	switch a.State {
	case session.ConnLoggedIn:
		return was == session.ConnLoggedOut
	case session.ConnLoggedOut:
		return a.Note == signedOut
	default:
		return false
	}
}

// playback says what has changed, one line for each thing.
func (p *talker) playback(now session.Playback) {
	now.Track = page.CleanTrack(now.Track)
	old := p.play
	first := !p.known
	p.play, p.known = now, true
	track := now.Entry != old.Entry || now.Track.Ref != old.Track.Ref
	switch {
	case now.Track.Ref.IsZero():
		if !old.Track.Ref.IsZero() {
			p.say("stopped")
		}
	case now.Track.Title == "":
		// said when its name is known
	case track || old.Track.Title == "":
		p.say("%s: %s", now.State, describe(now.Track))
	case now.State != old.State:
		p.say("%s: %s", now.State, now.Track.Title)
	case p.jumped(old.Position, now):
		p.say("at %s", screen.ClockAt(now.Position.Position))
	}
	if first {
		return
	}
	if now.Volume != old.Volume {
		p.say("volume %d", now.Volume)
	}
	if now.Muted != old.Muted {
		p.say("%s", either(now.Muted, "muted", "not muted any more"))
	}
	// that the queue was shuffled comes as news of its own, with how to undo it
	if now.Repeat != old.Repeat {
		p.say("repeat %s", now.Repeat)
	}
	if now.GainMode != old.GainMode {
		p.say("loudness by %s", now.GainMode)
	}
	switch {
	case now.SleepAt.Equal(old.SleepAt):
	case now.SleepAt.IsZero():
		p.say("the sleep timer is off")
	default:
		p.say("%s", asleep(now.SleepAt))
	}
}

func asleep(at time.Time) string {
	return "it pauses after the track that plays at " + at.Local().Format("15:04")
}

// jumped reports whether the position is not where it would be by itself: somebody has sought.
func (p *talker) jumped(was session.Anchor, now session.Playback) bool {
	if was == now.Position || was.At.IsZero() {
		return false
	}
	at := now.Position.At
	by := now.Position.Now(at, 0) - was.Now(at, 0)
	return by.Abs() > 1500*time.Millisecond
}

func either(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

// describe is a track in one line.
func describe(t music.Track) string {
	s := t.Title
	if s == "" {
		s = "a track whose name is not known yet"
	}
	if a := t.Artist(); a != "" {
		s += ", by " + a
	}
	if t.Album != "" {
		s += ", from " + t.Album
	}
	if t.Duration > 0 {
		s += ", " + screen.Clock(t.Duration)
	}
	return s
}

func (p *talker) notice(n session.Notice) {
	text := n.Text
	if text == "" && n.Fault != nil {
		text = n.Fault.Error()
	}
	switch n.Level {
	case session.Warning, session.Failure:
		p.warn(n.Level, text)
	case session.Info:
		p.say("%s", page.Clean(text))
	}
}

// answer lists the rows that were asked for.
func (p *talker) answer(ev session.PageLoaded) {
	if ev.Ticket != p.asked || p.asked == 0 {
		return
	}
	p.asked = 0
	if then := p.then; then != nil {
		p.then = nil
		then(ev.Page, ev.Fault)
		return
	}
	quiet := p.quiet
	p.quiet = false
	l := &p.place[len(p.place)-1]
	if ev.Page.Title != "" {
		l.title = page.Clean(ev.Page.Title)
	}
	l.ask = ev.Page.Ask
	l.items, l.entries, l.total = page.CleanItems(ev.Page.Items), ev.Entries, ev.Page.Total
	if ev.Fault != nil {
		p.say("error: %s", page.Clean(ev.Fault.Error()))
	}
	if !quiet {
		p.list(l)
	}
}

// shared says the link that was made.
func (p *talker) shared(ev session.Shared) {
	if ev.Ticket != p.sharing || p.sharing == 0 || ev.Fault != nil {
		return
	}
	p.sharing = 0
	p.say("%s", strings.TrimSpace("shared "+page.Clean(ev.Link)))
}

// list writes a listing with numbers.
func (p *talker) list(l *listing) {
	head := l.title
	switch f := page.Clean(l.ask.Filter); {
	case f == "":
	case l.ask.Of.Kind == music.KindSection && strings.HasPrefix(l.ask.Of.ID, music.SectionSearch):
		head += " for " + f
	default:
		head += ", what matches " + f
	}
	switch {
	case l.total == 0:
		head += ": nothing is here"
	case l.total > 0:
		head += fmt.Sprintf(", %d in all", l.total)
	}
	p.say("%s", head)
	same := l.ask.Of.Kind == music.KindAlbum
	for i, it := range l.items {
		if t, ok := it.(music.Track); ok && same {
			t.Album = "" // it is the title
			it = t
		}
		playing := ""
		if i < len(l.entries) && l.entries[i] == p.play.Entry && p.play.Entry != 0 {
			playing = ", " + p.play.State.String()
		}
		p.say("%d. %s%s", l.ask.Offset+i+1, row(it), playing)
	}
	if rest := l.total - l.ask.Offset - len(l.items); rest > 0 && len(l.items) > 0 {
		p.say("%d more; page-down lists them", rest)
	}
}

// row is a row in one line, with its kind where that is not plain.
func row(it music.Item) string {
	switch v := it.(type) {
	case music.Track:
		s := describe(v)
		if v.Starred {
			s += ", starred"
		}
		if v.Unplayable != "" {
			s += ", cannot be played"
		}
		return s
	case music.Album:
		s := "album " + v.Title
		if a := v.Artist(); a != "" {
			s += ", by " + a
		}
		if v.Year > 0 {
			s += ", " + strconv.Itoa(v.Year)
		}
		if v.Starred {
			s += ", starred"
		}
		return s
	case music.Artist:
		return "artist " + v.Name
	case music.Playlist:
		return fmt.Sprintf("playlist %s, %d tracks", v.Name, v.Tracks)
	case music.Folder:
		if v.Detail != "" {
			return v.Name + ", " + v.Detail
		}
		return v.Name
	case music.Chart:
		s := row(v.Item)
		if v.Plays > 0 {
			s += fmt.Sprintf(", %d plays", v.Plays)
		}
		switch {
		case v.Previous == 0:
			s += ", new"
		case v.Previous > v.Rank:
			s += ", up " + strconv.Itoa(v.Previous-v.Rank)
		case v.Previous < v.Rank:
			s += ", down " + strconv.Itoa(v.Rank-v.Previous)
		}
		return s
	}
	return it.ItemName()
}

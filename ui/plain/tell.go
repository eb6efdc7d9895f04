package plain

import (
	"strconv"
	"strings"

	"segue/internal/music"
	"segue/session"
	"segue/ui/page"
	"segue/ui/screen"
)

// mostSaid is how many warnings the command log lists.
const mostSaid = 20

// details says all that is known of a row.
func (p *talker) details(it music.Item) {
	web := ""
	if p.opt.PageOf != nil {
		web = page.Clean(p.opt.PageOf(it.ItemRef()))
	}
	p.say("%s", it.ItemName())
	for _, f := range page.Facts(it, web) {
		switch {
		case f[1] == "":
		case f[0] == "":
			p.say("%s", f[1])
		default:
			p.say("%s: %s", strings.ToLower(f[0]), f[1])
		}
	}
}

// settings says what is set and from where; words choose among the names.
func (p *talker) settings(words string) {
	told := false
	for _, s := range page.AllSettings(nil, p.set, p.opt.Settings, p.keys) {
		if !strings.Contains(strings.ToLower(s.Key), strings.ToLower(words)) {
			continue
		}
		told = true
		line := s.Key + ": " + s.Value
		if s.Source != "" {
			line += ", from " + s.Source
		}
		if s.Fault != "" {
			line += "; mistake: " + s.Fault
		}
		p.say("%s", line)
	}
	switch {
	case !told:
		p.say("no setting is named %s", page.Clean(words))
	case p.opt.ConfigPath != "":
		p.say("the file is %s", p.opt.ConfigPath)
	}
}

// warn says what went wrong, and keeps it for the command log.
func (p *talker) warn(level session.Level, text string) {
	text = string(level) + ": " + page.Clean(text)
	p.said = append(p.said, now().Format("15:04")+" "+text)
	p.said = p.said[max(len(p.said)-mostSaid, 0):]
	p.say("%s", text)
}

// log says again what went wrong, and where all of it is written.
func (p *talker) log() {
	if len(p.said) == 0 {
		p.say("nothing went wrong since the start")
	}
	for _, s := range p.said {
		p.say("%s", s)
	}
	if p.opt.LogFile != "" {
		p.say("the log is %s", p.opt.LogFile)
	}
}

// nowPlaying says what plays, and asks for the words that are sung.
func (p *talker) nowPlaying() {
	p.status()
	if p.play.Track.Ref.IsZero() {
		return
	}
	p.ticket++
	p.lyric = p.ticket
	p.send(session.LoadLyrics{Ticket: p.ticket, Track: p.play.Track.Ref})
}

// lyrics says the words that were asked for.
func (p *talker) lyrics(ev session.LyricsLoaded) {
	if ev.Ticket != p.lyric || p.lyric == 0 {
		return
	}
	p.lyric = 0
	if len(ev.Lyrics.Lines) == 0 {
		p.say("it has no lyrics")
		return
	}
	p.say("lyrics:")
	for _, l := range ev.Lyrics.Lines {
		text := strings.TrimSpace(page.Clean(l.Text))
		switch {
		case text == "":
		case ev.Lyrics.Synced:
			p.say("%s %s", screen.Clock(l.At), text)
		default:
			p.say("%s", text)
		}
	}
}

// job keeps what is at work, for status and cancel; what has ended is said.
func (p *talker) job(ev session.Progress) {
	for i, j := range p.jobs {
		if j.Job == ev.Job {
			p.jobs = append(p.jobs[:i:i], p.jobs[i+1:]...)
			break
		}
	}
	switch {
	case !ev.Finished:
		p.jobs = append(p.jobs, ev)
	case ev.Fault != nil:
		p.warn(session.Failure, ev.Fault.Error())
	default:
		p.say("%s: done, %d", page.Clean(ev.Title), ev.Done)
	}
}

// tellJobs says how far the jobs are.
func (p *talker) tellJobs() {
	for _, j := range p.jobs {
		line := page.Clean(j.Title) + ", " + strconv.Itoa(j.Done)
		if j.Total > 0 {
			line += " of " + strconv.Itoa(j.Total)
		}
		p.say("%s; cancel ends it", line)
	}
}

func (p *talker) cancel() {
	if len(p.jobs) == 0 {
		p.say("no job is running")
		return
	}
	p.send(session.CancelJob{Job: p.jobs[len(p.jobs)-1].Job})
}

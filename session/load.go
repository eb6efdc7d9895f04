package session

import (
	"context"
	"time"

	"segue/internal/music"
)

// library carries out the commands that are about what accounts hold.
func (s *Session) library(c Command) {
	switch c := c.(type) {
	case Load:
		s.loadPage(c)
	case LoadImage:
		s.loadImage(c)
	case LoadLyrics:
		s.loadLyrics(c)
	case SaveView:
		s.view = c.Data
		s.saveSoon()
	case Scan:
		s.startScan(c)
	case CancelJob:
		s.cancelJob(c.Job)
	case OpenLink:
		s.openLink(c)
	case Search:
		s.searchFor(c)
	case Suggest:
		s.suggestFor(c)
	case Tell:
		s.notice(c.Level, c.Text, nil)
	default:
		s.change(c)
	}
}

// loadPage answers Load.
func (s *Session) loadPage(c Load) {
	if c.Ask.Of == music.Queue {
		s.loadQueue(c)
		return
	}
	lane := c.Lane
	if lane != "" {
		lane = "load " + lane
	}
	answer := func(p music.Page, err error) {
		if p.Ask == (music.Ask{}) {
			p.Ask = c.Ask
		}
		s.emit(PageLoaded{Ticket: c.Ticket, Page: p, Fault: faultOf(err, c.Ask.Of.Account, "open "+c.Ask.Of.ID)})
	}
	if _, ok := parseToplist(c.Ask.Of); ok {
		from := s.sources()
		call(s, where{key: "toplists", lane: lane}, func(ctx context.Context) (music.Page, error) {
			return from.toplist(ctx, c.Ask)
		}, answer)
		return
	}
	a := s.account(c.Ask.Of.Account)
	if a == nil {
		answer(music.Page{}, noAccount(c.Ask.Of.Account, "open "+c.Ask.Of.ID))
		return
	}
	w := forAccount(a.id)
	w.lane = lane
	from := s.sources()
	call(s, w, func(ctx context.Context) (music.Page, error) {
		return from.overlaid(ctx, a, c.Ask)
	}, func(p music.Page, err error) {
		answer(p, err)
		s.noticed(a, err)
	})
}

// queuePage is a window of the queue with the entries' numbers.
type queuePage struct {
	page    music.Page
	entries []EntryID
}

// pageRows is a window's size when none is asked for.
const pageRows = 500

// loadQueue answers Load for the queue: details come from the accounts.
func (s *Session) loadQueue(c Load) {
	from := s.sources()
	w := where{key: "queue page", limit: workersEach}
	if c.Lane != "" {
		w.lane = "load " + c.Lane
	}
	call(s, w, func(ctx context.Context) (queuePage, error) {
		return from.page(ctx, c.Ask)
	}, func(q queuePage, err error) {
		if q.page.Title == "" {
			q.page.Title, q.page.Ask = "Queue", c.Ask
		}
		s.emit(PageLoaded{Ticket: c.Ticket, Page: q.page, Entries: q.entries, Fault: faultOf(err, "", "show the queue")})
	})
}

// page resolves a window of the queue. Filtered, it needs the details of all.
func (s sources) page(ctx context.Context, ask music.Ask) (queuePage, error) {
	list, found, err := s.queue, []music.Track(nil), error(nil)
	if ask.Filter != "" {
		list, found, err = s.filtered(ctx, ask.Filter)
		if err != nil {
			return queuePage{}, err
		}
	}
	size := ask.Limit
	if size <= 0 {
		size = pageRows
	}
	begin := min(max(ask.Offset, 0), len(list))
	end := min(begin+size, len(list))
	q := queuePage{page: music.Page{Ask: ask, Title: "Queue", Total: len(list), Writable: true, Subtitle: tracks(len(list))}}
	var window []music.Track
	if found != nil {
		window = found[begin:end]
	} else {
		window, err = s.tracks(ctx, refsOf(list[begin:end]))
	}
	for i, t := range window {
		q.page.Items = append(q.page.Items, t)
		q.entries = append(q.entries, list[begin+i].id)
	}
	q.page.Duration = s.duration(ctx, list, window)
	if len(s.queue) == 0 {
		q.page.Note = "the queue is empty: play something, or add it with e"
	} else if len(list) == 0 {
		q.page.Note = "nothing in the queue matches"
	}
	return q, err
}

func refsOf(list []*entry) []music.Ref {
	refs := make([]music.Ref, len(list))
	for i, e := range list {
		refs[i] = e.ref
	}
	return refs
}

// sumUpTo is how long a queue may be for its whole length to be worth adding up.
const sumUpTo = 2000

// duration adds up a list of entries, 0 = unknown. known are details at hand.
func (s sources) duration(ctx context.Context, list []*entry, known []music.Track) (sum time.Duration) {
	if len(list) > sumUpTo {
		return 0
	}
	if len(known) != len(list) {
		all, err := s.tracks(ctx, refsOf(list))
		if err != nil {
			return 0
		}
		known = all
	}
	for _, t := range known {
		if t.Duration <= 0 && t.Unplayable == "" {
			return 0
		}
		sum += t.Duration
	}
	return sum
}

func (s *Session) loadImage(c LoadImage) {
	answer := func(im music.Image, err error) {
		im.Of = c.Of
		s.emit(ImageLoaded{Ticket: c.Ticket, Image: im, Fault: faultOf(err, c.Of.Account, "load the picture")})
	}
	a := s.account(c.Of.Account)
	switch {
	case a == nil:
		answer(music.Image{}, noAccount(c.Of.Account, "load the picture"))
	case a.illustrator == nil:
		answer(music.Image{}, unable(a.id, "load the picture"))
	default:
		call(s, forAccount(a.id), func(ctx context.Context) (music.Image, error) {
			return a.illustrator.Image(ctx, c.Of, c.Px)
		}, answer)
	}
}

func (s *Session) loadLyrics(c LoadLyrics) {
	answer := func(l music.Lyrics, err error) {
		l.Track = c.Track
		s.emit(LyricsLoaded{Ticket: c.Ticket, Lyrics: l, Fault: faultOf(err, c.Track.Account, "load the lyrics")})
	}
	a := s.account(c.Track.Account)
	switch {
	case a == nil:
		answer(music.Lyrics{}, noAccount(c.Track.Account, "load the lyrics"))
	case a.lyricist == nil:
		answer(music.Lyrics{}, unable(a.id, "load the lyrics"))
	default:
		call(s, forAccount(a.id), func(ctx context.Context) (music.Lyrics, error) {
			return a.lyricist.Lyrics(ctx, c.Track)
		}, answer)
	}
}

package page

import (
	"slices"
	"time"

	"segue/internal/music"
	"segue/session"
	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

// Stage is what is known of the playing track beyond its row: cover, lyrics and
// what comes next. The right pane and the page Now draw from it.
type Stage struct {
	env   *Env
	track music.Ref
	image session.Ticket
	covers
	lyric   session.Ticket
	lyrics  music.Lyrics
	shift   time.Duration            // the lyrics of this track come so much earlier
	shifts  map[string]time.Duration // of all tracks that have one, by the Ref's text
	next    session.Ticket
	items   []music.Item
	entries []session.EntryID // of items
	scroll  int               // of lyrics that are not synced: the first line on the screen
	version uint64
	index   int
}

// NewStage gives an empty stage.
func NewStage(env *Env) *Stage { return &Stage{env: env, index: -1} }

// Apply takes news. An image that came for the playing track is returned, to be
// decoded outside of the loop and given back by SetCover under the same Ref.
func (s *Stage) Apply(ev session.Event) (picture *music.Image) {
	switch ev := ev.(type) {
	case session.PlaybackChanged:
		s.follow()
	case session.QueueChanged:
		if ev.Queue.Version != s.version || ev.Queue.Index != s.index {
			s.version, s.index = ev.Queue.Version, ev.Queue.Index
			s.askNext()
		}
	case session.PageLoaded:
		if ev.Ticket == s.next && s.next != 0 {
			s.items, s.entries = s.items[:0], ev.Entries
			for _, it := range ev.Page.Items {
				s.items = append(s.items, cleanItem(it))
			}
		}
	case session.ImageLoaded:
		if ev.Ticket != s.image || s.image == 0 {
			break
		}
		if s.bare = len(ev.Image.Data) == 0; !s.bare {
			return &music.Image{Of: s.of, MIME: ev.Image.MIME, Data: ev.Image.Data}
		}
	case session.LyricsLoaded:
		if of := ev.Lyrics.Track; ev.Ticket == s.lyric && s.lyric != 0 && (of.IsZero() || of == s.track) {
			s.lyrics = cleanLyrics(ev.Lyrics)
		}
	case session.Resync:
		s.track, s.version = music.Ref{}, 0
	default:
	}
	return nil
}

// follow asks for cover and lyrics when another track plays. A cover of the
// same album stays; any other goes at once, so that none is shown for the wrong track.
func (s *Stage) follow() {
	t := s.env.Play.Track
	if t.Ref == s.track {
		return
	}
	s.track = t.Ref
	s.lyrics, s.lyric, s.scroll = music.Lyrics{}, 0, 0
	s.shift = s.shifts[t.Ref.String()]
	of := t.AlbumRef
	if of.IsZero() {
		of = t.Ref
	}
	if s.turnTo(of); s.cover == nil && !t.Ref.IsZero() {
		s.image = s.env.Ticket()
		s.env.Send(session.LoadImage{Ticket: s.image, Of: t.Ref, Px: s.env.coverPx()})
	}
	if t.Ref.IsZero() {
		return
	}
	s.lyric = s.env.Ticket()
	s.env.Send(session.LoadLyrics{Ticket: s.lyric, Track: t.Ref})
}

func (s *Stage) askNext() {
	s.next = s.env.Ticket()
	s.env.Send(session.Load{Ticket: s.next, Lane: "next", Ask: music.Ask{Of: music.Queue, Offset: s.index + 1, Limit: 60}})
}

// NextEntry is the entry of the row i of what comes next; 0 = there is none.
func (s *Stage) NextEntry(i int) session.EntryID {
	if i < 0 || i >= len(s.entries) || i >= len(s.items) {
		return 0
	}
	return s.entries[i]
}

// nextRow is the row of an entry among what comes next, -1 = it is not there.
func (s *Stage) nextRow(e session.EntryID) int {
	if e == 0 {
		return -1
	}
	return slices.Index(s.entries[:min(len(s.entries), len(s.items))], e)
}

// nextEmpty reports whether nothing follows.
func (s *Stage) nextEmpty() bool { return len(s.items) == 0 }

// UpNext draws what follows in the queue from the row top on, a line for each track;
// chosen is a row that is chosen, -1 = none.
func (s *Stage) UpNext(w, h, top, chosen int) []string {
	set := s.env.Set
	out := make([]string, 0, h)
	for i := max(top, 0); i < len(s.items) && len(out) < h; i++ {
		t, ok := s.items[i].(music.Track)
		if !ok {
			t.Title = s.items[i].ItemName()
		}
		clock := screen.FitRight(screen.Clock(t.Duration), 7, "")
		tw := w - 8
		title := screen.Cut(t.Title, tw, widget.Tail)
		artist := ""
		if left := tw - screen.Width(title); left > 6 && t.By() != s.env.Play.Track.By() {
			artist = "  " + t.By()
		}
		first, rest, bg := style.Text, style.Muted, ""
		if i == chosen {
			first, rest, bg = set.Under(first), set.Under(rest), set.Select
		}
		out = append(out, bg+set.On(first)+title+set.On(rest)+screen.Fit(artist, tw-screen.Width(title), widget.Tail)+" "+clock+style.Reset)
	}
	if len(out) == 0 && h > 0 {
		msg := "Nothing follows."
		if s.env.Play.Repeat == session.RepeatAll && s.env.Queue.Len > 0 {
			msg = "The queue begins again."
		}
		out = append(out, set.Do(style.Muted, screen.Fit(msg, w, widget.Tail)))
	}
	return out
}

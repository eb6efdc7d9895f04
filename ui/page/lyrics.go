package page

import (
	"time"

	"segue/internal/lrc"
	"segue/internal/music"
	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

func cleanLyrics(l music.Lyrics) music.Lyrics {
	lines := make([]music.LyricLine, len(l.Lines))
	for i, x := range l.Lines {
		lines[i] = music.LyricLine{At: x.At, Text: clean(x.Text)}
	}
	l.Lines = lines
	return l
}

// HasLyrics reports whether the playing track has any.
func (s *Stage) HasLyrics() bool { return len(s.lyrics.Lines) > 0 }

// line gives the lyric line that is sung at a time, of those with the same time
// (a translation under its words) the first; -1 before the first.
func (s *Stage) line(at time.Duration) int {
	if !s.lyrics.Synced {
		return -1
	}
	return lrc.At(s.lyrics.Lines, at+s.shift)
}

// together reports whether line i is sung at the same time as line now.
func (s *Stage) together(i, now int) bool {
	return now >= 0 && i >= 0 && s.lyrics.Lines[i].At == s.lyrics.Lines[now].At
}

// NextLine tells when the line after the present one is sung.
func (s *Stage) NextLine(at time.Duration) (time.Duration, bool) {
	if !s.lyrics.Synced {
		return 0, false
	}
	now := s.line(at)
	i := now + 1
	for i < len(s.lyrics.Lines) && s.together(i, now) {
		i++
	}
	if i >= len(s.lyrics.Lines) {
		return 0, false
	}
	return s.lyrics.Lines[i].At - s.shift, true
}

// maxShifts is how many tracks' lyrics may have a shift that is remembered.
const maxShifts = 1000

// ShiftLyrics makes the lyrics of the playing track come earlier by so much,
// later when it is negative; it tells by how much they come earlier now. false =
// there are no synced lyrics.
func (s *Stage) ShiftLyrics(by time.Duration) (time.Duration, bool) {
	if !s.lyrics.Synced {
		return 0, false
	}
	s.shift = min(max(s.shift+by, -time.Minute), time.Minute)
	if s.shifts == nil {
		s.shifts = map[string]time.Duration{}
	}
	for k := range s.shifts {
		if len(s.shifts) < maxShifts {
			break
		}
		delete(s.shifts, k)
	}
	if s.shifts[s.track.String()] = s.shift; s.shift == 0 {
		delete(s.shifts, s.track.String())
	}
	return s.shift, true
}

// Shifts gives the shifts of all tracks, to be saved with the view.
func (s *Stage) Shifts() map[string]time.Duration { return s.shifts }

// SetShifts takes the shifts that were saved.
func (s *Stage) SetShifts(m map[string]time.Duration) {
	s.shifts = m
	s.shift = m[s.track.String()]
}

// sungAt tells when a line is sung; false = the lyrics are not synced.
func (s *Stage) sungAt(i int) (time.Duration, bool) {
	if !s.lyrics.Synced || i < 0 || i >= len(s.lyrics.Lines) {
		return 0, false
	}
	return max(s.lyrics.Lines[i].At-s.shift, 0), true
}

// lyricsTop is the first line of the lyrics on a screen of h lines: the line scroll, or,
// when they are synced, what puts the line sung now or the chosen one a third from the top.
func (s *Stage) lyricsTop(h, chosen int) int {
	top := s.scroll
	switch {
	case s.lyrics.Synced && chosen >= 0:
		top = chosen - h/3
	case s.lyrics.Synced:
		top = s.line(s.env.Position()) - h/3
	}
	if s.lyrics.Synced { // what fits does not move
		top = min(top, len(s.lyrics.Lines)-h)
	}
	return max(min(top, len(s.lyrics.Lines)-1), 0)
}

// Scroll moves lyrics that do not follow the song.
func (s *Stage) Scroll(by int) {
	s.scroll = max(min(s.scroll+by, len(s.lyrics.Lines)-1), 0)
}

// Lyrics draws the lyrics in h lines of w cells; chosen is a line that is chosen, -1 = none.
func (s *Stage) Lyrics(w, h, chosen int) []string {
	now, top := s.line(s.env.Position()), s.lyricsTop(h, chosen)
	out := make([]string, 0, h)
	for y := range h {
		i := top + y
		if i < 0 || i >= len(s.lyrics.Lines) {
			out = append(out, screen.Spaces(w))
			continue
		}
		pen := style.Muted
		switch {
		case s.together(i, now):
			pen = style.AccentStrong
		case !s.lyrics.Synced:
			pen = style.Text
		}
		text := screen.Fit(s.lyrics.Lines[i].Text, w, widget.Tail)
		if i == chosen {
			out = append(out, s.env.Set.Select+s.env.Set.On(s.env.Set.Under(pen))+text+style.Reset)
			continue
		}
		out = append(out, s.env.Set.Do(pen, text))
	}
	return out
}

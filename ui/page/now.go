package page

import (
	"strconv"
	"strings"
	"time"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

// now is the page of what plays: cover, title, lyrics, up next.
type now struct {
	env    *Env
	place  Place
	w, h   int
	track  music.Ref // whose lyrics those are
	scroll int       // of lyrics that are not synced: the first line on the screen
	chosen int       // the line of synced lyrics to sing from, -1 = none: they follow the song
}

func newNow(env *Env, p Place) Page { return &now{env: env, place: p, chosen: -1} }

func (n *now) Place() Place            { return n.place }
func (n *now) Title() string           { return "Now playing" }
func (n *now) Context() keymap.Context { return keymap.List }
func (n *now) Resize(w, h int)         { n.w, n.h = w, h }
func (n *now) Waiting() time.Time      { return time.Time{} }
func (n *now) Click(int, int) bool     { return false }
func (n *now) Wheel(rows int)          { n.move(rows) }

// Apply starts the lyrics at their top again with each track.
func (n *now) Apply(ev session.Event) {
	if p, ok := ev.(session.PlaybackChanged); ok && p.Playback.Track.Ref != n.track {
		n.track = p.Playback.Track.Ref
		n.scroll, n.chosen = 0, -1
	}
}

// Selection is the playing track.
func (n *now) Selection() Selection {
	if !n.env.Loaded() {
		return Selection{}
	}
	var s Selection
	s.Items = append(s.Items, n.env.Play.Track)
	return s
}

// Act scrolls the lyrics and acts on the playing track.
func (n *now) Act(a keymap.Action, c int) bool {
	half := max(n.h/2, 1)
	switch a {
	case keymap.Down:
		n.move(c)
	case keymap.Up:
		n.move(-c)
	case keymap.HalfDown, keymap.PageDown:
		n.move(half * c)
	case keymap.HalfUp, keymap.PageUp:
		n.move(-half * c)
	case keymap.Top:
		n.move(-len(n.env.Stage.lyrics.Lines))
	case keymap.Bottom:
		n.move(len(n.env.Stage.lyrics.Lines))
	case keymap.RowMiddle:
		n.chosen = -1
	case keymap.Open:
		return n.sing()
	case keymap.Back:
		was := n.chosen
		n.chosen = -1
		return was >= 0
	case keymap.Star:
		if n.env.Loaded() {
			n.env.Send(session.Star{Refs: n.Selection().Refs()})
		}
	case keymap.Enqueue, keymap.EnqueueNext:
		if n.env.Loaded() {
			w := session.AtEnd
			if a == keymap.EnqueueNext {
				w = session.AfterCurrent
			}
			n.env.Send(session.Enqueue{Asks: n.Selection().Asks(), Where: w})
		}
	default:
		return false
	}
	return true
}

// move chooses another line of synced lyrics, beginning with the one sung now,
// and scrolls other lyrics.
func (n *now) move(by int) {
	s := n.env.Stage
	last := max(len(s.lyrics.Lines)-1, 0)
	switch {
	case !s.HasLyrics():
	case !s.lyrics.Synced:
		n.scroll = min(max(n.scroll+by, 0), last)
	default:
		if n.chosen < 0 {
			n.chosen = max(s.line(n.env.Position()), 0)
		}
		n.chosen = min(max(n.chosen+by, 0), last)
	}
}

// sing goes on from the chosen line, and follows the song again.
func (n *now) sing() bool {
	at, ok := n.env.Stage.sungAt(n.chosen)
	if !ok {
		return false
	}
	n.env.Send(session.SeekTo{Position: at})
	n.chosen = -1
	return true
}

// Choosing reports whether a line of the lyrics is chosen.
func (n *now) Choosing() bool { return n.chosen >= 0 }

// Lines draws the page: the cover at the left where there is room for it.
func (n *now) Lines(dst []string, _ bool) []string {
	if n.w <= 0 || n.h <= 0 {
		return dst
	}
	if !n.env.Loaded() {
		if o := n.env.Opening; !o.Ref.IsZero() {
			return Words(dst, n.env.Set, n.w, n.h, openingLines(o))
		}
		k := n.env.Keys
		return Words(dst, n.env.Set, n.w, n.h, []string{"Nothing plays.",
			k.Key(keymap.GoLibrary) + " opens the library; " + k.Key(keymap.Open) + " on a track plays it."})
	}
	margin := 3
	cover := n.coverWidth(margin)
	if cover == 0 {
		return append(dst, pad(n.words(n.w-2*margin), margin, n.w, n.h)...)
	}
	ch := n.env.Rows(cover)
	top := n.top(cover)
	pic := n.env.Stage.Picture(cover, ch, n.env.Colours)
	words := n.words(n.w - cover - 3*margin)
	for y := range n.h {
		left := screen.Spaces(cover)
		if i := y - top; i >= 0 && i < len(pic) {
			left = pic[i]
		}
		right := ""
		if i := y - top; i >= 0 && i < len(words) {
			right = words[i]
		}
		line := screen.Spaces(margin) + left + screen.Spaces(margin) + right
		dst = append(dst, screen.Fit(line, n.w, ""))
	}
	return dst
}

// openingLines tell what is on its way to be played.
func openingLines(t music.Track) []string {
	what := t.Title
	if what == "" {
		return []string{"Opening …"}
	}
	if a := t.By(); a != "" {
		what += " — " + a
	}
	return []string{"Opening …", what}
}

// coverWidth is the widest cover that leaves room for the words; 0 = none.
func (n *now) coverWidth(margin int) int {
	w := min(n.env.cells(n.h-2), n.w*45/100-2*margin)
	if w < 16 || n.w < 70 {
		return 0
	}
	if n.env.Stage.Bare(n.env.Colours) {
		w = min(w, 28) // a large frame around nothing is no ornament
	}
	return w &^ 1
}

// CoverSize is the size of the cover in cells, 0 where there is no room for it.
func (n *now) CoverSize() (w, h int) {
	w = n.coverWidth(3)
	return w, n.env.Rows(w)
}

// top is the line that cover and words begin on.
func (n *now) top(cover int) int {
	if n.env.Stage.Bare(n.env.Colours) {
		return min(max((n.h-n.env.Rows(cover))/3, 1), 2)
	}
	return max((n.h-n.env.Rows(cover))/3, 1)
}

func pad(lines []string, margin, w, h int) []string {
	out := make([]string, 0, h)
	for y := range h {
		l := ""
		if y-1 >= 0 && y-1 < len(lines) {
			l = screen.Spaces(margin) + lines[y-1]
		}
		out = append(out, screen.Fit(l, w, ""))
	}
	return out
}

// words are the lines beside the cover.
func (n *now) words(w int) []string {
	set, t := n.env.Set, n.env.Play.Track
	h := n.h - 2
	if c := n.coverWidth(3); c > 0 {
		h = n.h - n.top(c)
	}
	if h < 8 && n.env.Stage.HasLyrics() { // the player's line says what it is
		return n.env.Stage.Lyrics(w, n.h-1, n.scroll, n.chosen)
	}
	var out []string
	title := screen.Lines(t.Title, w)
	if len(title) > 2 {
		title = []string{title[0], title[1] + " " + title[2]} // too long: the cut shows it
	}
	for _, s := range title {
		out = append(out, set.Do(style.Strong, screen.Cut(s, w, widget.Tail)))
	}
	if a := t.By(); a != "" {
		out = append(out, set.Do(style.Accent, screen.Cut(a, w, widget.Tail)))
	}
	var album []string
	if t.Album != "" {
		album = append(album, t.Album)
	}
	if t.Year > 0 {
		album = append(album, strconv.Itoa(t.Year))
	}
	if len(album) > 0 {
		out = append(out, set.Do(style.Muted, screen.Cut(strings.Join(album, " · "), w, widget.Tail)))
	}
	if t.Artist() == "" && t.Album == "" && t.Path != "" { // without tags, where it lies says most
		out = append(out, set.Do(style.Muted, screen.Cut(t.Path, w, widget.Tail)))
	}
	if s := n.facts(); s != "" && h > 12 {
		out = append(out, set.Do(style.Muted, screen.Cut(s, w, widget.Tail)))
	}
	left := h - len(out) - 3
	if left < 1 {
		return out
	}
	out = append(out, "")
	if n.env.Stage.HasLyrics() {
		return append(out, n.env.Stage.Lyrics(w, left+1, n.scroll, n.chosen)...)
	}
	out = append(out, set.Do(style.AccentStrong, "Up next"), "")
	return append(out, n.env.Stage.UpNext(min(w, 76), left-1)...)
}

// facts are small things about the track.
func (n *now) facts() string {
	t := n.env.Play.Track
	var f []string
	if len(t.Genres) > 0 {
		f = append(f, strings.Join(t.Genres, ", "))
	}
	if t.Number > 0 {
		f = append(f, "track "+strconv.Itoa(t.Number))
	}
	if t.Plays > 0 {
		f = append(f, plural(t.Plays, "play"))
	}
	if t.Starred {
		f = append(f, "♥")
	}
	return strings.Join(f, " · ")
}

// Row is the playing track.
func (n *now) Row() (music.Item, bool) {
	if !n.env.Loaded() {
		return nil, false
	}
	return n.env.Play.Track, false
}

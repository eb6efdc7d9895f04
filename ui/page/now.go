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

// now is the page of what plays: cover, title, and lyrics or what comes next. Where there
// are lyrics a tab leads to what comes next.
type now struct {
	env    *Env
	place  Place
	w, h   int
	track  music.Ref       // whose lyrics those are
	chosen int             // the line of synced lyrics to sing from, -1 = none: they follow the song
	queue  bool            // what comes next is shown though there are lyrics
	entry  session.EntryID // the chosen one of what comes next, 0 = none
	first  int             // the first of those on the screen
	body   [2]int          // the lines of the page, from and to, that lyrics or queue had at the last drawing
	tabs   [2]int          // the cell that the tabs began at then, -1 = there were none
}

func newNow(env *Env, p Place) Page { return &now{env: env, place: p, chosen: -1} }

func (n *now) Place() Place            { return n.place }
func (n *now) Title() string           { return "Now playing" }
func (n *now) Context() keymap.Context { return keymap.List }
func (n *now) Resize(w, h int)         { n.w, n.h = w, h }
func (n *now) Waiting() time.Time      { return time.Time{} }

// Apply starts the lyrics at their top again with each track.
func (n *now) Apply(ev session.Event) {
	if p, ok := ev.(session.PlaybackChanged); ok && p.Playback.Track.Ref != n.track {
		n.track = p.Playback.Track.Ref
		n.unchoose()
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

// Act moves through lyrics or queue, and acts on the playing track.
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
		n.move(-n.long())
	case keymap.Bottom:
		n.move(n.long())
	case keymap.NextTab, keymap.PrevTab, keymap.NextPane, keymap.PrevPane:
		if !n.env.Stage.HasLyrics() {
			return false
		}
		n.turn(!n.queue)
	case keymap.RowMiddle:
		n.unchoose()
	case keymap.Open:
		return n.take()
	case keymap.Back:
		return n.unchoose()
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

// sings reports whether the lyrics are shown, and not what comes next.
func (n *now) sings() bool { return n.env.Stage.HasLyrics() && !n.queue }

// long is how many lines there are to move through.
func (n *now) long() int {
	if n.sings() {
		return len(n.env.Stage.lyrics.Lines)
	}
	return len(n.env.Stage.items)
}

// turn shows what comes next, or the lyrics.
func (n *now) turn(queue bool) {
	n.queue = queue
	n.unchoose()
}

// unchoose lets the lyrics follow the song again; true = something was chosen.
func (n *now) unchoose() bool {
	was := n.Choosing() != ""
	n.chosen, n.entry, n.first = -1, 0, 0
	return was
}

// move chooses another line of synced lyrics, beginning with the one sung now, scrolls
// other lyrics, and chooses another row of what comes next.
func (n *now) move(by int) {
	s := n.env.Stage
	last := max(n.long()-1, 0)
	switch {
	case !n.sings():
		n.entry = s.NextEntry(min(max(s.nextRow(n.entry)+by, 0), last))
	case !s.lyrics.Synced:
		s.Scroll(by)
	default:
		if n.chosen < 0 {
			n.chosen = max(s.line(n.env.Position()), 0)
		}
		n.chosen = min(max(n.chosen+by, 0), last)
	}
}

// Wheel scrolls.
func (n *now) Wheel(rows int) { n.move(rows) }

// Click chooses a line of the lyrics or a row of what comes next, and turns to a tab.
func (n *now) Click(x, y int) bool {
	s := n.env.Stage
	if x, y := x-n.tabs[0], y-n.tabs[1]; y == 0 && x >= 0 && n.tabs[1] >= 0 {
		for i, span := range Spans(nowTabs(), 0) {
			if x >= span[0] && x < span[1] {
				n.turn(i == 1)
			}
		}
		return false
	}
	if y < n.body[0] || y >= n.body[1] {
		return false
	}
	if !n.sings() {
		n.entry = s.NextEntry(n.first + y - n.body[0])
		return n.entry != 0
	}
	i := s.lyricsTop(n.body[1]-n.body[0], n.chosen) + y - n.body[0]
	if !s.lyrics.Synced || i >= len(s.lyrics.Lines) {
		return false
	}
	n.chosen = i
	return true
}

// take plays the chosen row, or goes on from the chosen line and follows the song again.
func (n *now) take() bool {
	if n.entry != 0 {
		n.env.Send(session.QueuePlay{Entry: n.entry})
		n.unchoose()
		return true
	}
	at, ok := n.env.Stage.sungAt(n.chosen)
	if ok {
		n.env.Send(session.SeekTo{Position: at})
		n.unchoose()
	}
	return ok
}

// Choosing says what Enter does with what is chosen, "" while nothing is.
func (n *now) Choosing() string {
	switch {
	case n.entry != 0:
		return "play"
	case n.chosen >= 0:
		return "from this line"
	}
	return ""
}

// Lines draws the page: the cover at the left where there is room for it.
func (n *now) Lines(dst []string, _ bool) []string {
	n.body, n.tabs = [2]int{}, [2]int{-1, -1}
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
		words := n.words(n.w - 2*margin)
		n.stands(margin, 1)
		return append(dst, pad(words, margin, n.w, n.h)...)
	}
	ch := n.env.Rows(cover)
	top := n.top(cover)
	pic := n.env.Stage.Picture(cover, ch, n.env.Colours)
	words := n.words(n.w - cover - 3*margin)
	n.stands(cover+2*margin, top)
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

// stands notes where the words begin on the page, for the mouse.
func (n *now) stands(x, y int) {
	n.body[0], n.body[1] = n.body[0]+y, min(n.body[1]+y, n.h)
	if n.tabs[1] >= 0 {
		n.tabs = [2]int{x, n.tabs[1] + y}
	}
}

// nowTabs are the tabs over lyrics.
func nowTabs() []string { return []string{"Lyrics", "Up next"} }

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
	if h < 8 && n.sings() { // the player's line says what it is
		n.body[1] = n.h - 1
		return n.env.Stage.Lyrics(w, n.h-1, n.chosen)
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
	return append(out, n.rest(w, left+1, len(out))...)
}

// rest draws lyrics or what comes next in h lines, with the line above them that says
// which, where there is room for it; at is where on the page they begin.
func (n *now) rest(w, h, at int) []string {
	st, set := n.env.Stage, n.env.Set
	if n.sings() && (h < 10 || st.nextEmpty()) {
		n.body = [2]int{at, at + h}
		return st.Lyrics(w, h, n.chosen)
	}
	head := set.Do(style.Strong, "Up next")
	if st.HasLyrics() {
		open := 0
		if n.queue {
			open = 1
		}
		n.tabs[1] = at
		head = Tabs(set, nowTabs(), open, 0, w)
	}
	rows := h - 2
	n.body = [2]int{at + 2, at + 2 + rows}
	if n.sings() {
		return append([]string{head, ""}, st.Lyrics(w, rows, n.chosen)...)
	}
	row := st.nextRow(n.entry)
	n.first = max(min(n.first, len(st.items)-rows, max(row, 0)), row-rows+1, 0)
	n.body[1] = min(n.body[1], n.body[0]+len(st.items)-n.first)
	return append([]string{head, ""}, st.UpNext(min(w, 76), rows, n.first, row)...)
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

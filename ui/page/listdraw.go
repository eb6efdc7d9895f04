package page

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

// headLines is how many lines stand above the first row.
func (l *List) headLines() int {
	n := 0
	if !l.bare {
		switch {
		case l.h >= 12:
			n = 3 // title, subtitle, empty
		case l.h >= 4:
			n = 1
		}
	}
	if l.heading() {
		n++
	}
	return n
}

// heading reports whether the columns have names above them.
func (l *List) heading() bool { return l.h >= 12 && len(l.rows.items) > 0 && len(l.layout.fields) > 2 }

// Lines draws the page.
func (l *List) Lines(dst []string, focused bool) []string {
	start := len(dst)
	if l.w <= 0 || l.h <= 0 {
		return dst
	}
	if !l.bare && l.h >= 4 {
		dst = l.header(dst)
	}
	left := l.h - (len(dst) - start)
	if msg := l.message(); msg != nil {
		return l.words(dst, left, msg)
	}
	if !l.rows.loaded {
		return blank(dst, left, l.w)
	}
	note := l.below(left)
	dst = l.table.Draw(dst, l.env.Set, widget.View{W: l.w, H: left - len(note), Top: l.rows.top, N: l.rows.total,
		Cursor: l.rows.cursor, Focused: focused, Columns: l.layout.cols, Heading: l.heading()}, l.row)
	return append(dst, note...)
}

// below is what is to be known of the rows, in the lines of left that they do not need;
// nothing where there are no such lines.
func (l *List) below(left int) []string {
	free := left - l.rows.total
	if l.heading() {
		free--
	}
	if l.bare || l.rows.page.Note == "" || l.rows.fault != nil || free < 2 {
		return nil
	}
	out := blank(nil, 1, l.w)
	for _, s := range screen.Lines(sentence(l.rows.page.Note), max(min(l.w-2*widget.Gutter, 72), 1)) {
		out = append(out, screen.Fit(screen.Spaces(widget.Gutter)+l.env.Set.Do(style.Muted, s), l.w, ""))
	}
	out = out[:min(len(out), free)]
	return blank(out, free-len(out), l.w)
}

// blank appends n empty lines.
func blank(dst []string, n, w int) []string {
	for range n {
		dst = append(dst, screen.Spaces(w))
	}
	return dst
}

// header draws the title, what the container is, and where the cursor stands.
func (l *List) header(dst []string) []string {
	set, w := l.env.Set, l.w
	place := l.counter()
	pw := screen.Width(place)
	title := l.Title()
	if l.rows.ask.Filter != "" {
		title += "  "
	}
	tw := max(w-pw-2*widget.Gutter-1, 0)
	line := screen.Spaces(widget.Gutter) + set.On(style.Strong)
	if f := l.rows.ask.Filter; f != "" {
		f = "/" + clean(f)
		t := screen.Cut(title, max(tw-screen.Width(f), tw/2), widget.Tail) // what is looked for is seen, however long the title
		line += t + set.On(style.Accent) + screen.Fit(f, tw-screen.Width(t), widget.Tail)
	} else if l.h < 12 && l.subtitle() != "" {
		t := screen.Cut(title, tw, widget.Tail)
		line += t + set.On(style.Muted) + screen.FitSome("  "+l.subtitle(), tw-screen.Width(t), widget.Tail)
	} else {
		line += screen.Fit(title, tw, widget.Tail)
	}
	line += style.Reset + set.Do(style.Muted, " "+place)
	dst = append(dst, line+screen.Spaces(w-screen.Width(line)))
	if l.h < 12 {
		return dst
	}
	sub := screen.Spaces(widget.Gutter) + set.Do(style.Muted, screen.Cut(l.subtitle(), w-2*widget.Gutter, widget.Tail))
	return append(dst, sub+screen.Spaces(w-screen.Width(sub)), screen.Spaces(w))
}

// subtitle is the line under the title.
func (l *List) subtitle() string {
	s := l.rows.page.Subtitle
	if l.place.Of == music.Queue {
		s = plural(l.rows.total, "track")
		if d := l.rows.page.Duration; d > 0 && s != "" {
			s += ", " + screen.Clock(d)
		}
		if n := l.env.Queue.Left; n > 0 && s != "" && l.env.Queue.Index >= 0 {
			s += " · " + strconv.Itoa(n) + " to come"
		}
	}
	if o := l.rows.ask.Sort; o != "" {
		s = strings.TrimPrefix(s+" · by "+SortName(o), " · ")
	}
	if why := l.lacking(); why != "" {
		s = strings.TrimPrefix(s+" · "+why, " · ")
	}
	return s
}

// lacking says why the rows on the screen are not all, or not the newest; empty = they are.
func (l *List) lacking() string {
	f := l.rows.fault
	if f == nil || len(l.rows.items) == 0 {
		return ""
	}
	if note := l.rows.page.Note; f.Kind == session.UnableToContactServer && note != "" {
		return clean(string(f.Account)) + " is away: " + note // the long reason is in the accounts
	}
	return clean(f.Error())
}

// counter is "3/32", or how much is selected.
func (l *List) counter() string {
	switch {
	case len(l.marks) > 0:
		return screen.Thousands(len(l.marks)) + " marked"
	case l.anchor >= 0:
		return screen.Thousands(abs(l.anchor-l.rows.cursor)+1) + " selected"
	case !l.rows.loaded || l.rows.total == 0:
		return ""
	}
	return screen.Thousands(l.rows.cursor+1) + "/" + atLeast(l.rows.total, l.rows.open)
}

// atLeast is a number, with a plus where there may be more.
func atLeast(n int, more bool) string {
	if more {
		return screen.Thousands(n) + "+"
	}
	return screen.Thousands(n)
}

// Detail tells all about the fault that stands in place of rows.
func (l *List) Detail() (title string, rows [][2]string, ok bool) {
	f := l.rows.fault
	if f == nil || len(l.rows.items) > 0 {
		return "", nil, false
	}
	why := ""
	if f.Err != nil {
		why = f.Err.Error()
	}
	again := ""
	if !f.RetryAt.IsZero() {
		again = l.env.Clock(f.RetryAt)
	}
	rows = [][2]string{{"What", f.Op}, {"Why", why}, {"Kind", f.Kind.String()}, {"Account", string(f.Account)}, {"Again at", again}, {"What to do", f.Hint}, {"The account", l.env.Away(f.Account)}}
	for i := range rows {
		rows[i][1] = clean(rows[i][1])
	}
	return "What went wrong", rows, true
}

// message is what stands in place of rows: why there are none and what to do.
func (l *List) message() []string {
	switch {
	case l.place.Of.IsZero():
		return []string{"Nothing is here yet.", ""}
	case l.rows.fault != nil && len(l.rows.items) == 0:
		words := []string{clean(l.rows.fault.Error()), "Press " + l.env.Keys.Key(keymap.Refresh) + " to try again."}
		if away := l.env.Away(l.place.Of.Account); away != "" {
			words = append(words, away)
		}
		return words
	case !l.rows.loaded && l.env.Slow:
		return []string{"Reading …"}
	case l.rows.loaded && l.rows.total == 0:
		return l.emptyWords()
	}
	return nil
}

func (l *List) emptyWords() []string {
	k := l.env.Keys
	switch {
	case strings.HasPrefix(l.place.Of.ID, music.SectionSearch):
		words := []string{"Nothing was found for “" + clean(l.rows.ask.Filter) + "”."}
		if l.rows.page.Note != "" {
			words[0] = sentence(l.rows.page.Note) // it says that, and why
		}
		if len(l.env.searchable()) > 1 {
			words = append(words, k.Key(keymap.WhichAccounts)+" chooses which accounts are searched.")
		}
		return words
	case l.rows.ask.Filter != "":
		return []string{"Nothing here matches “" + clean(l.rows.ask.Filter) + "”.", k.Key(keymap.Back) + " shows all rows again."}
	case l.rows.page.Note != "" && !l.known():
		return []string{sentence(l.rows.page.Note)}
	case l.place.Of == music.Queue:
		return []string{"The queue is empty.", k.Key(keymap.Open) + " on a track plays it; " + k.Key(keymap.Enqueue) + " puts it here."}
	case l.place.Of.ID == music.SectionPlaylists:
		return []string{"No playlists yet.", k.Key(keymap.AddTo) + " on a track makes one; " + k.Key(keymap.SaveQueue) + " saves the queue as one."}
	case l.place.Of.ID == music.SectionStarred:
		return []string{"Nothing is starred yet.", k.Key(keymap.Star) + " stars the row under the cursor."}
	case l.place.Of.Kind == music.KindPlaylist:
		return []string{"This playlist is empty.", k.Key(keymap.AddTo) + " on a track adds it here."}
	case strings.HasPrefix(l.place.Of.ID, music.SectionToplist):
		return []string{"Nothing was played in this time.", "What you listen to fills the toplists: half of a track, or four minutes, counts."}
	case l.place.Of.Kind == music.KindAlbum:
		return []string{"This album has no tracks here.", k.Key(keymap.Refresh) + " looks again; " + k.Key(keymap.Back) + " goes back."}
	case l.place.Of.Kind == music.KindArtist:
		return []string{"Nothing of this artist is here.", k.Key(keymap.Refresh) + " looks again; " + k.Key(keymap.Back) + " goes back."}
	case l.place.Of.Kind == music.KindFolder, l.place.Of.ID == music.SectionFiles:
		return []string{"This folder is empty.", k.Key(keymap.Refresh) + " looks again; " + k.Key(keymap.Back) + " goes back."}
	case l.place.Of.Kind == music.KindSection && l.place.Of.Account == music.Local:
		return []string{"There is no music here yet.", ":scan FOLDER reads a folder now; library.folders in the config names those that are read at each start."}
	case l.place.Of.Kind == music.KindSection && l.place.Of.Account != "":
		return []string{AccountName(l.place.Of.Account) + " has nothing here yet.", "What is added there is seen with the next look; " + k.Key(keymap.Refresh) + " looks now."}
	}
	return []string{"Nothing is here."}
}

// known reports whether the screen itself says best why a list is empty: it knows the keys.
func (l *List) known() bool {
	can := session.Can{}
	for _, a := range l.env.Accounts {
		if a.ID == l.place.Of.Account {
			can = a.Can
		}
	}
	switch {
	case l.place.Of == music.Queue, l.place.Of.Kind == music.KindPlaylist && l.rows.page.Writable:
		return true
	case l.place.Of.Kind != music.KindSection:
		return false
	}
	return l.place.Of.ID == music.SectionPlaylists && can.Playlists || l.place.Of.ID == music.SectionStarred && can.Star
}

// sentence begins a text with a capital letter and ends it with a full stop.
func sentence(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	s = string(unicode.ToUpper(r)) + s[n:]
	if last, _ := utf8.DecodeLastRuneInString(s); unicode.IsLetter(last) || unicode.IsDigit(last) {
		s += "."
	}
	return s
}

// words draws lines of text a little above the middle; the first in full, the rest quieter.
func (l *List) words(dst []string, h int, msg []string) []string {
	return Words(dst, l.env.Set, l.w, h, msg)
}

// Words draws a message in the middle of h lines of w cells: the first sentence, then
// what to do.
func Words(dst []string, set *style.Set, w, h int, msg []string) []string {
	var lines []string
	for i, m := range msg {
		pen := style.Muted
		if i == 0 {
			pen = style.Text
		}
		for _, s := range screen.Lines(m, max(min(w-2*widget.Gutter, 72), 1)) {
			left := max((w-screen.Width(s))/2, widget.Gutter)
			lines = append(lines, screen.Spaces(left)+set.Do(pen, s))
		}
	}
	above := max((h-len(lines))/3, 0)
	for y := range h {
		i := y - above
		if i < 0 || i >= len(lines) {
			dst = append(dst, screen.Spaces(w))
			continue
		}
		dst = append(dst, screen.Fit(lines[i], w, ""))
	}
	return dst
}

// row fills one row of the table.
func (l *List) row(i int, cells []widget.Cell) widget.Look {
	it, e, ok := l.rows.at(i)
	if !ok {
		for c, f := range l.layout.fields {
			if f == fTitle {
				cells[c] = widget.Cell{Text: "·", Pen: style.Faint}
			}
		}
		return widget.Look{}
	}
	l.layout.fill(cells, it, i)
	var look widget.Look
	if l.playing(it, e) {
		look = widget.Look{Gutter: "▶ ", GutterPen: style.Accent}
		if !l.env.Playing() {
			look.Gutter = "‖ "
		}
		l.paint(cells, style.AccentStrong, fTitle)
	} else if l.place.Of == music.Queue && l.env.Queue.Index >= 0 && i < l.env.Queue.Index && l.rows.ask.Filter == "" {
		l.paint(cells, style.Muted, fTitle)
	}
	if l.selected(i) {
		look.Gutter, look.GutterPen = "▪ ", style.Accent
	}
	return look
}

// paint changes the pen of a column.
func (l *List) paint(cells []widget.Cell, p style.Pen, which field) {
	for c, f := range l.layout.fields {
		if f == which {
			cells[c].Pen = p
		}
	}
}

// playing reports whether a row is what plays: in the queue by its entry, elsewhere by its track.
func (l *List) playing(it music.Item, e session.EntryID) bool {
	if l.env.Play.Track.Ref.IsZero() {
		return false
	}
	if l.place.Of == music.Queue && e != 0 {
		return e == l.env.Play.Entry
	}
	ref := it.ItemRef()
	return ref == l.env.Play.Track.Ref || ref.Kind == music.KindAlbum && ref == l.env.Play.Track.AlbumRef
}

// SortName is the word for an order.
func SortName(s music.Sort) string {
	switch s {
	case music.SortDefault:
		return "own order"
	case music.SortTitle, music.SortArtist, music.SortAlbum, music.SortYear, music.SortRating, music.SortPath:
		return string(s)
	case music.SortAdded:
		return "date added"
	case music.SortPlays:
		return "plays"
	case music.SortPlayed:
		return "last played"
	case music.SortDuration:
		return "time"
	}
	return string(s)
}

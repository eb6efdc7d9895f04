// Package m3u reads and writes playlists: M3U and M3U8 so that every line that is not
// understood is kept, PLS and XSPF for reading.
//
// It is about bytes and lines: it opens no files, and it does not know what is behind
// an entry. It has no goroutines.
package m3u

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"segue/internal/music"
	"segue/internal/tags"
)

// Entry is one track of a playlist.
type Entry struct {
	// Location is a path, absolute or relative to the playlist, a URL, or a Segue
	// reference ("segue:…"), as it stands in the file.
	Location string
	// Decoded is Location as text, where the file is written in an encoding of old:
	// the name on disk may be either. Else it is empty.
	Decoded string
	Title   string        // from #EXTINF, else empty
	Length  time.Duration // 0 = unknown
}

// List is a playlist. Lines that are not entries are kept where they stand.
type List struct {
	lines []line
	crlf  bool
	name  string // #PLAYLIST
	query string // #SEGUE-QUERY
	// What is said of the list: about.go.
	public bool
	about  []string
}

// line is an entry with the comments that belong to it, or comments alone.
type line struct {
	entry  *Entry
	before []string // raw lines above the entry
	raw    string   // the entry's line as it stands
}

// Prefixes of the comments that mean something here.
const (
	extinf   = "#EXTINF:"
	playlist = "#PLAYLIST:"
	segueRef = "#SEGUE-REF:"
	segueAsk = "#SEGUE-QUERY:"
	header   = "#EXTM3U"
)

// Entries are the tracks in order.
func (l *List) Entries() []Entry {
	var list []Entry
	for _, x := range l.lines {
		if x.entry != nil {
			list = append(list, *x.entry)
		}
	}
	return list
}

// Name is the playlist's own name, empty where it has none.
func (l *List) Name() string { return l.name }

// Query is not empty in a live playlist: its tracks are the answer to this query, and
// the entries that stand in the file are what it was when another player last asked.
func (l *List) Query() string { return l.query }

// Parse reads a playlist by its name's ending; what has none of the known ones is M3U.
// Damaged input gives what can be understood.
func Parse(name string, data []byte) *List {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".pls":
		return parsePLS(linesOf(data))
	case ".xspf":
		return parseXSPF(data)
	}
	return parseM3U(linesOf(data), bytes.Contains(data, []byte("\r\n")))
}

// textLine is a line as it stands in the file, as a name on disk may be, and as text.
type textLine struct{ raw, text string }

// linesOf takes a file apart. UTF-16 is read as text; otherwise lines that are not
// UTF-8 are decoded together, as the more there is of them the better their encoding
// can be told, and keep their bytes beside.
func linesOf(data []byte) []textLine {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		data = []byte(tags.Text(data))
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	}
	var lines []textLine
	var old []byte
	for l := range bytes.Lines(data) {
		s := string(bytes.TrimRight(l, "\r\n"))
		lines = append(lines, textLine{s, s})
		if !utf8.Valid(l) {
			old = append(append(old, s...), '\n')
		}
	}
	if len(old) == 0 {
		return lines
	}
	decoded := strings.Split(tags.Text(old), "\n")
	for i, n := 0, 0; i < len(lines) && n < len(decoded); i++ {
		if !utf8.ValidString(lines[i].raw) {
			lines[i].text = decoded[n]
			n++
		}
	}
	return lines
}

// parseM3U keeps bytes as they are: names of files may be in any encoding.
func parseM3U(lines []textLine, crlf bool) *List {
	l := &List{crlf: crlf}
	var pending []string
	var next Entry
	for _, x := range lines {
		raw, s := x.raw, strings.TrimSpace(x.text)
		switch {
		case s == "":
			if len(pending) > 0 {
				pending = append(pending, raw)
			}
			continue
		case strings.HasPrefix(s, header) && len(l.lines) == 0 && len(pending) == 0:
			continue
		case strings.HasPrefix(s, playlist):
			l.name = strings.TrimSpace(s[len(playlist):])
			continue
		case strings.HasPrefix(s, segueAsk):
			l.query = strings.TrimSpace(s[len(segueAsk):])
			continue
		case l.readAbout(s):
			continue
		case strings.HasPrefix(s, extinf):
			next.Length, next.Title = parseInf(s[len(extinf):])
			pending = append(pending, raw)
			continue
		case strings.HasPrefix(s, segueRef):
			_, ref, _ := strings.Cut(raw, segueRef)
			next.Location = strings.TrimSpace(ref)
			pending = append(pending, raw)
			continue
		case s[0] == '#':
			pending = append(pending, raw)
			continue
		}
		e := next
		if e.Location == "" {
			e.Location = strings.TrimLeft(raw, " \t")
			e.decoded(strings.TrimLeft(x.text, " \t"))
		}
		l.lines = append(l.lines, line{entry: &e, before: pending, raw: raw})
		pending, next = nil, Entry{}
	}
	if len(pending) > 0 {
		l.lines = append(l.lines, line{before: pending})
	}
	return l
}

func (e *Entry) decoded(text string) {
	if text != e.Location {
		e.Decoded = text
	}
}

// parseInf reads "123,Artist - Title", with attributes between as IPTV lists have them.
func parseInf(s string) (time.Duration, string) {
	head, title, _ := strings.Cut(s, ",")
	head, _, _ = strings.Cut(strings.TrimSpace(head), " ")
	sec, err := strconv.ParseFloat(head, 64)
	if err != nil || sec <= 0 || sec > 1e7 {
		sec = 0
	}
	return time.Duration(sec * float64(time.Second)), strings.TrimSpace(title)
}

// New makes a playlist with a name and, for a live one, a query.
func New(name, query string) *List { return &List{name: oneLine(name), query: oneLine(query)} }

// SetName changes the name.
func (l *List) SetName(name string) { l.name = oneLine(name) }

// Replace makes the entries those given. An entry that was there keeps its lines, with
// the comments above it; comments at the end stay there; those of entries that are
// gone go with them.
func (l *List) Replace(entries []Entry) {
	old := map[string][]line{}
	var tail []line
	for _, x := range l.lines {
		if x.entry == nil {
			tail = append(tail, x)
			continue
		}
		old[x.entry.Location] = append(old[x.entry.Location], x)
	}
	l.lines = nil
	for _, e := range entries {
		if have := old[e.Location]; len(have) > 0 {
			l.lines = append(l.lines, have[0])
			old[e.Location] = have[1:]
			continue
		}
		l.lines = append(l.lines, newLine(e))
	}
	l.lines = append(l.lines, tail...)
}

func newLine(e Entry) line {
	x := line{entry: &e, raw: e.Location}
	sec := int64(-1)
	if e.Length > 0 {
		sec = int64((e.Length + time.Second/2) / time.Second)
	}
	if e.Title != "" || e.Length > 0 {
		x.before = append(x.before, fmt.Sprintf("%s%d,%s", extinf, sec, oneLine(e.Title)))
	}
	if strings.HasPrefix(e.Location, "#") || strings.ContainsAny(e.Location, "\r\n") || strings.TrimSpace(e.Location) != e.Location {
		x.raw = "./" + e.Location
		if strings.ContainsAny(e.Location, "\r\n") {
			x.raw = "" // no player could read it: left out by Bytes
		}
	}
	return x
}

func oneLine(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r == utf8.RuneError {
			return ' '
		}
		return r
	}, music.WithoutEscapes(s)))
}

// Bytes is the playlist as an M3U8 file.
func (l *List) Bytes() []byte {
	end := "\n"
	if l.crlf {
		end = "\r\n"
	}
	var b bytes.Buffer
	b.WriteString(header + end)
	if l.name != "" {
		b.WriteString(playlist + l.name + end)
	}
	if l.query != "" {
		b.WriteString(segueAsk + l.query + end)
	}
	for _, s := range l.writeAbout() {
		b.WriteString(s + end)
	}
	for _, x := range l.lines {
		if x.entry != nil && x.raw == "" {
			continue
		}
		for _, c := range x.before {
			b.WriteString(c + end)
		}
		if x.entry != nil {
			b.WriteString(x.raw + end)
		}
	}
	return b.Bytes()
}

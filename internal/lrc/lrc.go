// Package lrc reads and writes lyrics in the LRC format, as found beside songs and
// in their tags: [mm:ss.xx]text, several stamps a line, [offset:±ms], and the
// enhanced form with a stamp before each word. There is no standard; this follows
// what the files in the wild and the players that read them agree on.
//
// It has no goroutines and does no I/O. Every function is total: any text gives lyrics.
package lrc

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"segue/internal/music"
)

// maxLines bounds what is read of one text; no song comes near it.
const maxLines = 20000

// Lyrics is a parsed text.
type Lyrics struct {
	// Synced reports that Lines have times and are sorted by them.
	Synced bool
	// Lines are never negative in time. A line without text in synced lyrics is a pause.
	Lines []music.LyricLine
	// Tags are the file's own words of itself: "ti", "ar", "al", "by", "length" …,
	// keys in lower case; "offset" is not among them, it is already in the times.
	Tags map[string]string
}

// Parse reads lyrics. A text with at least one time stamp is synced: its lines without
// a stamp are dropped when nothing was sung yet and otherwise go on the line before as
// a translation or continuation, at the same moment. A text without any stays as it is,
// line by line, all at zero.
func Parse(text string) Lyrics {
	p := parsed{tags: map[string]string{}}
	text = strings.TrimPrefix(strings.ToValidUTF8(text, "\uFFFD"), "\uFEFF")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	for line := range strings.SplitSeq(text, "\n") {
		if len(p.synced) >= maxLines || len(p.plain) >= maxLines {
			break
		}
		p.line(strings.TrimSpace(line))
	}
	return p.lyrics()
}

// Lines is Parse for who wants the lines alone.
func Lines(text string) (lines []music.LyricLine, synced bool) {
	l := Parse(text)
	return l.Lines, l.Synced
}

// At is the index of the line that is sung at t, or -1 before the first. Of lines with
// the same time it is the first. Lines must be sorted, as Parse leaves them.
func At(lines []music.LyricLine, t time.Duration) int {
	i, _ := slices.BinarySearchFunc(lines, t+1, func(l music.LyricLine, t time.Duration) int { return cmp.Compare(l.At, t) })
	if i--; i < 0 {
		return -1
	}
	for i > 0 && lines[i-1].At == lines[i].At {
		i--
	}
	return i
}

// parsed is a text half read.
type parsed struct {
	tags   map[string]string
	offset time.Duration
	synced []music.LyricLine
	plain  []string
	last   []time.Duration // the stamps of the last synced line
}

// line reads one line: stamps and tags at its front, then its words.
func (p *parsed) line(s string) {
	var stamps []time.Duration
	rest, tagged := s, false
	for strings.HasPrefix(rest, "[") {
		inside, after, ok := strings.Cut(rest[1:], "]")
		if !ok {
			break
		}
		if at, ok := stamp(inside); ok {
			stamps = append(stamps, at)
		} else if len(stamps) > 0 || !p.tag(inside) {
			break
		} else {
			tagged = true
		}
		rest = strings.TrimLeft(after, " \t")
	}
	words := clean(rest)
	switch {
	case len(stamps) > 0:
		p.last = stamps
		for _, at := range stamps {
			p.synced = append(p.synced, music.LyricLine{At: at, Text: words})
		}
	case tagged && words == "":
	case len(p.last) > 0 && words != "":
		for _, at := range p.last {
			p.synced = append(p.synced, music.LyricLine{At: at, Text: words})
		}
	default:
		p.plain = append(p.plain, words)
	}
}

// tag reads "key:value" and reports whether it was one. Only the keys that LRC files
// use are tags: "[Chorus: all]" is words.
func (p *parsed) tag(s string) bool {
	key, value, ok := strings.Cut(s, ":")
	key = strings.ToLower(strings.TrimSpace(key))
	if !ok || !isTag(key) {
		return false
	}
	if key == "offset" {
		p.offset = offset(strings.TrimSpace(value))
	} else if value = clean(value); value != "" {
		p.tags[key] = value
	}
	return true
}

func isTag(key string) bool {
	switch key {
	case "ti", "ar", "al", "au", "by", "re", "ve", "la", "lr", "id", "length", "offset", "tool", "#",
		"title", "artist", "album", "author", "lang", "language", "editor", "version", "encoding", "total", "hash", "sign", "qq":
		return true
	}
	return false
}

func (p *parsed) lyrics() Lyrics {
	if len(p.synced) == 0 {
		return Lyrics{Lines: unsynced(p.plain), Tags: p.tags}
	}
	// A positive offset shows the words earlier.
	for i := range p.synced {
		p.synced[i].At = min(max(p.synced[i].At-p.offset, 0), maxTime)
	}
	slices.SortStableFunc(p.synced, func(a, b music.LyricLine) int { return cmp.Compare(a.At, b.At) })
	return Lyrics{Synced: true, Lines: p.synced, Tags: p.tags}
}

// unsynced keeps the empty lines between verses, but none around them.
func unsynced(plain []string) []music.LyricLine {
	for len(plain) > 0 && plain[0] == "" {
		plain = plain[1:]
	}
	for len(plain) > 0 && plain[len(plain)-1] == "" {
		plain = plain[:len(plain)-1]
	}
	lines := make([]music.LyricLine, len(plain))
	for i, s := range plain {
		lines[i].Text = s
	}
	return lines
}

// maxText bounds the bytes kept of one line.
const maxText = 4096

// maxStamp is the longest stamp, brackets excluded.
const maxStamp = 24

// clean leaves out <mm:ss.xx> and [mm:ss.xx], which stand before single words,
// control characters, and blanks at the ends and beside each other. One pass does it,
// also where taking out one stamp makes another of what was around it.
func clean(s string) string {
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "")
	}
	s = music.WithoutEscapes(s)
	out := make([]byte, 0, len(s))
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			if len(out) > 0 && out[len(out)-1] != ' ' {
				out = append(out, ' ')
			}
		case r == '>' || r == ']':
			out = dropStamp(out, byte(r))
		case !unicode.IsControl(r):
			out = utf8.AppendRune(out, r)
		}
	}
	return strings.TrimRight(string(out), " ")
}

// dropStamp takes a stamp off the end of out that end closes, or appends end.
func dropStamp(out []byte, end byte) []byte {
	from := max(len(out)-maxStamp-1, 0)
	if i := bytes.LastIndexByte(out[from:], end-2); i >= 0 { // '<' is '>' - 2, and so with brackets
		if _, ok := stamp(string(out[from+i+1:])); ok {
			return out[:from+i]
		}
	}
	return append(out, end)
}

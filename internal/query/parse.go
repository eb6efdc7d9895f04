package query

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"segue/internal/match"
)

// maxDepth bounds how deep groups nest: what comes from outside cannot exhaust the stack.
const maxDepth = 50

// Parse reads a query. With a mistake it returns an *Error for the first one and the
// query without the terms that were wrong, so that a list need not empty while
// somebody is typing. A field without a value ("artist:") is no mistake and asks nothing.
func Parse(text string) (*Query, error) {
	p := parser{text: text}
	root := p.or(0)
	for p.pos < len(text) { // only a stray ")" stops early
		p.fail(p.pos, 1, "this ) closes nothing")
		p.pos++
		root = and(root, p.or(0))
	}
	q := &Query{Root: root, Text: text}
	if p.err != nil {
		return q, p.err
	}
	return q, nil
}

type parser struct {
	text string
	pos  int
	err  *Error
}

func (p *parser) fail(pos, n int, msg string) {
	if p.err == nil {
		p.err = &Error{Pos: pos, Len: max(n, 1), Msg: msg}
	}
}

func (p *parser) space() {
	for p.pos < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[p.pos:])
		if !unicode.IsSpace(r) {
			return
		}
		p.pos += n
	}
}

func (p *parser) at(c byte) bool { return p.pos < len(p.text) && p.text[p.pos] == c }

func (p *parser) or(depth int) Node {
	nodes := []Node{p.and(depth)}
	for p.space(); p.at('|'); p.space() {
		bar := p.pos
		for p.at('|') {
			p.pos++
		}
		n := p.and(depth)
		if empty(n) {
			// Still being typed at the end; else there is nothing between two bars.
			if p.pos < len(p.text) {
				p.fail(bar, 1, "nothing stands behind this |")
			}
			continue
		}
		nodes = append(nodes, n)
	}
	if len(nodes) > 1 && empty(nodes[0]) {
		p.fail(0, 1, "nothing stands before this |")
		nodes = nodes[1:]
	}
	if len(nodes) == 1 {
		return nodes[0]
	}
	return Or{Nodes: nodes}
}

func (p *parser) and(depth int) Node {
	var nodes []Node
	for {
		p.space()
		if p.pos >= len(p.text) || p.at('|') || p.at(')') {
			break
		}
		if n := p.term(depth); n != nil && !empty(n) {
			nodes = append(nodes, n)
		}
	}
	if len(nodes) == 1 {
		return nodes[0]
	}
	return And{Nodes: nodes}
}

// term reads one term; nil when it was wrong or empty.
func (p *parser) term(depth int) Node {
	switch c := p.text[p.pos]; {
	case (c == '-' || c == '!') && p.pos+1 < len(p.text) && !spaceAt(p.text, p.pos+1):
		p.pos++
		n := p.operand(depth)
		if n == nil || empty(n) {
			return nil
		}
		return Not{Node: n}
	default:
		return p.operand(depth)
	}
}

func (p *parser) operand(depth int) Node {
	if p.pos >= len(p.text) || p.at('|') || p.at(')') {
		return nil
	}
	if p.at('(') {
		return p.group(depth)
	}
	if p.at('~') {
		return p.tilde()
	}
	if p.at('"') {
		return p.quoted(Any)
	}
	start := p.pos
	word := p.word(":")
	if !p.at(':') {
		if strings.EqualFold(word, "starred") {
			return Starred{}
		}
		return textOf(Any, word, false)
	}
	f, ok := fields[strings.ToLower(word)]
	if !ok || len(word) == 1 {
		return p.notAField(start, word)
	}
	p.pos++
	return p.value(f)
}

// notAField decides what "something:" is that names no field: a slip near a field's
// name is a mistake, anything else (a title with a colon) is plain text.
func (p *parser) notAField(start int, word string) Node {
	if near := nearest(strings.ToLower(word)); near != "" {
		p.fail(start, len(word), "there is no field "+word+": did you mean "+near+"?")
		p.pos++
		p.skipValue()
		return nil
	}
	p.pos = start
	return textOf(Any, p.word(""), false)
}

func (p *parser) group(depth int) Node {
	open := p.pos
	p.pos++
	if depth >= maxDepth {
		p.fail(open, 1, "groups nest too deep")
		p.pos = len(p.text)
		return nil
	}
	n := p.or(depth + 1)
	if !p.at(')') {
		if p.err == nil {
			p.fail(open, 1, "this ( is not closed")
		}
		return n
	}
	p.pos++
	return n
}

// tilde reads ~a value, ~avalue and ~a:value.
func (p *parser) tilde() Node {
	start := p.pos
	p.pos++
	if p.pos >= len(p.text) || spaceAt(p.text, p.pos) {
		return nil
	}
	name := strings.ToLower(p.text[p.pos : p.pos+1])
	f, ok := fields[name]
	if !ok {
		_, n := utf8.DecodeRuneInString(p.text[p.pos:])
		p.fail(start, 1+n, "~ takes a (artist), l (album), t (title), g (genre) or y (year)")
		p.pos += n
		p.skipValue()
		return nil
	}
	p.pos++
	if p.at(':') {
		p.pos++
	}
	p.space()
	return p.value(f)
}

func (p *parser) value(f Field) Node {
	if p.pos >= len(p.text) || spaceAt(p.text, p.pos) || p.at('|') || p.at(')') {
		return nil
	}
	if p.at('"') && textual(f) {
		return p.quoted(f)
	}
	at := p.pos
	v := p.word("")
	if textual(f) {
		return textOf(f, v, false)
	}
	n, msg := number(f, v)
	if msg != "" {
		p.fail(at, len(v), msg)
		return nil
	}
	return n
}

func (p *parser) skipValue() {
	if p.at('"') {
		p.quoted(Any)
		return
	}
	p.word("")
}

func (p *parser) quoted(f Field) Node {
	open := p.pos
	p.pos++
	end := strings.IndexByte(p.text[p.pos:], '"')
	if end < 0 {
		v := p.text[p.pos:]
		p.pos = len(p.text)
		if p.err == nil && strings.TrimSpace(v) != "" && f != Any {
			p.fail(open, 1, `this " is not closed`)
		}
		return textOf(f, v, true)
	}
	v := p.text[p.pos : p.pos+end]
	p.pos += end + 1
	return textOf(f, v, true)
}

// word reads up to a space, a bar, a closing bracket or one of stop. A bracket that
// was opened inside the word belongs to it: "song(live)".
func (p *parser) word(stop string) string {
	start, open := p.pos, 0
	for p.pos < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[p.pos:])
		if r == ')' && open == 0 || r == '|' || unicode.IsSpace(r) || strings.ContainsRune(stop, r) {
			break
		}
		switch r {
		case '(':
			open++
		case ')':
			open--
		}
		p.pos += n
	}
	return p.text[start:p.pos]
}

func spaceAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsSpace(r)
}

func textual(f Field) bool {
	switch f {
	case Any, Artist, Album, Title, Genre, Source:
		return true
	case Year, Time, Plays, Rating, Added, Played:
		return false
	}
	return true
}

// textOf is nil for a text that holds nothing to look for, such as "&".
func textOf(f Field, v string, phrase bool) Node {
	if f == Source {
		if v = strings.TrimSpace(v); v == "" {
			return nil
		}
		return Text{Field: f, Value: v}
	}
	if len(match.QueryWords(v)) == 0 {
		return nil
	}
	return Text{Field: f, Value: strings.TrimSpace(v), Phrase: phrase}
}

func and(a, b Node) Node {
	switch {
	case empty(a):
		return b
	case empty(b):
		return a
	}
	return And{Nodes: []Node{a, b}}
}

func empty(n Node) bool {
	a, ok := n.(And)
	return ok && len(a.Nodes) == 0
}

// nearest is the field whose name is one slip away from word (two in a long one), "" if none is.
func nearest(word string) string {
	best, least := "", match.Slips(len(word))+1
	for name := range fields {
		if len(name) < 4 {
			continue
		}
		if d := match.Distance(word, name, least); d < least || d == least && d <= match.Slips(len(word)) && name < best {
			best, least = name, d
		}
	}
	return best
}

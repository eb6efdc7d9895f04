package main

import (
	"fmt"
	"strconv"
	"strings"
)

// parser reads one score file line by line.
type parser struct {
	sc     *score
	macros map[string]string
	cur    *section
	body   []rawLine // the lines of parts, read when all macros are known
}

type rawLine struct {
	number int
	sec    *section
	part   string
	text   string
}

// parseScore reads a score; every error names the line and what is wrong in it.
func parseScore(text string) (*score, error) {
	p := &parser{
		sc:     &score{head: map[string]string{}, sections: map[string]*section{}},
		macros: map[string]string{},
	}
	for i, line := range strings.Split(text, "\n") {
		if cut := strings.IndexByte(line, ';'); cut >= 0 {
			line = line[:cut]
		}
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if err := p.line(i+1, line); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	if err := p.readBodies(); err != nil {
		return nil, err
	}
	return p.sc, p.sc.check()
}

func (p *parser) line(number int, line string) error {
	switch {
	case strings.HasPrefix(line, "let "):
		name, value, ok := strings.Cut(line[4:], "=")
		if !ok {
			return fmt.Errorf("let needs a name, = and the notes")
		}
		p.macros[strings.TrimSpace(name)] = strings.TrimSpace(value)
		return nil
	case strings.HasPrefix(line, "part "):
		return p.part(strings.Fields(line[5:]))
	case strings.HasPrefix(line, "play "):
		return p.play(strings.Fields(line[5:]))
	case strings.HasPrefix(line, "words "):
		return p.words(line[6:])
	case strings.HasPrefix(line, "["):
		return p.section(line)
	}
	key, value, ok := strings.Cut(line, ":")
	if !ok {
		return fmt.Errorf("%q is none of let, part, play, words, [section], name: value", line)
	}
	key, value = strings.TrimSpace(key), strings.TrimSpace(value)
	if p.cur == nil {
		p.sc.head[key] = value
		return nil
	}
	p.body = append(p.body, rawLine{number, p.cur, key, value})
	return nil
}

func (p *parser) part(f []string) error {
	if len(f) < 2 {
		return fmt.Errorf("part needs a name and settings such as program=6")
	}
	pt := part{name: f[0], set: map[string]int{}}
	for _, kv := range f[1:] {
		k, v, _ := strings.Cut(kv, "=")
		n, err := strconv.Atoi(v)
		if err != nil {
			return fmt.Errorf("setting %q: not a number", kv)
		}
		pt.set[k] = n
	}
	p.sc.parts = append(p.sc.parts, pt)
	return nil
}

// play reads the order: names of sections, NAME(-12) for softer, // for a split.
func (p *parser) play(f []string) error {
	split := false
	for _, s := range f {
		if s == "//" {
			split = true
			continue
		}
		t := turn{section: s, split: split}
		split = false
		if name, rest, ok := strings.Cut(s, "("); ok {
			n, err := strconv.Atoi(strings.TrimSuffix(rest, ")"))
			if err != nil {
				return fmt.Errorf("play %q: %w", s, err)
			}
			t.section, t.louder = name, n
		}
		p.sc.order = append(p.sc.order, t)
	}
	return nil
}

func (p *parser) section(line string) error {
	name, meter, ok := strings.Cut(line[1:], "]")
	num, den, ok2 := strings.Cut(strings.TrimSpace(meter), "/")
	n, err1 := strconv.Atoi(num)
	d, err2 := strconv.Atoi(den)
	if !ok || !ok2 || err1 != nil || err2 != nil || n <= 0 || n > 64 || d <= 0 || whole%d != 0 {
		return fmt.Errorf("a section is [name] 3/4, not %q", line)
	}
	if p.sc.sections[name] != nil {
		return fmt.Errorf("section %q is there twice", name)
	}
	p.cur = &section{name: name, bar: n * whole / d, unit: whole / d, voices: map[string]*voice{}}
	p.sc.sections[name] = p.cur
	return nil
}

// words reads BAR.UNIT TEXT, both counted from 1 in the section.
func (p *parser) words(s string) error {
	pos, text, ok := strings.Cut(strings.TrimSpace(s), " ")
	b, u, ok2 := strings.Cut(pos, ".")
	bar, err1 := strconv.Atoi(b)
	unit, err2 := strconv.Atoi(u)
	if !ok || !ok2 || err1 != nil || err2 != nil || p.cur == nil {
		return fmt.Errorf("words need a place such as 3.1 and a text in a section")
	}
	at := (bar-1)*p.cur.bar + (unit-1)*p.cur.unit
	p.cur.words = append(p.cur.words, wordLine{at, strings.TrimSpace(text)})
	return nil
}

// readBodies reads the notes; the lines of one part in a section follow each other,
// and a phrase or a tie may run from line to line.
func (p *parser) readBodies() error {
	type place struct {
		sec  *section
		part string
	}
	readers := map[place]*reader{}
	for _, l := range p.body {
		at := place{l.sec, l.part}
		if readers[at] == nil {
			v := &voice{}
			l.sec.voices[l.part] = v
			readers[at] = newReader(v, l.sec.bar)
		}
		text, err := expand(l.text, p.macros, 0)
		if err == nil {
			err = readers[at].words(strings.Fields(text))
		}
		if err != nil {
			return fmt.Errorf("line %d: [%s] %s: %w", l.number, l.sec.name, l.part, err)
		}
	}
	for at, r := range readers {
		if r.phrase >= 0 {
			return fmt.Errorf("[%s] %s: a phrase is not closed", at.sec.name, at.part)
		}
	}
	return nil
}

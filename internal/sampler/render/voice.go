package main

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	macroCall = regexp.MustCompile(`\$([a-z][a-z0-9]*)(\(([^()]*)\))?([+-]\d+)?`)
	pitchName = regexp.MustCompile(`[A-G][#b]?[0-8]`)
	noteToken = regexp.MustCompile(`^(\()?(r|R|[A-G][#b]?[0-8](?:\+[A-G][#b]?[0-8])*)(?:x(\d{1,3}))?(?::(\d+)(t?)(\.{0,2}))?(['\->%~)]*)$`)
	loudToken = regexp.MustCompile(`^(ppp|pp|p|mp|mf|f|ff|fff)([<>]?)$`)
	paceToken = regexp.MustCompile(`^@(\d+(?:\.\d+)?)(~?)$`)
)

// expand replaces $name, $name(a,b) and $name+12 (in half tones) by their notes.
func expand(text string, macros map[string]string, depth int) (string, error) {
	if depth > 8 {
		return "", fmt.Errorf("macros call each other in a circle")
	}
	var fault error
	out := macroCall.ReplaceAllStringFunc(text, func(call string) string {
		m := macroCall.FindStringSubmatch(call)
		body, ok := macros[m[1]]
		if !ok {
			fault = fmt.Errorf("nothing is called $%s", m[1])
			return ""
		}
		if m[2] != "" {
			args := strings.FieldsFunc(m[3], func(r rune) bool { return r == ',' || r == ' ' })
			for i := len(args); i > 0; i-- {
				body = strings.ReplaceAll(body, "$"+strconv.Itoa(i), args[i-1])
			}
		}
		body, err := expand(body, macros, depth+1)
		if err != nil {
			fault = err
		}
		if m[4] != "" {
			by, _ := strconv.Atoi(m[4])
			body = pitchName.ReplaceAllStringFunc(body, func(s string) string {
				to := pitchOf(s) + by
				if to < 12 || to > 119 { // C0 to B8, what a name can say
					fault = fmt.Errorf("%s is out of reach by %d half tones", s, by)
					return s
				}
				return nameOf(to)
			})
		}
		return body
	})
	return out, fault
}

// pitchOf is the MIDI number of a name such as F#4; middle C is C4 = 60.
func pitchOf(name string) int {
	steps := map[byte]int{'C': 0, 'D': 2, 'E': 4, 'F': 5, 'G': 7, 'A': 9, 'B': 11}
	n := steps[name[0]]
	switch name[1] {
	case '#':
		n++
	case 'b':
		n--
	}
	return n + 12*(int(name[len(name)-1]-'0')+1)
}

func nameOf(pitch int) string {
	return []string{"C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"}[pitch%12] + strconv.Itoa(pitch/12-1)
}

// reader walks over the words of one part.
type reader struct {
	v   *voice
	bar int // ticks
	at  int // ticks from the section's start
	// line is where the last bar line stands.
	line int
	dur  int // the length in force
	// phrase is the index of the first note of an open phrase, -1 outside one.
	phrase int
}

func newReader(v *voice, bar int) *reader {
	return &reader{v: v, bar: bar, dur: whole / 4, phrase: -1}
}

// words appends a line of words; each bar line is checked against the meter, and the
// last bar of the line must be full.
func (r *reader) words(words []string) error {
	if err := r.read(words); err != nil {
		return err
	}
	if r.at != r.line {
		return fmt.Errorf("bar %d is not closed: %s", r.line/r.bar+1, fraction(r.at-r.line))
	}
	r.v.end = r.at
	return nil
}

func (r *reader) read(words []string) error {
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch w {
		case "|":
			if r.at != r.line+r.bar {
				return fmt.Errorf("bar %d has %s", r.line/r.bar+1, fraction(r.at-r.line))
			}
			r.line = r.at
			continue
		case "{":
			end, err := r.together(words[i+1:])
			if err != nil {
				return err
			}
			i += end + 1
			continue
		}
		if err := r.word(w); err != nil {
			return fmt.Errorf("bar %d: %w", r.at/r.bar+1, err)
		}
	}
	return nil
}

// together reads voices that sound at once, a // b // c }, and returns where the brace closes.
func (r *reader) together(words []string) (int, error) {
	end := slices.Index(words, "}")
	if end < 0 {
		return 0, fmt.Errorf("bar %d: a brace is not closed", r.at/r.bar+1)
	}
	from, dur, reach := r.at, r.dur, -1
	for begin := 0; begin <= end; {
		stop := begin
		for stop < end && words[stop] != "//" {
			stop++
		}
		r.at, r.dur = from, dur
		if err := r.read(words[begin:stop]); err != nil {
			return 0, err
		}
		if reach >= 0 && r.at != reach {
			return 0, fmt.Errorf("bar %d: voices in braces are %s and %s long", from/r.bar+1, fraction(reach-from), fraction(r.at-from))
		}
		reach, begin = r.at, stop+1
	}
	r.dur = dur
	return end, nil
}

func (r *reader) word(w string) error {
	loud := map[string]float64{"ppp": 24, "pp": 36, "p": 48, "mp": 60, "mf": 72, "f": 86, "ff": 100, "fff": 114}
	if m := loudToken.FindStringSubmatch(w); m != nil {
		r.v.marks = append(r.v.marks, mark{r.at, markLoud, loud[m[1]], m[2] != ""})
		return nil
	}
	if m := paceToken.FindStringSubmatch(w); m != nil {
		bpm, err := strconv.ParseFloat(m[1], 64)
		if err != nil || bpm < 5 {
			return fmt.Errorf("%q is no tempo", w)
		}
		r.v.marks = append(r.v.marks, mark{r.at, markTempo, bpm, m[2] != ""})
		return nil
	}
	switch w {
	case "_":
		r.v.marks = append(r.v.marks, mark{r.at, markPedal, 1, false})
		return nil
	case "*":
		r.v.marks = append(r.v.marks, mark{r.at, markPedal, 0, false})
		return nil
	}
	m := noteToken.FindStringSubmatch(w)
	if m == nil {
		return fmt.Errorf("%q is neither a note nor a mark", w)
	}
	return r.note(m)
}

// note adds a note, a chord or a rest; m is what noteToken found.
func (r *reader) note(m []string) error {
	if m[4] != "" {
		n, err := strconv.Atoi(m[4])
		if err != nil || n == 0 || whole%n != 0 {
			return fmt.Errorf("%q is no length", m[4])
		}
		r.dur = whole / n
		if m[5] == "t" {
			r.dur = r.dur * 2 / 3
		}
		r.dur = r.dur * []int{4, 6, 7}[len(m[6])] / 4
	}
	if m[2] == "r" {
		r.at += r.dur
		return nil
	}
	if m[2] == "R" {
		times := 1
		if m[3] != "" {
			times, _ = strconv.Atoi(m[3])
		}
		r.at += r.bar * times
		r.line = r.at - r.bar
		return nil
	}
	if m[1] != "" {
		r.phrase = len(r.v.notes)
	}
	r.chord(strings.Split(m[2], "+"), m[7])
	if strings.Contains(m[7], ")") {
		if r.phrase < 0 {
			return fmt.Errorf("a phrase is closed that was not opened")
		}
		r.closePhrase()
	}
	r.at += r.dur
	return nil
}

func (r *reader) chord(names []string, signs string) {
	pitches := make([]int, len(names))
	for i, n := range names {
		pitches[i] = pitchOf(n)
	}
	slices.Sort(pitches)
	for i, p := range pitches {
		open := strings.Contains(signs, "~")
		if j := r.tied(p); j >= 0 {
			r.v.notes[j].dur += r.dur
			r.v.notes[j].tieOpen = open
			continue
		}
		n := note{
			at: r.at, dur: r.dur, pitch: p, tieOpen: open, inChord: len(names) > 1,
			stacc: strings.Contains(signs, "'"), tenuto: strings.Contains(signs, "-"),
			accent: strings.Contains(signs, ">"), legato: r.phrase >= 0,
		}
		if strings.Contains(signs, "%") {
			n.roll = i
		}
		r.v.notes = append(r.v.notes, n)
	}
}

// tied finds the note that a tie carries to here.
func (r *reader) tied(pitch int) int {
	for j := len(r.v.notes) - 1; j >= 0; j-- {
		if n := r.v.notes[j]; n.tieOpen && n.pitch == pitch && n.at+n.dur == r.at {
			return j
		}
	}
	return -1
}

// closePhrase gives the notes of the phrase their place on its arch: 0 at the ends, 1 in the middle.
func (r *reader) closePhrase() {
	notes := r.v.notes[r.phrase:]
	from, to := notes[0].at, r.at
	for i := range notes {
		if to > from {
			notes[i].arch = math.Sin(math.Pi * float64(notes[i].at-from) / float64(to-from))
		}
	}
	notes[0].phraseStart, notes[len(notes)-1].phraseEnd = true, true
	r.phrase = -1
}

// fraction writes ticks as 16ths for a message.
func fraction(ticks int) string {
	return strconv.FormatFloat(float64(ticks)*16/whole, 'g', 4, 64) + "/16"
}

package main

import "fmt"

// whole is the length of a whole note in ticks: every value down to a doubly
// dotted 32nd and a triplet 64th is a whole number of them.
const whole = 3840

// score is one file of internal/sampler/score, parsed but not yet performed.
// docs/SAMPLER.md describes the notation.
type score struct {
	head     map[string]string
	parts    []part
	sections map[string]*section
	order    []turn
}

// turn is one section in the order of play, louder or softer than it is written.
type turn struct {
	section string
	louder  int
	split   bool // a new track of the album begins here, without a pause
}

// part is one instrument and how it is played.
type part struct {
	name string
	set  map[string]int
}

// section is a stretch of music in one meter.
type section struct {
	name   string
	bar    int // ticks
	unit   int // ticks of the meter's lower number
	length int // ticks
	voices map[string]*voice
	words  []wordLine
}

// voice is what one part plays in a section.
type voice struct {
	notes []note
	marks []mark
	end   int
}

// note is a sounding note; at and dur are ticks from the section's start.
type note struct {
	at, dur                         int
	pitch                           int
	stacc, tenuto, accent, legato   bool
	roll                            int // place in a rolled chord, from 0 at the bottom
	arch                            float64
	tieOpen                         bool
	phraseStart, phraseEnd, inChord bool
}

// markKind says what a mark changes.
type markKind int

const (
	markLoud  markKind = iota // value is a velocity; ramp: grow or fade to the next
	markTempo                 // value is beats a minute; ramp: glide to the next
	markPedal                 // value 1: lift and press again; 0: lift
)

type mark struct {
	at    int
	kind  markKind
	value float64
	ramp  bool
}

// wordLine is a line of a song and where its first syllable is sung.
type wordLine struct {
	at   int
	text string
}

// check sees that every part of a section is equally long and that what is played is there.
func (sc *score) check() error {
	known := map[string]bool{"tempo": true}
	for _, p := range sc.parts {
		known[p.name] = true
	}
	for _, s := range sc.sections {
		for name, v := range s.voices {
			if !known[name] {
				return fmt.Errorf("[%s]: part %q was never introduced", s.name, name)
			}
			s.length = max(s.length, v.end)
		}
		for name, v := range s.voices {
			if v.end != s.length && name != "tempo" {
				return fmt.Errorf("[%s]: part %s has %d bars of %d", s.name, name, v.end/s.bar, s.length/s.bar)
			}
			for _, n := range v.notes {
				if n.tieOpen {
					return fmt.Errorf("[%s] %s: bar %d: a tie leads nowhere", s.name, name, n.at/s.bar+1)
				}
			}
		}
	}
	for _, t := range sc.order {
		if sc.sections[t.section] == nil {
			return fmt.Errorf("play names the section %q, which is not there", t.section)
		}
	}
	if len(sc.order) == 0 {
		return fmt.Errorf("nothing is played: the play line is missing")
	}
	return nil
}

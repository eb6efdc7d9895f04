package main

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// event is one MIDI message at a moment of the performance.
type event struct {
	at   time.Duration
	rank int // order among events of one moment: controllers, note offs, note ons
	data []byte
}

// timedLine is a line of words and when it is sung.
type timedLine struct {
	at   time.Duration
	text string
}

// performance is a score as it is played: what to send when, where tracks begin, when it is over.
type performance struct {
	events []event
	words  []timedLine
	splits []time.Duration
	end    time.Duration // the last note's end and the time to ring out
}

// leadIn is the silence before the first note, so that its attack is whole.
const leadIn = 120 * time.Millisecond

// player turns a score into a performance. Its chance is seeded by the title:
// the same score is always played the same way.
type player struct {
	sc    *score
	rng   *rand.Rand
	clock *clock
}

// perform plays the score.
func perform(sc *score) (*performance, error) {
	h := fnv.New64a()
	_, _ = h.Write([]byte(sc.head["title"]))
	pl := &player{sc: sc, rng: rand.New(rand.NewPCG(h.Sum64(), 1))}
	var err error
	if pl.clock, err = newClock(sc, pl.rng); err != nil {
		return nil, err
	}
	out := &performance{}
	for i, p := range sc.parts {
		if err := pl.part(out, p, channelOf(i)); err != nil {
			return nil, err
		}
	}
	pl.wordsAndSplits(out)
	tail, err := strconv.ParseFloat(sc.head["tail"], 64)
	if err != nil {
		return nil, fmt.Errorf("tail: %w", err)
	}
	for _, e := range out.events {
		out.end = max(out.end, e.at)
	}
	out.end += time.Duration(tail * float64(time.Second))
	slices.SortStableFunc(out.events, func(a, b event) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.rank, b.rank))
	})
	return out, nil
}

// channelOf leaves out channel 9, which is the drum kit in General MIDI.
func channelOf(i int) byte {
	if i >= 9 {
		i++
	}
	return byte(i)
}

func (pl *player) wordsAndSplits(out *performance) {
	at := 0
	for _, t := range pl.sc.order {
		s := pl.sc.sections[t.section]
		if t.split {
			out.splits = append(out.splits, pl.clock.at(at))
		}
		for _, w := range s.words {
			out.words = append(out.words, timedLine{pl.clock.at(at + w.at), w.text})
		}
		at += s.length
	}
}

// sounding is a note with its place in the whole piece.
type sounding struct {
	note
	tick, bar int // bar: the length of a bar here
	unit      int
	place     int // ticks into the bar
	louder    int
}

// line puts the sections of one part behind each other.
func (pl *player) line(name string) ([]sounding, []mark) {
	var notes []sounding
	var marks []mark
	at := 0
	for _, t := range pl.sc.order {
		s := pl.sc.sections[t.section]
		if v := s.voices[name]; v != nil {
			for _, n := range v.notes {
				notes = append(notes, sounding{n, at + n.at, s.bar, s.unit, n.at % s.bar, t.louder})
			}
			for _, m := range v.marks {
				m.at += at
				marks = append(marks, m)
			}
		}
		at += s.length
	}
	slices.SortStableFunc(notes, func(a, b sounding) int { return cmp.Or(cmp.Compare(a.tick, b.tick), cmp.Compare(a.pitch, b.pitch)) })
	slices.SortStableFunc(marks, func(a, b mark) int { return cmp.Compare(a.at, b.at) })
	return notes, marks
}

// get is a setting of the part, or what is usual.
func (p part) get(key string, usual int) int {
	if v, ok := p.set[key]; ok {
		return v
	}
	return usual
}

func (pl *player) part(out *performance, p part, ch byte) error {
	for k := range p.set {
		if !strings.Contains(" program vol pan reverb chorus gate accent jitter arch swell vel spread ", " "+k+" ") {
			return fmt.Errorf("part %s: there is no setting %q", p.name, k)
		}
	}
	ctl := func(at time.Duration, num, val int) {
		out.events = append(out.events, event{at, 0, []byte{0xB0 | ch, byte(num), byte(min(max(val, 0), 127))}})
	}
	ctl(0, 0, 0) // the bank of General MIDI
	out.events = append(out.events, event{0, 0, []byte{0xC0 | ch, byte(p.get("program", 0))}})
	ctl(0, 7, p.get("vol", 100))
	ctl(0, 10, p.get("pan", 64))
	ctl(0, 91, p.get("reverb", 50))
	ctl(0, 93, p.get("chorus", 0))

	notes, marks := pl.line(p.name)
	for _, m := range marks {
		if m.kind != markPedal {
			continue
		}
		// The foot comes just after the finger: up at the new harmony, down a moment later.
		ctl(pl.clock.at(m.at)+5*time.Millisecond, 64, 0)
		if m.value > 0 {
			ctl(pl.clock.at(m.at)+70*time.Millisecond, 64, 127)
		}
	}
	played := make([]keyed, 0, len(notes))
	for _, n := range notes {
		played = append(played, pl.play(p, n, marks))
	}
	cutRepeats(played)
	for _, k := range played {
		out.events = append(out.events,
			event{k.on, 2, []byte{0x90 | ch, byte(k.pitch), byte(k.velocity)}},
			event{k.off, 1, []byte{0x80 | ch, byte(k.pitch), 64}})
	}
	if depth := p.get("swell", 0); depth > 0 {
		swell(played, depth, ctl)
	}
	return nil
}

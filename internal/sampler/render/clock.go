package main

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// clockStep is how finely tempo is followed, in ticks (a 64th note).
const clockStep = whole / 64

// clock says when a tick of the piece sounds, by the tempo marks and a breath of
// freedom from bar to bar.
type clock struct{ times []float64 } // seconds at each step

func newClock(sc *score, rng *rand.Rand) (*clock, error) {
	beat, err := beatLength(sc.head["beat"])
	if err != nil {
		return nil, err
	}
	breathe := 0.0
	if s := sc.head["breathe"]; s != "" {
		if breathe, err = strconv.ParseFloat(s, 64); err != nil {
			return nil, fmt.Errorf("breathe: %w", err)
		}
	}
	pl := player{sc: sc}
	_, marks := pl.line("tempo")
	total := 0
	for _, t := range sc.order {
		total += sc.sections[t.section].length
	}
	c := &clock{}
	now, from, to := leadIn.Seconds(), 0.0, 0.0
	// Freedom changes smoothly over about a bar of four.
	for tick := 0; tick <= total+clockStep; tick += clockStep {
		c.times = append(c.times, now)
		if tick%whole == 0 {
			from, to = to, min(max(rng.NormFloat64(), -1.5), 1.5)*breathe/100
		}
		free := from + (to-from)*float64(tick%whole)/whole
		bpm := curve(marks, markTempo, tick, 90) * (1 + free)
		now += float64(clockStep) / float64(beat) * 60 / bpm
	}
	return c, nil
}

// at is the moment of a tick.
func (c *clock) at(tick int) time.Duration {
	i := min(tick/clockStep, len(c.times)-2)
	part := float64(tick-i*clockStep) / clockStep
	return time.Duration((c.times[i] + (c.times[i+1]-c.times[i])*part) * float64(time.Second))
}

// beatLength reads what the tempo counts: 4, 8, 4. …
func beatLength(s string) (int, error) {
	if s == "" {
		return whole / 4, nil
	}
	n, err := strconv.Atoi(strings.TrimSuffix(s, "."))
	if err != nil || n <= 0 || whole%n != 0 {
		return 0, fmt.Errorf("beat %q is no length", s)
	}
	if strings.HasSuffix(s, ".") {
		return whole / n * 3 / 2, nil
	}
	return whole / n, nil
}

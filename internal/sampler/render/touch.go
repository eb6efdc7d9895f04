package main

import (
	"math"
	"time"
)

// keyed is a key pressed and let go.
type keyed struct {
	on, off         time.Duration
	pitch, velocity int
}

// play decides how one note is touched: when, how hard, how long.
func (pl *player) play(p part, n sounding, marks []mark) keyed {
	on := pl.clock.at(n.tick)
	long := pl.clock.at(n.tick+n.dur) - on
	gate := float64(p.get("gate", 94)) / 100
	switch {
	case n.stacc:
		gate = 0.45
	case n.legato && !n.phraseEnd:
		gate = 1.03
	case n.tenuto:
		gate = 1
	}
	hold := time.Duration(float64(long) * gate)
	jitter := pl.bell() * float64(p.get("jitter", 5))
	on += time.Duration(jitter * float64(time.Millisecond))
	on += time.Duration(n.roll*p.get("spread", 28)) * time.Millisecond
	vel := loudness(marks, n.tick) + float64(n.louder+p.get("vel", 0)) +
		n.arch*float64(p.get("arch", 6)) + stress(n)*float64(p.get("accent", 4)) + pl.bell()*2.5
	if n.accent {
		vel += 12
	}
	if n.stacc {
		vel += 2
	}
	return keyed{
		on: max(on, 0), off: max(on+hold, on+30*time.Millisecond),
		pitch:    n.pitch,
		velocity: min(max(int(math.Round(vel)), 12), 124),
	}
}

// bell is a random number around 0, of spread 1, never beyond 2.
func (pl *player) bell() float64 { return min(max(pl.rng.NormFloat64(), -2), 2) }

// stress is the weight of a place in the bar: 1 on the first beat, less on the
// middle and the other beats, below zero between them.
func stress(n sounding) float64 {
	switch {
	case n.place == 0:
		return 1
	case n.place*2 == n.bar:
		return 0.5
	case n.place%n.unit == 0:
		return 0
	case n.place%(n.unit/2) == 0:
		return -0.5
	}
	return -0.8
}

// loudness is the velocity that the dynamic marks ask for at a tick.
func loudness(marks []mark, tick int) float64 { return curve(marks, markLoud, tick, 66) }

// curve is the value of the marks of one kind at a tick, gliding where a mark says so.
func curve(marks []mark, kind markKind, tick int, usual float64) float64 {
	var last *mark
	for i := range marks {
		m := &marks[i]
		if m.kind != kind {
			continue
		}
		if m.at > tick {
			if last != nil && last.ramp {
				return last.value + (m.value-last.value)*float64(tick-last.at)/float64(m.at-last.at)
			}
			break
		}
		last = m
	}
	if last == nil {
		return usual
	}
	return last.value
}

// cutRepeats ends a key before it is pressed again.
func cutRepeats(ks []keyed) {
	for i := range ks {
		for j := i + 1; j < len(ks) && ks[j].on < ks[i].off+time.Second; j++ {
			if ks[j].pitch == ks[i].pitch && ks[j].on > ks[i].on && ks[i].off > ks[j].on-12*time.Millisecond {
				ks[i].off = max(ks[j].on-12*time.Millisecond, ks[i].on+20*time.Millisecond)
			}
		}
	}
}

// swell lets long notes of winds and strings bloom and fade by the expression controller.
func swell(ks []keyed, depth int, ctl func(at time.Duration, num, val int)) {
	for i, k := range ks {
		long := k.off - k.on
		if long < 450*time.Millisecond || (i > 0 && ks[i-1].on > k.on-30*time.Millisecond) {
			continue
		}
		const steps = 12
		for s := range steps + 1 {
			x := float64(s) / steps
			level := 127 - float64(depth)*(1-math.Sin(math.Pi*math.Pow(x, 0.8)))
			if long > 2200*time.Millisecond {
				level -= 2.6 * float64(depth) * max(x-0.4, 0) // a last chord dies away
			}
			ctl(k.on+time.Duration(float64(long)*x), 11, int(level))
		}
	}
}

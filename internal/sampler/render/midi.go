package main

import (
	"encoding/binary"
	"time"
)

// ticksPerQuarter and the fixed tempo of 120 make one MIDI tick a tenth of a
// millisecond: the performance's own rubato is in the times, not in tempo events.
const (
	ticksPerQuarter = 5000
	midiTick        = 100 * time.Microsecond
)

// writeMIDI is the performance as a standard MIDI file of format 0.
func writeMIDI(p *performance, title string) []byte {
	var body []byte
	meta := func(delta int64, kind byte, data []byte) {
		body = appendVar(body, delta)
		body = append(body, 0xFF, kind)
		body = appendVar(body, int64(len(data)))
		body = append(body, data...)
	}
	meta(0, 3, []byte(title))
	meta(0, 0x51, []byte{0x07, 0xA1, 0x20}) // 500,000 us a quarter
	var last int64
	for _, e := range p.events {
		t := int64(e.at / midiTick)
		body = appendVar(body, t-last)
		body = append(body, e.data...)
		last = t
	}
	meta(int64(p.end/midiTick)-last, 0x2F, nil)

	out := []byte("MThd\x00\x00\x00\x06\x00\x00\x00\x01")
	out = binary.BigEndian.AppendUint16(out, ticksPerQuarter)
	out = append(out, "MTrk"...)
	out = binary.BigEndian.AppendUint32(out, uint32(len(body)))
	return append(out, body...)
}

// appendVar appends MIDI's variable-length number.
func appendVar(b []byte, n int64) []byte {
	n = max(n, 0)
	for shift := 28; shift > 0; shift -= 7 {
		if n>>shift != 0 {
			b = append(b, byte(n>>shift&0x7F|0x80))
		}
	}
	return append(b, byte(n&0x7F))
}

package device

import (
	"encoding/binary"
	"fmt"
	"math"

	"segue/internal/pcm"
)

// SampleFormat is how samples are written to files, pipes and stdout, little endian.
type SampleFormat int

// S16 is the default; what came from 16 bits leaves as the same 16 bits. F32 is the
// player's own format, unchanged.
const (
	S16 SampleFormat = iota
	F32
)

// ParseSampleFormat reads "s16" or "f32".
func ParseSampleFormat(s string) (SampleFormat, error) {
	switch s {
	case "s16", "":
		return S16, nil
	case "f32":
		return F32, nil
	}
	return S16, fmt.Errorf("device: sample format %q: want s16 or f32", s)
}

// String is the word that ParseSampleFormat reads.
func (s SampleFormat) String() string {
	if s == F32 {
		return "f32"
	}
	return "s16"
}

func (s SampleFormat) bytes() int {
	if s == F32 {
		return 4
	}
	return 2
}

// encode appends the samples to dst.
func (s SampleFormat) encode(dst []byte, samples []float32) []byte {
	if s == F32 {
		for _, v := range samples {
			dst = binary.LittleEndian.AppendUint32(dst, math.Float32bits(v))
		}
		return dst
	}
	for _, v := range samples {
		dst = binary.LittleEndian.AppendUint16(dst, uint16(toS16(v)))
	}
	return dst
}

// toS16 rounds to the nearest, so that n/32768 gives n back; what is beyond full scale
// is clamped, and what is no number is silence.
func toS16(v float32) int16 {
	x := v * 32768
	switch {
	case x != x:
		return 0
	case x >= math.MaxInt16:
		return math.MaxInt16
	case x <= math.MinInt16:
		return math.MinInt16
	case x < 0:
		return int16(x - 0.5)
	}
	return int16(x + 0.5)
}

// WAV's sizes have 32 bits. unknownSize says "until the end": readers take it from
// streams, whose header cannot be mended, and it stays in files beyond 4 GB.
const unknownSize = math.MaxUint32

// wavHeader is the header before size bytes of samples; size < 0 is not known yet.
func wavHeader(f pcm.Format, s SampleFormat, size int64) []byte {
	width := s.bytes()
	tag, extra := uint16(1), 0
	if s == F32 {
		tag, extra = 3, 2+12 // WAVE_FORMAT_IEEE_FLOAT: cbSize, and a fact chunk
	}
	length := 4 + 8 + 16 + extra + 8 // from after the RIFF size up to the samples
	riff, data, frames := uint32(unknownSize), uint32(unknownSize), uint32(unknownSize)
	if size >= 0 && size+size%2 < unknownSize-int64(length) {
		riff, data = uint32(int64(length)+size+size%2), uint32(size)
		frames = uint32(size / int64(width*f.Channels))
	}
	le := binary.LittleEndian
	h := make([]byte, 0, 8+length)
	h = le.AppendUint32(append(h, "RIFF"...), riff)
	h = append(h, "WAVEfmt "...)
	h = le.AppendUint32(h, uint32(16+min(extra, 2)))
	h = le.AppendUint16(h, tag)
	h = le.AppendUint16(h, uint16(f.Channels))
	h = le.AppendUint32(h, uint32(f.Rate))
	h = le.AppendUint32(h, uint32(f.Rate*f.Channels*width))
	h = le.AppendUint16(h, uint16(f.Channels*width))
	h = le.AppendUint16(h, uint16(8*width))
	if s == F32 {
		h = le.AppendUint16(h, 0)
		h = le.AppendUint32(append(h, "fact"...), 4)
		h = le.AppendUint32(h, frames)
	}
	return le.AppendUint32(append(h, "data"...), data)
}

package mpegaudio_test

import (
	"testing"

	"segue/internal/mpegaudio"
)

func TestTheHeadOfAFrameSaysWhatFollows(t *testing.T) {
	for _, c := range []struct {
		name  string
		bytes [4]byte
		want  mpegaudio.Header
		side  int
	}{
		{"MP3 of 128 kbit/s, joint stereo", [4]byte{0xff, 0xfb, 0x90, 0x44}, mpegaudio.Header{1, 3, 128, 44100, 2, 1152, 417}, 32},
		{"the same, padded", [4]byte{0xff, 0xfb, 0x92, 0x44}, mpegaudio.Header{1, 3, 128, 44100, 2, 1152, 418}, 32},
		{"mono", [4]byte{0xff, 0xfb, 0x90, 0xc4}, mpegaudio.Header{1, 3, 128, 44100, 1, 1152, 417}, 17},
		{"version 2, 64 kbit/s", [4]byte{0xff, 0xf3, 0x80, 0x44}, mpegaudio.Header{2, 3, 64, 22050, 2, 576, 208}, 17},
		{"version 2.5, 8 kbit/s, mono", [4]byte{0xff, 0xe3, 0x18, 0xc4}, mpegaudio.Header{3, 3, 8, 8000, 1, 576, 72}, 9},
		{"the smallest", [4]byte{0xff, 0xf3, 0x14, 0xc4}, mpegaudio.Header{2, 3, 8, 24000, 1, 576, 24}, 9},
		{"MP2 of 192 kbit/s at 48 kHz", [4]byte{0xff, 0xfd, 0xa4, 0x04}, mpegaudio.Header{1, 2, 192, 48000, 2, 1152, 576}, 32},
		{"MP1 of 384 kbit/s at 32 kHz", [4]byte{0xff, 0xff, 0xc8, 0x04}, mpegaudio.Header{1, 1, 384, 32000, 2, 384, 576}, 32},
		{"MP1 of version 2", [4]byte{0xff, 0xf7, 0xc0, 0x04}, mpegaudio.Header{2, 1, 192, 22050, 2, 384, 416}, 17},
	} {
		got, ok := mpegaudio.Parse(c.bytes[:])
		if !ok || got != c.want || got.Side() != c.side {
			t.Errorf("%s: %+v with %d, %t; want %+v with %d", c.name, got, got.Side(), ok, c.want, c.side)
		}
	}
}

func TestBytesThatAreNoHeadAreRefused(t *testing.T) {
	for name, b := range map[string][]byte{
		"too few":              {0xff, 0xfb, 0x90},
		"no sync":              {0xff, 0x1b, 0x90, 0x44},
		"the reserved version": {0xff, 0xeb, 0x90, 0x44},
		"the reserved layer":   {0xff, 0xf9, 0x90, 0x44},
		"free format":          {0xff, 0xfb, 0x00, 0x44},
		"the forbidden rate":   {0xff, 0xfb, 0xf0, 0x44},
		"no sample rate":       {0xff, 0xfb, 0x9c, 0x44},
	} {
		if h, ok := mpegaudio.Parse(b); ok {
			t.Errorf("%s: %+v", name, h)
		}
	}
}

func TestFramesOfOneStreamShareVersionLayerAndRate(t *testing.T) {
	h := mpegaudio.Header{Version: 1, Layer: 3, Kbps: 128, Rate: 44100}
	other := h
	other.Kbps, other.Size, other.Channels = 320, 1044, 1
	if !h.Like(other) {
		t.Error("another bit rate is another stream")
	}
	for _, o := range []mpegaudio.Header{{Version: 2, Layer: 3, Rate: 44100}, {Version: 1, Layer: 2, Rate: 44100}, {Version: 1, Layer: 3, Rate: 48000}} {
		if h.Like(o) {
			t.Errorf("%+v is taken for the same stream", o)
		}
	}
}

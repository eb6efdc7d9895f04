package decode

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
)

// part is a chunk of a RIFF file; size -1 = its true one.
type part struct {
	id   string
	body []byte
	size int64
	bare bool // no padding where it is odd
}

func riff(kind string, parts ...part) []byte {
	b := []byte(kind + "\xff\xff\xff\xffWAVE")
	for _, p := range parts {
		size := p.size
		if size < 0 {
			size = int64(len(p.body))
		}
		b = append(b, p.id...)
		b = binary.LittleEndian.AppendUint32(b, uint32(size))
		b = append(b, p.body...)
		if len(p.body)%2 == 1 && !p.bare {
			b = append(b, 0)
		}
	}
	return b
}

func wavFormat(tag, channels, rate, block, bits int, more ...byte) part {
	le := binary.LittleEndian
	b := le.AppendUint16(nil, uint16(tag))
	b = le.AppendUint16(b, uint16(channels))
	b = le.AppendUint32(b, uint32(rate))
	b = le.AppendUint32(b, uint32(rate*block))
	b = le.AppendUint16(b, uint16(block))
	b = le.AppendUint16(b, uint16(bits))
	return part{"fmt ", append(b, more...), -1, false}
}

// TestWAVHeadersThatLie: what is there is played, what is missing is said.
func TestWAVHeadersThatLie(t *testing.T) {
	samples := []byte{0, 0x40, 0, 0xc0, 0, 0x20, 0, 0xe0} // 0.5 -0.5 0.25 -0.25
	want := []float32{0.5, -0.5, 0.25, -0.25}
	pcm16 := wavFormat(1, 2, 44100, 4, 16)
	extensible := append([]byte{22, 0, 16, 0, 3, 0, 0, 0, 1, 0}, "\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"...)
	ds64 := func(n byte) part {
		return part{"ds64", append(make([]byte, 8), append([]byte{n}, make([]byte, 19)...)...), -1, false}
	}
	for _, c := range []struct {
		name string
		file []byte
		want []float32
		err  string // at the end, empty = io.EOF
	}{
		{"plain", riff("RIFF", pcm16, part{"data", samples, -1, false}), want, ""},
		{"a size of 0", riff("RIFF", pcm16, part{"data", samples, 0, false}), want, ""},
		{"a size of all ones", riff("RIFF", pcm16, part{"data", samples, 0xffffffff, false}), want, ""},
		{"sox's size of a pipe", riff("RIFF", pcm16, part{"data", samples, 0x7ffff000 - 36, false}), want, ""},
		{"a size beyond the end", riff("RIFF", pcm16, part{"data", samples, 400_000, false}), want, "cut short at 0:00 of 0:02"},
		{"chunks before and after", riff("RIFF", part{"JUNK", make([]byte, 28), -1, false}, pcm16,
			part{"data", samples, -1, false}, part{"LIST", make([]byte, 40), -1, false}), want, ""},
		{"an odd chunk with its pad", riff("RIFF", pcm16, part{"note", []byte("abc"), -1, false}, part{"data", samples, -1, false}), want, ""},
		{"an odd chunk without its pad", riff("RIFF", pcm16, part{"note", []byte("abc"), -1, true}, part{"data", samples, -1, false}), want, ""},
		{"half a frame at the end", riff("RIFF", pcm16, part{"data", append(bytes.Clone(samples), 1, 2, 3), -1, false}), want, ""},
		{"nothing, then tags", riff("RIFF", pcm16, part{"data", nil, 0, false}, part{"LIST", make([]byte, 8), -1, false}), nil, ""},
		{"nothing", riff("RIFF", pcm16, part{"data", nil, 0, false}), nil, ""},
		{"extensible", riff("RIFF", wavFormat(0xfffe, 2, 44100, 4, 16, extensible...), part{"data", samples, -1, false}), want, ""},
		{"RF64", riff("RF64", ds64(8), pcm16, part{"data", append(bytes.Clone(samples), samples...), 0xffffffff, false}), want, ""},
		{"8 bits without sign", riff("RIFF", wavFormat(1, 1, 8000, 1, 8), part{"data", []byte{0xc0, 0x40, 0x80, 0}, -1, false}), []float32{0.5, -0.5, 0, -1}, ""},
		{"12 bits in 16", riff("RIFF", wavFormat(1, 2, 44100, 4, 12), part{"data", samples, -1, false}), want, ""},
		{"24 bits in 32", riff("RIFF", wavFormat(1, 1, 44100, 4, 24), part{"data", []byte{0, 0, 0, 0x40, 0, 0, 0, 0xc0}, -1, false}), []float32{0.5, -0.5}, ""},
		{"no number in floats", riff("RIFF", wavFormat(3, 1, 44100, 4, 32), part{"data", []byte{0, 0, 0xc0, 0x7f, 0, 0, 0, 0x3f}, -1, false}), []float32{0, 0.5}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, r := range []io.Reader{bytes.NewReader(c.file), onlyReads(string(c.file))} {
				src, err := Open(Input{R: r, Size: -1, Name: "a.wav"})
				if err != nil {
					t.Fatal(err)
				}
				got, err := readOut(src)
				if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
					t.Errorf("ended with %v, want %q", err, c.err)
				}
				if c.name == "nothing, then tags" || !strings.HasPrefix(c.name, "a size") && !strings.HasPrefix(c.name, "sox") {
					same(t, c.name, got, c.want, 0)
				} else {
					same(t, c.name, got[:len(c.want)], c.want, 0)
				}
			}
		})
	}
}

// TestBrokenHeadersAreRefusedWithoutGreed: no header makes us allocate what it claims.
func TestBrokenHeadersAreRefusedWithoutGreed(t *testing.T) {
	aiff := func(s string) []byte { return []byte("FORM\x00\x00\xff\xffAIFF" + s) }
	comm := "COMM\x00\x00\x00\x12\x00\x02\x00\x00\x00\x02\x00\x10\x40\x0e\xac\x44\x00\x00\x00\x00\x00\x00"
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"no format", riff("RIFF", part{"data", []byte{1, 2, 3, 4}, -1, false}), "makes no sense"},
		{"no data", riff("RIFF", wavFormat(1, 2, 44100, 4, 16)), "ends within the header"},
		{"a tiny format", riff("RIFF", part{"fmt ", []byte{1, 0}, -1, false}), "makes no sense"},
		{"a giant format", riff("RIFF", part{"fmt ", []byte{1, 0}, 0xfffffff0, false}), "ends within the header"},
		{"no channels", riff("RIFF", wavFormat(1, 0, 44100, 4, 16), part{"data", []byte{1, 2, 3, 4}, -1, false}), "no channels"},
		{"no rate", riff("RIFF", wavFormat(1, 2, 0, 4, 16), part{"data", []byte{1, 2, 3, 4}, -1, false}), "a sample rate of 0 Hz"},
		{"65535 channels", riff("RIFF", wavFormat(1, 65535, 44100, 4, 16), part{"data", []byte{1, 2, 3, 4}, -1, false}), "it has 65535 channels"},
		{"AIFF with nothing", aiff(""), "ends within the header"},
		{"AIFF without samples", aiff(comm), "no samples in it"},
		{"AIFF of endless rate", aiff(strings.Replace(comm, "\x40\x0e", "\x7f\xff", 1) + "SSND\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00"), "sample rate"},
		{"FLAC without a block", []byte("fLaC"), "damaged"},
		{"Ogg without a body", []byte("OggS\x00\x02" + strings.Repeat("\x00", 20) + "\x01\x1e\x01vorbis" + strings.Repeat("\x00", 23)), "damaged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			src, err := Open(Input{R: bytes.NewReader(c.file), Size: -1, Name: "a"})
			if err == nil {
				t.Fatalf("opened: %+v", src.Info())
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// TestAIFFWithItsSamplesFirst needs a seek back; a pipe says that it cannot.
func TestAIFFWithItsSamplesFirst(t *testing.T) {
	file := "FORM\x00\x00\xff\xffAIFFSSND\x00\x00\x00\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x40\x00\xc0\x00" +
		"COMM\x00\x00\x00\x12\x00\x02\x00\x00\x00\x01\x00\x10\x40\x0e\xac\x44\x00\x00\x00\x00\x00\x00"
	src, err := Open(Input{R: strings.NewReader(file), Size: -1, Name: "a.aiff"})
	if err != nil {
		t.Fatal(err)
	}
	if src.Format().Rate != 44100 {
		t.Errorf("rate %d", src.Format().Rate)
	}
	same(t, "samples first", all(t, src), []float32{0.5, -0.5}, 0)
	if _, err := Open(Input{R: onlyReads(file), Size: -1, Name: "a.aiff"}); err == nil || !strings.Contains(err.Error(), "cannot go back") {
		t.Error(err)
	}
}

// TestAReaderThatGivesNothingIsLeft, instead of asked for ever.
func TestAReaderThatGivesNothingIsLeft(t *testing.T) {
	_, err := Open(Input{R: lazy{}, Size: -1, Name: "lazy"})
	if !errors.Is(err, errNoBytes) {
		t.Error(err)
	}
}

type lazy struct{}

func (lazy) Read([]byte) (int, error) { return 0, nil }

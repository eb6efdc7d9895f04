package decode

import (
	"encoding/binary"
	"errors"
	"io"
	"math"

	"segue/internal/pcm"
)

// sampleKind is how a sample lies in the file.
type sampleKind int

const (
	sampleU8 sampleKind = iota
	sampleS8
	sampleS16
	sampleS24
	sampleS32
	sampleF32
	sampleF64
)

// bytes is the size of a sample.
func (k sampleKind) bytes() int { return [...]int{1, 1, 2, 3, 4, 4, 8}[k] }

// rawPCM gives samples that lie in the file as they are: WAV, AIFF, and what ffmpeg writes.
type rawPCM struct {
	in    *stream
	f     pcm.Format
	inf   pcm.Info
	kind  sampleKind
	big   bool  // big-endian
	start int64 // offset of the first frame
	limit int64 // frames there may be at most: what the header says, -1 = to the end
	at    int64 // frame that is next
	box   []byte
}

func newRawPCM(in *stream, f pcm.Format, inf pcm.Info, kind sampleKind, big bool, start, dataBytes int64) *rawPCM {
	p := &rawPCM{in: in, f: f, inf: inf, kind: kind, big: big, start: start, limit: -1}
	size := p.frameSize()
	if dataBytes >= 0 {
		p.limit = dataBytes / size
	}
	p.inf.Frames = p.limit
	if p.limit < 0 && in.size >= 0 {
		p.inf.Frames = max(in.size-start, 0) / size
	}
	p.inf.Kbps = int(int64(f.Rate) * size * 8 / 1000)
	p.box = make([]byte, (32<<10)/size*size)
	return p
}

func (p *rawPCM) frameSize() int64 { return int64(p.kind.bytes() * p.f.Channels) }

func (p *rawPCM) format() pcm.Format { return p.f }
func (p *rawPCM) info() pcm.Info     { return p.inf }
func (p *rawPCM) short() int64       { return 0 }
func (p *rawPCM) close()             {}

func (p *rawPCM) read(dst []float32) (int, error) {
	ch, size := p.f.Channels, p.frameSize()
	want, done := len(dst)/ch, 0
	for done < want {
		n := int64(min(want-done, len(p.box)/int(size)))
		if p.limit >= 0 {
			n = min(n, p.limit-p.at)
		}
		if n <= 0 {
			return done, io.EOF
		}
		got, err := p.in.readFull(p.start+p.at*size, p.box[:n*size])
		whole := got / int(size)
		convert(dst[done*ch:(done+whole)*ch], p.box, p.kind, p.big)
		done += whole
		p.at += int64(whole)
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

func (p *rawPCM) seek(frame int64) (int64, error) {
	if p.limit >= 0 {
		frame = min(frame, p.limit)
	}
	at := frame
	if p.in.size >= 0 {
		there := max(p.in.size-p.start, 0) / p.frameSize()
		at = min(frame, there)
	}
	p.at = at
	if at < frame {
		return at, io.EOF
	}
	return at, nil
}

// convert turns len(dst) samples into floats: integers of b bits by 1/2^(b-1), exactly.
func convert(dst []float32, src []byte, kind sampleKind, big bool) {
	src = src[:len(dst)*kind.bytes()]
	if big {
		swap(src, kind.bytes())
	}
	le := binary.LittleEndian
	switch kind {
	case sampleU8:
		for i := range dst {
			dst[i] = float32(int(src[i])-128) / (1 << 7)
		}
	case sampleS8:
		for i := range dst {
			dst[i] = float32(int8(src[i])) / (1 << 7)
		}
	case sampleS16:
		for i := range dst {
			dst[i] = float32(int16(le.Uint16(src[2*i:]))) / (1 << 15)
		}
	case sampleS24:
		for i := range dst {
			b := src[3*i : 3*i+3]
			v := int32(uint32(b[0])<<8|uint32(b[1])<<16|uint32(b[2])<<24) >> 8
			dst[i] = float32(v) / (1 << 23)
		}
	case sampleS32:
		for i := range dst {
			dst[i] = float32(int32(le.Uint32(src[4*i:]))) / (1 << 31)
		}
	case sampleF32:
		for i := range dst {
			dst[i] = finite(math.Float32frombits(le.Uint32(src[4*i:])))
		}
	case sampleF64:
		for i := range dst {
			dst[i] = finite(float32(math.Float64frombits(le.Uint64(src[8*i:]))))
		}
	}
}

// finite keeps what is no number out of the player's sums.
func finite(v float32) float32 {
	if v-v != 0 {
		return 0
	}
	return v
}

// swap turns each run of n bytes around.
func swap(b []byte, n int) {
	if n == 1 {
		return
	}
	for ; len(b) >= n; b = b[n:] {
		for i, j := 0, n-1; i < j; i, j = i+1, j-1 {
			b[i], b[j] = b[j], b[i]
		}
	}
}

// errHeader is for headers that contradict themselves.
var errHeader = errors.New("damaged: the header makes no sense")

// headerError turns the end of the input within a header into words.
func headerError(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("damaged: it ends within the header")
	}
	return err
}

package decode

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"

	"segue/internal/pcm"
)

// ffmpeg decodes by a process that writes floats with a small header (AU) to a pipe. A
// seek starts another one, a little before its target, since codecs need some frames to
// settle; where the container's times are too coarse to land on a sample, it
// decodes from the start instead.
type ffmpeg struct {
	feed  *stream // what goes to the process, nil = it reads the file itself
	path  string
	spool string // a file of ours to remove at the end, empty = none
	label string
	f     pcm.Format
	inf   pcm.Info
	known probe
	proc  *process
	pos   int64 // frame that the process gives next
	box   []byte
	odd   int // bytes of a frame begun, at the start of box
}

// What a seek costs: a process takes as long to start as the codec needs for half a
// minute, and eight frames are enough for the slowest codec to settle.
const (
	ffmpegNear    = 30 // seconds forward that are rather decoded
	ffmpegPreroll = 8 * 2048
)

func openFFmpeg(in Input, s *stream, label string) (decoder, error) {
	d := &ffmpeg{path: in.Path, label: label}
	bin, err := exec.LookPath("ffmpeg")
	if err != nil {
		return nil, fmt.Errorf("%s %w", label, ErrNeedsFFmpeg)
	}
	if d.path == "" {
		if err := d.takeBytes(s); err != nil {
			return nil, err
		}
	}
	known := make(chan probe, 1)
	go func() { known <- runProbe(d.path) }()
	d.f, err = d.launch(bin, 0)
	d.known = <-known
	if d.known.exact && label == "MP4" {
		d.known.sharpen(readMP4(s))
	}
	if err == nil {
		err = checkFormat(d.f)
	}
	if err != nil {
		d.close()
		return nil, err
	}
	d.inf = d.known.info(label, d.f.Rate)
	d.box = make([]byte, (64<<10)/d.frameSize()*d.frameSize())
	return d, nil
}

// takeBytes prepares for an input that is no file: it goes through a pipe, except for an
// MP4 with its index at the end, which needs a file.
func (d *ffmpeg) takeBytes(s *stream) error {
	if d.label != "MP4" || !indexLast(s) {
		own := *s // the feeder's, which is another goroutine
		d.feed = &own
		return nil
	}
	if s.seeker == nil {
		return errors.New("an MP4 with its index at the end cannot be played from a pipe")
	}
	f, err := os.CreateTemp("", "segue-*.mp4")
	if err != nil {
		return err
	}
	d.path, d.spool = f.Name(), f.Name()
	_, err = io.Copy(f, &cursor{s: s})
	if err = errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(d.spool)
	}
	return err
}

func (d *ffmpeg) frameSize() int { return 4 * d.f.Channels }

// launch starts a process that begins at a frame, and reads its header.
func (d *ffmpeg) launch(bin string, from int64) (pcm.Format, error) {
	args := []string{"-nostdin", "-hide_banner", "-v", "error", "-protocol_whitelist", "file,pipe", "-threads", "1"}
	if from > 0 {
		us := from * 1_000_000 / int64(d.f.Rate)
		args = append(args, "-ss", strconv.FormatInt(us, 10)+"us")
	}
	input := "pipe:0"
	if d.path != "" {
		input = "file:" + d.path
	}
	args = append(args, "-i", input, "-map", "0:a:0", "-map_metadata", "-1", "-c:a", "pcm_f32be", "-f", "au", "pipe:1")
	p, err := startProcess(bin, args, d.feed)
	if err != nil {
		return pcm.Format{}, err
	}
	d.proc, d.pos, d.odd = p, from, 0
	return p.header()
}

// header reads what an AU file begins with.
func (p *process) header() (pcm.Format, error) {
	var b [24]byte
	if _, err := io.ReadFull(p.out, b[:]); err != nil {
		if err := p.failure(); err != nil {
			return pcm.Format{}, err
		}
		return pcm.Format{}, errors.New("ffmpeg found no sound in it")
	}
	be := binary.BigEndian
	if string(b[:4]) != ".snd" || be.Uint32(b[12:]) != 6 {
		return pcm.Format{}, errors.New("ffmpeg gave something else than asked for")
	}
	if _, err := io.CopyN(io.Discard, p.out, int64(be.Uint32(b[4:]))-24); err != nil {
		return pcm.Format{}, fmt.Errorf("ffmpeg: %w", err)
	}
	return pcm.Format{Rate: int(be.Uint32(b[16:])), Channels: int(be.Uint32(b[20:]))}, nil
}

func (d *ffmpeg) format() pcm.Format { return d.f }
func (d *ffmpeg) info() pcm.Info     { return d.inf }
func (d *ffmpeg) short() int64       { return d.known.slack(d.f.Rate) }

func (d *ffmpeg) read(dst []float32) (int, error) {
	ch, size := d.f.Channels, d.frameSize()
	want, done := len(dst)/ch, 0
	for done < want {
		n := int64(min(want-done, len(d.box)/size))
		if d.known.exact {
			n = min(n, d.inf.Frames-d.pos)
		}
		if n <= 0 || d.proc == nil {
			return done, io.EOF
		}
		got, err := d.proc.out.Read(d.box[d.odd : int(n)*size])
		got += d.odd
		whole := got / size
		convert(dst[done*ch:(done+whole)*ch], d.box, sampleF32, true)
		d.odd = copy(d.box, d.box[whole*size:got])
		done += whole
		d.pos += int64(whole)
		if err != nil {
			return done, d.over(err)
		}
	}
	return done, nil
}

// over finds out why the process's output ended.
func (d *ffmpeg) over(err error) error {
	if !errors.Is(err, io.EOF) {
		return fmt.Errorf("ffmpeg: %w", err)
	}
	if err := d.proc.failure(); err != nil && d.inf.Frames <= d.pos+d.short() {
		return err
	}
	if err := d.proc.feedError(); err != nil {
		return err
	}
	return io.EOF
}

func (d *ffmpeg) seek(frame int64) (int64, error) {
	if d.proc != nil && frame >= d.pos && frame-d.pos < int64(ffmpegNear*d.f.Rate) {
		return d.forward(frame)
	}
	from := int64(0)
	if d.known.seeks && d.path != "" {
		from = wholeMicros(frame-ffmpegPreroll, int64(d.f.Rate))
	}
	if from == 0 && d.proc != nil && frame >= d.pos {
		return d.forward(frame)
	}
	if d.proc != nil && d.feed != nil {
		d.proc.kill()
		<-d.proc.fed // it reads what the next one will
	}
	d.stop()
	bin, err := exec.LookPath("ffmpeg")
	if err != nil {
		return 0, ErrNeedsFFmpeg
	}
	f, err := d.launch(bin, from)
	if err == nil && f != d.f {
		err = errors.New("ffmpeg gives another format than before")
	}
	if err != nil {
		d.stop()
		return 0, err
	}
	return d.forward(frame)
}

// wholeMicros is the last frame at or before n whose time is a whole number of
// microseconds, which is as exact as ffmpeg can be told.
func wholeMicros(n, rate int64) int64 {
	a, b := rate, int64(1_000_000)
	for b != 0 {
		a, b = b, a%b
	}
	step := rate / a
	return max(n, 0) / step * step
}

// forward decodes up to a frame.
func (d *ffmpeg) forward(frame int64) (int64, error) {
	box := make([]float32, 4096*d.f.Channels)
	for d.pos < frame {
		n := min(int64(4096), frame-d.pos)
		if _, err := d.read(box[:int(n)*d.f.Channels]); err != nil {
			return d.pos, err
		}
	}
	return d.pos, nil
}

func (d *ffmpeg) stop() {
	if d.proc != nil {
		d.proc.stop()
		d.proc = nil
	}
}

func (d *ffmpeg) close() {
	d.stop()
	if d.spool != "" {
		_ = os.Remove(d.spool)
	}
}

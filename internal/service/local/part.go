package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"segue/internal/pcm"
	"segue/player"
)

// bounds are the first frame of a part of a file and the one after its last, 0 = the
// end of the file, from the index or else from the cue sheet itself.
func (s *Service) bounds(ctx context.Context, id string) (start, end int64, err error) {
	db, err := s.index(ctx)
	if err != nil {
		return 0, 0, err
	}
	e, err := db.At(ctx, id)
	if err != nil {
		return 0, 0, err
	}
	if e == nil {
		return 0, 0, errors.New("the cue sheet no longer has this track")
	}
	return e.Start, e.End, nil
}

// part is a source that gives the frames from start to end of another, exactly. One
// goroutine uses it at a time; it owns the other.
type part struct {
	src        player.Source
	start, end int64 // end 0 = to the end of the source
	at         int64 // the frame that comes next, counted in the whole source
	skip       int64 // frames to read over before it
}

// newPart moves src to start; it closes src when that fails.
func newPart(src player.Source, start, end int64) (player.Source, error) {
	p := &part{src: src, start: start, end: end}
	if start == 0 {
		return p, nil
	}
	if _, err := p.Seek(0); err != nil {
		_ = src.Close()
		return nil, fmt.Errorf("go to the track in the file: %w", err)
	}
	return p, nil
}

func (p *part) Format() player.Format { return p.src.Format() }

// Info tells what the file is, with the length of the part.
func (p *part) Info() pcm.Info {
	info := pcm.Info{Frames: -1}
	if i, ok := p.src.(pcm.Informed); ok {
		info = i.Info()
	}
	switch {
	case p.end > 0:
		info.Frames = p.end - p.start
	case info.Frames > 0:
		info.Frames = max(info.Frames-p.start, 0)
	}
	return info
}

func (p *part) Read(dst []float32) (int, error) {
	ch := p.src.Format().Channels
	for p.skip > 0 {
		n, err := p.src.Read(dst[:min(int64(len(dst)), p.skip*int64(ch))])
		p.skip -= int64(n / ch)
		if err != nil {
			return 0, err
		}
	}
	if p.end > 0 {
		left := p.end - p.at
		if left <= 0 {
			return 0, io.EOF
		}
		dst = dst[:min(int64(len(dst)), left*int64(ch))]
	}
	n, err := p.src.Read(dst)
	p.at += int64(n / ch)
	if err == nil && p.end > 0 && p.at >= p.end {
		err = io.EOF
	}
	return n, err
}

// Seek moves within the part. A source that cannot seek is read over from where it is
// when the target lies ahead.
func (p *part) Seek(to time.Duration) (time.Duration, error) {
	f := p.src.Format()
	target := p.start + f.Frames(to)
	if p.end > 0 {
		target = min(target, p.end)
	}
	got, err := p.src.Seek(f.Duration(target))
	if errors.Is(err, pcm.ErrNoSeek) && target >= p.at {
		p.skip += target - p.at
		p.at = target
		return f.Duration(target - p.start), nil
	}
	if err != nil {
		return 0, err
	}
	p.at, p.skip = f.Frames(got), 0
	return f.Duration(max(p.at-p.start, 0)), nil
}

func (p *part) Close() error { return p.src.Close() }

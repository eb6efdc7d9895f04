package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"segue/internal/music"
	"segue/internal/sampler"
	"segue/internal/service/local/index"
	"segue/player"
	"segue/player/decode"
	"segue/session"
)

// Open begins to decode a track, a piece of the sampler or a stream.
func (s *Service) Open(ctx context.Context, r music.Ref, q music.Quality) (player.Source, error) {
	op := "open " + index.Clean(r.ID)
	var src player.Source
	var err error
	switch {
	case r.Kind == music.KindStream:
		src, err = s.openStream(ctx, r.ID)
		return src, fault(session.NoStreamAvailable, op, err, "")
	case r.Kind != music.KindTrack:
		return nil, &session.Fault{Kind: session.InvalidArgument, Account: music.Local, Op: op, Err: errors.New("it is no track")}
	case isWords(r.ID):
		return s.openWords(ctx, r, q)
	case strings.HasPrefix(r.ID, samplerPrefix):
		src, err = openSampler(strings.TrimPrefix(r.ID, samplerPrefix)) //nolint:contextcheck // a source outlives the call
	default:
		src, err = s.openFile(ctx, r.ID)
	}
	if err != nil {
		hint := ""
		if errors.Is(err, decode.ErrNeedsFFmpeg) {
			hint = "install ffmpeg to play it"
		}
		return nil, fault(session.TrackNotPlayable, op, err, hint)
	}
	return src, nil
}

func openSampler(name string) (player.Source, error) {
	f, err := sampler.FS().Open(name)
	if err != nil {
		return nil, errors.New("the sampler has no such piece")
	}
	st, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read the sampler: %w", err)
	}
	return decode.Open(decode.Input{R: f, Size: st.Size(), Name: name})
}

func (s *Service) openFile(ctx context.Context, id string) (player.Source, error) {
	file, _, isPart := strings.Cut(id, "\x00")
	if st, err := os.Stat(file); err == nil && !st.Mode().IsRegular() && !st.IsDir() {
		return nil, errors.New("it is no file") // a pipe that nobody writes to would hold us up for ever
	}
	src, err := decode.File(file) //nolint:contextcheck // a source outlives the call
	if err != nil {
		var p *fs.PathError
		if errors.As(err, &p) {
			return nil, shortFile{p}
		}
		return nil, err
	}
	if !isPart {
		return src, nil
	}
	start, end, err := s.bounds(ctx, id)
	if err != nil {
		_ = src.Close()
		return nil, err
	}
	return newPart(src, start, end)
}

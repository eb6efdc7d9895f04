package subsonic

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"segue/internal/music"
	"segue/internal/service/store"
	"segue/internal/service/subsonic/server"
	"segue/internal/service/subsonic/stream"
	"segue/internal/service/subsonic/wire"
	"segue/player"
	"segue/player/decode"
	"segue/session"
)

// awayPatience is how long a track that is not on this machine is waited for when its
// server was not there a moment ago: whoever presses Enter, and a script, want to know.
const awayPatience = 3 * time.Second

// Open begins to play a track: from its offline copy, from the media cache, else as it
// comes from the server.
func (s *Service) Open(ctx context.Context, t music.Ref, q music.Quality) (player.Source, error) {
	op := "play"
	if t.Kind != music.KindTrack {
		return nil, &session.Fault{Kind: session.InvalidArgument, Account: s.id, Op: op, Err: errors.New("it is no track of the server")}
	}
	x := s.known(ctx, t.ID)
	if x.Track.Title != "" {
		op = "play " + x.Track.Title
	}
	if src, ok := s.openCopy(ctx, t, x); ok {
		return s.counted(src), nil
	}
	want := s.want(t.ID, x, q, false)
	if s.isAway() {
		want.Patience = awayPatience
	}
	src, err := s.lib.Play(ctx, want)
	if q.Kbps > 0 && cannotMake(err) {
		src, err = s.lib.Play(ctx, s.want(t.ID, x, music.Quality{}, false))
	}
	if err != nil {
		return nil, s.streamFault(op, err)
	}
	return s.counted(src), nil
}

// cannotMake reports whether a server seems not to be able to give the bit rate that was
// asked for: some send nothing, with 200, and some, such as gonic, refuse with error 0.
func cannotMake(err error) bool {
	var w *wire.Error
	return errors.Is(err, decode.ErrNotAudio) || errors.Is(err, wire.ErrEmpty) || errors.Is(err, stream.ErrEmpty) ||
		errors.As(err, &w) && w.Code == wire.CodeGeneric && !unreachable(err)
}

// counted counts a source among those that are open.
func (s *Service) counted(src decode.Source) decode.Source {
	if s.playing.Add(1) == 1 {
		select {
		case s.begun <- struct{}{}:
		default:
		}
	}
	return &countedSource{Source: src, done: func() { s.playing.Add(-1) }}
}

type countedSource struct {
	decode.Source
	done func()
	once sync.Once
}

func (c *countedSource) Close() error {
	c.once.Do(c.done)
	return c.Source.Close()
}

// streamFault is why a track cannot be played.
func (s *Service) streamFault(op string, err error) error {
	f := s.fault(op, err)
	var known *session.Fault
	if !errors.As(f, &known) {
		return f
	}
	var w *wire.Error
	switch {
	case errors.Is(err, decode.ErrNeedsFFmpeg):
		known.Kind, known.Hint = session.TrackNotPlayable, "install ffmpeg to play it"
	case errors.Is(err, decode.ErrNotAudio), errors.As(err, &w) && known.Kind == session.OtherPermanent:
		known.Kind = session.TrackNotPlayable
	case errors.Is(err, wire.ErrEmpty), errors.Is(err, stream.ErrEmpty), errors.Is(err, wire.ErrPage), errors.Is(err, wire.ErrForeign):
		known.Kind, known.Hint = session.NoStreamAvailable, ""
	case known.Kind == session.UnableToContactServer || known.Kind == session.NetworkDisabled:
		known.Hint = "it is not on this machine: keep it for such times with: segue offline add"
	}
	return known
}

// want is what is to be fetched for a track. With whole the original is downloaded rather
// than streamed, where the server lets us.
func (s *Service) want(id string, x store.Song, q music.Quality, whole bool) stream.Want {
	v := url.Values{"id": {id}}
	if x.Stream != "" {
		v.Set("id", x.Stream)
	}
	method := "stream"
	w := stream.Want{Key: s.key(id, x.Size, q), Name: x.Track.Title, Passing: passing}
	switch {
	case q.Kbps > 0:
		v.Set("maxBitRate", strconv.Itoa(q.Kbps))
		if s.format != "" {
			v.Set("format", s.format)
		}
	case whole:
		method, w.Size = "download", x.Size
	default:
		if s.srv.About().AtLeast("1.9.0") || s.srv.About().Version == "" {
			v.Set("format", "raw")
		}
		w.Size = x.Size
	}
	if w.Name == "" {
		w.Name = "the track"
	}
	if q.Kbps == 0 && x.Suffix != "" {
		w.Name += "." + x.Suffix
	}
	w.Fetch = func(ctx context.Context, from int64, tag string) (stream.Part, error) {
		b, err := s.srv.Fetch(ctx, method, v, from, tag)
		s.heardOf(err)
		if errors.Is(err, server.ErrRange) {
			return stream.Part{}, fmt.Errorf("%w: %w", stream.ErrBeyond, err)
		}
		if err != nil {
			return stream.Part{}, err
		}
		return stream.Part{ReadCloser: b, From: b.From, Size: b.Size, Ranges: b.Ranges, Tag: b.Tag}, nil
	}
	return w
}

// key is a track's name in the media cache. The server's host is in it, for an account may
// be given another server; and the size that the server says the original has, for the
// track may be given another file.
func (s *Service) key(id string, size int64, q music.Quality) string {
	return s.mediaKey() + strings.Join([]string{s.srv.Address().String(), strconv.Itoa(q.Kbps), strconv.FormatInt(size, 10), id}, "\x00")
}

// passing reports whether a stream that broke may go on in a while.
func passing(err error) bool {
	if errors.Is(err, server.ErrOffline) || errors.Is(err, server.ErrNoCredential) {
		return false
	}
	var w *wire.Error
	if errors.As(err, &w) && !unreachable(err) {
		return false
	}
	for _, final := range []error{wire.ErrEmpty, wire.ErrPage, wire.ErrForeign, wire.ErrTooLong} {
		if errors.Is(err, final) {
			return false
		}
	}
	return unreachable(err) || broken(err)
}

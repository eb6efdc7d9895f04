package subsonic

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"segue/internal/lrc"
	"segue/internal/music"
	"segue/internal/service/subsonic/wire"
)

// pictureMost is how large a picture may be, in bytes.
const pictureMost = 20 << 20

// Image gives the picture of a thing. Servers make it as small as is asked for.
func (s *Service) Image(ctx context.Context, of music.Ref, px int) (music.Image, error) {
	none := music.Image{Of: of}
	id := s.pictureID(ctx, of)
	if id == "" {
		return none, nil
	}
	v := url.Values{"id": {id}}
	if px > 0 {
		v.Set("size", strconv.Itoa(px))
	}
	key := s.key("cover "+id, int64(px), music.Quality{})
	if err := s.thoughtAway(); err != nil {
		return s.keptPicture(of, key, s.fault("show a picture", err))
	}
	b, err := s.srv.Fetch(ctx, "getCoverArt", v, 0, "")
	s.heardOf(err)
	var w *wire.Error
	if errors.As(err, &w) && !unreachable(err) || errors.Is(err, wire.ErrEmpty) {
		return none, nil // it has none
	}
	if err != nil {
		return s.keptPicture(of, key, s.fault("show a picture", err))
	}
	defer func() { _ = b.Close() }() // it has been read
	data, err := io.ReadAll(io.LimitReader(b, pictureMost+1))
	switch {
	case err != nil:
		return none, s.fault("show a picture", err)
	case len(data) > pictureMost:
		return none, s.fault("show a picture", errors.New("the server's picture is larger than 20 MB"))
	}
	kind := http.DetectContentType(data)
	if !strings.HasPrefix(kind, "image/") {
		return none, nil
	}
	s.keepPicture(key, data)
	return music.Image{Of: of, MIME: kind, Data: data}, nil
}

// keepPicture puts a picture into the media cache, for a time without the server. Where
// there is no room it is shown all the same.
func (s *Service) keepPicture(key string, data []byte) {
	if s.cfg.Media == nil {
		return
	}
	if size, whole := s.cfg.Media.Has(key); whole && size == int64(len(data)) {
		return
	}
	e, err := s.cfg.Media.Open(key, int64(len(data)))
	if err != nil {
		return
	}
	defer func() { _ = e.Close() }() // it is kept, or is not
	if _, err := e.WriteAt(data, 0); err != nil {
		e.Discard()
		return
	}
	if e.Commit(int64(len(data))) != nil {
		e.Discard()
	}
}

// keptPicture is the picture as it was when the server could be asked, else why it cannot.
func (s *Service) keptPicture(of music.Ref, key string, why error) (music.Image, error) {
	none := music.Image{Of: of}
	if s.cfg.Media == nil {
		return none, why
	}
	size, whole := s.cfg.Media.Has(key)
	if !whole || size > pictureMost {
		return none, why
	}
	e, err := s.cfg.Media.Open(key, size)
	if err != nil {
		return none, why
	}
	defer func() { _ = e.Close() }() // it has been read
	data := make([]byte, size)
	if n, err := e.ReadAt(data, 0); int64(n) < size {
		return none, errors.Join(why, err)
	}
	return music.Image{Of: of, MIME: http.DetectContentType(data), Data: data}, nil
}

// pictureID is the id under which the server has the picture of a thing, "" = none.
func (s *Service) pictureID(ctx context.Context, of music.Ref) string {
	s.mu.Lock()
	id := s.covers[of.String()]
	s.mu.Unlock()
	if id != "" {
		return id
	}
	switch of.Kind {
	case music.KindTrack:
		if x := s.known(ctx, of.ID); !x.Track.Ref.IsZero() {
			return x.Cover
		}
		return of.ID
	case music.KindAlbum, music.KindArtist, music.KindPlaylist, music.KindFolder:
		return of.ID
	default:
		return ""
	}
}

// Lyrics gives lyrics, those with times first.
func (s *Service) Lyrics(ctx context.Context, t music.Ref) (music.Lyrics, error) {
	l := &look{Service: s}
	out := music.Lyrics{Track: t, Source: string(s.id)}
	if s.srv.About().Has("songLyrics") {
		reply, err := l.ask(ctx, "getLyricsBySongId", url.Values{"id": {t.ID}})
		var w *wire.Error
		if err != nil && (!errors.As(err, &w) || unreachable(err)) {
			return out, s.fault("show the lyrics", err)
		}
		if err == nil && structured(&out, reply.LyricsList.Value.Structured) {
			return out, nil
		}
	}
	x := s.known(ctx, t.ID)
	if x.Track.Title == "" || len(x.Track.Artists) == 0 {
		return out, nil
	}
	reply, err := l.ask(ctx, "getLyrics", url.Values{"artist": {x.Track.Artists[0]}, "title": {x.Track.Title}})
	var w *wire.Error
	if errors.As(err, &w) && !unreachable(err) {
		return out, nil // it knows none
	}
	if err != nil {
		return out, s.fault("show the lyrics", err)
	}
	out.Lines, out.Synced = lrc.Lines(string(reply.Lyrics.Value.Value))
	clean(out.Lines)
	if blank(out.Lines) {
		out.Lines = nil
	}
	return out, nil
}

func clean(lines []music.LyricLine) {
	for i := range lines {
		lines[i].Text = music.Clean(lines[i].Text)
	}
}

func blank(lines []music.LyricLine) bool {
	for _, l := range lines {
		if strings.TrimSpace(l.Text) != "" {
			return false
		}
	}
	return true
}

// structured takes the best of the lyrics: with times before without, the song's own words
// before translations. ok is false where there are no words.
func structured(out *music.Lyrics, all []wire.StructuredLyrics) (ok bool) {
	best := -1
	score := func(l wire.StructuredLyrics) int {
		n := 0
		if l.Synced {
			n += 2
		}
		if l.Kind == "" || l.Kind == "main" {
			n++
		}
		return n
	}
	for i, l := range all {
		if len(l.Lines) > 0 && (best < 0 || score(l) > score(all[best])) {
			best = i
		}
	}
	if best < 0 {
		return false
	}
	l := all[best]
	out.Synced = bool(l.Synced)
	for _, line := range l.Lines {
		at := time.Duration(0)
		if l.Synced {
			at = max(time.Duration(max(min(line.Start, 1<<40), 0)-min(max(l.Offset, -1<<30), 1<<30))*time.Millisecond, 0)
		}
		out.Lines = append(out.Lines, music.LyricLine{At: at, Text: string(line.Value)})
	}
	return !blank(out.Lines)
}

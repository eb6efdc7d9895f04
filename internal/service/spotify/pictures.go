package spotify

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"segue/cache"
	"segue/internal/httpx"
	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
)

// pictures are where the pictures of things are.
type pictures struct {
	mu    sync.Mutex
	known map[music.Ref][]webapi.Image
	http  *httpx.Client // to where the pictures are: without the account's token
}

// picturesMost is of how many things it is remembered.
const picturesMost = 20_000

// learn takes note of a thing's pictures.
func (p *pictures) learn(r music.Ref, images []webapi.Image) {
	if r.IsZero() || len(images) == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil || len(p.known) >= picturesMost {
		p.known = map[music.Ref][]webapi.Image{}
	}
	p.known[r] = images
}

func (p *pictures) of(r music.Ref) []webapi.Image {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.known[r]
}

// text is a thing's pictures in a form to be kept: a line for each.
func (p *pictures) text(r music.Ref) string {
	var b strings.Builder
	for _, im := range p.of(r) {
		fmt.Fprintf(&b, "%d %s\n", im.Width, im.URL)
	}
	return b.String()
}

// read takes note of pictures that text wrote, where none are known.
func (p *pictures) read(r music.Ref, text string) {
	if text == "" || len(p.of(r)) > 0 {
		return
	}
	var images []webapi.Image
	for line := range strings.Lines(text) {
		width, at, ok := strings.Cut(strings.TrimSpace(line), " ")
		if n, err := strconv.Atoi(width); ok && err == nil {
			images = append(images, webapi.Image{URL: at, Width: n, Height: n})
		}
	}
	p.learn(r, images)
}

// bestImage is the smallest picture that is wide enough, or else the widest. One whose
// width is not said counts as the widest of Spotify's.
func bestImage(images []webapi.Image, px int) (best webapi.Image) {
	const unsaid = 640
	width := func(im webapi.Image) int {
		if im.Width == 0 {
			return unsaid
		}
		return im.Width
	}
	for _, im := range images {
		w, b := width(im), width(best)
		if best.URL == "" || w >= px && (w < b || b < px) || w < px && w > b {
			best = im
		}
	}
	return best
}

// pictureMost is how large a picture may be, in bytes.
const pictureMost = 20 << 20

// Image gives the picture of a thing, out of the sizes that Spotify has.
func (s *Service) Image(ctx context.Context, of music.Ref, px int) (music.Image, error) {
	op := "show a picture"
	none := music.Image{Of: of}
	images, err := s.imagesOf(ctx, of)
	if err != nil {
		return none, s.explain(op, of, err)
	}
	at := bestImage(images, px).URL
	if at == "" {
		return none, nil
	}
	key := "spotify picture " + at
	if s.cfg.Answers != nil {
		if b, ok := s.cfg.Answers.Get(key); ok {
			return music.Image{Of: of, MIME: b.Type, Data: b.Data}, nil
		}
	}
	data, err := s.fetchPicture(ctx, at)
	var h *httpx.Error
	if errors.As(err, &h) && h.Kind == httpx.Status && (h.Status == http.StatusNotFound || h.Status == http.StatusForbidden || h.Status == http.StatusGone) {
		return none, nil // its address has run out, or it was taken away
	}
	if err != nil {
		return none, s.fault(op, err)
	}
	kind := http.DetectContentType(data)
	if !strings.HasPrefix(kind, "image/") {
		return none, nil
	}
	if s.cfg.Answers != nil {
		// A disk that is full costs a fetch the next time, and nothing else.
		_ = s.cfg.Answers.Put(key, cache.Blob{Data: data, Type: kind, Fetched: s.cfg.Now()})
	}
	return music.Image{Of: of, MIME: kind, Data: data}, nil
}

// imagesOf finds where the pictures of a thing are.
func (s *Service) imagesOf(ctx context.Context, of music.Ref) ([]webapi.Image, error) {
	if images := s.pictures.of(of); len(images) > 0 || of.Account != s.id || of.ID == goneID {
		return images, nil
	}
	if whole, ok := s.wholeOf(of); ok {
		return s.imagesOf(ctx, whole)
	}
	l := &look{Service: s}
	var err error
	switch of.Kind {
	case music.KindTrack:
		_, err = s.Tracks(ctx, []music.Ref{of})
	case music.KindAlbum, music.KindArtist, music.KindPlaylist, kindShow:
		_, err = l.details(ctx, of)
	default:
		return nil, nil
	}
	return s.pictures.of(of), err
}

// errPicture says that an address is none to fetch a picture from.
var errPicture = errors.New("the picture is at no address that can be used")

// fetchPicture fetches a picture from where Spotify keeps them. The account's token does
// not go there.
func (s *Service) fetchPicture(ctx context.Context, at string) ([]byte, error) {
	if !s.allowed() {
		return nil, errOffline
	}
	u, err := url.Parse(at)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errPicture
	}
	c, err := s.pictureClient()
	if err != nil {
		return nil, err
	}
	req, err := httpx.NewRequest(ctx, http.MethodGet, at, nil)
	if err != nil {
		return nil, err
	}
	_, data, err := c.Bytes(req)
	return data, err
}

func (s *Service) pictureClient() (*httpx.Client, error) {
	s.pictures.mu.Lock()
	defer s.pictures.mu.Unlock()
	if s.pictures.http != nil {
		return s.pictures.http, nil
	}
	c, err := httpx.New(httpx.Options{Service: "Spotify's pictures", Version: s.cfg.Version, MaxBody: pictureMost})
	if err == nil {
		s.pictures.http = c
	}
	return c, err
}

// closeIdle drops connections that are kept for later.
func (p *pictures) closeIdle() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.http != nil {
		p.http.CloseIdle()
	}
}

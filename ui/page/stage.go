package page

import (
	"bytes"
	"fmt"
	"image"
	_ "image/gif"  // covers come as GIF,
	_ "image/jpeg" // as JPEG,
	_ "image/png"  // and as PNG
	"time"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // and as WebP

	"segue/internal/music"
	"segue/session"
	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

// CoverPx is the width of the picture that is kept of a cover: enough for half
// blocks on any screen.
const CoverPx = 240

// Stage is what is known of the playing track beyond its row: cover, lyrics and
// what comes next. The right pane and the page Now draw from it.
type Stage struct {
	env     *Env
	track   music.Ref
	album   music.Ref
	image   session.Ticket
	cover   image.Image
	bare    bool // the track has no cover
	drawn   map[[2]int][]string
	lyric   session.Ticket
	lyrics  music.Lyrics
	shift   time.Duration            // the lyrics of this track come so much earlier
	shifts  map[string]time.Duration // of all tracks that have one, by the Ref's text
	next    session.Ticket
	items   []music.Item
	version uint64
	index   int
}

// NewStage gives an empty stage.
func NewStage(env *Env) *Stage { return &Stage{env: env, index: -1} }

// Apply takes news. An image that came for the playing track is returned, to be
// decoded outside of the loop and given back by SetCover.
func (s *Stage) Apply(ev session.Event) (picture *music.Image) {
	switch ev := ev.(type) {
	case session.PlaybackChanged:
		s.follow()
	case session.QueueChanged:
		if ev.Queue.Version != s.version || ev.Queue.Index != s.index {
			s.version, s.index = ev.Queue.Version, ev.Queue.Index
			s.askNext()
		}
	case session.PageLoaded:
		if ev.Ticket == s.next && s.next != 0 {
			s.items = s.items[:0]
			for _, it := range ev.Page.Items {
				s.items = append(s.items, cleanItem(it))
			}
		}
	case session.ImageLoaded:
		if ev.Ticket != s.image || s.image == 0 {
			break
		}
		if s.bare = len(ev.Image.Data) == 0; !s.bare {
			img := ev.Image
			return &img
		}
	case session.LyricsLoaded:
		if ev.Ticket == s.lyric && s.lyric != 0 {
			s.lyrics = cleanLyrics(ev.Lyrics)
		}
	case session.Resync:
		s.track, s.version = music.Ref{}, 0
	default:
	}
	return nil
}

// follow asks for cover and lyrics when another track plays. A cover of the
// same album stays; any other goes at once, so that none is shown for the wrong track.
func (s *Stage) follow() {
	t := s.env.Play.Track
	if t.Ref == s.track {
		return
	}
	s.track = t.Ref
	s.lyrics, s.lyric = music.Lyrics{}, 0
	s.shift = s.shifts[t.Ref.String()]
	if t.AlbumRef.IsZero() || t.AlbumRef != s.album {
		s.cover, s.drawn, s.image, s.bare = nil, nil, 0, false
	}
	s.album = t.AlbumRef
	if t.Ref.IsZero() {
		return
	}
	if s.cover == nil {
		s.image = s.env.Ticket()
		s.env.Send(session.LoadImage{Ticket: s.image, Of: t.Ref, Px: 2 * CoverPx})
	}
	s.lyric = s.env.Ticket()
	s.env.Send(session.LoadLyrics{Ticket: s.lyric, Track: t.Ref})
}

func (s *Stage) askNext() {
	s.next = s.env.Ticket()
	s.env.Send(session.Load{Ticket: s.next, Lane: "next", Ask: music.Ask{Of: music.Queue, Offset: s.index + 1, Limit: 60}})
}

// Cover is a decoded picture with the track it was fetched for.
type Cover struct {
	Of    music.Ref
	Image image.Image
}

// Decode makes a small picture of an image; it may take some ten milliseconds
// and belongs into a Cmd.
func Decode(of music.Ref, data []byte) (Cover, error) {
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return Cover{}, fmt.Errorf("page: cover: %w", err)
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > 8000 || c.Height > 8000 {
		return Cover{}, fmt.Errorf("page: cover of %d x %d pixels", c.Width, c.Height)
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return Cover{}, fmt.Errorf("page: cover: %w", err)
	}
	w, h := CoverPx, max(CoverPx*c.Height/c.Width, 1)
	if h > 2*CoverPx {
		w, h = max(2*CoverPx*c.Width/c.Height, 1), 2*CoverPx
	}
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(small, small.Bounds(), img, img.Bounds(), draw.Src, nil)
	return Cover{of, small}, nil
}

// SetCover takes a decoded cover; one of a track that does not play any more is dropped.
func (s *Stage) SetCover(c Cover) {
	if c.Of == s.track || c.Of == s.album && !c.Of.IsZero() {
		s.cover, s.drawn = c.Image, nil
	}
}

// Picture draws the cover, or a quiet stand-in, in w x h cells.
func (s *Stage) Picture(w, h int, colours bool) []string {
	if s.cover == nil || !colours {
		return s.standIn(w, h)
	}
	key := [2]int{w, h}
	if l, ok := s.drawn[key]; ok {
		return l
	}
	if s.drawn == nil || len(s.drawn) > 4 {
		s.drawn = map[[2]int][]string{}
	}
	l := screen.HalfBlocks(s.cover, w, h, s.env.Few)
	s.drawn[key] = l
	return l
}

// Bare reports whether there is no cover to be drawn, and none to come.
func (s *Stage) Bare(colours bool) bool { return s.bare || !colours }

// standIn is a thin frame with a note in it.
func (s *Stage) standIn(w, h int) []string {
	inner := make([]string, max(h-2, 0))
	if mid := len(inner) / 2; mid < len(inner) {
		inner[mid] = screen.Spaces((w-3)/2) + s.env.Set.Do(style.Muted, "♪")
	}
	return widget.Box(s.env.Set, w, h, "", "", inner)
}

// UpNext draws what follows in the queue, a line for each track.
func (s *Stage) UpNext(w, h int) []string {
	set := s.env.Set
	out := make([]string, 0, h)
	for i, it := range s.items {
		if i == h {
			break
		}
		t, ok := it.(music.Track)
		if !ok {
			continue
		}
		clock := screen.FitRight(screen.Clock(t.Duration), 7, "")
		tw := w - 8
		title := screen.Cut(t.Title, tw, widget.Tail)
		artist := ""
		if left := tw - screen.Width(title); left > 6 && t.Artist() != s.env.Play.Track.Artist() {
			artist = "  " + t.Artist()
		}
		out = append(out, set.On(style.Text)+title+set.On(style.Muted)+
			screen.Fit(artist, tw-screen.Width(title), widget.Tail)+" "+clock+style.Reset)
	}
	if len(out) == 0 && h > 0 {
		msg := "Nothing follows."
		if s.env.Play.Repeat == session.RepeatAll && s.env.Queue.Len > 0 {
			msg = "The queue begins again."
		}
		out = append(out, set.Do(style.Muted, screen.Fit(msg, w, widget.Tail)))
	}
	return out
}

// Forget drops what was drawn, because the colours changed.
func (s *Stage) Forget() { s.drawn = nil }

package subsonic_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"segue/cache"
	"segue/internal/music"
	"segue/internal/service/subsonic"
	"segue/session"
)

// wav is n seconds of something as a WAV file of 16 bits, mono, at 8 kHz.
func wav(seconds int) []byte {
	data := make([]byte, seconds*16000)
	for i := range data {
		data[i] = byte(i * 7 >> 3)
	}
	var b bytes.Buffer
	le := func(n, size int) {
		for range size {
			b.WriteByte(byte(n))
			n >>= 8
		}
	}
	b.WriteString("RIFF")
	le(36+len(data), 4)
	b.WriteString("WAVEfmt ")
	for _, x := range [][2]int{{16, 4}, {1, 2}, {1, 2}, {8000, 4}, {16000, 4}, {2, 2}, {16, 2}} {
		le(x[0], x[1])
	}
	b.WriteString("data")
	le(len(data), 4)
	b.Write(data)
	return b.Bytes()
}

// hear plays a track to its end and gives the seconds that were heard.
func hear(t *testing.T, s *subsonic.Service, r music.Ref, q music.Quality) (float64, error) {
	t.Helper()
	src, err := s.Open(within(t, 20*time.Second), r, q)
	if err != nil {
		return 0, err
	}
	defer func() { _ = src.Close() }()
	got, err := samples(src)
	return float64(len(got)) / 8000, err
}

// serveFile answers as a good server does, ranges and all.
func serveFile(data []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"one"`)
		w.Header().Set("Content-Type", "audio/x-wav")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	}
}

func TestLyingStreamsEndInWordsAndNothingOfThemIsKept(t *testing.T) {
	sound := wav(10)
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		kind   session.FaultKind // of Open; OK where the lie comes later
		says   string
	}{
		"a web page with 200": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "<!doctype html><h1>Sign in to the hotel</h1>")
		}, session.NoStreamAvailable, "web page"},
		"a web page as audio": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "audio/flac")
			_, _ = io.WriteString(w, "<!doctype html><h1>Sign in to the hotel</h1>")
		}, session.TrackNotPlayable, "HTML page"},
		"an error as JSON with 200": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"subsonic-response":{"status":"failed","error":{"code":70,"message":"data not found"}}}`)
		}, session.TrackNotPlayable, "data not found"},
		"an error as XML with 200": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/xml")
			_, _ = io.WriteString(w, `<subsonic-response status="failed"><error code="70" message="no file"/></subsonic-response>`)
		}, session.TrackNotPlayable, "no file"},
		"nothing with 200": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "audio/mpeg")
		}, session.NoStreamAvailable, ""},
		"nothing, in chunks": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "audio/mpeg")
			w.(http.Flusher).Flush() //nolint:errcheck,forcetypeassert // httptest's can
		}, session.NoStreamAvailable, "nothing"},
		"another place": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.2:9/steal?"+r.URL.RawQuery, http.StatusFound)
		}, session.OtherPermanent, "127.0.0.2"},
		"less than it says": {func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") != "" {
				w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
				return
			}
			w.Header().Set("Content-Length", strconv.Itoa(len(sound)+5000))
			_, _ = w.Write(sound)
		}, session.OK, "heard"},
		"without end": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "audio/x-wav")
			_, _ = w.Write(sound)
			noise := make([]byte, 1<<20)
			for r.Context().Err() == nil {
				if _, err := w.Write(noise); err != nil {
					return
				}
			}
		}, session.OK, "heard"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, "supysonic")
			f.on("stream", c.answer)
			dir := filepath.Join(t.TempDir(), "media")
			media, err := cache.OpenMedia(cache.MediaOptions{Dir: dir})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = media.Close() })
			s := f.account(t, subsonic.Config{Media: media})
			children(t, s, music.Ask{Of: music.Ref{Account: "home", Kind: music.KindAlbum, ID: "x"}}) // it has 519,805 bytes
			src, err := s.Open(within(t, 20*time.Second), music.Ref{Account: "home", Kind: music.KindTrack, ID: "002c6f01-70c7-4e18-9d51-9c069ecadf44"}, music.Quality{})
			if kindOf(err) != c.kind {
				t.Errorf("got %v (%v), want kind %v", err, kindOf(err), c.kind)
			}
			if err == nil { // all the sound is there, whatever comes behind it
				if _, err = samples(src); err == nil {
					err = errors.New("it was heard")
				}
				_ = src.Close()
			}
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("it says %v, want %q", err, c.says)
			}
			if err != nil && (strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), password.Reveal())) {
				t.Errorf("%q", err)
			}
			for range 1500 { // the goroutine that fetches ends a moment later
				if media.Stats().Open == 0 {
					break
				}
				time.Sleep(20 * time.Millisecond)
			}
			if st := media.Stats(); st.Whole != 0 || st.Partial != 0 {
				t.Errorf("the cache holds %+v", st)
			}
		})
	}
}

func TestCutAndStallingStreamsGoOn(t *testing.T) {
	sound := wav(60)
	for name, answer := range map[string]func(n int32) http.HandlerFunc{
		"cut every 100,000 bytes": func(int32) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				serveFile(sound)(&cutting{ResponseWriter: w, left: 100_000}, r)
			}
		},
		"503 now and then": func(n int32) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				if n%2 == 1 {
					w.WriteHeader(http.StatusServiceUnavailable)
					return
				}
				serveFile(sound)(&cutting{ResponseWriter: w, left: 300_000}, r)
			}
		},
		"429 once": func(n int32) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				if n == 1 {
					w.Header().Set("Retry-After", "1")
					w.WriteHeader(http.StatusTooManyRequests)
					return
				}
				serveFile(sound)(w, r)
			}
		},
		"no ranges, cut once": func(n int32) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				r.Header.Del("Range")
				left := len(sound)
				if n == 1 {
					left = 200_000
				}
				serveFile(sound)(&cutting{ResponseWriter: w, left: left}, r)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, "supysonic")
			var n atomic.Int32
			f.on("stream", func(w http.ResponseWriter, r *http.Request) { answer(n.Add(1))(w, r) })
			s := f.account(t, subsonic.Config{})
			got, err := hear(t, s, music.Ref{Account: "home", Kind: music.KindTrack, ID: "x"}, music.Quality{})
			if err != nil || got != 60 {
				t.Errorf("%v s were heard: %v", got, err)
			}
		})
	}
}

// cutting breaks the connection after some bytes.
type cutting struct {
	http.ResponseWriter
	left int
}

func (c *cutting) Write(p []byte) (int, error) {
	if len(p) > c.left {
		_, _ = c.ResponseWriter.Write(p[:c.left])
		panic(http.ErrAbortHandler)
	}
	c.left -= len(p)
	return c.ResponseWriter.Write(p)
}

func TestASecondTryWithoutTheBitRateThatTheServerCannotMake(t *testing.T) {
	f := newFake(t, "supysonic")
	f.on("stream", func(w http.ResponseWriter, r *http.Request) {
		if r.Form.Has("maxBitRate") {
			w.Header().Set("Content-Type", "audio/ogg") // and not a byte
			return
		}
		serveFile(wav(2))(w, r)
	})
	s := f.account(t, subsonic.Config{})
	if got, err := hear(t, s, music.Ref{Account: "home", Kind: music.KindTrack, ID: "x"}, music.Quality{Kbps: 96}); err != nil || got != 2 {
		t.Errorf("%v s were heard: %v", got, err)
	}
}

func TestTenMegabytesOfJSONAreAnAnswer(t *testing.T) {
	f := newFake(t, "supysonic")
	var b strings.Builder
	b.WriteString(`{"subsonic-response":{"status":"ok","version":"1.10.2","playlist":{"id":"p","name":"Long","owner":"alice","entry":[`)
	const n = 7000
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":"%d","title":"Track %d","artist":"Somebody with a name of some length","album":"An album with a name that is long, too","duration":180,"isDir":false,"path":"%s","suffix":"flac","size":30000000}`,
			i, i, strings.Repeat("folder/", 200))
	}
	b.WriteString(`]}}}`)
	if b.Len() < 10<<20 {
		t.Fatalf("%d bytes are not enough", b.Len())
	}
	f.says("getPlaylist", 200, "application/json", b.String())
	s := f.account(t, subsonic.Config{})
	p := children(t, s, music.Ask{Of: music.Ref{Account: "home", Kind: music.KindPlaylist, ID: "p"}, Offset: n - 10})
	if p.Total != n || len(p.Items) != 10 || p.Items[9].ItemName() != "Track 6999" || !p.Writable {
		t.Errorf("%d rows, %d in the window", p.Total, len(p.Items))
	}
	if c := f.called("getPlaylist"); len(c) != 1 {
		t.Errorf("it was fetched %d times", len(c))
	}
}

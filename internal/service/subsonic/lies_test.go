package subsonic_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
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
			for range 100 { // the goroutine that fetches ends a moment later
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
	const n = 22000
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":"%d","title":"Track %d","artist":"Somebody with a name of some length","album":"An album with a name that is long, too","duration":180,"isDir":false,"path":"%s","suffix":"flac","size":30000000}`,
			i, i, strings.Repeat("folder/", 40))
	}
	b.WriteString(`]}}}`)
	if b.Len() < 10<<20 {
		t.Fatalf("%d bytes are not enough", b.Len())
	}
	f.says("getPlaylist", 200, "application/json", b.String())
	s := f.account(t, subsonic.Config{})
	p := children(t, s, music.Ask{Of: music.Ref{Account: "home", Kind: music.KindPlaylist, ID: "p"}, Offset: n - 10})
	if p.Total != n || len(p.Items) != 10 || p.Items[9].ItemName() != "Track 21999" || !p.Writable {
		t.Errorf("%d rows, %d in the window", p.Total, len(p.Items))
	}
	if c := f.called("getPlaylist"); len(c) != 1 {
		t.Errorf("it was fetched %d times", len(c))
	}
}

func TestSixWaysToFailAreSixMessages(t *testing.T) {
	f := newFake(t, "supysonic")
	f.on("ping", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, f.samples["auth-wrong-p"].Body)
	})
	page := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(page.Close)
	tls := httptest.NewTLSServer(f)
	t.Cleanup(tls.Close)
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(slow.Close)
	closed := httptest.NewServer(f)
	closed.Close()
	seen := map[string]string{}
	for name, c := range map[string]struct {
		address string
		kind    session.FaultKind
		says    string
	}{
		"a wrong password":      {f.URL, session.BadUsernameOrPassword, "password"},
		"a wrong path":          {page.URL + "/nothing/here", session.OtherPermanent, "404"},
		"a certificate":         {tls.URL, session.OtherPermanent, "certificate"},
		"nobody listens":        {closed.URL, session.UnableToContactServer, "refused"},
		"no such name":          {"https://segue.invalid", session.UnableToContactServer, "name"},
		"no answer":             {slow.URL, session.UnableToContactServer, "time"},
		"no encryption":         {"http://192.0.2.1", session.OtherPermanent, "allow"},
		"http where TLS speaks": {strings.Replace(tls.URL, "https:", "http:", 1), session.OtherPermanent, ""},
	} {
		s, err := subsonic.New(session.Spec{ID: "home", Server: c.address, User: "alice"}, subsonic.Config{})
		if err != nil {
			t.Fatal(name, err)
		}
		ctx := within(t, time.Minute)
		if name == "no answer" {
			ctx = within(t, 500*time.Millisecond)
		}
		_, err = s.Login(ctx, session.SignIn{Password: password}, nil)
		if err == nil {
			t.Errorf("%s: signed in", name)
			continue
		}
		if kindOf(err) != c.kind || !strings.Contains(strings.ToLower(err.Error()), c.says) || strings.ContainsAny(err.Error(), "\n?") {
			t.Errorf("%s: %v (%v)", name, err, kindOf(err))
		}
		if other, twice := seen[err.Error()]; twice {
			t.Errorf("%s and %s say the same: %v", name, other, err)
		}
		seen[err.Error()] = name
		_ = s.Close()
	}
}

func TestACertificateIsTrustedWhenAPersonSaysSoAndRemembered(t *testing.T) {
	f := newFake(t, "navidrome")
	tls := httptest.NewTLSServer(f)
	t.Cleanup(tls.Close)
	fresh := func() *subsonic.Service {
		s, err := subsonic.New(session.Spec{ID: "home", Server: tls.URL, User: "alice"}, subsonic.Config{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	asked := 0
	ask := func(_ context.Context, q session.Question) (answer secretText, err error) {
		asked++
		if q.What != session.QuestionYesNo || !strings.Contains(q.Text, ":") {
			t.Errorf("asked %+v", q)
		}
		return yes, nil
	}
	in, err := fresh().Login(t.Context(), session.SignIn{Password: password}, ask)
	if err != nil || asked != 1 {
		t.Fatalf("asked %d times: %v", asked, err)
	}
	if _, err := fresh().Login(t.Context(), session.SignIn{Blob: in.Blob}, nil); err != nil {
		t.Errorf("again: %v", err)
	}
	if _, err := fresh().Login(t.Context(), session.SignIn{Password: password}, func(context.Context, session.Question) (secretText, error) { return no, nil }); kindOf(err) != session.OtherPermanent {
		t.Errorf("refused: %v", err)
	}
	other := httptest.NewUnstartedServer(f)
	other.TLS = tls.TLS.Clone()
	if len(f.called("ping")) != 2 {
		t.Errorf("%d pings came through", len(f.called("ping")))
	}
}

func TestAServerThatIsSlowToDieDoesNotHoldUpTheCached(t *testing.T) {
	f := newFake(t, "navidrome")
	s := f.account(t, subsonic.Config{})
	children(t, s, section(music.SectionArtists))
	f.CloseClientConnections()
	f.Config.SetKeepAlivesEnabled(false)
	s.SetNetwork(false)
	begun := time.Now()
	p := children(t, s, section(music.SectionArtists))
	if p.Total < 40 || time.Since(begun) > 2*time.Second {
		t.Errorf("%d rows after %v", p.Total, time.Since(begun))
	}
	if _, err := s.Children(t.Context(), section(music.SectionGenres)); kindOf(err) != session.NetworkDisabled {
		t.Errorf("what was never asked: %v", err)
	}
}

func TestAMistakeInTheSettingsIsNamed(t *testing.T) {
	for name, spec := range map[string]session.Spec{
		"no address":     {ID: "a"},
		"an odd address": {ID: "a", Server: "ftp://x"},
		"a secret in it": {ID: "a", Server: "https://alice:hunter2hunter2@x"},
		"a wrong option": {ID: "a", Server: "x", Options: map[string]string{"pasword": "hunter2hunter2"}},
		"a wrong form":   {ID: "a", Server: "x", Options: map[string]string{"auth": "magic"}},
		"no CA file":     {ID: "a", Server: "x", Options: map[string]string{"ca_file": "/nowhere"}},
		"no fingerprint": {ID: "a", Server: "x", Options: map[string]string{"fingerprint": "abc"}},
	} {
		_, err := subsonic.New(spec, subsonic.Config{})
		if kindOf(err) != session.InvalidArgument || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAFullOrBrokenDiskDoesNotStopTheMusic(t *testing.T) {
	f := newFake(t, "supysonic")
	f.on("stream", serveFile(wav(2)))
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "subsonic-home.db"), []byte("no database at all, but long enough to be looked at"), 0o600); err != nil {
		t.Fatal(err)
	}
	notes := make(chan string, 10)
	s := f.account(t, subsonic.Config{DataDir: dir, Notify: func(n string) { notes <- n }})
	if got, err := hear(t, s, music.Ref{Account: "home", Kind: music.KindTrack, ID: "x"}, music.Quality{}); err != nil || got != 2 {
		t.Errorf("%v s were heard: %v", got, err)
	}
	if n := <-notes; !strings.Contains(n, ".bad-") {
		t.Errorf("the note is %q", n)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s = f.account(t, subsonic.Config{DataDir: filepath.Join(file, "below")})
	if got, err := hear(t, s, music.Ref{Account: "home", Kind: music.KindTrack, ID: "x"}, music.Quality{}); err != nil || got != 2 {
		t.Errorf("without a data folder: %v s were heard: %v", got, err)
	}
}

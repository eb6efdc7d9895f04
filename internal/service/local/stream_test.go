package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"segue/internal/genlib"
	"segue/internal/music"
	"segue/internal/need"
	"segue/player"
	"segue/session"
)

// silentMP3 is one frame of silence: 128 kbit/s, 44.1 kHz, stereo.
func silentMP3() []byte { return append([]byte{0xff, 0xfb, 0x90, 0}, make([]byte, 413)...) }

// radio sends frames for as long as it is listened to and counts its bytes.
func radio(sent *atomic.Int64) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "audio/mpeg")
		w.Header().Set("Icy-Name", "Radio T\xe9st")
		w.Header().Set("Icy-Br", "128")
		for {
			n, err := w.Write(silentMP3())
			sent.Add(int64(n))
			if err != nil {
				return
			}
		}
	}
}

// site is a server on this machine that ends with the test.
func site(t *testing.T, h http.Handler) string {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
	return srv.URL
}

func tune(t *testing.T, s *Service, address string) (player.Source, error) {
	t.Helper()
	r, ok, err := s.Resolve(t.Context(), address)
	if err != nil || !ok || r.Kind != music.KindStream {
		t.Fatalf("%s: %v %v %v", address, r, ok, err)
	}
	src, err := s.Open(t.Context(), r, music.Quality{})
	if err == nil {
		t.Cleanup(func() { _ = src.Close() })
	}
	return src, err
}

func hear(t *testing.T, src player.Source, frames int) {
	t.Helper()
	buf := make([]float32, 4096)
	for heard := 0; heard < frames*src.Format().Channels; {
		n, err := src.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		heard += n
	}
}

func TestAnEndlessRadioPlaysAndIsNotHeldInMemory(t *testing.T) {
	var sent atomic.Int64
	s := service(t, t.TempDir())
	s.wait = time.Second // a limit on the whole would end it
	src, err := tune(t, s, site(t, radio(&sent)))
	if err != nil {
		t.Fatal(err)
	}
	until(t, "the wait to be over", func() bool { hear(t, src, 1); time.Sleep(50 * time.Millisecond); return sent.Load() > 0 })
	began := time.Now()
	for time.Since(began) < 2*s.wait {
		hear(t, src, 44100)
	}
	var before, after runtime.MemStats
	collect := func(m *runtime.MemStats) {
		runtime.GC()
		runtime.GC() // what is in a sync.Pool outlives one
		runtime.ReadMemStats(m)
	}
	collect(&before)
	sentBefore := sent.Load()
	hear(t, src, 20*60*44100) // 19 MB of MP3
	collect(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 1<<20 {
		t.Errorf("the heap has grown by %d bytes", grown)
	}
	if sent.Load()-sentBefore < 15<<20 {
		t.Errorf("only %d bytes were sent", sent.Load()-sentBefore)
	}
	// Who does not listen is not sent more than the sockets hold.
	quiet := sent.Load()
	time.Sleep(100 * time.Millisecond)
	if more := sent.Load() - quiet; more > 32<<20 {
		t.Errorf("%d bytes were taken without being heard", more)
	}
}

func TestARadioMayAnswerInOldWaysAndFromElsewhere(t *testing.T) {
	var sent atomic.Int64
	other := site(t, radio(&sent))
	_, port, err := net.SplitHostPort(strings.TrimPrefix(other, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a listener of this test
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if _, err := c.Read(make([]byte, 4096)); err != nil { // the request
				return
			}
			_, err = io.WriteString(c, "ICY 200 OK\r\nicy-name: Old\r\ncontent-type: audio/mpeg\r\n\r\n")
			for err == nil {
				_, err = c.Write(silentMP3())
			}
			_ = c.Close()
		}
	}()
	web := http.NewServeMux()
	web.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://localhost:"+port+"/live", http.StatusFound)
	})
	web.HandleFunc("/list", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "audio/x-mpegurl; charset=utf-8")
		_, _ = fmt.Fprintf(w, "#EXTM3U\n#EXTINF:-1,Radio\n%s/live\n", other)
	})
	web.HandleFunc("/pls", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "audio/x-scpls")
		_, _ = fmt.Fprintf(w, "[playlist]\nFile1=/moved\nNumberOfEntries=1\n")
	})
	web.HandleFunc("/plain.PLS", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = fmt.Fprintf(w, "[playlist]\nFile1=%s/live\n", other)
	})
	web.HandleFunc("/file.flac", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(genlib.FLAC(nil, 12)) })
	own := site(t, web)
	s := service(t, t.TempDir())
	for name, address := range map[string]string{
		"Shoutcast's own status line": "http://" + l.Addr().String() + "/", "another host": own + "/moved",
		"a playlist": own + "/list", "a playlist that leads to another host": own + "/pls", "a playlist as plain text": own + "/plain.PLS", "a file": own + "/file.flac",
	} {
		src, err := tune(t, s, address)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		hear(t, src, 4096)
		if err := src.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// deaf is an address that is listened at, but takes no more callers.
func deaf(t *testing.T) string {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(fd) })
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := unix.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	at, ok := name.(*unix.SockaddrInet4)
	if !ok {
		t.Fatalf("%T", name)
	}
	address := fmt.Sprintf("127.0.0.1:%d", at.Port)
	for range 4 {
		d := net.Dialer{Timeout: 100 * time.Millisecond}
		c, err := d.DialContext(t.Context(), "tcp", address)
		if err != nil {
			return address
		}
		t.Cleanup(func() { _ = c.Close() })
	}
	t.Skip("this system takes callers beyond the backlog")
	return ""
}

func TestAStreamThatIsNoneIsSaidSoInOneLine(t *testing.T) {
	web := http.NewServeMux()
	gone := make(chan struct{})
	t.Cleanup(func() { close(gone) })
	stall := func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-gone:
		case <-r.Context().Done():
		}
	}
	web.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<!DOCTYPE html><html><body>"+strings.Repeat("<p>No sound here.</p>", 1000)+"</body></html>")
	})
	web.HandleFunc("/lies", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "audio/mpeg")
		_, _ = io.WriteString(w, "<html><body>Please log in</body></html>")
	})
	web.HandleFunc("/empty", func(http.ResponseWriter, *http.Request) {})
	web.HandleFunc("/stall", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "audio/mpeg")
		w.(http.Flusher).Flush() //nolint:errcheck // it can
		stall(w, r)
	})
	web.HandleFunc("/mute", stall)
	web.HandleFunc("/hls.m3u8", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.apple.mpegurl")
		_, _ = io.WriteString(w, "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\none.ts\n")
	})
	web.HandleFunc("/circle", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "audio/x-mpegurl")
		_, _ = io.WriteString(w, "/circle\n")
	})
	own := site(t, web)
	s := service(t, t.TempDir())
	s.wait = 300 * time.Millisecond
	for address, want := range map[string]string{
		own + "/page":                      "not audio",
		own + "/lies":                      "not audio",
		own + "/empty":                     "empty",
		own + "/nowhere":                   "404 Not Found",
		own + "/stall":                     errStalled.Error(),
		own + "/mute":                      errSilent.Error(),
		own + "/circle":                    "only leads to playlists",
		own + "/hls.m3u8":                  "HLS",
		"http://127.0.0.1:" + need.Port(t): "refuses the connection",
		"http://" + deaf(t):                errSilent.Error(),
		"http://[::1]:99999/up":            "port",
	} {
		began := time.Now()
		_, err := tune(t, s, address)
		var f *session.Fault
		if !errors.As(err, &f) || f.Kind != session.NoStreamAvailable || !strings.Contains(err.Error(), want) || strings.ContainsAny(err.Error(), "\n\x1b") {
			t.Errorf("%s: %v, want %q", address, err, want)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("%s: it took %v", address, took)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	s.wait = time.Minute
	time.AfterFunc(50*time.Millisecond, stop)
	var f *session.Fault
	if _, err := s.Open(ctx, music.Ref{Account: music.Local, Kind: music.KindStream, ID: own + "/stall"}, music.Quality{}); !errors.As(err, &f) || f.Kind != session.Cancelled {
		t.Errorf("a call that was given up: %v", err)
	}
}

package server_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"segue/internal/httpx"
	"segue/internal/need"
	"segue/internal/secret"
	"segue/internal/service/subsonic/server"
	"segue/internal/service/subsonic/wire"
)

const ok = `{"subsonic-response":{"status":"ok","version":"1.16.1","type":"test","openSubsonic":true,"openSubsonicExtensions":[{"name":"formPost","versions":[1]}]}}`

// signedIn is a server behind a handler, signed in with a token.
func signedIn(t *testing.T, h http.HandlerFunc, o httpx.Options) (*server.Server, *httptest.Server) {
	t.Helper()
	ts := httptest.NewServer(h)
	t.Cleanup(ts.Close)
	return at(t, ts.URL, o), ts
}

func at(t *testing.T, url string, o httpx.Options) *server.Server {
	t.Helper()
	addr, err := wire.ParseAddress(url)
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.New(server.Config{Address: addr, HTTP: o, Stall: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Use(wire.Credential{User: "alice", Form: wire.FormToken, Salt: "s", Word: secret.New("hunter2hunter2")}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.CloseIdle)
	return s
}

func says(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, body)
}

func TestCallsThatChangeSomethingAreMadeOnceAndQuestionsAgain(t *testing.T) {
	var mu sync.Mutex
	calls := map[string]int{}
	s, _ := signedIn(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		calls[r.Method+" "+r.URL.Path]++
		if calls[r.Method+" "+r.URL.Path] < 3 {
			panic(http.ErrAbortHandler)
		}
		says(w, ok)
	}, httpx.Options{})
	if _, _, err := s.Ask(t.Context(), "getGenres", nil); err != nil {
		t.Error(err)
	}
	_, err := s.Tell(t.Context(), "star", nil)
	if err == nil || !server.Arrived(err) {
		t.Errorf("a change that may have been heard: %v", err)
	}
	mu.Lock()
	defer mu.Unlock()
	if calls["GET /rest/getGenres"] != 3 || calls["POST /rest/star"] != 1 {
		t.Errorf("the calls were %v", calls)
	}
}

func TestWhetherACallArrived(t *testing.T) {
	busy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	t.Cleanup(busy.Close)
	for name, c := range map[string]struct {
		url  string
		want bool
	}{
		"nobody listens": {"http://127.0.0.1:" + need.Port(t), false}, "no such name": {"https://segue.invalid", false}, "no encryption": {"http://192.0.2.1", false}, "busy": {busy.URL, true},
	} {
		_, err := at(t, c.url, httpx.Options{}).Tell(t.Context(), "scrobble", nil)
		if err == nil || server.Arrived(err) != c.want {
			t.Errorf("%s: %v (%v)", name, err, server.Arrived(err))
		}
	}
	if !server.Arrived(nil) || server.Arrived(server.ErrOffline) || server.Arrived(server.ErrNoCredential) || !server.Arrived(&wire.Error{Code: 70}) {
		t.Error("the plain cases")
	}
}

func TestSecretsDoNotFollowARedirectToAnotherHost(t *testing.T) {
	thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("the thief got %s", r.URL) }))
	t.Cleanup(thief.Close)
	s, ts := signedIn(t, nil, httpx.Options{})
	ts.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/moved/"):
			says(w, ok)
		case strings.HasSuffix(r.URL.Path, "getGenres"):
			http.Redirect(w, r, "/moved"+r.URL.Path+"?"+r.URL.RawQuery, http.StatusFound)
		default:
			http.Redirect(w, r, thief.URL+"/?"+r.URL.RawQuery, http.StatusTemporaryRedirect)
		}
	})
	if _, _, err := s.Ask(t.Context(), "getGenres", nil); err != nil {
		t.Errorf("within the server: %v", err)
	}
	for what, call := range map[string]func() error{
		"a question": func() error { _, _, err := s.Ask(t.Context(), "getAlbum", nil); return err },
		"a change":   func() error { _, err := s.Tell(t.Context(), "star", nil); return err },
		"a stream":   func() error { _, err := s.Fetch(t.Context(), "stream", nil, 0, ""); return err },
	} {
		err := call()
		if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "sends us to") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestMethodsThatTheServerLacksAreRemembered(t *testing.T) {
	s, _ := signedIn(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "getPodcasts") {
			http.Error(w, "This endpoint is not implemented", http.StatusNotImplemented)
			return
		}
		says(w, ok)
	}, httpx.Options{})
	_, _, err := s.Ask(t.Context(), "getPodcasts", nil)
	var refused *wire.Error
	if !errors.As(err, &refused) || !refused.Unsupported() || !s.Lacks("getPodcasts") || s.Lacks("getGenres") {
		t.Errorf("%v, lacks %v", err, s.Lacks("getPodcasts"))
	}
}

func TestAStreamThatStallsEnds(t *testing.T) {
	s, _ := signedIn(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "audio/flac")
		_, _ = w.Write([]byte("some"))
		if f, ok := w.(http.Flusher); ok {
			f.Flush()
		}
		<-r.Context().Done()
	}, httpx.Options{})
	b, err := s.Fetch(t.Context(), "stream", nil, 0, "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	got, err := io.ReadAll(b)
	if err == nil || string(got) != "some" {
		t.Errorf("%q: %v", got, err)
	}
}

func TestPartsAreAskedForAndCheckedAgainstWhatComes(t *testing.T) {
	data := bytes.Repeat([]byte("0123456789"), 100)
	answer := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Content-Type", "audio/flac")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	}
	s, ts := signedIn(t, answer, httpx.Options{})
	for name, c := range map[string]struct {
		from int64
		tag  string
		at   int64
		size int64
	}{
		"all of it": {0, "", 0, 1000}, "the end of it": {990, `"v1"`, 990, 1000}, "of another version": {990, `"v0"`, 0, 1000},
	} {
		b, err := s.Fetch(t.Context(), "stream", nil, c.from, c.tag)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, err := io.ReadAll(b)
		_ = b.Close()
		if err != nil || b.From != c.at || b.Size != c.size || !b.Ranges || b.Tag != `"v1"` || !bytes.Equal(got, data[c.at:]) {
			t.Errorf("%s: from %d of %d, %d bytes, %v", name, b.From, b.Size, len(got), err)
		}
	}
	_, err := s.Fetch(t.Context(), "stream", nil, 2000, `"v1"`)
	var beyond *server.Beyond
	if !errors.As(err, &beyond) || beyond.Size != 1000 || !errors.Is(err, server.ErrRange) {
		t.Errorf("beyond the end: %v", err)
	}
	ts.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Range", "bytes 5-9/1000")
		w.WriteHeader(http.StatusPartialContent)
		_, _ = w.Write(data[5:10])
	})
	if _, err := s.Fetch(t.Context(), "stream", nil, 7, ""); err == nil {
		t.Error("other bytes than those asked for were taken")
	}
}

func TestNothingIsAskedWithoutNetworkOrCredential(t *testing.T) {
	s, _ := signedIn(t, func(http.ResponseWriter, *http.Request) { t.Error("it was asked") }, httpx.Options{})
	s.SetNetwork(false)
	if _, _, err := s.Ask(t.Context(), "ping", nil); !errors.Is(err, server.ErrOffline) {
		t.Errorf("got %v", err)
	}
	s.SetNetwork(true)
	s.Drop()
	if _, err := s.Fetch(t.Context(), "stream", nil, 0, ""); !errors.Is(err, server.ErrNoCredential) {
		t.Errorf("got %v", err)
	}
}

func TestVersionsCompareByTheirNumbers(t *testing.T) {
	for pair, want := range map[[2]string]bool{
		{"1.16.1", "1.9.0"}: true, {"1.9.0", "1.16.1"}: false, {"1.10.2", "1.10.2"}: true, {"", "1.0.0"}: false, {"2", "1.16.1"}: true, {"1.99999999999999999999.1", "1.2.0"}: true,
	} {
		if got := (server.About{Version: pair[0]}).AtLeast(pair[1]); got != want {
			t.Errorf("%s at least %s: %v", pair[0], pair[1], got)
		}
	}
}

func TestPlainHTTPGoesOnlyWhereItIsAllowedByName(t *testing.T) {
	reached := false
	o := httpx.Options{PlainHosts: []string{"nas.home"}, Network: roundTrip(func(*http.Request) (*http.Response, error) {
		reached = true
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(ok))}, nil
	})}
	if _, _, err := at(t, "http://nas.home:4533", o).Ask(context.Background(), "ping", nil); err != nil || !reached {
		t.Errorf("allowed by name: %v", err)
	}
	reached = false
	if _, _, err := at(t, "http://other.home", o).Ask(context.Background(), "ping", nil); err == nil || reached {
		t.Errorf("another host: %v", err)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := f(r)
	if resp != nil {
		resp.Request = r
	}
	return resp, err
}

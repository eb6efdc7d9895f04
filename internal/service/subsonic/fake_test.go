package subsonic_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"segue/internal/secret"
	"segue/internal/service/subsonic"
	"segue/session"
)

// fake answers with what a real server once said, or as a test tells it to.
type fake struct {
	*httptest.Server
	samples map[string]sample

	mu    sync.Mutex
	hooks map[string]http.HandlerFunc // by method
	calls []call
}

type sample struct {
	Name   string `json:"name"`
	Status int    `json:"status"`
	Type   string `json:"type"`
	Body   string `json:"body"`
}

type call struct {
	method, verb string
	form         url.Values // all parameters
	query        url.Values // those in the address
}

// like are the samples that methods answer with, where there are several.
var like = map[string]string{
	"getInternetRadioStations": "getInternetRadioStations-after", "getBookmarks": "getBookmarks-after", "getShares": "getShares-after",
	"getAlbumList2": "getAlbumList2-alphabeticalByName", "getNowPlaying": "getNowPlaying", "search3": "search3",
}

func loadSamples(t testing.TB, server string) map[string]sample {
	t.Helper()
	f, err := os.Open(filepath.Join("wire", "testdata", server+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	all := map[string]sample{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var s sample
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatal(err)
		}
		all[s.Name] = s
	}
	return all
}

// newFake is a server that says what the named one said.
func newFake(t testing.TB, server string) *fake {
	f := &fake{samples: loadSamples(t, server), hooks: map[string]http.HandlerFunc{}}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

// on has a method answered by a test.
func (f *fake) on(method string, h http.HandlerFunc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hooks[method] = h
}

// says has a method answered with a body.
func (f *fake) says(method string, status int, kind, body string) {
	f.on(method, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	})
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method := strings.TrimPrefix(r.URL.Path, "/rest/")
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	f.mu.Lock()
	f.calls = append(f.calls, call{method, r.Method, r.Form, r.URL.Query()})
	hook := f.hooks[method]
	f.mu.Unlock()
	if hook != nil {
		hook(w, r)
		return
	}
	name := method
	if other := like[method]; other != "" {
		name = other
	}
	s, ok := f.samples[name]
	if !ok {
		s = f.samples["noSuchEndpoint"]
	}
	w.Header().Set("Content-Type", s.Type)
	w.WriteHeader(s.Status)
	_, _ = w.Write([]byte(s.Body))
}

// called are the calls of a method.
func (f *fake) called(method string) []call {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []call
	for _, c := range f.calls {
		if c.method == method {
			all = append(all, c)
		}
	}
	return all
}

// account is one of the fake's, signed in as alice.
func (f *fake) account(t testing.TB, cfg subsonic.Config) *subsonic.Service {
	t.Helper()
	s := f.unsigned(t, cfg, nil)
	if _, err := s.Login(t.Context(), session.SignIn{Password: password}, nil); err != nil {
		t.Fatal(err)
	}
	return s
}

func (f *fake) unsigned(t testing.TB, cfg subsonic.Config, options map[string]string) *subsonic.Service {
	t.Helper()
	if cfg.DataDir == "" {
		cfg.DataDir = t.TempDir()
	}
	s, err := subsonic.New(session.Spec{ID: "home", Service: "subsonic", Server: f.URL, User: "alice", Options: options}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

type secretText = secret.Secret

var yes, no = secret.New("yes"), secret.New("no")

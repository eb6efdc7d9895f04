package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"segue/internal/httpx"
)

// tokens is a token endpoint that checks PKCE and answers as a test wants.
type tokens struct {
	*httptest.Server
	mu        sync.Mutex
	challenge string       // of the sign-in that is going on
	seen      []url.Values // what was asked
	auth      []string     // with which Authorization
	status    int          // 0 = 200
	header    map[string]string
	answer    string // "" = a good one
}

const goodAnswer = `{"access_token":"at-secret","token_type":"Bearer","expires_in":3600,"refresh_token":"rt-secret","scope":"a b","new_key":[1]}`

func newTokens(t *testing.T) *tokens {
	t.Helper()
	s := &tokens{}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *tokens) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	s.seen, s.auth = append(s.seen, form), append(s.auth, r.Header.Get("Authorization"))
	for k, v := range s.header {
		w.Header().Set(k, v)
	}
	w.Header().Set("Content-Type", "application/json")
	switch {
	case s.status != 0:
		w.WriteHeader(s.status)
		io.WriteString(w, s.answer)
	case form.Get("grant_type") == "authorization_code" && challenge(form.Get("code_verifier")) != s.challenge:
		w.WriteHeader(400)
		io.WriteString(w, `{"error":"invalid_grant"}`)
	case s.answer != "":
		io.WriteString(w, s.answer)
	default:
		io.WriteString(w, goodAnswer)
	}
}

// asked is what the endpoint was asked so far.
func (s *tokens) asked() []url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]url.Values(nil), s.seen...)
}

func (s *tokens) set(status int, answer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status, s.answer = status, answer
}

func (s *tokens) provider() Provider {
	return Provider{Name: "Testify", AuthURL: "https://accounts.invalid/authorize", TokenURL: s.URL + "/api/token",
		ClientID: "segue", RedirectURL: "http://127.0.0.1/callback", Ports: PortAny, Scopes: "b a"}
}

func newClient(t *testing.T, p Provider) *Client {
	t.Helper()
	h, err := httpx.New(httpx.Options{Service: p.Name})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.CloseIdle)
	return New(p, h, NewCallbacks())
}

// browser is an Opener that lets a test do what a browser would: it is given where to
// go back to and the state.
func (s *tokens) browser(visit func(back, state string)) Opener {
	return func(_ context.Context, addr string) error {
		u, err := url.Parse(addr)
		if err != nil {
			return err
		}
		q := u.Query()
		s.mu.Lock()
		s.challenge = q.Get("code_challenge")
		s.mu.Unlock()
		go visit(q.Get("redirect_uri"), q.Get("state"))
		return nil
	}
}

// get fetches a page; the body is "" where there is none.
func get(addr string) (status int, body string) {
	resp, err := http.Get(addr)
	if err != nil {
		return 0, ""
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text)
}

func wantKind(t *testing.T, err error, kind Kind) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Kind != kind {
		t.Fatalf("got %v (%T), want an Error of kind %d", err, err, kind)
	}
	noSecrets(t, err)
	return e
}

// noSecrets looks for what must not be seen, in an error and all that it wraps.
func noSecrets(t *testing.T, err error) {
	t.Helper()
	for e := err; e != nil; e = errors.Unwrap(e) {
		j, _ := json.Marshal(e)
		if text := fmt.Sprintf("%v|%+v|%#v|%s", e, e, e, j); strings.Contains(text, "secret") {
			t.Errorf("given away: %s", text)
		}
	}
}

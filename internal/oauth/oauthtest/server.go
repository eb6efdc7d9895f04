// Package oauthtest is a real OAuth server and a person who signs in there, for tests:
// scripts/oauth/server.mjs (npm oidc-provider), and a browser without scripts that walks
// through its forms. Only tests import it.
package oauthtest

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"segue/internal/need"
)

// Server is a running server. Its clients: "segue" and Spotlike, public; "with secret", whose
// secret is Secret. Redirect addresses are http://127.0.0.1, [::1] or localhost, any port, /callback.
// It has Spotify's scopes and openid.
type Server struct {
	URL string // http://127.0.0.1:PORT, then /authorize, /api/token, /api/revoke, /me, /v1/me
}

// Spotlike is the public client whose id looks as Spotify's do.
const Spotlike = "0123456789abcdef0123456789abcdef"

// Secret is the secret of the client "with secret".
const Secret = "s+e/c r:et"

// Start runs a server until the test ends. args are how it refreshes ("rotate", "keep" or
// "omit"), how many seconds access tokens live and how many refresh tokens do; all may be
// left out. The test is skipped where node or the modules are missing (package need).
func Start(t testing.TB, args ...string) *Server {
	t.Helper()
	tools := os.Getenv("SEGUE_TOOLS")
	if tools == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		tools = filepath.Join(base, "segue-tools")
	}
	modules := need.File(t, filepath.Join(tools, "oauth", "node_modules"))
	node := filepath.Join(tools, "oauth", "node") // is there where the machine's own is too old
	if _, err := os.Stat(node); err != nil {
		node = "node"
	}
	need.Programs(t, node)
	cmd := exec.Command(node, append([]string{script(t), modules}, args...)...) //nolint:noctx // it ends when its input does, below
	in, err := cmd.StdinPipe()                                                  // it ends when this is closed, also if we crash
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var said said
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	read := make(chan struct{})
	t.Cleanup(func() {
		_ = in.Close() // closing it is what ends the server
		<-read
		if err := cmd.Wait(); err != nil {
			t.Errorf("the OAuth server: %v", err)
		}
		if text := said.String(); t.Failed() && text != "" {
			t.Logf("the OAuth server said:\n%s", text)
		}
	})
	lines := bufio.NewScanner(out)
	rest := func() {
		_, _ = io.Copy(io.Discard, out) // it says no more
		close(read)
	}
	for lines.Scan() {
		if addr, ok := strings.CutPrefix(lines.Text(), "listening "); ok {
			go rest()
			return &Server{addr}
		}
	}
	close(read)
	t.Fatalf("the OAuth server did not start:\n%s", said.String())
	return nil
}

// script finds server.mjs from the folder of any package of the project.
func script(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		p := filepath.Join(dir, "scripts", "oauth", "server.mjs")
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	t.Fatal("scripts/oauth/server.mjs is not above this folder")
	return ""
}

// said collects what a program says, from another goroutine.
type said struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write implements io.Writer.
func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

// String is all that was said.
func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// Stats is what a server counted since it started.
type Stats struct {
	Exchanged int // codes that were traded for tokens
	Refreshes int // that succeeded
	Refused   int // refreshes that did not
	Revoked   int // tokens and grants that were ended
}

// Stats asks for the counts.
func (s *Server) Stats(t testing.TB) (st Stats) {
	t.Helper()
	s.get(t, "/stats", "", &st)
	return st
}

// Me is the name of the user whose access token it is (its scopes must have openid); "" if
// the server does not take it.
func (s *Server) Me(t testing.TB, access string) string {
	t.Helper()
	var who struct {
		Sub string `json:"sub"`
	}
	s.get(t, "/me", access, &who)
	return who.Sub
}

// Expire ends an access token before its time, for what is under /v1.
func (s *Server) Expire(t testing.TB, access string) {
	t.Helper()
	var nothing struct{}
	s.get(t, "/v1/expire", access, &nothing)
}

// EndGrant ends a grant of the client Spotlike by its refresh token (RFC 7009), as its user
// can do at the service.
func (s *Server) EndGrant(t testing.TB, refresh string) {
	t.Helper()
	form := url.Values{"token": {refresh}, "token_type_hint": {"refresh_token"}, "client_id": {Spotlike}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/api/revoke", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }() // it says nothing
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("the OAuth server answers %s", resp.Status)
	}
}

// get reads JSON; into is left alone where the answer is not 200.
func (s *Server) get(t testing.TB, path, access string, into any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if access != "" {
		req.Header.Set("Authorization", "Bearer "+access)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }() // it has been read
	if resp.StatusCode != http.StatusOK {
		return
	}
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		t.Fatal(err)
	}
}

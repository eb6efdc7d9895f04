package oauth

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"segue/cache"
	"segue/internal/httpx"
	"segue/internal/need"
	"segue/internal/secret"
)

// realServer is scripts/oauth/server.mjs, a real OAuth server, for as long as the test runs.
type realServer struct{ url string }

func startServer(t *testing.T, args ...string) *realServer {
	t.Helper()
	need.Programs(t, "node")
	tools := os.Getenv("SEGUE_TOOLS")
	if tools == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		tools = filepath.Join(base, "segue-tools")
	}
	modules := need.File(t, filepath.Join(tools, "oauth", "node_modules"))
	cmd := exec.Command("node", append([]string{"../../scripts/oauth/server.mjs", modules}, args...)...)
	in, err := cmd.StdinPipe() // it ends when this is closed, also if we crash
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var said lines
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the OAuth server: %v", err)
		}
		if text := said.String(); t.Failed() && text != "" {
			t.Logf("the OAuth server said:\n%s", text)
		}
	})
	first := bufio.NewScanner(out)
	for first.Scan() {
		if addr, ok := strings.CutPrefix(first.Text(), "listening "); ok {
			go io.Copy(io.Discard, out)
			return &realServer{addr}
		}
	}
	t.Fatalf("the OAuth server did not start:\n%s", said.String())
	return nil
}

// lines collects what a program says, from another goroutine.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (s *realServer) provider() Provider { return providerAt(s.url) }

func providerAt(base string) Provider {
	return Provider{Name: "Testify", AuthURL: base + "/authorize", TokenURL: base + "/api/token", RevokeURL: base + "/api/revoke",
		ClientID: "segue", RedirectURL: "http://127.0.0.1/callback", Ports: PortAny,
		Scopes: "user-library-read playlist-read-private user-read-playback-state",
		Force:  map[string]string{"prompt": "login consent"}}
}

// clientAt is newClient for processes that are no tests.
func clientAt(base string) (*Client, error) {
	h, err := httpx.New(httpx.Options{Service: "Testify"})
	if err != nil {
		return nil, err
	}
	return New(providerAt(base), h, NewCallbacks()), nil
}

// stats is what the server counted.
type stats struct{ Refreshes, Refused, Revoked, Exchanged int }

func (s *realServer) stats(t *testing.T) (st stats) {
	t.Helper()
	resp, err := http.Get(s.url + "/stats")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&st); err != nil {
		t.Fatal(err)
	}
	return st
}

// me is whose token it is, "" if the server does not take it.
func (s *realServer) me(t *testing.T, access string) string {
	t.Helper()
	req, err := http.NewRequest("GET", s.url+"/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+access)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var who struct{ Sub string }
	if resp.StatusCode != 200 || json.NewDecoder(resp.Body).Decode(&who) != nil {
		return ""
	}
	return who.Sub
}

// person is somebody with a browser without scripts: a cookie jar that fills in forms.
type person struct {
	name, password string
	answer         string // "allow", "deny", "less"
	http           *http.Client
	steps          []string // what was seen, for the test
}

func newPerson(t *testing.T, name, answer string) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &person{name: name, password: "pw-" + name, answer: answer, http: &http.Client{Jar: jar, Timeout: time.Minute}}
}

var heading = regexp.MustCompile(`<h1[^>]*>([^<]*)</h1>`)

// walk signs in as a person does and gives the address and the page where it ends.
// Where nobody listens, it is the address of the last redirect.
func (p *person) walk(addr string) (last, text string, err error) {
	resp, err := p.http.Get(addr)
	for step := 0; step < 12; step++ {
		var u *url.Error
		if errors.As(err, &u) && strings.Contains(u.URL, "/callback?") {
			return u.URL, "", nil // the redirect is all that is wanted
		}
		if err != nil {
			return "", "", err
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			return "", "", err
		}
		h := heading.FindSubmatch(body)
		at := resp.Request.URL
		if h == nil || !strings.HasPrefix(at.Path, "/interaction/") {
			return at.String(), string(body), nil
		}
		p.steps = append(p.steps, string(h[1]))
		form := url.Values{"do": {p.answer}}
		if string(h[1]) == "Sign in" {
			form = url.Values{"name": {p.name}, "password": {p.password}}
			p.password = "pw-" + p.name // the second time right
		}
		if resp, err = p.http.PostForm(at.String(), form); err != nil {
			if errors.As(err, &u) && strings.Contains(u.URL, "/callback?") {
				return u.URL, "", nil
			}
			return "", "", err
		}
	}
	return "", "", errors.New("no end of forms")
}

// open is an Opener: the person walks while Segue waits.
func (p *person) open(done chan<- string) Opener {
	return func(_ context.Context, addr string) error {
		go func() {
			_, text, err := p.walk(addr)
			if err != nil {
				text = err.Error()
			}
			done <- text
		}()
		return nil
	}
}

// TestSigningInAtARealServer: sign in, use, refresh, revoke, with all three manners of refreshing.
func TestSigningInAtARealServer(t *testing.T) {
	for _, mode := range []string{"rotate", "keep", "omit"} {
		t.Run(mode, func(t *testing.T) {
			s := startServer(t, mode)
			p := s.provider()
			p.Scopes += " openid"
			c := newClient(t, p)
			anna := newPerson(t, "anna", "allow")
			anna.password = "wrong at first"
			done := make(chan string, 1)
			token, err := c.SignIn(t.Context(), SignIn{Within: time.Minute, Open: anna.open(done)})
			if err != nil {
				t.Fatal(err)
			}
			if text := <-done; !strings.Contains(text, "You can close this page") {
				t.Errorf("the page says %s", text)
			}
			if got := fmt.Sprint(anna.steps); got != "[Sign in Sign in Allow?]" {
				t.Errorf("the way was %s", got)
			}
			if who := s.me(t, token.AccessToken.Reveal()); who != "anna" {
				t.Errorf("it is %q's token", who)
			}
			next, err := c.Refresh(t.Context(), token)
			if err != nil {
				t.Fatal(err)
			}
			if same := next.RefreshToken.Equal(token.RefreshToken); same != (mode != "rotate") || next.AccessToken.Equal(token.AccessToken) || next.RefreshToken.Empty() {
				t.Errorf("the same refresh token: %t", same)
			}
			if who := s.me(t, next.AccessToken.Reveal()); who != "anna" {
				t.Errorf("after a refresh it is %q's token", who)
			}
			if err := c.Revoke(t.Context(), next); err != nil {
				t.Fatal(err)
			}
			if _, err = c.Refresh(t.Context(), next); !errors.Is(err, cache.ErrDead) {
				t.Errorf("after revoking: %v", err)
			}
			wantKind(t, err, Dead)
		})
	}
}

// TestTheWaysNotToSignInAtARealServer: denial, part of the scopes, wrong state, code used
// twice, another verifier, pasting.
func TestTheWaysNotToSignInAtARealServer(t *testing.T) {
	s := startServer(t, "rotate")
	c := newClient(t, s.provider())
	sign := func(p *person) error {
		done := make(chan string, 1)
		_, err := c.SignIn(t.Context(), SignIn{Within: time.Minute, Open: p.open(done)})
		<-done
		return err
	}
	wantKind(t, sign(newPerson(t, "anna", "deny")), Denied)
	if e := wantKind(t, sign(newPerson(t, "anna", "less")), Scopes); !strings.Contains(e.Error(), "user-read-playback-state") {
		t.Error(e)
	}
	unknown := s.provider()
	unknown.ClientID = "nobody"
	_, err := newClient(t, unknown).Refresh(t.Context(), oldToken(t))
	wantKind(t, err, BadKey)

	// Without a browser here: the address is opened elsewhere, and the one it ends at is pasted.
	bea := newPerson(t, "bea", "allow")
	var q Prompt
	paste := SignIn{Paste: true, Within: time.Minute, Ask: func(_ context.Context, asked Prompt) (secret.Secret, error) {
		if q = asked; q.Problem != "" {
			return secret.Secret{}, errors.New(q.Problem)
		}
		last, _, err := bea.walk(asked.URL)
		return secret.New(last), err
	}}
	if _, err := c.SignIn(t.Context(), paste); err != nil {
		t.Fatalf("pasting: %v", err)
	}
	if q.Listens || q.Opened {
		t.Errorf("%+v", q)
	}
	// Whom the server knows already is not asked for the name again …
	if _, err := c.SignIn(t.Context(), paste); err != nil || fmt.Sprint(bea.steps) != "[Sign in Allow? Allow?]" {
		t.Errorf("again: %v after %.200v", err, bea.steps)
	}
	// … unless it is wanted.
	paste.Force, bea.steps = true, nil
	if _, err := c.SignIn(t.Context(), paste); err != nil || fmt.Sprint(bea.steps) != "[Sign in Allow?]" {
		t.Errorf("by force: %v after %.200v", err, bea.steps)
	}
	// A code is good for one trade, with the verifier it was asked for.
	last, _, err := newPerson(t, "dora", "allow").walk(c.question(Started{Redirect: "http://127.0.0.1:1/callback", State: "st", Verifier: cache.NewSecret(random())}, SignIn{}))
	b, problem := pasted(last, "st")
	if err != nil || problem != "" {
		t.Fatal(err, problem)
	}
	_, err = c.exchange(t.Context(), b.code, random(), "http://127.0.0.1:1/callback")
	wantKind(t, err, BadCode)
	if s.stats(t).Exchanged != 4 { // the one with less allowed, and bea's three
		t.Errorf("%+v", s.stats(t))
	}
}

func TestAClientWithASecretAtARealServer(t *testing.T) {
	s := startServer(t, "keep")
	p := s.provider()
	p.ClientID, p.ClientSecret = "with secret", secret.New("s+e/c r:et")
	c := newClient(t, p)
	done := make(chan string, 1)
	token, err := c.SignIn(t.Context(), SignIn{Within: time.Minute, Open: newPerson(t, "anna", "allow").open(done)})
	if err != nil {
		t.Fatal(err, <-done)
	}
	<-done
	if _, err := c.Refresh(t.Context(), token); err != nil {
		t.Error(err)
	}
}

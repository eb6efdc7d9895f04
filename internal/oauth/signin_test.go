package oauth

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"segue/internal/httpx"
	"segue/internal/secret"

	"segue/internal/need"
)

func TestABrowserSignsIn(t *testing.T) {
	s := newTokens(t)
	p := s.provider()
	p.Extra, p.Force = map[string]string{"market": "x"}, map[string]string{"show_dialog": "true"}
	var asked url.Values
	pages := make(chan string, 1)
	visit := s.browser(func(back, state string) {
		_, text := get(back + "?code=code-secret&state=" + state)
		pages <- text
	})
	token, err := newClient(t, p).SignIn(t.Context(), SignIn{Force: true, Hint: "anna", Open: func(ctx context.Context, addr string) error {
		u, _ := url.Parse(addr)
		asked = u.Query()
		return visit(ctx, addr)
	}})
	if err != nil {
		t.Fatal(err)
	}
	if token.AccessToken.Reveal() != "at-secret" || token.RefreshToken.Reveal() != "rt-secret" || token.Scope != "a b" {
		t.Errorf("%q %q %q", token.AccessToken.Reveal(), token.RefreshToken.Reveal(), token.Scope)
	}
	if string(token.Extra("new_key")) != "[1]" || string(token.Extra(clientKey)) != `"segue"` {
		t.Errorf("keys beside: %s %s", token.Extra("new_key"), token.Extra(clientKey))
	}
	if d := time.Until(token.ExpiresAt); d < 50*time.Minute || d > time.Hour {
		t.Errorf("ends in %s", d)
	}
	if text := <-pages; !strings.Contains(text, "Segue is signed in to Testify. You can close this page.") {
		t.Errorf("the page says %s", text)
	}
	for k, v := range map[string]string{"response_type": "code", "client_id": "segue", "scope": "a b", "market": "x",
		"show_dialog": "true", "login_hint": "anna", "code_challenge_method": "S256"} {
		if asked.Get(k) != v {
			t.Errorf("%s = %q, want %q", k, asked.Get(k), v)
		}
	}
	form := s.asked()[0]
	if form.Get("redirect_uri") != asked.Get("redirect_uri") || form.Get("code") != "code-secret" || form.Get("client_id") != "segue" || len(form.Get("code_verifier")) != 43 {
		t.Errorf("asked for a token with %v", form)
	}
}

// TestStrayConnectionsDoNotDisturb is trap 4.
func TestStrayConnectionsDoNotDisturb(t *testing.T) {
	s := newTokens(t)
	token, err := newClient(t, s.provider()).SignIn(t.Context(), SignIn{Open: s.browser(func(back, state string) {
		u, _ := url.Parse(back)
		var open []net.Conn
		for range 3 { // browsers open connections in advance and say nothing
			if c, err := net.Dial("tcp", u.Host); err == nil {
				open = append(open, c)
			}
		}
		for _, c := range open[1:] {
			c.Write([]byte("\x16\x03\x01 no HTTP\r\n\r\n"))
			c.Close()
		}
		root := "http://" + u.Host
		for addr, want := range map[string]int{
			root + "/favicon.ico": 404, root + "/": 404, root + "/?code=x&state=" + state: 404,
			back: 400, back + "?state=" + state: 400, back + "?code=x&state=wrong": 400, back + "?error=access_denied&state=wrong": 400,
		} {
			if got, _ := get(addr); got != want {
				t.Errorf("%s: %d, want %d", addr, got, want)
			}
		}
		if resp, err := http.Post(back+"?code=x&state="+state, "text/plain", nil); err != nil || resp.StatusCode != 405 {
			t.Errorf("a POST: %v %v", resp, err)
		}
		get(back + "?code=x&state=" + state)
		open[0].Close()
	})})
	if err != nil || token == nil {
		t.Fatal(err)
	}
	if n := len(s.asked()); n != 1 {
		t.Errorf("%d codes were traded", n)
	}
}

func TestWhatGoesWrongWhileSigningIn(t *testing.T) {
	for name, c := range map[string]struct {
		back   string // what the browser brings, after the state
		status int
		answer string
		kind   Kind
		says   string
	}{
		"the user says no":             {back: "&error=access_denied", kind: Denied, says: "Testify: the sign-in was denied"},
		"a scope nobody knows":         {back: "&error=invalid_scope", kind: Scopes, says: "does not know what we ask for"},
		"a server that is sorry":       {back: "&error=server_error&error_description=try+later+token%3Dsecret", kind: Refused, says: "it says server_error (try later token=…)"},
		"a code that is too old":       {back: "&code=c", status: 400, answer: `{"error":"invalid_grant"}`, kind: BadCode, says: "the code was refused"},
		"a client that is not known":   {back: "&code=c", status: 401, answer: `{"error":"invalid_client"}`, kind: BadKey, says: "the client id or its key is refused"},
		"less than was asked for":      {back: "&code=c", answer: `{"access_token":"at-secret","scope":"b"}`, kind: Scopes, says: "it did not grant a: sign in again"},
		"an answer that is no token":   {back: "&code=c", answer: `{"hello":"secret"}`, kind: Refused, says: "no token"},
		"an answer that is a web page": {back: "&code=c", answer: `<html>secret`, kind: Refused, says: "no token"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newTokens(t)
			s.set(c.status, c.answer)
			page := make(chan string, 1)
			_, err := newClient(t, s.provider()).SignIn(t.Context(), SignIn{Open: s.browser(func(back, state string) {
				_, text := get(back + "?state=" + state + c.back)
				page <- text
			})})
			if e := wantKind(t, err, c.kind); !strings.Contains(e.Error(), c.says) {
				t.Errorf("says %q", e)
			}
			if text := <-page; !strings.Contains(text, "Not signed in") || strings.Contains(text, "secret") {
				t.Errorf("the page says %s", text)
			}
		})
	}
}

func TestTheNetworkIsNamedWhenItIsTheCause(t *testing.T) {
	s := newTokens(t)
	s.set(503, "sorry")
	sign := func(p Provider) error {
		_, err := newClient(t, p).SignIn(t.Context(), SignIn{Open: s.browser(func(back, state string) { get(back + "?code=code-secret&state=" + state) })})
		noSecrets(t, err)
		return err
	}
	var e *httpx.Error
	if err := sign(s.provider()); !errors.As(err, &e) || e.Kind != httpx.Status || e.Status != 503 {
		t.Errorf("503: %v", err)
	}
	if n := len(s.asked()); n != 1 {
		t.Errorf("a code was sent %d times", n)
	}
	away := s.provider()
	away.TokenURL = "http://127.0.0.1:1/api/token"
	if err := sign(away); !errors.As(err, &e) || e.Kind != httpx.Unreachable {
		t.Errorf("away: %v", err)
	}
}

func TestNobodySignsIn(t *testing.T) {
	s := newTokens(t)
	var back string
	opened := make(chan struct{})
	open := func(_ context.Context, addr string) error {
		u, _ := url.Parse(addr)
		back = u.Query().Get("redirect_uri")
		close(opened)
		return nil
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-opened
		cancel()
	}()
	_, err := newClient(t, s.provider()).SignIn(ctx, SignIn{Open: open})
	if e := wantKind(t, err, GivenUp); !errors.Is(e, context.Canceled) {
		t.Error(e)
	}
	if status, _ := get(back); status != 0 {
		t.Error("somebody still listens")
	}
	_, err = newClient(t, s.provider()).SignIn(t.Context(), SignIn{Within: time.Millisecond, Open: func(context.Context, string) error { return nil }})
	if e := wantKind(t, err, GivenUp); e.Error() != "Testify: nobody signed in in time" {
		t.Error(e)
	}
	_, err = newClient(t, s.provider()).SignIn(t.Context(), SignIn{Open: func(context.Context, string) error { return errors.New("no browser") }})
	wantKind(t, err, Setting)
}

// TestTwoSignInsShareAPort is trap 3, in one process.
func TestTwoSignInsShareAPort(t *testing.T) {
	s := newTokens(t)
	p := s.provider()
	p.Ports, p.RedirectURL = PortFixed, "http://127.0.0.1:"+need.Port(t)+"/callback"
	c := newClient(t, p)
	type arrival struct{ back, state string }
	arrived := make(chan arrival, 2)
	var mu sync.Mutex
	challenges := map[string]string{} // by state
	open := func(_ context.Context, addr string) error {
		u, _ := url.Parse(addr)
		q := u.Query()
		mu.Lock()
		challenges[q.Get("state")] = q.Get("code_challenge")
		mu.Unlock()
		arrived <- arrival{q.Get("redirect_uri"), q.Get("state")}
		return nil
	}
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			if _, err := c.SignIn(t.Context(), SignIn{Open: open}); err != nil {
				t.Error(err)
			}
		})
	}
	first, second := <-arrived, <-arrived
	if first.back != second.back {
		t.Errorf("two addresses: %s and %s", first.back, second.back)
	}
	for _, a := range []arrival{second, first} { // the second one is faster
		s.mu.Lock()
		s.challenge = challenges[a.state]
		s.mu.Unlock()
		if status, text := get(a.back + "?code=c&state=" + a.state); status != 200 || !strings.Contains(text, "is signed in") {
			t.Errorf("%d %s", status, text)
		}
	}
	all.Wait()
	if status, _ := get(first.back); status != 0 {
		t.Error("somebody still listens")
	}
}

func TestATakenPort(t *testing.T) {
	s := newTokens(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	sign := func(ports Ports) (string, error) {
		p := s.provider()
		p.Ports, p.RedirectURL = ports, "http://"+taken.Addr().String()+"/callback"
		c := newClient(t, p)
		c.calls.patience = 0
		at := ""
		_, err := c.SignIn(t.Context(), SignIn{Open: s.browser(func(back, state string) {
			at = back
			get(back + "?code=c&state=" + state)
		})})
		return at, err
	}
	_, err = sign(PortFixed)
	if e := wantKind(t, err, Port); !strings.Contains(e.Error(), "is taken by another program") {
		t.Error(e)
	}
	for name, ports := range map[string]Ports{"the next": PortNext, "any": PortAny} {
		at, err := sign(ports)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if u, _ := url.Parse(at); u.Host == taken.Addr().String() {
			t.Errorf("%s: %s", name, at)
		}
	}
}

func TestATakenPortIsWaitedFor(t *testing.T) {
	s := newTokens(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := s.provider()
	p.Ports, p.RedirectURL = PortFixed, "http://"+taken.Addr().String()+"/callback"
	c := newClient(t, p)
	c.calls.patience = time.Minute
	go taken.Close() // soon
	if _, err := c.SignIn(t.Context(), SignIn{Open: s.browser(func(back, state string) { get(back + "?code=c&state=" + state) })}); err != nil {
		t.Fatal(err)
	}
}

func TestLocalhostAndIPv6(t *testing.T) {
	s := newTokens(t)
	for _, redirect := range []string{"http://localhost/callback", "http://[::1]/callback", "http://127.0.0.1/"} {
		p := s.provider()
		p.RedirectURL = redirect
		_, err := newClient(t, p).SignIn(t.Context(), SignIn{Open: s.browser(func(back, state string) { get(back + "?code=c&state=" + state) })})
		var e *Error
		if errors.As(err, &e) && e.Kind == Port && strings.Contains(redirect, "::1") {
			t.Logf("this machine has no IPv6: %v", err)
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", redirect, err)
		}
	}
}

func TestSettingsThatCannotWork(t *testing.T) {
	s := newTokens(t)
	for name, c := range map[string]struct {
		change func(*Provider)
		kind   Kind
		says   string
	}{
		"localhost where it is refused": {func(p *Provider) {
			p.RedirectURL, p.NoLocalhost = "http://localhost:8888/callback", "Spotify refuses it since 2025"
		}, Redirect, "must not be localhost: Spotify refuses it since 2025; use http://127.0.0.1:8888/callback instead"},
		"another computer":    {func(p *Provider) { p.RedirectURL = "http://example.org/callback" }, Redirect, "must be on this machine"},
		"no address":          {func(p *Provider) { p.RedirectURL = "callback" }, Redirect, "must be like"},
		"a query":             {func(p *Provider) { p.RedirectURL += "?a=b" }, Redirect, "no query"},
		"a port that is none": {func(p *Provider) { p.RedirectURL = "http://127.0.0.1:99999/" }, Redirect, "not 1 to 65535"},
		"no port, fixed":      {func(p *Provider) { p.Ports = PortFixed }, Redirect, "must have a port"},
		"no client id":        {func(p *Provider) { p.ClientID = "" }, Setting, "no client id"},
		"no token address":    {func(p *Provider) { p.TokenURL = "x" }, Setting, "its token address is none"},
	} {
		t.Run(name, func(t *testing.T) {
			p := s.provider()
			c.change(&p)
			_, err := newClient(t, p).SignIn(t.Context(), SignIn{Open: func(context.Context, string) error {
				t.Error("a browser was opened")
				return nil
			}})
			if e := wantKind(t, err, c.kind); !strings.Contains(e.Error(), c.says) {
				t.Errorf("says %q, want %q", e, c.says)
			}
		})
	}
}

func TestTheFirstOfBrowserAndPersonWins(t *testing.T) {
	s := newTokens(t)
	asking := make(chan struct{})
	token, err := newClient(t, s.provider()).SignIn(t.Context(), SignIn{
		Open: s.browser(func(back, state string) {
			<-asking
			get(back + "?code=c&state=" + state)
		}),
		Ask: func(ctx context.Context, q Prompt) (secret.Secret, error) {
			if !q.Opened || !q.Listens {
				t.Errorf("%+v", q)
			}
			close(asking)
			<-ctx.Done() // the browser came: no answer is needed any more
			return secret.Secret{}, ctx.Err()
		},
	})
	if err != nil || token == nil {
		t.Fatal(err)
	}
	quit := errors.New("quit")
	if _, err := newClient(t, s.provider()).SignIn(t.Context(), SignIn{Ask: func(context.Context, Prompt) (secret.Secret, error) {
		return secret.Secret{}, quit
	}}); !errors.Is(err, quit) {
		t.Errorf("got %v", err)
	}
}

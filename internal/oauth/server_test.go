package oauth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"segue/cache"
	"segue/internal/httpx"
	"segue/internal/oauth/oauthtest"
	"segue/internal/secret"
)

// patience is for what takes a second on a machine that has nothing else to do.
const patience = 4 * time.Minute

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

// open is an Opener: the person walks while Segue waits.
func open(p *oauthtest.Person, done chan<- string) Opener {
	return func(_ context.Context, addr string) error {
		go func() {
			_, text, err := p.Walk(addr)
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
			s := oauthtest.Start(t, mode)
			p := providerAt(s.URL)
			p.Scopes += " openid"
			c := newClient(t, p)
			anna := oauthtest.NewPerson(t, "anna", "allow")
			anna.Password = "wrong at first"
			done := make(chan string, 1)
			token, err := c.SignIn(t.Context(), SignIn{Within: patience, Open: open(anna, done)})
			if err != nil {
				t.Fatal(err)
			}
			if text := <-done; !strings.Contains(text, "You can close this page") {
				t.Errorf("the page says %s", text)
			}
			if got := fmt.Sprint(anna.Steps); got != "[Sign in Sign in Allow?]" {
				t.Errorf("the way was %s", got)
			}
			if who := s.Me(t, token.AccessToken.Reveal()); who != "anna" {
				t.Errorf("it is %q's token", who)
			}
			next, err := c.Refresh(t.Context(), token)
			if err != nil {
				t.Fatal(err)
			}
			if same := next.RefreshToken.Equal(token.RefreshToken); same != (mode != "rotate") || next.AccessToken.Equal(token.AccessToken) || next.RefreshToken.IsZero() {
				t.Errorf("the same refresh token: %t", same)
			}
			if who := s.Me(t, next.AccessToken.Reveal()); who != "anna" {
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
	s := oauthtest.Start(t, "rotate")
	c := newClient(t, providerAt(s.URL))
	sign := func(p *oauthtest.Person) error {
		done := make(chan string, 1)
		_, err := c.SignIn(t.Context(), SignIn{Within: patience, Open: open(p, done)})
		<-done
		return err
	}
	wantKind(t, sign(oauthtest.NewPerson(t, "anna", "deny")), Denied)
	if e := wantKind(t, sign(oauthtest.NewPerson(t, "anna", "less")), Scopes); !strings.Contains(e.Error(), "user-read-playback-state") {
		t.Error(e)
	}
	unknown := providerAt(s.URL)
	unknown.ClientID = "nobody"
	_, err := newClient(t, unknown).Refresh(t.Context(), oldToken(t))
	wantKind(t, err, BadKey)

	// Without a browser here: the address is opened elsewhere, and the one it ends at is pasted.
	bea := oauthtest.NewPerson(t, "bea", "allow")
	var q Prompt
	paste := SignIn{Paste: true, Within: patience, Ask: func(_ context.Context, asked Prompt) (secret.Secret, error) {
		if q = asked; q.Problem != "" {
			return secret.Secret{}, errors.New(q.Problem)
		}
		last, _, err := bea.Walk(asked.URL)
		return secret.New(last), err
	}}
	if _, err := c.SignIn(t.Context(), paste); err != nil {
		t.Fatalf("pasting: %v", err)
	}
	if q.Listens || q.Opened {
		t.Errorf("%+v", q)
	}
	// Whom the server knows already is not asked for the name again …
	if _, err := c.SignIn(t.Context(), paste); err != nil || fmt.Sprint(bea.Steps) != "[Sign in Allow? Allow?]" {
		t.Errorf("again: %v after %.200v", err, bea.Steps)
	}
	// … unless it is wanted.
	paste.Force, bea.Steps = true, nil
	if _, err := c.SignIn(t.Context(), paste); err != nil || fmt.Sprint(bea.Steps) != "[Sign in Allow?]" {
		t.Errorf("by force: %v after %.200v", err, bea.Steps)
	}
	// A code is good for one trade, with the verifier it was asked for.
	last, _, err := oauthtest.NewPerson(t, "dora", "allow").Walk(c.question(Started{Redirect: "http://127.0.0.1:1/callback", State: "st", Verifier: cache.NewSecret(random())}, SignIn{}))
	b, problem := pasted(last, "st")
	if err != nil || problem != "" {
		t.Fatal(err, problem)
	}
	_, err = c.exchange(t.Context(), b.code, random(), "http://127.0.0.1:1/callback")
	wantKind(t, err, BadCode)
	if s.Stats(t).Exchanged != 4 { // the one with less allowed, and bea's three
		t.Errorf("%+v", s.Stats(t))
	}
}

func TestAClientWithASecretAtARealServer(t *testing.T) {
	s := oauthtest.Start(t, "keep")
	p := providerAt(s.URL)
	p.ClientID, p.ClientSecret = "with secret", secret.New("s+e/c r:et")
	c := newClient(t, p)
	done := make(chan string, 1)
	token, err := c.SignIn(t.Context(), SignIn{Within: patience, Open: open(oauthtest.NewPerson(t, "anna", "allow"), done)})
	if err != nil {
		t.Fatal(err, <-done)
	}
	<-done
	if _, err := c.Refresh(t.Context(), token); err != nil {
		t.Error(err)
	}
}

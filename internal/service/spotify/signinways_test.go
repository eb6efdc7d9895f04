package spotify

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"segue/internal/oauth/oauthtest"
	"segue/internal/secret"
	"segue/session"
)

// apiSays is a Web API that answers /me with one thing, whoever asks.
func apiSays(t *testing.T, status int, header map[string]string, body string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for k, v := range header {
			w.Header().Set(k, v)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(s.Close)
	return s.URL + "/v1"
}

// TestWaysNotToSignIn: each says what is wrong and what to do, leaves nothing behind, and
// opens no browser where no page would come.
func TestWaysNotToSignIn(t *testing.T) {
	server := oauthtest.Start(t, "rotate")
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	const nobody = "127.0.0.1:1"
	for name, c := range map[string]struct {
		set    func(h *home)
		answer string // of the person
		kind   session.FaultKind
		says   []string
		opens  bool
	}{
		"the person says no":                {answer: "deny", kind: session.OtherPermanent, says: []string{"the sign-in was denied", "agree"}, opens: true},
		"less is allowed than is needed":    {answer: "less", kind: session.OtherPermanent, says: []string{"it did not grant user-top-read"}, opens: true},
		"a redirect address not registered": {set: func(h *home) { h.cfg.RedirectURI = "http://127.0.0.1/elsewhere" }, kind: session.OtherPermanent, says: []string{"not registered with the app", "http://127.0.0.1/elsewhere", "dashboard"}},
		"the accounts server is not there":  {set: func(h *home) { h.cfg.Accounts = "http://" + nobody }, kind: session.UnableToContactServer, says: []string{"cannot reach " + nobody}},
		"a client id that nobody knows":     {set: func(h *home) { h.cfg.ClientID = strings.Repeat("f", 32) }, kind: session.OtherPermanent, says: []string{"does not know the client id", "dashboard"}},
		"localhost":                         {set: func(h *home) { h.cfg.RedirectURI = "http://localhost:8888/callback" }, kind: session.InvalidArgument, says: []string{"must not be localhost", "http://127.0.0.1:8888/callback"}},
		"another machine's address":         {set: func(h *home) { h.cfg.RedirectURI = "http://10.0.0.1/callback" }, kind: session.InvalidArgument, says: []string{"on this machine, or https"}},
		"a port that is taken": {set: func(h *home) { h.cfg.RedirectURI = "http://" + taken.Addr().String() + "/callback" },
			kind: session.OtherTransient, says: []string{"is taken by another program", "--no-browser"}},
		"the owner has no Premium": {answer: "allow", opens: true, set: func(h *home) {
			h.cfg.API = apiSays(t, 403, map[string]string{"Content-Type": "text/plain"}, "Active premium subscription required for the owner of the app.")
		}, kind: session.UserNeedsPremium, says: []string{"the owner of the Spotify app has no Premium", "since 2026"}},
		"the user is not on the list": {answer: "allow", opens: true, set: func(h *home) {
			h.cfg.API = apiSays(t, 403, nil, "Check settings on developer.spotify.com/dashboard, the user may not be registered.")
		}, kind: session.OtherPermanent, says: []string{"not on the list of users", "User Management"}},
		"the quota is used up": {answer: "allow", opens: true, set: func(h *home) {
			h.cfg.API = apiSays(t, 429, map[string]string{"Retry-After": "86400"}, `{"error":{"status":429,"message":"Too many","reason":"QUOTA_EXCEEDED"}}`)
		}, kind: session.RateLimited, says: []string{"the quota of the Spotify app is used up", "again at"}},
		"too many calls": {answer: "allow", opens: true, set: func(h *home) {
			h.cfg.API = apiSays(t, 429, map[string]string{"Retry-After": "60"}, `{"error":{"status":429,"message":"API rate limit exceeded"}}`)
		}, kind: session.RateLimited, says: []string{"asked too often", "again at"}},
		"a token that the API does not take": {answer: "allow", opens: true, set: func(h *home) {
			h.cfg.API = apiSays(t, 401, nil, `{"error":{"status":401,"message":"Invalid access token"}}`)
		}, kind: session.OtherPermanent, says: []string{"takes the token"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t, server.URL)
			if c.set != nil {
				c.set(h)
			}
			s, _ := h.enter()
			var opened atomic.Int32
			person := oauthtest.NewPerson(t, "anna", c.answer)
			s.cfg.Opener = func(ctx context.Context, addr string) error {
				opened.Add(1)
				return walks(person)(ctx, addr)
			}
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			_, err := s.Login(ctx, session.SignIn{Remember: true}, (&answers{}).ask)
			f := wantFault(t, err, c.kind, c.says...)
			if strings.Contains(f.Error(), "asked too often") != (name == "too many calls") {
				t.Errorf("trap 17: %s", f)
			}
			if h.token() != "" {
				t.Error("a token was left behind")
			}
			if (opened.Load() > 0) != c.opens {
				t.Errorf("a browser was opened %d times", opened.Load())
			}
		})
	}
}

func TestASignInThatFailsLeavesTheOneOfBefore(t *testing.T) {
	t.Parallel()
	server := oauthtest.Start(t, "rotate")
	h := newHome(t, server.URL)
	if _, err := h.signInAs("anna"); err != nil {
		t.Fatal(err)
	}
	was := h.token()
	h.cfg.API = apiSays(t, 403, nil, "the user may not be registered")
	if _, err := h.signInAs("bea"); err == nil {
		t.Fatal("bea is in")
	}
	if h.token() != was {
		t.Error("the token is another one")
	}
	// The person gives up while the browser shows the page.
	s, _ := h.enter()
	s.cfg.Opener = func(context.Context, string) error { return nil }
	ctx, cancel := context.WithCancel(t.Context())
	_, err := s.Login(ctx, session.SignIn{Remember: true}, func(context.Context, session.Question) (secret.Secret, error) {
		cancel()
		return secret.Secret{}, ctx.Err()
	})
	wantFault(t, err, session.Cancelled)
	h.cfg.API = server.URL + "/v1"
	if got, _, err := h.back(); err != nil || got.User.Name != "anna" {
		t.Errorf("%+v %v", got.User, err)
	}
}

// TestPastingTheAddress: no browser here; what is pasted wrongly is asked for again.
func TestPastingTheAddress(t *testing.T) {
	t.Parallel()
	server := oauthtest.Start(t, "keep")
	h := newHome(t, server.URL)
	s, _ := h.enter()
	s.cfg.Opener = func(context.Context, string) error { t.Error("a browser was opened"); return nil }
	anna := oauthtest.NewPerson(t, "anna", "allow")
	var texts []string
	got, err := s.Login(t.Context(), session.SignIn{Remember: true, Paste: true}, func(_ context.Context, q session.Question) (secret.Secret, error) {
		texts = append(texts, q.Text)
		if q.What != session.QuestionBrowser || q.Until.IsZero() {
			t.Errorf("%+v", q)
		}
		if len(texts) == 1 {
			return secret.New("https://open.spotify.com/"), nil
		}
		last, _, err := anna.Walk(q.URL)
		return secret.New(" '" + last + "'\n"), err
	})
	if err != nil || got.User.Name != "anna" {
		t.Fatal(got.User, err)
	}
	if len(texts) != 2 || !strings.Contains(texts[0], "paste the address that it ends at") || !strings.HasPrefix(texts[1], "There is no code in that address") {
		t.Errorf("%q", texts)
	}
}

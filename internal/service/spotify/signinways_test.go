package spotify

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"segue/cache"
	"segue/internal/httpx"
	"segue/internal/oauth"
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

func TestWhatIsNotRememberedIsNowhere(t *testing.T) {
	t.Parallel()
	server := oauthtest.Start(t, "rotate")
	h := newHome(t, server.URL)
	s, _ := h.enter()
	s.cfg.Opener = walks(oauthtest.NewPerson(t, "anna", "allow"))
	if _, err := s.Login(t.Context(), session.SignIn{}, nil); err != nil {
		t.Fatal(err)
	}
	if h.token() != "" {
		t.Error("it is on disk")
	}
	if _, err := s.api.Me(t.Context()); err != nil {
		t.Error(err)
	}
	if err := s.Logout(t.Context()); err != nil {
		t.Error(err)
	}
	if c, err := s.Vault().Load(t.Context(), "spotify"); c != nil || err != nil {
		t.Errorf("after the logout there is %v, %v", c, err)
	}
	if _, err := s.api.Me(t.Context()); err == nil {
		t.Error("after the logout it answers")
	}
}

// TestLogoutDropsTheAccessTokenOnly, and forget all of it.
func TestLogoutDropsTheAccessTokenOnly(t *testing.T) {
	t.Parallel()
	server := oauthtest.Start(t, "rotate")
	h := newHome(t, server.URL)
	if _, err := h.signInAs("anna"); err != nil {
		t.Fatal(err)
	}
	_, s, err := h.back()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Logout(t.Context()); err != nil {
		t.Fatal(err)
	}
	kept, err := s.cfg.Tokens.Stored(t.Context(), "spotify")
	if err != nil || kept == nil || !kept.AccessToken.IsZero() || kept.RefreshToken.IsZero() {
		t.Fatalf("after the logout: %v", err)
	}
	before := server.Stats(t).Refreshes
	_, s, err = h.back()
	if err != nil || server.Stats(t).Refreshes != before+1 {
		t.Fatalf("back after the logout: %v", err)
	}
	c, err := s.Vault().Load(t.Context(), "spotify")
	if err != nil || c == nil {
		t.Fatal(c, err)
	}
	if err := errors.Join(s.Forget(t.Context(), *c), s.Vault().Delete(t.Context(), "spotify"), s.Logout(t.Context())); err != nil {
		t.Error(err)
	}
	if h.token() != "" {
		t.Error("the token is still there")
	}
	if last := h.notes[len(h.notes)-1]; !strings.Contains(last, "https://www.spotify.com/account/apps") {
		t.Errorf("it says %q", last)
	}
	_, _, err = h.back()
	if err == nil {
		t.Error("it comes back after all")
	}
}

// TestTheEndOfAGrant: two weeks before it a note; after it one fault with the true cause,
// the token gone, and no further question to Spotify.
func TestTheEndOfAGrant(t *testing.T) {
	t.Parallel()
	server := oauthtest.Start(t, "keep", "59") // each use refreshes
	h := newHome(t, server.URL)
	signedIn := time.Now()
	if _, err := h.signInAs("anna"); err != nil {
		t.Fatal(err)
	}
	at := func(months, days int) {
		h.now = func() time.Time { return signedIn.AddDate(0, months, days).Add(time.Since(signedIn)) }
	}
	at(5, 0)
	if got, _, err := h.back(); err != nil || got.Note != "" {
		t.Fatalf("a month before the end: %q %v", got.Note, err)
	}
	at(6, -10)
	got, s, err := h.back()
	if err != nil || !strings.Contains(got.Note, "ends on "+signedIn.AddDate(0, 6, 0).Format(time.DateOnly)) || !strings.Contains(got.Note, "segue login spotify --force") {
		t.Fatalf("ten days before the end: %q %v", got.Note, err)
	}
	at(6, 1)
	kept, err := s.cfg.Tokens.Stored(t.Context(), "spotify")
	if err != nil {
		t.Fatal(err)
	}
	server.EndGrant(t, kept.RefreshToken.Reveal()) // what has ended of itself is refused in the same words
	_, _, err = h.back()
	wantFault(t, err, session.BadUsernameOrPassword, "the sign-in of "+signedIn.Format(time.DateOnly)+" has ended, as Spotify's do after six months", "segue login spotify")
	if h.token() != "" {
		t.Error("the dead token is still there")
	}
	refused := server.Stats(t).Refused
	if _, _, err = h.back(); err == nil || server.Stats(t).Refused != refused {
		t.Errorf("a dead grant was tried again: %v", err)
	}
}

func TestAGrantThatIsTakenAway(t *testing.T) {
	t.Parallel()
	server := oauthtest.Start(t, "rotate", "59")
	h := newHome(t, server.URL)
	if _, err := h.signInAs("anna"); err != nil {
		t.Fatal(err)
	}
	_, s, err := h.back()
	if err != nil {
		t.Fatal(err)
	}
	kept, err := s.cfg.Tokens.Stored(t.Context(), "spotify")
	if err != nil {
		t.Fatal(err)
	}
	server.EndGrant(t, kept.RefreshToken.Reveal())
	_, err = s.User(t.Context(), "") // known: nobody is asked
	if err != nil {
		t.Error(err)
	}
	_, err = s.whoAmI(t.Context())
	wantFault(t, s.fault("look", err), session.BadUsernameOrPassword, "before its time", "www.spotify.com/account/apps", "segue login spotify")
	if h.token() != "" {
		t.Error("the dead token is still there")
	}
}

// TestAnAccountsServerThatIsAwayCostsNothing: the grant stays, by traps 17 and 19.
func TestAnAccountsServerThatIsAwayCostsNothing(t *testing.T) {
	t.Parallel()
	server := oauthtest.Start(t, "rotate", "59")
	h := newHome(t, server.URL)
	if _, err := h.signInAs("anna"); err != nil {
		t.Fatal(err)
	}
	was := h.token()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	h.cfg.Accounts, h.cfg.API = gone.URL, gone.URL+"/v1"
	_, s, err := h.back()
	wantFault(t, err, session.UnableToContactServer, "cannot reach 127.0.0.1")
	s.SetNetwork(false)
	_, err = s.whoAmI(t.Context())
	wantFault(t, s.fault("look", err), session.NetworkDisabled)
	sorry := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }))
	t.Cleanup(sorry.Close)
	h.cfg.Accounts = sorry.URL
	_, _, err = h.back()
	wantFault(t, err, session.OtherTransient)
	hotel := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>Welcome")) }))
	t.Cleanup(hotel.Close)
	h.cfg.Accounts, h.cfg.API = hotel.URL, hotel.URL+"/v1"
	_, _, err = h.back()
	wantFault(t, err, session.OtherTransient)
	if h.token() != was {
		t.Error("the token is not what it was")
	}
	h.cfg.Accounts = server.URL
	_, _, err = h.back()
	wantFault(t, err, session.OtherTransient, "a web page instead of data")
	h.cfg.API = server.URL + "/v1"
	if _, _, err = h.back(); err != nil {
		t.Error(err)
	}
}

// TestASpotipyGrantIsTakenOver and refreshed with the client that made it, secret and all.
func TestASpotipyGrantIsTakenOver(t *testing.T) {
	t.Parallel()
	server := oauthtest.Start(t, "keep")
	web, err := httpx.New(httpx.Options{Service: "Spotipy"})
	if err != nil {
		t.Fatal(err)
	}
	spotipy := oauth.New(oauth.Provider{
		Name: "Spotify", AuthURL: server.URL + "/authorize", TokenURL: server.URL + "/api/token", ClientID: "with secret",
		ClientSecret: secret.New(oauthtest.Secret), RedirectURL: "http://127.0.0.1/callback", Ports: oauth.PortAny, Scopes: "user-library-read",
	}, web, oauth.NewCallbacks())
	token, err := spotipy.SignIn(t.Context(), oauth.SignIn{Open: walks(oauthtest.NewPerson(t, "anna", "allow"))})
	if err != nil {
		t.Fatal(err)
	}
	if err := token.SetExtra("segue_client_id", nil); err != nil { // Spotipy knows nothing of it
		t.Fatal(err)
	}
	token.ExpiresAt = time.Now().Add(-time.Hour)
	h := newHome(t, server.URL)
	h.cfg.ClientID = ""
	_, m := h.enter()
	if err := m.Put(t.Context(), "spotify", token); err != nil {
		t.Fatal(err)
	}
	_, _, err = h.back()
	wantFault(t, err, session.InvalidArgument, "with which client id it was made", "client_id under [spotify]")
	h.cfg.ClientID, h.cfg.ClientSecret = strings.Repeat("0", 32), secret.New(oauthtest.Secret)
	_, _, err = h.back()
	wantFault(t, err, session.OtherPermanent, "the client id or its key is refused")
	if h.token() == "" {
		t.Error("a wrong client id cost the grant")
	}
	s, _ := h.enter() // with the id that made it, which has not Spotify's shape here
	s.cfg.ClientID = "with secret"
	if err := s.build(); err != nil {
		t.Fatal(err)
	}
	blob, err := tokenBlob(token)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Login(t.Context(), session.SignIn{Blob: blob}, nil)
	if err != nil || got.User.Name != "anna" || !got.Until.IsZero() {
		t.Fatalf("%+v %v", got, err)
	}
}

func TestABlobThatIsNone(t *testing.T) {
	h := newHome(t, "http://127.0.0.1:1")
	s, _ := h.enter()
	_, err := s.Login(t.Context(), session.SignIn{Blob: secret.New("user:password")}, nil)
	f := wantFault(t, err, session.InvalidArgument, "no remembered sign-in")
	if strings.Contains(f.Error(), "password") {
		t.Errorf("it tells: %s", f)
	}
	s.cfg.Tokens = (*cache.Manager)(nil)
	_, err = s.Login(t.Context(), session.SignIn{}, nil)
	wantFault(t, err, session.SystemFailure)
}

package spotify

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"segue/cache"
	"segue/internal/httpx"
	"segue/internal/oauth"
	"segue/internal/oauth/oauthtest"
	"segue/internal/secret"
	"segue/session"
)

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

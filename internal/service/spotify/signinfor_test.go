package spotify

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"segue/cache"
	"segue/internal/httpx"
	"segue/internal/oauth"
	"segue/internal/oauth/oauthtest"
	"segue/internal/service/spotify/webapi"
	"segue/session"
)

// grantOnly leaves a remembered sign-in of anna behind that allows no more than some scopes.
func (h *home) grantOnly(scopes string) {
	h.t.Helper()
	web, err := httpx.New(httpx.Options{Service: "somebody"})
	if err != nil {
		h.t.Fatal(err)
	}
	o := oauth.New(oauth.Provider{Name: "Spotify", AuthURL: h.cfg.Accounts + "/authorize", TokenURL: h.cfg.Accounts + "/api/token",
		ClientID: oauthtest.Spotlike, RedirectURL: "http://127.0.0.1/callback", Ports: oauth.PortAny, Scopes: scopes}, web, oauth.NewCallbacks())
	token, err := o.SignIn(h.t.Context(), oauth.SignIn{Open: walks(oauthtest.NewPerson(h.t, "anna", "allow"))})
	if err != nil {
		h.t.Fatal(err)
	}
	_, m := h.enter()
	if err := m.Put(h.t.Context(), "spotify", token); err != nil {
		h.t.Fatal(err)
	}
}

// asksAs lets somebody answer in a browser, and gives the address that it was sent to.
func asksAs(p *oauthtest.Person, addr *string) oauth.Opener {
	return func(ctx context.Context, to string) error {
		*addr = to
		return walks(p)(ctx, to)
	}
}

func scopesIn(t *testing.T, addr string) string {
	t.Helper()
	u, err := url.Parse(addr)
	if err != nil {
		t.Fatal(err)
	}
	return cache.NormalizeScope(u.Query().Get("scope"))
}

const someScopes = "user-library-read user-top-read"

// TestASignInForAFeatureAsksForWhatWasGrantedAndThatFeature, and for nothing else; a denial
// and another user leave all as it was.
func TestASignInForAFeatureAsksForWhatWasGrantedAndThatFeature(t *testing.T) {
	t.Parallel()
	server := oauthtest.Start(t, "rotate")
	h := newHome(t, server.URL)
	h.grantOnly(someScopes)
	got, s, err := h.back()
	if err != nil {
		t.Fatal(err)
	}
	var lacks []string
	for _, l := range got.Lacks {
		lacks = append(lacks, l.Feature)
	}
	if want := "profile library playlists following recently_played podcasts playback"; strings.Join(lacks, " ") != want {
		t.Errorf("it lacks %s, want %s", strings.Join(lacks, " "), want)
	}
	was := h.token()
	want := cache.NormalizeScope(someScopes + " playlist-read-private playlist-read-collaborative playlist-modify-private playlist-modify-public")
	in := session.SignIn{User: "anna", Remember: true, For: []string{"playlists"}}
	var addr string
	s.cfg.Opener = asksAs(oauthtest.NewPerson(t, "anna", "deny"), &addr)
	_, err = s.Login(t.Context(), in, nil)
	wantFault(t, err, session.OtherPermanent, "denied")
	if asked := scopesIn(t, addr); asked != want {
		t.Errorf("asked for %s, want %s", asked, want)
	}
	s.cfg.Opener = asksAs(oauthtest.NewPerson(t, "bea", "allow"), &addr)
	_, err = s.Login(t.Context(), in, nil)
	wantFault(t, err, session.OtherPermanent, "that was bea", "the account is of Anna", "stays signed in")
	if h.token() != was {
		t.Error("the sign-in of before is another one")
	}
	if _, err := s.api.Me(t.Context()); err != nil {
		t.Errorf("the sign-in of before does not work: %v", err)
	}
	s.cfg.Opener = asksAs(oauthtest.NewPerson(t, "anna", "allow"), &addr)
	a := &answers{}
	got, err = s.Login(t.Context(), in, a.ask)
	if err != nil {
		t.Fatal(err)
	}
	if have := cache.NormalizeScope(strings.Join(got.Scopes, " ")); have != want || scopesIn(t, addr) != want {
		t.Errorf("it has %s, asked for %s", have, scopesIn(t, addr))
	}
	if slices.ContainsFunc(got.Lacks, func(l session.Lack) bool { return l.Feature == "playlists" }) {
		t.Errorf("it still lacks %v", got.Lacks)
	}
	for _, q := range a.questions() {
		if !strings.Contains(q.Text, "needs this, too: to show and edit your playlists.") || strings.Contains(q.Text, "follow") {
			t.Errorf("it asks %q", q.Text)
		}
	}
	// What is in use and lacks counts only where nobody names a feature.
	s.cfg.Opener = asksAs(oauthtest.NewPerson(t, "anna", "allow"), &addr)
	if _, err := s.Login(t.Context(), session.SignIn{Remember: true}, nil); err != nil || scopesIn(t, addr) != scopesOf(s.features()) {
		t.Errorf("a whole sign-in asks for %s, %v", scopesIn(t, addr), err)
	}
	_, err = s.Login(t.Context(), session.SignIn{For: []string{"everything"}}, nil)
	wantFault(t, err, session.InvalidArgument, `"everything"`, "playlists", "playback")
}

// TestAGrantOfAnotherProgramShowsWhatItAllows: to look is not refused where only changing
// is not allowed.
func TestAGrantOfAnotherProgramShowsWhatItAllows(t *testing.T) {
	s := &Service{id: "spotify", grant: grant{scope: "playlist-read-private user-library-read user-read-playback-state"}}
	for _, f := range []feature{featLibrary, featPlaylists, featPlayback} {
		if err := s.wants("look", f, toSee); err != nil {
			t.Errorf("to see %s: %v", f, err)
		}
		fault := wantFault(t, s.wants("change it", f, toChange), session.PermissionDenied, "segue login spotify --for "+string(f)+" asks for it", f.why())
		if !slices.Equal(fault.Needs, []string{string(f)}) {
			t.Errorf("%s needs %v", f, fault.Needs)
		}
	}
	if s.wants("look", featFollowing, toSee) == nil {
		t.Error("following is not refused")
	}
	s.grant.scope = ""
	if err := s.wants("look", featFollowing, toSee); err != nil {
		t.Errorf("where nothing is known: %v", err)
	}
}

// TestARefusalForAScopeOffersASignInForTheFeature although the grant said that it was allowed.
func TestARefusalForAScopeOffersASignInForTheFeature(t *testing.T) {
	t.Parallel()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`{"error":{"status":403,"message":"Insufficient client scope"}}`))
	}))
	t.Cleanup(web.Close)
	for path, of := range map[string]feature{
		"/me/playlists": featPlaylists, "/playlists/5/items": featPlaylists, "/me/following": featFollowing, "/me/top/tracks": featTop, "/me/albums": featLibrary,
		"/me/player": featPlayback, "/me/player/play": featPlayback, "/me/player/recently-played": featRecent, "/me": featProfile, "/search": "", "/mess": "", "/tracks/1": "",
	} {
		if got := featureAt(path); got != of {
			t.Errorf("%s belongs to %q, want %q", path, got, of)
		}
	}
	server := oauthtest.Start(t, "keep")
	h := newHome(t, server.URL)
	if _, err := h.signInAs("anna"); err != nil {
		t.Fatal(err)
	}
	h.cfg.API = web.URL
	s, _ := h.enter()
	_, err := s.Devices(t.Context())
	f := wantFault(t, err, session.PermissionDenied, "permission", "to play on your devices", "segue login spotify --for playback asks for it")
	if !slices.Equal(f.Needs, []string{"playback"}) {
		t.Errorf("it needs %v", f.Needs)
	}
}

// TestASignInThatFailsGoesBackToWhatWasRefreshedMeanwhile: the refresh token of before it
// is spent by then, and would end the grant.
func TestASignInThatFailsGoesBackToWhatWasRefreshedMeanwhile(t *testing.T) {
	t.Parallel()
	server := oauthtest.Start(t, "rotate", "59") // each use refreshes
	h := newHome(t, server.URL)
	if _, err := h.signInAs("anna"); err != nil {
		t.Fatal(err)
	}
	h.cfg.API = apiSays(t, 403, nil, "the user may not be registered")
	s, m := h.enter()
	before := h.token()
	var refreshed string
	s.cfg.Opener = func(ctx context.Context, addr string) error {
		s.source.Drop()
		if _, err := s.source.Token(ctx, cache.Secret{}); err != nil {
			t.Error(err)
		}
		refreshed = h.token()
		return walks(oauthtest.NewPerson(t, "anna", "allow"))(ctx, addr)
	}
	if _, err := s.Login(t.Context(), session.SignIn{Remember: true}, nil); err == nil {
		t.Fatal("it went well")
	}
	if refreshed == before || h.token() != refreshed {
		t.Errorf("refreshed: %t; what was refreshed is kept: %t", refreshed != before, h.token() == refreshed)
	}
	if kept, err := m.Stored(t.Context(), "spotify"); err != nil || kept == nil {
		t.Fatal(kept, err)
	}
	h.cfg.API = server.URL + "/v1"
	if _, _, err := h.back(); err != nil || server.Stats(t).Refused != 0 {
		t.Errorf("coming back: %v, %+v", err, server.Stats(t))
	}
}

// TestWhoeverFindsOutThatAGrantHasEndedTheSignInTellsWhy: a list that was read at the same
// time must not cost the cause, nor bring the dead token back.
func TestWhoeverFindsOutThatAGrantHasEndedTheSignInTellsWhy(t *testing.T) {
	t.Parallel()
	server := oauthtest.Start(t, "keep", "59")
	h := newHome(t, server.URL)
	if _, err := h.signInAs("anna"); err != nil {
		t.Fatal(err)
	}
	s, m := h.enter()
	read, err := s.Vault().Load(t.Context(), "spotify")
	if err != nil || read == nil {
		t.Fatal(read, err)
	}
	kept, err := m.Stored(t.Context(), "spotify")
	if err != nil {
		t.Fatal(err)
	}
	server.EndGrant(t, kept.RefreshToken.Reveal())
	if _, err := s.api.MyPlaylists(t.Context(), webapi.Window{}); webapi.KindOf(err) != webapi.SignIn {
		t.Fatal(err)
	}
	refused := server.Stats(t).Refused
	after, err := s.Vault().Load(t.Context(), "spotify")
	if err != nil || after == nil || after.User != "anna" {
		t.Fatalf("%+v, %v", after, err)
	}
	for when, c := range map[string]*session.Credential{"read before it was known": read, "read after": after} {
		_, err := s.Login(t.Context(), session.SignIn{User: c.User, Blob: c.Blob, BlobOf: c.Service, Remember: true}, nil)
		f := wantFault(t, err, session.BadUsernameOrPassword, "before its time", "segue login spotify")
		if h.token() != "" || server.Stats(t).Refused != refused {
			t.Errorf("%s: %v; the dead token is back: %t", when, f, h.token() != "")
		}
	}
	// Another program signs in, to the same place.
	if _, err := h.signInAs("anna"); err != nil {
		t.Fatal(err)
	}
	c, err := s.Vault().Load(t.Context(), "spotify")
	if err != nil || c == nil {
		t.Fatal(c, err)
	}
	if got, err := s.Login(t.Context(), session.SignIn{User: c.User, Blob: c.Blob, BlobOf: c.Service, Remember: true}, nil); err != nil || got.User.Name != "anna" {
		t.Errorf("%+v, %v", got.User, err)
	}
}

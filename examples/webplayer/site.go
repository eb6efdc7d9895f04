package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"

	"github.com/alexedwards/scs/v2"

	"segue/cache"
	"segue/internal/httpx"
	"segue/internal/oauth"
)

// Settings are what the site is told.
type Settings struct {
	Server   string       // of OAuth: /authorize, /api/token and /me below it
	Client   string       // client id
	Secret   cache.Secret // of the client; empty for a public one
	Redirect string       // where browsers come back to: the site's /callback
}

// scopes: openid, so that the server says whose account it is.
const scopes = "openid user-library-read"

// Site is the web site: / (whose account), /login, /callback, /logout.
type Site struct {
	server   string
	sessions *scs.SessionManager
	oauth    *oauth.Client
	http     *httpx.Client
	tokens   cache.Handler
	fresh    *cache.WebTokens
	pages    http.Handler
}

// NewSite makes the site.
func NewSite(s Settings) (*Site, error) {
	client, err := httpx.New(httpx.Options{Service: "the server"})
	if err != nil {
		return nil, err
	}
	site := &Site{server: s.Server, sessions: scs.New(), http: client}
	site.sessions.Cookie.Name = "webplayer" // browsers keep the cookies of all ports of a host together
	site.oauth = oauth.New(oauth.Provider{Name: "the server", AuthURL: s.Server + "/authorize", TokenURL: s.Server + "/api/token",
		ClientID: s.Client, ClientSecret: s.Secret, RedirectURL: s.Redirect, Scopes: scopes}, client, oauth.NewCallbacks())
	site.tokens = cache.NewWebSession(site.sessions, nil)
	site.fresh = cache.NewWebTokens(site.tokens, scopes, site.oauth.Refresh, nil)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", site.dashboard)
	mux.HandleFunc("GET /login", site.login)
	mux.HandleFunc("GET /callback", site.callback)
	mux.HandleFunc("POST /logout", site.logout)
	site.pages = site.sessions.LoadAndSave(http.NewCrossOriginProtection().Handler(mux))
	return site, nil
}

// ServeHTTP implements http.Handler.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.pages.ServeHTTP(w, r) }

// Where a sign-in waits in the visitor's session for its browser.
const (
	waitState    = "sign-in state"
	waitVerifier = "sign-in verifier"
	waitRedirect = "sign-in redirect"
)

// login sends the visitor to the server.
func (s *Site) login(w http.ResponseWriter, r *http.Request) {
	started, addr, err := s.oauth.Start(oauth.SignIn{Force: r.URL.Query().Has("force")})
	if err != nil {
		s.trouble(w, http.StatusInternalServerError, err)
		return
	}
	ctx := r.Context()
	s.sessions.Put(ctx, waitState, started.State)
	s.sessions.Put(ctx, waitVerifier, started.Verifier.Reveal())
	s.sessions.Put(ctx, waitRedirect, started.Redirect)
	http.Redirect(w, r, addr, http.StatusSeeOther)
}

// callback is where the visitor comes back to, with a code that is good for one token.
func (s *Site) callback(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	started := oauth.Started{State: s.sessions.PopString(ctx, waitState),
		Verifier: cache.NewSecret(s.sessions.PopString(ctx, waitVerifier)), Redirect: s.sessions.PopString(ctx, waitRedirect)}
	token, err := s.oauth.Finish(ctx, started, r.URL.Query())
	if err != nil {
		s.trouble(w, http.StatusBadRequest, err)
		return
	}
	// Whoever knew the session's name before the sign-in shall not know it after.
	if err := s.sessions.RenewToken(ctx); err != nil {
		s.trouble(w, http.StatusInternalServerError, err)
		return
	}
	if err := s.tokens.Save(ctx, token); err != nil {
		s.trouble(w, http.StatusInternalServerError, err)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// logout ends the visitor's session, with the token in it.
func (s *Site) logout(w http.ResponseWriter, r *http.Request) {
	if err := errors.Join(s.tokens.Delete(r.Context()), s.sessions.Destroy(r.Context())); err != nil {
		s.trouble(w, http.StatusInternalServerError, err)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// dashboard says whose account it is.
func (s *Site) dashboard(w http.ResponseWriter, r *http.Request) {
	name, err := s.who(r.Context())
	if err != nil && !errors.Is(err, cache.ErrSignIn) {
		s.trouble(w, http.StatusBadGateway, err)
		return
	}
	s.show(w, http.StatusOK, view{Name: name})
}

// who asks the server whose token it is; after a 401 once more, with a new one.
func (s *Site) who(ctx context.Context) (string, error) {
	token, err := s.fresh.Fresh(ctx, cache.Secret{})
	if err != nil {
		return "", err
	}
	name, err := s.me(ctx, token)
	var e *httpx.Error
	if !errors.As(err, &e) || e.Status != http.StatusUnauthorized {
		return name, err
	}
	if token, err = s.fresh.Fresh(ctx, token.AccessToken); err != nil {
		return "", err
	}
	return s.me(ctx, token)
}

func (s *Site) me(ctx context.Context, token *cache.Token) (string, error) {
	req, err := httpx.NewRequest(ctx, http.MethodGet, s.server+"/me", nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("Authorization", "Bearer "+token.AccessToken.Reveal())
	_, body, err := s.http.Bytes(req)
	if err != nil {
		return "", err
	}
	var me struct{ Sub string }
	if json.Unmarshal(body, &me) != nil || me.Sub == "" {
		return "", fmt.Errorf("the server does not say whose account it is")
	}
	return me.Sub, nil
}

// view is what a page shows.
type view struct{ Name, Trouble string }

func (s *Site) trouble(w http.ResponseWriter, status int, err error) {
	s.show(w, status, view{Trouble: err.Error()})
}

func (s *Site) show(w http.ResponseWriter, status int, v view) {
	page, err := template.New("page").Parse(pageText)
	if err != nil {
		http.Error(w, "the page is broken", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = page.Execute(w, v) // the visitor has gone
}

const pageText = `<!doctype html>
<meta charset="utf-8">
<title>Webplayer</title>
{{if .Trouble}}<p role="alert">{{.Trouble}}</p>
<p><a href="/login">Sign in</a></p>
{{else if .Name}}<p>Signed in as <b id="me">{{.Name}}</b></p>
<form method="post" action="/logout"><button>Log out</button></form>
{{else}}<p><a href="/login">Sign in</a></p>
{{end}}`

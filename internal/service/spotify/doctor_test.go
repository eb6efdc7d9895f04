package spotify

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"segue/internal/httpx"
	"segue/internal/oauth/oauthtest"
	"segue/internal/service/spotify/webapi/webapitest"
	"segue/player"
	"segue/session"
)

// paperEngine is an engine that does nothing but what tests of signing in need.
type paperEngine struct {
	mu       sync.Mutex
	version  string
	missing  error
	in       bool
	refused  time.Time
	code     string // it asks with; "" = in a browser
	signs    error  // what signing in comes to
	waits    bool   // it signs in only when the context ends
	forgot   int
	network  bool
	finished bool
}

func (e *paperEngine) Version(context.Context) (string, error) { return e.version, e.missing }
func (e *paperEngine) SignedIn() bool                          { return e.in }
func (e *paperEngine) KeysRefused() time.Time                  { return e.refused }
func (e *paperEngine) SetNetwork(allowed bool)                 { e.network = allowed }
func (e *paperEngine) SetKbps(int)                             {}
func (e *paperEngine) SetLevelling(player.GainMode, float64)   {}
func (e *paperEngine) SetCacheLimit(int64)                     {}
func (e *paperEngine) Start()                                  {}
func (e *paperEngine) Close() error                            { e.finished = true; return nil }
func (e *paperEngine) Open(context.Context, string, time.Duration) (player.Source, error) {
	return nil, errors.New("it is of paper")
}

func (e *paperEngine) SignIn(ctx context.Context, ask func(url, code string)) error {
	ask("http://127.0.0.1:1/pair", e.code) // nobody listens there
	if e.waits {
		<-ctx.Done()
		return ctx.Err()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.in = e.signs == nil
	return e.signs
}

func (e *paperEngine) Forget(context.Context) error {
	e.forgot++
	e.in = false
	return nil
}

// oldPaper is a paperEngine of a version that signs in only with a browser here.
type oldPaper struct{ *paperEngine }

func (oldPaper) Old() bool { return true }

// refusedPaper is a paperEngine whose sign-in Spotify takes no more.
type refusedPaper struct{ *paperEngine }

func (refusedPaper) SignInRefused() bool { return true }

// whoIs asks an OAuth server whose access token it is: webapitest takes its word.
func whoIs(server *oauthtest.Server) func(token string) string {
	return func(token string) string {
		req, err := http.NewRequest(http.MethodGet, server.URL+"/v1/me", http.NoBody) //nolint:noctx // it is here and answers
		if err != nil {
			return ""
		}
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return ""
		}
		defer func() { _ = resp.Body.Close() }() // it has been read
		var me struct{ ID string }
		if json.NewDecoder(resp.Body).Decode(&me) != nil {
			return ""
		}
		return me.ID
	}
}

// TestTheDoctorNamesTheTrueCause: of each way in which an account fails, first where it is
// known and the likely ones in order where nobody says.
func TestTheDoctorNamesTheTrueCause(t *testing.T) {
	server := oauthtest.Start(t, "keep", "59")
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	connect := &paperEngine{missing: errors.New("go-librespot is missing: it is not in PATH")}
	for name, c := range map[string]struct {
		in     bool // signed in before
		set    func(h *home, web *webapitest.Server)
		engine Engine
		says   []string // text and advice of one finding each, in order
		not    string
	}{
		"all is well":  {in: true, says: []string{"the client id is set", "holds until", "devices to play on: Kitchen"}, not: "clock"},
		"no client id": {set: func(h *home, _ *webapitest.Server) { h.cfg.ClientID = "" }, says: []string{"no client id is set|segue login spotify asks for it"}},
		"a redirect address not registered": {in: true, set: func(h *home, _ *webapitest.Server) { h.cfg.RedirectURI = "http://127.0.0.1/elsewhere" },
			says: []string{"http://127.0.0.1/elsewhere is not registered|under Redirect URIs, exactly so"}},
		"a client id that nobody knows": {set: func(h *home, _ *webapitest.Server) { h.cfg.ClientID = strings.Repeat("e", 32) },
			says: []string{"does not know the client id|may have been deleted"}},
		"localhost":     {set: func(h *home, _ *webapitest.Server) { h.cfg.RedirectURI = "http://localhost/callback" }, says: []string{"must not be localhost|Correct redirect_uri"}},
		"not signed in": {says: []string{"nobody is signed in|segue login spotify"}},
		"the end is near": {in: true, set: func(h *home, _ *webapitest.Server) {
			h.now = func() time.Time { return time.Now().AddDate(0, 6, -3) }
		}, says: []string{"this machine's clock", "ends on"}},
		"the owner has no Premium": {in: true, set: func(_ *home, web *webapitest.Server) { web.SetOwnerPremium(false) }, says: []string{"has no Premium|whoever made the app must have Premium"}, not: "devices"},
		"the user is not on the list": {in: true, set: func(_ *home, web *webapitest.Server) {
			web.Fail(webapitest.Text(403, "User not registered in the Developer Dashboard"))
		}, says: []string{"not on the list|User Management"}},
		"a refusal without a reason": {in: true, set: func(_ *home, web *webapitest.Server) { web.Fail(webapitest.Text(403, "")) }, says: []string{"not allowed|Most likely first: the owner of the app has no Premium; the user is not under"}},
		"the quota":                  {in: true, set: func(_ *home, web *webapitest.Server) { web.Fail(webapitest.QuotaUsedUp(2 * time.Hour)) }, says: []string{"quota of the Spotify app is used up, again at|trying again does not help"}, not: "often"},
		"too many calls":             {in: true, set: func(_ *home, web *webapitest.Server) { web.Fail(webapitest.TooMany(time.Minute)) }, says: []string{"asked too often, again at|by itself"}, not: "quota"},
		"a token that is refused":    {in: true, set: func(_ *home, web *webapitest.Server) { web.Accept(func(string) string { return "" }) }, says: []string{"takes the token|clock of this machine"}, not: "often"},
		"no network":                 {in: true, set: func(h *home, _ *webapitest.Server) { h.cfg.API = gone.URL }, says: []string{"cannot reach 127.0.0.1|Look at the network"}},
		"no accounts server":         {in: true, set: func(h *home, _ *webapitest.Server) { h.cfg.Accounts = "http://127.0.0.1:1" }, says: []string{"the accounts server: cannot reach 127.0.0.1:1|Look at the network"}, not: "its redirect address"},
		"a fault of Spotify's":       {in: true, set: func(_ *home, web *webapitest.Server) { web.Fail(webapitest.Broken(502)) }, says: []string{"a fault of its own (502)|Spotify has trouble"}, not: "HTTPS_PROXY"},
		"a page of the network's":    {in: true, set: func(_ *home, web *webapitest.Server) { web.Fail(webapitest.WebPage()) }, says: []string{"a web page instead of data|any page in a browser"}},
		"no device but a deaf one": {in: true, set: func(_ *home, web *webapitest.Server) {
			web.ChangeDevice("anna", "kitchen", func(d *webapitest.Device) { d.Restricted = true })
		}, says: []string{"no device is there|Open Spotify on a phone"}},
		"a deaf device among others": {in: true, set: func(_ *home, web *webapitest.Server) {
			web.AddDevice("anna", webapitest.Device{Name: "TV", Restricted: true})
		}, says: []string{"devices to play on: Kitchen, TV (takes no commands)"}},
		"no device":                {in: true, set: func(_ *home, web *webapitest.Server) { web.RemoveDevice("anna", "kitchen") }, says: []string{"no device is there|Open Spotify on a phone"}},
		"another device is wanted": {in: true, set: func(h *home, _ *webapitest.Server) { h.cfg.Device = "Bath" }, says: []string{"“Bath” is not there; there are Kitchen|Switch it on"}},
		"a clock that is ahead": {in: true, set: func(h *home, _ *webapitest.Server) {
			h.now = func() time.Time { return time.Now().Add(10 * time.Minute) }
		}, says: []string{"ahead of Spotify's|timedatectl"}},
		"a clock that is behind": {in: true, set: func(h *home, _ *webapitest.Server) {
			h.now = func() time.Time { return time.Now().Add(-10 * time.Minute) }
		}, says: []string{"behind Spotify's|timedatectl"}},
		"no engine":                    {in: true, engine: connect, says: []string{"go-librespot is missing|Install go-librespot"}, not: "devices to play on"},
		"an engine that is not in":     {in: true, engine: &paperEngine{version: "0.9.1"}, says: []string{"go-librespot 0.9.1 is not signed in|--force"}},
		"an engine that is refused":    {in: true, engine: refusedPaper{&paperEngine{version: "0.9.1"}}, says: []string{"does not take the sign-in of the engine go-librespot 0.9.1 any more|--force"}, not: "is not signed in"},
		"an old engine that is not in": {in: true, engine: oldPaper{&paperEngine{version: "0.9.0"}}, says: []string{"go-librespot 0.9.0 is not signed in|--force", "go-librespot 0.9.0 is old|newer than 0.9.0"}},
		"keys that were refused":       {in: true, engine: &paperEngine{version: "0.9.1", in: true, refused: time.Now()}, says: []string{"go-librespot 0.9.1 is signed in", "refused the engine its keys|since about December 2024"}},
		"a feature that was not used":  {in: true, set: func(h *home, _ *webapitest.Server) { h.cfg.Playback = PlayEngine }, engine: &paperEngine{version: "0.9.1", in: true}, says: []string{"is signed in"}, not: "lacks"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			web := webapitest.New(t)
			web.Accept(whoIs(server))
			web.AddUser(webapitest.User{ID: "anna"})
			web.AddDevice("anna", webapitest.Device{ID: "kitchen", Name: "Kitchen", Type: "Speaker", Volume: 50})
			h := newHome(t, server.URL)
			h.cfg.API = web.URL
			if c.in {
				if _, err := h.signInAs("anna"); err != nil {
					t.Fatal(err)
				}
			}
			if c.set != nil {
				c.set(h, web)
			}
			if c.engine != nil {
				h.cfg.Playback, h.cfg.StateDir = PlayEngine, h.dir
				h.cfg.Engine = func(EngineSpec) (Engine, error) { return c.engine, nil }
			}
			_, s, _ := h.back() // how that went is what is to be found out
			found := s.Examine(t.Context())
			var lines []string
			for _, f := range found {
				lines = append(lines, string(f.Level)+": "+f.Text+"|"+f.Advice)
			}
			all := strings.Join(lines, "\n")
			at := 0
			for _, want := range c.says {
				text, advice, _ := strings.Cut(want, "|")
				for at < len(lines) && !(strings.Contains(lines[at], text) && strings.Contains(lines[at], advice)) {
					at++
				}
				if at == len(lines) {
					t.Fatalf("nothing says %q in\n%s", want, all)
				}
			}
			if c.not != "" && strings.Contains(all, c.not) {
				t.Errorf("%q in\n%s", c.not, all)
			}
		})
	}
}

// TestTheDoctorKnowsWhyASignInHasEnded: it was taken away, or six months are over.
func TestTheDoctorKnowsWhyASignInHasEnded(t *testing.T) {
	t.Parallel()
	server := oauthtest.Start(t, "keep", "59")
	for name, c := range map[string]struct {
		months int
		says   string
	}{"taken away": {0, "has ended before its time"}, "after six months": {7, "as Spotify's do after six months"}} {
		h := newHome(t, server.URL)
		h.cfg.DataDir = h.dir
		if _, err := h.signInAs("anna"); err != nil {
			t.Fatal(err)
		}
		_, s, err := h.back()
		if err != nil {
			t.Fatal(err)
		}
		token, err := s.cfg.Tokens.Stored(t.Context(), "spotify")
		if err != nil {
			t.Fatal(err)
		}
		server.EndGrant(t, token.RefreshToken.Reveal())
		h.now = func() time.Time { return time.Now().AddDate(0, c.months, 0) }
		_, s, err = h.back()
		wantFault(t, err, session.BadUsernameOrPassword, c.says)
		found := s.Examine(t.Context())
		var all []string
		for _, f := range found {
			all = append(all, f.Text+"|"+f.Advice)
		}
		if text := strings.Join(all, "\n"); !strings.Contains(text, c.says) || !strings.Contains(text, "segue login spotify signs in anew") {
			t.Errorf("%s:\n%s", name, text)
		}
		s, _ = h.enter() // the next run, of which nobody is remembered
		if found = s.Examine(t.Context()); !slices.ContainsFunc(found, func(f session.Finding) bool {
			return f.Level == session.Failure && strings.Contains(f.Text, c.says)
		}) {
			t.Errorf("%s: the next run says %+v", name, found)
		}
		h.now = time.Now
		if _, err := h.signInAs("anna"); err != nil {
			t.Fatal(err)
		}
		if _, ok := s.lastEnd(); ok {
			t.Errorf("%s: it is remembered after another sign-in", name)
		}
	}
}

// TestWhatTheNetworkSaysKeepsItsCause: faults are short and still know what they come from.
func TestWhatTheNetworkSaysKeepsItsCause(t *testing.T) {
	h := newHome(t, "http://127.0.0.1:1")
	s, _ := h.enter()
	cause := &httpx.Error{Kind: httpx.Unreachable, Service: "Spotify", Host: "x", Reason: "no route"}
	f := wantFault(t, s.fault("look", cause), session.UnableToContactServer, "spotify: look: cannot reach x: no route")
	if !errors.Is(f, cause) {
		t.Error("the cause is lost")
	}
}

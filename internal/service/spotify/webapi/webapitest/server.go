package webapitest

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"segue/internal/service/spotify/webapi"
)

// Ada is the user who is there from the beginning, with Premium.
const Ada = "ada"

// Reporter is told what must not be; a testing.TB is one.
type Reporter interface {
	Errorf(format string, args ...any)
	Logf(format string, args ...any)
}

// Server is a running stand-in.
type Server struct {
	URL string // the base address: http://127.0.0.1:PORT/v1

	http   *httptest.Server
	report Reporter
	specs  *specs // nil where they are missing
	mux    *http.ServeMux

	mu           sync.Mutex // all below; held while a request is answered
	now          func() time.Time
	ahead        time.Duration
	artists      map[string]*Artist
	albums       map[string]*Album
	tracks       map[string]*Track
	shows        map[string]*Show
	episodes     map[string]*Episode
	playlists    map[string]*playlist
	order        []string // URIs as they were made: the order of searches
	users        map[string]*user
	accept       func(token string) string
	calls        []Call
	faults       []*Fault
	oldKeys      bool
	etags        bool
	ownerPremium bool
	mostInWindow int         // 0: any number
	window       []time.Time // calls within 30 s
	made         int         // for ids
}

// New starts a server with the user Ada, nothing else, until the test ends.
func New(t testing.TB) *Server {
	t.Helper()
	s := Start(t)
	t.Cleanup(s.Close)
	return s
}

// Start starts a server that ends with Close and tells r of what must not be.
func Start(r Reporter) *Server {
	s := &Server{
		report: r, now: time.Now, ownerPremium: true,
		artists: map[string]*Artist{}, albums: map[string]*Album{}, tracks: map[string]*Track{}, shows: map[string]*Show{},
		episodes: map[string]*Episode{}, playlists: map[string]*playlist{}, users: map[string]*user{},
	}
	s.specs = loadSpecs(r)
	s.mux = s.routes()
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it does not wait for anybody
	if err != nil {
		panic(fmt.Sprintf("webapitest: %v", err)) // a machine without a loopback runs no tests
	}
	s.http = &httptest.Server{Listener: listener, Config: &http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: time.Minute}}
	s.http.Start()
	s.URL = s.http.URL + "/v1"
	s.AddUser(User{ID: Ada, Name: "Ada L.", Premium: true})
	return s
}

// Close ends the server; calls that are held end too.
func (s *Server) Close() {
	s.Heal()
	s.http.CloseClientConnections()
	s.http.Close()
}

// Options are those of a client of a user whose token is always good.
func (s *Server) Options(userID string) webapi.Options {
	return webapi.Options{Base: s.URL, Sign: s.Sign(userID), Owner: userID}
}

// Sign puts a user's token on calls and, as the real layer does, renews it once after a
// 401. It is for tests without OAuth.
func (s *Server) Sign(userID string) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper { return &signer{s, userID, next} }
}

type signer struct {
	s    *Server
	user string
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (g *signer) RoundTrip(req *http.Request) (*http.Response, error) {
	send := func() (*http.Response, error) {
		out := req.Clone(req.Context())
		if req.GetBody != nil {
			body, err := req.GetBody()
			if err != nil {
				return nil, err
			}
			out.Body = body
		}
		out.Header.Set("Authorization", "Bearer "+g.s.Token(g.user))
		return g.next.RoundTrip(out)
	}
	resp, err := send()
	if err != nil || resp.StatusCode != http.StatusUnauthorized {
		return resp, err
	}
	_ = resp.Body.Close() // what it says is known
	g.s.Renew(g.user)
	return send()
}

// SetClock replaces the clock of the player and of the window.
func (s *Server) SetClock(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = now
}

// Advance lets time pass: what plays goes on.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead += d
}

// clock is the time here. Called with the lock held.
func (s *Server) clock() time.Time { return s.now().Add(s.ahead) }

// SetOldKeys switches to the keys that apps from before 2026 get: track, tracks.
func (s *Server) SetOldKeys(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.oldKeys = on
}

// SetETags lets answers to GET have an ETag, and be 304 where it is still so.
func (s *Server) SetETags(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.etags = on
}

// SetOwnerPremium says whether the app's owner has Premium; without it every call is
// refused in plain text.
func (s *Server) SetOwnerPremium(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ownerPremium = on
}

// SetWindow lets no more calls than this within 30 s, the rest are 429; 0: any number.
func (s *Server) SetWindow(most int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mostInWindow = most
}

// Accept replaces the tokens: of says whose a token is, "" = nobody's. It is for tests
// with an OAuth server.
func (s *Server) Accept(of func(token string) (userID string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accept = of
}

// Token is what calls of a user have to bring.
func (s *Server) Token(userID string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.users[userID].token()
}

// Expire lets a user's token be refused until Renew.
func (s *Server) Expire(userID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users[userID].expired = true
}

// Renew gives a user another token and lets the one before be refused.
func (s *Server) Renew(userID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.users[userID]
	u.renewed++
	u.expired = false
}

// whose says whose token a request brings. Called without the lock: Accept's function may
// ask a server.
func (s *Server) whose(r *http.Request) string {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return ""
	}
	s.mu.Lock()
	accept := s.accept
	s.mu.Unlock()
	if accept != nil {
		return accept(token)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, u := range s.users {
		if !u.expired && u.token() == token {
			return id
		}
	}
	return ""
}

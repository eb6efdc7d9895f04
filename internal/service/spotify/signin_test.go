package spotify

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"segue/cache"
	"segue/internal/need"
	"segue/internal/oauth"
	"segue/internal/oauth/oauthtest"
	"segue/internal/secret"
	"segue/internal/service/spotify/webapi"
	"segue/session"
)

// patience is for what takes a second on a machine that has nothing else to do.
const patience = 4 * time.Minute

// home is an account's house that can be left and come back to: its folders stay.
type home struct {
	t      *testing.T
	dir    string
	now    func() time.Time
	kind   cache.Kind
	cfg    Config
	option map[string]string

	mu    sync.Mutex
	notes []string
}

func newHome(t *testing.T, accounts string) *home {
	return &home{t: t, dir: t.TempDir(), now: time.Now, kind: cache.File, cfg: Config{Accounts: accounts, API: accounts + "/v1", ClientID: oauthtest.Spotlike}}
}

// enter begins a run of the program.
func (h *home) enter() (*Service, *cache.Manager) {
	h.t.Helper()
	m, err := cache.NewManager(cache.Options{Kind: h.kind, TokenDir: h.dir + "/tokens", LockDir: h.dir + "/locks", Now: h.now})
	if err != nil {
		h.t.Fatal(err)
	}
	cfg := h.cfg
	cfg.Tokens, cfg.Now = m, h.now
	cfg.Notify = func(text string) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.notes = append(h.notes, text)
	}
	s, err := New(session.Spec{ID: "spotify", Service: Kind, Options: h.option}, cfg)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		if err := s.Close(); err != nil {
			h.t.Error(err)
		}
	})
	return s, m
}

func (h *home) token() string {
	data, err := os.ReadFile(filepath.Join(h.dir, "tokens", "spotify.json"))
	if err != nil {
		return ""
	}
	return string(data)
}

// walks is an Opener: somebody signs in while Segue waits.
func walks(p *oauthtest.Person) oauth.Opener {
	return func(_ context.Context, addr string) error {
		go func() { _, _, _ = p.Walk(addr) }() // where it ends is what the test looks at
		return nil
	}
}

// answers is an Asker that has ready answers by the kind of question, and notes what it was asked.
type answers struct {
	mu    sync.Mutex
	ready map[session.QuestionKind][]string
	asked []session.Question
}

func (a *answers) ask(ctx context.Context, q session.Question) (secret.Secret, error) {
	a.mu.Lock()
	a.asked = append(a.asked, q)
	next := a.ready[q.What]
	if len(next) > 0 {
		a.ready[q.What] = next[1:]
	}
	a.mu.Unlock()
	if len(next) == 0 {
		<-ctx.Done()
		return secret.Secret{}, ctx.Err()
	}
	return secret.New(next[0]), nil
}

// questions are those so far; one may still come, from a browser's flow that is over.
func (a *answers) questions() []session.Question {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.asked)
}

func (a *answers) kinds() string {
	var all []string
	for _, q := range a.questions() {
		all = append(all, string(q.What))
	}
	return strings.Join(all, " ")
}

// signInAs signs somebody in who knows what to do.
func (h *home) signInAs(name string) (session.SignedIn, error) {
	h.t.Helper()
	s, _ := h.enter()
	s.cfg.Opener = walks(oauthtest.NewPerson(h.t, name, "allow"))
	ctx, cancel := context.WithTimeout(h.t.Context(), patience)
	defer cancel()
	return s.Login(ctx, session.SignIn{Remember: true}, nil)
}

// back comes home and is signed in again: without a question.
func (h *home) back() (session.SignedIn, *Service, error) {
	h.t.Helper()
	s, _ := h.enter()
	c, err := s.Vault().Load(h.t.Context(), "spotify")
	if err != nil || c == nil {
		return session.SignedIn{}, s, fmt.Errorf("nothing is remembered: %w", err)
	}
	got, err := s.Login(h.t.Context(), session.SignIn{User: c.User, Blob: c.Blob, BlobOf: c.Service, Remember: true}, nil)
	return got, s, err
}

func wantFault(t *testing.T, err error, kind session.FaultKind, words ...string) *session.Fault {
	t.Helper()
	var f *session.Fault
	if !errors.As(err, &f) || f.Kind != kind {
		t.Fatalf("got %v, want a Fault of kind %s", err, kind)
	}
	for _, w := range words {
		if !strings.Contains(f.Error(), w) {
			t.Errorf("%q does not say %q", f.Error(), w)
		}
	}
	return f
}

// TestSigningInOnceIsEnough: sign in, leave, come back twice, with all three manners of
// refreshing; each coming back refreshes, because tokens live less than a minute there.
func TestSigningInOnceIsEnough(t *testing.T) {
	for _, mode := range []string{"rotate", "keep", "omit"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			server := oauthtest.Start(t, mode, "59")
			h := newHome(t, server.URL)
			got, err := h.signInAs("anna")
			if err != nil {
				t.Fatal(err)
			}
			if got.User.Name != "anna" || got.User.Display != "Anna" || got.Blob.IsZero() || len(got.Options) > 0 {
				t.Errorf("%+v", got)
			}
			if d := time.Until(got.Until); d < 175*24*time.Hour || d > 185*24*time.Hour {
				t.Errorf("it ends in %s", d)
			}
			if !slices.Contains(got.Scopes, "user-modify-playback-state") || !slices.Contains(got.Scopes, "user-library-read") {
				t.Errorf("scopes %s", got.Scopes)
			}
			if !slices.Contains(got.Allows, "your devices") || !slices.Contains(got.Allows, "what you have saved") {
				t.Errorf("it allows %q", got.Allows)
			}
			first := h.token()
			for _, want := range []string{`"segue_client_id":"` + oauthtest.Spotlike + `"`, `"segue_user":"anna"`, `"segue_signed_in":`, `"expires_at":`} {
				if !strings.Contains(strings.ReplaceAll(first, ": ", ":"), want) {
					t.Errorf("the token lacks %s", want)
				}
			}
			h.cfg.ClientID = "" // the grant knows its own
			for n := range 2 {
				again, _, err := h.back()
				if err != nil {
					t.Fatal(err)
				}
				if again.User != got.User || !again.Until.Equal(got.Until) || again.Note != "" {
					t.Errorf("back as %+v until %s, %q", again.User, again.Until, again.Note)
				}
				if st := server.Stats(t); st.Refreshes < n+1 || st.Exchanged != 1 || st.Refused != 0 {
					t.Errorf("after coming back %d times: %+v", n+1, st)
				}
			}
			if h.token() == first {
				t.Error("the refreshed token was not saved")
			}
		})
	}
}

// TestManyCallsWithADeadAccessTokenRefreshOnce is trap 2.
func TestManyCallsWithADeadAccessTokenRefreshOnce(t *testing.T) {
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
	access, err := s.cfg.Tokens.Stored(t.Context(), "spotify")
	if err != nil {
		t.Fatal(err)
	}
	server.Expire(t, access.AccessToken.Reveal())
	before := server.Stats(t).Refreshes
	errs := make(chan error, 10)
	for n := range cap(errs) {
		go func() {
			_, err := s.api.SavedTracks(t.Context(), webapi.Window{Offset: 50 * n}) // no two are one call
			errs <- err
		}()
	}
	for range cap(errs) {
		if err := <-errs; webapi.KindOf(err) != webapi.NotFound { // this server has no such thing, but says so only to whom it knows
			t.Error(err)
		}
	}
	if st := server.Stats(t); st.Refreshes != before+1 || st.Refused != 0 {
		t.Errorf("%+v", st)
	}
}

func TestAClockThatIsTenMinutesOffDisturbsNobody(t *testing.T) {
	for name, off := range map[string]time.Duration{"ahead": 10 * time.Minute, "behind": -10 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := oauthtest.Start(t, "rotate", "59")
			h := newHome(t, server.URL)
			h.now = func() time.Time { return time.Now().Add(off) }
			if _, err := h.signInAs("anna"); err != nil {
				t.Fatal(err)
			}
			h.now = time.Now // set right meanwhile
			if _, _, err := h.back(); err != nil {
				t.Fatal(err)
			}
			h.now = func() time.Time { return time.Now().Add(off) }
			_, s, err := h.back()
			if err != nil {
				t.Fatal(err)
			}
			ahead, known := s.clock.off()
			if d := (ahead - off).Abs(); !known || d > patience {
				t.Errorf("it is off by %s, found %s", off, ahead)
			}
			if st := server.Stats(t); st.Refused != 0 {
				t.Errorf("%+v", st)
			}
		})
	}
}

func TestTheClientIDIsAskedForAndKept(t *testing.T) {
	server := oauthtest.Start(t, "omit")
	h := newHome(t, server.URL)
	h.cfg.ClientID = ""
	s, _ := h.enter()
	s.cfg.Opener = walks(oauthtest.NewPerson(t, "anna", "allow"))
	a := &answers{ready: map[session.QuestionKind][]string{session.QuestionText: {"my app", " " + strings.ToUpper(oauthtest.Spotlike) + "\n"}}}
	got, err := s.Login(t.Context(), session.SignIn{Remember: true}, a.ask)
	if err != nil {
		t.Fatal(err)
	}
	if got.Options["client_id"] != oauthtest.Spotlike {
		t.Errorf("options %v", got.Options)
	}
	if k := a.kinds(); k != "text text browser" && k != "text text" { // the browser may be quicker
		t.Errorf("asked %s", k)
	}
	first := a.questions()[0]
	for _, want := range []string{"1. open https://developer.spotify.com/dashboard", "2. enter http://127.0.0.1/callback", "3. copy the Client ID", "must have Premium"} {
		if !strings.Contains(first.Text, want) {
			t.Errorf("%q does not say %s", first.Text, want)
		}
	}
	if !strings.Contains(a.questions()[1].Text, "That is no client id") {
		t.Errorf("then: %q", a.questions()[1].Text)
	}
	// Nobody to ask.
	other := newHome(t, server.URL)
	other.cfg.ClientID = ""
	s, _ = other.enter()
	_, err = s.Login(t.Context(), session.SignIn{}, nil)
	wantFault(t, err, session.InvalidArgument, "no client id is set", "segue login spotify")
}

// TestTwoSignInsShareOnePort is trap 3: one listener, whoever comes back first.
func TestTwoSignInsShareOnePort(t *testing.T) {
	t.Parallel()
	server := oauthtest.Start(t, "rotate")
	redirect := "http://127.0.0.1:" + need.Port(t) + "/callback"
	calls := oauth.NewCallbacks()
	walk := make(chan func(), 2)
	done := make(chan error, 2)
	for _, name := range []string{"anna", "bea"} {
		h := newHome(t, server.URL)
		h.cfg.RedirectURI, h.cfg.Callbacks = redirect, calls
		s, _ := h.enter()
		person := oauthtest.NewPerson(t, name, "allow")
		s.cfg.Opener = func(_ context.Context, addr string) error {
			walk <- func() { _, _, _ = person.Walk(addr) } // both wait before the first one walks
			return nil
		}
		go func() {
			got, err := s.Login(t.Context(), session.SignIn{Remember: true}, nil)
			if err == nil && got.User.Name != name {
				err = errors.New(name + " is in as " + got.User.Name)
			}
			done <- err
		}()
	}
	first, second := <-walk, <-walk
	go second()
	go first()
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

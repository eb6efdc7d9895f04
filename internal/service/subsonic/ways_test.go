package subsonic_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/service/subsonic"
	"segue/session"
)

func TestSixWaysToFailAreSixMessages(t *testing.T) {
	f := newFake(t, "supysonic")
	f.on("ping", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, f.samples["auth-wrong-p"].Body)
	})
	page := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(page.Close)
	tls := httptest.NewTLSServer(f)
	t.Cleanup(tls.Close)
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(slow.Close)
	closed := httptest.NewServer(f)
	closed.Close()
	seen := map[string]string{}
	for name, c := range map[string]struct {
		address string
		kind    session.FaultKind
		says    string
	}{
		"a wrong password":      {f.URL, session.BadUsernameOrPassword, "password"},
		"a wrong path":          {page.URL + "/nothing/here", session.OtherPermanent, "404"},
		"a certificate":         {tls.URL, session.OtherPermanent, "certificate"},
		"nobody listens":        {closed.URL, session.UnableToContactServer, "refused"},
		"no such name":          {"https://segue.invalid", session.UnableToContactServer, "name"},
		"no answer":             {slow.URL, session.UnableToContactServer, "time"},
		"no encryption":         {"http://192.0.2.1", session.OtherPermanent, "allow"},
		"http where TLS speaks": {strings.Replace(tls.URL, "https:", "http:", 1), session.OtherPermanent, ""},
	} {
		s, err := subsonic.New(session.Spec{ID: "home", Server: c.address, User: "alice"}, subsonic.Config{})
		if err != nil {
			t.Fatal(name, err)
		}
		ctx := within(t, time.Minute)
		if name == "no answer" {
			ctx = within(t, 500*time.Millisecond)
		}
		_, err = s.Login(ctx, session.SignIn{Password: password}, nil)
		if err == nil {
			t.Errorf("%s: signed in", name)
			continue
		}
		if kindOf(err) != c.kind || !strings.Contains(strings.ToLower(err.Error()), c.says) || strings.ContainsAny(err.Error(), "\n?") {
			t.Errorf("%s: %v (%v)", name, err, kindOf(err))
		}
		if other, twice := seen[err.Error()]; twice {
			t.Errorf("%s and %s say the same: %v", name, other, err)
		}
		seen[err.Error()] = name
		_ = s.Close()
	}
}

func TestACertificateIsTrustedWhenAPersonSaysSoAndRemembered(t *testing.T) {
	f := newFake(t, "navidrome")
	tls := httptest.NewTLSServer(f)
	t.Cleanup(tls.Close)
	fresh := func() *subsonic.Service {
		s, err := subsonic.New(session.Spec{ID: "home", Server: tls.URL, User: "alice"}, subsonic.Config{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	asked := 0
	ask := func(_ context.Context, q session.Question) (answer secretText, err error) {
		asked++
		if q.What != session.QuestionYesNo || !strings.Contains(q.Text, ":") {
			t.Errorf("asked %+v", q)
		}
		return yes, nil
	}
	in, err := fresh().Login(t.Context(), session.SignIn{Password: password}, ask)
	if err != nil || asked != 1 {
		t.Fatalf("asked %d times: %v", asked, err)
	}
	if _, err := fresh().Login(t.Context(), session.SignIn{Blob: in.Blob}, nil); err != nil {
		t.Errorf("again: %v", err)
	}
	if _, err := fresh().Login(t.Context(), session.SignIn{Password: password}, func(context.Context, session.Question) (secretText, error) { return no, nil }); kindOf(err) != session.OtherPermanent {
		t.Errorf("refused: %v", err)
	}
	other := httptest.NewUnstartedServer(f)
	other.TLS = tls.TLS.Clone()
	if len(f.called("ping")) != 2 {
		t.Errorf("%d pings came through", len(f.called("ping")))
	}
}

func TestAServerThatIsSlowToDieDoesNotHoldUpTheCached(t *testing.T) {
	f := newFake(t, "navidrome")
	s := f.account(t, subsonic.Config{})
	children(t, s, section(music.SectionArtists))
	f.CloseClientConnections()
	f.Config.SetKeepAlivesEnabled(false)
	s.SetNetwork(false)
	begun := time.Now()
	p := children(t, s, section(music.SectionArtists))
	if p.Total < 40 || time.Since(begun) > 15*time.Second {
		t.Errorf("%d rows after %v", p.Total, time.Since(begun))
	}
	if _, err := s.Children(t.Context(), section(music.SectionGenres)); kindOf(err) != session.NetworkDisabled {
		t.Errorf("what was never asked: %v", err)
	}
}

func TestAMistakeInTheSettingsIsNamed(t *testing.T) {
	for name, spec := range map[string]session.Spec{
		"no address":     {ID: "a"},
		"an odd address": {ID: "a", Server: "ftp://x"},
		"a secret in it": {ID: "a", Server: "https://alice:hunter2hunter2@x"},
		"a wrong option": {ID: "a", Server: "x", Options: map[string]string{"pasword": "hunter2hunter2"}},
		"a wrong form":   {ID: "a", Server: "x", Options: map[string]string{"auth": "magic"}},
		"no CA file":     {ID: "a", Server: "x", Options: map[string]string{"ca_file": "/nowhere"}},
		"no fingerprint": {ID: "a", Server: "x", Options: map[string]string{"fingerprint": "abc"}},
	} {
		_, err := subsonic.New(spec, subsonic.Config{})
		if kindOf(err) != session.InvalidArgument || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAFullOrBrokenDiskDoesNotStopTheMusic(t *testing.T) {
	f := newFake(t, "supysonic")
	f.on("stream", serveFile(wav(2)))
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "subsonic-home.db"), []byte("no database at all, but long enough to be looked at"), 0o600); err != nil {
		t.Fatal(err)
	}
	notes := make(chan string, 10)
	s := f.account(t, subsonic.Config{DataDir: dir, Notify: func(n string) { notes <- n }})
	if got, err := hear(t, s, music.Ref{Account: "home", Kind: music.KindTrack, ID: "x"}, music.Quality{}); err != nil || got != 2 {
		t.Errorf("%v s were heard: %v", got, err)
	}
	if n := <-notes; !strings.Contains(n, ".bad-") {
		t.Errorf("the note is %q", n)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s = f.account(t, subsonic.Config{DataDir: filepath.Join(file, "below")})
	if got, err := hear(t, s, music.Ref{Account: "home", Kind: music.KindTrack, ID: "x"}, music.Quality{}); err != nil || got != 2 {
		t.Errorf("without a data folder: %v s were heard: %v", got, err)
	}
}

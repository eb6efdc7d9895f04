//go:build unix

package spotify

import (
	"context"
	"strings"
	"testing"

	"segue/internal/oauth/oauthtest"
	"segue/session"
)

// TestSigningInToSpotifyWithARealBrowser: one who agrees, one who does not, and one who
// closes the browser and signs in again from the newest address. The browser opens stray
// connections and asks for icons, as browsers do (trap 4).
func TestSigningInToSpotifyWithARealBrowser(t *testing.T) {
	server := oauthtest.Start(t, "rotate")
	web := oauthtest.StartChromium(t)
	h := newHome(t, server.URL)
	type outcome struct {
		got session.SignedIn
		err error
	}
	sign := func(ctx context.Context, use func(addr string)) outcome {
		s, _ := h.enter()
		addr, done := make(chan string, 1), make(chan outcome, 1)
		s.cfg.Opener = func(_ context.Context, url string) error { addr <- url; return nil }
		go func() {
			got, err := s.Login(ctx, session.SignIn{Remember: true, Force: true}, (&answers{}).ask)
			done <- outcome{got, err}
		}()
		select {
		case a := <-addr:
			use(a)
		case o := <-done:
			return o
		}
		return <-done
	}
	o := sign(t.Context(), func(addr string) { web.SignIn(addr, "anna", "deny") })
	wantFault(t, o.err, session.OtherPermanent, "the sign-in was denied")
	if text := web.Text(); !strings.Contains(text, "the sign-in was denied") {
		t.Errorf("the page says %s", text)
	}
	ctx, closed := context.WithCancel(t.Context())
	var old string
	o = sign(ctx, func(addr string) { old = addr; closed() })
	wantFault(t, o.err, session.Cancelled)
	o = sign(t.Context(), func(addr string) {
		if old == addr {
			t.Error("two sign-ins have one address")
		}
		web.SignIn(addr, "bea", "allow")
	})
	if o.err != nil || o.got.User.Name != "bea" {
		t.Fatalf("%+v %v", o.got, o.err)
	}
	if text := web.Text(); !strings.Contains(text, "Segue is signed in to Spotify. You can close this page.") {
		t.Errorf("the page says %s", text)
	}
	if got, _, err := h.back(); err != nil || got.User.Name != "bea" {
		t.Errorf("coming back: %+v %v", got.User, err)
	}
}

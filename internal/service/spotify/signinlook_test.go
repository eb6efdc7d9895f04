package spotify

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"segue/internal/secret"
	"segue/session"
)

// slowAccounts is an accounts server that says nothing until it is released, and then what
// after does.
func slowAccounts(t *testing.T, after http.HandlerFunc) (addr string, release func()) {
	t.Helper()
	wait := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-wait:
			after(w, r)
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(s.Close)
	return s.URL, sync.OnceFunc(func() { close(wait) })
}

// hangUp ends a connection without a word.
func hangUp(w http.ResponseWriter, _ *http.Request) {
	if h, ok := w.(http.Hijacker); ok {
		if conn, _, err := h.Hijack(); err == nil {
			_ = conn.Close() // that is what is wanted
		}
	}
}

// TestTheAddressIsShownWhileTheAccountsServerSaysNothing: a network that swallows packets
// holds nothing back; what is found out later is added.
func TestTheAddressIsShownWhileTheAccountsServerSaysNothing(t *testing.T) {
	t.Parallel()
	accounts, release := slowAccounts(t, hangUp)
	h := newHome(t, accounts)
	s, _ := h.enter()
	var texts []string
	gaveUp := errors.New("seen enough")
	_, err := s.Login(t.Context(), session.SignIn{Paste: true}, func(ctx context.Context, q session.Question) (secret.Secret, error) {
		texts = append(texts, q.Text)
		if !strings.HasPrefix(q.URL, accounts+"/authorize?") {
			t.Errorf("the address is %s", q.URL)
		}
		if len(texts) == 1 {
			release()
			<-ctx.Done() // somebody has read it, and does nothing
			return secret.Secret{}, ctx.Err()
		}
		return secret.Secret{}, gaveUp
	})
	if err == nil || len(texts) != 2 {
		t.Fatalf("%v after %q", err, texts)
	}
	if strings.Contains(texts[0], "come through") || !strings.Contains(texts[1], "does not come through to Spotify") {
		t.Errorf("it says %q, then %q", texts[0], texts[1])
	}
}

// TestAPageThatWouldNotComeEndsASignInThatHasBegun, however late that is known.
func TestAPageThatWouldNotComeEndsASignInThatHasBegun(t *testing.T) {
	t.Parallel()
	accounts, release := slowAccounts(t, func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "INVALID_CLIENT: Invalid redirect URI", http.StatusBadRequest)
	})
	h := newHome(t, accounts)
	s, _ := h.enter()
	var asked atomic.Int32
	_, err := s.Login(t.Context(), session.SignIn{}, func(ctx context.Context, _ session.Question) (secret.Secret, error) {
		asked.Add(1)
		release()
		<-ctx.Done()
		return secret.Secret{}, ctx.Err()
	})
	wantFault(t, err, session.OtherPermanent, "the redirect address is not registered with the app", "http://127.0.0.1/callback")
	if asked.Load() != 1 {
		t.Errorf("asked %d times", asked.Load())
	}
}

// TestAQuestionIsNotAskedAgainWhenNoPageWouldCome: the sign-in ends then, and it depended on
// the scheduler whether the question came up once more before it did.
func TestAQuestionIsNotAskedAgainWhenNoPageWouldCome(t *testing.T) {
	t.Parallel()
	for _, fatal := range []error{errRedirect, errClient} {
		synctest.Test(t, func(t *testing.T) {
			ctx, end := context.WithCancel(t.Context())
			o := &outlook{done: make(chan struct{})}
			asked := 0
			_, err := o.during(ctx, func(ctx context.Context) (secret.Secret, error) {
				asked++
				o.err = fatal
				close(o.done)
				synctest.Wait()
				if ctx.Err() != nil {
					t.Error("the question ends before the sign-in does")
				}
				end() // as the sign-in does
				return secret.Secret{}, ctx.Err()
			})
			if asked != 1 || err == nil {
				t.Errorf("asked %d times, then %v", asked, err)
			}
		})
	}
}

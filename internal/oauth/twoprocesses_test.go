package oauth

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"segue/cache"
	"segue/internal/oauth/oauthtest"
)

// The test below starts its own program twice more, with these set: TestMain is a
// refresher then.
const (
	envFolder = "SEGUE_TEST_REFRESH_IN"
	envServer = "SEGUE_TEST_REFRESH_AT"
	envTimes  = "SEGUE_TEST_REFRESH_TIMES"
)

func TestMain(m *testing.M) {
	if os.Getenv(envFolder) == "" {
		os.Exit(m.Run())
	}
	if err := refresher(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// refresher behaves like a player to whom the service says 401 all the time: it refreshes
// the account's token until it has done so often enough itself. What the other process has
// refreshed meanwhile it takes as it is.
func refresher() error {
	times, err := strconv.Atoi(os.Getenv(envTimes))
	if err != nil {
		return err
	}
	m, err := managerIn(os.Getenv(envFolder))
	if err != nil {
		return err
	}
	c, err := clientAt(os.Getenv(envServer))
	if err != nil {
		return err
	}
	own, taken := 0, 0
	counted := func(ctx context.Context, old *cache.Token) (*cache.Token, error) {
		own++
		return c.Refresh(ctx, old)
	}
	h, err := m.Handler("anna")
	if err != nil {
		return err
	}
	for own < times {
		seen, err := h.Get(context.Background())
		if err != nil || seen == nil {
			return fmt.Errorf("no token: %w", err)
		}
		before := own
		if _, err := m.Fresh(context.Background(), "anna", c.p.Scopes, seen.AccessToken, counted); err != nil {
			return fmt.Errorf("after %d refreshes: %w", own, err)
		}
		if own == before {
			taken++
		}
	}
	fmt.Printf("%d refreshed, %d taken over\n", own, taken)
	return nil
}

func managerIn(folder string) (*cache.Manager, error) {
	return cache.NewManager(cache.Options{Kind: cache.File, TokenDir: folder, LockDir: filepath.Join(folder, "locks")})
}

// TestTwoProcessesRefreshOneRotatingTokenAThousandTimes: the server ends the grant when a
// refresh token is used twice, so one slip in a thousand is a lost sign-in.
func TestTwoProcessesRefreshOneRotatingTokenAThousandTimes(t *testing.T) {
	const each = 500
	s := oauthtest.Start(t, "rotate")
	folder := t.TempDir()
	c, err := clientAt(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan string, 1)
	token, err := c.SignIn(t.Context(), SignIn{Within: patience, Open: open(oauthtest.NewPerson(t, "anna", "allow"), done)})
	if err != nil {
		t.Fatal(err)
	}
	m, err := managerIn(folder)
	if err != nil {
		t.Fatal(err)
	}
	h, err := m.Handler("anna")
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Save(t.Context(), token); err != nil {
		t.Fatal(err)
	}

	start := time.Now()
	ends := make(chan error, 2)
	for range 2 {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), envFolder+"="+folder, envServer+"="+s.URL, fmt.Sprint(envTimes, "=", each))
		go func() {
			said, err := cmd.CombinedOutput()
			if err != nil {
				err = fmt.Errorf("%w: %s", err, said)
			} else {
				t.Log(strings.TrimSpace(string(said)))
			}
			ends <- err
		}()
	}
	for range 2 {
		if err := <-ends; err != nil {
			t.Error(err)
		}
	}
	st := s.Stats(t)
	t.Logf("%d refreshes in %s", st.Refreshes, time.Since(start).Round(time.Millisecond))
	if st.Refreshes != 2*each || st.Refused != 0 || st.Revoked != 0 {
		t.Errorf("the server counted %+v", st)
	}
	last, err := h.Get(t.Context())
	if err != nil || last == nil {
		t.Fatalf("the grant is lost: %v", err)
	}
	if _, err := c.Refresh(t.Context(), last); err != nil {
		t.Errorf("the grant is lost: %v", err)
	}
	// And so that this test could fail at all: a token that was used before ends everything.
	if _, err := c.Refresh(t.Context(), last); !errors.Is(err, cache.ErrDead) {
		t.Errorf("used twice: %v", err)
	}
}

package cache_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"segue/cache"
	"segue/cache/cachetest"
)

// issuer is a token endpoint that rotates refresh tokens: one that comes twice ends the grant.
type issuer struct {
	mu     sync.Mutex
	n      int
	reused int
}

func (i *issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	sent, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if string(sent) != fmt.Sprintf("refresh-%d", i.n) {
		i.reused++
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	i.n++
	_, _ = fmt.Fprintf(w, `{"access_token":"access-%d","refresh_token":"refresh-%d","expires_in":3600,"scope":""}`, i.n, i.n)
}

// TestTwoProcessesRefreshOneRotatingTokenAndNeverLoseTheGrant runs this binary twice as
// programs that each refresh one grant many times, as fast as they can. (A thousand times,
// against a real OAuth server, is in package oauth.)
func TestTwoProcessesRefreshOneRotatingTokenAndNeverLoseTheGrant(t *testing.T) {
	if spec := os.Getenv("SEGUE_TEST_REFRESH"); spec != "" {
		refreshMany(t, spec)
		return
	}
	for name, place := range map[string]struct {
		times int
		spec  func(t *testing.T) (shared map[string]string)
	}{
		"a file": {150, func(t *testing.T) map[string]string {
			dir := t.TempDir()
			return map[string]string{"kind": "file", "tokens": dir, "locks": filepath.Join(dir, "locks")}
		}},
		"Redis, from two machines": {100, func(t *testing.T) map[string]string { // no common lock folder
			return map[string]string{"kind": "redis", "redis": cachetest.StartRedis(t).URL(), "tokens": t.TempDir()}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			spec := place.spec(t)
			is := &issuer{}
			server := httptest.NewServer(is)
			defer server.Close()
			spec["issuer"], spec["times"] = server.URL, fmt.Sprint(place.times)
			first := mustManager(t, optionsOf(spec, t.TempDir()))
			if err := mustHandler(t, first, "me").Save(t.Context(), &cache.Token{RefreshToken: cache.NewSecret("refresh-0")}); err != nil {
				t.Fatal(err)
			}
			var outs [2]bytes.Buffer
			var runs [2]*exec.Cmd
			for i := range runs {
				text, err := json.Marshal(spec)
				if err != nil {
					t.Fatal(err)
				}
				runs[i] = exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTwoProcessesRefreshOneRotatingTokenAndNeverLoseTheGrant$")
				runs[i].Env = append(os.Environ(), "SEGUE_TEST_REFRESH="+string(text))
				runs[i].Stdout, runs[i].Stderr = &outs[i], &outs[i]
				if err := runs[i].Start(); err != nil {
					t.Fatal(err)
				}
			}
			for i, c := range runs {
				if err := c.Wait(); err != nil {
					t.Errorf("process %d: %v, %s", i, err, outs[i].String())
				}
			}
			if is.n != 2*place.times || is.reused != 0 {
				t.Errorf("%d refreshes, want %d; %d refresh tokens came twice", is.n, 2*place.times, is.reused)
			}
			got, err := mustHandler(t, first, "me").Get(t.Context())
			if err != nil || got == nil || got.RefreshToken.Reveal() != fmt.Sprintf("refresh-%d", is.n) {
				t.Errorf("what is kept is not the last: %v", err)
			}
		})
	}
}

func optionsOf(spec map[string]string, locks string) cache.Options {
	o := cache.Options{Kind: cache.Kind(spec["kind"]), TokenDir: spec["tokens"], LockDir: locks, Redis: cache.RedisOptions{URL: cache.NewSecret(spec["redis"])}}
	if spec["locks"] != "" {
		o.LockDir = spec["locks"]
	}
	return o
}

// refreshMany is one of the processes: it refreshes the given number of times itself.
func refreshMany(t *testing.T, text string) {
	var spec map[string]string
	if err := json.Unmarshal([]byte(text), &spec); err != nil {
		t.Fatal(err)
	}
	m := mustManager(t, optionsOf(spec, t.TempDir()))
	own, times := 0, 0
	if _, err := fmt.Sscan(spec["times"], &times); err != nil {
		t.Fatal(err)
	}
	refresh := func(ctx context.Context, old *cache.Token) (*cache.Token, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, spec["issuer"], strings.NewReader(old.RefreshToken.Reveal()))
		if err != nil {
			return nil, err
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return nil, err
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("status %d: %w", resp.StatusCode, cache.ErrDead)
		}
		own++
		return cache.TokenFromAnswer(body, time.Now())
	}
	var rejected cache.Secret
	for own < times {
		tok, err := m.Fresh(t.Context(), "me", "", rejected, refresh)
		if err != nil {
			t.Fatalf("after %d: %v", own, err)
		}
		rejected = tok.AccessToken // the server refuses it at once
	}
}

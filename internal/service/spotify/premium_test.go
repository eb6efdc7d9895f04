package spotify

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"segue/internal/httpx"
	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
	"segue/session"
)

// listener is a Web API that knows who asks, and refuses to play as long as refuses says so.
func listener(t *testing.T, refuses *atomic.Bool) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, status := "", http.StatusOK
		switch {
		case strings.HasSuffix(r.URL.Path, "/me/player/devices"):
			text = `{"devices":[{"id":"d1","name":"Kitchen","type":"Speaker","is_active":true,"is_restricted":false,"volume_percent":50,"supports_volume":true}]}`
		case strings.HasSuffix(r.URL.Path, "/me"):
			text = `{"id":"anna","display_name":"Anna"}`
		case refuses.Load():
			text, status = `{"error":{"status":403,"message":"Player command failed: Premium required","reason":"PREMIUM_REQUIRED"}}`, http.StatusForbidden
		default:
			status = http.StatusNoContent
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(text))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// listening is an account that anna is signed in to, with a folder for what is remembered.
func listening(t *testing.T, api, dir string) (*Service, func() string) {
	t.Helper()
	h := newHome(t, "http://127.0.0.1:1")
	h.cfg.API, h.cfg.DataDir = api, dir
	h.now = func() time.Time { return time.Date(2026, 11, 21, 20, 15, 0, 0, time.Local) }
	s, _ := h.enter()
	s.cfg.Tokens = nil // it asks nobody here
	client, err := webapi.New(webapi.Options{Base: api, HTTP: httpx.Options{PlainHosts: s.cfg.plainHosts()}, Allowed: s.allowed, Now: h.now})
	if err != nil {
		t.Fatal(err)
	}
	s.api, s.me, s.grant = client, music.User{Name: "anna"}, grant{user: "anna"}
	remark := ""
	s.OnNews(func(n session.News) {
		if r, ok := n.(session.NewsRemark); ok {
			remark = r.Text
		}
	})
	return s, func() string { return remark }
}

// TestThatAListenerHasNoPremiumIsRememberedUntilSomethingPlays over restarts, with its time.
func TestThatAListenerHasNoPremiumIsRememberedUntilSomethingPlays(t *testing.T) {
	t.Parallel()
	var refuses atomic.Bool
	refuses.Store(true)
	api, dir := listener(t, &refuses), t.TempDir()
	s, remark := listening(t, api, dir)
	track := music.Ref{Account: "spotify", Kind: music.KindTrack, ID: "4uLU6hMCjMI75M1A2tKUQC"}
	play := func(s *Service) error {
		_, err := s.Start(t.Context(), track, 0)
		return err
	}
	if _, err := s.Choose(t.Context(), "d1", false, false); err != nil {
		t.Fatal(err)
	}
	wantFault(t, play(s), session.UserNeedsPremium, "needs Premium")
	const want = "refused to play on 2026-11-21 20:15: this user has no Premium"
	if !strings.Contains(remark(), want) {
		t.Errorf("the account's page says %q", remark())
	}
	kept := filepath.Join(dir, "spotify-spotify-premium.json")
	if _, err := os.Stat(kept); err != nil {
		t.Fatal(err)
	}
	s, remark = listening(t, api, dir) // the next day
	said := func(s *Service) string {
		var all []string
		for _, f := range s.Examine(t.Context()) {
			all = append(all, f.Text+" "+f.Advice)
		}
		return strings.Join(all, "\n")
	}
	if got := said(s); !strings.Contains(got, want) || !strings.Contains(got, "of whoever listens") {
		t.Errorf("the doctor says %s", got)
	}
	refuses.Store(false)
	if err := play(s); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(kept); !os.IsNotExist(err) || strings.Contains(said(s), want) || remark() != "" {
		t.Errorf("it is still remembered: %v, %q, %s", err, remark(), said(s))
	}
	refuses.Store(true)
	wantFault(t, play(s), session.UserNeedsPremium)
	s.grant.user, s.me.Name = "bea", "bea" // of whom nothing is known
	if strings.Contains(said(s), "no Premium") {
		t.Error("what was refused to anna is said of bea")
	}
}

// TestForgettingAnAccountForgetsItsDeviceAndItsSubscription, even where what was kept of that
// could not be read.
func TestForgettingAnAccountForgetsItsDeviceAndItsSubscription(t *testing.T) {
	t.Parallel()
	var refuses atomic.Bool
	refuses.Store(true)
	api, dir := listener(t, &refuses), t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "spotify-spotify-premium.json"), []byte("{half of"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, remark := listening(t, api, dir)
	if _, err := s.Choose(t.Context(), "d1", false, false); err != nil {
		t.Fatal(err)
	}
	_ = s.Pause(context.WithoutCancel(t.Context())) // refused
	if files, err := os.ReadDir(dir); err != nil || len(files) < 2 {
		t.Fatalf("before: %v, %v", files, err)
	}
	if err := s.Forget(t.Context(), session.Credential{}); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	for _, f := range files {
		t.Errorf("%s is left", f.Name())
	}
	if err != nil || remark() != "" || s.there().Chosen() != "" {
		t.Errorf("%v, remark %q, device %q", err, remark(), s.there().Chosen())
	}
}

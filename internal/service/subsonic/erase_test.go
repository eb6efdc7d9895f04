package subsonic_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"segue/cache"
	"segue/internal/music"
	"segue/internal/service/subsonic"
	"segue/session"
)

func TestAnAccountThatIsErasedLeavesNothingOfItAndAllOfOthers(t *testing.T) {
	f, dir := fetchable(t), t.TempDir()
	media, err := cache.OpenMedia(cache.MediaOptions{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = media.Close() })
	cfg := subsonic.Config{DataDir: dir, Media: media}
	s := f.account(t, cfg)
	other, err := subsonic.New(session.Spec{ID: "home2", Server: f.URL, User: "alice"}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close() })
	if _, err := other.Login(t.Context(), session.SignIn{Password: password}, nil); err != nil {
		t.Fatal(err)
	}
	for _, a := range []*subsonic.Service{s, other} {
		if _, err := hear(t, a, music.Ref{Account: "home", Kind: music.KindTrack, ID: bjork.ID}, music.Quality{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.SetOffline(t.Context(), []music.Ref{album}, true); err != nil {
		t.Fatal(err)
	}
	if err := s.SyncNow(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	aside := filepath.Join(dir, "subsonic-home.db.bad-20260101-000000")
	if err := os.WriteFile(aside, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	kept, err := s.Keeps(t.Context())
	if err != nil || !strings.Contains(kept, "3 tracks kept offline (") || !strings.Contains(kept, "1 track in the cache") || !strings.HasPrefix(kept, "what is remembered of the server, ") {
		t.Errorf("it keeps %q, %v", kept, err)
	}
	if err := s.Erase(t.Context()); err != nil {
		t.Fatal(err)
	}
	entries, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name := filepath.Base(e); name != "offline" && !strings.HasPrefix(name, "subsonic-home2.db") {
			t.Errorf("%s is left", name)
		}
	}
	if n := copies(t, dir); len(n) != 0 {
		t.Errorf("copies are left: %v", n)
	}
	if keys := media.Keys(""); len(keys) != 1 || !strings.Contains(keys[0], "home2") {
		t.Errorf("in the cache: %q", keys)
	}
	if err := s.SetOffline(t.Context(), []music.Ref{album}, true); err == nil {
		t.Error("it is used once more")
	}
	if _, err := other.Keeps(t.Context()); err != nil {
		t.Errorf("the other account: %v", err)
	}
}

package subsonic_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"path/filepath"
	"testing"

	"segue/cache"
	"segue/internal/music"
	"segue/internal/service/subsonic"
	"segue/session"
)

func TestAScanOfTheServerIsWaitedFor(t *testing.T) {
	f := newFake(t, "navidrome")
	asked := 0
	f.on("getScanStatus", func(w http.ResponseWriter, _ *http.Request) {
		asked++
		body := `{"subsonic-response":{"status":"ok","scanStatus":{"scanning":true,"count":5}}}`
		if asked == 2 {
			body = f.samples["getScanStatus"].Body
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(body))
	})
	s := f.account(t, subsonic.Config{})
	var seen []int
	if err := s.Scan(t.Context(), nil, func(done, _ int, _ string) { seen = append(seen, done) }); err != nil {
		t.Fatal(err)
	}
	if asked != 2 || len(seen) != 3 || seen[2] != 133 {
		t.Errorf("asked %d times, told %v", asked, seen)
	}
	f.says("startScan", 200, "application/json", f.samples["user2-startScan"].Body)
	if err := s.Scan(t.Context(), nil, func(int, int, string) {}); kindOf(err) != session.PermissionDenied {
		t.Errorf("a user who may not: %v", err)
	}
}

func TestTheLiveServerScans(t *testing.T) {
	s := liveServer(t).alice(t)
	if err := s.Scan(t.Context(), nil, func(int, int, string) {}); err != nil {
		t.Error(err)
	}
}

func TestAPictureThatWasSeenIsThereWithoutTheServer(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 9, 9))); err != nil {
		t.Fatal(err)
	}
	f := newFake(t, "navidrome")
	f.says("getCoverArt", 200, "image/png", b.String())
	media, err := cache.OpenMedia(cache.MediaOptions{Dir: filepath.Join(t.TempDir(), "media")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = media.Close() })
	s := f.account(t, subsonic.Config{Media: media})
	children(t, s, music.Ask{Of: album})
	for range 2 {
		img, err := s.Image(t.Context(), album, 64)
		if err != nil || img.MIME != "image/png" || !bytes.Equal(img.Data, b.Bytes()) {
			t.Errorf("%s, %d bytes: %v", img.MIME, len(img.Data), err)
		}
		s.SetNetwork(false) // the second time
	}
	if c := f.called("getCoverArt"); len(c) != 1 || c[0].form.Get("id") != "al-0G9e8X88YXOCkujaHaNYik_6b016622" || c[0].form.Get("size") != "64" {
		t.Errorf("asked %v", c)
	}
	if _, err := s.Image(t.Context(), bjork, 64); kindOf(err) != session.NetworkDisabled {
		t.Errorf("one that was never seen: %v", err)
	}
}

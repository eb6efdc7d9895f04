package spotify

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
	"segue/session"
)

const pixel = "\x89PNG\r\n\x1a\n and so on"

func TestThePictureThatIsWideEnoughIsFetchedOnceAndWithoutTheToken(t *testing.T) {
	var asked atomic.Int32
	var last atomic.Value
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		last.Store(r.URL.Path)
		if r.Header.Get("Authorization") != "" {
			t.Error("the token went where the pictures are")
		}
		switch r.URL.Path {
		case "/gone":
			w.WriteHeader(http.StatusNotFound)
		case "/page":
			_, _ = w.Write([]byte("<!doctype html>"))
		default:
			_, _ = w.Write([]byte(pixel))
		}
	}))
	defer shop.Close()
	d := newDesk(t)
	album := d.ref(music.KindAlbum, d.f.Albums[0])
	d.s.pictures.learn(album, []webapi.Image{{URL: shop.URL + "/640", Width: 640}, {URL: shop.URL + "/300", Width: 300}, {URL: shop.URL + "/64", Width: 64}})
	for _, c := range []struct {
		px   int
		want string
	}{{0, "/64"}, {64, "/64"}, {65, "/300"}, {300, "/300"}, {301, "/640"}, {5000, "/640"}} {
		d.s.cfg.Answers.Remove("spotify picture " + shop.URL + c.want)
		im, err := d.s.Image(t.Context(), album, c.px)
		if err != nil || im.MIME != "image/png" || string(im.Data) != pixel || last.Load() != c.want {
			t.Errorf("%d px: %v, %s, %v", c.px, last.Load(), im.MIME, err)
		}
	}
	n := asked.Load()
	d.s.SetNetwork(false)
	if im, err := d.s.Image(t.Context(), album, 300); err != nil || len(im.Data) == 0 || asked.Load() != n {
		t.Errorf("from disk: %v, %v", im.MIME, err)
	}
	other := d.ref(music.KindAlbum, d.f.Albums[1])
	d.s.pictures.learn(other, []webapi.Image{{URL: shop.URL + "/other"}})
	_, err := d.s.Image(t.Context(), other, 300)
	wantKind(t, err, session.NetworkDisabled)
	d.s.SetNetwork(true)
	for _, at := range []string{"/gone", "/page"} {
		d.s.pictures.learn(other, []webapi.Image{{URL: shop.URL + at}})
		if im, err := d.s.Image(t.Context(), other, 300); err != nil || im.Data != nil {
			t.Errorf("%s: %v, %v", at, im.MIME, err)
		}
	}
	d.s.pictures.learn(other, []webapi.Image{{URL: "file:///etc/passwd"}})
	if im, err := d.s.Image(t.Context(), other, 300); err == nil || im.Data != nil {
		t.Errorf("a file: %v", im.MIME)
	}
}

func TestWhereAPictureIsIsKnownOfEverythingAndKept(t *testing.T) {
	d := newDesk(t)
	for _, r := range []music.Ref{
		d.track(0), d.ref(music.KindAlbum, d.f.Albums[0]), d.ref(music.KindArtist, d.f.Artists[0]), d.ref(music.KindPlaylist, d.f.Mine),
		d.ref(kindShow, d.f.Show), d.ref(music.KindTrack, "episode:"+d.f.Episodes[0]), d.ref(music.KindTrack, "playlist:"+d.f.Followed),
	} {
		if images, err := d.s.imagesOf(t.Context(), r); err != nil || len(images) == 0 {
			t.Errorf("%s: %v, %v", r, images, err)
		}
	}
	for _, r := range []music.Ref{d.s.section(music.SectionStarred), d.ref(music.KindTrack, goneID), localRef(d.f.LocalFile)} {
		if im, err := d.s.Image(t.Context(), r, 100); err != nil || im.Data != nil {
			t.Errorf("%s: %v, %v", r, im, err)
		}
	}
	d.restart()
	d.web.Forget()
	if images, err := d.s.imagesOf(t.Context(), d.track(0)); err != nil || len(images) == 0 {
		t.Errorf("after a start: %v, %v", images, err)
	}
	d.wantCalls()
}

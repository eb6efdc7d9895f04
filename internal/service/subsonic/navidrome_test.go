package subsonic_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/secret"
	"segue/internal/service/subsonic"
	"segue/session"
)

var password = secret.New("hunter2hunter2")

// bjork is the song of the samples.
var bjork = music.Ref{Account: "home", Kind: music.KindTrack, ID: "4M3bUA07gDqmRTUvJpsYae"}

func TestASignInRemembersSaltAndTokenAndSendsThemInAForm(t *testing.T) {
	f := newFake(t, "navidrome")
	s := f.unsigned(t, subsonic.Config{}, nil)
	in, err := s.Login(t.Context(), session.SignIn{Password: password}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if in.Note != "" || in.User.Name != "alice" || strings.Contains(in.Blob.Reveal(), password.Reveal()) || !strings.Contains(in.Blob.Reveal(), `"token"`) {
		t.Errorf("remembered: %+v", in)
	}
	children(t, s, section(music.SectionAlbums))
	c := f.called("getAlbumList2")[0]
	if c.verb != http.MethodPost || c.query.Has("t") || c.query.Has("u") || c.form.Get("t") == "" || c.form.Has("p") || c.form.Get("f") != "json" {
		t.Errorf("the call was %+v", c)
	}
	again := f.unsigned(t, subsonic.Config{}, nil)
	if _, err := again.Login(t.Context(), session.SignIn{Blob: in.Blob}, nil); err != nil {
		t.Error(err)
	}
	for _, c := range f.calls {
		if c.form.Has("p") {
			t.Errorf("%s was sent the password", c.method)
		}
	}
}

func TestFormsOfProofAreTriedInOrderAndOnlyWhereTheFormIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		takes   func(r *http.Request) int // 0 = ok, else the error's code
		options map[string]string
		want    string // forms in the order they were tried
		kind    session.FaultKind
	}{
		"token refused with 41": {func(r *http.Request) int { return pick(r.Form.Has("t"), 41, 0) }, nil, "t p", session.OK},
		"token refused with 10": {func(r *http.Request) int { return pick(r.Form.Has("t"), 10, 0) }, nil, "t p", session.OK},
		"encoded password unknown": {func(r *http.Request) int {
			return pick(r.Form.Has("t") || strings.HasPrefix(r.Form.Get("p"), "enc:"), 42, 0)
		}, nil, "t p p", session.OK},
		"a wrong password":          {func(*http.Request) int { return 40 }, nil, "t", session.BadUsernameOrPassword},
		"wrong, behind other forms": {func(r *http.Request) int { return pick(r.Form.Has("t"), 43, 40) }, nil, "t p", session.BadUsernameOrPassword},
		"nothing is taken":          {func(*http.Request) int { return 44 }, nil, "t p p", session.BadUsernameOrPassword},
		"an API key": {func(r *http.Request) int {
			return pick(r.Form.Get("apiKey") == password.Reveal() && !r.Form.Has("u"), 0, 44)
		}, map[string]string{"auth": "apikey"}, "k", session.OK},
		"never the password":       {func(*http.Request) int { return 41 }, map[string]string{"auth": "token"}, "t", session.OtherPermanent},
		"always the password":      {func(*http.Request) int { return 0 }, map[string]string{"auth": "password"}, "p", session.OK},
		"a banned user":            {func(*http.Request) int { return 50 }, nil, "t", session.UserBanned},
		"a client that is too old": {func(*http.Request) int { return 20 }, nil, "t", session.ClientTooOld},
		"a server that is too old": {func(r *http.Request) int { return pick(r.Form.Get("v") == "1.8.0", 0, 30) }, nil, "t t", session.OK},
		"a trial that is over":     {func(*http.Request) int { return 60 }, nil, "t", session.UserNeedsPremium},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, "supysonic")
			f.on("ping", func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				if code := c.takes(r); code != 0 {
					_, _ = fmt.Fprintf(w, `{"subsonic-response":{"status":"failed","version":"1.8.0","error":{"code":%d,"message":"no"}}}`, code)
					return
				}
				_, _ = w.Write([]byte(f.samples["ping"].Body))
			})
			_, err := f.unsigned(t, subsonic.Config{}, c.options).Login(t.Context(), session.SignIn{Password: password}, nil)
			var tried []string
			for _, x := range f.called("ping") {
				switch {
				case x.form.Has("apiKey"):
					tried = append(tried, "k")
				case x.form.Has("t"):
					tried = append(tried, "t")
				default:
					tried = append(tried, "p")
				}
			}
			if got := strings.Join(tried, " "); got != c.want || kindOf(err) != c.kind {
				t.Errorf("tried %q, want %q; %v", got, c.want, err)
			}
			if err != nil && strings.Contains(err.Error(), password.Reveal()) {
				t.Errorf("the password is in %v", err)
			}
		})
	}
}

func pick(yes bool, a, b int) int {
	if yes {
		return a
	}
	return b
}

func kindOf(err error) session.FaultKind {
	if err == nil {
		return session.OK
	}
	f, ok := err.(*session.Fault) //nolint:errorlint // it is what the session gets
	if !ok {
		return -1
	}
	return f.Kind
}

func TestASignInWithNothingIsAnInvalidArgument(t *testing.T) {
	f := newFake(t, "navidrome")
	s := f.unsigned(t, subsonic.Config{}, nil)
	for name, in := range map[string]session.SignIn{"nothing": {}, "a blob of another": {Blob: secret.New(`{"service":"spotify"}`)}} {
		if _, err := s.Login(t.Context(), in, nil); kindOf(err) != session.InvalidArgument {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(f.calls) > 0 {
		t.Error("the server was asked")
	}
	if _, err := s.Children(t.Context(), section(music.SectionAlbums)); kindOf(err) != session.NoCredentials {
		t.Errorf("without signing in: %v", err)
	}
}

func TestLyricsWithTimesComeFirst(t *testing.T) {
	f := newFake(t, "navidrome")
	s := f.account(t, subsonic.Config{})
	l, err := s.Lyrics(t.Context(), bjork)
	if err != nil || !l.Synced || len(l.Lines) != 3 || l.Lines[2].At != 3250*time.Millisecond || l.Lines[2].Text != "synced three" {
		t.Errorf("%+v, %v", l, err)
	}
	f.says("getLyricsBySongId", 200, "application/json", `{"subsonic-response":{"status":"ok","lyricsList":{}}}`)
	children(t, s, music.Ask{Of: music.Ref{Account: "home", Kind: music.KindAlbum, ID: "x"}})
	later := f.account(t, subsonic.Config{}) // remembers nothing
	children(t, later, music.Ask{Of: music.Ref{Account: "home", Kind: music.KindAlbum, ID: "x"}})
	if l, err = later.Lyrics(t.Context(), bjork); err != nil || l.Synced || len(l.Lines) != 3 {
		t.Errorf("plain: %+v, %v", l, err)
	}
}

func TestWhatNavidromeHasIsShown(t *testing.T) {
	f := newFake(t, "navidrome")
	s := f.account(t, subsonic.Config{})
	for id, want := range map[string]string{
		"radio": "Radio X", "bookmarks": "曲 1 – victory2", "nowplaying": "曲 1 – victory2", "shares": "", "savedqueue": "曲 1 – victory2", music.SectionStarred: "Björk Ångström",
		music.SectionPlaylists: "sweep ü list", music.SectionGenres: "Tone", music.SectionArtists: "Artist 01", music.SectionFiles: "Artist 01",
	} {
		p := children(t, s, section(id))
		if len(p.Items) == 0 {
			t.Errorf("%s is empty: %s", id, p.Note)
			continue
		}
		if want != "" {
			find(t, p, want)
		}
	}
	if r := children(t, s, section("radio")).Items[0].ItemRef(); r.Account != music.Local || r.Kind != music.KindStream {
		t.Errorf("a station is %v", r)
	}
	for _, it := range children(t, s, section(music.SectionRoot)).Items {
		if it.ItemName() == "Podcasts" {
			t.Error("podcasts are offered")
		}
	}
	url, err := s.Share(t.Context(), "bob", []music.Ref{bjork}, "listen")
	if err != nil || !strings.HasPrefix(url, "http") {
		t.Errorf("the share is %q, %v", url, err)
	}
	if c := f.called("createShare")[0]; c.form.Get("description") != "For bob. listen" || c.form.Get("id") != bjork.ID {
		t.Errorf("shared %v", c.form)
	}
	q, err := s.LoadQueue(t.Context())
	if err != nil || q == nil || len(q.Tracks) != 2 || q.Index != 1 || q.Position != 99*time.Millisecond || q.By != "sweep" || q.Own || q.Of != section("savedqueue").Of {
		t.Errorf("the queue is %+v, %v", q, err)
	}
	local := music.Ref{Account: "local", Kind: music.KindTrack, ID: "/x"}
	if err := s.SaveQueue(t.Context(), []music.Ref{bjork, local, bjork, local}, 2, 90*time.Second); err != nil {
		t.Error(err)
	}
	if c := f.called("savePlayQueueByIndex")[0]; len(c.form["id"]) != 2 || c.form.Get("currentIndex") != "1" || c.form.Get("position") != "90000" {
		t.Errorf("saved %v", c.form)
	}
	for at, method := range map[time.Duration]string{5 * time.Second: "createBookmark", 0: "deleteBookmark"} {
		if err := s.Bookmark(t.Context(), bjork, at); err != nil || f.called(method)[0].form.Get("id") != bjork.ID {
			t.Errorf("%s: %v", method, err)
		}
	}
	if b, ok := children(t, s, section("bookmarks")).Items[0].(music.Track); !ok || b.At == 0 {
		t.Errorf("the bookmark is %+v", b)
	}
	if err := s.Playing(t.Context(), music.Track{Ref: bjork}); err != nil || f.called("scrobble")[0].form.Get("submission") != "false" {
		t.Errorf("now playing: %v", err)
	}
}

func TestDetailsAndStarsOfOthers(t *testing.T) {
	s := newFake(t, "navidrome").account(t, subsonic.Config{})
	for kind, name := range map[music.Kind]string{music.KindAlbum: "Über – 日本語", music.KindArtist: "Björk Ångström", music.KindPlaylist: "sweep ü list"} {
		it, err := s.Details(t.Context(), music.Ref{Account: "home", Kind: kind, ID: "x"})
		if err != nil || it.ItemName() != name {
			t.Errorf("%s: %v, %v", kind, it, err)
		}
	}
	if p, err := s.Starred(t.Context(), "", music.Ask{}); err != nil || p.Total == 0 {
		t.Errorf("own stars: %v, %v", p.Total, err)
	}
	if _, err := s.Starred(t.Context(), "bob", music.Ask{}); kindOf(err) != session.PermissionDenied {
		t.Errorf("another's stars: %v", err)
	}
}

func TestTheTypesOfAToplist(t *testing.T) {
	f := newFake(t, "navidrome")
	f.samples["getAlbumList2-alphabeticalByName"] = f.samples["getAlbumList2-frequent-after"]
	s := f.account(t, subsonic.Config{})
	for _, typ := range []string{session.TypeAlbums, session.TypeArtists} {
		p, err := s.Toplist(t.Context(), session.ToplistAsk{Type: typ, Region: session.RegionUser, Limit: 100})
		if err != nil || p.Total != 1 {
			t.Errorf("%s: %d rows, %v", typ, p.Total, err)
		}
	}
	if _, err := s.Toplist(t.Context(), session.ToplistAsk{Type: session.TypeTracks, Region: session.RegionUser, Limit: 100}); kindOf(err) != session.PermissionDenied {
		t.Errorf("tracks: %v", err)
	}
}

func TestTheSessionIsToldWhenTheServerGoesAndComesBack(t *testing.T) {
	f := newFake(t, "navidrome")
	s := f.account(t, subsonic.Config{})
	var news []session.News
	s.OnNews(func(n session.News) { news = append(news, n) })
	children(t, s, section(music.SectionArtists))
	f.on("getGenres", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	for range 3 {
		if _, err := s.Children(t.Context(), section(music.SectionGenres)); kindOf(err) != session.UnableToContactServer && kindOf(err) != session.OtherTransient {
			t.Errorf("got %v", err)
		}
	}
	children(t, s, section(music.SectionRoot))
	if len(news) != 2 {
		t.Fatalf("the news were %v", news)
	}
	gone, ok := news[0].(session.NewsConnection)
	back, ok2 := news[1].(session.NewsConnection)
	if !ok || !ok2 || gone.Err == nil || back.Err != nil {
		t.Errorf("the news were %v", news)
	}
}

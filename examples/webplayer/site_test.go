package main

import (
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"segue/internal/oauth/oauthtest"
)

// startSite is the web site, at the address that comes back.
func startSite(t *testing.T, server string) string {
	t.Helper()
	var site http.Handler
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { site.ServeHTTP(w, r) }))
	t.Cleanup(web.Close)
	s, err := NewSite(Settings{Server: server, Client: "segue", Redirect: web.URL + "/callback"})
	if err != nil {
		t.Fatal(err)
	}
	site = s
	return web.URL
}

// browser keeps cookies and fills in forms as its owner would.
type browser struct {
	t     *testing.T
	owner string
	site  string
	http  *http.Client
}

func newBrowser(t *testing.T, site, owner string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t, owner, site, &http.Client{Jar: jar, Timeout: 3 * time.Minute}}
}

var heading = regexp.MustCompile(`<h1>([^<]*)</h1>`)

// signIn goes through the server's forms, and gives the page where it ends.
func (b *browser) signIn(answer string) string {
	b.t.Helper()
	at, page := b.get("/login")
	for range 6 {
		h := heading.FindStringSubmatch(page)
		if h == nil {
			break
		}
		form := url.Values{"do": {answer}}
		if h[1] == "Sign in" {
			form = url.Values{"name": {b.owner}, "password": {"pw-" + b.owner}}
		}
		at, page = b.read(b.http.PostForm(at, form))
	}
	return page
}

func (b *browser) get(path string) (at, page string) {
	b.t.Helper()
	return b.read(b.http.Get(b.site + path))
}

func (b *browser) read(resp *http.Response, err error) (at, page string) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return resp.Request.URL.String(), string(body)
}

func (b *browser) sees(want string) {
	b.t.Helper()
	if _, page := b.get("/"); !strings.Contains(page, want) {
		b.t.Errorf("%s sees %s, want %s", b.owner, page, want)
	}
}

const nobody = `<a href="/login">Sign in</a>`

func TestTwoBrowsersSeeEachTheirOwnAccountAndOneLogsOut(t *testing.T) {
	site := startSite(t, oauthtest.Start(t, "rotate", "3600").URL)
	anna, bea := newBrowser(t, site, "anna"), newBrowser(t, site, "bea")
	anna.sees(nobody)
	var both sync.WaitGroup
	for _, b := range []*browser{anna, bea} {
		both.Go(func() {
			if page := b.signIn("allow"); !strings.Contains(page, `<b id="me">`+b.owner+`</b>`) {
				b.t.Errorf("%s ends at %s", b.owner, page)
			}
		})
	}
	both.Wait()
	anna.sees(`<b id="me">anna</b>`)
	bea.sees(`<b id="me">bea</b>`)
	if _, page := anna.read(anna.http.PostForm(site+"/logout", nil)); !strings.Contains(page, nobody) {
		t.Errorf("after the logout: %s", page)
	}
	anna.sees(nobody)
	bea.sees(`<b id="me">bea</b>`)
}

func TestAnExpiredTokenIsRefreshedOnceThoughFiveRequestsComeAtOnce(t *testing.T) {
	site := startSite(t, oauthtest.Start(t, "rotate", "50").URL) // good for 50 s, and within its last minute a token counts as expired
	b := newBrowser(t, site, "carl")
	if page := b.signIn("allow"); !strings.Contains(page, `<b id="me">carl</b>`) {
		t.Fatalf("%s", page)
	}
	for range 3 { // a refresh token that came twice would end the grant
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				resp, err := b.http.Get(site)
				if err != nil {
					t.Error(err)
					return
				}
				defer resp.Body.Close()
				if body, err := io.ReadAll(resp.Body); err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(string(body), `<b id="me">carl</b>`) {
					t.Errorf("%d, %s, %v", resp.StatusCode, body, err)
				}
			})
		}
		all.Wait()
	}
}

func TestWhatGoesWrongIsSaidAndSignsNobodyIn(t *testing.T) {
	site := startSite(t, oauthtest.Start(t, "rotate", "3600").URL)
	dora := newBrowser(t, site, "dora")
	if page := dora.signIn("deny"); !strings.Contains(page, "denied") {
		t.Errorf("denied: %s", page)
	}
	dora.sees(nobody)
	for _, path := range []string{"/callback", "/callback?code=x&state=y", "/callback?error=access_denied"} {
		if _, page := dora.get(path); !strings.Contains(page, `role="alert"`) || strings.Contains(page, `id="me"`) {
			t.Errorf("%s: %s", path, page)
		}
	}
	// A page elsewhere cannot log anybody out.
	req, err := http.NewRequest(http.MethodPost, site+"/logout", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	resp, err := dora.http.Do(req)
	if err != nil || resp.StatusCode != http.StatusForbidden {
		t.Error(resp, errors.Join(err))
	}
	_ = resp.Body.Close()
}

func TestASessionsNameChangesWhenSomebodySignsIn(t *testing.T) {
	site := startSite(t, oauthtest.Start(t, "rotate", "3600").URL)
	b := newBrowser(t, site, "eve")
	at, err := url.Parse(site)
	if err != nil {
		t.Fatal(err)
	}
	noFollow := *b.http
	noFollow.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := noFollow.Get(site + "/login")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	name := func() (value string) {
		for _, c := range b.http.Jar.Cookies(at) {
			if c.Name == "webplayer" {
				value = c.Value
			}
		}
		return value
	}
	before := name()
	if page := b.signIn("allow"); !strings.Contains(page, `<b id="me">eve</b>`) {
		t.Fatal(page)
	}
	if after := name(); before == "" || after == "" || after == before {
		t.Error("a session that somebody prepared is signed in")
	}
}

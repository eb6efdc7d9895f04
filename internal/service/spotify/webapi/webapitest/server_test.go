package webapitest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"segue/internal/service/spotify/webapi/webapitest"
)

// notes takes what a server says.
type notes struct {
	mu  sync.Mutex
	all []string
}

func (n *notes) Errorf(format string, args ...any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.all = append(n.all, fmt.Sprintf(format, args...))
}

func (n *notes) Logf(string, ...any) {}

func (n *notes) take() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	text := strings.Join(n.all, "\n")
	n.all = nil
	return text
}

// begin starts a server whose complaints are looked at.
func begin(t *testing.T) (*webapitest.Server, *notes) {
	t.Helper()
	var n notes
	s := webapitest.Start(&n)
	t.Cleanup(s.Close)
	return s, &n
}

// send makes a call by hand.
func send(t *testing.T, s *webapitest.Server, method, path, body string, header ...string) (int, string, http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.Token(webapitest.Ada))
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }() // it has been read
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text), resp.Header
}

func TestWhatDevelopmentModeDoesNotHaveIsReported(t *testing.T) {
	s, n := begin(t)
	if !s.Specified() {
		t.Skip("Spotify's specification is not here: ../shared is missing")
	}
	f := s.Fill(webapitest.Ada)
	for name, c := range map[string]struct{ method, path, body, says string }{
		"a call of before":                {"GET", "/playlists/" + f.Mine + "/tracks", "", "development mode has no GET"},
		"a batch":                         {"GET", "/albums?ids=a,b", "", "development mode has no GET"},
		"a limit that is too much":        {"GET", "/search?q=a&type=track&limit=50", "", "limit"},
		"an offset that is too much":      {"GET", "/search?q=a&type=track&offset=1001", "", "offset"},
		"a parameter that is missing":     {"PUT", "/me/library", "", "uris"},
		"a parameter that does not exist": {"GET", "/me?fields=id", "", `no parameter "fields"`},
		"a body where there is none":      {"PUT", "/me/player/pause", `{"a":1}`, "takes no body"},
		"a key that does not exist":       {"DELETE", "/playlists/" + f.Mine + "/items", `{"items":[],"tracks":[]}`, `has no "tracks"`},
		"a key that is missing":           {"POST", "/me/playlists", `{"public":true}`, "name"},
		"a type that is wrong":            {"PUT", "/me/player", `{"device_ids":"x"}`, "device_ids"},
	} {
		send(t, s, c.method, c.path, c.body)
		if said := n.take(); !strings.Contains(said, c.says) {
			t.Errorf("%s: it says %q", name, said)
		}
	}
	send(t, s, "GET", "/me/playlists?limit=50", "")
	if said := n.take(); said != "" {
		t.Errorf("of what is right it says %q", said)
	}
}

func TestASearchUnderstandsFields(t *testing.T) {
	s, _ := begin(t)
	s.Fill(webapitest.Ada)
	for question, want := range map[string]int{
		"kind=track canon":                        12,
		"kind=track track:canon":                  12,
		"kind=track track:book":                   0, // that is the albums' name
		"kind=track book gigue":                   0,
		`kind=track track:canon artist:"j. s. b"`: 3,
		"kind=track album:book artist:bach":       15,
		"kind=track year:1980 canon":              1,
		"kind=track year:1980-1982 canon":         3,
		"kind=album year:1983-1999 artist:clara":  3,
		"kind=album track:canon":                  0, // albums have no such field
		"kind=artist artist:schumann":             1,
		"kind=playlist artist:bach":               0,
		`kind=track "book 1 of clara" canon`:      1,
		"kind=track isrc:DEA620500012":            0,
	} {
		kind, q, _ := strings.Cut(strings.TrimPrefix(question, "kind="), " ")
		_, text, _ := send(t, s, "GET", "/search?limit=1&type="+kind+"&q="+url.QueryEscape(q), "")
		var got map[string]struct{ Total int }
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatal(err)
		}
		if n := got[kind+"s"].Total; n != want {
			t.Errorf("%s: %d, want %d", question, n, want)
		}
	}
}

func TestATokenThatIsNobodysIsRefused(t *testing.T) {
	s, _ := begin(t)
	status, text, _ := send(t, s, "GET", "/me", "", "Authorization", "Bearer nobody")
	if status != 401 || !strings.Contains(text, "expired") {
		t.Errorf("%d %s", status, text)
	}
	s.Accept(func(token string) string { return map[string]string{"nobody": webapitest.Ada}[token] })
	if status, text, _ := send(t, s, "GET", "/me", "", "Authorization", "Bearer nobody"); status != 200 || !strings.Contains(text, "Ada") {
		t.Errorf("%d %s", status, text)
	}
}

func TestWhatHasNotChangedIsA304(t *testing.T) {
	s, _ := begin(t)
	s.SetETags(true)
	_, _, h := send(t, s, "GET", "/me", "")
	status, text, _ := send(t, s, "GET", "/me", "", "If-None-Match", h.Get("ETag"))
	if status != 304 || text != "" {
		t.Errorf("%d %q", status, text)
	}
	s.ChangeUser(webapitest.User{ID: webapitest.Ada, Name: "Ada B.", Premium: true})
	if status, _, _ := send(t, s, "GET", "/me", "", "If-None-Match", h.Get("ETag")); status != 200 {
		t.Errorf("what has changed is %d", status)
	}
}

func TestTheWindowOfThirtySecondsFillsAndOpens(t *testing.T) {
	s, _ := begin(t)
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	s.SetClock(func() time.Time { return now })
	s.SetWindow(2)
	for i, want := range []int{200, 200, 429} {
		status, _, h := send(t, s, "GET", "/me", "")
		if status != want || want == 429 && h.Get("Retry-After") != "30" {
			t.Errorf("call %d: %d, Retry-After %q", i, status, h.Get("Retry-After"))
		}
	}
	s.Advance(30 * time.Second)
	if status, _, _ := send(t, s, "GET", "/me", ""); status != 200 {
		t.Errorf("after 30 s: %d", status)
	}
}

func TestThePlayerGoesThroughItsListAndStands(t *testing.T) {
	s, n := begin(t)
	f := s.Fill(webapitest.Ada)
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	s.SetClock(func() time.Time { return now })
	uris := webapitest.URIs("track", f.Tracks[:2]...)
	s.PlayElsewhere(webapitest.Ada, f.Phone, uris...)
	s.Advance(200 * time.Second)
	if p := s.Playback(webapitest.Ada); p.URI != uris[1] || p.Progress != 20*time.Second || !p.Playing || p.Device != f.Phone {
		t.Errorf("after 200 s: %+v", p)
	}
	s.PauseElsewhere(webapitest.Ada)
	s.Advance(time.Hour)
	if p := s.Playback(webapitest.Ada); p.Progress != 20*time.Second {
		t.Errorf("paused: %+v", p)
	}
	send(t, s, "PUT", "/me/player/play", "")
	s.Advance(3 * time.Minute)
	if p := s.Playback(webapitest.Ada); p.Playing || p.URI != uris[0] || p.Progress != 0 {
		t.Errorf("at the end: %+v", p)
	}
	send(t, s, "PUT", "/me/player/repeat?state=context", "")
	send(t, s, "PUT", "/me/player/play", "")
	s.Advance(7 * time.Minute)
	if p := s.Playback(webapitest.Ada); !p.Playing || p.URI != uris[0] || p.Progress != time.Minute {
		t.Errorf("with repeat: %+v", p)
	}
	if said := n.take(); said != "" {
		t.Error(said)
	}
}

func TestCallsAreLoggedByTheirNames(t *testing.T) {
	s, _ := begin(t)
	f := s.Fill(webapitest.Ada)
	send(t, s, "GET", "/playlists/"+f.Mine+"/items?limit=1", "")
	s.Fail(webapitest.Broken(500).For("GET /me/*").Once(1))
	send(t, s, "GET", "/me/tracks", "")
	send(t, s, "GET", "/me/tracks", "")
	calls := s.Calls()
	if len(calls) != 3 || calls[0].Name != "/playlists/{id}/items" || calls[0].User != webapitest.Ada || calls[1].Status != 500 || s.Count("GET /me/tracks") != 2 {
		t.Errorf("the calls are %+v", calls)
	}
	s.Forget()
	if s.Count("") != 0 {
		t.Error("they are not forgotten")
	}
}

func TestPicturesAreNoCallsOfTheWebAPI(t *testing.T) {
	s := webapitest.New(t)
	resp, err := http.Get(strings.TrimSuffix(s.URL, "/v1") + "/image/none/640") //nolint:noctx // it is here and answers
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close() // nobody wants it
	if resp.StatusCode != http.StatusNotFound || s.Count("") != 0 {
		t.Errorf("%s, and %d calls", resp.Status, s.Count(""))
	}
}

package charts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"segue/cache"
	"segue/session"
)

// sources is a server that stands for ListenBrainz and for Apple, with answers by path.
type sources struct {
	*httptest.Server
	mu      sync.Mutex
	answers map[string]string // by "path?range=…" or path; "" = 204, "404" = that status
	etag    string
	asked   []string
	status  int
}

func newSources(t *testing.T, answers map[string]string) *sources {
	t.Helper()
	s := &sources{answers: answers}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *sources) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, r.URL.RequestURI())
	key := r.URL.EscapedPath()
	if rng := r.URL.Query().Get("range"); rng != "" {
		key += "?range=" + rng
	}
	text, ok := s.answers[key]
	switch {
	case s.status != 0:
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(s.status)
	case !ok, text == "404":
		w.WriteHeader(404)
		io.WriteString(w, `{"code":404,"error":"no such thing"}`)
	case text == "":
		w.WriteHeader(204)
	case s.etag != "" && r.Header.Get("If-None-Match") == s.etag:
		w.WriteHeader(304)
	default:
		if s.etag != "" {
			w.Header().Set("ETag", s.etag)
		}
		io.WriteString(w, text)
	}
}

func (s *sources) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.asked)
}

func (s *sources) change(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// clock is a time that tests turn.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

func newCharts(t *testing.T, s *sources, dir string) (*Charts, *clock) {
	t.Helper()
	blobs, err := cache.NewBlobs(cache.BlobOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	k := &clock{time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}
	c, err := New(Options{ListenBrainz: s.URL + "/", Apple: s.URL + "/new", AppleOld: s.URL + "/old", ITunes: s.URL + "/itunes", Blobs: blobs, Now: k.now})
	if err != nil {
		t.Fatal(err)
	}
	return c, k
}

// songs is an answer of ListenBrainz with these songs.
func songs(names ...string) string {
	var rows []string
	for i, n := range names {
		rows = append(rows, fmt.Sprintf(`{"artist_name":"A %s","track_name":%q,"listen_count":%d}`, n, n, 100-i))
	}
	return `{"payload":{"count":2,"last_updated":1588494361,"recordings":[` + strings.Join(rows, ",") + `]}}`
}

func titles(c session.Chart) string {
	var out []string
	for _, r := range c.Rows {
		out = append(out, fmt.Sprintf("%d:%s", r.Rank, r.Title))
	}
	return strings.Join(out, " ")
}

func wantFault(t *testing.T, err error, kind session.FaultKind) *session.Fault {
	t.Helper()
	var f *session.Fault
	if !errors.As(err, &f) || f.Kind != kind {
		t.Fatalf("got %v, want %s", err, kind)
	}
	return f
}

const (
	weekSongs = "/1/stats/sitewide/recordings?range=week"
	thisWeek  = "/1/stats/sitewide/recordings?range=this_week"
)

func TestAFetchIsKeptForAnHour(t *testing.T) {
	s := newSources(t, map[string]string{weekSongs: songs("one", "two")})
	dir := t.TempDir()
	c, k := newCharts(t, s, dir)
	ask := session.ToplistAsk{}
	first, err := c.Chart(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	if first.Source != "ListenBrainz" || first.Title != "Tracks · everywhere · last week" || !first.Fetched.Equal(k.t) ||
		!first.Updated.Equal(time.Unix(1588494361, 0)) || titles(first) != "1:one 2:two" || !first.Rows[0].First || first.Rows[0].Plays != 100 {
		t.Errorf("%+v", first)
	}
	k.t = k.t.Add(59 * time.Minute)
	later, _ := newCharts(t, s, dir) // another start of the program
	later.o.Now = k.now
	if again, err := later.Chart(t.Context(), ask); err != nil || titles(again) != titles(first) || !again.Fetched.Equal(first.Fetched) || s.count() != 1 {
		t.Errorf("%v %v, asked %d times", again, err, s.count())
	}
	ask.Fresh = true
	if again, err := later.Chart(t.Context(), ask); err != nil || !again.Fetched.Equal(k.t) || s.count() != 2 {
		t.Errorf("fresh: %v %v, asked %d times", again, err, s.count())
	}
	ask.Fresh = false
	k.t = k.t.Add(61 * time.Minute)
	if _, err := later.Chart(t.Context(), ask); err != nil || s.count() != 3 {
		t.Errorf("after an hour: %v, asked %d times", err, s.count())
	}
	k.t = k.t.AddDate(-1, 0, 0)
	if _, err := later.Chart(t.Context(), ask); err != nil || s.count() != 4 {
		t.Errorf("kept by a clock that went wrong: %v, asked %d times", err, s.count())
	}
}

func TestRowsKnowWhereTheyStood(t *testing.T) {
	s := newSources(t, map[string]string{weekSongs: songs("one", "two", "three")})
	c, k := newCharts(t, s, t.TempDir())
	moves := func() string {
		chart, err := c.Chart(t.Context(), session.ToplistAsk{})
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, r := range chart.Rows {
			out = append(out, fmt.Sprintf("%s %d<%d", r.Title, r.Rank, r.Previous))
			if r.First != (k.t.Day() == 21) {
				t.Errorf("%s: first is %t", r.Title, r.First)
			}
		}
		k.t = k.t.AddDate(0, 0, 1)
		return strings.Join(out, ", ")
	}
	if got := moves(); got != "one 1<0, two 2<0, three 3<0" {
		t.Error(got)
	}
	s.change(func() { s.answers[weekSongs] = songs("two", "four", "one") })
	const moved = "two 1<2, four 2<0, one 3<1"
	if got := moves(); got != moved {
		t.Error(got)
	}
	// The same again, and the same by a 304: the moves stay to be seen.
	s.change(func() { s.etag = `"x"` })
	if got := moves(); got != moved {
		t.Error(got)
	}
	if got := moves(); got != moved {
		t.Error(got)
	}
	if s.count() != 4 {
		t.Errorf("asked %d times", s.count())
	}
}

func TestWithoutNetworkTheLastFetchIsGiven(t *testing.T) {
	s := newSources(t, map[string]string{weekSongs: songs("one")})
	dir := t.TempDir()
	c, k := newCharts(t, s, dir)
	if empty, err := c.Chart(t.Context(), session.ToplistAsk{Region: "user", User: "nobody"}); len(empty.Rows) != 0 {
		t.Errorf("%v %v", empty, err)
	}
	if _, err := c.Chart(t.Context(), session.ToplistAsk{}); err != nil {
		t.Fatal(err)
	}
	fetched := k.t
	k.t = k.t.AddDate(0, 0, 3)
	for name, kind := range map[string]session.FaultKind{
		"off":    session.NetworkDisabled,
		"broken": session.OtherTransient,
		"limit":  session.RateLimited,
		"gone":   session.UnableToContactServer,
	} {
		c, _ := newCharts(t, s, dir)
		c.o.Now = k.now
		s.change(func() { s.status = 0 })
		switch name {
		case "off":
			c.SetNetwork(false)
		case "broken":
			s.change(func() { s.status = 501 })
		case "limit":
			s.change(func() { s.status = 429 })
		case "gone":
			c.o.ListenBrainz = "http://127.0.0.1:1"
		}
		chart, err := c.Chart(t.Context(), session.ToplistAsk{})
		f := wantFault(t, err, kind)
		if titles(chart) != "1:one" || !chart.Fetched.Equal(fetched) {
			t.Errorf("%s: %+v", name, chart)
		}
		if kind == session.RateLimited && time.Until(f.RetryAt) < 59*time.Minute {
			t.Errorf("%s: %+v", name, f)
		}
		other, err := c.Chart(t.Context(), session.ToplistAsk{Period: "year"})
		wantFault(t, err, kind)
		if len(other.Rows) != 0 || !other.Fetched.IsZero() {
			t.Errorf("%s: rows from nowhere: %+v", name, other)
		}
	}
}

func TestPeriodsTypesAndUsers(t *testing.T) {
	artists := `{"payload":{"artists":[{"artist_name":"Björk","artist_mbid":"ab","listen_count":"7"},{"artist_name":""},{"listen_count":3}]}}`
	groups := `{"payload":{"release_groups":[{"artist_mbids":["x"],"artist_name":"A","release_group_name":"G","release_group_mbid":"g","listen_count":2,"caa_id":12,"caa_release_mbid":"r"}]}}`
	s := newSources(t, map[string]string{
		"/1/stats/sitewide/artists?range=all_time":             artists,
		"/1/stats/sitewide/release-groups?range=month":         groups,
		"/1/stats/user/Ann%2FE%20%C3%A9/recordings?range=year": songs("hers"),
		"/1/stats/user/quiet/recordings?range=week":            `{"payload":{"recordings":[],"count":0}}`,
		"/1/stats/user/new/recordings?range=week":              "",
		"/1/stats/user/new/recordings?range=this_week":         "",
		weekSongs: "",
		thisWeek:  songs("so far"),
	})
	c, _ := newCharts(t, s, t.TempDir())
	get := func(a session.ToplistAsk) session.Chart {
		t.Helper()
		chart, err := c.Chart(t.Context(), a)
		if err != nil {
			t.Fatalf("%+v: %v", a, err)
		}
		return chart
	}
	chart := get(session.ToplistAsk{Type: "artists", Period: "all"})
	if r := chart.Rows[0]; len(chart.Rows) != 1 || r.Title != "Björk" || r.Plays != 7 || r.ArtistIDs[0] != "ab" || r.URL != "https://musicbrainz.org/artist/ab" {
		t.Errorf("%+v", chart)
	}
	chart = get(session.ToplistAsk{Type: "albums", Period: "month"})
	if r := chart.Rows[0]; r.Title != "G" || r.Artists[0] != "A" || r.Release != "g" || r.Art != "https://coverartarchive.org/release/r/12-250.jpg" {
		t.Errorf("%+v", chart)
	}
	if chart = get(session.ToplistAsk{Region: "user", User: "Ann/E é", Period: "year"}); titles(chart) != "1:hers" || chart.Title != "Tracks · Ann/E é · last year" {
		t.Errorf("%+v", chart)
	}
	if chart = get(session.ToplistAsk{}); titles(chart) != "1:so far" {
		t.Errorf("a week that is not computed: %+v", chart)
	}
	if chart = get(session.ToplistAsk{Region: "user", User: "quiet"}); len(chart.Rows) != 0 {
		t.Errorf("%+v", chart)
	}
	_, err := c.Chart(t.Context(), session.ToplistAsk{Region: "user", User: "new"})
	if f := wantFault(t, err, session.OtherTransient); !strings.Contains(f.Error(), "ListenBrainz: it has not computed this toplist yet") {
		t.Error(f)
	}
	_, err = c.Chart(t.Context(), session.ToplistAsk{Region: "user", User: "gone"})
	wantFault(t, err, session.NoSuchUser)
	_, err = c.Chart(t.Context(), session.ToplistAsk{Region: "user"})
	wantFault(t, err, session.InvalidArgument)
	_, err = c.Chart(t.Context(), session.ToplistAsk{Region: "usa"})
	wantFault(t, err, session.InvalidArgument)
	u, _ := url.Parse(s.asked[0])
	if u.Query().Get("count") != "100" {
		t.Errorf("asked %s", s.asked[0])
	}
}

func TestMoreRowsAreFetchedWhenMoreAreWanted(t *testing.T) {
	s := newSources(t, map[string]string{weekSongs: songs("one")})
	s.etag = `"x"`
	c, _ := newCharts(t, s, t.TempDir())
	for _, limit := range []int{10, 100, 150, 100, 150} {
		if _, err := c.Chart(t.Context(), session.ToplistAsk{Limit: limit}); err != nil {
			t.Fatal(err)
		}
	}
	if got := fmt.Sprint(s.asked); s.count() != 2 || !strings.Contains(got, "count=100") || !strings.Contains(got, "count=150") {
		t.Errorf("asked %s", got)
	}
}

func TestAnswersThatAreNoCharts(t *testing.T) {
	for name, answer := range map[string]string{
		"a web page": "<html>", "cut short": `{"payload":{"recordings":[{"tra`, "another shape": `{"payload":[]}`, "no rows that can be read": `{"payload":{"recordings":[1,"x",{}]}}`,
		"nothing": " ", "too long": `{"x":"` + strings.Repeat("x", mostAnswer) + `"}`,
	} {
		s := newSources(t, map[string]string{weekSongs: answer})
		c, _ := newCharts(t, s, t.TempDir())
		chart, err := c.Chart(t.Context(), session.ToplistAsk{})
		if f := wantFault(t, err, session.OtherTransient); len(chart.Rows) != 0 || !strings.Contains(f.Error(), "ListenBrainz: ") {
			t.Errorf("%s: %+v %v", name, chart, f)
		}
	}
}

func TestTenAsksAreOneFetch(t *testing.T) {
	s := newSources(t, map[string]string{weekSongs: songs("one")})
	c, _ := newCharts(t, s, t.TempDir())
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if chart, err := c.Chart(t.Context(), session.ToplistAsk{}); err != nil || titles(chart) != "1:one" {
				t.Error(chart, err)
			}
		})
	}
	all.Wait()
	if s.count() != 1 {
		t.Errorf("asked %d times", s.count())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := c.Chart(ctx, session.ToplistAsk{Fresh: true})
	wantFault(t, err, session.Cancelled)
}

func TestSourcesMayBeSwitchedOff(t *testing.T) {
	c, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, region := range []string{"everywhere", "de"} {
		_, err := c.Chart(t.Context(), session.ToplistAsk{Region: region})
		wantFault(t, err, session.PermissionDenied)
	}
	usual, err := New(Options{Apple: Apple})
	if err != nil || usual.o.AppleOld == "" || usual.o.ITunes == "" {
		t.Errorf("%+v %v", usual.o, err)
	}
}

func FuzzDecoding(f *testing.F) {
	for _, s := range []string{songs("one"), appleSongs, `{"feed":{"entry":{"im:name":{"label":"x"}}}}`, `{"payload":{"artists":[{"artist_name":1e9,"listen_count":"-1e400"}]}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for name, decode := range map[string]func([]byte) (session.Chart, error){"brainz": decodeBrainz, "apple": decodeApple, "itunes": decodeITunes} {
			chart, err := decode(data)
			if err != nil && len(chart.Rows) > 0 {
				t.Errorf("%s: rows and an error", name)
			}
			for _, r := range append(chart.Rows, artistsOf(chart.Rows)...) {
				if r.Title == "" || r.Plays < 0 || strings.ContainsAny(r.Title, "\x1b\n\x00") {
					t.Errorf("%s: a bad row %+v", name, r)
				}
			}
		}
	})
}

var _ session.Charts = (*Charts)(nil)
var _ session.Offliner = (*Charts)(nil)

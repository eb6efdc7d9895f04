package wire_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"segue/internal/service/subsonic/wire"
)

// sample is one saved answer of a real server.
type sample struct {
	Name   string `json:"name"`
	Status int    `json:"status"`
	Type   string `json:"type"`
	Body   string `json:"body"`
}

// samples are the saved answers of a server, by name.
func samples(t testing.TB, server string) map[string]sample {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", server+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	all := map[string]sample{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var s sample
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatal(err)
		}
		all[s.Name] = s
	}
	least := map[string]int{"navidrome": 100, "supysonic": 100, "spec": 20, "gonic": 30}[server]
	if lines.Err() != nil || len(all) < least {
		t.Fatalf("%d samples of %s: %v", len(all), server, lines.Err())
	}
	return all
}

// servers are those whose real answers were saved.
var servers = []string{"navidrome", "supysonic"}

// written are answers that we wrote: spec with every field that the specification has, gonic
// as gonic is known to answer.
var written = []string{"spec", "gonic"}

func read(t testing.TB, s sample) *wire.Reply {
	t.Helper()
	r, err := wire.Read(s.Status, strings.NewReader(s.Body))
	if err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	return r
}

func TestEverySavedAnswerIsReadAsWhatItIs(t *testing.T) {
	for _, server := range slices.Concat(servers, written) {
		for name, s := range samples(t, server) {
			reply, err := wire.Read(s.Status, strings.NewReader(s.Body))
			var refused *wire.Error
			switch {
			case strings.Contains(s.Body, `"status":"ok"`) && !strings.HasPrefix(s.Body, "cb("):
				if err != nil || reply.Version == "" {
					t.Errorf("%s %s: %v", server, name, err)
				}
			case strings.Contains(s.Body, `"status":"failed"`):
				if !errors.As(err, &refused) || refused.Message == "" {
					t.Errorf("%s %s: no reason came of it: %v", server, name, err)
				}
			case err == nil:
				t.Errorf("%s %s: %q was taken for an answer", server, name, s.Body)
			}
		}
	}
}

func TestRefusalsKeepTheirCode(t *testing.T) {
	for name, want := range map[string]struct {
		server      string
		code        wire.Int
		unsupported bool
	}{
		"auth-wrong-p":              {"supysonic", wire.CodeWrongPassword, false},
		"auth-token":                {"supysonic", wire.CodeMissing, false},
		"auth-apiKey-bogus":         {"navidrome", wire.CodeMissing, false},
		"getSong-unknown-nope":      {"navidrome", wire.CodeNotFound, false},
		"getArtistInfo2":            {"supysonic", wire.CodeGeneric, true},
		"noSuchEndpoint":            {"navidrome", -1, true},
		"getPodcasts":               {"navidrome", -1, true},
		"jukeboxControl":            {"navidrome", -1, true},
		"user2-updatePlaylist":      {"navidrome", wire.CodeNotAllowed, false},
		"getAlbumList2-highest":     {"supysonic", wire.CodeGeneric, false},
		"getShares":                 {"supysonic", wire.CodeGeneric, true},
		"getSong-unknown-tr-999":    {"gonic", wire.CodeNotFound, false},
		"getPlayQueue":              {"gonic", wire.CodeNotFound, false},
		"auth-token-and-p":          {"gonic", wire.CodeMissing, false},
		"stream-notranscode":        {"gonic", wire.CodeGeneric, false},
		"getSong-unknown-00000000-": {"supysonic", wire.CodeNotFound, false},
	} {
		s := samples(t, want.server)[name]
		_, err := wire.Read(s.Status, strings.NewReader(s.Body))
		var refused *wire.Error
		if !errors.As(err, &refused) || refused.Code != want.code || refused.Unsupported() != want.unsupported {
			t.Errorf("%s: %v (%+v), want code %d, unsupported %v", name, err, refused, want.code, want.unsupported)
		}
	}
}

func TestServersThatDisagreeAreReadAlike(t *testing.T) {
	const title, album = "曲 1 – victory2", "Über – 日本語"
	for _, server := range servers {
		all := samples(t, server)
		song := read(t, all["getSong"]).Song.Value
		if song.Title != title || song.Album != album || song.Kbps() != 192 || song.Size != 519805 || song.Duration != 21 || song.Created.IsZero() {
			t.Errorf("%s: the song is %+v", server, song)
		}
		a := read(t, all["getAlbum"]).Album.Value
		if a.Name != album || len(a.Songs) != 3 || a.Created.Year() != 2026 {
			t.Errorf("%s: the album is %+v", server, a)
		}
		if n := len(read(t, all["getArtists"]).Artists.Value.All()); n < 40 {
			t.Errorf("%s: %d artists", server, n)
		}
		folders := read(t, all["getMusicFolders"]).MusicFolders.Value.Folders
		if len(folders) != 1 || folders[0].ID != "1" {
			t.Errorf("%s: the music folders are %+v", server, folders)
		}
		if found := read(t, all["search3-none"]).SearchResult.Value; len(found.Songs)+len(found.Albums)+len(found.Artists) != 0 {
			t.Errorf("%s: nothing was asked for and %+v found", server, found)
		}
		g := read(t, all["getGenres"]).Genres.Value.Genres
		if len(g) < 6 || g[0].Songs == 0 || g[0].Value == "" {
			t.Errorf("%s: the genres are %+v", server, g)
		}
		p := read(t, all["getPlaylist"]).Playlist.Value
		if p.Name != "sweep ü list" || len(p.Entries) != 2 || p.Owner != "alice" || p.Duration != 98 {
			t.Errorf("%s: the playlist is %+v", server, p)
		}
		st := read(t, all["getStarred2"]).Starred.Value
		if len(st.Artists) != 1 || len(st.Albums) != 1 || len(st.Songs) == 0 || st.Albums[0].Starred.IsZero() {
			t.Errorf("%s: starred is %+v", server, st)
		}
		if r := read(t, all["getInternetRadioStations-after"]).Stations.Value.Stations; len(r) != 1 || r[0].StreamURL != "http://127.0.0.1:9/s.mp3" {
			t.Errorf("%s: the stations are %+v", server, r)
		}
		if n := read(t, all["getNowPlaying-after-np"]).NowPlaying; server == "navidrome" && (!n.Set || n.Value.Entries[0].Username != "alice") {
			t.Errorf("%s: now playing is %+v", server, n)
		}
	}
}

func TestWhatOnlyNavidromeHas(t *testing.T) {
	all := samples(t, "navidrome")
	if e := read(t, all["getOpenSubsonicExtensions"]).Extensions; len(e) != 6 || e[2].Name != "songLyrics" || len(e[2].Versions) != 2 {
		t.Errorf("extensions: %+v", e)
	}
	l := read(t, all["getLyricsBySongId"]).LyricsList.Value.Structured
	if len(l) != 1 || !l[0].Synced || len(l[0].Lines) != 3 || l[0].Lines[2].Start != 3250 || l[0].Lines[2].Value != "synced three" {
		t.Errorf("lyrics: %+v", l)
	}
	if s := read(t, all["getShares-after"]).Shares.Value.Shares; len(s) != 1 || len(s[0].Entries) == 0 || s[0].URL == "" {
		t.Errorf("shares: %+v", s)
	}
	if b := read(t, all["getBookmarks-after"]).Bookmarks.Value.Bookmarks; len(b) != 1 || b[0].Position == 0 || b[0].Entry.Value.Title == "" {
		t.Errorf("bookmarks: %+v", b)
	}
	if q := read(t, all["getPlayQueueByIndex"]).QueueByIndex.Value; len(q.Entries) != 2 || q.Index != 1 {
		t.Errorf("play queue: %+v", q)
	}
	if u := read(t, all["getUser"]).User.Value; u.Name != "alice" {
		t.Errorf("user: %+v", u)
	}
}

func TestOddValuesMeanTheSame(t *testing.T) {
	const head = `{"subsonic-response":{"status":"ok","song":`
	for name, c := range map[string]struct {
		json string
		want wire.Song
	}{
		"numbers as text":   {`{"id":"7","track":"3","duration":"21","bitRate":"192"}`, wire.Song{ID: "7", Track: 3, Duration: 21, BitRate: 192}},
		"text as numbers":   {`{"id":7,"title":1984,"track":3}`, wire.Song{ID: "7", Title: "1984", Track: 3}},
		"an id of 0":        {`{"id":0,"title":"x"}`, wire.Song{ID: "0", Title: "x"}},
		"null and missing":  {`{"id":"7","title":null,"genres":null,"replayGain":null,"track":null}`, wire.Song{ID: "7"}},
		"fractions":         {`{"id":"7","duration":21.9,"minutesAgo":0.0}`, wire.Song{ID: "7", Duration: 21}},
		"one for many":      {`{"id":"7","genres":{"name":"A"}}`, wire.Song{ID: "7", Genres: wire.List[wire.Named]{{Name: "A"}}}},
		"many for one":      {`[{"id":"7"},{"id":"8"}]`, wire.Song{ID: "7"}},
		"rows of no sense":  {`{"id":"7","genres":[null,3,"x",{"name":"A"},[{"name":"B"}]]}`, wire.Song{ID: "7", Genres: wire.List[wire.Named]{{Name: "A"}, {Name: "B"}}}},
		"yes as text":       {`{"id":"7","isDir":"true","isVideo":0}`, wire.Song{ID: "7", IsDir: true}},
		"a number too big":  {`{"id":"7","size":1e300,"track":99999999999999999999}`, wire.Song{ID: "7"}},
		"control in a text": {`{"id":"a\u001bb","title":"a\u001b[2Jb\nc"}`, wire.Song{ID: "a\x1bb", Title: "ab c"}},
		"keys we know not":  {`{"id":"7","x":{"y":[1,{"z":null}]}}`, wire.Song{ID: "7"}},
	} {
		r, err := wire.Read(200, strings.NewReader(head+c.json+"}}"))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, _ := json.Marshal(r.Song.Value)
		want, _ := json.Marshal(c.want)
		if string(got) != string(want) {
			t.Errorf("%s: got %s\nwant %s", name, got, want)
		}
	}
}

func TestMomentsAreReadInEveryForm(t *testing.T) {
	for text, want := range map[string]string{
		`"2026-11-21T09:36:31"`:           "2026-11-21T09:36:31",
		`"2026-11-21T09:40:17.63568132Z"`: "2026-11-21T09:40:17",
		`"2026-11-21T09:40:17+00:00"`:     "2026-11-21T09:40:17",
		`1795253829000`:                   "2026-11-21T09:37:09",
		`"1795253829"`:                    "2026-11-21T09:37:09",
		`"2026-11-21"`:                    "2026-11-21T00:00:00",
		`null`:                            "0001-01-01T00:00:00",
		`"yesterday"`:                     "0001-01-01T00:00:00",
		`{}`:                              "0001-01-01T00:00:00",
		`-3`:                              "0001-01-01T00:00:00",
	} {
		var v wire.Time
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		in := v.Time
		if strings.ContainsAny(text, "Z+") || !strings.Contains(text, "-") {
			in = in.UTC()
		}
		if got := in.Format("2006-01-02T15:04:05"); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestKilobitsWhicheverTheServerCountsIn(t *testing.T) {
	for in, want := range map[wire.Int]int{192: 192, 192000: 192, 9216: 9216, 900000: 900, 0: 0, -5: 0, 32000: 32, 64: 64} {
		if got := (wire.Song{BitRate: in}).Kbps(); got != want {
			t.Errorf("%d: %d kbit/s, want %d", in, got, want)
		}
	}
}

func TestWhatIsNoAnswerSaysWhatItIs(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		want   error
		says   string
	}{
		"a web page":            {200, "<!doctype html><title>Router</title>", wire.ErrPage, "web page"},
		"a page that is gone":   {404, "<html>404</html>", wire.ErrPage, "404"},
		"a proxy's error":       {502, "<html>Bad Gateway</html>", nil, "502 Bad Gateway"},
		"nothing":               {200, "", wire.ErrEmpty, "empty"},
		"blanks":                {200, " \n ", wire.ErrEmpty, "empty"},
		"nothing with an error": {503, "", nil, "503 Service Unavailable"},
		"other JSON":            {200, `{"hello":1}`, wire.ErrForeign, "Subsonic"},
		"other JSON, refused":   {401, `{"hello":1}`, nil, "401"},
		"text":                  {200, "hello", wire.ErrForeign, "Subsonic"},
		"half an answer":        {200, `{"subsonic-response":{"status":"ok","ver`, nil, "cut short"},
		"XML that refuses":      {200, `<?xml version="1.0"?><subsonic-response status="failed" version="1.8.0"><error code="40" message="Wrong"/></subsonic-response>`, nil, "Wrong"},
		"XML that is ok":        {200, `<subsonic-response status="ok"/>`, wire.ErrForeign, "XML"},
		"a byte order mark":     {200, "\xef\xbb\xbf" + `{"subsonic-response":{"status":"failed","error":{"code":"70","message":"gone"}}}`, nil, "gone"},
	} {
		_, err := wire.Read(c.status, strings.NewReader(c.body))
		if err == nil || c.want != nil && !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}

// endless is a reader without an end.
type endless struct{ n int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	if e.n == 0 {
		copy(p, `{"a":"`)
	}
	e.n += len(p)
	return len(p), nil
}

func TestAnEndlessAnswerIsCutOff(t *testing.T) {
	in := &endless{}
	if _, err := wire.Read(200, in); !errors.Is(err, wire.ErrTooLong) {
		t.Errorf("got %v", err)
	}
	if in.n > wire.MaxReply+1<<20 {
		t.Errorf("%d bytes were read", in.n)
	}
}

func TestAReaderThatBreaksIsNotTakenForABadAnswer(t *testing.T) {
	broken := errors.New("connection reset")
	for _, head := range []string{"", `{"subsonic-response":{`} {
		_, err := wire.Read(200, &breaking{strings.NewReader(head), broken})
		if !errors.Is(err, broken) {
			t.Errorf("after %q: %v", head, err)
		}
	}
}

type breaking struct {
	r   *strings.Reader
	err error
}

func (b *breaking) Read(p []byte) (int, error) {
	if b.r.Len() == 0 {
		return 0, b.err
	}
	return b.r.Read(p)
}

func TestAMethodThatGonicDoesNotKnowIsNotAThingThatIsGone(t *testing.T) {
	s := samples(t, "gonic")["noSuchEndpoint"]
	_, err := wire.Read(s.Status, strings.NewReader(s.Body))
	var refused *wire.Error
	if !errors.As(err, &refused) || !refused.Unsupported() {
		t.Errorf("%v", err)
	}
}

package webapi

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// whole is one of everything, in the keys of today.
const whole = `{
 "id":"p","uri":"spotify:playlist:p","type":"playlist","name":"P","description":"a &amp; b","owner":{"id":"o","display_name":"O"},
 "public":true,"collaborative":false,"snapshot_id":"s","images":[{"url":"http://x/y","width":1,"height":null}],
 "items":{"href":"h","limit":50,"offset":0,"total":3,"next":null,"previous":null,"items":[
  {"added_at":"2026-01-02T03:04:05Z","added_by":{"id":"u"},"is_local":false,"item":{"id":"t","uri":"spotify:track:t","type":"track","name":"T","duration_ms":1500,
   "disc_number":1,"track_number":2,"explicit":true,"is_playable":true,"artists":[{"id":"a","name":"A"},null,{"name":"B"}],
   "album":{"id":"l","name":"L","album_type":"album","release_date":"1981","total_tracks":9,"artists":[{"id":"a","name":"A"}],"images":[]}}},
  {"added_at":"2026-01-02T03:04:05Z","item":{"id":"e","uri":"spotify:episode:e","type":"episode","name":"E","duration_ms":2000,"show":{"id":"w","name":"W"},"resume_point":{"resume_position_ms":7}}},
  {"added_at":"2026-01-02T03:04:05Z","item":null}]}}`

func read1(t testing.TB, text string) node {
	t.Helper()
	n, err := parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAWholePlaylistIsReadAndThoseOfBeforeToo(t *testing.T) {
	old := strings.NewReplacer(`"items":{"href"`, `"tracks":{"href"`, `"item":`, `"track":`).Replace(whole)
	both := strings.Replace(old, `"tracks":{`, `"items":null,"tracks":{`, 1)
	for name, text := range map[string]string{"today's": whole, "before's": old, "both": both} {
		p := playlistOf(read1(t, text))
		if !p.Listed || p.Total != 3 || len(p.Items.Items) != 3 || p.Description != "a & b" || p.Owner != "O" || p.Images[0].Height != 0 {
			t.Fatalf("%s: %+v", name, p)
		}
		tr := p.Items.Items[0].Item.Track
		if tr == nil || tr.Duration != 1500*time.Millisecond || len(tr.Artists) != 2 || tr.Album.Total != 9 || tr.Number != 2 || !tr.Explicit {
			t.Errorf("%s: the track is %+v", name, tr)
		}
		if e := p.Items.Items[1].Item.Episode; e == nil || e.Show.Name != "W" || e.Resume != 7*time.Millisecond || e.URI != "spotify:episode:e" {
			t.Errorf("%s: the episode is %+v", name, e)
		}
		if p.Items.Items[2].Item.URI() != "" || p.Items.Next != -1 {
			t.Errorf("%s: the last row is %+v", name, p.Items.Items[2])
		}
	}
}

func TestFieldsThatAreGoneOrOfAnotherTypeLoseOnlyThemselves(t *testing.T) {
	for name, c := range map[string]struct {
		json string
		ok   func(Track) bool
	}{
		"a length as text":          {`{"uri":"spotify:track:x","duration_ms":"1500"}`, func(t Track) bool { return t.Duration == 1500*time.Millisecond }},
		"a length that is nonsense": {`{"name":"N","duration_ms":-4}`, func(t Track) bool { return t.Name == "N" && t.Duration == 0 }},
		"a length beyond all":       {`{"name":"N","duration_ms":1e300}`, func(t Track) bool { return t.Duration == 0 }},
		"an object for a name":      {`{"id":"x","name":{"a":1}}`, func(t Track) bool { return t.ID == "x" && t.Name == "" }},
		"an id without a URI":       {`{"id":"x"}`, func(t Track) bool { return t.URI == "spotify:track:x" }},
		"a URI without an id":       {`{"uri":"spotify:track:x"}`, func(t Track) bool { return t.ID == "x" }},
		"artists that are one":      {`{"artists":{"name":"A"}}`, func(t Track) bool { return len(t.Artists) == 1 }},
		"artists that are a text":   {`{"artists":"A"}`, func(t Track) bool { return len(t.Artists) == 0 }},
		"a number for a flag":       {`{"is_playable":0}`, func(t Track) bool { return !t.Playable }},
		"nothing said of playing":   {`{}`, func(t Track) bool { return t.Playable }},
		"control characters":        {`{"name":"a\u001b[31mb\nc"}`, func(t Track) bool { return t.Name == "ab c" }},
		"an id with white space":    {`{"id":"a b\n"}`, func(t Track) bool { return t.ID == "" && t.URI == "" }},
		"a file of the user's own":  {`{"id":null,"uri":"spotify:local:A:B:C:1"}`, func(t Track) bool { return t.Local && t.ID == "" }},
		"a key that is there twice": {`{"name":"a","name":"b"}`, func(t Track) bool { return t.Name == "b" }},
		"an album that is null":     {`{"id":"x","album":null}`, func(t Track) bool { return t.Album.ID == "" && t.ID == "x" }},
		"a disc that is below zero": {`{"disc_number":-1}`, func(t Track) bool { return t.Disc == 0 }},
		"why it cannot be played":   {`{"is_playable":false,"restrictions":{"reason":"market"}}`, func(t Track) bool { return !t.Playable && t.Restricted == "market" }},
	} {
		if tr := trackOf(read1(t, c.json)); !c.ok(tr) {
			t.Errorf("%s: %+v", name, tr)
		}
	}
}

func TestAPageGoesOnByOffsetAndEndsWhereItMust(t *testing.T) {
	of := func(n node) string { return n.get("name").text() }
	for name, c := range map[string]struct {
		json       string
		next, rows int
	}{
		"more by total":                  {`{"items":[{},{}],"offset":2,"total":9}`, 4, 2},
		"the end by total":               {`{"items":[{},{}],"offset":7,"total":9,"next":"https://evil.example/"}`, -1, 2},
		"no total, but a next":           {`{"items":[{}],"next":"https://evil.example/v1"}`, 1, 1},
		"no total and no next":           {`{"items":[{}]}`, -1, 1},
		"no rows although there is more": {`{"items":[],"offset":0,"total":5}`, -1, 0},
		"rows that are null count":       {`{"items":[null,{},null],"total":9}`, 3, 1},
		"an offset below zero":           {`{"items":[{}],"offset":-5,"total":9}`, 1, 1},
	} {
		p := pageOf(read1(t, c.json), Window{}, of, false)
		if p.Next != c.next || len(p.Items) != c.rows {
			t.Errorf("%s: next %d, %d rows", name, p.Next, len(p.Items))
		}
	}
}

// readAll reads a value as everything that an answer may be.
func readAll(n node) {
	w := Window{}
	userOf(n)
	playlistOf(n)
	albumOf(n)
	showOf(n)
	queueOf(n)
	playbackOf(n)
	playOf(n)
	itemOf(n)
	pageOf(n, w, playlistItemOf, true)
	pageOf(n, w, savedOf("track", trackOf), false)
	found(n.get("tracks"), w, trackOf)
	each(n.get("devices"), deviceOf)
	if p := found(n, w, episodeOf); p.Next > lastFound {
		panic("beyond the last")
	}
}

func FuzzAnAnswerIsReadWhateverItIs(f *testing.F) {
	f.Add([]byte(whole), uint64(1))
	f.Add([]byte(`{"devices":[{"id":null,"volume_percent":"x"}]}`), uint64(2))
	f.Add([]byte(`{"items":{"items":[{"item":[{}]}]},"queue":{"uri":1}}`), uint64(3))
	f.Fuzz(func(t *testing.T, body []byte, seed uint64) {
		n, err := parse(body)
		if err != nil {
			return
		}
		readAll(n)
		readAll(node{mutated(rand.New(rand.NewPCG(seed, 1)), n.v, 0)})
	})
}

// mutated is a value with keys dropped, nulled, given other types and put one deeper.
func mutated(r *rand.Rand, v any, depth int) any {
	if r.IntN(12) == 0 && depth < 20 {
		switch r.IntN(6) {
		case 0:
			return nil
		case 1:
			return []any{v, nil, v}
		case 2:
			return map[string]any{"items": v, "total": json.Number("1e9"), "id": v}
		case 3:
			return json.Number("-99999999999999999999")
		case 4:
			return "\x00 text"
		case 5:
			return true
		}
	}
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			if r.IntN(15) > 0 {
				out[k] = mutated(r, e, depth+1)
			}
		}
		return out
	case []any:
		var out []any
		for _, e := range v {
			out = append(out, mutated(r, e, depth+1))
		}
		return out
	}
	return v
}

func TestRowsAroundABrokenOneAreKept(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 300 {
		n := read1(t, whole)
		rows, ok := n.get("items").get("items").v.([]any)
		if !ok {
			t.Fatal("no rows")
		}
		rows[1] = mutated(r, rows[1], 0)
		p := playlistOf(n)
		if len(p.Items.Items) != 3 || p.Items.Items[0].Item.URI() != "spotify:track:t" {
			t.Fatalf("a broken row took others along: %+v", p.Items.Items)
		}
	}
}

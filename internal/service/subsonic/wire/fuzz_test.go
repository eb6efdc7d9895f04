package wire_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"segue/internal/service/subsonic/wire"
)

// spoil returns v with damage somewhere below: keys dropped, values nulled, retyped or nested.
func spoil(r *rand.Rand, v any, rate float64) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			if r.Float64() >= rate/4 { // else the key is dropped
				out[k] = harm(r, spoil(r, x, rate), rate)
			}
		}
		return out
	case []any:
		out := make([]any, 0, len(v))
		for _, x := range v {
			out = append(out, harm(r, spoil(r, x, rate), rate))
		}
		return out
	}
	return v
}

// odd is what stands where something else belongs.
var odd = []any{nil, "", "x", 0, -1, 1e300, true, []any{}, map[string]any{}, []any{nil, 3}, map[string]any{"id": []any{}}}

func harm(r *rand.Rand, v any, rate float64) any {
	if r.Float64() >= rate {
		return v
	}
	switch r.IntN(4) {
	case 0:
		return nil
	case 1:
		return odd[r.IntN(len(odd))]
	case 2:
		return []any{v}
	}
	return map[string]any{"value": v, "name": v}
}

func TestDamagedAnswersNeverBreakTheReader(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 17))
	for _, server := range slices.Concat(servers, written) {
		for name, s := range samples(t, server) {
			var tree any
			if json.Unmarshal([]byte(s.Body), &tree) != nil {
				continue
			}
			for range 30 {
				b, err := json.Marshal(spoil(r, tree, 0.1))
				if err != nil {
					t.Fatal(err)
				}
				reply, err := wire.Read(s.Status, strings.NewReader(string(b)))
				if err == nil && reply == nil {
					t.Fatalf("%s: neither answer nor error for %s", name, b)
				}
			}
		}
	}
}

// Each row of a list is damaged in turn, in each way: the other rows stay as they were (trap 14).
func TestADamagedRowCostsThatRowOnly(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for _, server := range servers {
		var whole map[string]map[string]any
		if err := json.Unmarshal([]byte(samples(t, server)["getAlbum"].Body), &whole); err != nil {
			t.Fatal(err)
		}
		album, ok := whole["subsonic-response"]["album"].(map[string]any)
		if !ok {
			t.Fatal("no album")
		}
		songs, ok := album["song"].([]any)
		if !ok || len(songs) != 3 {
			t.Fatal("no songs")
		}
		for try := range 600 {
			at := try % len(songs)
			damaged := append([]any(nil), songs...)
			damaged[at] = harm(r, spoil(r, songs[at], 0.5), 0.7)
			album["song"] = damaged
			b, err := json.Marshal(whole)
			if err != nil {
				t.Fatal(err)
			}
			reply, err := wire.Read(200, strings.NewReader(string(b)))
			if err != nil {
				t.Fatalf("%v for %s", err, b)
			}
			kept := 0
			for i, name := range []wire.Text{"曲 1 – victory2", "曲 2 – sad", "曲 3 – revelation"} {
				for _, song := range reply.Album.Value.Songs {
					if i != at && song.Title == name && song.Duration > 0 && song.ID != "" {
						kept++
						break
					}
				}
			}
			if kept != 2 {
				t.Fatalf("row %d was damaged and %d others are left: %s", at, kept, b)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, server := range servers {
		for _, s := range samples(f, server) {
			if len(s.Body) < 3000 {
				f.Add(s.Status, s.Body)
			}
		}
	}
	f.Add(200, `{"subsonic-response":[[[{"status":"ok","song":{"replayGain":{"trackGain":"-3.5"}}}]]]}`)
	f.Fuzz(func(t *testing.T, status int, body string) {
		reply, err := wire.Read(status, strings.NewReader(body))
		if err == nil && reply == nil {
			t.Fatal("neither answer nor error")
		}
		if err != nil && strings.ContainsAny(err.Error(), "\n\x1b") {
			t.Fatalf("an error of more than a line: %q", err)
		}
	})
}

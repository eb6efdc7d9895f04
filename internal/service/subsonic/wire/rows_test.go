package wire_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"segue/internal/service/subsonic/wire"
)

// list is an array of things somewhere in an answer.
type list struct {
	path string
	rows []any
	set  func([]any)
}

// lists finds the arrays of at least two things below v.
func lists(path string, v any) (all []list) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			at := strings.TrimPrefix(path+"/"+k, "/")
			rows, ok := x.([]any)
			if _, things := firstOf(rows).(map[string]any); ok && things && len(rows) > 1 {
				all = append(all, list{path: at, rows: rows, set: func(rows []any) { v[k] = rows }})
			}
			all = append(all, lists(at, x)...)
		}
	case []any:
		for _, x := range v {
			all = append(all, lists(path, x)...)
		}
	}
	return all
}

func firstOf(rows []any) any {
	if len(rows) == 0 {
		return nil
	}
	return rows[0]
}

// marked is v with a mark in its names.
func marked(v any, mark string) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			text, isText := x.(string)
			if isText && slices.Contains([]string{"name", "title", "value"}, k) {
				out[k] = text + mark
				continue
			}
			out[k] = marked(x, mark)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = marked(x, mark)
		}
		return out
	}
	return v
}

// Whatever list of whatever answer has a damaged row, in each of many ways: its other rows
// are read as before (trap 14).
func TestADamagedRowOfAnyListCostsThatRowOnly(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 3))
	tried := map[string]bool{}
	for _, server := range slices.Concat(servers, written) {
		for name, s := range samples(t, server) {
			var tree map[string]any
			if s.Status != 200 || json.Unmarshal([]byte(s.Body), &tree) != nil {
				continue
			}
			read := func() string {
				b, err := json.Marshal(tree)
				if err != nil {
					t.Fatal(err)
				}
				reply, err := wire.Read(200, strings.NewReader(string(b)))
				if err != nil {
					return "" // an answer that is an error
				}
				return fmt.Sprintf("%+v", *reply)
			}
			for _, l := range lists("", tree) {
				rows := slices.Clone(l.rows[:min(len(l.rows), 4)])
				for i := range rows {
					rows[i] = marked(rows[i], fmt.Sprintf(" mark%d.", i))
				}
				l.set(rows)
				whole := read()
				for try := range 40 {
					at := try % len(rows)
					damaged := slices.Clone(rows)
					damaged[at] = harm(r, spoil(r, rows[at], 0.5), 0.7)
					l.set(damaged)
					got := read()
					for i := range rows {
						mark := fmt.Sprintf("mark%d.", i)
						if i == at || !strings.Contains(whole, mark) {
							continue // what Segue does not read
						}
						tried[l.path] = true
						if strings.Count(got, mark) != strings.Count(whole, mark) {
							t.Fatalf("%s of %s: row %d of %s was damaged, and row %d is not as it was: %s", name, server, at, l.path, i, got)
						}
					}
				}
				l.set(l.rows)
			}
		}
	}
	if len(tried) < 25 {
		t.Errorf("only %d lists were tried: %v", len(tried), tried)
	}
}

package spotify

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"segue/internal/music"
	"segue/internal/query"
	"segue/session"
)

// wanted is one question for Spotify's search, and what is looked for on our side in what
// it finds.
type wanted struct {
	q     string       // in Spotify's words; empty = there is nothing that it could look for
	rest  *query.Query // nil = Spotify's answer is all of it
	never bool         // nothing of the type can be meant
}

// Spotify's names of fields, and the types that know them.
var spotifyFields = map[query.Field]struct {
	name  string
	types []string
}{
	query.Title:  {"track", []string{session.TypeTracks}},
	query.Artist: {"artist", []string{session.TypeTracks, session.TypeAlbums, session.TypeArtists}},
	query.Album:  {"album", []string{session.TypeTracks, session.TypeAlbums}},
	query.Genre:  {"genre", []string{session.TypeTracks, session.TypeArtists}},
	query.Year:   {"year", []string{session.TypeTracks, session.TypeAlbums, session.TypeArtists}},
}

// translate puts a query into Spotify's words, for one type of things. Alternatives become
// several questions.
func translate(account music.AccountID, q *query.Query, of string) []wanted {
	if or, ok := q.Root.(query.Or); ok {
		var all []wanted
		for _, n := range or.Nodes {
			all = append(all, translateOne(account, n, of))
		}
		return slices.DeleteFunc(all, func(w wanted) bool { return w.never })
	}
	w := translateOne(account, q.Root, of)
	if w.never {
		return nil
	}
	return []wanted{w}
}

func translateOne(account music.AccountID, root query.Node, of string) (w wanted) {
	nodes := []query.Node{root}
	if a, ok := root.(query.And); ok {
		nodes = a.Nodes
	}
	var words []string
	var rest []query.Node
	for _, n := range nodes {
		word, known := "", false
		switch n := n.(type) {
		case query.Text:
			if n.Field == query.Source {
				w.never = w.never || !strings.EqualFold(n.Value, string(account))
				continue
			}
			word, known = textWord(n, of)
			w.never = w.never || !known
		case query.Number:
			if n.Field == query.Year {
				word, known = yearWord(n), slices.Contains(spotifyFields[query.Year].types, of)
				w.never = w.never || !known
			}
		case query.And, query.Or, query.Not, query.Starred:
		}
		if known {
			words = append(words, word)
		} else {
			rest = append(rest, n)
		}
	}
	w.q = strings.Join(words, " ")
	if len(rest) > 0 {
		w.rest = &query.Query{Root: query.And{Nodes: rest}}
	}
	return w
}

// textWord is a term in Spotify's words; ok is false where things of the type have no
// such field.
func textWord(t query.Text, of string) (word string, ok bool) {
	value := strings.TrimSpace(strings.ReplaceAll(t.Value, `"`, " "))
	if t.Phrase || strings.ContainsAny(value, " \t") {
		value = `"` + value + `"`
	}
	if t.Field == query.Any {
		return value, true
	}
	f, known := spotifyFields[t.Field]
	return f.name + ":" + value, known && slices.Contains(f.types, of)
}

func yearWord(n query.Number) string {
	const first, last = 1000, 9999
	low, high := first, last
	if !math.IsInf(n.Low, 0) {
		low = max(first, int(math.Ceil(n.Low)))
	}
	if !math.IsInf(n.High, 0) {
		high = min(last, int(math.Floor(n.High)))
	}
	if low == high {
		return fmt.Sprintf("year:%d", low)
	}
	return fmt.Sprintf("year:%d-%d", low, high)
}

// searchMost is how long a question to Spotify may be, in bytes; more is cut.
const searchMost = 250

// cutWords cuts a question between two words, where it is too long.
func cutWords(q string) string {
	if len(q) <= searchMost {
		return q
	}
	cut := strings.LastIndexByte(q[:searchMost], ' ')
	if cut <= 0 {
		return strings.ToValidUTF8(q[:searchMost], "")
	}
	q = q[:cut]
	if strings.Count(q, `"`)%2 == 1 {
		q += `"`
	}
	return q
}

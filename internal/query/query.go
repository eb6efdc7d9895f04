// Package query is the language in which people look for music, the same in find,
// search, live playlists, the command line and remote commands:
//
//	words                 every word, as the start of a word, without case and accents
//	"two words"           these words side by side
//	artist:bach ~a bach   in one field: artist ~a, album ~l, title ~t, genre ~g
//	year:1970-79 ~y 70-79 a year or a range; also <, <=, >, >=, 1990.., ..1960
//	time:>5m              length: seconds, 90s, 5m, 1h, 3:30
//	plays:>5 rating:>=4   numbers
//	added:<30d            age: h, d, w, m (months), y; played:>1y likewise
//	starred  source:home  stars; one account
//	-word  !word          not
//	a | b                 or, weaker than the "and" between two terms; ( ) group
//
// Parse gives a tree of nodes, which a service turns into its own terms (SQL, a
// server's search) and which Match asks of a track in memory. The package has no
// goroutines and does no I/O.
package query

import (
	"fmt"
	"math"
)

// Field names what a term looks at.
type Field string

// The fields. Any stands for title, artists and album.
const (
	Any    Field = ""
	Artist Field = "artist"
	Album  Field = "album"
	Title  Field = "title"
	Genre  Field = "genre"
	Source Field = "source"
	Year   Field = "year"
	Time   Field = "time"   // seconds
	Plays  Field = "plays"  // times
	Rating Field = "rating" // 0 to 5
	Added  Field = "added"  // age in seconds
	Played Field = "played" // age of the last play in seconds; never played is infinite
)

// Node is a part of a query: And, Or, Not, Text, Number or Starred. The sum is sealed.
type Node interface{ node() }

type (
	// And holds when all its nodes do; without nodes always.
	And struct{ Nodes []Node }
	// Or holds when one of its nodes does; it has at least two.
	Or struct{ Nodes []Node }
	// Not holds when its node does not.
	Not struct{ Node Node }
	// Text looks for words in a text field. Value is as it was typed; with Phrase the
	// words stand side by side.
	Text struct {
		Field  Field
		Value  string
		Phrase bool
	}
	// Number holds when the field lies between Low and High, both included; the ends
	// may be infinite.
	Number struct {
		Field     Field
		Low, High float64
	}
	// Starred holds for starred tracks.
	Starred struct{}
)

func (And) node()     {}
func (Or) node()      {}
func (Not) node()     {}
func (Text) node()    {}
func (Number) node()  {}
func (Starred) node() {}

// Query is a parsed query.
type Query struct {
	Root Node // never nil
	Text string
}

// Empty reports whether the query asks for nothing in particular.
func (q *Query) Empty() bool {
	a, ok := q.Root.(And)
	return ok && len(a.Nodes) == 0
}

// Words are the bare words and phrases that must be there, in order, for services
// that can only look for text. Negated terms and alternatives are not among them.
func (q *Query) Words() []string {
	a, ok := q.Root.(And)
	if !ok {
		a = And{Nodes: []Node{q.Root}}
	}
	var words []string
	for _, n := range a.Nodes {
		if t, ok := n.(Text); ok && t.Field != Source {
			words = append(words, t.Value)
		}
	}
	return words
}

// Error is a mistake in a query: the bytes from Pos on, Len of them, and what is wrong.
type Error struct {
	Pos, Len int
	Msg      string
}

// Error names the mistake.
func (e *Error) Error() string { return fmt.Sprintf("query: at %d: %s", e.Pos+1, e.Msg) }

// inf is an open end of a range.
var inf = math.Inf(1)

// fields maps every name of a field to it.
var fields = map[string]Field{
	"artist": Artist, "a": Artist, "album": Album, "l": Album, "title": Title, "t": Title, "track": Title,
	"genre": Genre, "g": Genre, "year": Year, "y": Year, "time": Time, "length": Time, "plays": Plays,
	"rating": Rating, "added": Added, "played": Played, "source": Source, "account": Source,
}

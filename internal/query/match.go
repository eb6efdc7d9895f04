package query

import (
	"strings"
	"time"

	"segue/internal/match"
	"segue/internal/music"
)

// Match reports whether the track is among what the query asks for, now.
func (q *Query) Match(t music.Track) bool { return q.MatchAt(t, time.Now()) }

// MatchAt is Match with the moment from which ages are counted.
func (q *Query) MatchAt(t music.Track, now time.Time) bool { return holds(q.Root, &t, now) }

func holds(n Node, t *music.Track, now time.Time) bool {
	switch n := n.(type) {
	case And:
		for _, x := range n.Nodes {
			if !holds(x, t, now) {
				return false
			}
		}
		return true
	case Or:
		for _, x := range n.Nodes {
			if holds(x, t, now) {
				return true
			}
		}
		return false
	case Not:
		return !holds(n.Node, t, now)
	case Text:
		return n.in(t)
	case Number:
		x := valueOf(n.Field, t, now)
		return n.Low <= x && x <= n.High
	case Starred:
		return t.Starred
	}
	return false
}

// in looks for the text. For Any, each word may stand in a field of its own.
func (x Text) in(t *music.Track) bool {
	switch x.Field {
	case Artist:
		return x.found(t.Artist()) || x.found(t.AlbumArtist())
	case Album:
		return x.found(t.Album)
	case Title:
		return x.found(t.Title)
	case Genre:
		return x.found(strings.Join(t.Genres, " "))
	case Source:
		return strings.EqualFold(string(t.Ref.Account), x.Value)
	case Any, Year, Time, Plays, Rating, Added, Played:
	}
	if x.Phrase {
		return x.found(t.Title) || x.found(t.Artist()) || x.found(t.Album) || x.found(t.AlbumArtist())
	}
	return x.found(t.Title + " \x00 " + t.Artist() + " \x00 " + t.AlbumArtist() + " \x00 " + t.Album)
}

func (x Text) found(s string) bool {
	if !x.Phrase {
		return match.Contains(s, x.Value)
	}
	return strings.Contains(" "+match.Fold(s)+" ", " "+match.Fold(x.Value)+" ")
}

// valueOf is a track's number of a field. What is not known lies in no range that
// has a lower end: an unknown year is 0, an unknown date infinitely long ago.
func valueOf(f Field, t *music.Track, now time.Time) float64 {
	switch f {
	case Year:
		return float64(t.Year)
	case Time:
		return t.Duration.Seconds()
	case Plays:
		return float64(t.Plays)
	case Rating:
		return float64(t.Rating)
	case Added:
		return since(t.Added, now)
	case Played:
		return since(t.LastPlayed, now)
	case Any, Artist, Album, Title, Genre, Source:
	}
	return 0
}

func since(then, now time.Time) float64 {
	if then.IsZero() {
		return inf
	}
	return now.Sub(then).Seconds()
}

// Package rows filters, sorts and cuts lists that are in memory, for services that have
// no index of their own to do it. It has no goroutines and does no I/O.
package rows

import (
	"cmp"
	"slices"

	"segue/internal/match"
	"segue/internal/music"
	"segue/internal/query"
)

// Most is how many rows a page has when nobody says; more are never given.
const Most = 500

// Limit is how many rows a question is answered with.
func Limit(ask music.Ask) int {
	if ask.Limit <= 0 || ask.Limit > Most {
		return Most
	}
	return ask.Limit
}

// Cut makes a page of the whole list.
func Cut(page music.Page, items []music.Item, ask music.Ask) music.Page {
	page.Total = len(items)
	from := min(max(ask.Offset, 0), len(items))
	page.Items = items[from:min(from+Limit(ask), len(items))]
	return page
}

// Filter keeps the rows that the filter asks for, in place.
func Filter(items []music.Item, filter string) []music.Item {
	if filter == "" {
		return items
	}
	return slices.DeleteFunc(items, func(it music.Item) bool { return !Match(filter, it) })
}

// Match asks a row with a filter of package query. A filter with a mistake is looked for
// as it is: the page that it belongs to has already said so.
func Match(filter string, it music.Item) bool {
	if filter == "" {
		return true
	}
	q, err := query.Parse(filter)
	if err != nil {
		return match.Contains(it.ItemName(), filter)
	}
	return Holds(q, it)
}

// Holds asks a row with a query.
func Holds(q *query.Query, it music.Item) bool {
	switch it := it.(type) {
	case music.Track:
		return q.Match(it)
	case music.Album:
		return q.Match(music.Track{Ref: it.Ref, Album: it.Title, Artists: it.Artists, Genres: it.Genres, Year: it.Year, Duration: it.Duration,
			Starred: it.Starred, Rating: it.Rating, Plays: it.Plays, Added: it.Added})
	case music.Artist:
		return q.Match(music.Track{Ref: it.Ref, Artists: []string{it.Name}, Starred: it.Starred, Plays: it.Plays})
	case music.Playlist:
		return q.Match(music.Track{Ref: it.Ref, Title: it.Name, Duration: it.Duration})
	case music.Folder:
		return q.Match(music.Track{Ref: it.Ref, Title: it.Name})
	case music.Chart:
		return Holds(q, it.Item)
	}
	return true
}

// Sort brings rows into an order, without disturbing equals; the default is theirs already.
func Sort(items []music.Item, by music.Sort) {
	if by == music.SortDefault {
		return
	}
	slices.SortStableFunc(items, func(a, b music.Item) int {
		if c := cmp.Compare(sortRank(a), sortRank(b)); c != 0 {
			return c
		}
		x, y := sortTrack(a), sortTrack(b)
		switch by {
		case music.SortArtist:
			return cmp.Compare(match.SortKey(x.AlbumArtist()), match.SortKey(y.AlbumArtist()))
		case music.SortAlbum:
			return cmp.Compare(match.SortKey(x.Album), match.SortKey(y.Album))
		case music.SortYear:
			return cmp.Compare(x.Year, y.Year)
		case music.SortAdded:
			return y.Added.Compare(x.Added)
		case music.SortPlays:
			return cmp.Compare(y.Plays, x.Plays)
		case music.SortPlayed:
			return y.LastPlayed.Compare(x.LastPlayed)
		case music.SortRating:
			return cmp.Compare(y.Rating, x.Rating)
		case music.SortDuration:
			return cmp.Compare(x.Duration, y.Duration)
		case music.SortPath:
			return cmp.Compare(x.Path, y.Path)
		case music.SortDefault, music.SortTitle:
		}
		return cmp.Compare(match.SortKey(a.ItemName()), match.SortKey(b.ItemName()))
	})
}

// sortRank keeps folders before playlists before what plays.
func sortRank(it music.Item) int {
	switch it.(type) {
	case music.Folder:
		return 0
	case music.Playlist:
		return 1
	}
	return 2
}

func sortTrack(it music.Item) music.Track {
	switch it := it.(type) {
	case music.Track:
		return it
	case music.Album:
		return music.Track{Title: it.Title, Album: it.Title, Artists: it.Artists, Year: it.Year, Added: it.Added, Plays: it.Plays, Rating: it.Rating, Duration: it.Duration}
	}
	return music.Track{Title: it.ItemName()}
}

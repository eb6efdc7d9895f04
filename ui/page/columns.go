package page

import (
	"slices"
	"time"

	"segue/internal/music"
	"segue/ui/widget"
)

// field is what a column shows.
type field uint8

const (
	fNumber field = iota
	fPlace
	fRank
	fMove
	fTitle
	fArtist
	fAlbum
	fYear
	fTracks
	fAlbums
	fDetail
	fTime
	fPlays
	fStar
	fSource
	fOwner
)

// layout is the columns of a list.
type layout struct {
	fields []field
	cols   []widget.Column
}

func (l *layout) add(f field, c widget.Column) {
	l.fields = append(l.fields, f)
	l.cols = append(l.cols, c)
}

func column(f field) widget.Column {
	switch f {
	case fNumber:
		return widget.Column{Name: "#", Width: 4, Right: true, Drop: 2}
	case fPlace:
		return widget.Column{Name: "#", Width: 4, Right: true, Drop: 4}
	case fRank:
		return widget.Column{Name: "#", Width: 4, Right: true}
	case fMove:
		return widget.Column{Name: "", Width: 4}
	case fTitle:
		return widget.Column{Name: "Title", Flex: 5, Min: 14}
	case fArtist:
		return widget.Column{Name: "Artist", Flex: 3, Min: 12, Drop: 5}
	case fAlbum:
		return widget.Column{Name: "Album", Flex: 3, Min: 12, Drop: 7}
	case fYear:
		return widget.Column{Name: "Year", Width: 4, Right: true, Drop: 4}
	case fTracks:
		return widget.Column{Name: "Tracks", Width: 6, Right: true, Drop: 6}
	case fAlbums:
		return widget.Column{Name: "Albums", Width: 6, Right: true, Drop: 5}
	case fDetail:
		return widget.Column{Name: "", Flex: 2, Min: 10, Right: true, Drop: 1}
	case fTime:
		return widget.Column{Name: "Time", Width: 7, Right: true, Drop: 1}
	case fPlays:
		return widget.Column{Name: "Plays", Width: 5, Right: true, Drop: 6}
	case fStar:
		return widget.Column{Name: "", Width: 1, Drop: 8}
	case fSource:
		return widget.Column{Name: "From", Width: 10, Drop: 9}
	case fOwner:
		return widget.Column{Name: "Whose", Flex: 2, Min: 10, Drop: 5}
	}
	return widget.Column{}
}

func fields(name string, fs ...field) layout {
	var l layout
	for _, f := range fs {
		c := column(f)
		if f == fTitle && name != "" {
			c.Name = name
		}
		l.add(f, c)
	}
	return l
}

// kinds counts rows by what they are.
type kinds struct {
	n, tracks, albums, artists, playlists, folders, charts int
	plays                                                  int
	oneArtist                                              bool
	long                                                   bool // a track takes an hour or more
	moved                                                  bool // some place of a chart is known from before
	theirs                                                 bool // there are playlists of others
}

func kindsOf(items []music.Item) kinds {
	k := kinds{n: len(items), oneArtist: true}
	first := ""
	for _, it := range items {
		switch v := it.(type) {
		case music.Track:
			if k.tracks == 0 {
				first = v.By()
			}
			k.oneArtist = k.oneArtist && v.By() == first
			k.tracks++
			k.plays += v.Plays
			k.long = k.long || v.Duration >= time.Hour
		case music.Album:
			k.albums++
		case music.Artist:
			k.artists++
		case music.Playlist:
			k.playlists++
			k.theirs = k.theirs || v.Theirs
		case music.Folder:
			k.folders++
		case music.Chart:
			k.charts++
			k.moved = k.moved || v.Previous != 0
		}
	}
	return k
}

// layoutFor chooses columns by what the rows are and where they are shown; rows of
// several accounts say where they are from.
func layoutFor(of music.Ref, items []music.Item) layout {
	k := kindsOf(items)
	l := rowsLayout(of, k)
	if k.tracks == k.n && !k.long {
		l.narrow(fTime, len("59:59"))
	}
	if mixed(items) {
		at := max(slices.Index(l.fields, fStar), 0)
		l.fields = slices.Insert(l.fields, at, fSource)
		l.cols = slices.Insert(l.cols, at, column(fSource))
	}
	return l
}

// narrow gives a column so many cells.
func (l *layout) narrow(f field, w int) {
	if i := slices.Index(l.fields, f); i >= 0 {
		l.cols[i].Width = w
	}
}

// mixed reports whether rows are of several accounts.
func mixed(items []music.Item) bool {
	for i, it := range items {
		if _, chart := it.(music.Chart); chart {
			return false
		}
		if i > 0 && it.ItemRef().Account != items[0].ItemRef().Account {
			return true
		}
	}
	return false
}

// rowsLayout chooses the columns of rows of these kinds.
func rowsLayout(of music.Ref, k kinds) layout {
	switch {
	case k.charts > 0 && k.charts == k.n && !k.moved: // where all are new, it is not said of each
		return fields("", fRank, fTitle, fArtist, fStar, fPlays)
	case k.n == 0 || k.charts > 0 && k.charts == k.n:
		return fields("", fRank, fMove, fTitle, fArtist, fStar, fPlays)
	case of == music.Queue:
		return fields("", fPlace, fTitle, fArtist, fAlbum, fStar, fTime)
	case k.tracks == k.n && of.Kind == music.KindAlbum:
		fs := []field{fNumber, fTitle}
		if !k.oneArtist {
			fs = append(fs, fArtist)
		}
		fs = append(fs, fStar)
		if k.plays > 0 {
			fs = append(fs, fPlays)
		}
		return fields("", append(fs, fTime)...)
	case k.tracks == k.n && of.Kind == music.KindPlaylist:
		return fields("", fPlace, fTitle, fArtist, fAlbum, fStar, fTime)
	case k.albums == k.n && of.Kind == music.KindArtist:
		return fields("Album", fYear, fTitle, fStar, fTracks, fTime)
	case k.albums == k.n:
		return fields("Album", fTitle, fArtist, fStar, fYear, fTracks, fTime)
	case k.artists == k.n:
		return fields("Artist", fTitle, fStar, fAlbums, fTracks)
	case k.folders+k.playlists == k.n && k.theirs:
		return fields("Playlist", fTitle, fOwner, fTracks, fTime)
	case k.folders+k.playlists == k.n && k.playlists > 0:
		return fields("Playlist", fTitle, fTracks, fTime)
	case k.folders == k.n:
		return fields("Name", fTitle, fDetail)
	}
	return fields("", fTitle, fArtist, fAlbum, fStar, fTime)
}

// fill writes the cells of a row. i is the row's place in the list.
func (l *layout) fill(cells []widget.Cell, it music.Item, i int) {
	for c, f := range l.fields {
		cells[c] = cell(f, it, i)
	}
}

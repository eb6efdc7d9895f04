package page

import (
	"slices"
	"strconv"
	"strings"

	"segue/internal/music"
	"segue/session"
	"segue/ui/screen"
	"segue/ui/style"
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
		}
	}
	return k
}

// layoutFor chooses columns by what the rows are and where they are shown; rows of
// several accounts say where they are from.
func layoutFor(of music.Ref, items []music.Item) layout {
	l := rowsLayout(of, kindsOf(items))
	if mixed(items) {
		at := max(len(l.fields)-1, 0)
		l.fields = slices.Insert(l.fields, at, fSource)
		l.cols = slices.Insert(l.cols, at, column(fSource))
	}
	return l
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
	case k.n == 0 || k.charts > 0 && k.charts == k.n:
		return fields("", fRank, fMove, fTitle, fArtist, fPlays, fStar)
	case of == music.Queue:
		return fields("", fPlace, fTitle, fArtist, fAlbum, fTime, fStar)
	case k.tracks == k.n && of.Kind == music.KindAlbum:
		fs := []field{fNumber, fTitle}
		if !k.oneArtist {
			fs = append(fs, fArtist)
		}
		if k.plays > 0 {
			fs = append(fs, fPlays)
		}
		return fields("", append(fs, fTime, fStar)...)
	case k.tracks == k.n && of.Kind == music.KindPlaylist:
		return fields("", fPlace, fTitle, fArtist, fAlbum, fTime, fStar)
	case k.albums == k.n && of.Kind == music.KindArtist:
		return fields("Album", fYear, fTitle, fTracks, fTime, fStar)
	case k.albums == k.n:
		return fields("Album", fTitle, fArtist, fYear, fTracks, fTime, fStar)
	case k.artists == k.n:
		return fields("Artist", fTitle, fAlbums, fTracks, fStar)
	case k.folders+k.playlists == k.n && k.theirs:
		return fields("Playlist", fTitle, fOwner, fTracks, fTime)
	case k.folders+k.playlists == k.n && k.playlists > 0:
		return fields("Playlist", fTitle, fTracks, fTime)
	case k.folders == k.n:
		return fields("Name", fTitle, fDetail)
	}
	return fields("", fTitle, fArtist, fAlbum, fTime, fStar)
}

// fill writes the cells of a row. i is the row's place in the list.
func (l *layout) fill(cells []widget.Cell, it music.Item, i int) {
	for c, f := range l.fields {
		cells[c] = cell(f, it, i)
	}
}

func text(s string) widget.Cell  { return widget.Cell{Text: s, Pen: style.Text} }
func muted(s string) widget.Cell { return widget.Cell{Text: s, Pen: style.Muted} }

func number(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func cell(f field, it music.Item, i int) widget.Cell {
	switch f {
	case fPlace:
		return muted(strconv.Itoa(i + 1))
	case fSource:
		return muted(AccountName(session.AccountInfo{ID: it.ItemRef().Account}))
	case fRank, fMove, fPlays:
		if c, ok := it.(music.Chart); ok {
			return chartCell(f, c)
		}
	}
	switch v := it.(type) {
	case music.Track:
		return trackCell(f, v)
	case music.Album:
		return albumCell(f, v)
	case music.Artist:
		return artistCell(f, v)
	case music.Playlist:
		return playlistCell(f, v)
	case music.Folder:
		return folderCell(f, v)
	case music.Chart:
		return cell(f, v.Item, i)
	}
	return widget.Cell{}
}

func star(on bool) widget.Cell {
	if on {
		return widget.Cell{Text: "♥", Pen: style.Accent}
	}
	return widget.Cell{}
}

func trackCell(f field, t music.Track) widget.Cell {
	switch f {
	case fNumber:
		if t.Discs > 1 && t.Disc > 0 && t.Number > 0 {
			return muted(strconv.Itoa(t.Disc) + "." + pad2(t.Number))
		}
		return muted(number(t.Number))
	case fTitle:
		if t.Unplayable != "" {
			return muted("× " + t.Title) // to be seen without colour, too
		}
		return text(t.Title)
	case fArtist:
		return muted(t.By())
	case fAlbum:
		return muted(t.Album)
	case fYear:
		return muted(number(t.Year))
	case fTime:
		return muted(screen.Clock(t.Duration))
	case fPlays:
		return muted(number(t.Plays))
	case fStar:
		return star(t.Starred)
	case fDetail:
		return muted(t.By())
	}
	return widget.Cell{}
}

func pad2(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

func albumCell(f field, a music.Album) widget.Cell {
	switch f {
	case fTitle:
		return text(a.Title)
	case fArtist, fDetail:
		return muted(a.Artist())
	case fAlbum, fTracks:
		if f == fAlbum {
			return muted(plural(a.Tracks, "track"))
		}
		return muted(number(a.Tracks))
	case fYear:
		return muted(number(a.Year))
	case fTime:
		return muted(screen.Clock(a.Duration))
	case fPlays:
		return muted(number(a.Plays))
	case fStar:
		return star(a.Starred)
	}
	return widget.Cell{}
}

func artistCell(f field, a music.Artist) widget.Cell {
	switch f {
	case fTitle:
		return text(a.Name)
	case fAlbums:
		return muted(number(a.Albums))
	case fAlbum, fDetail:
		return muted(plural(a.Albums, "album"))
	case fTracks:
		return muted(number(a.Tracks))
	case fPlays:
		return muted(number(a.Plays))
	case fStar:
		return star(a.Starred)
	}
	return widget.Cell{}
}

func playlistCell(f field, p music.Playlist) widget.Cell {
	switch f {
	case fTitle:
		return text(p.Name)
	case fArtist:
		return muted(p.Owner)
	case fOwner:
		return muted(whose(p))
	case fTracks:
		if p.Closed {
			return muted("whole")
		}
		return muted(number(p.Tracks))
	case fAlbum, fDetail:
		if p.Closed {
			return muted("plays as a whole")
		}
		return muted(plural(p.Tracks, "track"))
	case fTime:
		return muted(screen.Clock(p.Duration))
	}
	return widget.Cell{}
}

// whose says of a playlist of somebody else who that is, and what one may do with it.
func whose(p music.Playlist) string {
	switch {
	case !p.Theirs:
		return ""
	case p.Writable:
		return strings.TrimSpace(p.Owner + ", shared")
	case p.Closed:
		return strings.TrimSpace(p.Owner + ", locked")
	}
	return p.Owner
}

func folderCell(f field, d music.Folder) widget.Cell {
	switch f {
	case fTitle:
		if d.Ref.Kind == music.KindFolder {
			return text(d.Name + "/")
		}
		return text(d.Name)
	case fDetail, fAlbum:
		if d.Detail == "" && d.Count >= 0 {
			return muted(screen.Thousands(d.Count))
		}
		return muted(d.Detail)
	case fTracks:
		return muted(number(d.Count))
	}
	return widget.Cell{}
}

func chartCell(f field, c music.Chart) widget.Cell {
	switch f {
	case fRank:
		return widget.Cell{Text: number(c.Rank), Pen: style.Strong}
	case fPlays:
		return muted(number(c.Plays))
	case fMove:
		switch {
		case c.Previous == 0:
			return widget.Cell{Text: "NEW", Pen: style.Accent}
		case c.Previous > c.Rank:
			return widget.Cell{Text: "▲" + strconv.Itoa(c.Previous-c.Rank), Pen: style.Accent}
		case c.Previous < c.Rank:
			return muted("▼" + strconv.Itoa(c.Rank-c.Previous))
		}
		return muted("·")
	}
	return widget.Cell{}
}

// plural gives "1 track", "2 tracks", and nothing for 0.
func plural(n int, what string) string {
	switch {
	case n <= 0:
		return ""
	case n == 1:
		return "1 " + what
	}
	return screen.Thousands(n) + " " + what + "s"
}

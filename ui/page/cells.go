package page

import (
	"strconv"
	"strings"

	"segue/internal/music"
	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

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
		return muted(AccountName(it.ItemRef().Account))
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
	case fArtist, fDetail:
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
	case fAlbum:
		return muted(plural(a.Tracks, "track"))
	case fTracks:
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

package page

import (
	"segue/internal/music"
	"segue/ui/screen"
)

func clean(s string) string { return screen.Clean(s) }

// Clean gives text from outside fit to be shown on one line.
func Clean(s string) string { return screen.Clean(s) }

// CleanItems gives rows whose texts are fit to be shown.
func CleanItems(items []music.Item) []music.Item {
	out := make([]music.Item, len(items))
	for i, it := range items {
		out[i] = cleanItem(it)
	}
	return out
}

func cleanAll(list []string) []string {
	for i, s := range list {
		if c := screen.Clean(s); c != s {
			out := append([]string(nil), list...)
			for j := i; j < len(out); j++ {
				out[j] = screen.Clean(out[j])
			}
			return out
		}
	}
	return list
}

// CleanTrack gives a track whose texts are fit to be shown.
func CleanTrack(t music.Track) music.Track {
	t.Title, t.Album, t.Unplayable = clean(t.Title), clean(t.Album), clean(t.Unplayable)
	t.Artists, t.AlbumArtists, t.Genres = cleanAll(t.Artists), cleanAll(t.AlbumArtists), cleanAll(t.Genres)
	return t
}

// cleanItem is called once for each row that arrives.
func cleanItem(it music.Item) music.Item {
	switch v := it.(type) {
	case music.Track:
		return CleanTrack(v)
	case music.Album:
		v.Title, v.Artists, v.Genres = clean(v.Title), cleanAll(v.Artists), cleanAll(v.Genres)
		return v
	case music.Artist:
		v.Name = clean(v.Name)
		return v
	case music.Playlist:
		v.Name, v.Description, v.Owner = clean(v.Name), clean(v.Description), clean(v.Owner)
		return v
	case music.Folder:
		v.Name, v.Detail = clean(v.Name), clean(v.Detail)
		return v
	case music.Chart:
		if v.Item == nil {
			v.Item = music.Folder{}
		}
		v.Item = cleanItem(v.Item)
		return v
	}
	return it
}

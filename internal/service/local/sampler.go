package local

import (
	"bytes"
	"io/fs"
	"strings"
	"sync"

	"segue/internal/music"
	"segue/internal/sampler"
	"segue/internal/service/local/index"
	"segue/internal/service/local/scan"
	"segue/internal/tags"
)

// samplerAlbum is the built-in album, read when it is first asked for. It is always
// a section of its own; it also stands among albums, tracks and search while the
// library has no tracks at all, so that a fresh machine has something everywhere.
type samplerAlbum struct {
	once   sync.Once
	tracks []music.Track
}

var samplerRef = music.Ref{Account: music.Local, Kind: music.KindAlbum, ID: "sampler"}

func (a *samplerAlbum) all() []music.Track {
	a.once.Do(func() {
		for i, name := range sampler.Files() {
			data, err := fs.ReadFile(sampler.FS(), name)
			if err != nil {
				continue
			}
			t, _ := tags.ReadFrom(bytes.NewReader(data), int64(len(data)), name) // a piece without tags still has its name
			m := scan.MetaOf(&t, name)
			if m.Number == 0 {
				m.Number = i + 1
			}
			a.tracks = append(a.tracks, music.Track{
				Ref: trackRef(samplerPrefix + name), Title: m.Title, Artists: m.Artists, AlbumArtists: m.AlbumArtists, Album: m.Album,
				AlbumRef: samplerRef, Number: m.Number, Numbers: m.Numbers, Disc: m.Disc, Date: m.Date, Year: m.Year, Genres: m.Genres,
				Duration: m.Duration, Gain: m.Gain, Audio: m.Audio, HasCover: true,
			})
		}
	})
	return append([]music.Track(nil), a.tracks...)
}

func (a *samplerAlbum) track(r music.Ref) music.Track {
	for _, t := range a.all() {
		if t.Ref == r {
			return t
		}
	}
	return music.Track{Ref: r, Title: index.Clean(strings.TrimPrefix(r.ID, samplerPrefix)), Unplayable: "the sampler has no such piece"}
}

func (a *samplerAlbum) album() music.Album {
	al := music.Album{Ref: samplerRef, Title: "Sampler", HasCover: true}
	for i, t := range a.all() {
		if i == 0 {
			al.Title, al.Artists, al.Year, al.Date = t.Album, t.AlbumArtists, t.Year, t.Date
			if len(al.Artists) == 0 {
				al.Artists = []string{index.VariousArtists}
			}
		}
		al.Tracks++
		al.Duration += t.Duration
	}
	return al
}

package local

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"segue/internal/music"
	"segue/internal/service/local/index"
	"segue/internal/service/local/scan"
	"segue/internal/tags"
	"segue/player/decode"
	"segue/session"
)

const samplerPrefix = "sampler/"

func trackRef(id string) music.Ref {
	return music.Ref{Account: music.Local, Kind: music.KindTrack, ID: id}
}

func folderRef(path string) music.Ref {
	return music.Ref{Account: music.Local, Kind: music.KindFolder, ID: path}
}

func artistRef(name string) music.Ref {
	if name == "" {
		return music.Ref{}
	}
	return music.Ref{Account: music.Local, Kind: music.KindArtist, ID: name}
}

func albumRef(id int64) music.Ref {
	if id == 0 {
		return music.Ref{}
	}
	return music.Ref{Account: music.Local, Kind: music.KindAlbum, ID: strconv.FormatUint(uint64(id), 16)}
}

// albumID reads what albumRef wrote; 0 = it is none.
func albumID(r music.Ref) int64 {
	n, err := strconv.ParseUint(r.ID, 16, 63)
	if err != nil {
		return 0
	}
	return int64(n)
}

// Tracks gives the details of tracks: from the index, else from their tags.
func (s *Service) Tracks(ctx context.Context, refs []music.Ref) ([]music.Track, error) {
	db, err := s.index(ctx)
	if err != nil {
		db = nil // files still tell of themselves
	}
	list := make([]music.Track, len(refs))
	for i, r := range refs {
		if err := ctx.Err(); err != nil {
			return nil, fault(session.Cancelled, "read tracks", err, "")
		}
		if r.Account == music.Local && r.Kind == music.KindTrack && isWords(r.ID) {
			list[i] = s.wordsTrack(ctx, r)
			continue
		}
		list[i] = s.oneTrack(ctx, db, r)
	}
	s.markOthers(ctx, list)
	return list, nil
}

func (s *Service) oneTrack(ctx context.Context, db *index.DB, r music.Ref) music.Track {
	switch {
	case r.Kind == music.KindStream:
		return streamTrack(r)
	case r.Kind != music.KindTrack || r.Account != music.Local:
		return music.Track{Ref: r, Title: index.Clean(r.ID), Unplayable: "it is no track of this library"}
	case strings.HasPrefix(r.ID, samplerPrefix):
		return s.sampler.track(r)
	}
	if db != nil {
		e, err := db.At(ctx, r.ID)
		if err != nil {
			s.damaged(ctx, err)
		}
		if e != nil {
			return s.entryTrack(e)
		}
	}
	return fileTrack(r)
}

// entryTrack is a row of the index as a track.
func (s *Service) entryTrack(e *index.Entry) music.Track {
	p := e.Path()
	file, _, _ := strings.Cut(p, "\x00")
	t := music.Track{
		Ref: trackRef(p), Title: e.Title, Artists: e.Artists, AlbumArtists: e.AlbumArtists, Album: e.Meta.Album,
		AlbumRef: albumRef(e.Album), Disc: e.Disc, Discs: e.Discs, Number: e.Number, Numbers: e.Numbers,
		Date: e.Date, Year: e.Year, Genres: e.Genres, Duration: e.Duration, Gain: e.Gain, Audio: e.Audio,
		Path: index.Clean(file), Starred: e.Star > 0, Rating: e.Rating, Plays: e.Plays, Added: time.Unix(e.Added, 0),
		HasCover: e.HasCover,
	}
	if e.Last > 0 {
		t.LastPlayed = time.Unix(e.Last, 0)
	}
	t.ArtistRef = artistRef(firstOf(e.Artists))
	if e.Away {
		t.Unplayable = "the disk is not there"
	}
	return t
}

func firstOf(l []string) string {
	if len(l) == 0 {
		return ""
	}
	return l[0]
}

// fileTrack reads the tags of a file that is not in the index.
func fileTrack(r music.Ref) music.Track {
	file, _, _ := strings.Cut(r.ID, "\x00")
	t := music.Track{Ref: r, Title: index.Clean(path.Base(file)), Path: index.Clean(file)}
	st, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		t.Unplayable = "the file is not there"
		return t
	case err != nil:
		t.Unplayable = plainError(err)
		return t
	case st.IsDir():
		t.Unplayable = "it is a folder"
		return t
	}
	tg, err := tags.Read(file)
	m := scan.MetaOf(&tg, file)
	t = music.Track{Ref: r, Title: m.Title, Artists: m.Artists, AlbumArtists: m.AlbumArtists, Album: m.Album,
		ArtistRef: artistRef(firstOf(m.Artists)), Disc: m.Disc, Discs: m.Discs, Number: m.Number, Numbers: m.Numbers, Date: m.Date, Year: m.Year,
		Genres: m.Genres, Duration: m.Duration, Gain: m.Gain, Audio: m.Audio, Path: t.Path, HasCover: m.HasCover, Added: st.ModTime()}
	switch {
	case st.Size() == 0:
		t.Unplayable = "the file is empty"
	case errors.Is(err, fs.ErrPermission):
		t.Unplayable = "no permission to read it"
	case errors.Is(err, tags.ErrNotAudio):
		t.Unplayable = decode.Look(file) // empty: a decoder knows what the tag reader does not
	}
	return t
}

// plainError is a file error without operation and path.
func plainError(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return index.Clean(err.Error())
}

func streamTrack(r music.Ref) music.Track {
	return music.Track{Ref: r, Title: index.Clean(r.ID), Path: index.Clean(r.ID)}
}

// entryTracks are rows by number as items.
func (s *Service) entryTracks(ctx context.Context, db *index.DB, ids []uint32) ([]music.Track, error) {
	entries, err := db.Entries(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]music.Track, len(entries))
	for i, e := range entries {
		list[i] = s.entryTrack(e)
	}
	return list, nil
}

// albumItem is an album of the index as an item.
func albumItem(a *index.Album) music.Album {
	return music.Album{
		Ref: albumRef(a.ID), Title: a.Title, Artists: a.Artists, ArtistRef: artistRef(firstOf(a.Artists)), Year: a.Year, Date: a.Date,
		Genres: a.Genres, Tracks: a.Tracks, Discs: a.Discs, Duration: a.Duration, Added: time.Unix(a.Added, 0), HasCover: a.Cover,
	}
}

func year(y int) string {
	if y == 0 {
		return ""
	}
	return strconv.Itoa(y)
}

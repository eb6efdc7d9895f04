package local

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"

	"segue/internal/music"
	"segue/internal/service/local/history"
	"segue/internal/service/local/index"
)

// Files move, are tagged anew, and the rules change by which they are albums. What
// people did is kept by path, and by the number of an album, which is made of its
// title, its artists and its folder: after each scan it is brought to where the things
// are now.

// relink copies all marks into the index after a scan, and gives files that were moved
// their past back: a thing whose file is gone is looked for by its fingerprint.
func (s *Service) relink(ctx context.Context, db *index.DB) error {
	past, err := s.past(ctx)
	if err != nil {
		return err
	}
	marks, err := past.Marked(ctx, music.Local, music.KindTrack)
	if err != nil {
		return err
	}
	set := map[uint32]index.Mark{}
	lost := map[int64]history.Mark{}
	wanted := map[int64]bool{}
	for _, m := range marks {
		id, err := db.IDAt(ctx, m.Ref.ID)
		if err != nil {
			return err
		}
		switch {
		case id != 0:
			set[id] = indexMark(m)
		case m.Ident != 0 && (s.inLibrary(m.Ref.ID) || gone(m.Ref.ID)):
			lost[m.Ident] = m
			wanted[m.Ident] = true
		}
	}
	found, err := db.Idents(ctx, wanted)
	if err != nil {
		return err
	}
	for ident, path := range found {
		m, to := lost[ident], trackRef(path)
		if err := past.Move(ctx, m.Ref, to); err != nil {
			return err
		}
		of, err := past.Of(ctx, []music.Ref{to})
		if err != nil {
			return err
		}
		id, err := db.IDAt(ctx, path)
		if err != nil {
			return err
		}
		set[id] = indexMark(of[to])
	}
	if err := db.ReplaceMarks(ctx, set); err != nil {
		return err
	}
	return s.relinkAlbums(ctx, db, past)
}

// gone reports whether the file of a track outside the library is no more: the music
// came from another machine, or its folder has another name. One that is there keeps
// its past: it is only no longer in the config.
func gone(path string) bool {
	file, _, _ := strings.Cut(path, "\x00") // a part of it, as a cue sheet has it
	_, err := os.Lstat(file)
	return errors.Is(err, fs.ErrNotExist)
}

// albumNote is what the history keeps of an album that somebody cared for, to know it
// again under another number.
type albumNote struct {
	Tracks [][]byte `json:"tracks"` // paths of some of its tracks; they may be no text
}

// notedTracks is how many tracks of an album are noted.
const notedTracks = 8

// noteAlbums notes, before a scan, where the albums are that have a star or a rating:
// their numbers may have gone when it ends, or was killed.
func (s *Service) noteAlbums(ctx context.Context, db *index.DB) error {
	past, err := s.past(ctx)
	if err != nil {
		return err
	}
	marks, err := past.Marked(ctx, music.Local, music.KindAlbum)
	if err != nil || len(marks) == 0 || s.cfg.DataDir != "" && !s.writable() {
		return err
	}
	v, err := db.View(ctx)
	if err != nil {
		return err
	}
	for _, m := range marks {
		a, err := db.AlbumByID(ctx, albumID(m.Ref))
		if err != nil {
			return err
		}
		if a == nil {
			continue // it is not there now: what was noted stays
		}
		ids, err := db.AlbumTracks(ctx, v, a.ID)
		if err != nil {
			return err
		}
		entries, err := db.Entries(ctx, ids[:min(notedTracks, len(ids))])
		if err != nil {
			return err
		}
		var note albumNote
		for _, e := range entries {
			note.Tracks = append(note.Tracks, []byte(e.Path()))
		}
		text, err := json.Marshal(note)
		if err != nil {
			return err
		}
		if err := past.Note(ctx, m.Ref, index.Hash(a.Key), string(text)); err != nil {
			return err
		}
	}
	return nil
}

// relinkAlbums gives the stars and ratings of albums whose numbers have gone to the
// albums that they are now.
func (s *Service) relinkAlbums(ctx context.Context, db *index.DB, past *history.History) error {
	marks, err := past.Marked(ctx, music.Local, music.KindAlbum)
	if err != nil {
		return err
	}
	moves := map[music.Ref]music.Ref{}
	var lost []history.Mark
	for _, m := range marks {
		a, err := db.AlbumByID(ctx, albumID(m.Ref))
		if err != nil {
			return err
		}
		switch {
		case a == nil && m.Ref != samplerRef:
			lost = append(lost, m)
		case a != nil && albumRef(a.ID) != m.Ref:
			moves[m.Ref] = albumRef(a.ID) // it is a part of another now
		}
	}
	if err := s.findAlbums(ctx, db, past, lost, moves); err != nil {
		return err
	}
	for from, to := range moves {
		if err := past.Move(ctx, from, to); err != nil {
			return err
		}
	}
	return nil
}

// findAlbums looks for lost albums: by the files that were on them, by title and
// artists in another folder, and by the number that the album would have had when
// tracks without album artist were of Various Artists (until version 2 of the index).
func (s *Service) findAlbums(ctx context.Context, db *index.DB, past *history.History, lost []history.Mark, moves map[music.Ref]music.Ref) error {
	idents, old := map[int64]music.Ref{}, map[music.Ref]bool{}
	for _, m := range lost {
		to, err := s.albumOfNoted(ctx, db, past, m.Ref)
		switch {
		case err != nil:
			return err
		case !to.IsZero():
			moves[m.Ref] = to
			continue
		}
		old[m.Ref] = true
		if m.Ident != 0 {
			idents[m.Ident] = m.Ref
		}
	}
	if len(old) == 0 {
		return nil
	}
	return db.EachAlbumKey(ctx, func(id int64, title, key, dir string) {
		if from := albumRef(index.AlbumNumber(title, index.VariousArtists, dir)); old[from] {
			moves[from] = albumRef(id)
		} else if from, ok := idents[index.Hash(key)]; ok {
			moves[from] = albumRef(id)
		}
	})
}

// albumOfNoted is the album on which most of the tracks are that were noted of one.
func (s *Service) albumOfNoted(ctx context.Context, db *index.DB, past *history.History, album music.Ref) (music.Ref, error) {
	text, err := past.Noted(ctx, album)
	var note albumNote
	if err != nil || text == "" || json.Unmarshal([]byte(text), &note) != nil {
		return music.Ref{}, err
	}
	counts := map[int64]int{}
	best := int64(0)
	for _, p := range note.Tracks {
		e, err := db.At(ctx, string(p))
		if err != nil {
			return music.Ref{}, err
		}
		if e == nil || e.Album == 0 {
			continue
		}
		if counts[e.Album]++; counts[e.Album] > counts[best] {
			best = e.Album
		}
	}
	if best == 0 {
		return music.Ref{}, nil
	}
	return albumRef(best), nil
}

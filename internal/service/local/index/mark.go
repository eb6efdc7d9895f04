package index

import (
	"context"
	"database/sql"
	"fmt"

	"segue/internal/match"
)

// Mark is what people did with a track, copied from the history.
type Mark struct {
	Plays  int
	Last   int64 // seconds since 1970, 0 = never
	Star   int64 // when, 0 = not starred
	Rating int
}

// SetMarks replaces the marks of tracks; an empty Mark removes one.
func (d *DB) SetMarks(ctx context.Context, marks map[uint32]Mark) error {
	if d.readOnly || len(marks) == 0 {
		return nil
	}
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("index: mark tracks: %w", kindOf(err))
	}
	defer func() { _ = tx.Rollback() }()
	for id, m := range marks {
		if m == (Mark{}) {
			_, err = tx.ExecContext(ctx, `DELETE FROM mark WHERE track = ?`, id)
		} else {
			_, err = tx.ExecContext(ctx, `INSERT OR REPLACE INTO mark (track, plays, last, star, rating) SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS (SELECT 1 FROM track WHERE id = ?1)`, id, m.Plays, m.Last, m.Star, m.Rating)
		}
		if err != nil {
			return fmt.Errorf("index: mark tracks: %w", kindOf(err))
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("index: mark tracks: %w", kindOf(err))
	}
	return nil
}

// ByPlays are the tracks that were played, most first; ByLast, last played first;
// ByStar, last starred first; ByRating those that are rated, best first.
const (
	ByPlays  = `SELECT coalesce(group_concat(track), '') FROM (SELECT track FROM mark WHERE plays > 0 ORDER BY plays DESC, last DESC, track)`
	ByLast   = `SELECT coalesce(group_concat(track), '') FROM (SELECT track FROM mark WHERE last > 0 ORDER BY last DESC, track)`
	ByStar   = `SELECT coalesce(group_concat(track), '') FROM (SELECT track FROM mark WHERE star > 0 ORDER BY star DESC, track)`
	ByRating = `SELECT coalesce(group_concat(track), '') FROM (SELECT track FROM mark WHERE rating > 0 ORDER BY rating DESC, plays DESC, track)`
)

// Marked gives the tracks of one of the questions above.
func (d *DB) Marked(ctx context.Context, question string) ([]uint32, error) {
	return d.packed(ctx, question)
}

// marks gives all marks: there are as many as tracks that somebody cared for.
func (d *DB) marks(ctx context.Context, yield func(id uint32, m Mark)) error {
	err := each(ctx, d.db, `SELECT track, plays, last, star, rating FROM mark`, func(scan func(...any) error) error {
		var id uint32
		var m Mark
		if err := scan(&id, &m.Plays, &m.Last, &m.Star, &m.Rating); err != nil {
			return err
		}
		yield(id, m)
		return nil
	})
	if err != nil {
		return fmt.Errorf("index: read marks: %w", kindOf(err))
	}
	return nil
}

// Idents finds tracks by their fingerprint among those asked for. It reads every
// row's and is meant for the end of a scan.
func (d *DB) Idents(ctx context.Context, wanted map[int64]bool) (map[int64]string, error) {
	found := map[int64]string{}
	if len(wanted) == 0 {
		return found, nil
	}
	list := make([]int64, 0, len(wanted))
	for i := range wanted {
		list = append(list, i)
	}
	const atOnce = 5000
	for from := 0; from < len(list); from += atOnce {
		err := each(ctx, d.db, `SELECT t.ident, d.path, t.name FROM track t JOIN dir d ON d.id = t.dir WHERE t.ident IN (`+idList(list[from:min(from+atOnce, len(list))])+`)`, func(scan func(...any) error) error {
			var ident int64
			var dir, name []byte
			err := scan(&ident, &dir, &name)
			found[ident] = Join(string(dir), string(name))
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("index: look for moved files: %w", kindOf(err))
		}
	}
	return found, nil
}

// ReplaceMarks makes the marks those given and no others.
func (d *DB) ReplaceMarks(ctx context.Context, marks map[uint32]Mark) error {
	change := map[uint32]Mark{}
	err := d.marks(ctx, func(id uint32, m Mark) {
		if want, ok := marks[id]; !ok {
			change[id] = Mark{}
		} else if want == m {
			delete(marks, id)
		}
	})
	if err != nil {
		return err
	}
	for id, m := range marks {
		change[id] = m
	}
	return d.SetMarks(ctx, change)
}

// EachAlbumKey gives the number, title, key and folder of every album, for each of its
// folders, the one that it is numbered by last.
func (d *DB) EachAlbumKey(ctx context.Context, yield func(id int64, title, key, dir string)) error {
	err := each(ctx, d.db, `SELECT a.main, a.title, a.gkey, d.path FROM album a JOIN dir d ON d.id = a.dir ORDER BY a.main = a.id`, func(scan func(...any) error) error {
		var id int64
		var title, key string
		var dir sql.RawBytes
		if err := scan(&id, &title, &key, &dir); err != nil {
			return err
		}
		yield(id, title, key, string(dir))
		return nil
	})
	if err != nil {
		return fmt.Errorf("index: list albums: %w", kindOf(err))
	}
	return nil
}

// AlbumNumber is the number of the album of a title and an artist in one folder.
func AlbumNumber(title, artist, dir string) int64 {
	return hash63(albumKey(match.Fold(title), []string{artist}), dir)
}

// Hash is a positive fingerprint of a text.
func Hash(text string) int64 { return hash63(text) }

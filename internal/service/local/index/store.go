package index

import (
	"strings"

	"segue/internal/match"
)

func (w *Writer) remove(id uint32) error {
	w.alive.drop(id)
	w.touched[int(id/8/aliveChunk)] = true
	if err := w.exec(`DELETE FROM mark WHERE track = ?`, id); err != nil {
		return err
	}
	return w.exec(`DELETE FROM track WHERE id = ?`, id)
}

// insert gives a track its number and stores it.
func (w *Writer) insert(dir int64, r *Row) error {
	r.ID = w.next
	w.next++
	w.alive.grow(w.next)
	w.alive.add(r.ID)
	w.touched[int(r.ID/8/aliveChunk)] = true
	w.terms.add(r)
	skey := match.SortKey(r.Title)
	if r.TitleSort != "" {
		skey = match.SortKey(r.TitleSort)
	}
	w.inserts = append(w.inserts, int64(r.ID), dir, []byte(r.Name), r.Size, r.MTime, int64(r.Inode), r.Added, r.Part, r.pos(), r.Ident(),
		[]byte(skey), r.encode(make([]byte, 0, 256)))
	for _, names := range [...][]string{r.Artists, r.AlbumArtists} {
		for i, n := range names {
			sort := ""
			if i < len(r.ArtistSort) && i < len(r.Artists) && n == r.Artists[i] {
				sort = r.ArtistSort[i]
			}
			if _, err := w.artist(n, sort); err != nil {
				return err
			}
		}
	}
	for _, g := range r.Genres {
		if err := w.genre(g); err != nil {
			return err
		}
	}
	if len(w.inserts) == rowsAtOnce*columnsOf {
		return w.flushRows()
	}
	return nil
}

func (w *Writer) flushRows() error {
	n := len(w.inserts) / columnsOf
	if n == 0 {
		return nil
	}
	args := w.inserts
	w.inserts = w.inserts[:0]
	if n == rowsAtOnce {
		return w.exec(insertTrack+strings.Repeat(oneRow+", ", rowsAtOnce-1)+oneRow, args...)
	}
	for i := range n {
		if err := w.exec(insertTrack+oneRow, args[i*columnsOf:(i+1)*columnsOf]...); err != nil {
			return err
		}
	}
	return nil
}

// remembered is how many names of artists and genres a Writer knows to be stored.
const remembered = 20_000

func (w *Writer) artist(name, sort string) (int64, error) {
	key := match.Fold(name)
	id := hash63(key)
	if w.artists[name] {
		return id, nil
	}
	if len(w.artists) >= remembered {
		clear(w.artists)
	}
	w.artists[name] = true
	skey := match.SortKey(name)
	if sort != "" {
		skey = match.SortKey(sort)
	}
	return id, w.exec(`INSERT OR IGNORE INTO artist (id, key, name, skey) VALUES (?, ?, ?, ?)`, id, key, name, skey)
}

func (w *Writer) genre(name string) error {
	if w.genres[name] {
		return nil
	}
	if len(w.genres) >= remembered {
		clear(w.genres)
	}
	w.genres[name] = true
	return w.exec(`INSERT OR IGNORE INTO genre (key, name) VALUES (?, ?)`, match.Fold(name), name)
}

// part stores the share of an album in a folder, or adds to it.
func (w *Writer) part(dir int64, p *part) error {
	w.newAlbum = true
	sort := p.artistSort
	if sort == "" {
		sort = strings.Join(p.artists, ", ")
	}
	titleSort := p.titleSort
	if titleSort == "" {
		titleSort = p.title
	}
	err := w.exec(`INSERT INTO album (id, main, dir, gkey, title, tkey, artists, akey, year, date, genres, tracks, discs, duration, added, cover, mb, slots, alltracks, alldiscs, allduration)
		VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?11, ?12, ?13)
		ON CONFLICT (id) DO UPDATE SET tracks = tracks + excluded.tracks, alltracks = alltracks + excluded.tracks, discs = max(discs, excluded.discs),
			duration = duration + excluded.duration, allduration = allduration + excluded.duration, cover = max(cover, excluded.cover), slots = slots || excluded.slots`,
		p.id, dir, p.gkey, p.title, match.SortKey(titleSort), strings.Join(p.artists, "\x1f"), match.SortKey(sort), p.year, p.date,
		strings.Join(p.genres, "\x1f"), p.tracks, p.discs, p.duration, p.added, p.cover, p.mb, p.slotBytes())
	if err != nil {
		return err
	}
	for i, a := range p.artists {
		sort := ""
		if i == 0 {
			sort = p.artistSort
		}
		id, err := w.artist(a, sort)
		if err != nil {
			return err
		}
		if err := w.exec(`INSERT OR IGNORE INTO credit (album, artist) VALUES (?, ?)`, p.id, id); err != nil {
			return err
		}
	}
	return nil
}

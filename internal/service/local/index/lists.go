package index

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"segue/internal/match"
	"segue/internal/music"
)

// Album is an album with the totals of all its folders.
type Album struct {
	ID       int64
	Title    string
	Artists  []string
	Year     int
	Date     string
	Genres   []string
	Tracks   int
	Discs    int
	Duration time.Duration
	Added    int64
	Cover    bool
	Key      string // what makes it the same album in another folder
}

// albumOrders are the orders of albums, each by an index that covers it.
var albumOrders = map[music.Sort]string{
	music.SortDefault: "akey, year, tkey",
	music.SortArtist:  "akey, year, tkey",
	music.SortTitle:   "tkey, akey, year",
	music.SortAlbum:   "tkey, akey, year",
	music.SortYear:    "year, akey, tkey",
	music.SortAdded:   "added DESC, akey, tkey",
}

// AlbumIDs gives the numbers of albums in an order; an unknown one is the default,
// by artist and year. A limit below 0 is none.
func (d *DB) AlbumIDs(ctx context.Context, sort music.Sort, offset, limit int) ([]int64, error) {
	by, ok := albumOrders[sort]
	if !ok {
		by = albumOrders[music.SortDefault]
	}
	return d.bigIDs(ctx, `SELECT id FROM album WHERE main = id ORDER BY `+by+` LIMIT ? OFFSET ?`, limit, offset)
}

// AlbumsIn gives a window of those of a set of albums, in an order. It stops at the
// window's end.
func (d *DB) AlbumsIn(ctx context.Context, set map[int64]bool, sort music.Sort, offset, limit int) ([]int64, error) {
	by, ok := albumOrders[sort]
	if !ok {
		by = albumOrders[music.SortDefault]
	}
	const few = 2000
	query := `SELECT id FROM album WHERE main = id ORDER BY ` + by
	if len(set) <= few {
		list := make([]int64, 0, len(set))
		for id := range set {
			list = append(list, id)
		}
		query = `SELECT id FROM album WHERE id IN (` + idList(list) + `) ORDER BY ` + by
		if limit >= 0 { // sorting for a few is cheaper
			query += fmt.Sprintf(` LIMIT %d`, max(offset, 0)+limit)
		}
	}
	var ids []int64
	err := each(ctx, d.db, query, func(scan func(...any) error) error {
		var id int64
		if err := scan(&id); err != nil {
			return err
		}
		switch {
		case !set[id]:
		case offset > 0:
			offset--
		default:
			ids = append(ids, id)
			if limit >= 0 && len(ids) >= limit {
				return errEnough
			}
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, fmt.Errorf("index: list: %w", kindOf(err))
	}
	return ids, nil
}

var errEnough = errors.New("enough")

// AlbumCount is how many albums there are.
func (d *DB) AlbumCount(ctx context.Context) (int, error) {
	return d.number(ctx, `SELECT count(*) FROM album WHERE main = id`)
}

func (d *DB) bigIDs(ctx context.Context, query string, args ...any) ([]int64, error) {
	var ids []int64
	err := each(ctx, d.db, query, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, args...)
	if err != nil {
		return nil, fmt.Errorf("index: list: %w", kindOf(err))
	}
	return ids, nil
}

// Albums gives the albums of numbers in their order; those that are gone are left out.
func (d *DB) Albums(ctx context.Context, ids []int64) ([]*Album, error) {
	const atOnce = 1000
	found := make(map[int64]*Album, len(ids))
	for from := 0; from < len(ids); from += atOnce {
		err := each(ctx, d.db, `SELECT id, gkey, title, artists, year, date, genres, alltracks, alldiscs, allduration, added, cover FROM album WHERE id IN (`+idList(ids[from:min(from+atOnce, len(ids))])+`)`,
			func(scan func(...any) error) error {
				a := &Album{}
				var artists, genres string
				if err := scan(&a.ID, &a.Key, &a.Title, &artists, &a.Year, &a.Date, &genres, &a.Tracks, &a.Discs, &a.Duration, &a.Added, &a.Cover); err != nil {
					return err
				}
				a.Artists, a.Genres = split(artists), split(genres)
				found[a.ID] = a
				return nil
			})
		if err != nil {
			return nil, fmt.Errorf("index: read albums: %w", kindOf(err))
		}
	}
	list := make([]*Album, 0, len(ids))
	for _, id := range ids {
		if a := found[id]; a != nil {
			list = append(list, a)
		}
	}
	return list, nil
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\x1f")
}

// AlbumByID gives an album, by the number of any of its parts; nil where there is none.
func (d *DB) AlbumByID(ctx context.Context, id int64) (*Album, error) {
	main, err := d.bigIDs(ctx, `SELECT main FROM album WHERE id = ?`, id)
	if err != nil || len(main) == 0 {
		return nil, err
	}
	list, err := d.Albums(ctx, main)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// AlbumsByKey gives the numbers of the albums with a key.
func (d *DB) AlbumsByKey(ctx context.Context, key string) ([]int64, error) {
	return d.bigIDs(ctx, `SELECT id FROM album WHERE gkey = ? AND main = id`, key)
}

// AlbumTracks gives the tracks of an album by disc and number.
func (d *DB) AlbumTracks(ctx context.Context, v View, id int64) ([]uint32, error) {
	parts, err := d.bigIDs(ctx, `SELECT id FROM album WHERE id = ?1 UNION SELECT id FROM album WHERE main = ?1 AND main <> id`, id)
	if err != nil {
		return nil, err
	}
	set := v.None()
	for _, p := range parts {
		if err := d.lookup(ctx, v, []byte{exactAlbum}, string(binary.BigEndian.AppendUint64(nil, uint64(p))), true, set); err != nil {
			return nil, err
		}
	}
	set.and(v.alive)
	return d.byPlace(ctx, set)
}

// byPlace sorts a small set by disc, number and name.
func (d *DB) byPlace(ctx context.Context, set Set) ([]uint32, error) {
	var ids []uint32
	for id := range set.Each {
		ids = append(ids, id)
	}
	if len(ids) > 5000 {
		return ids, nil
	}
	return d.packed(ctx, `SELECT coalesce(group_concat(id), '') FROM (SELECT t.id FROM track t JOIN dir d ON d.id = t.dir WHERE t.id IN (`+idList(ids)+`) ORDER BY t.pos, d.path, t.name)`)
}

// Artist is an album artist, or one of single tracks, who has no albums.
type Artist struct {
	Key, Name      string
	Albums, Tracks int
}

// Artists gives a window of the album artists by name, and how many there are.
func (d *DB) Artists(ctx context.Context, offset, limit int) ([]Artist, int, error) {
	total, err := d.number(ctx, `SELECT count(*) FROM artist WHERE albums > 0`)
	if err != nil {
		return nil, 0, err
	}
	list, err := d.artists(ctx, `SELECT key, name, albums, tracks FROM artist WHERE albums > 0 ORDER BY skey, name LIMIT ? OFFSET ?`, limit, offset)
	return list, total, err
}

func (d *DB) artists(ctx context.Context, query string, args ...any) ([]Artist, error) {
	var list []Artist
	err := each(ctx, d.db, query, func(scan func(...any) error) error {
		var a Artist
		err := scan(&a.Key, &a.Name, &a.Albums, &a.Tracks)
		list = append(list, a)
		return err
	}, args...)
	if err != nil {
		return nil, fmt.Errorf("index: read artists: %w", kindOf(err))
	}
	return list, nil
}

// EachArtist gives every artist by name, those without albums too.
func (d *DB) EachArtist(ctx context.Context, yield func(Artist)) error {
	list, err := d.artists(ctx, `SELECT key, name, albums, tracks FROM artist ORDER BY skey, name`)
	for _, a := range list {
		yield(a)
	}
	return err
}

// ArtistNamed gives an artist by a name in any spelling that folds the same; ok is
// false where there is none.
func (d *DB) ArtistNamed(ctx context.Context, name string) (a Artist, ok bool, err error) {
	list, err := d.artists(ctx, `SELECT key, name, albums, tracks FROM artist WHERE id = ?`, hash63(match.Fold(name)))
	if err != nil || len(list) == 0 {
		return Artist{}, false, err
	}
	return list[0], true, nil
}

// ArtistAlbums gives the albums of an album artist, oldest first.
func (d *DB) ArtistAlbums(ctx context.Context, name string) ([]int64, error) {
	return d.bigIDs(ctx, `SELECT DISTINCT m.id FROM credit c JOIN album p ON p.id = c.album JOIN album m ON m.id = p.main WHERE c.artist = ? ORDER BY m.year, m.tkey, m.id`, hash63(match.Fold(name)))
}

// ArtistTracks gives all tracks with the artist.
func (d *DB) ArtistTracks(ctx context.Context, v View, name string) (Set, error) {
	return d.exact(ctx, v, exactArtist, name)
}

// RecordingTracks gives the tracks of a recording by MusicBrainz's number.
func (d *DB) RecordingTracks(ctx context.Context, v View, mbid string) (Set, error) {
	set := v.None()
	id := uuid(mbid)
	if id == "" {
		return set, nil
	}
	err := d.lookup(ctx, v, []byte{exactMB}, id, true, set)
	set.and(v.alive)
	return set, err
}

// GenreTracks gives all tracks of a genre.
func (d *DB) GenreTracks(ctx context.Context, v View, name string) (Set, error) {
	return d.exact(ctx, v, exactGenre, name)
}

func (d *DB) exact(ctx context.Context, v View, field byte, name string) (Set, error) {
	set := v.None()
	err := d.lookup(ctx, v, []byte{field}, match.Fold(name), true, set)
	set.and(v.alive)
	return set, err
}

// YearTracks gives all tracks of a year.
func (d *DB) YearTracks(ctx context.Context, v View, year int) (Set, error) {
	set := v.None()
	err := d.eachValue(ctx, v, columnYear, func(id, x uint32) {
		if int(x) == year {
			set.add(id)
		}
	})
	return set, err
}

// Count is a name and how many tracks it has.
type Count struct {
	Name   string
	Tracks int
}

// Genres gives all genres by name.
func (d *DB) Genres(ctx context.Context, v View) ([]Count, error) {
	counts := map[string]int{}
	err := d.eachTerm(ctx, v, all(exactGenre), func(lo uint32, term, list []byte) {
		n := 0
		eachID(list, lo, func(id uint32) {
			if v.alive.Has(id) {
				n++
			}
		})
		counts[string(term[1:])] += n
	})
	if err != nil {
		return nil, err
	}
	var genres []Count
	err = each(ctx, d.db, `SELECT key, name FROM genre ORDER BY key`, func(scan func(...any) error) error {
		var key, name string
		if err := scan(&key, &name); err != nil {
			return err
		}
		if n := counts[key]; n > 0 {
			genres = append(genres, Count{name, n})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("index: list genres: %w", kindOf(err))
	}
	return genres, nil
}

// Years gives all years, the latest first.
func (d *DB) Years(ctx context.Context, v View) ([]Count, error) {
	counts := make([]int, 10_000)
	if err := d.eachValue(ctx, v, columnYear, func(_, x uint32) {
		if int(x) < len(counts) {
			counts[x]++
		}
	}); err != nil {
		return nil, err
	}
	var years []Count
	for y := len(counts) - 1; y > 0; y-- {
		if counts[y] > 0 {
			years = append(years, Count{strconv.Itoa(y), counts[y]})
		}
	}
	return years, nil
}

// AlbumsOf gives the albums that have a track in the set.
func (d *DB) AlbumsOf(ctx context.Context, v View, set Set) (map[int64]bool, error) {
	mains := map[int64]int64{}
	err := each(ctx, d.db, `SELECT id, main FROM album WHERE main <> id`, func(scan func(...any) error) error {
		var id, main int64
		err := scan(&id, &main)
		mains[id] = main
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("index: read albums: %w", kindOf(err))
	}
	found := map[int64]bool{}
	err = d.eachTerm(ctx, v, all(exactAlbum), func(lo uint32, term, list []byte) {
		if len(term) != 9 || !anyIn(list, lo, set) {
			return
		}
		id := int64(binary.BigEndian.Uint64(term[1:]))
		if m, ok := mains[id]; ok {
			id = m
		}
		found[id] = true
	})
	return found, err
}

// all is every term of a field.
func all(field byte) []termRange { return []termRange{{string(field), string(field)}} }

func anyIn(list []byte, lo uint32, set Set) bool {
	found := false
	eachID(list, lo, func(id uint32) { found = found || set.Has(id) })
	return found
}

// ArtistsOf gives the keys of the artists that have a track in the set.
func (d *DB) ArtistsOf(ctx context.Context, v View, set Set) (map[string]bool, error) {
	found := map[string]bool{}
	err := d.eachTerm(ctx, v, all(exactArtist), func(lo uint32, term, list []byte) {
		if !found[string(term[1:])] && anyIn(list, lo, set) {
			found[string(term[1:])] = true
		}
	})
	return found, err
}

// SortCounts orders counts by number, most first.
func SortCounts(c []Count) {
	slices.SortStableFunc(c, func(a, b Count) int { return cmp.Compare(b.Tracks, a.Tracks) })
}

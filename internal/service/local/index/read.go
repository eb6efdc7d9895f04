package index

import (
	"context"
	"database/sql"
	"fmt"
	"path"
	"strings"
)

// Entry is a row with all that is known around it.
type Entry struct {
	Row
	Dir   string // the folder, any bytes
	Away  bool   // its disk is not there
	Album int64  // the number of its album, 0 = none
	Mark
}

// Path is the file's path, with "\x00" and a number behind for a part of a file.
func (e *Entry) Path() string { return Join(e.Dir, e.Name) }

// Join is filepath.Join for clean folders without touching the name.
func Join(dir, name string) string {
	if dir == "/" {
		return dir + name
	}
	return dir + "/" + name
}

// Split parts a path into folder and name.
func Split(p string) (dir, name string) {
	file, number, cut := strings.Cut(p, "\x00")
	dir, name = path.Split(file)
	if len(dir) > 1 {
		dir = dir[:len(dir)-1]
	}
	if cut {
		name += "\x00" + number
	}
	return dir, name
}

const entryColumns = `t.id, t.name, t.size, t.mtime, t.inode, t.added, t.part, t.meta, d.path, d.away, coalesce(a.main, 0),
	coalesce(m.plays, 0), coalesce(m.last, 0), coalesce(m.star, 0), coalesce(m.rating, 0)`

const entryTables = ` FROM track t JOIN dir d ON d.id = t.dir LEFT JOIN album a ON a.id = t.part LEFT JOIN mark m ON m.track = t.id `

// entries runs a query over entryColumns. A row that is damaged is left out.
func (d *DB) entries(ctx context.Context, query string, args ...any) ([]*Entry, error) {
	var list []*Entry
	var name, dir, meta sql.RawBytes
	ask := d.often
	if len(args) == 0 { // the numbers are in the text
		ask = func(ctx context.Context, query string, row func(scan func(...any) error) error, args ...any) error {
			return each(ctx, d.db, query, row, args...)
		}
	}
	err := ask(ctx, query, func(scan func(...any) error) error {
		e := &Entry{}
		var inode int64
		if err := scan(&e.ID, &name, &e.Size, &e.MTime, &inode, &e.Added, &e.Part, &meta, &dir, &e.Away, &e.Album,
			&e.Plays, &e.Last, &e.Star, &e.Rating); err != nil {
			return err
		}
		e.Name, e.Dir, e.Inode = string(name), string(dir), uint64(inode)
		if err := e.decode(meta); err != nil {
			return nil
		}
		list = append(list, e)
		return nil
	}, args...)
	if err != nil {
		return nil, fmt.Errorf("index: read tracks: %w", kindOf(err))
	}
	return list, nil
}

// Entries gives the rows of numbers, in their order; those that are gone are left out.
func (d *DB) Entries(ctx context.Context, ids []uint32) ([]*Entry, error) {
	const atOnce = 1000
	found := make(map[uint32]*Entry, len(ids))
	for from := 0; from < len(ids); from += atOnce {
		list, err := d.entries(ctx, `SELECT `+entryColumns+entryTables+`WHERE t.id IN (`+idList(ids[from:min(from+atOnce, len(ids))])+`)`)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			found[e.ID] = e
		}
	}
	list := make([]*Entry, 0, len(ids))
	for _, id := range ids {
		if e := found[id]; e != nil {
			list = append(list, e)
		}
	}
	return list, nil
}

// At gives the row of a path, nil where there is none.
func (d *DB) At(ctx context.Context, p string) (*Entry, error) {
	dir, name := Split(p)
	list, err := d.entries(ctx, `SELECT `+entryColumns+entryTables+`WHERE t.dir = (SELECT id FROM dir WHERE path = ?) AND t.name = ?`, []byte(dir), []byte(name))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// IDAt gives the number of the row of a path, 0 where there is none.
func (d *DB) IDAt(ctx context.Context, p string) (uint32, error) {
	dir, name := Split(p)
	var id uint32
	err := d.often(ctx, `SELECT id FROM track WHERE dir = (SELECT id FROM dir WHERE path = ?) AND name = ?`,
		func(scan func(...any) error) error { return scan(&id) }, []byte(dir), []byte(name))
	if err != nil {
		return 0, fmt.Errorf("index: look a path up: %w", kindOf(err))
	}
	return id, nil
}

// In gives the rows of one folder, by name.
func (d *DB) In(ctx context.Context, dir string) ([]*Entry, error) {
	return d.entries(ctx, `SELECT `+entryColumns+entryTables+`WHERE t.dir = (SELECT id FROM dir WHERE path = ?) ORDER BY t.name`, []byte(dir))
}

// IDsIn gives the numbers of the tracks of one folder.
func (d *DB) IDsIn(ctx context.Context, dir string) ([]uint32, error) {
	return d.packed(ctx, `SELECT coalesce(group_concat(id), '') FROM track WHERE dir = (SELECT id FROM dir WHERE path = ?)`, []byte(dir))
}

// Parts gives the rows of one file: several where a cue sheet cuts it.
func (d *DB) Parts(ctx context.Context, dir, name string) ([]*Entry, error) {
	return d.entries(ctx, `SELECT `+entryColumns+entryTables+`WHERE t.dir = (SELECT id FROM dir WHERE path = ?) AND (t.name = ?2 OR t.name >= ?3 AND t.name < ?4)`,
		[]byte(dir), []byte(name), []byte(name+"\x00"), []byte(name+"\x01"))
}

// below is the condition for a folder and all under it: 0 is the byte after "/".
const below = `(d.path = ?1 OR d.path >= ?2 AND d.path < ?3)`

func belowArgs(dir string) []any {
	root := strings.TrimSuffix(dir, "/")
	return []any{[]byte(dir), []byte(root + "/"), []byte(root + "0")}
}

// Below gives the numbers of all tracks in a folder and under it, by path.
func (d *DB) Below(ctx context.Context, dir string) ([]uint32, error) {
	return d.packed(ctx, `SELECT coalesce(group_concat(id), '') FROM (SELECT t.id FROM dir d CROSS JOIN track t ON t.dir = d.id WHERE `+below+` ORDER BY d.path, t.name)`, belowArgs(dir)...)
}

// Folders counts the tracks in each folder directly below dir, and under it.
func (d *DB) Folders(ctx context.Context, dir string) (map[string]int, error) {
	counts := map[string]int{}
	prefix := strings.TrimSuffix(dir, "/") + "/"
	err := each(ctx, d.db, `SELECT d.path, (SELECT count(*) FROM track t WHERE t.dir = d.id) FROM dir d WHERE `+below, func(scan func(...any) error) error {
		var p sql.RawBytes
		var n int
		if err := scan(&p, &n); err != nil {
			return err
		}
		if rest, ok := strings.CutPrefix(string(p), prefix); ok && rest != "" {
			name, _, _ := strings.Cut(rest, "/")
			counts[name] += n
		}
		return nil
	}, belowArgs(dir)...)
	if err != nil {
		return nil, fmt.Errorf("index: count a folder: %w", kindOf(err))
	}
	return counts, nil
}

// Faults gives the files that the last scan could not read, by path, and how many there are.
func (d *DB) Faults(ctx context.Context, offset, limit int) ([]Fault, int, error) {
	total, err := d.number(ctx, `SELECT count(*) FROM fault`)
	if err != nil {
		return nil, 0, err
	}
	var list []Fault
	err = each(ctx, d.db, `SELECT path, reason, at FROM fault ORDER BY path LIMIT ? OFFSET ?`, func(scan func(...any) error) error {
		var f Fault
		var p sql.RawBytes
		err := scan(&p, &f.Reason, &f.At)
		f.Path = string(p)
		list = append(list, f)
		return err
	}, limit, offset)
	if err != nil {
		return nil, 0, fmt.Errorf("index: list faults: %w", kindOf(err))
	}
	return list, total, nil
}

// Lists gives the paths of the playlists in the library.
func (d *DB) Lists(ctx context.Context) ([]string, error) {
	var list []string
	err := each(ctx, d.db, `SELECT path FROM list ORDER BY path`, func(scan func(...any) error) error {
		var p sql.RawBytes
		err := scan(&p)
		list = append(list, string(p))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("index: list playlists: %w", kindOf(err))
	}
	return list, nil
}

func (d *DB) number(ctx context.Context, query string, args ...any) (int, error) {
	var n int
	if err := d.db.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("index: count: %w", kindOf(err))
	}
	return n, nil
}

// FolderRow is what the index keeps of a folder.
type FolderRow struct {
	ID          int64 // 0 = not known
	Path        string
	Sum, Device int64
	Away        bool
}

// Folder gives the row of a folder.
func (d *DB) Folder(ctx context.Context, dir string) (FolderRow, error) {
	f := FolderRow{Path: dir}
	// Asked for every folder of a scan: a context that never ends spares a goroutine.
	err := d.often(context.WithoutCancel(ctx), `SELECT id, sum, device, away FROM dir WHERE path = ?`, func(scan func(...any) error) error {
		return scan(&f.ID, &f.Sum, &f.Device, &f.Away)
	}, []byte(dir))
	if err != nil {
		return f, fmt.Errorf("index: look a folder up: %w", kindOf(err))
	}
	return f, nil
}

// EachFolder gives a folder and all below it, by path.
func (d *DB) EachFolder(ctx context.Context, dir string, yield func(FolderRow)) error {
	err := each(ctx, d.db, `SELECT d.id, d.path, d.sum, d.device, d.away FROM dir d WHERE `+below+` ORDER BY d.path`, func(scan func(...any) error) error {
		var f FolderRow
		var p sql.RawBytes
		if err := scan(&f.ID, &p, &f.Sum, &f.Device, &f.Away); err != nil {
			return err
		}
		f.Path = string(p)
		yield(f)
		return nil
	}, belowArgs(dir)...)
	if err != nil {
		return fmt.Errorf("index: list folders: %w", kindOf(err))
	}
	return nil
}

// PartNames gives, for the files of a folder that cue sheets cut, the names of their parts.
func (d *DB) PartNames(ctx context.Context, dir string) (map[string][]string, error) {
	parts := map[string][]string{}
	err := each(ctx, d.db, `SELECT name FROM track WHERE dir = (SELECT id FROM dir WHERE path = ?) AND instr(name, x'00') > 0 ORDER BY name`, func(scan func(...any) error) error {
		var name sql.RawBytes
		if err := scan(&name); err != nil {
			return err
		}
		base, _, _ := strings.Cut(string(name), "\x00")
		parts[base] = append(parts[base], string(name))
		return nil
	}, []byte(dir))
	if err != nil {
		return nil, fmt.Errorf("index: read parts: %w", kindOf(err))
	}
	return parts, nil
}

// Paths gives the paths of tracks, in their order; those that are gone are left out.
func (d *DB) Paths(ctx context.Context, ids []uint32) ([]string, error) {
	const atOnce = 5000
	paths := make([]string, 0, len(ids))
	found := make(map[uint32]string, min(atOnce, len(ids)))
	for from := 0; from < len(ids); from += atOnce {
		part := ids[from:min(from+atOnce, len(ids))]
		clear(found)
		err := each(ctx, d.db, `SELECT t.id, d.path, t.name FROM track t JOIN dir d ON d.id = t.dir WHERE t.id IN (`+idList(part)+`)`, func(scan func(...any) error) error {
			var id uint32
			var dir, name []byte
			err := scan(&id, &dir, &name)
			found[id] = Join(string(dir), string(name))
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("index: read paths: %w", kindOf(err))
		}
		for _, id := range part {
			if p, ok := found[id]; ok {
				paths = append(paths, p)
			}
		}
	}
	return paths, nil
}

// OwnTracks gives the tracks of the albums that are by an artist.
func (d *DB) OwnTracks(ctx context.Context, v View, artist string) (Set, error) {
	set := v.None()
	ids, err := d.ArtistAlbums(ctx, artist)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		tracks, err := d.AlbumTracks(ctx, v, id)
		if err != nil {
			return nil, err
		}
		for _, t := range tracks {
			set.add(t)
		}
	}
	return set, nil
}

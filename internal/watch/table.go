package watch

import (
	"hash/maphash"
	"strings"
)

// table knows the watched folders by path and by the system's number. A path is kept as
// the folder above and a name, all names in one piece of memory: maps of strings were
// five times as large.
type table struct {
	rows  []row // in the order they came
	names []byte
	slots []int32 // a hash table: 1 + a row's place, 0 = nothing. Its length is a power of two
	live  int
	last  int32 // the highest of the system's numbers
	seed  maphash.Seed
}

type row struct {
	wd     int32  // the system's number; none = watched no more
	up     int32  // the row of the folder above; -1: the name is the whole path
	hash   uint32 // of the path
	at     uint32 // the name, in names
	length uint32
}

const none = -1

func newTable() *table {
	return &table{slots: make([]int32, 64), seed: maphash.MakeSeed()}
}

func (t *table) hash(path string) uint32 { return uint32(maphash.String(t.seed, path)) } //nolint:gosec // half of it will do

// find gives the row of a path.
func (t *table) find(path string) (int32, bool) {
	h, mask := t.hash(path), len(t.slots)-1
	for i := int(h) & mask; t.slots[i] != 0; i = (i + 1) & mask {
		r := t.slots[i] - 1
		if t.rows[r].wd != none && t.rows[r].hash == h && t.is(r, path) {
			return r, true
		}
	}
	return 0, false
}

// is says whether row r is of the path.
func (t *table) is(r int32, path string) bool {
	for {
		w := t.rows[r]
		name := t.names[w.at : w.at+w.length]
		if w.up < 0 {
			return string(name) == path
		}
		above, last, ok := split(path)
		if !ok || last != string(name) {
			return false
		}
		r, path = w.up, above
	}
}

// byWD gives the row of the system's number. Numbers rise, except where they have begun
// anew, so that the row is looked for from the likeliest place.
func (t *table) byWD(wd int32) (int32, bool) {
	if wd > t.last {
		return 0, false
	}
	for i := min(int(wd), len(t.rows)) - 1; i >= 0; i-- { // numbers begin with 1, and some are gone
		if t.rows[i].wd == wd {
			return int32(i), true //nolint:gosec // rows are at most as many as numbers
		}
	}
	for i := max(int(wd), 0); i < len(t.rows); i++ {
		if t.rows[i].wd == wd {
			return int32(i), true //nolint:gosec // as above
		}
	}
	return 0, false
}

// path is the whole path of a row.
func (t *table) path(r int32) string {
	w := t.rows[r]
	name := string(t.names[w.at : w.at+w.length])
	if w.up < 0 {
		return name
	}
	above := t.path(w.up)
	if strings.HasSuffix(above, "/") {
		return above + name
	}
	return above + "/" + name
}

// put adds a path, which is not in the table.
func (t *table) put(wd int32, path string) {
	if len(t.rows) > 64 && t.live < len(t.rows)/2 {
		t.clean()
	}
	if (len(t.rows)+1)*4 > len(t.slots)*3 {
		t.slots = make([]int32, len(t.slots)*2)
		for r, w := range t.rows {
			t.slot(int32(r), w.hash) //nolint:gosec // the system's numbers are of 31 bits
		}
	}
	w := row{wd: wd, up: -1, hash: t.hash(path), at: uint32(len(t.names))} //nolint:gosec // of some megabytes at the most
	name := path
	if above, last, ok := split(path); ok {
		if up, ok := t.find(above); ok {
			w.up, name = up, last
		}
	}
	w.length = uint32(len(name)) //nolint:gosec // the system's paths are of some kilobytes
	t.names = append(t.names, name...)
	t.rows = append(t.rows, w)
	t.slot(int32(len(t.rows)-1), w.hash) //nolint:gosec // as above
	t.last = max(t.last, wd)
	t.live++
}

func (t *table) slot(r int32, hash uint32) {
	mask := len(t.slots) - 1
	i := int(hash) & mask
	for t.slots[i] != 0 {
		i = (i + 1) & mask
	}
	t.slots[i] = r + 1
}

// drop forgets a row. It stays where it is, for the rows of folders below it.
func (t *table) drop(r int32) {
	if t.rows[r].wd != none {
		t.rows[r].wd = none
		t.live--
	}
}

// clean makes the table anew of what is still watched.
func (t *table) clean() {
	anew := newTable()
	for r, w := range t.rows {
		if w.wd != none {
			anew.put(w.wd, t.path(int32(r))) //nolint:gosec // the system's numbers are of 31 bits
		}
	}
	*t = *anew
}

// split cuts the last name off a path; ok is false where there is nothing above.
func split(path string) (above, last string, ok bool) {
	i := strings.LastIndexByte(path, '/')
	if i < 0 || path == "/" {
		return "", path, false
	}
	return path[:max(i, 1)], path[i+1:], true
}

package watch

import (
	"fmt"
	"math/rand/v2"
	"path"
	"runtime"
	"testing"
)

// TestTheTableSaysWhatTwoMapsSay does the same to the table and to maps, in an order of chance.
func TestTheTableSaysWhatTwoMapsSay(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // not a secret
	names := []string{"a", "b", "a b", "ä", "long name of an album (1999)", "c"}
	tab, paths, numbers := newTable(), map[string]int32{}, map[int32]string{}
	wd := int32(0)
	for step := range 20_000 {
		p := "/"
		for range dice.IntN(5) {
			p = path.Join(p, names[dice.IntN(len(names))])
		}
		if dice.IntN(50) == 0 {
			p = p[1:] // without a root
		}
		_, known := paths[p]
		r, ok := tab.find(p)
		if ok != known {
			t.Fatalf("step %d: %q is known: %v, want %v", step, p, ok, known)
		}
		switch {
		case ok && dice.IntN(2) == 0:
			tab.drop(r)
			delete(numbers, paths[p])
			delete(paths, p)
		case !ok:
			wd += int32(1 + dice.IntN(2)) //nolint:gosec // small
			tab.put(wd, p)
			paths[p], numbers[wd] = wd, p
		}
		if tab.live != len(paths) {
			t.Fatalf("step %d: %d live rows, want %d", step, tab.live, len(paths))
		}
	}
	for n := range wd + 3 {
		r, ok := tab.byWD(n)
		want, known := numbers[n]
		if ok != known || ok && tab.path(r) != want {
			t.Fatalf("number %d: %v, want %q", n, ok, want)
		}
	}
	if len(tab.rows) > 3*tab.live+200 {
		t.Errorf("%d rows for %d folders: what is gone stays", len(tab.rows), tab.live)
	}
}

func TestTenThousandFoldersTakeHalfAMegabyte(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	tab := newTable()
	wd := int32(0)
	add := func(p string) { wd++; tab.put(wd, p) }
	add("/home/somebody/Music")
	for a := range 1000 {
		artist := fmt.Sprintf("/home/somebody/Music/Some Artist %04d", a)
		add(artist)
		for b := range 9 {
			add(fmt.Sprintf("%s/%d - An Album of Theirs", artist, 1990+b))
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if used := int64(after.HeapAlloc) - int64(before.HeapAlloc); used > 768<<10 { //nolint:gosec // no such heaps
		t.Errorf("%d folders take %d bytes", tab.live, used)
	}
	if r, ok := tab.byWD(wd); !ok || tab.path(r) != "/home/somebody/Music/Some Artist 0999/1998 - An Album of Theirs" {
		t.Error("the last one is not known")
	}
	runtime.KeepAlive(tab)
}

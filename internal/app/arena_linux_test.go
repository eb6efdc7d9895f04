package app

import (
	"bufio"
	"database/sql"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"unsafe"
)

// glibc maps an arena of a thread at a multiple of its size and opens it from the front.
const arenaSize = 64 << 20

// arenas are the mappings of this process that look like arenas of threads.
func arenas(t *testing.T) []string {
	t.Helper()
	f, err := os.Open("/proc/self/maps")
	if err != nil {
		t.Skip(err) // no glibc without a Linux that has it
	}
	defer func() { _ = f.Close() }()
	mark := new([64]byte) // Go's own heap looks the same
	ours := uint64(uintptr(unsafe.Pointer(mark)))
	var found []string
	var start, end uint64
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var from, to uint64
		var mode string
		if _, err := fmt.Sscanf(lines.Text(), "%x-%x %s", &from, &to, &mode); err != nil {
			t.Fatal(err)
		}
		if from == end && to == start+arenaSize && (ours < start || ours >= to) && strings.HasPrefix(mode, "---") {
			found = append(found, lines.Text())
		}
		start, end = 1, 0
		if from%arenaSize == 0 && strings.HasPrefix(mode, "rw") {
			start, end = from, to
		}
	}
	runtime.KeepAlive(mark)
	return found
}

// TestThreadsOfCShareOneArena works SQLite from many threads at once.
func TestThreadsOfCShareOneArena(t *testing.T) {
	if os.Getenv("MALLOC_ARENA_MAX") != "" {
		t.Skip("MALLOC_ARENA_MAX is set")
	}
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
			db, err := sql.Open("sqlite3", ":memory:")
			if err != nil {
				t.Error(err)
				return
			}
			var n int
			if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM sqlite_master`).Scan(&n); err != nil {
				t.Error(err)
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if found := arenas(t); len(found) > 0 {
		t.Errorf("%d threads have arenas of their own:\n%s", len(found), strings.Join(found, "\n"))
	}
}

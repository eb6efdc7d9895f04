package cache_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"segue/cache"
)

// clock moves on by a second each time it is asked, so that no two uses are at once.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(time.Second)
	return c.at
}

func mustMedia(t *testing.T, o cache.MediaOptions) *cache.Media {
	t.Helper()
	if o.Dir == "" {
		o.Dir = filepath.Join(t.TempDir(), "media")
	}
	if o.Now == nil {
		o.Now = (&clock{at: time.Unix(1_800_000_000, 0)}).now
	}
	m, err := cache.OpenMedia(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

func mustOpen(t *testing.T, m *cache.Media, key string, size int64) *cache.Entry {
	t.Helper()
	e, err := m.Open(key, size)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

// sound is n bytes that can be told from others.
func sound(seed uint64, n int) []byte {
	b := make([]byte, n)
	r := rand.New(rand.NewPCG(seed, 1))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// store puts a whole file into the cache.
func store(t *testing.T, m *cache.Media, key string, b []byte) {
	t.Helper()
	e := mustOpen(t, m, key, int64(len(b)))
	write(t, e, b, 0)
	if err := errors.Join(e.Commit(int64(len(b))), e.Close()); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, e *cache.Entry, b []byte, off int64) {
	t.Helper()
	if n, err := e.WriteAt(b, off); n != len(b) || err != nil {
		t.Fatal(n, err)
	}
}

func readAll(t *testing.T, e *cache.Entry) []byte {
	t.Helper()
	b, err := io.ReadAll(io.NewSectionReader(e, 0, e.Size()))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAStreamIsReadWhileItComesAndSoughtInAndPlayedAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "media")
	m := mustMedia(t, cache.MediaOptions{Dir: dir})
	b := sound(1, 10_000)
	e := mustOpen(t, m, "home/track-1/320/mp3", 10_000)
	if from, to, ok := e.Missing(0, -1); !ok || from != 0 || to != 10_000 {
		t.Errorf("at first: %d %d %v", from, to, ok)
	}
	write(t, e, b[:1000], 0)
	write(t, e, b[5000:7000], 5000) // the listener sought
	for _, test := range []struct {
		off, n, from, to int64
		ok               bool
	}{
		{0, 1000, 0, 0, false}, {0, 1001, 1000, 1001, true}, {500, -1, 1000, 5000, true}, {5000, 2000, 0, 0, false},
		{5000, -1, 7000, 10_000, true}, {6000, 99_999, 7000, 10_000, true}, {10_000, -1, 0, 0, false},
	} {
		if from, to, ok := e.Missing(test.off, test.n); from != test.from || to != test.to || ok != test.ok {
			t.Errorf("missing in %d+%d: %d %d %v", test.off, test.n, from, to, ok)
		}
	}
	p := make([]byte, 3000)
	if n, err := e.ReadAt(p, 500); n != 500 || !errors.Is(err, cache.ErrMissing) || !bytes.Equal(p[:n], b[500:1000]) {
		t.Errorf("into a gap: %d, %v", n, err)
	}
	if n, err := e.ReadAt(p, 2000); n != 0 || !errors.Is(err, cache.ErrMissing) {
		t.Errorf("in a gap: %d, %v", n, err)
	}
	if n, err := e.ReadAt(p[:100], 6900); n != 100 || err != nil || !bytes.Equal(p[:100], b[6900:7000]) {
		t.Errorf("up to a gap: %d, %v", n, err)
	}
	if err := e.Commit(10_000); !errors.Is(err, cache.ErrMissing) {
		t.Errorf("committed with gaps: %v", err)
	}
	if _, err := e.WriteAt(b[:2], 9_999); !errors.Is(err, cache.ErrInvalid) {
		t.Errorf("beyond the end: %v", err)
	}
	if e.Present(5500) != 1500 || e.Present(1000) != 0 || e.Complete() || e.Path() != "" {
		t.Error("what is there")
	}
	if err := errors.Join(e.Close(), e.Close(), m.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := e.ReadAt(p, 0); !errors.Is(err, os.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}

	m = mustMedia(t, cache.MediaOptions{Dir: dir}) // another day
	e = mustOpen(t, m, "home/track-1/320/mp3", -1)
	if e.Size() != 10_000 || e.Present(0) != 1000 || e.Present(5000) != 2000 {
		t.Fatalf("what came the day before: %d, %d, %d", e.Size(), e.Present(0), e.Present(5000))
	}
	write(t, e, b[1000:6000], 1000)
	write(t, e, b[6500:], 6500)
	if err := e.Commit(10_000); err != nil {
		t.Fatal(err)
	}
	if !e.Complete() || !bytes.Equal(readAll(t, e), b) {
		t.Error("not what was sent")
	}
	if n, err := e.ReadAt(p, 9000); n != 1000 || !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %d, %v", n, err)
	}
	if file, err := os.ReadFile(e.Path()); err != nil || !bytes.Equal(file, b) {
		t.Error(err)
	}
	if size, whole := m.Has("home/track-1/320/mp3"); size != 10_000 || !whole {
		t.Error("it is not there")
	}
	if s := m.Stats(); s.Whole != 1 || s.Bytes != 10_000 || s.Open != 1 || s.Misses != 1 {
		t.Errorf("%+v", s)
	}
}

func TestWhatWasUsedLongestAgoGoesFirstAndNeverWhatPlays(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "media")
	m := mustMedia(t, cache.MediaOptions{Dir: dir, Limit: 3000})
	for _, key := range []string{"a", "b", "c"} {
		store(t, m, key, sound(3, 1000))
	}
	_ = mustOpen(t, m, "a", -1).Close() // b is now the oldest
	store(t, m, "d", sound(3, 1000))
	if got := fmt.Sprint(m.Keys("")); got != "[a c d]" {
		t.Errorf("%s", got)
	}
	playing, next := mustOpen(t, m, "c", -1), mustOpen(t, m, "a", -1)
	next.Pin()
	next.Pin()
	_ = next.Close() // pinned, not open
	if err := m.SetLimit(500); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(m.Keys("")); got != "[a c]" {
		t.Errorf("with a smaller limit: %s", got)
	}
	big := mustOpen(t, m, "big", 5_000_000)
	write(t, big, sound(4, 5_000_000), 0) // larger than all, and it plays
	if err := big.Commit(5_000_000); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(readAll(t, playing), sound(3, 1000)) || !bytes.Equal(readAll(t, big), sound(4, 5_000_000)) {
		t.Error("what plays changed")
	}
	next.Unpin()
	_, _ = playing.Close(), big.Close()
	if got := fmt.Sprint(m.Keys("")); got != "[]" {
		t.Errorf("when nothing plays: %s", got)
	}
	if files := filesIn(t, dir); len(files) > 0 {
		t.Errorf("left on disk: %v", files)
	}
	if err := m.SetLimit(-1); !errors.Is(err, cache.ErrInvalid) {
		t.Errorf("%v", err)
	}
}

func TestWithoutALimitATenthOfTheFreeDiskIsUsed(t *testing.T) {
	free := int64(20_000)
	m := mustMedia(t, cache.MediaOptions{Free: func(string) (int64, error) { return free, nil }})
	for _, key := range []string{"a", "b"} {
		store(t, m, key, sound(3, 1000))
	}
	if s := m.Stats(); s.Limit != 2200 || s.Bytes != 2000 {
		t.Errorf("%+v", s)
	}
	free = 8000 // somebody else fills the disk
	store(t, m, "c", sound(3, 100))
	if s := m.Stats(); s.Bytes > s.Limit || len(m.Keys("c")) != 1 {
		t.Errorf("%+v, %v", s, m.Keys(""))
	}
	unknown := mustMedia(t, cache.MediaOptions{Free: func(string) (int64, error) { return 0, syscall.EIO }})
	if s := unknown.Stats(); s.Limit != 1<<30 {
		t.Errorf("%+v", s)
	}
	if s := mustMedia(t, cache.MediaOptions{}).Stats(); s.Limit <= 0 {
		t.Errorf("of this disk: %+v", s)
	}
}

func TestKeptFilesOutliveTheLimitAndTheRestart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "media")
	m := mustMedia(t, cache.MediaOptions{Dir: dir, Limit: 1500})
	store(t, m, "offline/1", sound(1, 1000))
	e := mustOpen(t, m, "offline/1", -1)
	if err := e.Keep(true); err != nil {
		t.Fatal(err)
	}
	part := mustOpen(t, m, "part", 10)
	if err := part.Keep(true); !errors.Is(err, cache.ErrInvalid) {
		t.Errorf("a partial file: %v", err)
	}
	_, _ = e.Close(), part.Close()
	store(t, m, "x", sound(2, 1200))
	if err := errors.Join(m.SetLimit(10), m.Close()); err != nil {
		t.Fatal(err)
	}
	m = mustMedia(t, cache.MediaOptions{Dir: dir, Limit: 10})
	if s := m.Stats(); fmt.Sprint(m.Keys("")) != "[offline/1]" || s.Kept != 1000 || s.Bytes != 0 {
		t.Errorf("%v, %+v", m.Keys(""), s)
	}
	m.Clear()
	e = mustOpen(t, m, "offline/1", 1000)
	if err := e.Keep(false); err != nil {
		t.Fatal(err)
	}
	_ = e.Close()
	if len(m.Keys("")) != 0 {
		t.Error("given back, and beyond the limit")
	}
}

func TestAStreamOfUnknownLengthIsCommittedOrVanishes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "media")
	m := mustMedia(t, cache.MediaOptions{Dir: dir})
	e := mustOpen(t, m, "radio", -1)
	write(t, e, sound(1, 5_000_000), 0)
	if from, to, ok := e.Missing(0, -1); !ok || from != 5_000_000 || to != -1 {
		t.Errorf("%d %d %v", from, to, ok)
	}
	if err := errors.Join(m.Flush(), e.Close()); err != nil {
		t.Fatal(err)
	}
	if names := filesIn(t, dir); len(names) != 0 {
		t.Errorf("left: %v", names)
	}
	e = mustOpen(t, m, "song", -1)
	write(t, e, sound(1, 100), 0)
	if err := errors.Join(e.Commit(100), e.Commit(100), e.Close()); err != nil {
		t.Fatal(err)
	}
	if size, whole := m.Has("song"); size != 100 || !whole {
		t.Error("committed, and not there")
	}
	e = mustOpen(t, m, "known later", -1)
	write(t, e, sound(1, 100), 0)
	if same := mustOpen(t, m, "known later", 200); same.Size() != 200 || e.Size() != 200 {
		t.Error("who knows the size says it for all")
	}
	if _, err := m.Open("known later", 300); !errors.Is(err, cache.ErrInvalid) {
		t.Errorf("two sizes at once: %v", err)
	}
}

func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range all {
		if e.Name() != "segue.lock" {
			names = append(names, e.Name())
		}
	}
	return names
}

func TestAChangedSizeIsAnotherFileAndDiscardedBytesAreGone(t *testing.T) {
	m := mustMedia(t, cache.MediaOptions{})
	store(t, m, "k", sound(1, 100))
	e := mustOpen(t, m, "k", 101) // the server has another version
	if e.Present(0) != 0 {
		t.Error("bytes of the old version")
	}
	write(t, e, sound(2, 101), 0)
	e.Discard()
	if again := mustOpen(t, m, "k", 101); again.Present(0) != 0 {
		t.Error("bytes that were wrong came back")
	}
	if err := e.Commit(101); err == nil {
		t.Error("discarded bytes were committed")
	}
	p := make([]byte, 101)
	if n, err := e.ReadAt(p, 0); n != 101 || err != nil || !bytes.Equal(p, sound(2, 101)) {
		t.Errorf("who has it open reads on: %d, %v", n, err)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	m.Remove("k")
	if len(m.Keys("")) != 0 {
		t.Error("removed, and there")
	}
}

func TestAFolderHasOneMediaCache(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "media")
	m := mustMedia(t, cache.MediaOptions{Dir: dir})
	if _, err := cache.OpenMedia(cache.MediaOptions{Dir: dir}); !errors.Is(err, cache.ErrLocked) {
		t.Errorf("%v", err)
	}
	if err := errors.Join(m.Close(), m.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Open("k", 1); !errors.Is(err, os.ErrClosed) {
		t.Errorf("%v", err)
	}
	mustMedia(t, cache.MediaOptions{Dir: dir})
	for name, o := range map[string]cache.MediaOptions{"no folder": {}, "below 0": {Dir: dir, Limit: -1}} {
		if _, err := cache.OpenMedia(o); !errors.Is(err, cache.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	put(t, filepath.Join(filepath.Dir(dir), "file"), "x")
	if _, err := cache.OpenMedia(cache.MediaOptions{Dir: filepath.Join(filepath.Dir(dir), "file")}); err == nil {
		t.Error("a file is no folder")
	}
}

func TestAMediaCacheTakesItsFolderWhenAnotherSegueHasLetGo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "media")
	first := mustMedia(t, cache.MediaOptions{Dir: dir})
	store(t, first, "song", []byte("la la"))
	now := time.Now()
	second := mustMedia(t, cache.MediaOptions{Dir: dir, Later: true, Now: func() time.Time { return now }})
	if _, whole := second.Has("song"); whole || len(second.Keys("")) > 0 {
		t.Error("it has a file of a folder that it has not")
	}
	if _, err := second.Open("song", 5); !errors.Is(err, cache.ErrLocked) {
		t.Errorf("%v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := second.Open("song", 5); !errors.Is(err, cache.ErrLocked) {
		t.Errorf("it asks the system each time: %v", err)
	}
	now = now.Add(2 * time.Second)
	if size, whole := second.Has("song"); !whole || size != 5 {
		t.Errorf("%d bytes, whole %v", size, whole)
	}
	if _, err := cache.OpenMedia(cache.MediaOptions{Dir: dir}); !errors.Is(err, cache.ErrLocked) {
		t.Errorf("a third: %v", err)
	}
}

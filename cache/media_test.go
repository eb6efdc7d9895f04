package cache_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
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

func TestAReaderWaitsForBytesThatSomebodyElseWrites(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		m := mustMedia(t, cache.MediaOptions{Dir: dir, Now: time.Now})
		b := sound(2, 3000)
		writer, reader := mustOpen(t, m, "k", -1), mustOpen(t, m, "k", -1)
		go func() {
			for off := 0; off < len(b); off += 500 {
				time.Sleep(time.Second)
				write(t, writer, b[off:off+500], int64(off))
			}
			if err := writer.Commit(int64(len(b))); err != nil {
				t.Error(err)
			}
		}()
		var got []byte
		for {
			err := reader.Wait(t.Context(), int64(len(got)))
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			p := make([]byte, 333)
			n, err := reader.ReadAt(p, int64(len(got)))
			if err != nil && !errors.Is(err, cache.ErrMissing) && !errors.Is(err, io.EOF) {
				t.Fatal(err)
			}
			got = append(got, p[:n]...)
		}
		if !bytes.Equal(got, b) {
			t.Errorf("%d bytes, not what was sent", len(got))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := mustOpen(t, m, "other", 10).Wait(ctx, 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
	})
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

// A crash is a copy of the folder at some moment: what was not flushed may be there or not.
func TestAfterACrashOnlyBytesThatAreThereAreClaimed(t *testing.T) {
	b := sound(7, 9000)
	for name, crash := range map[string]func(t *testing.T, dir, name string){
		"right after a flush": func(*testing.T, string, string) {},
		"bytes lost":          func(t *testing.T, dir, name string) { cut(t, filepath.Join(dir, name+".media"), 100) },
		"no bytes":            func(t *testing.T, dir, name string) { remove(t, filepath.Join(dir, name+".media")) },
		"no note":             func(t *testing.T, dir, name string) { remove(t, filepath.Join(dir, name+".json")) },
		"an empty note":       func(t *testing.T, dir, name string) { cut(t, filepath.Join(dir, name+".json"), 0) },
		"a note cut":          func(t *testing.T, dir, name string) { cut(t, filepath.Join(dir, name+".json"), 30) },
		"a note of another file": func(t *testing.T, dir, name string) {
			put(t, filepath.Join(dir, name+".json"), `{"key":"z","size":9000,"whole":false,"have":[{"From":0,"To":9000}]}`)
		},
		"a note of wrong ranges": func(t *testing.T, dir, name string) {
			put(t, filepath.Join(dir, name+".json"), `{"key":"k","size":9000,"have":[{"From":50,"To":9},{"From":-5,"To":90}]}`)
		},
		"a temporary note left": func(t *testing.T, dir, name string) { put(t, filepath.Join(dir, "."+name+".json.tmp-1"), "{") },
		"whole by its note, and cut": func(t *testing.T, dir, name string) {
			put(t, filepath.Join(dir, name+".json"), `{"key":"k","size":9000,"whole":true}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "media")
			l := &logs{}
			m := mustMedia(t, cache.MediaOptions{Dir: dir, Log: l.add})
			e := mustOpen(t, m, "k", 9000)
			write(t, e, b[1000:5000], 1000)
			if err := m.Flush(); err != nil {
				t.Fatal(err)
			}
			write(t, e, b[6000:7000], 6000)
			after := filepath.Join(t.TempDir(), "after")
			var file string
			for _, n := range filesIn(t, dir) {
				text, err := os.ReadFile(filepath.Join(dir, n))
				if err != nil {
					t.Fatal(err)
				}
				put(t, filepath.Join(after, n), string(text))
				file = strings.TrimSuffix(strings.TrimSuffix(n, ".json"), ".media")
			}
			crash(t, after, file)
			m = mustMedia(t, cache.MediaOptions{Dir: after, Log: l.add})
			e = mustOpen(t, m, "k", 9000)
			p := make([]byte, 9000)
			for off := int64(0); off < 9000; off += 250 {
				n, err := e.ReadAt(p[:250], off)
				if n > 0 && (err != nil && !errors.Is(err, cache.ErrMissing) || !bytes.Equal(p[:n], b[off:off+int64(n)])) {
					t.Fatalf("at %d: other bytes than were written, %v", off, err)
				}
			}
			if name == "right after a flush" && e.Present(1000) != 4000 {
				t.Error("what was flushed is lost")
			}
			for _, n := range filesIn(t, after) {
				if strings.Contains(n, ".tmp-") {
					t.Errorf("left over: %s", n)
				}
			}
		})
	}
}

func cut(t *testing.T, path string, n int64) {
	t.Helper()
	if err := os.Truncate(path, n); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
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

func TestManyReadersAndWritersAtOnce(t *testing.T) {
	m := mustMedia(t, cache.MediaOptions{Limit: 200_000, Now: time.Now})
	var group sync.WaitGroup
	for w := range 6 {
		group.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 2))
			for range 60 {
				k := r.IntN(8)
				b := sound(uint64(k), 50_000)
				e, err := m.Open(fmt.Sprint(k), 50_000)
				if err != nil {
					t.Error(err)
					return
				}
				for range 6 {
					off := r.IntN(49_000)
					if from, to, ok := e.Missing(int64(off), 1000); ok {
						if _, err := e.WriteAt(b[from:to], from); err != nil {
							t.Error(err)
						}
					}
					p := make([]byte, 1000)
					if n, err := e.ReadAt(p, int64(off)); n != 1000 || err != nil && !errors.Is(err, io.EOF) || !bytes.Equal(p, b[off:off+1000]) {
						t.Errorf("%d: %v", n, err)
					}
				}
				if r.IntN(3) == 0 {
					if _, err := e.WriteAt(b, 0); err != nil {
						t.Error(err)
					}
					if err := e.Commit(50_000); err != nil {
						t.Error(err)
					}
				}
				if err := e.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if s := m.Stats(); s.Bytes > 200_000 || s.Open != 0 {
		t.Errorf("%+v", s)
	}
}

func mustBlobs(t *testing.T, o cache.BlobOptions) *cache.Blobs {
	t.Helper()
	b, err := cache.NewBlobs(o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBlobsComeBackWithTheirTimeAndETag(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "images")
	b := mustBlobs(t, cache.BlobOptions{Dir: dir})
	if _, ok := b.Get("cover/1"); ok {
		t.Error("an empty cache has it")
	}
	want := cache.Blob{Data: sound(1, 3000), Type: "image/jpeg", ETag: `W/"x"`, Fetched: time.Unix(1_800_000_000, 5).UTC()}
	for _, blob := range []cache.Blob{{Data: []byte("old\nlines")}, want} {
		if err := b.Put("cover/1", blob); err != nil {
			t.Fatal(err)
		}
		got, ok := mustBlobs(t, cache.BlobOptions{Dir: dir}).Get("cover/1")
		if !ok || !bytes.Equal(got.Data, blob.Data) || got.Type != blob.Type || got.ETag != blob.ETag || !got.Fetched.Equal(blob.Fetched) {
			t.Errorf("%v: %q %q %v", ok, got.Type, got.ETag, got.Fetched)
		}
	}
	later := want.Fetched.Add(time.Hour)
	if err := errors.Join(b.Refetched("cover/1", later), b.Refetched("none", later), b.Put("empty", cache.Blob{})); err != nil {
		t.Fatal(err)
	}
	if got, ok := b.Get("cover/1"); !ok || !got.Fetched.Equal(later) || !bytes.Equal(got.Data, want.Data) {
		t.Error("still good, said the server")
	}
	if got, ok := b.Get("empty"); !ok || len(got.Data) != 0 {
		t.Error("nothing is something too")
	}
	if s := b.Stats(); s.Files != 2 || s.Bytes < 3000 || s.Hits < 2 || s.Misses < 1 {
		t.Errorf("%+v", s)
	}
	b.Remove("cover/1")
	if _, ok := b.Get("cover/1"); ok {
		t.Error("removed, and there")
	}
	b.Clear()
	if s := b.Stats(); s.Files != 0 || s.Bytes != 0 {
		t.Errorf("%+v", s)
	}
}

func TestABlobCutAtAnyByteIsNotThere(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "images")
	l := &logs{}
	b := mustBlobs(t, cache.BlobOptions{Dir: dir, Log: l.add})
	if err := b.Put("k", cache.Blob{Data: sound(1, 60), ETag: "e"}); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	whole, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		put(t, files[0], string(whole[:n]))
		if _, ok := b.Get("k"); ok {
			t.Fatalf("cut at %d, and there", n)
		}
	}
	for n := range whole {
		bad := bytes.Clone(whole)
		bad[n] ^= 0x20
		put(t, files[0], string(bad))
		if got, ok := b.Get("k"); ok && !bytes.Equal(got.Data, sound(1, 60)) {
			t.Fatalf("changed at %d, and other bytes", n)
		}
	}
	if l.count("fetched again") < len(whole) {
		t.Errorf("%d messages", l.count("fetched again"))
	}
}

func TestBlobsUsedLongestAgoGoFirst(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	b := mustBlobs(t, cache.BlobOptions{Dir: t.TempDir(), Limit: 10_000, Now: func() time.Time { now = now.Add(time.Hour); return now }})
	for i := range 9 {
		if err := b.Put(fmt.Sprint(i), cache.Blob{Data: sound(1, 1000)}); err != nil {
			t.Fatal(err)
		}
	}
	if _, ok := b.Get("0"); !ok {
		t.Fatal("gone too early")
	}
	if err := b.Put("huge", cache.Blob{Data: sound(1, 20_000)}); err != nil {
		t.Fatal(err)
	}
	if err := b.Put("9", cache.Blob{Data: sound(1, 1500)}); err != nil {
		t.Fatal(err)
	}
	there := map[bool]string{}
	for _, k := range []string{"0", "1", "2", "8", "9", "huge"} {
		_, ok := b.Get(k)
		there[ok] += k
	}
	if there[true] != "0289" && there[true] != "089" || !strings.Contains(there[false], "1") {
		t.Errorf("%v", there)
	}
	if s := b.Stats(); s.Bytes > 10_000 {
		t.Errorf("%+v", s)
	}
	if err := b.SetLimit(1); err != nil || b.Stats().Files != 0 {
		t.Errorf("%v, %+v", err, b.Stats())
	}
	if err := b.SetLimit(-1); !errors.Is(err, cache.ErrInvalid) {
		t.Error(err)
	}
}

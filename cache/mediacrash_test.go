package cache_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"segue/cache"
)

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

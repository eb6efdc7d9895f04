package cache_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"segue/cache"
)

type value struct {
	Name string
	List []int
}

func TestAStateComesBackAsItWasSaved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "down", "state.json")
	s := cache.NewState[value](path)
	if v, err := s.Load(); v != nil || err != nil {
		t.Fatalf("nothing saved: %v, %v", v, err)
	}
	for _, name := range []string{"first", "second"} {
		if err := s.Save(value{name, []int{1, 2, 3}}); err != nil {
			t.Fatal(err)
		}
	}
	v, err := cache.NewState[value](path).Load()
	if err != nil || v.Name != "second" || len(v.List) != 3 {
		t.Errorf("%v, %v", v, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if files, err := os.ReadDir(filepath.Dir(path)); err != nil || len(files) != 1 {
		t.Errorf("%d files in the folder, %v", len(files), err)
	}
}

func TestAStateCutAtAnyByteIsSetAsideAndNeverOverwritten(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "state.json")
	s := cache.NewState[value](path)
	if err := s.Save(value{"whole", []int{4, 5}}); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		if err := os.WriteFile(path, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		v, err := s.Load()
		if v != nil || err == nil || !strings.Contains(err.Error(), "set aside as "+path+".bad-") {
			t.Fatalf("cut at %d: %v, %v", n, v, err)
		}
		if v, err := s.Load(); v != nil || err != nil {
			t.Fatalf("cut at %d, loaded again: %v, %v", n, v, err)
		}
	}
	aside, err := filepath.Glob(path + ".bad-*")
	if err != nil || len(aside) != len(whole) {
		t.Errorf("%d files set aside, want %d (%v)", len(aside), len(whole), err)
	}
}

func TestLeftoversOfAKilledSaveAreSweptUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	left, other := filepath.Join(filepath.Dir(path), ".state.json.tmp-123"), filepath.Join(filepath.Dir(path), ".mark.json.tmp-123")
	for _, p := range []string{left, other} {
		if err := os.WriteFile(p, []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if v, err := cache.NewState[value](path).Load(); v != nil || err != nil {
		t.Fatalf("%v, %v", v, err)
	}
	if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the leftover: %v", err)
	}
	if _, err := os.Stat(other); err != nil {
		t.Errorf("another file's: %v", err)
	}
}

func TestASaveThatFailsLeavesTheOldState(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "state.json")
	bad := cache.NewState[func()](path)
	s := cache.NewState[value](path)
	if err := s.Save(value{Name: "old"}); err != nil {
		t.Fatal(err)
	}
	if err := bad.Save(func() {}); err == nil {
		t.Error("a func was saved")
	}
	if err := cache.NewState[value](filepath.Join(path, "below")).Save(value{}); err == nil {
		t.Error("a file served as a folder")
	}
	if v, err := s.Load(); err != nil || v.Name != "old" {
		t.Errorf("%v, %v", v, err)
	}
}

func TestOneSessionLocksAFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	l, err := cache.LockFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cache.LockFolder(dir); !errors.Is(err, cache.ErrLocked) || !strings.Contains(err.Error(), "process") {
		t.Errorf("a second lock: %v", err)
	}
	if err := l.Unlock(); err != nil {
		t.Fatal(err)
	}
	again, err := cache.LockFolder(dir)
	if err != nil {
		t.Fatalf("after Unlock: %v", err)
	}
	if err := again.Unlock(); err != nil {
		t.Fatal(err)
	}
}

// TestALockEndsWithItsProcess runs this test binary again as the process that
// holds the lock, and kills it.
func TestALockEndsWithItsProcess(t *testing.T) {
	if dir := os.Getenv("SEGUE_TEST_LOCK"); dir != "" {
		if _, err := cache.LockFolder(dir); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stdout.WriteString("locked\n"); err != nil {
			t.Fatal(err)
		}
		_, _ = os.Stdin.Read(make([]byte, 1)) // until killed
	}
	dir := t.TempDir()
	c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestALockEndsWithItsProcess$")
	c.Env = append(os.Environ(), "SEGUE_TEST_LOCK="+dir)
	if _, err := c.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 7)
	if _, err := out.Read(b); err != nil || string(b) != "locked\n" {
		t.Fatalf("%q, %v", b, err)
	}
	if _, err := cache.LockFolder(dir); !errors.Is(err, cache.ErrLocked) {
		t.Errorf("while the other runs: %v", err)
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err == nil {
		t.Error("the killed process ended well")
	}
	l, err := cache.LockFolder(dir)
	if err != nil {
		t.Fatalf("after the other was killed: %v", err)
	}
	if err := l.Unlock(); err != nil {
		t.Error(err)
	}
}

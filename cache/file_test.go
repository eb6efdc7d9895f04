package cache_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"segue/cache"
)

// spotipyText is a cache as Spotipy 2 writes it, with a key of a later version.
const spotipyText = `{"access_token": "BQspotipy", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "AQspotipy", "scope": "user-top-read user-library-read", "expires_at": 1999999999, "later": {"b": [1, 2.50, "ü"]}}`

func TestSpotipysFileIsTakenOverAsItIsAndOursIsReadableByIt(t *testing.T) {
	for name, test := range map[string]struct {
		sp   func(dir string) cache.Spotipy
		file string
	}{
		"an explicit file": {func(d string) cache.Spotipy {
			return cache.Spotipy{Path: filepath.Join(d, "my token"), Folder: "/none"}
		}, "my token"},
		"a path that is a folder": {func(d string) cache.Spotipy { return cache.Spotipy{Path: d, Folder: "/none"} }, ".cache"},
		"a folder":                {func(d string) cache.Spotipy { return cache.Spotipy{Folder: d} }, ".cache"},
		"a folder and user name":  {func(d string) cache.Spotipy { return cache.Spotipy{Folder: d, Username: "Jo Ann"} }, ".cache-Jo Ann"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			sp := test.sp(dir)
			sp.Account = "spotify"
			path := filepath.Join(dir, test.file)
			if err := os.WriteFile(path, []byte(spotipyText), 0o644); err != nil {
				t.Fatal(err)
			}
			m := mustManager(t, cache.Options{Spotipy: sp}) // Auto is File with a path of Spotipy's
			h := mustHandler(t, m, "spotify")
			tok, err := h.Get(t.Context())
			if err != nil || tok == nil || tok.RefreshToken.Reveal() != "AQspotipy" || tok.ExpiresAt.Unix() != 1999999999 || tok.ExpiresIn != 3600 {
				t.Fatalf("%v", err)
			}
			tok.AccessToken = cache.NewSecret("BQours")
			if err := h.Save(t.Context(), tok); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			want := strings.Replace(spotipyText, "BQspotipy", "BQours", 1)
			if !sameJSON(t, string(text), want) {
				t.Errorf("%s", text)
			}
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%v, %v", info.Mode(), err)
			}
			if got, err := mustHandler(t, m, "other").Get(t.Context()); got != nil || err != nil {
				t.Errorf("another account has it too: %v, %v", got, err)
			}
			if err := m.Clear(t.Context(), "spotify"); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("after Clear: %v", err)
			}
		})
	}
	if _, err := cache.SpotipyFile("/tmp", "../x"); !errors.Is(err, cache.ErrInvalid) {
		t.Errorf("a user name with a path in it: %v", err)
	}
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if err := errors.Join(json.Unmarshal([]byte(a), &x), json.Unmarshal([]byte(b), &y)); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(x) == fmt.Sprint(y)
}

func TestATokenFileIsPrivateInAPrivateFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tokens")
	h := mustHandler(t, mustManager(t, cache.Options{Kind: cache.File, TokenDir: dir}), "me")
	if err := h.Save(t.Context(), tokenOf(1)); err != nil {
		t.Fatal(err)
	}
	for path, mode := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, "me.json"): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

func TestATokenFileCutAtAnyByteIsSetAsideAndNeverLost(t *testing.T) {
	path := filepath.Join(t.TempDir(), "me.json")
	l := &logs{}
	h := cache.NewFile(path, cache.FileOptions{Log: l.add, Now: func() time.Time { return time.Unix(1.7e9, 0).UTC() }})
	if err := h.Save(t.Context(), tokenOf(1)); err != nil {
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
		if got, err := h.Get(t.Context()); got != nil || err != nil {
			t.Fatalf("cut at %d: %v, %v", n, got, err)
		}
		if err := h.Save(t.Context(), tokenOf(2)); err != nil {
			t.Fatal(err)
		}
	}
	aside, err := filepath.Glob(path + ".bad-*")
	if err != nil || len(aside) != len(whole) {
		t.Errorf("%d files set aside, want %d (%v)", len(aside), len(whole), err)
	}
	if got := l.count("set aside as " + path + ".bad-20231114-221320"); got != len(whole) || l.count(accessText) > 0 {
		t.Errorf("%d messages:\n%s", got, l)
	}
}

// TestASaveKilledAtAnyByteLeavesTheOldTokenOrTheNew runs this binary as a process that
// the kernel ends in the middle of the write: at the size a file may have.
func TestASaveKilledAtAnyByteLeavesTheOldTokenOrTheNew(t *testing.T) {
	if path := os.Getenv("SEGUE_TEST_CUT"); path != "" {
		saveWithin(t, path, os.Getenv("SEGUE_TEST_LIMIT"))
		return
	}
	path := filepath.Join(t.TempDir(), "me.json")
	if err := cache.NewFile(path, cache.FileOptions{}).Save(t.Context(), tokenOf(1)); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	cuts := []int{len(whole)}
	for n := 0; n < len(whole); n += 1 + len(whole)/24 {
		cuts = append(cuts, n)
	}
	slices.Sort(cuts)
	for _, n := range cuts {
		c := exec.Command(os.Args[0], "-test.run=^TestASaveKilledAtAnyByteLeavesTheOldTokenOrTheNew$")
		c.Env = append(os.Environ(), "SEGUE_TEST_CUT="+path, "SEGUE_TEST_LIMIT="+strconv.Itoa(n))
		ended := c.Run()
		var l logs
		got, err := cache.NewFile(path, cache.FileOptions{Log: l.add}).Get(t.Context())
		switch {
		case err != nil || l.String() != "":
			t.Fatalf("killed at %d: %v, %s", n, err, l.String())
		case sameToken(got, tokenOf(1)):
			seen["old"]++
		case sameToken(got, tokenOf(2)) && ended == nil:
			seen["new"]++
		default:
			t.Fatalf("killed at %d: another token, %v", n, ended)
		}
	}
	if seen["old"] < 20 || seen["new"] < 1 {
		t.Errorf("the kills did not do what they should: %v", seen)
	}
}

// saveWithin saves while no file may grow beyond limit bytes. The kernel sends SIGXFSZ
// after the write that got only so far, and Go ends at once.
func saveWithin(t *testing.T, path, limit string) {
	n, err := strconv.ParseUint(limit, 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: n}); err != nil {
		t.Fatal(err)
	}
	if err := cache.NewFile(path, cache.FileOptions{}).Save(t.Context(), tokenOf(2)); err != nil {
		t.Fatal(err)
	}
}

// TestOnAFullDiskTheTokenIsKeptAndSavedLater runs this binary as a process whose writes
// fail after so many bytes, as on a full disk.
func TestOnAFullDiskTheTokenIsKeptAndSavedLater(t *testing.T) {
	if path := os.Getenv("SEGUE_TEST_FULL"); path != "" {
		saveOnAFullDisk(t, path)
		return
	}
	path := filepath.Join(t.TempDir(), "me.json")
	if err := cache.NewFile(path, cache.FileOptions{}).Save(t.Context(), tokenOf(1)); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(os.Args[0], "-test.run=^TestOnAFullDiskTheTokenIsKeptAndSavedLater$")
	c.Env = append(os.Environ(), "SEGUE_TEST_FULL="+path)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v, %s", err, out)
	}
	got, err := cache.NewFile(path, cache.FileOptions{}).Get(t.Context())
	if err != nil || !sameToken(got, tokenOf(2)) {
		t.Errorf("it was not saved when there was room again: %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); err != nil || len(left) > 0 {
		t.Errorf("left over: %v, %v", left, err)
	}
}

func saveOnAFullDisk(t *testing.T, path string) {
	signal.Ignore(syscall.SIGXFSZ) // the write fails instead
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	full := func(n uint64) {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: old.Max}); err != nil {
			t.Fatal(err)
		}
	}
	l := &logs{}
	h := cache.NewFile(path, cache.FileOptions{Log: l.add})
	full(64)
	if got, err := h.Get(t.Context()); err != nil || !sameToken(got, tokenOf(1)) {
		t.Fatal(err)
	}
	if err := h.Save(t.Context(), tokenOf(2)); !errors.Is(err, cache.ErrKept) || !strings.Contains(err.Error(), "file too large") {
		t.Fatalf("a save on a full disk: %v", err)
	}
	for range 3 {
		if got, err := h.Get(t.Context()); err != nil || !sameToken(got, tokenOf(2)) {
			t.Fatalf("meanwhile: %v", err)
		}
	}
	if l.count("file too large") != 1 {
		t.Errorf("said %d times:\n%s", l.count("file too large"), l)
	}
	full(old.Cur)
	if got, err := h.Get(t.Context()); err != nil || !sameToken(got, tokenOf(2)) {
		t.Fatalf("with room again: %v", err)
	}
}

func TestBadTokenFilesAreNoneWithAMessageAndNothingIsLost(t *testing.T) {
	for name, test := range map[string]struct {
		make    func(t *testing.T, path string)
		message string
		aside   bool
		saves   bool
	}{
		"a folder":                {func(t *testing.T, path string) { mkdir(t, path) }, "is a directory", false, false},
		"a folder with files":     {func(t *testing.T, path string) { mkdir(t, filepath.Join(path, "deep")) }, "is a directory", false, false},
		"not JSON":                {func(t *testing.T, path string) { put(t, path, "access_token=x") }, "set aside as", true, true},
		"empty":                   {func(t *testing.T, path string) { put(t, path, "") }, "set aside as", true, true},
		"null":                    {func(t *testing.T, path string) { put(t, path, "null") }, "set aside as", true, true},
		"JSON of something else":  {func(t *testing.T, path string) { put(t, path, `{"volume":3}`) }, "neither access_token nor refresh_token", true, true},
		"a token of numbers":      {func(t *testing.T, path string) { put(t, path, `{"access_token":12345678}`) }, "access_token is no text", true, true},
		"a parent that is a file": {func(t *testing.T, path string) { put(t, filepath.Dir(path), "x") }, "not a directory", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "sub", "me.json")
			test.make(t, path)
			l := &logs{}
			h := cache.NewFile(path, cache.FileOptions{Log: l.add})
			for range 2 {
				if got, err := h.Get(t.Context()); got != nil || err != nil {
					t.Fatalf("%v, %v", got, err)
				}
			}
			if l.count(test.message) != 1 {
				t.Errorf("the message: %s", l)
			}
			if aside, err := filepath.Glob(path + ".bad-*"); err != nil || (len(aside) == 1) != test.aside {
				t.Errorf("set aside: %v, %v", aside, err)
			}
			err := h.Save(t.Context(), tokenOf(1))
			if test.saves != (err == nil) || err != nil && !errors.Is(err, cache.ErrKept) {
				t.Errorf("saving: %v", err)
			}
			if got, err := h.Get(t.Context()); err != nil || !sameToken(got, tokenOf(1)) {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

func mkdir(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(path, 0o700); err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, path, text string) {
	t.Helper()
	mkdir(t, filepath.Dir(path))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAReadOnlyFileIsReplacedAndALinkStaysALink(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "dotfiles"), filepath.Join(dir, "me.json")
	put(t, target, spotipyText)
	if err := errors.Join(os.Chmod(target, 0o400), os.Symlink(target, link)); err != nil {
		t.Fatal(err)
	}
	h := cache.NewFile(link, cache.FileOptions{})
	if err := h.Save(t.Context(), tokenOf(3)); err != nil {
		t.Fatal(err)
	}
	if got, err := cache.NewFile(target, cache.FileOptions{}).Get(t.Context()); err != nil || !sameToken(got, tokenOf(3)) {
		t.Errorf("what the link points to: %v", err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// TestAFolderThatCannotBeWrittenKeepsTheToken uses /proc, which takes files from nobody, root or not.
func TestAFolderThatCannotBeWrittenKeepsTheToken(t *testing.T) {
	if _, err := os.Stat("/proc/self"); err != nil {
		t.Skip("needs /proc")
	}
	h := cache.NewFile("/proc/segue/me.json", cache.FileOptions{})
	if err := h.Save(t.Context(), tokenOf(1)); !errors.Is(err, cache.ErrKept) || strings.Contains(err.Error(), accessText) {
		t.Errorf("%v", err)
	}
	if got, err := h.Get(t.Context()); err != nil || !sameToken(got, tokenOf(1)) {
		t.Errorf("%v", err)
	}
}

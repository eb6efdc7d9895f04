package scan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"segue/internal/service/local/index"
	"segue/internal/tags"
)

// pieceSize is how many files of one folder are held in memory at a time.
const pieceSize = 4096

// walker goes through the folders, in a few goroutines that end with all.
type walker struct {
	s  *scanner
	mu sync.Mutex // guards what follows

	visited map[[2]uint64]bool // device and inode of folders: links may lead in circles
	seen    index.Set          // numbers of the folders that are there
	devices map[string]int64   // what device a folder was on, where that changed
	away    []string           // roots and mount points that are not there
	unread  []string           // folders that could not be listed
}

func newWalker(s *scanner) *walker {
	return &walker{s: s, visited: map[[2]uint64]bool{}, devices: map[string]int64{}}
}

// starts are the folders where the walk begins.
func (w *walker) starts() []string {
	if len(w.s.cfg.Paths) > 0 {
		return w.s.cfg.Paths
	}
	return w.s.cfg.Roots
}

// walkers is how many folders are listed at a time: most of it is waiting for the
// kernel.
const walkers = 2

// stack is the folders still to be looked at.
type stack struct {
	mu     sync.Mutex
	more   sync.Cond
	dirs   []string
	active int // walkers that may still push
	err    error
}

// pop waits for a folder; there is none any more when all walkers wait, or after an error.
func (t *stack) pop() (string, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.active--
	for len(t.dirs) == 0 && t.active > 0 && t.err == nil {
		t.more.Wait()
	}
	if len(t.dirs) == 0 || t.err != nil {
		t.more.Broadcast()
		return "", false
	}
	dir := t.dirs[len(t.dirs)-1]
	t.dirs = t.dirs[:len(t.dirs)-1]
	t.active++
	return dir, true
}

func (t *stack) push(dirs []string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.dirs = append(t.dirs, dirs...)
	if t.err == nil {
		t.err = err
	}
	t.more.Broadcast()
}

func (w *walker) all(ctx context.Context) error {
	roots := map[string]bool{}
	t := &stack{active: walkers}
	t.more.L = &t.mu
	for _, r := range w.starts() {
		roots[r] = true
		t.dirs = append(t.dirs, r)
	}
	var wg sync.WaitGroup
	for range walkers {
		wg.Go(func() {
			for {
				dir, ok := t.pop()
				if !ok {
					return
				}
				if err := ctx.Err(); err != nil {
					t.push(nil, fmt.Errorf("scan: %w", err))
					continue
				}
				t.push(w.folder(ctx, dir, roots[dir]))
			}
		})
	}
	wg.Wait()
	return t.err
}

// listing is what is in a folder.
type listing struct {
	files  []file
	large  bool
	n      int
	sum    int64
	sides  []string // cue sheets
	lists  []string // playlists
	cover  bool
	below  []string
	faults []index.Fault
	empty  bool
	device int64
}

// folder looks at one folder and gives those below it, last first.
func (w *walker) folder(ctx context.Context, dir string, root bool) ([]string, error) {
	w.s.where.Store(&dir)
	l, err := w.list(dir)
	if err != nil {
		if errors.Is(err, errVisited) {
			return nil, nil
		}
		w.unreadable(ctx, dir, root, err)
		return nil, nil
	}
	known, err := w.s.db.Folder(ctx, dir)
	if err != nil {
		return nil, fmt.Errorf("scan: %w", err)
	}
	if known.ID != 0 && l.empty && known.Device != l.device {
		w.mu.Lock()
		w.away = append(w.away, dir) // a mount point whose disk is gone
		w.mu.Unlock()
		return nil, nil
	}
	if known.ID != 0 {
		w.mu.Lock()
		w.seen.Add(uint32(known.ID))
		if known.Device != l.device {
			w.devices[dir] = known.Device
		}
		w.mu.Unlock()
	}
	if len(l.faults) > 0 {
		w.s.send(ctx, finding{faults: l.faults})
	}
	if known.ID != 0 && known.Sum == l.sum && known.Device == l.device {
		w.s.done.Add(int64(l.n))
		if known.Away {
			w.s.send(ctx, finding{back: []int64{known.ID}})
		}
		return l.below, nil
	}
	if known.ID == 0 && l.n == 0 && len(l.lists) == 0 && !root && len(l.below) == 0 {
		return nil, nil // nothing of music in it
	}
	j := job{dir: dir, known: known.ID != 0, device: l.device, sum: l.sum, files: l.files, large: l.large, sides: l.sides, lists: l.lists, cover: l.cover}
	select {
	case w.s.jobs <- j:
	case <-ctx.Done():
		return nil, fmt.Errorf("scan: %w", ctx.Err())
	}
	return l.below, nil
}

// unreadable deals with a folder that cannot be listed.
func (w *walker) unreadable(ctx context.Context, dir string, root bool, err error) {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ENOTDIR) {
		if root && len(w.s.cfg.Paths) == 0 {
			w.mu.Lock()
			w.away = append(w.away, dir)
			w.mu.Unlock()
			w.s.send(ctx, finding{faults: []index.Fault{{Path: dir, Reason: "the folder is not there", At: w.s.began.Unix()}}})
		}
		return
	}
	w.mu.Lock()
	w.unread = append(w.unread, dir)
	w.mu.Unlock()
	w.s.send(ctx, finding{faults: []index.Fault{{Path: dir, Reason: reason(err), At: w.s.began.Unix()}}})
}

var errVisited = errors.New("seen before")

// list reads a folder. Files of a very large one are not kept, only summed up.
func (w *walker) list(dir string) (*listing, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	var st unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &st); err != nil {
		return nil, &fs.PathError{Op: "stat", Path: dir, Err: err}
	}
	at := [2]uint64{uint64(st.Dev), st.Ino} //nolint:unconvert // its type differs between systems
	w.mu.Lock()
	again := w.visited[at]
	w.visited[at] = true
	w.mu.Unlock()
	if again {
		return nil, errVisited
	}
	l := &listing{device: int64(st.Dev), empty: true}
	err = eachEntry(f, func(e fs.DirEntry) { w.entry(l, dir, int(f.Fd()), e) })
	for i, j := 0, len(l.below)-1; i < j; i, j = i+1, j-1 {
		l.below[i], l.below[j] = l.below[j], l.below[i]
	}
	return l, err
}

func eachEntry(f *os.File, yield func(fs.DirEntry)) error {
	for {
		entries, err := f.ReadDir(1024)
		for _, e := range entries {
			yield(e)
		}
		if errors.Is(err, io.EOF) || err == nil && len(entries) == 0 {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// entry sorts a directory entry into the listing.
func (w *walker) entry(l *listing, dir string, fd int, e fs.DirEntry) {
	name := e.Name()
	l.empty = false
	if strings.HasPrefix(name, ".") {
		return
	}
	kind := kindOf(name)
	mode := e.Type()
	if mode.IsDir() {
		l.below = append(l.below, index.Join(dir, name))
		return
	}
	if mode&fs.ModeSymlink == 0 && (!mode.IsRegular() || kind == other) {
		return
	}
	var st unix.Stat_t
	if err := unix.Fstatat(fd, name, &st, 0); err != nil {
		if kind == audio {
			l.faults = append(l.faults, index.Fault{Path: index.Join(dir, name), Reason: reason(err), At: w.s.began.Unix()})
		}
		return
	}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFDIR:
		l.below = append(l.below, index.Join(dir, name))
		return
	case unix.S_IFREG:
	default:
		return
	}
	x := file{name: name, size: st.Size, mtime: st.Mtim.Nano(), inode: st.Ino}
	switch kind {
	case other:
		return
	case audio:
		l.n++
		if len(l.files) < pieceSize {
			l.files = append(l.files, x)
		} else {
			l.large = true
		}
	case cueSheet:
		l.sides = append(l.sides, name)
	case playlist:
		l.lists = append(l.lists, index.Join(dir, name))
		x.size, x.mtime = 0, 0 // only its name counts: it is read when it is opened
	case cover:
		l.cover = true
	}
	l.sum += x.sum()
}

// sum is a fingerprint of a file. A folder's is the sum of its files', so that the
// order of names does not matter.
func (f *file) sum() int64 {
	h := uint64(14695981039346656037)
	for i := range len(f.name) {
		h = (h ^ uint64(f.name[i])) * 1099511628211
	}
	for _, x := range [...]uint64{uint64(f.size), uint64(f.mtime)} {
		h = (h ^ x) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	return int64(h)
}

type kind int

const (
	other kind = iota
	audio
	cueSheet
	playlist
	cover
)

func kindOf(name string) kind {
	if tags.IsAudio(name) {
		return audio
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".cue":
		return cueSheet
	case ".m3u", ".m3u8", ".pls", ".xspf":
		return playlist
	case ".jpg", ".jpeg", ".png", ".webp", ".gif":
		if IsCover(name) {
			return cover
		}
	}
	return other
}

// IsCover reports whether a picture beside music is its cover, by its name.
func IsCover(name string) bool {
	ext := filepath.Ext(name)
	switch strings.ToLower(strings.TrimSuffix(name, ext)) {
	case "cover", "folder", "front", "album", "albumart":
		return true
	}
	return false
}

func (s *scanner) send(ctx context.Context, f finding) {
	select {
	case s.found <- f:
	case <-ctx.Done():
	}
}

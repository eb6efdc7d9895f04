package scan

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io/fs"
	"sync"

	"golang.org/x/sys/unix"

	"segue/internal/service/local/index"
)

// pieceSize is how many files of one folder are held in memory at a time.
const pieceSize = 4096

// walker goes through the folders, in a few goroutines that end with all.
type walker struct {
	s  *scanner
	mu sync.Mutex // guards what follows

	visited map[[2]uint64]bool // device and inode of folders: links may lead in circles
	seen    index.Set          // numbers of the folders that are there
	met     int                // how many those are
	devices map[string]int64   // what device a folder was on, where that changed
	away    []string           // roots and mount points that are not there
	unread  []string           // folders that could not be listed

	states folderStates // only read once the walk has begun
}

func newWalker(s *scanner) *walker {
	return &walker{
		s: s, visited: map[[2]uint64]bool{}, devices: map[string]int64{},
		states: folderStates{seed: maphash.MakeSeed(), known: map[uint64]folderState{}},
	}
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
	if err := w.s.db.EachFolder(ctx, "/", w.states.add); err != nil {
		return fmt.Errorf("scan: %w", err)
	}
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
			ls := newLister()
			for {
				dir, ok := t.pop()
				if !ok {
					return
				}
				if err := ctx.Err(); err != nil {
					t.push(nil, fmt.Errorf("scan: %w", err))
					continue
				}
				t.push(w.folder(ctx, ls, dir, roots[dir]))
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
func (w *walker) folder(ctx context.Context, ls *lister, dir string, root bool) ([]string, error) {
	w.s.where.Store(&dir)
	l, err := w.list(ls, dir)
	if err != nil {
		if errors.Is(err, errVisited) {
			return nil, nil
		}
		w.unreadable(ctx, dir, root, err)
		return nil, nil
	}
	known := w.states.of(dir)
	if known.id != 0 && l.empty && known.device != l.device {
		w.mu.Lock()
		w.away = append(w.away, dir) // a mount point whose disk is gone
		w.mu.Unlock()
		return nil, nil
	}
	if known.id != 0 {
		w.mu.Lock()
		if !w.seen.Has(uint32(known.id)) {
			w.met++
		}
		w.seen.Add(uint32(known.id))
		if known.device != l.device {
			w.devices[dir] = known.device
		}
		w.mu.Unlock()
	}
	if len(l.faults) > 0 {
		w.s.send(ctx, finding{faults: l.faults})
	}
	if known.id != 0 && known.sum == l.sum && known.device == l.device {
		w.s.done.Add(int64(l.n))
		if known.away {
			w.s.send(ctx, finding{back: []int64{known.id}})
		}
		return l.below, nil
	}
	if known.id == 0 && l.n == 0 && len(l.lists) == 0 && !root && len(l.below) == 0 {
		return nil, nil // nothing of music in it
	}
	j := job{dir: dir, known: known.id != 0, device: l.device, sum: l.sum, files: l.files, large: l.large, sides: l.sides, lists: l.lists, cover: l.cover}
	ls.files = nil // the job has them now
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

func (s *scanner) send(ctx context.Context, f finding) {
	select {
	case s.found <- f:
	case <-ctx.Done():
	}
}

// folderState is what the index knows of a folder.
type folderState struct {
	id, sum, device int64
	away            bool
}

// folderStates are all folders of the index by a fingerprint of their path: a lookup
// in SQL for each would take longer than listing it.
type folderStates struct {
	seed  maphash.Seed
	known map[uint64]folderState
}

func (f *folderStates) add(r index.FolderRow) {
	f.known[maphash.String(f.seed, r.Path)] = folderState{r.ID, r.Sum, r.Device, r.Away}
}

func (f *folderStates) of(dir string) folderState { return f.known[maphash.String(f.seed, dir)] }

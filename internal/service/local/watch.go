package local

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"segue/internal/music"
	"segue/internal/service/local/index"
	"segue/internal/watch"
)

// When something changes on disk, Watch waits until it has been quiet for a moment, at
// most the longer one, and reads the folders concerned. Where the system does not let
// a program watch so many folders, everything is read again now and then.
const (
	watchQuiet  = 700 * time.Millisecond
	watchAtMost = 10 * time.Second
	watchRescan = 10 * time.Minute
	// watchGap is how much older than a scan a change may look that came after it: clocks
	// of servers differ, and times of folders are coarse.
	watchGap = time.Minute
	// watchMost folders are watched: each costs a kilobyte in the kernel, and memory
	// must not follow the library.
	watchMost = 20_000
)

// watcher is one Watch; it belongs to the goroutine that called it.
type watcher struct {
	s       *Service
	fs      *watch.Watcher
	changed func(music.Ref)
	full    bool // the system's limit is reached
	pending map[string]bool
	lists   bool            // something changed among the playlists
	edited  map[string]bool // playlists that were written
}

// Watch tells of changes, its own scans' and those that others make on disk, and keeps
// the index true to the disk, until ctx ends. It does not read the library at its
// start: that is Scan's.
func (s *Service) Watch(ctx context.Context, changed func(music.Ref)) error {
	w := &watcher{s: s, changed: changed, pending: map[string]bool{}, edited: map[string]bool{}}
	if !s.cfg.NoWatch {
		fsw, err := watch.New()
		if err != nil {
			w.limit(err)
		} else {
			w.fs = fsw
		}
	}
	scans := make(chan struct{}, 1)
	s.mu.Lock()
	number := s.listener
	s.listener++
	s.listeners[number] = func(r music.Ref) {
		select {
		case scans <- struct{}{}:
		default:
		}
		changed(r)
	}
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.listeners, number)
		s.mu.Unlock()
	}()
	w.addAll(ctx)
	return w.run(ctx, scans)
}

func (w *watcher) run(ctx context.Context, scans <-chan struct{}) error {
	events, ended := make(chan watch.Event), make(chan error, 1)
	if w.fs != nil {
		go func() {
			ended <- w.fs.Run(ctx, events)
			close(ended)
		}()
		defer func() {
			for range ended { // so that nothing of it is left
			}
		}()
	}
	broken := ended
	quiet := time.NewTimer(time.Hour)
	quiet.Stop()
	again := time.NewTicker(w.s.rescan)
	defer again.Stop()
	if !w.full {
		again.Stop()
	}
	var since time.Time
	wait := func() {
		now := time.Now()
		if since.IsZero() {
			since = now
		}
		quiet.Reset(min(watchQuiet, max(watchAtMost-now.Sub(since), 0)))
	}
	if len(w.pending) > 0 {
		wait()
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case e := <-events:
			if e.Lost {
				for _, r := range w.s.roots {
					w.pending[r] = true
				}
			} else if !w.note(e.Path) {
				continue
			}
			wait()
		case err := <-broken:
			broken = nil
			if err != nil {
				w.limit(err)
				again.Reset(w.s.rescan)
			}
		case <-quiet.C:
			since = time.Time{}
			w.flush(ctx)
		case <-scans:
			full := w.full
			w.addAll(ctx)
			if w.full && !full {
				again.Reset(w.s.rescan)
			}
			if len(w.pending) > 0 {
				wait()
			}
		case <-w.s.rebuild:
			_ = w.s.Scan(ctx, nil, nil) // its faults are listed
		case <-again.C:
			_ = w.s.Scan(ctx, nil, nil) // its faults are listed; the next try is soon
		}
	}
}

// note sorts a change at a path: which folder has to be read again.
func (w *watcher) note(path string) bool {
	name := filepath.Base(path)
	if strings.HasPrefix(name, ".") {
		return false
	}
	if isPlaylist(name) {
		w.edited[path] = true
	}
	if dir := w.s.playlistDir(); dir != "" && under(path, dir) {
		w.lists = true
		if st, err := os.Stat(path); err == nil && st.IsDir() {
			w.add(path)
		}
		return true
	}
	dir := filepath.Dir(path)
	if w.s.inLibrary(dir) {
		w.pending[dir] = true
	} else {
		for _, r := range w.s.roots {
			if under(r, path) {
				w.pending[r] = true // a folder above a root came or went
			}
		}
	}
	if isPlaylist(name) {
		w.lists = true
	}
	return len(w.pending) > 0 || w.lists
}

// flush reads the folders that changed.
func (w *watcher) flush(ctx context.Context) {
	if w.lists {
		w.lists = false
		w.changed(section(music.SectionPlaylists))
	}
	for p := range w.edited {
		w.changed(playlistRef(p))
	}
	clear(w.edited)
	if len(w.pending) == 0 {
		return
	}
	var dirs []string
	whole := false
	for d := range w.pending {
		for _, r := range w.s.roots {
			whole = whole || d == r && !exists(d)
		}
		for d != "/" && !exists(d) && w.s.inLibrary(filepath.Dir(d)) {
			d = filepath.Dir(d)
		}
		dirs = append(dirs, d)
	}
	clear(w.pending)
	if whole {
		dirs = nil
	}
	_ = w.s.Scan(ctx, dirs, nil) // its faults are listed among the unreadable files
	for _, d := range dirs {
		w.changed(folderRef(d))
	}
}

func exists(p string) bool {
	_, err := os.Stat(p)
	return err == nil
}

// addAll watches every folder that the index knows, the roots and the playlists.
func (w *watcher) addAll(ctx context.Context) {
	if w.fs == nil || w.full {
		return
	}
	for _, r := range w.s.roots {
		for d := r; !w.add(d) && d != "/"; d = filepath.Dir(d) {
			if w.full {
				return
			}
		}
	}
	if dir := w.s.playlistDir(); dir != "" {
		_ = filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
			if err == nil && d.IsDir() && (p == dir || !strings.HasPrefix(d.Name(), ".")) {
				w.add(p)
			}
			return nil
		})
	}
	db, err := w.s.index(ctx)
	if err != nil {
		return
	}
	var dirs []string
	err = db.EachFolder(ctx, "/", func(f index.FolderRow) {
		room := w.fs.Len()+len(dirs) <= w.s.watchMost // one too many, to know that there are
		if room && !f.Away && !w.fs.Has(f.Path) {
			dirs = append(dirs, f.Path)
		}
	})
	if err != nil {
		return
	}
	for _, d := range dirs {
		if w.full || ctx.Err() != nil {
			return
		}
		w.add(d)
	}
}

// lastScan is when the newest scan of this run began, zero where there was none.
func (s *Service) lastScan() time.Time {
	s.scanned.mu.Lock()
	defer s.scanned.mu.Unlock()
	return s.scanned.began
}

// changedSince reports whether names in a folder may have come or gone since a scan began:
// it may have listed the folder before they did, and they came before the watch.
func changedSince(dir string, began time.Time) bool {
	st, err := os.Stat(dir)
	return err == nil && !began.IsZero() && st.ModTime().After(began.Add(-watchGap))
}

// add watches one folder; it reports whether it is watched now.
func (w *watcher) add(dir string) bool {
	if w.fs == nil || w.fs.Has(dir) {
		return w.fs != nil
	}
	if w.fs.Len() >= w.s.watchMost {
		w.limit(nil)
		return false
	}
	err := w.fs.Add(dir)
	switch {
	case err == nil:
		if w.s.inLibrary(dir) && changedSince(dir, w.s.lastScan()) {
			w.pending[dir] = true
		}
		return true
	case errors.Is(err, unix.ENOSPC), errors.Is(err, unix.EMFILE), errors.Is(err, unix.ENFILE):
		w.limit(err)
	}
	return false
}

// limit says once that not every folder can be watched, for the system's reason or,
// without err, for ours.
func (w *watcher) limit(err error) {
	w.full = true
	minutes := int(max(w.s.rescan.Minutes(), 1))
	if err == nil {
		w.s.note("only the first %d folders are watched: the library is read again every %d minutes", w.s.watchMost, minutes)
		return
	}
	hint := ""
	if errors.Is(err, unix.ENOSPC) {
		hint = " (fs.inotify.max_user_watches)"
	}
	w.s.note("the system does not let a program watch so many folders%s: the library is read again every %d minutes", hint, minutes)
}

package local

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
	"golang.org/x/sys/unix"

	"segue/internal/music"
	"segue/internal/service/local/index"
)

// When something changes on disk, Watch waits until it has been quiet for a moment, at
// most the longer one, and reads the folders concerned. Where the system does not let
// a program watch so many folders, everything is read again now and then.
const (
	watchQuiet  = 700 * time.Millisecond
	watchAtMost = 10 * time.Second
	watchRescan = 10 * time.Minute
	// watchMost folders are watched: each costs a kilobyte in the kernel and some
	// hundred bytes here, and memory must not follow the library.
	watchMost = 20_000
)

// watcher is one Watch; it belongs to the goroutine that called it.
type watcher struct {
	s       *Service
	fs      *fsnotify.Watcher
	changed func(music.Ref)
	watched map[string]bool
	full    bool // the system's limit is reached
	pending map[string]bool
	lists   bool            // something changed among the playlists
	edited  map[string]bool // playlists that were written
}

// Watch tells of changes, its own scans' and those that others make on disk, and keeps
// the index true to the disk, until ctx ends. It does not read the library at its
// start: that is Scan's.
func (s *Service) Watch(ctx context.Context, changed func(music.Ref)) error {
	w := &watcher{s: s, changed: changed, watched: map[string]bool{}, pending: map[string]bool{}, edited: map[string]bool{}}
	if !s.cfg.NoWatch {
		fsw, err := fsnotify.NewWatcher()
		if err != nil {
			w.limit(err)
		} else {
			w.fs = fsw
			defer func() { _ = fsw.Close() }()
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
	var events chan fsnotify.Event
	var faults chan error
	if w.fs != nil {
		events, faults = w.fs.Events, w.fs.Errors
	}
	quiet := time.NewTimer(time.Hour)
	quiet.Stop()
	var again <-chan time.Time
	if w.full {
		t := time.NewTicker(w.s.rescan)
		defer t.Stop()
		again = t.C
	}
	var since time.Time
	for {
		select {
		case <-ctx.Done():
			return nil
		case e := <-events:
			if !w.note(e) {
				continue
			}
			now := time.Now()
			if since.IsZero() {
				since = now
			}
			quiet.Reset(min(watchQuiet, max(watchAtMost-now.Sub(since), 0)))
		case err := <-faults:
			if errors.Is(err, fsnotify.ErrEventOverflow) {
				for _, r := range w.s.roots {
					w.pending[r] = true
				}
				quiet.Reset(watchQuiet)
			}
		case <-quiet.C:
			since = time.Time{}
			w.flush(ctx)
		case <-scans:
			w.addAll(ctx)
			if w.full && again == nil {
				t := time.NewTicker(w.s.rescan)
				defer t.Stop()
				again = t.C
			}
		case <-w.s.rebuild:
			_ = w.s.Scan(ctx, nil, nil) // its faults are listed
		case <-again:
			_ = w.s.Scan(ctx, nil, nil) // its faults are listed; the next try is soon
		}
	}
}

// note sorts an event: which folder has to be read again.
func (w *watcher) note(e fsnotify.Event) bool {
	if e.Op == fsnotify.Chmod {
		return false
	}
	name := filepath.Base(e.Name)
	if strings.HasPrefix(name, ".") {
		return false
	}
	if isPlaylist(name) {
		w.edited[e.Name] = true
	}
	if dir := w.s.playlistDir(); dir != "" && under(e.Name, dir) {
		w.lists = true
		if st, err := os.Stat(e.Name); err == nil && st.IsDir() {
			w.add(e.Name)
		}
		return true
	}
	dir := filepath.Dir(e.Name)
	if w.s.inLibrary(dir) {
		w.pending[dir] = true
	} else {
		for _, r := range w.s.roots {
			if under(r, e.Name) {
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
		room := len(w.watched)+len(dirs) <= w.s.watchMost // one too many, to know that there are
		if room && !f.Away && !w.watched[f.Path] {
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

// add watches one folder; it reports whether it is watched now.
func (w *watcher) add(dir string) bool {
	if w.watched[dir] || w.fs == nil {
		return w.watched[dir]
	}
	if len(w.watched) >= w.s.watchMost {
		w.limit(nil)
		return false
	}
	err := w.fs.Add(dir)
	switch {
	case err == nil:
		w.watched[dir] = true
	case errors.Is(err, unix.ENOSPC), errors.Is(err, unix.EMFILE), errors.Is(err, unix.ENFILE):
		w.limit(err)
	}
	return err == nil
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

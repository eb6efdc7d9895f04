package scan

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"segue/internal/service/local/index"
	"segue/internal/tags"
)

// entryType is what a directory says of an entry, without a stat.
type entryType byte

const (
	typeUnknown entryType = unix.DT_UNKNOWN // some systems and file systems do not say
	typeDir     entryType = unix.DT_DIR
	typeFile    entryType = unix.DT_REG
	typeLink    entryType = unix.DT_LNK
)

// lister lists folders one after the other; it belongs to one goroutine.
type lister struct {
	buf   []byte
	files []file // of the folder at hand; taken along when it has to be read
}

func newLister() *lister { return &lister{buf: make([]byte, 32<<10)} }

// openFolder opens a folder for listing; the caller closes the descriptor.
func openFolder(dir string) (int, error) {
	for {
		fd, err := unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
		if err == nil {
			return fd, nil
		}
		if !errors.Is(err, unix.EINTR) {
			return -1, &fs.PathError{Op: "open", Path: dir, Err: err}
		}
	}
}

// list reads a folder. Files of a very large one are not kept, only summed up.
func (w *walker) list(ls *lister, dir string) (*listing, error) {
	fd, err := openFolder(dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = unix.Close(fd) }()
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
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
	l := &listing{device: int64(st.Dev), empty: true, files: ls.files[:0]}
	err = eachEntry(fd, ls.buf, func(name string, typ entryType) { w.entry(l, dir, fd, name, typ) })
	ls.files = l.files
	slices.Reverse(l.below)
	return l, err
}

// entry sorts a directory entry into the listing.
func (w *walker) entry(l *listing, dir string, fd int, name string, typ entryType) {
	l.empty = false
	if name[0] == '.' {
		return
	}
	kind := kindOf(name)
	switch typ {
	case typeDir:
		l.below = append(l.below, index.Join(dir, name))
		return
	case typeFile:
		if kind == other {
			return
		}
	case typeLink, typeUnknown:
	default:
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

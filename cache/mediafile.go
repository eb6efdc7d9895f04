package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"
)

const (
	noteSuffix = ".json"
	dataSuffix = ".media"
	flushEvery = 4 << 20 // bytes after which the ranges that came are noted
)

// note is what stands beside the bytes of a media file. It is written after the bytes that
// it speaks of are on the disk.
type note struct {
	Key   string `json:"key"`
	Size  int64  `json:"size"` // -1: not known
	Whole bool   `json:"whole"`
	Keep  bool   `json:"keep"`
	Have  spans  `json:"have"` // of a partial file
}

// mediaFile is the file of one key, shared by all its entries. Its locks are taken in the
// order flushing, Media.mu, mu; the disk is never waited for under the last two.
type mediaFile struct {
	m    *Media
	key  string
	name string // of the files, without suffix

	flushing sync.Mutex // one at a time puts bytes and note on the disk

	// Held by m.mu:
	users int // open entries
	pins  int
	used  time.Time

	mu     sync.Mutex
	note   note          // Keep is changed under m.mu too
	data   *os.File      // while users > 0
	doomed bool          // removed: nothing more goes to the disk, the last user closes it
	fresh  int64         // bytes written since the last flush
	grown  chan struct{} // closed when bytes have come
}

func newMediaFile(m *Media, key string, size int64) *mediaFile {
	sum := sha256.Sum256([]byte(key))
	return &mediaFile{m: m, key: key, name: hex.EncodeToString(sum[:16]), note: note{Key: key, Size: size}, grown: make(chan struct{})}
}

// readNote reads a file of an earlier run, and checks that the bytes it speaks of are there.
func (m *Media) readNote(name string) (*mediaFile, error) {
	var n note
	f := newMediaFile(m, "", 0)
	f.name = name
	text, err := os.ReadFile(f.path(noteSuffix))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &n); err != nil {
		return nil, err
	}
	info, err := os.Stat(f.path(dataSuffix))
	if err != nil {
		return nil, err
	}
	if f = newMediaFile(m, n.Key, n.Size); f.name != name || n.Size < 0 {
		return nil, errors.New("its note is of another file")
	}
	if n.Whole && info.Size() != n.Size || !n.Have.within(min(n.Size, info.Size())) {
		return nil, errors.New("bytes are missing")
	}
	f.note, f.used = n, info.ModTime()
	return f, nil
}

func (f *mediaFile) path(suffix string) string { return filepath.Join(f.m.o.Dir, f.name+suffix) }

// fits says that a file may be opened with this size: its own, or one of the two is not
// known; then it takes it over.
func (f *mediaFile) fits(size int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.note.Size == -1 && f.note.Have.within(size) {
		f.note.Size = size
	}
	return size == -1 || f.note.Size == size
}

func (f *mediaFile) isWhole() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.note.Whole
}

func (f *mediaFile) bytes() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.note.Whole {
		return f.note.Size
	}
	return f.note.Have.bytes()
}

// use counts one more user. Called with m.mu held.
func (f *mediaFile) use() error {
	if f.users == 0 {
		data, err := os.OpenFile(f.path(dataSuffix), os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return err
		}
		f.mu.Lock()
		f.data = data
		f.mu.Unlock()
	}
	f.users++
	f.touch()
	return nil
}

// touch makes the file the last that was used. Called with m.mu held.
func (f *mediaFile) touch() {
	f.used = f.m.o.Now()
	_ = os.Chtimes(f.path(dataSuffix), f.used, f.used) // only the order of the next start suffers
}

// release ends one use; what its user wrote is flushed already. Called with m.mu held.
func (f *mediaFile) release() error {
	f.users--
	if f.users > 0 {
		return nil
	}
	f.mu.Lock()
	// Without a size, or without bytes, nobody could go on with it.
	useless := !f.note.Whole && (f.note.Size < 0 || len(f.note.Have) == 0)
	doomed, data := f.doomed, f.data
	f.data = nil
	f.mu.Unlock()
	switch {
	case doomed:
	case useless:
		f.m.remove(f)
	default:
		f.touch()
	}
	return data.Close()
}

// unlink removes the files, the note first: bytes without a note are swept at the next
// start. Who has the file open goes on reading it.
func (f *mediaFile) unlink() {
	_ = os.Remove(f.path(noteSuffix)) // what stays is swept at the next start
	_ = os.Remove(f.path(dataSuffix))
}

// flush puts the bytes on the disk, and then a note that speaks of no others.
func (f *mediaFile) flush() error {
	f.flushing.Lock()
	defer f.flushing.Unlock()
	f.mu.Lock()
	n, data, fresh := f.note, f.data, f.fresh
	n.Have = slices.Clone(n.Have)
	idle := fresh == 0 || n.Size < 0 || data == nil || f.doomed
	f.mu.Unlock()
	if idle {
		return nil
	}
	if err := data.Sync(); err != nil {
		return err
	}
	if err := f.writeNote(n); err != nil {
		return err
	}
	f.mu.Lock()
	f.fresh -= fresh
	f.mu.Unlock()
	return nil
}

// writeNote is called by who holds flushing. A file that was removed meanwhile gets none.
func (f *mediaFile) writeNote(n note) error {
	text, err := json.Marshal(n)
	if err != nil {
		return err
	}
	if err := WriteFile(f.path(noteSuffix), text); err != nil {
		return err
	}
	f.mu.Lock()
	doomed := f.doomed
	f.mu.Unlock()
	if doomed {
		_ = os.Remove(f.path(noteSuffix)) // removed while it was written; the next start would sweep it
	}
	return nil
}

// open is the file to read and write, with the note as it is now.
func (f *mediaFile) open() (*os.File, note, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.data == nil {
		return nil, note{}, fmt.Errorf("cache: media: %w", os.ErrClosed)
	}
	n := f.note
	n.Have = nil // it changes
	return f.data, n, nil
}

// writeAt writes bytes that have come, and makes room on a full disk once.
func (f *mediaFile) writeAt(p []byte, off int64) (int, error) {
	data, n, err := f.open()
	if err != nil {
		return 0, err
	}
	if off < 0 || n.Size >= 0 && off+int64(len(p)) > n.Size {
		return 0, invalid("bytes %d to %d of a media file of %d", off, off+int64(len(p)), n.Size)
	}
	if n.Whole {
		return len(p), nil // they are there
	}
	wrote, err := data.WriteAt(p, off)
	if errors.Is(err, syscall.ENOSPC) && f.m.makeRoom() {
		wrote, err = data.WriteAt(p, off)
	}
	due := f.came(off, int64(wrote))
	if err == nil && due {
		err = f.flush()
		f.m.mu.Lock()
		f.m.trim()
		f.m.mu.Unlock()
	}
	if err != nil {
		return wrote, fmt.Errorf("cache: media: %w", err)
	}
	return wrote, nil
}

// came marks bytes as there, wakes who waits for them, and says that a flush is due.
func (f *mediaFile) came(off, n int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n > 0 {
		f.note.Have = f.note.Have.add(off, off+n)
		f.fresh += n
		f.wake()
	}
	return f.fresh >= flushEvery
}

// wake is called with the lock held.
func (f *mediaFile) wake() {
	close(f.grown)
	f.grown = make(chan struct{})
}

// makeRoom removes all that may go; false if there was nothing.
func (m *Media) makeRoom() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	idle := m.idle()
	for _, f := range idle {
		m.remove(f)
		m.evicted++
	}
	return len(idle) > 0
}

// commit makes the file whole.
func (f *mediaFile) commit(total int64) error {
	f.flushing.Lock()
	defer f.flushing.Unlock()
	f.mu.Lock()
	n, data, doomed := f.note, f.data, f.doomed
	gap, missing := n.Have.gap(0, total)
	f.mu.Unlock()
	switch {
	case n.Whole && n.Size == total:
		return nil
	case n.Size >= 0 && n.Size != total || total < 0:
		return invalid("a media file of %d bytes ended after %d", n.Size, total)
	case missing:
		return fmt.Errorf("cache: media: bytes %d to %d are %w", gap.From, gap.To, ErrMissing)
	case data == nil || doomed:
		return fmt.Errorf("cache: media: it was removed: %w", os.ErrClosed)
	}
	n.Size, n.Whole, n.Have = total, true, nil
	err := data.Truncate(total)
	if err == nil {
		err = data.Sync()
	}
	if err == nil {
		err = f.writeNote(n)
	}
	if err != nil {
		return fmt.Errorf("cache: media: %w", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.note.Size, f.note.Whole, f.note.Have, f.fresh = total, true, nil, 0
	f.wake()
	return nil
}

// keep holds a whole file beyond the limit, or no more.
func (f *mediaFile) keep(on bool) error {
	f.flushing.Lock()
	defer f.flushing.Unlock()
	f.mu.Lock()
	n := f.note
	f.mu.Unlock()
	if n.Keep == on {
		return nil
	}
	if !n.Whole {
		return invalid("a media file that is not whole cannot be kept")
	}
	n.Keep = on
	if err := f.writeNote(n); err != nil {
		return fmt.Errorf("cache: media: %w", err)
	}
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.note.Keep = on
	return nil
}

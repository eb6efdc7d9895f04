package cache

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// MediaOptions are what a media cache works with.
type MediaOptions struct {
	Dir   string                          // its own folder; made 0700
	Limit int64                           // bytes; 0: up to 10 % of what is free and what it holds
	Free  func(dir string) (int64, error) // free bytes on dir's disk; nil: ask the system
	Now   func() time.Time                // nil: time.Now
	Log   func(string)                    // takes warnings; nil: nobody
	// Later opens a folder that another process has all the same: the cache is empty, and Open
	// refuses with ErrLocked, until that one has let go; then it takes the folder by itself.
	Later bool
}

// fallbackLimit holds where nobody knows what is free.
const fallbackLimit = 1 << 30

// Media keeps the bytes of streams on disk, so that a stream can be played while it comes,
// sought in, gone on with later, and played again without the network. What was used
// longest ago goes first when its limit is reached; what is open, pinned or kept does not.
//
// A file is either whole (committed), or partial with the exact ranges that are there. A
// crash loses at most the ranges that came since the last Flush. It may be used by any
// number of goroutines.
type Media struct {
	o MediaOptions

	mu      sync.Mutex
	lock    *Lock                 // of the folder, where two processes would sweep each other's files; nil: not yet
	asked   time.Time             // when the lock was asked for last
	files   map[string]*mediaFile // by key: on disk or open
	limit   int64
	hits    int
	misses  int
	evicted int
	closed  bool
}

// MediaStats are what a media cache holds.
type MediaStats struct {
	Bytes, Limit        int64 // Kept is not in Bytes
	Kept                int64 // bytes of files that are kept for offline use
	Whole, Partial      int   // files
	Open                int   // files in use
	Hits, Misses, Evict int   // opened when whole, opened when not, removed for room
}

// OpenMedia opens the cache in its folder, and removes what a crash left unusable. While
// another process has it open, that is an ErrLocked.
func OpenMedia(o MediaOptions) (*Media, error) {
	if o.Dir == "" {
		return nil, invalid("no folder for media")
	}
	if o.Limit < 0 {
		return nil, invalid("a cache of %d bytes", o.Limit)
	}
	if o.Free == nil {
		o.Free = freeDisk
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = func(string) {}
	}
	m := &Media{o: o, files: map[string]*mediaFile{}, limit: o.Limit}
	m.mu.Lock()
	defer m.mu.Unlock()
	err := m.take()
	if o.Later && errors.Is(err, ErrLocked) {
		o.Log(err.Error() + "; streams are not kept until it ends")
		return m, nil
	}
	if err != nil {
		return nil, err
	}
	return m, nil
}

// scan finds the files of earlier runs: each has a note; what has none vanishes.
func (m *Media) scan() error {
	entries, err := os.ReadDir(m.o.Dir)
	if err != nil {
		return fmt.Errorf("cache: media: %w", err)
	}
	noted := map[string]bool{}
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), noteSuffix)
		if !ok || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		f, err := m.readNote(name)
		if err != nil {
			m.o.Log("cache: media: " + name + " cannot be used and is fetched again: " + err.Error())
			continue
		}
		noted[name] = true
		m.files[f.key] = f
	}
	for _, e := range entries {
		base := strings.TrimSuffix(strings.TrimSuffix(e.Name(), noteSuffix), dataSuffix)
		if ours := strings.HasSuffix(e.Name(), noteSuffix) || strings.HasSuffix(e.Name(), dataSuffix) || strings.Contains(e.Name(), ".tmp-"); ours && !noted[base] {
			_ = os.Remove(filepath.Join(m.o.Dir, e.Name())) // what stays is tried again at the next start
		}
	}
	return nil
}

// Open opens the file of a key for reading and writing; as many times as wanted, all see
// the same bytes. size is its length in bytes, or -1 when that is not known before its end:
// then it vanishes unless it is committed. A file that is there with another size is
// replaced, unless it is open: then the size is refused. The caller closes the entry.
//
// A key names the bytes exactly: account, track, bitrate and format.
func (m *Media) Open(key string, size int64) (*Entry, error) {
	if key == "" || size < -1 {
		return nil, invalid("a media file of the key %.60q with %d bytes", key, size)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, fmt.Errorf("cache: media: %w", os.ErrClosed)
	}
	if err := m.takeLater(); err != nil {
		return nil, err
	}
	f := m.files[key]
	if f != nil && !f.fits(size) {
		if f.users > 0 {
			return nil, invalid("a media file is open with another size than %d bytes", size)
		}
		m.remove(f)
		f = nil
	}
	if f != nil && f.isWhole() {
		m.hits++
	} else {
		m.misses++
	}
	if f == nil {
		f = newMediaFile(m, key, size)
	}
	if err := f.use(); err != nil {
		return nil, fmt.Errorf("cache: media: %w", err)
	}
	m.files[key] = f
	return &Entry{file: f}, nil
}

// Has says whether a key's file is whole, and its size in bytes.
func (m *Media) Has(key string) (size int64, whole bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_ = m.takeLater() // without the folder it holds nothing
	if f := m.files[key]; f != nil && f.isWhole() {
		return f.bytes(), true
	}
	return 0, false
}

// Keys are the keys that begin with prefix, in order: whole files, and partial ones too.
func (m *Media) Keys(prefix string) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	_ = m.takeLater() // without the folder it holds nothing
	var keys []string
	for k := range m.files {
		if strings.HasPrefix(k, prefix) {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys
}

// Remove removes a key's file. Entries that are open go on reading it.
func (m *Media) Remove(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if f := m.files[key]; f != nil {
		m.remove(f)
	}
}

// remove takes a file out of the cache. Called with the lock held.
func (m *Media) remove(f *mediaFile) {
	delete(m.files, f.key)
	f.mu.Lock()
	f.doomed = true
	f.mu.Unlock()
	f.unlink()
}

// SetLimit changes the limit in bytes at once; 0: up to 10 % of the free disk.
func (m *Media) SetLimit(limit int64) error {
	if limit < 0 {
		return invalid("a cache of %d bytes", limit)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.limit = limit
	m.trim()
	return nil
}

// bound is the limit that holds now. Called with the lock held.
func (m *Media) bound() int64 {
	if m.limit > 0 {
		return m.limit
	}
	free, err := m.o.Free(m.o.Dir)
	if err != nil {
		return fallbackLimit
	}
	return (free + m.bytes()) / 10
}

// bytes is what counts against the limit. Called with the lock held.
func (m *Media) bytes() int64 {
	var n int64
	for _, f := range m.files {
		if !f.note.Keep {
			n += f.bytes()
		}
	}
	return n
}

// trim removes what was used longest ago until the limit holds. Called with the lock held.
func (m *Media) trim() {
	over := m.bytes() - m.bound()
	if over <= 0 {
		return
	}
	for _, f := range m.idle() {
		if over <= 0 {
			return
		}
		over -= f.bytes()
		m.remove(f)
		m.evicted++
	}
}

// idle are the files that may go, the one used longest ago first. Called with the lock held.
func (m *Media) idle() []*mediaFile {
	var idle []*mediaFile
	for _, f := range m.files {
		if f.users == 0 && f.pins == 0 && !f.note.Keep {
			idle = append(idle, f)
		}
	}
	slices.SortFunc(idle, func(a, b *mediaFile) int { return a.used.Compare(b.used) })
	return idle
}

// Clear removes everything that is not in use; kept files stay.
func (m *Media) Clear() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, f := range m.idle() {
		m.remove(f)
	}
}

// Flush puts all that has come on the disk, so that it is there after a crash.
func (m *Media) Flush() error {
	m.mu.Lock()
	var open []*mediaFile
	for _, f := range m.files {
		if f.users > 0 {
			open = append(open, f)
		}
	}
	m.mu.Unlock()
	var errs []error
	for _, f := range open {
		errs = append(errs, f.flush())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("cache: media: %w", err)
	}
	return nil
}

// Close flushes, and gives the folder up. Entries are closed before it.
func (m *Media) Close() error {
	m.mu.Lock()
	closed, lock := m.closed, m.lock
	m.closed = true
	m.mu.Unlock()
	if closed || lock == nil {
		return nil
	}
	return errors.Join(m.Flush(), lock.Unlock())
}

// Stats are what it holds now.
func (m *Media) Stats() MediaStats {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := MediaStats{Bytes: m.bytes(), Limit: m.bound(), Hits: m.hits, Misses: m.misses, Evict: m.evicted}
	for _, f := range m.files {
		if f.isWhole() {
			s.Whole++
		} else {
			s.Partial++
		}
		if f.users > 0 {
			s.Open++
		}
		if f.note.Keep {
			s.Kept += f.bytes()
		}
	}
	return s
}

// LogValue gives the numbers, not the keys.
func (s MediaStats) LogValue() slog.Value {
	return slog.GroupValue(slog.Int64("bytes", s.Bytes), slog.Int64("limit", s.Limit), slog.Int("whole", s.Whole), slog.Int("partial", s.Partial))
}

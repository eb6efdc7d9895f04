package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Blob is something small that was fetched: a picture, lyrics, a chart.
type Blob struct {
	Data    []byte
	Type    string    // as the server says: "image/jpeg"; may be empty
	ETag    string    // to ask the server whether it has changed; may be empty
	Fetched time.Time // when it was last known to be so
}

// BlobOptions are what a cache of blobs works with.
type BlobOptions struct {
	Dir   string           // its own folder; made 0700
	Limit int64            // bytes; 0: 256 MB
	Now   func() time.Time // nil: time.Now
	Log   func(string)     // takes warnings; nil: nobody
}

const (
	blobLimit = 256 << 20
	blobTouch = time.Minute // blobs used within it of each other count as used at once
)

// Blobs keeps blobs by key, each in one file that is there whole or not at all; what was
// used longest ago goes when the limit is reached. What is damaged counts as not there and
// is fetched again. Any number of goroutines and processes may use one folder.
type Blobs struct {
	o BlobOptions

	mu     sync.Mutex // the fields below; and one sweep at a time
	limit  int64
	total  int64 // bytes on disk, once known
	known  bool
	hits   int
	misses int
}

// BlobStats are what a cache of blobs holds.
type BlobStats struct {
	Bytes, Limit int64
	Files        int
	Hits, Misses int
}

// NewBlobs makes the cache, and touches no disk yet.
func NewBlobs(o BlobOptions) (*Blobs, error) {
	if o.Dir == "" || o.Limit < 0 {
		return nil, invalid("a cache of %d bytes in the folder %q", o.Limit, o.Dir)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = func(string) {}
	}
	b := &Blobs{o: o, limit: o.Limit}
	if b.limit == 0 {
		b.limit = blobLimit
	}
	return b, nil
}

// blobHead is the first line of a file; the bytes follow.
type blobHead struct {
	Key     string    `json:"key"`
	Type    string    `json:"type,omitempty"`
	ETag    string    `json:"etag,omitempty"`
	Fetched time.Time `json:"fetched"`
	Size    int       `json:"size"`
	Sum     uint32    `json:"crc32"`
}

// Get is the blob of a key, false when there is none.
func (b *Blobs) Get(key string) (Blob, bool) {
	path := b.path(key)
	blob, err := readBlob(path, key)
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case err == nil:
		b.hits++
		b.touch(path)
		return blob, true
	case !errors.Is(err, fs.ErrNotExist):
		b.o.Log(fmt.Sprintf("cache: %s cannot be used and is fetched again: %v", path, err))
		_ = os.Remove(path) // the next Put replaces it in any case
	}
	b.misses++
	return Blob{}, false
}

func readBlob(path, key string) (Blob, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Blob{}, err
	}
	line, data, ok := bytes.Cut(text, []byte("\n"))
	var h blobHead
	if !ok || json.Unmarshal(line, &h) != nil || h.Key != key || h.Size != len(data) || h.Sum != crc32.ChecksumIEEE(data) {
		return Blob{}, errors.New("it is damaged")
	}
	return Blob{Data: data, Type: h.Type, ETag: h.ETag, Fetched: h.Fetched}, nil
}

// touch makes a file one that was used now. Called with the lock held.
func (b *Blobs) touch(path string) {
	now := b.o.Now()
	if info, err := os.Stat(path); err == nil && now.Sub(info.ModTime()) < blobTouch {
		return
	}
	_ = os.Chtimes(path, now, now) // else it goes a little early
}

// Put keeps a blob under a key, in place of what was there. One that is larger than the
// limit is not kept, which is no error.
func (b *Blobs) Put(key string, blob Blob) error {
	head, err := json.Marshal(blobHead{key, blob.Type, blob.ETag, blob.Fetched, len(blob.Data), crc32.ChecksumIEEE(blob.Data)})
	if err != nil {
		return fmt.Errorf("cache: put: %w", err)
	}
	b.mu.Lock()
	limit := b.limit
	b.mu.Unlock()
	text := slices.Concat(head, []byte("\n"), blob.Data)
	if int64(len(text)) > limit {
		return nil
	}
	path := b.path(key)
	old := sizeOf(path)
	if err := replaceFile(path, text, lazily); err != nil {
		return fmt.Errorf("cache: put: %w", err)
	}
	_ = os.Chtimes(path, b.o.Now(), b.o.Now()) // else its age is the disk's
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.known {
		b.total += int64(len(text)) - old
	}
	b.count()
	b.trim()
	return nil
}

func sizeOf(path string) int64 {
	if info, err := os.Stat(path); err == nil {
		return info.Size()
	}
	return 0
}

// Refetched notes that the server says a key's blob is still good (304). Without the blob
// it does nothing.
func (b *Blobs) Refetched(key string, at time.Time) error {
	blob, ok := b.Get(key)
	if !ok {
		return nil
	}
	blob.Fetched = at
	return b.Put(key, blob)
}

// Remove removes a key's blob.
func (b *Blobs) Remove(key string) {
	path := b.path(key)
	size := sizeOf(path)
	b.mu.Lock()
	defer b.mu.Unlock()
	if os.Remove(path) == nil {
		b.total -= size
	}
}

// SetLimit changes the limit in bytes at once; 0: 256 MB.
func (b *Blobs) SetLimit(limit int64) error {
	if limit < 0 {
		return invalid("a cache of %d bytes", limit)
	}
	if limit == 0 {
		limit = blobLimit
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.limit = limit
	b.count()
	b.trim()
	return nil
}

// Clear removes everything.
func (b *Blobs) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.list() {
		_ = os.Remove(f.path) // what stays is counted again
	}
	b.known = false
}

// Stats walks over the folder and counts.
func (b *Blobs) Stats() BlobStats {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := BlobStats{Limit: b.limit, Hits: b.hits, Misses: b.misses}
	for _, f := range b.list() {
		s.Files++
		s.Bytes += f.size
	}
	b.total, b.known = s.Bytes, true
	return s
}

// path is two folders deep, so that no folder holds too many files.
func (b *Blobs) path(key string) string {
	sum := sha256.Sum256([]byte(key))
	name := hex.EncodeToString(sum[:16])
	return filepath.Join(b.o.Dir, name[:2], name)
}

type blobFile struct {
	path string
	size int64
	used time.Time
}

// list finds all files, and removes what writes left that were killed. Called with the lock held.
func (b *Blobs) list() []blobFile {
	var files []blobFile
	_ = filepath.WalkDir(b.o.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil // what cannot be read is not counted
		}
		info, err := d.Info()
		if err != nil {
			return nil // gone meanwhile
		}
		if strings.Contains(d.Name(), ".tmp-") {
			if time.Since(info.ModTime()) > saveTakes {
				_ = os.Remove(path) // tried again at the next walk
			}
			return nil
		}
		files = append(files, blobFile{path, info.Size(), info.ModTime()})
		return nil
	})
	return files
}

// count finds out how much there is, once. Called with the lock held.
func (b *Blobs) count() {
	if b.known {
		return
	}
	b.total, b.known = 0, true
	for _, f := range b.list() {
		b.total += f.size
	}
}

// trim removes what was used longest ago, down to nine tenths of the limit, so that the
// next Put need not walk again. Called with the lock held.
func (b *Blobs) trim() {
	if b.total <= b.limit {
		return
	}
	files := b.list()
	slices.SortFunc(files, func(x, y blobFile) int { return x.used.Compare(y.used) })
	b.total = 0
	for _, f := range files {
		b.total += f.size
	}
	for _, f := range files {
		if b.total <= b.limit/10*9 {
			return
		}
		if os.Remove(f.path) == nil {
			b.total -= f.size
		}
	}
}

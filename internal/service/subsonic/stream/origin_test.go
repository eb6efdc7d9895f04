package stream_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"

	"segue/internal/service/subsonic/stream"
)

// origin is a server of one file, with faults.
type origin struct {
	mu     sync.Mutex
	data   []byte
	tag    string
	ranges bool
	silent bool          // it does not say its length
	claims int64         // the length it says instead
	cut    func() int    // after how many bytes the connection breaks; nil = never
	away   bool          // it cannot be reached
	asked  []int64       // from where
	live   int           // bodies that are open
	block  chan struct{} // a body waits there after what cut says, instead of breaking
}

var errCut = errors.New("the connection was broken off")

func (o *origin) fetch(ctx context.Context, from int64, tag string) (stream.Part, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked = append(o.asked, from)
	if o.away {
		return stream.Part{}, errCut
	}
	if !o.ranges || tag != "" && tag != o.tag {
		from = 0
	}
	if from > 0 && from >= int64(len(o.data)) {
		return stream.Part{}, stream.ErrBeyond
	}
	size := int64(len(o.data))
	if o.claims > 0 {
		size = o.claims
	}
	if o.silent {
		size = -1
	}
	left := -1
	if o.cut != nil {
		left = o.cut()
	}
	o.live++
	return stream.Part{ReadCloser: &body{o: o, ctx: ctx, r: bytes.NewReader(o.data[from:]), left: left},
		From: from, Size: size, Ranges: o.ranges, Tag: o.tag}, nil
}

type body struct {
	o    *origin
	ctx  context.Context
	r    *bytes.Reader
	left int
}

func (b *body) Read(p []byte) (int, error) {
	if b.ctx.Err() != nil {
		return 0, b.ctx.Err()
	}
	if b.left == 0 {
		if b.o.block != nil {
			select {
			case <-b.ctx.Done():
				return 0, b.ctx.Err()
			case <-b.o.block:
			}
		}
		return 0, errCut
	}
	if b.left > 0 && len(p) > b.left {
		p = p[:b.left]
	}
	n, err := b.r.Read(p)
	if b.left > 0 {
		b.left -= n
	}
	return n, err
}

func (b *body) Close() error {
	b.o.mu.Lock()
	defer b.o.mu.Unlock()
	b.o.live--
	return nil
}

// noise is n bytes that are not twice the same.
func noise(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{1, byte(n), byte(n >> 8), byte(n >> 16)}).Read(b) // never fails
	return b
}

// folder keeps tracks in a folder, as simply as can be.
type folder struct{ dir string }

type kept struct{ *os.File }

func (k kept) Size() int64 {
	st, err := k.Stat()
	if err != nil {
		return -1
	}
	return st.Size()
}

func (f folder) Find(key string) (stream.Kept, error) {
	file, err := os.Open(filepath.Join(f.dir, key))
	return kept{file}, err
}

func (f folder) Draft(key string) (stream.Draft, error) {
	file, err := os.CreateTemp(f.dir, "draft-*")
	return &draft{file, filepath.Join(f.dir, key)}, err
}

type draft struct {
	*os.File
	to string
}

func (d *draft) Commit(int64) error { return os.Rename(d.Name(), d.to) }
func (d *draft) Close() error {
	_ = os.Remove(d.Name())
	return d.File.Close()
}

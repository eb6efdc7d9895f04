package stream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"segue/internal/pause"
)

// Part is a stream of the server's bytes.
type Part struct {
	io.ReadCloser
	From   int64  // offset of the first byte
	Size   int64  // of the whole, -1 = unknown
	Ranges bool   // the server gives parts
	Tag    string // tells this content from another
}

// Fetch opens the stream at an offset. Where the server gives no parts, or the content is
// not that of the tag any more, it begins at 0 again.
type Fetch func(ctx context.Context, from int64, tag string) (Part, error)

// ErrBeyond is in the error of a Fetch for a place where the server has nothing: what came
// before is all.
var ErrBeyond = errors.New("nothing is there")

// ErrEmpty is in the error for a server that sends not a byte.
var ErrEmpty = errors.New("the server sent nothing")

// Want is what is known of a track before it comes.
type Want struct {
	// Patience is how long Open waits for a server that is gone; 0 = 45 s.
	Patience time.Duration
	Key      string // the file's name in the cache
	Name     string // for messages, and the weakest of hints where the bytes tell nothing
	Size     int64  // that it must have, 0 = unknown
	Fetch    Fetch
	// Passing reports whether an error may be over in a while, such as a dropped connection.
	Passing func(error) bool
}

const (
	chunk = 64 << 10
	// near is how far ahead of the stream a wanted byte is waited for rather than asked for.
	near = 512 << 10
	// patience is how long a reader waits for a server that is gone.
	patience = 45 * time.Second
	// mostIdle is how many times in a row a connection may give nothing new.
	mostIdle = 4
	// endless is what no track is longer than, beyond twice the length that is known.
	endless      = 2 << 30
	endlessSlack = 32 << 20
)

var (
	errChanged    = errors.New("it was changed on the server while it played")
	errShort      = errors.New("the server ends it before its end")
	errNothingNew = errors.New("the server gives the same again and again")
	errLeft       = errors.New("left for another place")
	errEndless    = errors.New("the server sends far more than the track can have")
)

// download is a track on its way into a file. The goroutine in run writes it; readers
// wait for what they need.
type download struct {
	want    Want
	file    io.ReaderAt
	draft   Draft  // nil for a track that was there already
	release func() // of a user; the last one ends it

	mu       sync.Mutex    // guards what follows
	moved    chan struct{} // closed and made anew when something changes
	have     spans
	size     int64 // -1 = unknown
	ranges   bool
	whole    bool // it was asked for a part and gave all
	tag      string
	need     int64     // where the reader that waits longest is, -1 = nobody waits
	err      error     // it will never be more
	trouble  error     // the last passing failure, nil while it comes
	since    time.Time // of the trouble
	approved bool      // it is sound: it may be kept
	kept     bool
	notKept  error              // why not
	at       int64              // where the stream is
	jump     context.CancelFunc // leaves the stream for another place; nil = there is none
}

func newDownload(w Want, d Draft) *download {
	return &download{want: w, draft: d, file: d, size: -1, need: -1, moved: make(chan struct{})}
}

// there is a track that is whole already.
func there(w Want, f Kept, release func()) *download {
	size := f.Size()
	return &download{want: w, file: f, release: release, size: size, need: -1, moved: make(chan struct{}),
		have: spans{{0, size}}, approved: true, kept: true}
}

// wake tells everybody who waits. mu is held.
func (d *download) wake() {
	close(d.moved)
	d.moved = make(chan struct{})
}

// run fetches until the file is whole, cannot be, or ctx ends.
func (d *download) run(ctx context.Context) {
	err := d.fetchAll(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	if err != nil && !d.have.whole(d.size) {
		d.err = err
	}
	d.keep()
	d.wake()
}

// keep commits what is whole and sound. mu is held.
func (d *download) keep() {
	if d.draft == nil || !d.approved || d.kept || !d.have.whole(d.size) {
		return
	}
	d.notKept = d.draft.Commit(d.size) // where it cannot be kept it is played all the same
	d.kept = d.notKept == nil
}

// approve says that what comes is sound.
func (d *download) approve() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.approved = true
	d.keep()
}

// fetchAll goes from hole to hole, the one that is waited for first.
func (d *download) fetchAll(ctx context.Context) error {
	idle := 0
	for {
		from, ok := d.next()
		if !ok {
			return nil
		}
		got, err := d.fetchFrom(ctx, from)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if got > 0 || errors.Is(err, errLeft) {
			idle = 0
			err = passed(err)
		} else if idle++; err == nil && idle >= mostIdle {
			return errNothingNew
		}
		if err == nil {
			continue
		}
		if errors.Is(err, ErrBeyond) {
			if d.endsAt(from) {
				continue
			}
			return fmt.Errorf("%w: nothing comes after %d bytes", errShort, from)
		}
		short := errors.Is(err, errShort) && idle < mostIdle
		if !short && (!d.want.passes(err) || errors.Is(err, errShort)) {
			return err
		}
		if err := d.rest(ctx, err, idle); err != nil {
			return err
		}
	}
}

// passed is an error but that of a stream that was left on purpose.
func passed(err error) error {
	if errors.Is(err, errLeft) {
		return nil
	}
	return err
}

func (w Want) passes(err error) bool { return w.Passing != nil && w.Passing(err) }

// next is where to fetch from.
func (d *download) next() (from int64, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.need >= 0 && d.ranges {
		if from, ok := d.have.hole(d.need, d.size); ok {
			return from, true
		}
	}
	from, ok = d.have.hole(0, d.size)
	return from, ok
}

// endsAt takes a place where the server has nothing for the end of a track whose length
// is not known; false if the length says otherwise.
func (d *download) endsAt(at int64) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.size >= 0 && at < d.size || at == 0 {
		return false
	}
	d.size = at
	return true
}

// rest waits before the next try, longer each time.
func (d *download) rest(ctx context.Context, why error, idle int) error {
	d.mu.Lock()
	if d.trouble == nil {
		d.since = time.Now()
	}
	d.trouble = why
	d.wake()
	d.mu.Unlock()
	return pause.For(ctx, min(200*time.Millisecond<<min(idle, 5), 5*time.Second))
}

// fetchFrom opens the stream at a place and writes what comes until there is nothing
// more to write there. It returns how many new bytes came.
func (d *download) fetchFrom(ctx context.Context, from int64) (int64, error) {
	one, leave := context.WithCancel(ctx)
	defer leave()
	d.mu.Lock()
	tag := d.tag
	d.at, d.jump = from, leave
	d.mu.Unlock()
	news, err := d.stream(one, from, tag)
	d.mu.Lock()
	d.jump = nil
	d.mu.Unlock()
	if one.Err() != nil && ctx.Err() == nil {
		return news, errLeft
	}
	return news, err
}

func (d *download) stream(ctx context.Context, from int64, tag string) (int64, error) {
	part, err := d.want.Fetch(ctx, from, tag)
	if err != nil {
		return 0, err
	}
	defer func() { _ = part.Close() }() // it was for reading
	if err := d.begin(part, from); err != nil {
		return 0, err
	}
	return d.copy(part)
}

// begin compares what a stream says of itself with what is known.
func (d *download) begin(part Part, from int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if part.From != 0 && part.From != from {
		return fmt.Errorf("the server gives the bytes from %d on where those from %d were asked for", part.From, from)
	}
	if d.size >= 0 && part.Size >= 0 && part.Size != d.size || d.tag != "" && part.Tag != "" && part.Tag != d.tag {
		return errChanged
	}
	if part.Size >= 0 {
		d.size = part.Size
	}
	if part.Tag != "" {
		d.tag = part.Tag
	}
	d.whole = d.whole || from > 0 && part.From == 0 // whatever it says, it gives no parts
	d.ranges = !d.whole && (part.Ranges || part.From > 0)
	return nil
}

// copy writes a stream into the file. What begins at 0 again is compared with what came
// before.
func (d *download) copy(part Part) (int64, error) {
	buf := make([]byte, chunk)
	at, news := part.From, int64(0)
	for {
		n, err := part.Read(buf)
		if n > 0 {
			fresh, werr := d.put(at, buf[:n])
			if werr != nil {
				return news, werr
			}
			at += int64(n)
			news += fresh
			if d.leaves(at) {
				return news, nil
			}
		}
		switch {
		case err == nil:
		case errors.Is(err, io.EOF):
			return news, d.ends(at)
		default:
			return news, err
		}
	}
}

// put writes bytes where they are missing, and compares them where they are not.
func (d *download) put(at int64, b []byte) (fresh int64, err error) {
	d.mu.Lock()
	known := d.have.until(at) - at
	limit := d.limit()
	d.mu.Unlock()
	if at+int64(len(b)) > limit {
		return 0, errEndless
	}
	if known > 0 {
		old := make([]byte, min(known, int64(len(b))))
		if _, err := d.file.ReadAt(old, at); err != nil {
			return 0, fmt.Errorf("read the cache: %w", err)
		}
		if !bytes.Equal(old, b[:len(old)]) {
			return 0, errChanged
		}
		if len(old) == len(b) {
			return 0, nil
		}
		at, b = at+int64(len(old)), b[len(old):]
	}
	if _, err := d.draft.WriteAt(b, at); err != nil {
		return 0, fmt.Errorf("write the cache: %w", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.have.add(at, at+int64(len(b)))
	d.trouble = nil
	d.wake()
	return int64(len(b)), nil
}

// limit is where a track can have no bytes any more. mu is held.
func (d *download) limit() int64 {
	switch {
	case d.size >= 0:
		return d.size
	case d.want.Size > 0:
		return 2*d.want.Size + endlessSlack
	}
	return endless
}

// leaves reports whether what comes at at is there already, or somebody waits elsewhere.
func (d *download) leaves(at int64) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = at
	return d.have.whole(d.size) || d.ranges && (d.have.until(at) > at || d.elsewhere())
}

// elsewhere reports whether somebody waits for bytes that another stream would bring
// sooner. mu is held.
func (d *download) elsewhere() bool {
	if d.need < 0 || !d.ranges {
		return false
	}
	missing, ok := d.have.hole(d.need, d.size)
	return ok && (missing < d.at || missing > d.at+near)
}

// ends deals with the end of a stream at at.
func (d *download) ends(at int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case at == 0:
		return ErrEmpty
	case d.size >= 0 && at < d.size:
		return fmt.Errorf("%w: %d of %d bytes came", errShort, at, d.size)
	case d.size < 0 && at < d.want.Size:
		return fmt.Errorf("%w: %d of %d bytes came", errShort, at, d.want.Size)
	}
	if d.size < 0 {
		d.size = at
	}
	return nil
}

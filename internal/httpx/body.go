package httpx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// errTryTimeout is the end of one try's time, as against the caller's.
var errTryTimeout = errors.New("took too long")

// bounded is the body of an answer under the try's time and length limits.
type bounded struct {
	r      *retrier
	req    *http.Request
	from   io.ReadCloser
	left   int64           // bytes that may still come, where maxBody is set
	over   error           // it was longer: what every Read after that says
	ours   context.Context // the try's
	cancel context.CancelFunc
}

// Read implements io.Reader; all errors but io.EOF are *Error.
func (b *bounded) Read(p []byte) (int, error) {
	if b.over != nil {
		return 0, b.over
	}
	if b.r.maxBody > 0 && int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.from.Read(p)
	if b.r.maxBody > 0 {
		if b.left -= int64(n); b.left < 0 {
			b.over = b.r.c.tooBig(b.req.URL.Host)
			return n - 1, b.over
		}
	}
	switch {
	case err == nil, errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return n, err
	case b.ours.Err() != nil && b.req.Context().Err() == nil:
		err = errTryTimeout
	}
	return n, b.r.c.explain(b.req, err)
}

// Close implements io.Closer.
func (b *bounded) Close() error {
	err := b.from.Close()
	b.cancel()
	return err
}

func (c *Client) tooBig(host string) *Error {
	return &Error{Kind: TooBig, Service: c.o.Service, Host: host,
		Reason: fmt.Sprintf("%s answered with more than %s", host, size(c.o.MaxBody))}
}

func size(n int64) string {
	switch {
	case n >= 1_000_000 && n%1_000_000 == 0:
		return fmt.Sprintf("%d MB", n/1_000_000)
	case n >= 1000 && n%1000 == 0:
		return fmt.Sprintf("%d kB", n/1000)
	}
	return fmt.Sprintf("%d bytes", n)
}

// errStalled is the cause with which a stream that has dried up is cancelled.
var errStalled = errors.New("stalled")

// flowing is the body of a stream that must not stand still for long.
type flowing struct {
	c      *Client
	host   string
	from   io.ReadCloser
	stall  time.Duration
	dry    atomic.Bool // it stood still for so long, and was given up
	cancel context.CancelCauseFunc
	over   error // what every Read after the end says
}

// Read implements io.Reader. The time counts only while somebody reads: a player that
// pauses is no stall.
func (f *flowing) Read(p []byte) (int, error) {
	if f.over != nil {
		return 0, f.over
	}
	if f.stall > 0 {
		t := time.AfterFunc(f.stall, func() {
			f.dry.Store(true)
			f.cancel(errStalled)
		})
		defer t.Stop()
	}
	n, err := f.from.Read(p)
	if err == nil {
		return n, nil
	}
	if f.dry.Load() { // it may have been in the Read before, whose bytes came all the same
		err = &Error{Kind: Timeout, Service: f.c.o.Service, Host: f.host, Reason: fmt.Sprintf("%s sent nothing for %s", f.host, f.stall)}
	}
	f.over = err
	return n, err
}

// Close implements io.Closer and drops the connection.
func (f *flowing) Close() error {
	f.cancel(nil)
	return f.from.Close()
}

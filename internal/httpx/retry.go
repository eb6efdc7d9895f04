package httpx

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"segue/internal/pause"
)

const (
	mostTries    = 3
	firstBackoff = 300 * time.Millisecond
	explanation  = 64 << 10 // bytes kept of an answer that is an error
)

// retrier is the round tripper below both clients: the gate, the tries, the limits.
type retrier struct {
	c       *Client
	timeout time.Duration // of one try with its body; 0 = the caller's context alone
	maxBody int64         // 0 = any length
}

// CloseIdleConnections lets http.Client reach the real network.
func (r *retrier) CloseIdleConnections() {
	if n, ok := r.c.base.(interface{ CloseIdleConnections() }); ok {
		n.CloseIdleConnections()
	}
}

// RoundTrip implements http.RoundTripper. Its errors are *Error.
func (r *retrier) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := r.c.allowed(req.URL); err != nil {
		closeBody(req)
		return nil, err
	}
	gate, since := r.c.o.Gate, time.Now()
	for try := 1; ; try++ {
		probe, err := gate.pass(req.Context(), since)
		if err != nil {
			closeBody(req)
			return nil, r.c.explain(req, err)
		}
		resp, again, err := r.try(req, try)
		if probe {
			gate.settle(err == nil && !pleaWait(resp))
		}
		if again {
			continue
		}
		return resp, err
	}
}

// try makes one try, closes the gate if the service asks for it, and says whether
// another try is due: then it has waited as long as it must, but for the gate.
func (r *retrier) try(req *http.Request, n int) (resp *http.Response, again bool, err error) {
	may := n < mostTries && replayable(req) && req.Context().Value(once{}) == nil
	resp, err = r.once(req, n)
	if err != nil {
		if may && idempotent(req) && broken(err) && rest(req.Context(), n) {
			return nil, true, nil
		}
		return nil, false, r.c.explain(req, err)
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests:
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		may = may && idempotent(req)
	default:
		return resp, false, nil
	}
	body := beginning(resp.Body)
	_ = resp.Body.Close() // what is wanted of it has been read
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return r.refused(req, resp, body, n, may)
}

// refused deals with 429 and 5xx.
func (r *retrier) refused(req *http.Request, resp *http.Response, body []byte, n int, may bool) (*http.Response, bool, error) {
	limit := r.limit(resp, body)
	if resp.StatusCode != http.StatusTooManyRequests && limit.Wait == 0 {
		return resp, may && !limit.Final && rest(req.Context(), n), nil
	}
	var until time.Time
	if limit.Wait == 0 && !limit.Final {
		limit.Wait = backoff(n)
	}
	if limit.Wait > 0 {
		until = time.Now().Add(limit.Wait).Round(0) // wall time: a computer that sleeps does not make it later
		r.c.o.Gate.shut(until, resp.StatusCode, limit.Name)
	}
	if may && !limit.Final && limit.Wait <= longestWait {
		return nil, true, nil
	}
	if limit.Wait <= longestWait && resp.StatusCode != http.StatusTooManyRequests {
		return resp, false, nil
	}
	e := limited(resp.StatusCode, until, limit.Name)
	e.Service, e.Host, e.header, e.body = r.c.o.Service, req.URL.Host, resp.Header, body
	return nil, false, e
}

// once makes one try under its own time limit.
func (r *retrier) once(req *http.Request, n int) (*http.Response, error) {
	ctx, cancel := req.Context(), context.CancelFunc(func() {})
	if r.timeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, r.timeout)
	}
	out := req.Clone(ctx)
	if n > 1 && req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			cancel()
			return nil, err
		}
		out.Body = body
	}
	if out.Header.Get("User-Agent") == "" {
		out.Header.Set("User-Agent", "Segue/"+r.c.o.Version)
	}
	resp, err := r.c.base.RoundTrip(out)
	if err != nil {
		if ctx.Err() != nil && req.Context().Err() == nil {
			err = errTryTimeout
		}
		cancel()
		return nil, err
	}
	if r.maxBody > 0 && resp.ContentLength > r.maxBody && req.Method != http.MethodHead && resp.StatusCode < 400 {
		_ = resp.Body.Close() // nobody wants it
		cancel()
		return nil, r.c.tooBig(req.URL.Host)
	}
	resp.Request = req
	resp.Body = &bounded{r: r, req: req, from: resp.Body, left: r.maxBody, cancel: cancel, ours: ctx}
	return resp, nil
}

// limit reads how long the service wants to be left alone, and why.
func (r *retrier) limit(resp *http.Response, body []byte) Limit {
	var l Limit
	if r.c.o.Limit != nil {
		l = r.c.o.Limit(resp.StatusCode, resp.Header, body)
	}
	if l.Wait == 0 {
		l.Wait = retryAfter(resp.Header, time.Now())
	}
	return l
}

// longest is what a Retry-After may say; more is nonsense.
const longest = 366 * 24 * time.Hour

// retryAfter reads Retry-After (seconds, or a date by the server's own clock) and
// ListenBrainz' X-RateLimit-Reset-In; 0 = neither says anything.
func retryAfter(h http.Header, now time.Time) time.Duration {
	for _, name := range []string{"Retry-After", "X-RateLimit-Reset-In"} {
		text := h.Get(name)
		if text == "" {
			continue
		}
		if s, err := strconv.ParseFloat(text, 64); err == nil {
			if s <= 0 || s != s {
				return 0
			}
			return time.Duration(min(s, longest.Seconds()) * float64(time.Second))
		}
		if at, err := http.ParseTime(text); err == nil {
			if theirs, err := http.ParseTime(h.Get("Date")); err == nil {
				now = theirs
			}
			return min(max(0, at.Sub(now)), longest)
		}
	}
	return 0
}

// pleaWait reports whether the answer asks for patience, so that the gate stays closed.
func pleaWait(resp *http.Response) bool {
	return resp == nil || resp.StatusCode == http.StatusTooManyRequests || retryAfter(resp.Header, time.Now()) > 0
}

// rest waits before the next try; false: the caller gave up meanwhile.
func rest(ctx context.Context, n int) bool {
	return pause.For(ctx, backoff(n)) == nil
}

// backoff after the nth try: 0.3 s, doubled each time, a quarter more or less.
func backoff(n int) time.Duration {
	d := firstBackoff << (n - 1)
	return d*3/4 + rand.N(d/2)
}

func replayable(req *http.Request) bool {
	return req.Body == nil || req.Body == http.NoBody || req.GetBody != nil
}

func idempotent(req *http.Request) bool {
	switch req.Method {
	case "", http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete, http.MethodOptions:
		return true
	}
	return req.Context().Value(repeatable{}) != nil
}

// broken reports whether a connection ended where it should not, as with a server that
// is being restarted. What took too long is not tried again: people have waited already.
func broken(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) ||
		errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNREFUSED) ||
		strings.Contains(err.Error(), "server closed idle connection") // it has no name to compare with
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close() // it was for reading
	}
}

// beginning is as much of a body as is kept of an error.
func beginning(from io.Reader) []byte {
	text, _ := io.ReadAll(io.LimitReader(from, explanation)) // what came before it broke is enough
	return text
}

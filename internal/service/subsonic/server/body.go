package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"segue/internal/httpx"
	"segue/internal/service/subsonic/wire"
)

// Body is a stream of bytes from the server: sound or a picture.
type Body struct {
	io.ReadCloser
	Kind string // MIME type without parameters; may be empty
	// From is the offset of the first byte, Size the length of the whole; -1 = unknown.
	From, Size int64
	// Ranges reports that the server gives parts of it.
	Ranges bool
	// Tag tells this content from another of the same name; empty = unknown. It is
	// given back as If-Range.
	Tag string
}

// ErrRange is in the error of Fetch for a place beyond the end; Size in Beyond.
var ErrRange = errors.New("the server has nothing at this place")

// Beyond is a place that lies beyond the end.
type Beyond struct{ Size int64 } // -1 = unknown

func (b *Beyond) Error() string { return ErrRange.Error() }

// Is says that it is an ErrRange.
func (b *Beyond) Is(target error) bool { return target == ErrRange } //nolint:errorlint // Is compares

// Fetch opens a stream at an offset. tag is the Tag of what came before it: if the
// content is another one now, or the server gives no parts, it begins at 0 again, and
// From says so. An error that the server sends with 200, as a page, as JSON or as
// nothing at all, is an error.
func (s *Server) Fetch(ctx context.Context, method string, p url.Values, from int64, tag string) (*Body, error) {
	cred := s.Credential()
	if cred.IsZero() {
		return nil, ErrNoCredential
	}
	req, h, err := s.request(httpx.Repeatable(ctx), method, p, cred, false)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Encoding", "identity") // offsets count the bytes of the file
	if from > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", from))
		if tag != "" {
			req.Header.Set("If-Range", tag)
		}
	}
	resp, err := h.Stream(req, s.stall)
	if err != nil {
		return nil, fetchError(err)
	}
	b, err := bodyOf(resp, from)
	if err != nil {
		_ = resp.Body.Close()
		return nil, err
	}
	return b, nil
}

func fetchError(err error) error {
	var h *httpx.Error
	if errors.As(err, &h) && h.Kind == httpx.Status && h.Status == http.StatusRequestedRangeNotSatisfiable {
		size := int64(-1)
		if _, n, ok := strings.Cut(h.Header().Get("Content-Range"), "*/"); ok {
			size = digits(n)
		}
		return &Beyond{size}
	}
	return said(err)
}

func digits(s string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil || n < 0 {
		return -1
	}
	return n
}

func bodyOf(resp *http.Response, from int64) (*Body, error) {
	kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil {
		kind = "" // a wrong header is as good as none
	}
	if spoken(kind) {
		_, err := wire.Read(resp.StatusCode, resp.Body)
		if err == nil {
			err = errors.New("the server answers with words where sound belongs")
		}
		return nil, err
	}
	b := &Body{ReadCloser: resp.Body, Kind: kind, Size: resp.ContentLength, Tag: tagOf(resp.Header)}
	b.Ranges = strings.EqualFold(resp.Header.Get("Accept-Ranges"), "bytes")
	if resp.StatusCode == http.StatusPartialContent {
		first, size, ok := contentRange(resp.Header.Get("Content-Range"))
		if !ok || first != from {
			return nil, fmt.Errorf("the server was asked for the bytes from %d on and gives others", from)
		}
		b.From, b.Size, b.Ranges = first, size, true
	}
	if b.Size == 0 {
		return nil, wire.ErrEmpty
	}
	return b, nil
}

// spoken reports whether a MIME type is that of an error rather than of sound or a picture.
func spoken(kind string) bool {
	switch kind {
	case "application/json", "application/xml", "text/xml", "text/html", "text/plain", "application/javascript":
		return true
	}
	return false
}

// tagOf is a strong ETag, else the date of the last change.
func tagOf(h http.Header) string {
	if t := h.Get("ETag"); t != "" && !strings.HasPrefix(t, "W/") {
		return t
	}
	return h.Get("Last-Modified")
}

// contentRange reads "bytes 100-199/300".
func contentRange(s string) (first, size int64, ok bool) {
	rest, ok := strings.CutPrefix(s, "bytes ")
	if !ok {
		return 0, 0, false
	}
	span, whole, ok := strings.Cut(rest, "/")
	begin, _, ok2 := strings.Cut(span, "-")
	first = digits(begin)
	return first, digits(whole), ok && ok2 && first >= 0
}

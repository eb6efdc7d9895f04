package wire

import (
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// MaxReply is how many bytes an answer may have; a list of 100,000 songs has less.
const MaxReply = 64 << 20

// Error codes of servers.
const (
	CodeGeneric             = 0
	CodeMissing             = 10
	CodeClientTooOld        = 20
	CodeServerTooOld        = 30
	CodeWrongPassword       = 40
	CodeNoToken             = 41
	CodeAuthUnsupported     = 42
	CodeAuthConflict        = 43
	CodeInvalidKey          = 44
	CodeNotAllowed          = 50
	CodeTrialOver           = 60
	CodeNotFound            = 70
	codeNoNumber        Int = -1
)

// Error is what a server says in place of an answer.
type Error struct {
	Code    Int  `json:"code"`
	Message Text `json:"message"`
	Status  int  `json:"-"` // of HTTP
	// Version is the server's, where it said it.
	Version Text `json:"-"`
}

// Error is the server's own words, or ours where it had none.
func (e *Error) Error() string {
	if e.Message != "" {
		return fmt.Sprintf("the server says: %s", strings.TrimSuffix(string(e.Message), "."))
	}
	if e.Code > 0 {
		return fmt.Sprintf("the server answers with error %d and no words", e.Code)
	}
	if e.Status >= http.StatusBadRequest {
		return "the server answered " + status(e.Status)
	}
	return "the server failed without saying why"
}

func status(code int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", code, http.StatusText(code)))
}

// Unsupported reports whether the server does not know the method at all.
func (e *Error) Unsupported() bool {
	text := strings.ToLower(string(e.Message))
	switch e.Status {
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone, http.StatusNotImplemented:
		return true
	}
	return strings.Contains(text, "view not found") || strings.Contains(text, "unknown method") ||
		strings.Contains(text, "not implemented") || strings.Contains(text, "not supported by")
}

// What an answer may be instead of one.
var (
	// ErrPage is in the error for a web page: another program, a portal, a wrong path.
	ErrPage = errors.New("it answers with a web page, not as a music server")
	// ErrForeign is in the error for what is no answer of a Subsonic server.
	ErrForeign = errors.New("it does not answer as a Subsonic server")
	// ErrTooLong is in the error for an answer beyond MaxReply.
	ErrTooLong = fmt.Errorf("the answer is longer than %d MB", MaxReply>>20)
	// ErrEmpty is in the error for an answer without a byte.
	ErrEmpty = errors.New("the answer is empty")
)

// Read reads an answer that came with an HTTP status. What the server refused is an *Error.
// An error of the reader comes back as it is, wrapped.
func Read(code int, body io.Reader) (*Reply, error) {
	in := &counted{r: io.LimitReader(body, MaxReply+1)}
	r := bufio.NewReaderSize(in, 4<<10)
	first, err := firstByte(r)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	switch {
	case first == '{':
		return readJSON(code, r, in)
	case first == '<':
		return readMarkup(code, r)
	case code >= http.StatusBadRequest:
		return nil, plainError(code, r)
	case errors.Is(err, io.EOF):
		return nil, ErrEmpty
	}
	return nil, ErrForeign
}

// counted counts, and keeps the reader's own error apart from what JSON makes of it.
type counted struct {
	r   io.Reader
	n   int64
	err error
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
	}
	return n, err
}

// firstByte is the first that is neither space nor byte order mark; it stays unread.
func firstByte(r *bufio.Reader) (byte, error) {
	if mark, _ := r.Peek(3); bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = r.Discard(3) // they were just seen
	}
	for {
		b, err := r.ReadByte()
		if err != nil {
			return 0, err
		}
		if strings.IndexByte(" \t\r\n", b) < 0 {
			return b, r.UnreadByte()
		}
	}
}

func readJSON(code int, r io.Reader, in *counted) (*Reply, error) {
	var all struct {
		Reply One[Reply] `json:"subsonic-response"`
	}
	err := json.NewDecoder(r).Decode(&all)
	switch {
	case in.err != nil:
		return nil, fmt.Errorf("read the answer: %w", in.err)
	case in.n > MaxReply:
		return nil, ErrTooLong
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("the answer is cut short: %w", err)
	case err != nil || !all.Reply.Set:
		if code >= http.StatusBadRequest {
			return nil, &Error{Code: codeNoNumber, Status: code}
		}
		return nil, ErrForeign
	}
	reply := &all.Reply.Value
	failed := strings.EqualFold(string(reply.Status), "failed")
	if reply.Failure.Set || failed || code >= http.StatusBadRequest {
		e := reply.Failure.Value
		e.Status, e.Version = code, reply.Version
		return reply, &e
	}
	return reply, nil
}

// xmlReply is as much as we read of an answer in XML: whether it is one, and its error.
type xmlReply struct {
	XMLName xml.Name
	Version string `xml:"version,attr"`
	Error   *struct {
		Code    int    `xml:"code,attr"`
		Message string `xml:"message,attr"`
	} `xml:"error"`
}

// maxMarkup is how much is read of what begins with "<".
const maxMarkup = 64 << 10

func readMarkup(code int, r io.Reader) (*Reply, error) {
	head, err := io.ReadAll(io.LimitReader(r, maxMarkup))
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	var x xmlReply
	if xml.Unmarshal(head, &x) != nil || x.XMLName.Local != "subsonic-response" {
		if code >= http.StatusBadRequest && code != http.StatusNotFound {
			return nil, &Error{Code: codeNoNumber, Status: code}
		}
		return nil, fmt.Errorf("%w (%s)", ErrPage, status(code))
	}
	if x.Error != nil {
		e := &Error{Code: Int(x.Error.Code), Status: code, Version: Text(x.Version)}
		_ = e.Message.UnmarshalJSON(quoted(x.Error.Message)) // never fails
		return nil, e
	}
	return nil, fmt.Errorf("%w: it answers in XML where JSON was asked for", ErrForeign)
}

func quoted(s string) []byte {
	b, err := json.Marshal(s)
	if err != nil {
		return nil
	}
	return b
}

// plainError is an HTTP error with at most a line of text.
func plainError(code int, r io.Reader) error {
	e := &Error{Code: codeNoNumber, Status: code}
	head := make([]byte, 300)
	n, _ := io.ReadFull(r, head) // what is there will do
	if line, _, _ := strings.Cut(string(head[:n]), "\n"); len(line) < 200 {
		_ = e.Message.UnmarshalJSON(quoted(line)) // never fails
	}
	return e
}

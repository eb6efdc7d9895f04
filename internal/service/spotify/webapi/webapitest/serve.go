package webapitest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Call is a call that reached the server.
type Call struct {
	Method string
	Path   string // without /v1
	Name   string // with {id} for ids: "/playlists/{id}/items"
	Query  url.Values
	Body   string
	User   string // "" = the token was nobody's
	Status int    // of the answer; 0 = there was none
	At     time.Time
}

// Calls are all calls since the start, or since Forget, as they ended.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Count is how many calls there were of a "METHOD NAME", or of all with "".
func (s *Server) Count(call string) int {
	n := 0
	for _, c := range s.Calls() {
		if call == "" || c.Method+" "+c.Name == call {
			n++
		}
	}
	return n
}

// Forget empties the list of calls.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = nil
}

// object is a JSON object that is being made.
type object = map[string]any

// call is a request that is being answered.
type call struct {
	r       *http.Request
	s       *Server
	u       *user
	body    []byte
	beyond  bool // the answer holds what the specification does not know but Spotify sends
	status  int
	message string
	reason  string
}

// refuse makes the answer an error.
func (c *call) refuse(status int, message, reason string) any {
	c.status, c.message, c.reason = status, message, reason
	return nil
}

func (c *call) gone() any { return c.refuse(http.StatusNotFound, "Resource not found", "") }

// read decodes the body; false: it is none, and the answer is an error.
func (c *call) read(into any) bool {
	if len(c.body) > 0 && json.Unmarshal(c.body, into) != nil {
		c.refuse(http.StatusBadRequest, "Malformed json", "")
		return false
	}
	return true
}

// answer is a whole answer.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// serve answers one request.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/image/") {
		http.NotFound(w, r) // pictures are another host's, want no token and count for nothing
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the caller went away
	}
	user := s.whose(r)
	entry := Call{Method: r.Method, Path: trimmed(r.URL.Path), Query: r.URL.Query(), Body: string(body), User: user}
	entry.Name = s.name(r)
	s.specs.request(r.Context(), s.report, r, body)
	s.mu.Lock()
	entry.At = s.clock()
	fault := s.fault(r.Method, entry.Path)
	s.mu.Unlock()
	if fault != nil && !fault.pass(r) {
		s.log(entry)
		return
	}
	var a answer
	switch {
	case fault != nil && fault.Status != 0:
		a = answer{fault.Status, fault.Header.Clone(), []byte(fault.Body)}
	default:
		a = s.answer(r, user, body)
	}
	entry.Status = a.status
	s.log(entry)
	send(w, a, fault != nil && fault.Cut)
}

// pass waits as long as a fault says; false: the caller gave up.
func (f *Fault) pass(r *http.Request) bool {
	var wait <-chan time.Time
	switch {
	case f.Hold:
	case f.Wait > 0:
		t := time.NewTimer(f.Wait)
		defer t.Stop()
		wait = t.C
	default:
		return true
	}
	select {
	case <-wait:
	case <-f.held:
	case <-r.Context().Done():
		return false
	}
	return true
}

func (s *Server) log(c Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, c)
}

// name is the call's pattern.
func (s *Server) name(r *http.Request) string {
	_, pattern := s.mux.Handler(r)
	if pattern == "" {
		return trimmed(r.URL.Path)
	}
	_, at, _ := strings.Cut(pattern, " ")
	return trimmed(at)
}

// send writes an answer. One that is cut promises more than comes.
func send(w http.ResponseWriter, a answer, cut bool) {
	for k, v := range a.header {
		w.Header()[k] = v
	}
	if cut {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
		a.body = a.body[:len(a.body)/2]
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // who went away misses nothing
	if cut {
		panic(http.ErrAbortHandler)
	}
}

type callKey struct{}

// answer makes the answer to a call that meets no fault.
func (s *Server) answer(r *http.Request, userID string, body []byte) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.barred(userID); f != nil {
		return answer{f.Status, f.Header, []byte(f.Body)}
	}
	if _, pattern := s.mux.Handler(r); pattern == "" {
		return s.errored(http.StatusNotFound, "Service not found", "")
	}
	c := &call{r: r, s: s, u: s.users[userID], body: body, status: http.StatusOK}
	routed := &taken{call: c}
	// The mux fills in the parts of the path.
	s.mux.ServeHTTP(routed, r.WithContext(withCall(r.Context(), c)))
	if c.message != "" {
		return s.errored(c.status, c.message, c.reason)
	}
	if routed.value == nil {
		return s.whole(r.Context(), c, answer{c.status, http.Header{}, nil})
	}
	text, err := json.Marshal(routed.value)
	if err != nil {
		s.report.Errorf("webapitest: %s: %v", r.URL.Path, err)
	}
	return s.whole(r.Context(), c, answer{c.status, http.Header{"Content-Type": {"application/json; charset=utf-8"}}, text})
}

// whole validates an answer and gives it its ETag.
func (s *Server) whole(ctx context.Context, c *call, a answer) answer {
	if !c.beyond {
		s.specs.answer(ctx, s.report, c.r, a, s.oldKeys)
	}
	if !s.etags || c.r.Method != http.MethodGet || a.status != http.StatusOK {
		return a
	}
	tag := fmt.Sprintf(`"%x"`, sha256.Sum256(a.body))[:18] + `"`
	a.header.Set("ETag", tag)
	if c.r.Header.Get("If-None-Match") == tag {
		return answer{http.StatusNotModified, a.header, nil}
	}
	return a
}

func (s *Server) errored(status int, message, reason string) answer {
	return answer{status, http.Header{"Content-Type": {"application/json; charset=utf-8"}}, []byte(errorJSON(status, message, reason))}
}

// taken takes what a handler gives.
type taken struct {
	call  *call
	value any
	bytes.Buffer
}

// Header implements http.ResponseWriter.
func (t *taken) Header() http.Header { return http.Header{} }

// WriteHeader implements http.ResponseWriter; the mux uses it for redirects only.
func (t *taken) WriteHeader(status int) {
	t.call.refuse(status, http.StatusText(status), "")
}

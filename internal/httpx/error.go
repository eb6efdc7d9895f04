package httpx

import (
	"fmt"
	"net/http"
	"time"
)

// Kind says what went wrong with a call.
type Kind int

// The kinds of failure.
const (
	Unreachable Kind = iota + 1 // no connection: unknown name, refused, broken off
	Timeout                     // connecting, the TLS handshake, the headers or the body took too long
	TLS                         // the certificate was not accepted; Fingerprint tells which one it was
	Insecure                    // plain http to another machine, not allowed
	Redirected                  // sent on to another host, not followed
	Status                      // an answer of 400 or above; Status has it, Body() what came with it
	RateLimited                 // too many calls; RetryAt says when to come back, Limit what was exceeded
	TooBig                      // the answer is longer than the limit
	NotJSON                     // a web page, or JSON that is cut or wrong
	Cancelled                   // the caller gave up
	Invalid                     // the request itself cannot be sent: a bad URL, a bad header
)

var kindNames = map[Kind]string{
	Unreachable: "unreachable", Timeout: "timeout", TLS: "tls", Insecure: "insecure", Redirected: "redirected",
	Status: "status", RateLimited: "rate limited", TooBig: "too big", NotJSON: "not json", Cancelled: "cancelled", Invalid: "invalid",
}

// String is the kind in a word or two, for logs.
func (k Kind) String() string {
	if s, ok := kindNames[k]; ok {
		return s
	}
	return fmt.Sprintf("kind %d", int(k))
}

// Error is the one error type of this package. Its text is one line for people and
// holds no secrets: neither query, path, headers nor body are in it.
type Error struct {
	Kind        Kind
	Service     string    // Options.Service
	Host        string    // who failed: the host that was asked, or the proxy before it
	Status      int       // with Status and RateLimited
	RetryAt     time.Time // with RateLimited, and with Status where the service said it; may be zero
	Limit       string    // with RateLimited: which limit, where the service says so
	Fingerprint string    // with TLS: SHA-256 of the certificate seen, 64 lower-case hex digits; empty if none was seen
	Reason      string    // one clause

	header http.Header
	body   []byte
	err    error
}

// Error is "SERVICE: what happened".
func (e *Error) Error() string {
	text := e.Bare()
	if !e.RetryAt.IsZero() {
		text += ", again at " + e.RetryAt.Local().Format("15:04:05")
	}
	if e.Service == "" {
		return text
	}
	return e.Service + ": " + text
}

// Bare is the text without the service's name and without the time when it may be
// tried again, for those who show both in places of their own.
func (e *Error) Bare() string {
	switch e.Kind {
	case Unreachable:
		return "cannot reach " + e.Host + ": " + e.Reason
	case Status:
		return fmt.Sprintf("%s answered %d %s", e.Host, e.Status, http.StatusText(e.Status))
	case RateLimited:
		if e.Limit != "" {
			return "rate limited (" + e.Limit + ")"
		}
		return "rate limited"
	case Timeout, TLS, Insecure, Redirected, TooBig, NotJSON, Cancelled, Invalid:
	}
	return e.Reason
}

// GoString keeps %#v as discreet as %v.
func (e *Error) GoString() string { return "&httpx.Error{" + e.Error() + "}" }

// Unwrap gives the cause, never one that spells out the URL.
func (e *Error) Unwrap() error { return e.err }

// Header is the answer's header with Status and RateLimited, else nil.
func (e *Error) Header() http.Header { return e.header }

// Body is the beginning of the answer (64 KiB at most) with Status and RateLimited,
// for callers who know how their service explains itself. It may hold anything: not
// to be shown or logged as it is.
func (e *Error) Body() []byte { return e.body }

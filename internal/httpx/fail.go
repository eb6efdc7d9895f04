package httpx

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"syscall"
	"unicode"

	"segue/internal/music"
)

// fail makes an *Error of what http.Client says.
func (c *Client) fail(req *http.Request, err error) error {
	var p *passed
	if errors.As(err, &p) {
		return p.err
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err // without the URL
	}
	return c.explain(req, err)
}

// passed is an error of Options.Wrap.
type passed struct{ err error }

func (p *passed) Error() string { return p.err.Error() }
func (p *passed) Unwrap() error { return p.err }

// Pass marks an error of a layer of Options.Wrap that is to reach the caller as it is.
func Pass(err error) error {
	if err == nil {
		return nil
	}
	return &passed{err}
}

// explain makes an *Error of what the network says of one try.
func (c *Client) explain(req *http.Request, err error) error {
	var own *Error
	if errors.As(err, &own) {
		if own.Host == "" {
			own.Service, own.Host = c.o.Service, req.URL.Host
		}
		return own
	}
	e := &Error{Service: c.o.Service, Host: req.URL.Host, err: safeCause(err)}
	if given := req.Context().Err(); given != nil {
		e.Kind, e.Reason, e.err = Cancelled, "cancelled", given
		if errors.Is(given, context.DeadlineExceeded) {
			e.Kind, e.Reason = Timeout, "no answer from "+e.Host+" in time"
		}
		return e
	}
	var proxy *proxied
	var dial *dialed
	var timeout net.Error
	switch {
	case errors.As(err, &proxy):
		e.Kind, e.Reason = Unreachable, proxy.Error()+" ("+proxy.host+")"
	case errors.As(err, &dial):
		c.explainDial(e, req.URL, dial)
	case isTLS(err):
		e.Kind = TLS
		e.Reason, e.Fingerprint = certificateReason(err)
		e.Reason = e.Host + ": " + e.Reason
	case errors.Is(err, errTryTimeout):
		e.Kind, e.Reason = Timeout, e.Host+" took longer than "+c.o.Timeout.String()+" to answer"
	case errors.As(err, &timeout) && timeout.Timeout():
		e.Kind, e.Reason = Timeout, e.Host+" did not answer in time"
	case broken(err):
		e.Kind, e.Reason = Unreachable, brokenReason(err)
	case strings.Contains(err.Error(), "net/http: invalid header"):
		e.Kind, e.Reason = Invalid, "a header cannot be sent as it is (a line break in a password?)"
	default:
		e.Kind, e.Reason = Unreachable, brokenReason(err)
	}
	return e
}

// explainDial names who could not be connected to, the proxy if it was one.
func (c *Client) explainDial(e *Error, asked *url.URL, d *dialed) {
	if d.addr != net.JoinHostPort(asked.Hostname(), port(asked)) {
		e.Host = d.addr + " (the proxy on the way to " + e.Host + ")"
	}
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.As(d.err, &dns) && dns.IsNotFound:
		e.Kind, e.Reason = Unreachable, "no computer has this name"
	case errors.As(d.err, &dns):
		e.Kind, e.Reason = Unreachable, "names cannot be looked up (is there a network?)"
	case errors.As(d.err, &timeout) && timeout.Timeout():
		e.Kind, e.Reason = Timeout, "no connection to "+e.Host+" within "+connectTimeout.String()
	default:
		e.Kind, e.Reason = Unreachable, brokenReason(d.err)
	}
}

// brokenReason says in a clause how a connection failed.
func brokenReason(err error) string {
	var no syscall.Errno
	switch {
	case broken(err) && !errors.Is(err, syscall.ECONNREFUSED):
		return "the connection was broken off"
	case strings.Contains(err.Error(), "malformed HTTP"):
		return "it does not speak HTTP"
	case errors.As(err, &no):
		return no.Error() // "connection refused", "network is unreachable" …
	}
	return Scrub(err.Error())
}

func isTLS(err error) bool {
	var (
		p *pinned
		v *tls.CertificateVerificationError
		r tls.RecordHeaderError
		a tls.AlertError
	)
	if errors.As(err, &p) || errors.As(err, &v) || errors.As(err, &r) || errors.As(err, &a) {
		return true
	}
	text := err.Error() // the rest of the library's errors have no types
	return strings.Contains(text, "tls: ") || strings.Contains(text, "server gave HTTP response to HTTPS client")
}

// safeCause is the part of an error that may be unwrapped: it spells out no URL.
func safeCause(err error) error {
	var no syscall.Errno
	var dns *net.DNSError
	switch {
	case errors.As(err, &no):
		return no
	case errors.As(err, &dns):
		return dns
	case errors.Is(err, io.ErrUnexpectedEOF):
		return io.ErrUnexpectedEOF
	case errors.Is(err, io.EOF):
		return io.EOF
	}
	return nil
}

// allowed refuses schemes that are not http and plain http that nobody allowed.
func (c *Client) allowed(u *url.URL) error {
	switch {
	case u.Scheme == "https":
		return nil
	case u.Scheme != "http":
		return &Error{Kind: Invalid, Service: c.o.Service, Host: u.Host, Reason: "an address begins with https:// or http://"}
	case c.o.plainAllowed(u):
		return nil
	}
	return &Error{Kind: Insecure, Service: c.o.Service, Host: u.Host,
		Reason: "plain http to " + u.Host + " is not allowed: passwords could be read on the way; use https, or allow it for this host"}
}

// NewRequest is http.NewRequestWithContext with an error that does not repeat the URL.
func NewRequest(ctx context.Context, method, rawURL string, body io.Reader) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, rawURL, body)
	if err != nil {
		return nil, &Error{Kind: Invalid, Reason: "not a valid address"}
	}
	if req.URL.Host == "" {
		return nil, &Error{Kind: Invalid, Reason: "an address needs a host, such as https://example.org"}
	}
	return req, nil
}

var (
	inURL    = regexp.MustCompile(`(?i)([a-z][a-z0-9+.-]*://)[^\s"'<>]*`)
	inFields = regexp.MustCompile(`(?i)\b((?:access_|refresh_|id_)?token|code|code_verifier|client_secret|secret|password|passwd|pass|p|t|s|u|api_?key|sk|authorization)(=|":\s*"|: ?)[^\s&"',;}]+`)
	inScheme = regexp.MustCompile(`(?i)\b(Bearer|Basic|Token) +[A-Za-z0-9+/=._~-]{4,}`)
)

// Scrub takes out of a text what may be secret: URLs down to scheme and host, values
// that are called token, code, password and the like, Authorization headers. Terminal
// sequences and control characters go, and so does what is beyond 200 characters.
func Scrub(text string) string {
	text = inURL.ReplaceAllStringFunc(music.WithoutEscapes(text), func(s string) string {
		u, err := url.Parse(s)
		if err != nil || u.Host == "" {
			return s[:strings.Index(s, "://")+3] + "…"
		}
		bare := u.Scheme + "://" + u.Host
		if u.Path != "" || u.RawQuery != "" {
			bare += "/…"
		}
		return bare
	})
	text = inScheme.ReplaceAllString(text, "$1 …")
	text = inFields.ReplaceAllString(text, "$1$2…")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	if r := []rune(text); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return text
}

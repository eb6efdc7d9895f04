package httpx

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Redirects says what happens when a server sends a call on to another host. Within
// one host (another path, or http to https) calls always follow; from https to plain
// http they never do.
type Redirects int

const (
	// RefuseOthers fails with an Error of kind Redirected that names the other host.
	RefuseOthers Redirects = iota
	// StripForOthers follows without credentials: only Accept, Accept-Language, Range,
	// If-Range and User-Agent go along, and calls with a body are not sent on.
	StripForOthers
)

// Limit is what a service says of a limit that was hit.
type Limit struct {
	Name  string        // which, in a few words; empty = unknown
	Wait  time.Duration // how long; 0 = not said
	Final bool          // trying again soon is pointless, whatever Wait says
}

// Options of a client. The zero value, with a Service, is a client for a public API.
type Options struct {
	// Service names it in errors: "ListenBrainz", "Spotify", an account's name.
	Service string
	// Version of Segue, for the User-Agent.
	Version string
	// Timeout of one try of an API call, from the request to the end of the body;
	// 0 = 20 s. Connecting and the TLS handshake have 8 s each of it.
	Timeout time.Duration
	// MaxBody is the longest answer of an API call, in bytes; 0 = 10 MB.
	MaxBody int64
	// CAFile holds further certificate authorities in PEM. Empty: those of the system only.
	CAFile string
	// Fingerprint pins the server's own certificate: its SHA-256 in hex, colons and
	// case do not matter. A pinned certificate is trusted whatever name, age or issuer
	// it has, and no other is.
	Fingerprint string
	// PlainHosts may be asked without encryption: names or addresses, with or without port.
	// Loopback always may.
	PlainHosts []string
	// Redirects to other hosts; the zero value refuses them.
	Redirects Redirects
	// Gate of the service; nil = one of its own.
	Gate *Gate
	// Limit reads what the service says with a 429 or 503 beyond Retry-After and
	// X-RateLimit-Reset-In. nil = those two.
	Limit func(status int, h http.Header, body []byte) Limit
	// Proxy of a request; nil = as HTTP_PROXY, HTTPS_PROXY and NO_PROXY say.
	Proxy func(*http.Request) (*url.URL, error)
	// Wrap puts a layer around the gate and the tries, such as one that signs in. Its own
	// errors reach the caller of Do as they are if they went through Pass. nil = none.
	Wrap func(http.RoundTripper) http.RoundTripper
	// Network replaces connections as a whole, in tests; nil = real ones.
	Network http.RoundTripper
}

const (
	defaultTimeout = 20 * time.Second
	defaultMaxBody = 10_000_000
	connectTimeout = 8 * time.Second
)

func (o *Options) defaults() {
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.MaxBody == 0 {
		o.MaxBody = defaultMaxBody
	}
	if o.Gate == nil {
		o.Gate = NewGate()
	}
	if o.Proxy == nil {
		o.Proxy = http.ProxyFromEnvironment
	}
	if o.Version == "" {
		o.Version = "dev"
	}
}

// plainAllowed reports whether u may be asked without encryption.
func (o *Options) plainAllowed(u *url.URL) bool {
	if isLoopback(u.Hostname()) {
		return true
	}
	for _, h := range o.PlainHosts {
		if strings.EqualFold(h, u.Hostname()) || strings.EqualFold(h, u.Host) {
			return true
		}
	}
	return false
}

// isLoopback reports whether host can only be this machine.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

package webapi

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"segue/cache"
	"segue/internal/httpx"
)

// DefaultBase is where Spotify's Web API is.
const DefaultBase = "https://api.spotify.com/v1"

// Options of a client. All but Sign may be left out.
type Options struct {
	// Base is the API's address; "" = DefaultBase. Plain http only to this machine.
	Base string
	// Sign puts the account's token on calls: oauth.Source.Wrap(Host(base)). It refreshes
	// once after a 401 and calls again; what it fails with is passed on (httpx.Pass).
	Sign func(http.RoundTripper) http.RoundTripper
	// HTTP is for the version, certificates, proxies and, in tests, the network; Service,
	// Gate, Limit, Wrap and Redirects are the client's own.
	HTTP httpx.Options
	// Answers keeps answers on disk, in a folder of its own for this account alone: Drop
	// clears it. nil: none are kept.
	Answers *cache.Blobs
	// Owner is whose answers they are: the account's name and the user's id. Answers of
	// another owner are not seen. "" = nobody knows yet, and none are kept; see SetOwner.
	Owner string
	// Allowed reports whether the network may be used; nil = always.
	Allowed func() bool
	// Now is the clock of what is kept; nil = time.Now.
	Now func() time.Time
	// Fresh is told that an answer which was given from disk is a different one now, or
	// gone. path is as in "/me/playlists?limit=50&offset=0". It must return soon. nil: nobody.
	Fresh func(path string)
	// Failed is told that a refresh failed, with an *Error. It must return soon. nil: nobody.
	Failed func(path string, err error)
}

// Client makes the calls of one account.
type Client struct {
	o      Options
	base   string // without a slash at its end
	http   *httpx.Client
	budget *budget
	counts counts

	disk sync.RWMutex // writing an answer, against dropping them all; taken before mu

	mu       sync.Mutex // all below
	owner    string
	era      int                  // how often answers were dropped
	flights  map[string]*flight   // by path and query, those that may be joined
	written  map[string]time.Time // by path: when it was last changed by us
	quota    *Error               // set while the quota is known to be used up
	quotaEnd time.Time            // until when that is believed
	due      []refresh            // refreshes that wait for Run
	wake     chan struct{}        // holds one when something is due
}

// New makes a client; it connects to nothing and starts nothing.
func New(o Options) (*Client, error) {
	if o.Base == "" {
		o.Base = DefaultBase
	}
	u, err := url.Parse(o.Base)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("webapi: the address of the API is https://HOST/v1 or the like")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Allowed == nil {
		o.Allowed = func() bool { return true }
	}
	if o.Fresh == nil {
		o.Fresh = func(string) {}
	}
	if o.Failed == nil {
		o.Failed = func(string, error) {}
	}
	c := &Client{
		o: o, base: strings.TrimRight(o.Base, "/"), owner: o.Owner, budget: newBudget(),
		flights: map[string]*flight{}, written: map[string]time.Time{}, wake: make(chan struct{}, 1),
	}
	h := o.HTTP
	h.Service, h.Gate, h.Limit, h.Redirects = "Spotify", nil, limit, httpx.RefuseOthers
	h.Wrap = func(next http.RoundTripper) http.RoundTripper {
		next = &counting{next: next}
		if o.Sign != nil {
			next = o.Sign(next)
		}
		return next
	}
	if c.http, err = httpx.New(h); err != nil {
		return nil, fmt.Errorf("webapi: %w", err)
	}
	return c, nil
}

// Host is the host, with its port if it has one, of a base address: for oauth.Source.Wrap.
func Host(base string) string {
	if base == "" {
		base = DefaultBase
	}
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return u.Host
}

// CloseIdle drops connections that are kept for later, such as after the network changed.
func (c *Client) CloseIdle() { c.http.CloseIdle() }

// unsaid is how long to wait after a 429 that does not say it.
const unsaid = 5 * time.Second

// limit reads what a 429 says.
func limit(status int, h http.Header, body []byte) httpx.Limit {
	if status != http.StatusTooManyRequests {
		return httpx.Limit{}
	}
	if reason, message := said(body); reason == quotaWord || strings.Contains(message, quotaWord) {
		return httpx.Limit{Name: quotaWord, Final: true}
	}
	if h.Get("Retry-After") == "" {
		return httpx.Limit{Wait: unsaid}
	}
	return httpx.Limit{}
}

// Limited reports why and until when no call is made, such as for a line on the screen:
// RateLimited or Quota; 0 = calls are made. until is zero where nobody said it.
func (c *Client) Limited() (why Kind, until time.Time) {
	until, name := c.http.Gate().Closed()
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.quota != nil && time.Now().Before(c.quotaEnd):
		return Quota, c.quota.RetryAt
	case !until.After(time.Now()):
		return 0, time.Time{}
	case name == quotaWord:
		return Quota, until
	}
	return RateLimited, until
}

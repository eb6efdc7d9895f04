package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"segue/internal/httpx"
	"segue/internal/service/subsonic/wire"
)

// protocol is the newest version of it that we speak.
const protocol = "1.16.1"

// Client is our name in the protocol: servers tell others what it left there.
const Client = "Segue"

// ErrNoCredential says that nobody has signed in.
var ErrNoCredential = errors.New("not signed in")

// ErrOffline says that the network may not be used, by the user's wish.
var ErrOffline = errors.New("offline, as you wished")

// About is what a server says of itself.
type About struct {
	Version    string // of the protocol
	Kind       string // "navidrome", "gonic"; empty = it does not say
	Release    string // of the server
	Open       bool   // OpenSubsonic
	Extensions map[string][]int
}

// Has reports whether the server offers an extension.
func (a About) Has(extension string) bool { return len(a.Extensions[extension]) > 0 }

// AtLeast reports whether the server speaks a version of the protocol, such as 1.9.0.
func (a About) AtLeast(version string) bool {
	return slices.Compare(numbers(a.Version), numbers(version)) >= 0
}

func numbers(version string) []int {
	var all []int
	for part := range strings.SplitSeq(version, ".") {
		n := 0
		for _, c := range part {
			if c < '0' || c > '9' || n > 1_000_000 {
				break
			}
			n = 10*n + int(c-'0')
		}
		all = append(all, n)
	}
	return all
}

// Config of a Server.
type Config struct {
	Address wire.Address
	// HTTP is how its clients are made; Service, CAFile, Fingerprint, PlainHosts and
	// Version are looked at. MaxBody is ours.
	HTTP httpx.Options
	// Stall is how long a stream may send nothing; 0 = 15 s.
	Stall time.Duration
}

// Server is one server, for one user.
type Server struct {
	addr  wire.Address
	o     httpx.Options
	stall time.Duration

	mu      sync.Mutex // guards what follows
	http    *httpx.Client
	cred    wire.Credential
	about   About
	version string          // of the protocol, as it is sent
	missing map[string]bool // methods that the server does not know
	closed  bool            // to the network, by wish
}

const defaultStall = 15 * time.Second

// New makes a Server that is not signed in. It connects to nothing.
func New(c Config) (*Server, error) {
	c.HTTP.MaxBody = wire.MaxReply + 1<<10
	s := &Server{addr: c.Address, o: c.HTTP, stall: c.Stall, version: protocol, missing: map[string]bool{}}
	if s.stall == 0 {
		s.stall = defaultStall
	}
	h, err := httpx.New(s.o)
	if err != nil {
		return nil, err
	}
	s.http, s.o.Gate = h, h.Gate()
	return s, nil
}

// Address is where the server is.
func (s *Server) Address() wire.Address { return s.addr }

// About is what is known of the server; zero before it has answered.
func (s *Server) About() About {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.about
}

// Credential is what the server was signed in to with.
func (s *Server) Credential() wire.Credential {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cred
}

// Use takes a credential without asking the server, such as a remembered one before
// the server can be reached.
func (s *Server) Use(c wire.Credential) error {
	if err := s.Trust(c.Trust); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cred = c
	return nil
}

// Drop forgets the credential and what was learned of the server.
func (s *Server) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cred, s.about, s.missing = wire.Credential{}, About{}, map[string]bool{}
}

// CloseIdle drops connections that are kept for later calls.
func (s *Server) CloseIdle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.http.CloseIdle()
}

// SetNetwork says whether calls may be made; where not, each fails with ErrOffline.
func (s *Server) SetNetwork(allowed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = !allowed
}

// Trust makes the clients anew with a certificate that a person trusts; "" changes nothing.
func (s *Server) Trust(fingerprint string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if fingerprint == "" || s.o.Fingerprint == fingerprint {
		return nil
	}
	o := s.o
	o.Fingerprint = fingerprint
	h, err := httpx.New(o)
	if err != nil {
		return err
	}
	s.o, s.http = o, h
	return nil
}

// Lacks reports whether the server has said that it does not know a method.
func (s *Server) Lacks(method string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.missing[method]
}

// Lack takes note of what the server was found not to have.
func (s *Server) Lack(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.missing[what] = true
}

// Ask makes a call that only asks; it may be made several times. The bytes of the answer
// come beside it, for whoever wants to keep them: Read reads them again.
func (s *Server) Ask(ctx context.Context, method string, p url.Values) (*wire.Reply, []byte, error) {
	return s.call(httpx.Repeatable(ctx), method, p, false)
}

// Read reads an answer that was kept.
func Read(raw []byte) (*wire.Reply, error) { return wire.Read(http.StatusOK, bytes.NewReader(raw)) }

// Tell makes a call that changes something. It is made once; see Arrived for whether
// one that failed may have been heard.
func (s *Server) Tell(ctx context.Context, method string, p url.Values) (*wire.Reply, error) {
	reply, _, err := s.call(ctx, method, p, true)
	return reply, err
}

// Arrived reports whether a call that ended with err may have reached the server. A
// refusal arrived, too.
func Arrived(err error) bool {
	if err == nil {
		return true
	}
	if errors.Is(err, ErrOffline) || errors.Is(err, ErrNoCredential) {
		return false
	}
	var h *httpx.Error
	if !errors.As(err, &h) {
		return true
	}
	switch h.Kind {
	case httpx.TLS, httpx.Insecure, httpx.RateLimited, httpx.Invalid:
		return false
	case httpx.Unreachable:
		var dns *net.DNSError
		return !errors.As(err, &dns) && !errors.Is(err, syscall.ECONNREFUSED) && !errors.Is(err, syscall.ENETUNREACH) && !errors.Is(err, syscall.EHOSTUNREACH)
	case httpx.Timeout, httpx.Redirected, httpx.Status, httpx.TooBig, httpx.NotJSON, httpx.Cancelled:
	}
	return true
}

func (s *Server) call(ctx context.Context, method string, p url.Values, write bool) (*wire.Reply, []byte, error) {
	s.mu.Lock()
	cred := s.cred
	s.mu.Unlock()
	if cred.IsZero() {
		return nil, nil, ErrNoCredential
	}
	reply, raw, err := s.try(ctx, method, p, cred, write)
	var refused *wire.Error
	if errors.As(err, &refused) {
		if refused.Code == wire.CodeServerTooOld && s.older(string(refused.Version)) {
			return s.try(ctx, method, p, cred, write)
		}
		if refused.Unsupported() {
			s.mu.Lock()
			s.missing[method] = true
			s.mu.Unlock()
		}
	}
	return reply, raw, err
}

// older makes us speak the server's version; false if that is nothing new.
func (s *Server) older(version string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if version == "" || version == s.version {
		return false
	}
	s.version = version
	return true
}

// try makes one call.
func (s *Server) try(ctx context.Context, method string, p url.Values, cred wire.Credential, write bool) (*wire.Reply, []byte, error) {
	req, h, err := s.request(ctx, method, p, cred, write)
	if err != nil {
		return nil, nil, err
	}
	a, raw, err := h.Bytes(req)
	if err != nil {
		return nil, nil, said(err)
	}
	reply, err := wire.Read(a.Status, bytes.NewReader(raw))
	return reply, raw, err
}

// said takes what a server says with an HTTP error for what it says.
func said(err error) error {
	var h *httpx.Error
	if !errors.As(err, &h) || h.Kind != httpx.Status {
		return err
	}
	if _, own := wire.Read(h.Status, bytes.NewReader(h.Body())); own != nil {
		return own
	}
	return err
}

// request is one with everything that belongs to it. What is secret goes into a form
// where the server takes forms. A call that changes something is a POST in any case:
// what stands between us and the server repeats none of those.
func (s *Server) request(ctx context.Context, method string, p url.Values, cred wire.Credential, write bool) (*http.Request, *httpx.Client, error) {
	s.mu.Lock()
	h, version, form, closed := s.http, s.version, s.about.Has("formPost"), s.closed
	s.mu.Unlock()
	if closed {
		return nil, nil, ErrOffline
	}
	all := url.Values{"v": {version}, "c": {Client}, "f": {"json"}}
	for k, v := range p {
		all[k] = v
	}
	cred.Set(all)
	u := s.addr.Method(method)
	verb, body := http.MethodGet, ""
	switch {
	case form:
		verb, body = http.MethodPost, all.Encode()
	case write:
		verb = http.MethodPost
		u.RawQuery = all.Encode()
	default:
		u.RawQuery = all.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, verb, u.String(), strings.NewReader(body))
	if err != nil {
		return nil, nil, fmt.Errorf("call %s: %w", method, wire.ErrAddress)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return req, h, nil
}

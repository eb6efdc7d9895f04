package oauth

import (
	"net"
	"net/url"
	"strconv"
	"strings"

	"segue/cache"
	"segue/internal/secret"
)

// Ports says what a sign-in does when the port of its redirect address is taken by
// another program, or none is given. Two sign-ins of one program share a port.
type Ports int

const (
	// PortFixed: the address is registered with its port; wait a while until it is free.
	PortFixed Ports = iota
	// PortNext: the nine ports after it are registered too.
	PortNext
	// PortAny: any free port will do (RFC 8252, 7.3), and the given one is preferred.
	PortAny
)

// Provider is a service that people sign in to, and what we are to it. All of it comes
// from settings, so that a test server may stand in.
type Provider struct {
	Name      string // in texts: "Spotify"
	AuthURL   string // where people sign in
	TokenURL  string
	RevokeURL string // empty: the service cannot revoke

	ClientID     string
	ClientSecret secret.Secret // empty for public clients, such as ours
	// OthersSecret says that ClientSecret is only for the grants that other programs made:
	// ours are made, and refreshed, without one.
	OthersSecret bool
	// RedirectURL is where the browser ends: http with 127.0.0.1 or [::1] is listened on;
	// any other address is for pasting only. http://localhost is for both loopbacks.
	RedirectURL string
	Ports       Ports
	// NoLocalhost is why the service refuses http://localhost; empty: it does not.
	NoLocalhost string
	Scopes      string // that are needed, in any order
	// Extra goes along with the question in the browser; Force too, when the user wants
	// to see the service's own dialog again (Spotify's show_dialog).
	Extra, Force map[string]string
}

// redirect is a redirect address taken apart.
type redirect struct {
	url   *url.URL
	hosts []string // to listen on; none: paste only
	port  int      // 0: not given
}

// check says what is wrong with the settings, and takes the redirect address apart.
func (p Provider) check() (redirect, error) {
	if p.ClientID == "" {
		return redirect{}, p.fail(Setting, "no client id is set")
	}
	for name, addr := range map[string]string{"authorization": p.AuthURL, "token": p.TokenURL} {
		if u, err := url.Parse(addr); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return redirect{}, p.fail(Setting, "its %s address is none", name)
		}
	}
	u, err := url.Parse(p.RedirectURL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return redirect{}, p.fail(Redirect, "the redirect address must be like http://127.0.0.1:8888/callback")
	}
	if u.Fragment != "" || u.RawQuery != "" || u.User != nil {
		return redirect{}, p.fail(Redirect, "the redirect address must have no query, no # and no name in it")
	}
	r := redirect{url: u}
	host, ip := u.Hostname(), net.ParseIP(u.Hostname())
	switch {
	case strings.EqualFold(host, "localhost") && p.NoLocalhost != "":
		return redirect{}, p.fail(Redirect, "the redirect address must not be localhost: %s; use http://127.0.0.1%s instead",
			p.NoLocalhost, portAndPath(u))
	case u.Scheme == "https":
		return r, nil
	case strings.EqualFold(host, "localhost"):
		r.hosts = []string{"127.0.0.1", "::1"}
	case ip != nil && ip.IsLoopback():
		r.hosts = []string{ip.String()}
	default:
		return redirect{}, p.fail(Redirect, "the redirect address must be on this machine, or https: the sign-in could be read on the way")
	}
	if text := u.Port(); text != "" {
		if r.port, err = strconv.Atoi(text); err != nil || r.port > 65535 {
			return redirect{}, p.fail(Redirect, "port %s of the redirect address is not 1 to 65535", text)
		}
	}
	if r.port == 0 && p.Ports != PortAny {
		return redirect{}, p.fail(Redirect, "the redirect address must have a port, as in http://127.0.0.1:8888/callback")
	}
	return r, nil
}

func portAndPath(u *url.URL) string {
	if u.Port() == "" {
		return u.EscapedPath()
	}
	return ":" + u.Port() + u.EscapedPath()
}

// at is the redirect address with the port that is really listened on.
func (r redirect) at(port int) string {
	u := *r.url
	if port != 0 {
		u.Host = net.JoinHostPort(r.url.Hostname(), strconv.Itoa(port))
	}
	return u.String()
}

// question is the address that people open to sign in.
func (c *Client) question(s Started, in SignIn) string {
	p := c.p
	u, err := url.Parse(p.AuthURL)
	if err != nil {
		return "" // check has seen it
	}
	q := u.Query()
	for k, v := range p.Extra {
		q.Set(k, v)
	}
	if in.Force {
		for k, v := range p.Force {
			q.Set(k, v)
		}
	}
	if in.Hint != "" {
		q.Set("login_hint", in.Hint)
	}
	if scopes := cache.NormalizeScope(p.Scopes); scopes != "" {
		q.Set("scope", scopes)
	}
	for k, v := range map[string]string{"response_type": "code", "client_id": p.ClientID, "redirect_uri": s.Redirect,
		"state": s.State, "code_challenge": challenge(s.Verifier.Reveal()), "code_challenge_method": "S256"} {
		q.Set(k, v)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

package wire

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// Address is where a server is: scheme, host and the path in front of /rest/.
type Address struct {
	url url.URL
}

// ErrAddress is in the error for what cannot be a server's address.
var ErrAddress = errors.New("it is no server's address")

// ParseAddress reads what people type: "music.example.org", "192.168.1.4:4533",
// "https://host/music", with or without /rest behind. Without a scheme it is https, but
// http on this machine itself. User names, queries and fragments have no place in it.
func ParseAddress(text string) (Address, error) {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, "://") {
		scheme := "https://"
		if host, _, _ := strings.Cut(text, "/"); loopback(hostOf(host)) {
			scheme = "http://"
		}
		text = scheme + text
	}
	u, err := url.Parse(text)
	if err != nil {
		return Address{}, ErrAddress // the error of Parse repeats what was typed, a password too
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return Address{}, fmt.Errorf("%w: it begins with %s://, not http:// or https://", ErrAddress, u.Scheme)
	case u.Hostname() == "" || strings.ContainsAny(u.Hostname(), " \t"):
		return Address{}, fmt.Errorf("%w: it names no host", ErrAddress)
	case u.User != nil:
		return Address{}, fmt.Errorf("%w: user and password do not belong in it", ErrAddress)
	}
	path := strings.TrimRight(u.Path, "/")
	path = strings.TrimRight(strings.TrimSuffix(path, "/rest"), "/")
	return Address{url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host), Path: path}}, nil
}

// hostOf is the host of "host:port".
func hostOf(s string) string {
	if h, _, err := net.SplitHostPort(s); err == nil {
		return h
	}
	return strings.Trim(s, "[]")
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// String is the address as a user would type it.
func (a Address) String() string { return a.url.String() }

// Name is the host without port.
func (a Address) Name() string { return a.url.Hostname() }

// Method is the URL of a method, without its parameters.
func (a Address) Method(name string) *url.URL {
	u := a.url
	u.Path += "/rest/" + name
	return &u
}

package httpx

import (
	"net/http"
	"net/url"
	"strings"
)

const mostRedirects = 10

// goesAlong are the headers that may follow to another host: none of them says who asks.
var goesAlong = []string{"Accept", "Accept-Language", "Range", "If-Range", "User-Agent"}

// follow is http.Client's CheckRedirect.
func (c *Client) follow(req *http.Request, via []*http.Request) error {
	// The library puts the whole address we come from here, with its query.
	req.Header.Del("Referer")
	first, last := via[0].URL, via[len(via)-1].URL
	no := func(why string) error {
		return &Error{Kind: Redirected, Service: c.o.Service, Host: last.Host, Reason: last.Host + " sends us to " + why}
	}
	switch {
	case len(via) > mostRedirects:
		return no("one address after another")
	case last.Scheme == "https" && req.URL.Scheme != "https":
		return no(req.URL.Host + " without encryption: not followed")
	case sameHost(first, req.URL):
		return nil
	case c.o.Redirects == RefuseOthers:
		return no(req.URL.Host + ": not followed; if that is its address now, put it into the settings")
	case req.Body != nil && req.Body != http.NoBody || req.GetBody != nil:
		return no(req.URL.Host + " with what was to be sent: not followed")
	}
	kept := http.Header{}
	for _, name := range goesAlong {
		if v := req.Header.Values(name); len(v) > 0 {
			kept[http.CanonicalHeaderKey(name)] = v
		}
	}
	req.Header = kept
	return nil
}

// sameHost reports whether b is a's host, or the same name with encryption where a had none.
func sameHost(a, b *url.URL) bool {
	if !strings.EqualFold(a.Hostname(), b.Hostname()) {
		return false
	}
	return a.Scheme == "http" && b.Scheme == "https" || a.Scheme == b.Scheme && port(a) == port(b)
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}

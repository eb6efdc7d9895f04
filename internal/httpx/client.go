package httpx

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Client makes calls to one service.
type Client struct {
	o      Options
	base   http.RoundTripper
	api    *http.Client // one try at a time has a timeout and a longest answer
	stream *http.Client // neither
}

// New makes a client; it connects to nothing. Errors: a CA file that cannot be read or
// holds no certificate, a fingerprint that is none.
func New(o Options) (*Client, error) {
	o.defaults()
	c := &Client{o: o, base: o.Network}
	if c.base == nil {
		conf, err := tlsConfig(o)
		if err != nil {
			return nil, fmt.Errorf("httpx: %w", err)
		}
		c.base = network(o, conf, &net.Dialer{Timeout: connectTimeout, KeepAlive: 30 * time.Second})
	}
	wrap := o.Wrap
	if wrap == nil {
		wrap = func(n http.RoundTripper) http.RoundTripper { return n }
	}
	c.api = &http.Client{Transport: wrap(&retrier{c: c, timeout: o.Timeout, maxBody: o.MaxBody}), CheckRedirect: c.follow}
	c.stream = &http.Client{Transport: wrap(&retrier{c: c}), CheckRedirect: c.follow}
	return c, nil
}

// Gate is the one that the client's calls pass.
func (c *Client) Gate() *Gate { return c.o.Gate }

// Do makes an API call. An answer below 400 is returned; its body is limited in time
// and length, and the caller closes it. All else is an *Error. The request's context
// bounds the whole call, tries and waits together.
func (c *Client) Do(req *http.Request) (*http.Response, error) {
	return c.do(c.api, req)
}

// Stream is Do for music: the body may be endless and as long as it likes. Only when
// no byte comes for as long as stall does reading it fail, with kind Timeout; 0 = never.
func (c *Client) Stream(req *http.Request, stall time.Duration) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	resp, err := c.do(c.stream, req.WithContext(ctx))
	if err != nil {
		cancel(nil)
		return nil, err
	}
	resp.Body = &flowing{c: c, host: resp.Request.URL.Host, from: resp.Body, stall: stall, cancel: cancel}
	return resp, nil
}

func (c *Client) do(by *http.Client, req *http.Request) (*http.Response, error) {
	resp, err := by.Do(req)
	if err != nil {
		return nil, c.fail(req, err)
	}
	if resp.StatusCode < 400 {
		return resp, nil
	}
	defer func() { _ = resp.Body.Close() }() // all that is wanted of it has been read
	return nil, &Error{Kind: Status, Service: c.o.Service, Host: resp.Request.URL.Host, Status: resp.StatusCode,
		header: resp.Header, body: beginning(resp.Body)}
}

// HTTP is the client for libraries that want a *http.Client: the same network, gate and
// tries; answers of 400 and above are returned as they are. The errors of its Do are
// *url.Error that spell out the URL: pass them through Clean.
func (c *Client) HTTP() *http.Client { return c.api }

// Clean makes an *Error of whatever a library says that made a call with HTTP(), so
// that its text may be shown. nil stays nil.
func (c *Client) Clean(req *http.Request, err error) error {
	if err == nil {
		return nil
	}
	return c.fail(req, err)
}

// CloseIdle drops connections that are kept for later, such as after the network changed.
func (c *Client) CloseIdle() { c.api.CloseIdleConnections(); c.stream.CloseIdleConnections() }

type repeatable struct{}

// Repeatable marks calls that may be made twice although their method does not say so,
// such as a question that is asked with POST.
func Repeatable(ctx context.Context) context.Context {
	return context.WithValue(ctx, repeatable{}, true)
}

type once struct{}

// Once marks calls that are not to be tried again: somebody waits for the first word.
func Once(ctx context.Context) context.Context { return context.WithValue(ctx, once{}, true) }

// proxied is a proxy's refusal.
type proxied struct {
	host   string
	status int
}

func (p *proxied) Error() string {
	return fmt.Sprintf("the proxy answered %d %s", p.status, http.StatusText(p.status))
}

// dialed is a connection that did not come about.
type dialed struct {
	addr string
	err  error
}

func (d *dialed) Error() string { return d.addr + ": " + d.err.Error() }
func (d *dialed) Unwrap() error { return d.err }

// network makes real connections. The dialer tries IPv4 when IPv6 has not answered for
// 0.3 s, and the other way round (RFC 8305); the first to connect wins.
func network(o Options, conf *tls.Config, dialer *net.Dialer) *http.Transport {
	return &http.Transport{
		Proxy: o.Proxy,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, addr)
			if err != nil {
				return nil, &dialed{addr, err}
			}
			return conn, nil
		},
		OnProxyConnectResponse: func(_ context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
			if resp.StatusCode == http.StatusOK {
				return nil
			}
			return &proxied{proxy.Host, resp.StatusCode}
		},
		TLSClientConfig:       conf,
		TLSHandshakeTimeout:   connectTimeout,
		ResponseHeaderTimeout: max(o.Timeout, connectTimeout),
		ExpectContinueTimeout: time.Second,
		MaxIdleConns:          8,
		IdleConnTimeout:       90 * time.Second,
		ForceAttemptHTTP2:     true,
		// A connection that went away with the Wi-Fi is noticed and dropped.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 10 * time.Second},
	}
}

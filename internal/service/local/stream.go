package local

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"segue/internal/service/local/index"
	"segue/internal/service/local/m3u"
	"segue/player"
	"segue/player/decode"
)

// streamWait bounds how long a server may take to be reached, to answer, and to send
// so much that the decoder knows what it is. The stream itself has no limit: a radio
// plays for days.
const streamWait = 15 * time.Second

var (
	errSilent  = errors.New("the server does not answer")
	errStalled = errors.New("the server answers but sends nothing")
)

// streamClient has limits on everything but the body.
func streamClient(wait time.Duration) *http.Client {
	dialer := &net.Dialer{Timeout: wait}
	return &http.Client{Transport: &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &icyConn{Conn: c}, nil
		},
		TLSHandshakeTimeout:   wait,
		ResponseHeaderTimeout: wait,
		DisableKeepAlives:     true, // a stream has its connection for itself
	}}
}

// icyConn lets old radio servers, which answer "ICY 200 OK", speak HTTP.
type icyConn struct {
	net.Conn
	begun bool
	rest  []byte
}

func (c *icyConn) Read(p []byte) (int, error) {
	if !c.begun && len(p) > 0 {
		c.begun = true
		head := make([]byte, 4)
		n, err := io.ReadFull(c.Conn, head)
		c.rest = head[:n]
		if string(c.rest) == "ICY " {
			c.rest = []byte("HTTP/1.0 ")
		}
		if n == 0 {
			return 0, err
		}
	}
	if len(c.rest) > 0 {
		n := copy(p, c.rest)
		c.rest = c.rest[n:]
		return n, nil
	}
	return c.Conn.Read(p)
}

// openStream plays an http or https URL. A server that answers with a playlist is
// followed to the first entry, a few times.
func (s *Service) openStream(ctx context.Context, address string) (player.Source, error) {
	const hops = 4
	for range hops {
		st, err := getStream(ctx, address, s.wait)
		if err != nil {
			return nil, plainStream(err)
		}
		end := listEnd(st.kind, address)
		if end == "" {
			src, err := decode.Open(decode.Input{R: st, Size: st.size, Name: index.Clean(address), Slow: true}) //nolint:contextcheck // a source outlives the call
			if late := st.settled(ctx); late != nil {
				if err == nil {
					_ = src.Close()
				}
				_ = st.Close()
				return nil, late
			}
			if err != nil {
				_ = st.Close()
				return nil, err
			}
			return src, nil
		}
		next, err := firstEntry(st, address, end)
		late := st.settled(ctx)
		_ = st.Close()
		if late != nil {
			return nil, late
		}
		if err != nil {
			return nil, err
		}
		address = next
	}
	return nil, errors.New("it is a playlist that only leads to playlists")
}

// plainStream is an error of the net in a user's words.
func plainStream(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return fmt.Errorf("there is no server %s", index.Clean(dns.Name))
	case errors.Is(err, unix.ECONNREFUSED):
		return errors.New("the server refuses the connection")
	case errors.As(err, &timeout) && timeout.Timeout():
		return errSilent
	}
	return err
}

// stream is the body of an answer. It ends its request when it is closed.
type stream struct {
	io.ReadCloser
	kind string // MIME type
	size int64  // -1 = unknown
	stop context.CancelFunc
	// Until it is settled, the end of the caller's context or of patience ends it.
	unhook  func() bool
	patient *time.Timer
}

// settled lets the stream outlive the call that opened it; it fails if that was over,
// or the server too slow, before the sound began.
func (b *stream) settled(ctx context.Context) error {
	inTime, wanted := b.patient.Stop(), b.unhook()
	switch {
	case !wanted:
		return ctx.Err()
	case !inTime:
		return errStalled
	}
	return nil
}

func (b *stream) Close() error {
	b.patient.Stop()
	b.unhook()
	b.stop()
	return b.ReadCloser.Close()
}

// getStream asks for a stream and waits for the server's answer.
func getStream(ctx context.Context, address string, wait time.Duration) (*stream, error) {
	own, stop := context.WithCancel(context.WithoutCancel(ctx))
	unhook := context.AfterFunc(ctx, stop)
	b, err := request(own, address, wait)
	if err != nil {
		unhook()
		stop()
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, err
	}
	b.stop, b.unhook, b.patient = stop, unhook, time.AfterFunc(wait, stop)
	return b, nil
}

func request(ctx context.Context, address string, wait time.Duration) (*stream, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, errors.New("it is no address")
	}
	req.Header.Set("User-Agent", "Segue")
	resp, err := streamClient(wait).Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close()
		return nil, fmt.Errorf("the server answered %s", index.Clean(resp.Status))
	}
	return &stream{ReadCloser: resp.Body, kind: resp.Header.Get("Content-Type"), size: resp.ContentLength}, nil
}

// listEnd is the ending of a playlist's name for its MIME type, empty = it is none.
// Many servers know no better than text/plain: then the address tells.
func listEnd(kind, address string) string {
	t, _, _ := strings.Cut(strings.ToLower(kind), ";")
	switch strings.TrimSpace(t) {
	case "audio/x-mpegurl", "audio/mpegurl", "application/x-mpegurl", "application/mpegurl", "application/vnd.apple.mpegurl":
		return ".m3u"
	case "audio/x-scpls", "application/pls+xml":
		return ".pls"
	case "application/xspf+xml":
		return ".xspf"
	case "", "text/plain", "application/octet-stream":
		if u, err := url.Parse(address); err == nil && isPlaylist(u.Path) {
			return path.Ext(u.Path)
		}
	}
	return ""
}

const maxPlaylist = 1 << 20

// firstEntry is the first address in a playlist whose name ends as end says.
func firstEntry(r io.Reader, address, end string) (string, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxPlaylist))
	if err != nil {
		return "", fmt.Errorf("read the playlist: %w", err)
	}
	if bytes.Contains(data, []byte("#EXT-X-")) {
		return "", errors.New("it is cut into pieces (HLS), which is not supported: look for the station's plain stream")
	}
	base, err := url.Parse(address)
	if err != nil {
		return "", errors.New("it is no address")
	}
	for _, e := range m3u.Parse("list"+end, data).Entries() {
		u, err := base.Parse(e.Location)
		if err == nil && (u.Scheme == "http" || u.Scheme == "https") {
			return u.String(), nil
		}
	}
	return "", errors.New("the playlist is empty")
}

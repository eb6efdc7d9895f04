package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"segue/internal/service/local/index"
	"segue/internal/service/local/m3u"
	"segue/player"
	"segue/player/decode"
)

// streamWait bounds how long a server may take to answer. The stream itself has no
// limit: a radio plays for days.
const streamWait = 15 * time.Second

// streamClient has limits on everything but the body.
func streamClient() *http.Client {
	return &http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: streamWait}).DialContext,
		TLSHandshakeTimeout:   streamWait,
		ResponseHeaderTimeout: streamWait,
		DisableKeepAlives:     true, // a stream has its connection for itself
	}}
}

// openStream plays an http or https URL. A server that answers with a playlist is
// followed to the first entry, a few times.
func (s *Service) openStream(ctx context.Context, address string) (player.Source, error) {
	const hops = 4
	for range hops {
		body, kind, size, err := getStream(ctx, address)
		if err != nil {
			return nil, err
		}
		if !isPlaylistType(kind) {
			src, err := decode.Open(decode.Input{R: body, Size: size, Name: index.Clean(address), Slow: true}) //nolint:contextcheck // a source outlives the call
			if err != nil {
				_ = body.Close()
				return nil, err
			}
			return src, nil
		}
		next, err := firstEntry(body, address)
		_ = body.Close()
		if err != nil {
			return nil, err
		}
		address = next
	}
	return nil, errors.New("it is a playlist that only leads to playlists")
}

// streamBody ends its request when it is closed.
type streamBody struct {
	io.ReadCloser
	stop context.CancelFunc
}

func (b streamBody) Close() error {
	b.stop()
	return b.ReadCloser.Close()
}

// getStream asks for a stream and tells its MIME type and size, -1 = unknown. The
// request outlives ctx, which only bounds the answer.
func getStream(ctx context.Context, address string) (body io.ReadCloser, kind string, size int64, err error) {
	own, stop := context.WithCancel(context.WithoutCancel(ctx))
	unhook := context.AfterFunc(ctx, stop)
	req, err := http.NewRequestWithContext(own, http.MethodGet, address, nil)
	if err != nil {
		stop()
		return nil, "", 0, errors.New("it is no address")
	}
	req.Header.Set("User-Agent", "Segue")
	resp, err := streamClient().Do(req)
	if err != nil {
		stop()
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err
		}
		return nil, "", 0, err
	}
	if !unhook() {
		stop()
		_ = resp.Body.Close()
		return nil, "", 0, ctx.Err()
	}
	if resp.StatusCode != http.StatusOK {
		stop()
		_ = resp.Body.Close()
		return nil, "", 0, fmt.Errorf("the server answered %s", index.Clean(resp.Status))
	}
	return streamBody{resp.Body, stop}, resp.Header.Get("Content-Type"), resp.ContentLength, nil
}

func isPlaylistType(kind string) bool {
	t, _, _ := strings.Cut(strings.ToLower(kind), ";")
	switch strings.TrimSpace(t) {
	case "audio/x-mpegurl", "audio/mpegurl", "application/x-mpegurl", "application/mpegurl", "audio/x-scpls", "application/pls+xml", "application/xspf+xml":
		return true
	}
	return false
}

const maxPlaylist = 1 << 20

func firstEntry(r io.Reader, address string) (string, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxPlaylist))
	if err != nil {
		return "", fmt.Errorf("read the playlist: %w", err)
	}
	base, err := url.Parse(address)
	if err != nil {
		return "", errors.New("it is no address")
	}
	for _, e := range m3u.Parse(base.Path, data).Entries() {
		u, err := base.Parse(e.Location)
		if err == nil && (u.Scheme == "http" || u.Scheme == "https") {
			return u.String(), nil
		}
	}
	return "", errors.New("the playlist is empty")
}

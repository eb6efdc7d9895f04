package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"segue/internal/httpx"
)

const (
	callPatience = time.Second      // a call that takes longer hangs
	playPatience = 35 * time.Second // loading a track may take that long
)

// What the program answers when it does not do what it was asked.
var (
	errNoSession = errors.New("it is not signed in")   // 204
	errHangs     = errors.New("it does not answer")    // longer than it may take
	errFailed    = errors.New("it could not")          // 500
	errSilly     = errors.New("it does not know that") // 400, 404
	errGone      = errors.New("it cannot be reached")  // no connection
)

// client makes the calls of the program's API. Nobody but the deck's loop and the watch
// use it: before the program is signed in, calls hang.
type client struct {
	base string // http://127.0.0.1:PORT
	http *httpx.Client
}

func newClient(addr string) (*client, error) {
	c, err := httpx.New(httpx.Options{
		Service: "go-librespot", Timeout: playPatience + time.Second,
		Proxy: func(*http.Request) (*url.URL, error) { return nil, nil }, //nolint:nilnil // no proxy for this machine
	})
	if err != nil {
		return nil, fmt.Errorf("engine: %w", err)
	}
	return &client{"http://" + addr, c}, nil
}

// call makes one call; in and out may be nil.
func (c *client) call(ctx context.Context, limit time.Duration, method, path string, in, out any) error {
	name := path[1:]
	body := []byte(nil)
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("engine: %s: %w", name, err)
		}
		body = b
	}
	within, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	req, err := http.NewRequestWithContext(within, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("engine: %s: %w", name, err)
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("engine: %s: %w", name, meaning(within, err))
	}
	defer func() { _ = resp.Body.Close() }() // all of it that matters is read
	if resp.StatusCode == http.StatusNoContent {
		return fmt.Errorf("engine: %s: %w", name, errNoSession)
	}
	if out == nil {
		return nil // "null" it says, where there is nothing to say
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		if within.Err() != nil && ctx.Err() == nil {
			err = errHangs
		}
		return fmt.Errorf("engine: %s: %w", name, err)
	}
	return nil
}

// meaning is why a call failed.
func meaning(ctx context.Context, err error) error {
	var h *httpx.Error
	switch {
	case ctx.Err() != nil:
		return errHangs
	case errors.As(err, &h) && h.Status >= 500:
		return errFailed
	case errors.As(err, &h) && h.Status >= 400:
		return fmt.Errorf("%w (%s)", errSilly, strconv.Itoa(h.Status))
	}
	return fmt.Errorf("%w: %w", errGone, err)
}

// ready asks whether the program is there and may play. An old one does not say the
// latter; that it answers is enough then.
func (c *client) ready(ctx context.Context, limit time.Duration) (bool, error) {
	var root struct {
		Ready *bool `json:"playback_ready"`
	}
	if err := c.call(ctx, limit, http.MethodGet, "/", nil, &root); err != nil {
		return false, err
	}
	return root.Ready == nil || *root.Ready, nil
}

// play loads a track, paused, at a place in milliseconds.
func (c *client) play(ctx context.Context, uri string, ms int64) error {
	return c.call(ctx, playPatience, http.MethodPost, "/player/play", map[string]any{"uri": uri, "paused": true, "position": ms}, nil)
}

func (c *client) pause(ctx context.Context) error {
	return c.call(ctx, callPatience, http.MethodPost, "/player/pause", nil, nil)
}

func (c *client) resume(ctx context.Context) error {
	return c.call(ctx, callPatience, http.MethodPost, "/player/resume", nil, nil)
}

func (c *client) seek(ctx context.Context, ms int64) error {
	return c.call(ctx, callPatience, http.MethodPost, "/player/seek", map[string]any{"position": ms}, nil)
}

// enqueue has a track follow the one that plays.
func (c *client) enqueue(ctx context.Context, uri string) error {
	return c.call(ctx, callPatience, http.MethodPost, "/player/add_to_queue", map[string]any{"uri": uri}, nil)
}

package webapi

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

func stateQuestion() question {
	return question{name: "/me/player", path: "/me/player", query: both(), fleet: true, none: true}
}

// State is what plays, and where. None is set where nothing does.
func (c *Client) State(ctx context.Context) (Playback, error) {
	n, err := c.get(ctx, stateQuestion())
	if err != nil {
		return Playback{}, err
	}
	if n.null() {
		return Playback{None: true, Repeat: "off"}, nil
	}
	return playbackOf(n), nil
}

// Devices are those that can be played on now. One that is just coming up or going to
// sleep may be missing, or be there without an ID.
func (c *Client) Devices(ctx context.Context) ([]Device, error) {
	n, err := c.get(ctx, question{name: "/me/player/devices", path: "/me/player/devices", fleet: true})
	if err != nil {
		return nil, err
	}
	return each(n.get("devices"), deviceOf), nil
}

// Queue is what plays and what comes next, by Spotify's own queue.
func (c *Client) Queue(ctx context.Context) (Queue, error) {
	n, err := c.get(ctx, question{name: "/me/player/queue", path: "/me/player/queue", fleet: true, none: true})
	if err != nil {
		return Queue{}, err
	}
	return queueOf(n), nil
}

// command tells the player something. It is never made twice for what is not the same
// when done twice.
func (c *Client) command(ctx context.Context, method, what string, q url.Values, device string, body any) error {
	path := "/me/player"
	if what != "" {
		path += "/" + what
	}
	if device != "" {
		if q == nil {
			q = url.Values{}
		}
		q.Set("device_id", device)
	}
	_, err := c.tell(ctx, method, path, path, q, body, stateQuestion().key(), "/me/player/devices", "/me/player/queue")
	return err
}

// Transfer lets a device play on; play: also if it was paused.
func (c *Client) Transfer(ctx context.Context, device string, play bool) error {
	type transfer struct {
		Devices []string `json:"device_ids"`
		Play    bool     `json:"play"`
	}
	return c.command(ctx, http.MethodPut, "", nil, "", transfer{[]string{device}, play})
}

// Start says what is to be played. The zero value goes on with what was paused.
type Start struct {
	Device    string        // "" = the active one
	URIs      []string      // tracks and episodes; or
	Context   string        // an album, artist, playlist or show, by URI
	OffsetURI string        // where in it to begin; or
	Offset    *int          // which of it, from 0; nil = where Spotify likes
	Position  time.Duration // in the first of them
}

// Play plays.
func (c *Client) Play(ctx context.Context, s Start) error {
	type offset struct {
		Position *int   `json:"position,omitempty"`
		URI      string `json:"uri,omitempty"`
	}
	type play struct {
		Context  string   `json:"context_uri,omitempty"`
		URIs     []string `json:"uris,omitempty"`
		Offset   *offset  `json:"offset,omitempty"`
		Position *int64   `json:"position_ms,omitempty"`
	}
	if s.Context == "" && len(s.URIs) == 0 && s.Position == 0 {
		return c.command(ctx, http.MethodPut, "play", nil, s.Device, nil)
	}
	body := play{Context: s.Context, URIs: s.URIs}
	if s.OffsetURI != "" || s.Offset != nil {
		body.Offset = &offset{Position: s.Offset, URI: s.OffsetURI}
	}
	if s.Position > 0 {
		body.Position = new(s.Position.Milliseconds())
	}
	return c.command(ctx, http.MethodPut, "play", nil, s.Device, body)
}

// Pause pauses a device; "" = the active one, here and below.
func (c *Client) Pause(ctx context.Context, device string) error {
	return c.command(ctx, http.MethodPut, "pause", nil, device, nil)
}

// Next goes on to what comes next.
func (c *Client) Next(ctx context.Context, device string) error {
	return c.command(ctx, http.MethodPost, "next", nil, device, nil)
}

// Previous goes back to what was before.
func (c *Client) Previous(ctx context.Context, device string) error {
	return c.command(ctx, http.MethodPost, "previous", nil, device, nil)
}

// Seek goes to a position in what plays; beyond its end is the next one.
func (c *Client) Seek(ctx context.Context, device string, to time.Duration) error {
	q := url.Values{"position_ms": {strconv.FormatInt(max(0, to.Milliseconds()), 10)}}
	return c.command(ctx, http.MethodPut, "seek", q, device, nil)
}

// Repeat repeats "track", "context" or nothing: "off".
func (c *Client) Repeat(ctx context.Context, device, mode string) error {
	return c.command(ctx, http.MethodPut, "repeat", url.Values{"state": {mode}}, device, nil)
}

// Volume sets the volume, 0 to 100.
func (c *Client) Volume(ctx context.Context, device string, percent int) error {
	q := url.Values{"volume_percent": {strconv.Itoa(min(max(percent, 0), 100))}}
	return c.command(ctx, http.MethodPut, "volume", q, device, nil)
}

// Shuffle switches shuffling on or off.
func (c *Client) Shuffle(ctx context.Context, device string, on bool) error {
	return c.command(ctx, http.MethodPut, "shuffle", url.Values{"state": {strconv.FormatBool(on)}}, device, nil)
}

// Enqueue puts a track or an episode behind what plays, before the rest of the context.
func (c *Client) Enqueue(ctx context.Context, device, uri string) error {
	return c.command(ctx, http.MethodPost, "queue", url.Values{"uri": {uri}}, device, nil)
}

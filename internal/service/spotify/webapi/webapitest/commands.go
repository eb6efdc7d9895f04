package webapitest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// command is a call that the player obeys: it needs Premium and a device.
func command(do func(*player, *call)) handler {
	return func(c *call) any {
		p := &c.u.player
		p.settle(c.s)
		c.status = http.StatusNoContent
		if !c.u.Premium {
			return c.refuse(http.StatusForbidden, "Player command failed: Premium required", "PREMIUM_REQUIRED")
		}
		if id := c.r.URL.Query().Get("device_id"); id != "" {
			d := p.device(id)
			if d == nil {
				return c.refuse(http.StatusNotFound, "Device not found", "")
			}
			p.active = d
		}
		switch {
		case p.active == nil:
			return c.refuse(http.StatusNotFound, "Player command failed: No active device found", "NO_ACTIVE_DEVICE")
		case p.active.Restricted:
			return c.restricted()
		}
		do(p, c)
		return nil
	}
}

func (c *call) restricted() any {
	return c.refuse(http.StatusForbidden, "Player command failed: Restriction violated", "UNKNOWN")
}

// number is one of the query; false: it is none, and the answer is an error.
func (c *call) number(name string) (int, bool) {
	n, err := strconv.Atoi(c.r.URL.Query().Get(name))
	if err != nil || n < 0 {
		c.refuse(http.StatusBadRequest, "Invalid "+name, "")
		return 0, false
	}
	return n, true
}

// start is the body of a play command.
type start struct {
	Context  string          `json:"context_uri"`
	URIs     []string        `json:"uris"`
	Offset   json.RawMessage `json:"offset"`
	Position int             `json:"position_ms"`
}

func (p *player) play(c *call) {
	var in start
	if !c.read(&in) {
		return
	}
	if in.Context == "" && len(in.URIs) == 0 {
		p.resume(c, in)
		return
	}
	uris := in.URIs
	if in.Context != "" {
		if uris = c.s.inside(in.Context); uris == nil {
			c.refuse(http.StatusNotFound, "Context not found", "")
			return
		}
	}
	at, ok := c.offset(in.Offset, uris)
	if !ok {
		return
	}
	p.context, p.uris, p.at, p.queued = in.Context, slices.Clone(uris), at, ""
	p.set(c.s, time.Duration(in.Position)*time.Millisecond)
	p.playing = true
	p.settle(c.s)
}

// resume goes on with what was paused.
func (p *player) resume(c *call, in start) {
	switch {
	case p.current() == "":
		c.refuse(http.StatusNotFound, "Player command failed: No list found", "UNKNOWN")
		return
	case p.playing && in.Position == 0:
		c.restricted()
		return
	}
	p.set(c.s, p.base)
	if in.Position > 0 {
		p.set(c.s, time.Duration(in.Position)*time.Millisecond)
	}
	p.playing = true
}

// offset says where to begin; false: it is not there, and the answer is an error.
func (c *call) offset(raw json.RawMessage, uris []string) (int, bool) {
	var o struct {
		Position *int
		URI      string
	}
	if len(raw) > 0 && json.Unmarshal(raw, &o) != nil {
		c.refuse(http.StatusBadRequest, "Malformed offset", "")
		return 0, false
	}
	at := 0
	switch {
	case o.URI != "":
		at = slices.Index(uris, o.URI)
	case o.Position != nil:
		at = *o.Position
	}
	if at < 0 || at >= max(1, len(uris)) {
		c.refuse(http.StatusBadRequest, "Invalid offset", "")
		return 0, false
	}
	return at, true
}

func (p *player) pause(c *call) {
	if !p.playing {
		c.restricted()
		return
	}
	p.set(c.s, p.progress(c.s))
	p.playing = false
}

func (p *player) next(c *call) {
	if p.current() == "" {
		c.restricted()
		return
	}
	p.forward()
	p.set(c.s, 0)
	if p.current() == "" {
		p.at, p.playing = 0, false
	}
}

func (p *player) previous(c *call) {
	if p.queued == "" && p.at == 0 {
		c.restricted()
		return
	}
	if p.queued != "" {
		p.queued = ""
	} else {
		p.at--
	}
	p.set(c.s, 0)
}

func (p *player) seek(c *call) {
	ms, ok := c.number("position_ms")
	if !ok {
		return
	}
	p.set(c.s, time.Duration(ms)*time.Millisecond)
	p.settle(c.s)
}

func (p *player) setRepeat(c *call) {
	mode := c.r.URL.Query().Get("state")
	if !slices.Contains([]string{"off", "track", "context"}, mode) {
		c.refuse(http.StatusBadRequest, "Invalid state", "")
		return
	}
	p.repeat, p.changed = mode, c.s.clock()
}

func (p *player) setVolume(c *call) {
	percent, ok := c.number("volume_percent")
	switch {
	case !ok:
	case percent > 100:
		c.refuse(http.StatusBadRequest, "Invalid volume_percent", "")
	case p.active.NoVolume:
		c.refuse(http.StatusForbidden, "Player command failed: Cannot control device volume", "VOLUME_CONTROL_DISALLOW")
	default:
		p.active.Volume, p.changed = percent, c.s.clock()
	}
}

func (p *player) setShuffle(c *call) {
	p.shuffled, p.changed = c.r.URL.Query().Get("state") == "true", c.s.clock()
}

func (p *player) enqueue(c *call) {
	uri := c.r.URL.Query().Get("uri")
	if kind, id := split(uri); kind != "track" && kind != "episode" || c.s.tracks[id] == nil && c.s.episodes[id] == nil {
		c.refuse(http.StatusBadRequest, "Invalid URI", "")
		return
	}
	p.queue = append(p.queue, uri)
}

package webapitest

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

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

// transfer makes another device the active one.
func transfer(c *call) any {
	var in struct {
		Devices []string `json:"device_ids"`
		Play    bool
	}
	if !c.read(&in) {
		return nil
	}
	p := &c.u.player
	p.settle(c.s)
	c.status = http.StatusNoContent
	switch {
	case !c.u.Premium:
		return c.refuse(http.StatusForbidden, "Player command failed: Premium required", "PREMIUM_REQUIRED")
	case len(in.Devices) != 1:
		return c.refuse(http.StatusBadRequest, "One device id is needed", "")
	}
	d := p.device(in.Devices[0])
	switch {
	case d == nil:
		return c.refuse(http.StatusNotFound, "Device not found", "")
	case d.Restricted:
		return c.restricted()
	}
	p.set(c.s, p.progress(c.s))
	p.active = d
	if in.Play && p.current() != "" {
		p.playing = true
	}
	return nil
}

func (c *call) device(d *Device) object {
	o := object{
		"id": d.ID, "name": d.Name, "type": d.Type, "is_active": c.u.player.active == d, "is_private_session": false,
		"is_restricted": d.Restricted, "volume_percent": d.Volume, "supports_volume": !d.NoVolume,
	}
	if d.NullID {
		o["id"] = nil
	}
	if d.NoVolume {
		o["volume_percent"] = nil
	}
	return o
}

func getDevices(c *call) any {
	c.u.player.settle(c.s)
	rows := []object{}
	for _, d := range c.u.player.devices {
		if d.Hidden > 0 {
			d.Hidden--
			continue
		}
		rows = append(rows, c.device(d))
	}
	return object{"devices": rows}
}

func getState(c *call) any {
	p := &c.u.player
	p.settle(c.s)
	if p.active == nil {
		c.status = http.StatusNoContent
		return nil
	}
	o := object{
		"device": c.device(p.active), "repeat_state": p.repeat, "shuffle_state": p.shuffled, "timestamp": p.changed.UnixMilli(),
		"progress_ms": p.progress(c.s).Milliseconds(), "is_playing": p.playing, "currently_playing_type": "unknown",
		"actions": object{"disallows": object{"skipping_prev": p.queued == "" && p.at == 0}},
	}
	if uri := p.current(); uri != "" {
		kind, _ := split(uri)
		o["item"], o["currently_playing_type"] = c.item(uri), kind
	}
	if p.context != "" {
		kind, id := split(p.context)
		o["context"] = object{"type": kind, "uri": p.context, "href": c.s.URL + "/" + kind + "s/" + id, "external_urls": object{}}
	}
	return o
}

func getQueue(c *call) any {
	p := &c.u.player
	p.settle(c.s)
	rows := []any{}
	for _, uri := range append(slices.Clone(p.queue), p.uris[min(len(p.uris), p.at+1):]...) {
		if len(rows) < 20 {
			rows = append(rows, c.item(uri))
		}
	}
	o := object{"queue": rows}
	if uri := p.current(); uri != "" {
		o["currently_playing"] = c.item(uri)
	} else {
		c.beyond = true // null, where the specification has none
		o["currently_playing"] = nil
	}
	return o
}

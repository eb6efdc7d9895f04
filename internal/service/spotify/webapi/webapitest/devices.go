package webapitest

import (
	"net/http"
	"slices"
)

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

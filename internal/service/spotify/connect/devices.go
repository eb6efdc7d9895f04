package connect

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"segue/internal/pause"
	"segue/internal/service/spotify/webapi"
	"segue/session"
)

const (
	// trusted is how long a device that was seen is thought to be there.
	trusted = time.Minute
	// fresh is how long what a fault told of the devices does for showing them.
	fresh = 2 * time.Second
	// comingUp is how long a device may be missing from the list though it is there.
	comingUp = 700 * time.Millisecond
)

// Ready implements session.Transport.
func (p *Player) Ready(ctx context.Context) (session.Device, error) {
	d := p.device()
	p.mu.Lock()
	sure := time.Since(p.sure) < trusted
	p.mu.Unlock()
	if sure && d.ID != "" && d.ID != session.Here {
		return p.shown(d), nil
	}
	d, err := p.find(webapi.For(ctx, webapi.Playing))
	if err != nil {
		return session.Device{}, p.explain(ctx, err)
	}
	return p.shown(d), nil
}

// find looks for the device to play on: the one used last, else the one that is active,
// else the only one. A device of before that is missing gets a second chance.
func (p *Player) find(ctx context.Context) (kept, error) {
	for try := 0; ; try++ {
		list, err := p.o.API.Devices(ctx)
		if err != nil {
			return kept{}, err
		}
		if d, ok := p.among(list); ok {
			switch {
			case d.Restricted:
				return kept{}, restricted(d.Name)
			case d.ID != "":
				k := kept{ID: d.ID, Name: d.Name, Kind: d.Type}
				p.use(k, d)
				return k, nil
			}
		}
		if last := p.device(); try > 0 || last.ID == "" && last.Name == "" || last.ID == session.Here {
			return kept{}, p.none(list, last)
		}
		if err := pause.For(ctx, comingUp); err != nil {
			return kept{}, err
		}
	}
}

// among picks the device to play on.
func (p *Player) among(list []webapi.Device) (webapi.Device, bool) {
	last := p.device()
	if last.ID != "" || last.Name != "" {
		if d, ok := same(list, last); ok {
			if d.ID == "" {
				d.ID = last.ID // for a moment Spotify does not say it
			}
			return d, true
		}
		return webapi.Device{}, false
	}
	if i := slices.IndexFunc(list, func(d webapi.Device) bool { return d.Active && d.ID != "" }); i >= 0 {
		return list[i], true
	}
	if len(list) == 1 {
		return list[0], true
	}
	return webapi.Device{}, false
}

// same finds a device that was kept: by its id, else, as some get a new one at each
// start, by its name if only one has it.
func same(list []webapi.Device, k kept) (webapi.Device, bool) {
	if i := slices.IndexFunc(list, func(d webapi.Device) bool { return k.ID != "" && d.ID == k.ID }); i >= 0 {
		return list[i], true
	}
	var found []webapi.Device
	for _, d := range list {
		if k.Name != "" && strings.EqualFold(d.Name, k.Name) {
			found = append(found, d)
		}
	}
	if len(found) != 1 {
		return webapi.Device{}, false
	}
	return found[0], true
}

// on does something with the device to play on. One that turns out to be gone, or to
// have another id now, is looked for once more.
func (p *Player) on(ctx context.Context, do func(id string) error) (session.Device, error) {
	if _, err := p.Ready(ctx); err != nil {
		return session.Device{}, err
	}
	d := p.device()
	err := do(d.ID)
	if k := webapi.KindOf(err); k == webapi.DeviceGone || k == webapi.NoDevice {
		p.doubt()
		if d, err = p.find(ctx); err == nil {
			err = do(d.ID)
		}
	}
	return p.shown(d), err
}

// Devices implements session.Transport.
func (p *Player) Devices(ctx context.Context) ([]session.Device, error) {
	list, ok := p.spared()
	var err error
	if !ok {
		list, err = p.o.API.Devices(ctx)
	}
	last := p.device()
	var all []session.Device
	if p.o.Here != nil {
		if name := p.o.Here(); name != "" {
			all = append(all, session.Device{ID: session.Here, Name: name, Volume: -1, Chosen: last.ID == session.Here})
		}
	}
	used, there := same(list, last)
	for _, d := range list {
		v := shown(d)
		v.Chosen = there && d == used
		if v.Chosen && v.ID == "" {
			v.ID = last.ID
		}
		all = append(all, v)
	}
	if !there && last.ID != session.Here && (last.ID != "" || last.Name != "") {
		all = append(all, session.Device{ID: last.ID, Name: last.called(), Kind: last.Kind, Volume: -1, Chosen: true, Missing: true})
	}
	if err != nil {
		return all, p.explain(ctx, err)
	}
	return all, nil
}

// Choose implements session.Transport.
func (p *Player) Choose(ctx context.Context, id string, move, play bool) (session.Device, error) {
	choose := p.chooseThere
	if id == session.Here {
		choose = p.chooseHere
	}
	d, err := choose(ctx, id, move, play)
	if err != nil {
		p.insist()
	}
	return d, err
}

// chooseThere is Choose for a device of the account's.
func (p *Player) chooseThere(ctx context.Context, id string, move, play bool) (session.Device, error) {
	before := p.device()
	ctx = webapi.For(ctx, webapi.Playing)
	list, err := p.o.API.Devices(ctx)
	if err != nil {
		return session.Device{}, p.explain(ctx, err)
	}
	want := p.named(id, before)
	d, ok := same(list, want)
	if !ok {
		d, ok = same(list, kept{Name: id})
	}
	switch {
	case !ok:
		return session.Device{}, p.none(list, want)
	case d.Restricted:
		return session.Device{}, restricted(d.Name)
	case d.ID == "":
		d.ID = id
	}
	if move && (d.ID != before.ID || !d.Active) {
		if err := p.o.API.Transfer(ctx, d.ID, play); err != nil {
			return session.Device{}, p.explain(ctx, err)
		}
	}
	k := kept{ID: d.ID, Name: d.Name, Kind: d.Type}
	p.use(k, d)
	p.told()
	return shown(d), nil
}

// chooseHere lets this computer play from now on.
func (p *Player) chooseHere(ctx context.Context, _ string, _, _ bool) (session.Device, error) {
	name := ""
	if p.o.Here != nil {
		name = p.o.Here()
	}
	if name == "" {
		return session.Device{}, &session.Fault{Kind: session.InvalidDeviceID,
			Err: errors.New("this account plays on its devices only"), Hint: "playing here needs go-librespot and playback = \"auto\""}
	}
	if old := p.device(); old.ID != "" && old.ID != session.Here {
		_ = p.Pause(ctx) // it may be paused, or gone
	}
	k := kept{ID: session.Here, Name: name}
	p.use(k, webapi.Device{ID: k.ID, Volume: -1})
	return session.Device{ID: k.ID, Name: name, Volume: -1, Chosen: true}, nil
}

// Chosen is what was chosen last: session.Here, the id of a device, or "" for nothing.
func (p *Player) Chosen() string { return p.device().ID }

// shown is a device as the session knows it.
func shown(d webapi.Device) session.Device {
	return session.Device{
		ID: d.ID, Name: d.Name, Kind: d.Type, Active: d.Active, Restricted: d.Restricted, Private: d.Private,
		Volume: d.Volume, Fixed: !d.SupportsVolume,
	}
}

// shown is the device in use.
func (p *Player) shown(k kept) session.Device {
	p.mu.Lock()
	defer p.mu.Unlock()
	return session.Device{ID: k.ID, Name: k.called(), Kind: k.Kind, Chosen: true, Volume: p.volume, Fixed: p.fixed}
}

package connect

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
	"segue/session"
)

// choose is the way out where there is no device.
const choose = "choose one with go, or segue devices"

// explain makes what Spotify says of devices clear. Everything else stays as it is.
func (p *Player) explain(ctx context.Context, err error) error {
	var f *session.Fault
	if err == nil || errors.As(err, &f) {
		return err
	}
	name := p.device().called()
	var e *webapi.Error
	if errors.As(err, &e) && e.Reason == "VOLUME_CONTROL_DISALLOW" {
		return &session.Fault{Kind: session.PermissionDenied, Err: fmt.Errorf("the volume of %s cannot be set from here", name)}
	}
	switch webapi.KindOf(err) { //nolint:exhaustive // the others speak for themselves
	case webapi.NoDevice, webapi.DeviceGone:
		p.doubt()
		list, listErr := p.o.API.Devices(ctx)
		fault := p.none(list, p.device())
		if listErr != nil {
			p.spared() // it was told what is known, which is no list
		}
		return fault
	case webapi.NotNow:
		return &session.Fault{Kind: session.OtherTransient, Err: fmt.Errorf("%s cannot do that now", name), Hint: "another device may: " + choose}
	}
	return err
}

// spared is the list that a fault has just told of, once.
func (p *Player) spared() (list []webapi.Device, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	list, ok = p.spare, !p.spareAt.IsZero() && time.Since(p.spareAt) < fresh
	p.spare, p.spareAt = nil, time.Time{}
	return list, ok
}

// none says that the device that was wanted is not there, and which there are. The list is
// not asked for once more to be shown beside that.
func (p *Player) none(list []webapi.Device, wanted kept) error {
	p.mu.Lock()
	p.spare, p.spareAt = list, time.Now()
	p.mu.Unlock()
	f := &session.Fault{Kind: session.InvalidDeviceID, Hint: choose}
	what := "no device is active"
	switch {
	case wanted.ID == session.Here: // only a list is asked for then
		what = "this plays as a whole, which only a device of Spotify's can do"
	case wanted.ID != "" || wanted.Name != "":
		what = wanted.called() + " is not there"
	}
	var names []string
	for _, d := range list {
		if !d.Restricted {
			names = append(names, music.Clean(d.Name))
		}
	}
	if len(names) == 0 {
		f.Err = errors.New(what)
		f.Hint = "open Spotify on a phone, a computer or a speaker, then " + choose
		return f
	}
	f.Err = fmt.Errorf("%s; there are: %s", what, strings.Join(names, ", "))
	return f
}

func restricted(name string) error {
	return &session.Fault{Kind: session.InvalidDeviceID, Err: fmt.Errorf("%s takes no commands from other programs", music.Clean(name)), Hint: choose}
}

func notPlayable() error {
	return &session.Fault{Kind: session.TrackNotPlayable, Err: errors.New("Spotify has no such track")}
}

// kindOf is the kind that a URI names: spotify:KIND:ID.
func kindOf(uri string) string {
	_, rest, _ := strings.Cut(uri, ":")
	kind, _, _ := strings.Cut(rest, ":")
	return kind
}

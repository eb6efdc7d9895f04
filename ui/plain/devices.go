package plain

import (
	"strconv"
	"strings"

	"segue/keymap"
	"segue/session"
	"segue/ui/page"
)

// devices does what concerns the devices of accounts; ok = it is such a command.
func (p *talker) devices(a keymap.Action, name string) (ok bool) {
	if a != keymap.GoDevices {
		return false
	}
	if name == "" {
		p.listing = true
		p.output()
		p.send(session.LoadDevices{})
		return true
	}
	c, wrong := page.DeviceNamed(name, p.there)
	if wrong != "" {
		p.say("%s", wrong)
		return true
	}
	p.send(c)
	return true
}

// output says what this computer plays on.
func (p *talker) output() {
	switch {
	case p.play.DeviceOf != "":
		p.say("this computer rests; %s plays on %s", p.play.DeviceOf, page.Clean(p.play.Device))
	case p.play.Silent:
		p.say("this computer keeps time in silence: there is no sound device")
	case p.play.Device != "":
		p.say("this computer plays on %s", page.Clean(p.play.Device))
	default:
		p.say("this computer plays on its own output")
	}
}

// devicesAre takes what accounts can play on, and lists it if that was asked for.
func (p *talker) devicesAre(ev session.DevicesChanged) {
	p.there = ev.Accounts
	if !p.listing {
		return
	}
	for _, a := range ev.Accounts {
		if a.Busy {
			return // soon
		}
	}
	p.listing = false
	for _, a := range ev.Accounts {
		if a.Fault != nil {
			p.say("warning: %s", page.Clean(a.Fault.Error()))
		}
		if len(a.Devices) == 0 && a.Fault == nil {
			p.say("%s: no device is awake", a.Account)
		}
		for _, d := range a.Devices {
			p.say("%s: %s", a.Account, page.DeviceLine(d))
		}
	}
	if len(ev.Accounts) > 0 {
		p.say("devices NAME plays there")
	}
}

// needDevice says which devices there are when a track waits for one.
func (p *talker) needDevice(ev session.DeviceNeeded) {
	p.say("%s needs a device to play on", strings.TrimSpace(strconv.Quote(page.Clean(ev.Track.Title))+" of "+string(ev.Account)))
	p.listing = true
}

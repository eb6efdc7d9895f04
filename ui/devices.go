package ui

import (
	"segue/session"
	"segue/ui/page"
)

// needDevice shows the devices when a track waits for one, unless somebody is busy with
// keys that would go astray.
func (m *Model) needDevice() {
	if m.prompt != nil || len(m.popups) > 0 {
		return
	}
	if _, typing := m.typist(); typing {
		return
	}
	m.show(page.Devices)
}

// chooseDevice takes what was typed after the command: a device by its name.
func (m *Model) chooseDevice(name string) {
	c, wrong := page.DeviceNamed(name, m.env.Devices)
	if wrong != "" {
		m.say(session.Warning, wrong)
		return
	}
	m.env.Send(c)
}

package page

import (
	"strconv"
	"strings"

	"segue/internal/match"
	"segue/session"
)

// DeviceNamed finds the device of an account that is meant by a name, or the part of one;
// wrong says why there is none.
func DeviceNamed(name string, all []session.AccountDevices) (c session.ChooseDevice, wrong string) {
	var found []session.ChooseDevice
	var names []string
	for _, a := range all {
		for _, v := range a.Devices {
			choose := session.ChooseDevice{Account: a.Account, Device: v.ID}
			if strings.EqualFold(clean(v.Name), name) || v.ID == name {
				return choose, ""
			}
			if match.Contains(v.Name, name) {
				found = append(found, choose)
			}
			names = append(names, clean(v.Name))
		}
	}
	switch {
	case len(found) == 1:
		return found[0], ""
	case len(found) > 1:
		return c, "several devices are called like “" + clean(name) + "”: " + strings.Join(names, ", ")
	case len(names) == 0:
		return c, "no devices are known; devices lists them"
	}
	return c, "no device is called “" + clean(name) + "”; there are: " + strings.Join(names, ", ")
}

// DeviceLine is a device in one line of words.
func DeviceLine(v session.Device) string {
	parts := []string{clean(v.Name)}
	add := func(is bool, text string) {
		if is {
			parts = append(parts, text)
		}
	}
	add(v.Kind != "", clean(v.Kind))
	add(v.Active, "active")
	add(v.Missing, "not there now")
	add(v.Restricted, "takes no commands")
	add(v.Private, "private session")
	add(v.Chosen, "used last")
	add(v.Volume >= 0, "volume "+strconv.Itoa(v.Volume))
	return strings.Join(parts, ", ")
}

package device

import "testing"

func TestMusicThatWasInTheHeadphonesDoesNotComeBackFromTheLoudspeakers(t *testing.T) {
	fresh, was := &otoCard{}, &otoCard{name: "sysdefault:CARD=Headset"}
	for name, want := range map[string]bool{
		"default": true, "pulse": true, "pipewire": true, "sysdefault:CARD=PCH": true,
		"sysdefault:CARD=Headset": true, "hw:0": false, "surround51": false, "oss": false,
	} {
		if fresh.allows(name) != want {
			t.Errorf("%s: %v at first", name, !want)
		}
		if was.allows(name) != (name == was.name) {
			t.Errorf("%s: %v behind %s", name, was.allows(name), was.name)
		}
	}
}

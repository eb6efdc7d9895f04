package keymap

import (
	"strings"
	"testing"
)

// TestEveryKeyOfEveryPresetReachesItsAction by its keys alone, one after the other, in
// the contexts that it is live in.
func TestEveryKeyOfEveryPresetReachesItsAction(t *testing.T) {
	for _, name := range Presets() {
		m, err := Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range m.Defs() {
			for _, chord := range m.keys[d.Name] {
				for _, ctx := range []Context{Global, List, Queue, Playlist, Popup, Input} {
					if !inside(d.Context, ctx) {
						continue
					}
					var pending []string
					var got Action
					for _, key := range strings.Fields(chord) {
						if got != "" {
							t.Errorf("%s: %s is done before %s is typed whole", name, got, Show(chord))
						}
						got, pending, _ = m.Resolve(ctx, pending, key)
					}
					if got != d.Name {
						t.Errorf("%s: %s in %s does %q, not %s", name, Show(chord), ctx, got, d.Name)
					}
				}
			}
		}
		if m.Counts() {
			for _, d := range m.Defs() {
				for _, chord := range m.keys[d.Name] {
					if first := strings.Fields(chord)[0]; len(first) == 1 && first >= "1" && first <= "9" && d.Context != Popup && d.Context != Input {
						t.Errorf("%s: %s begins with a digit, which is a count there", name, Show(chord))
					}
				}
			}
		}
	}
}

func TestAKeyThatHidesManyChordsIsOneMistake(t *testing.T) {
	_, err := Default().With(map[string][]string{"mark": {"g"}})
	if err == nil {
		t.Fatal("no error")
	}
	if got := err.Error(); strings.Count(got, "\n") != 0 || !strings.Contains(got, "g on mark hides the chords that begin with it: gg (top), ") || !strings.Contains(got, " more") {
		t.Errorf("%s", got)
	}
}

package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func load(t *testing.T, text string, env ...string) *Config {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load(path, env)
}

func TestTheExampleHoldsTheDefaults(t *testing.T) {
	data, err := os.ReadFile("../../config.toml.example")
	if err != nil {
		t.Fatal(err)
	}
	if string(data) != Example() {
		t.Error("config.toml.example is not what the table says; make generate writes it")
	}
	got, want := load(t, string(data)), Default()
	if len(got.Problems) > 0 {
		t.Fatalf("problems: %v", got.Problems)
	}
	for i, s := range got.Settings() {
		if w := want.Settings()[i]; !reflect.DeepEqual(s.Value, w.Value) {
			t.Errorf("%s is %v in the example, %v by default", s.Key, s.Value, w.Value)
		}
	}
}

func TestEverySettingCanBeSetAndShown(t *testing.T) {
	c := load(t, `
[library]
folders = ["/a", "/b"]
watch = false
[player]
output = "wav:/tmp/x.wav"
gain = "album"
preamp_db = -3
crossfade = "4s"
on_device_loss = "follow"
volume = 33
[screen]
theme = "paper"
background = "light"
ascii = "on"
mouse = false
keymap = "vim"
[log]
level = "debug"
[keys]
next = ["n", "l"]
pause = "p"
`)
	if len(c.Problems) > 0 {
		t.Fatal(c.Problems)
	}
	def := Default().Settings()
	for i, s := range c.Settings() {
		if !strings.HasPrefix(s.Source, "config.toml:") {
			t.Errorf("%s comes from %s", s.Key, s.Source)
		}
		if i < len(def) && reflect.DeepEqual(s.Value, def[i].Value) {
			t.Errorf("%s is still %v", s.Key, s.Value)
		}
	}
	if got := c.Keys["next"]; !reflect.DeepEqual(got, []string{"n", "l"}) {
		t.Errorf("keys.next is %v", got)
	}
}

func TestAMistakeNamesTheLineAndTheWayOut(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"a key misspelt":           {"[player]\n\ngian = \"off\"\n", "config.toml:3: there is no key player.gian, did you mean player.gain?; it is ignored"},
		"a key in another section": {"[player]\ntheme = \"x\"\n", "config.toml:2: there is no key player.theme, did you mean screen.theme?; it is ignored"},
		"a key without a section":  {"volume = 3\n", "config.toml:1: volume stands outside a section, did you mean player.volume?; it is ignored"},
		"a wrong value":            {"[player]\ngain = \"loud\"\n", `config.toml:2: player.gain is "loud", but can be off, track, album, auto; "auto" holds`},
		"a wrong type":             {"[screen]\nmouse = \"yes\"\n", `config.toml:2: screen.mouse is "yes", but can be true or false; true holds`},
		"out of range":             {"[player]\nvolume = 101\n", `config.toml:2: player.volume is 101, but goes from 0 to 100; 70 holds`},
		"not a duration":           {"[player]\ncrossfade = \"1h\"\n", `config.toml:2: player.crossfade is "1h", but goes from "0s" to "12s", as in "4s" or "1.5s"; "0s" holds`},
		"not TOML":                 {"[player]\ngain = \n", "config.toml:2:"},
	} {
		t.Run(name, func(t *testing.T) {
			got := load(t, c.text)
			if len(got.Problems) != 1 || !strings.HasPrefix(got.Problems[0].Error(), c.want) {
				t.Errorf("got %q, want %q", got.Problems, c.want)
			}
		})
	}
}

func TestOneBrokenLineDoesNotTakeTheOthersWithIt(t *testing.T) {
	c := load(t, "[player]\ngain = = 3\nvolume = 12\n")
	if c.Player.Volume != 12 || len(c.Problems) != 1 {
		t.Errorf("volume %d, problems %v", c.Player.Volume, c.Problems)
	}
}

func TestTheEnvironmentStandsOverTheFile(t *testing.T) {
	c := load(t, "[player]\ngain = \"off\"\nvolume = 3\n", "SEGUE_PLAYER_GAIN=track", "SEGUE_LIBRARY_FOLDERS=/a:/b", "SEGUE_PLAYER_VOLUME=loud")
	if c.Player.Gain != "track" || c.Sources["player.gain"] != "SEGUE_PLAYER_GAIN" {
		t.Errorf("gain is %s from %s", c.Player.Gain, c.Sources["player.gain"])
	}
	if !reflect.DeepEqual(c.Library.Folders, []string{"/a", "/b"}) {
		t.Errorf("folders are %v", c.Library.Folders)
	}
	if c.Player.Volume != 3 || len(c.Problems) != 1 || c.Problems[0].Where != "SEGUE_PLAYER_VOLUME" {
		t.Errorf("volume %d, problems %v", c.Player.Volume, c.Problems)
	}
}

func TestAFolderInPlaceOfTheFileIsSaidAndTheDefaultsHold(t *testing.T) {
	c := Load(t.TempDir(), nil)
	if len(c.Problems) != 1 || c.Player.Gain != "auto" {
		t.Errorf("problems %v", c.Problems)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("[player]\ngain = \"off\"\n[[keys]]\na=1\n"))
	f.Add([]byte("[keys]\nx = [1, \"a\"]\n= = =\n\"\"\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c := Default()
		c.read("config.toml", data)
		if c.Player.Volume < 0 || c.Player.Volume > 100 {
			t.Fatalf("volume %d", c.Player.Volume)
		}
	})
}

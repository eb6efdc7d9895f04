package config

import (
	"fmt"
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
pictures = "blocks"
accent = "cover"
theme = "paper"
background = "light"
ascii = "on"
mouse = false
keymap = "vim"
[stream]
bitrate = "160"
offline_bitrate = "96"
cache_mb = 5
offline_mb = 7
report = false
[cache]
tokens = "file"
credentials = "file"
path = "/tmp/t"
redis_url = "redis://u:hunter2@127.0.0.1:1/1"
redis_key = "k"
memcached = "127.0.0.1:1"
[charts]
listenbrainz = "http://127.0.0.1:1"
apple = "http://127.0.0.1:2"
country = "de"
[spotify]
client_id = "id"
client_secret = "hunter2"
redirect_uri = "http://127.0.0.1:9/x"
playback = "auto"
device = "Kitchen"
engine = "/opt/go-librespot"
api = "http://127.0.0.1:3/v1"
accounts = "http://127.0.0.1:4"
user = "alice"
[log]
level = "debug"
[[account]]
name = "home"
service = "subsonic"
server = "https://music.example.org"
user = "alice"
legacy_auth = true
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
		if strings.Contains(fmt.Sprint(s), "hunter2") {
			t.Errorf("%s gives a secret away", s.Key)
		}
		if i < len(def) && s.Key != "cache.redis_url" && reflect.DeepEqual(s.Value, def[i].Value) {
			t.Errorf("%s is still %v", s.Key, s.Value)
		}
	}
	want := Account{Name: "home", Service: "subsonic", Server: "https://music.example.org", User: "alice",
		Options: map[string]string{"legacy_auth": "true"}, Where: "config.toml:49"}
	if !reflect.DeepEqual(c.Accounts, []Account{want}) {
		t.Errorf("accounts are %+v", c.Accounts)
	}
	if c.Cache.RedisURL.Reveal() != "redis://u:hunter2@127.0.0.1:1/1" {
		t.Error("the address of Redis is lost")
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
		"an account twice":         {"[[account]]\nname='a'\nservice='x'\n[[account]]\nname='a'\nservice='y'\n", "config.toml:4: account a: the name is there twice; the first one holds"},
		"an account named local":   {"[[account]]\nname='local'\nservice='x'\n", "config.toml:1: account local: the name local is taken"},
		"an account's bad name":    {"[[account]]\nname='My Server'\nservice='x'\n", "config.toml:1: account My Server: its name wants 1 to 32 of"},
		"an account of no name":    {"\n[[account]]\nservice='x'\n", "config.toml:2: an account without a name: its name wants 1 to 32 of"},
		"an account of nothing":    {"\n[[account]]\nname='a'\n", "config.toml:2: account a: it wants a service"},
		"a password in the config": {"[[account]]\nname='a'\nservice='x'\npassword='p'\n", "config.toml:1: account a: password does not belong into a file that is copied around and is not read: segue login asks for it"},
		"one bracket":              {"[account]\nname='a'\n", "config.toml:1: an account is written as [[account]]"},
		"a country of three":       {"[charts]\ncountry='usa'\n", `config.toml:2: charts.country is "usa", but wants two letters`},
		"an address without http":  {"[charts]\napple='example.org'\n", `config.toml:2: charts.apple is "example.org", but wants an address`},
		"a bitrate of 7":           {"[stream]\nbitrate='7'\n", `config.toml:2: stream.bitrate is "7", but can be original, 320, 160, 96`},
		"a cache size below 0":     {"[stream]\ncache_mb=-1\n", `config.toml:2: stream.cache_mb is -1, but goes from 0`},
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

func TestSpotipysVariablesStandBetweenTheDefaultsAndTheFile(t *testing.T) {
	c := load(t, "[spotify]\nuser = \"bob\"\n", "SPOTIPY_CLIENT_ID=abc", "SPOTIPY_CLIENT_USERNAME=alice", "SPOTIPY_CACHE_PATH=/tmp/c",
		"REDIS_URL=redis://127.0.0.1:7/0", "SEGUE_CACHE_PATH=/tmp/d")
	for key, want := range map[string]string{"spotify.client_id": "SPOTIPY_CLIENT_ID", "spotify.user": "config.toml:2",
		"cache.path": "SEGUE_CACHE_PATH", "cache.redis_url": "REDIS_URL", "cache.tokens": "default"} {
		if c.Sources[key] != want {
			t.Errorf("%s comes from %s, not %s", key, c.Sources[key], want)
		}
	}
	if c.Spotify.ClientID != "abc" || c.Spotify.User != "bob" || c.Cache.Path != "/tmp/d" || c.Cache.Tokens != "auto" {
		t.Errorf("got %+v %+v", c.Spotify, c.Cache)
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

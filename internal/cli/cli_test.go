package cli

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// run calls the command line in an empty home and returns what it printed.
func run(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	for _, name := range []string{"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"} {
		t.Setenv(name, filepath.Join(dir, name))
	}
	open := func(name string) *os.File {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	io := IO{In: open("in"), Out: open("out"), Err: open("err")}
	code = Main(args, io)
	read := func(f *os.File) string {
		text, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
		return string(text)
	}
	_ = io.In.Close()
	return code, read(io.Out), read(io.Err)
}

func TestEveryMistakeIsOneLineWithItsExitCode(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "nothing-here.flac")
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"an unknown flag":           {[]string{"--loud"}, exitUsage, "unknown flag: --loud"},
		"a command misspelt":        {[]string{"pley"}, exitUsage, "did you mean play?"},
		"play without words":        {[]string{"play"}, exitUsage, "segue play --help"},
		"a file that is not there":  {[]string{"play", missing}, exitNothing, "nothing-here.flac"},
		"nothing like it":           {[]string{"play", "xyzzy plugh"}, exitNothing, "the library holds nothing like it"},
		"an output of no kind":      {[]string{"--output", "speaker", "play", "x"}, exitUsage, "player.output is \"speaker\""},
		"a sample format":           {[]string{"play", "--format", "s24", "x"}, exitUsage, "--format"},
		"a sample rate":             {[]string{"play", "--rate", "5", "x"}, exitUsage, "wants 8000 to 384000"},
		"a config that is not here": {[]string{"--config", missing, "keys"}, exitUsage, "--config"},
		"a country of three":        {[]string{"toplist", "--region", "usa"}, exitUsage, "two letters"},
		"search in no account":      {[]string{"search", "--account", "home", "x"}, exitUsage, "segue accounts lists them"},
		"a query with a mistake":    {[]string{"search", "year:soon"}, exitUsage, "year wants a year"},
		"an unknown playlist":       {[]string{"playlist", "show", "Eve"}, exitNothing, "there is no playlist Eve"},
		"a link to nowhere":         {[]string{"link", "foo:bar"}, exitUsage, "links begin with spotify:"},
		"a login of no service":     {[]string{"login", "napster"}, exitUsage, "no account and no service napster"},
		"a login of this machine":   {[]string{"login", "local"}, exitUsage, "needs no sign-in"},
		"a logout of nobody":        {[]string{"logout", "home"}, exitNothing, "no account with a sign-in"},
		"a keymap":                  {[]string{"keys", "--keymap", "emacs"}, exitUsage, "can be default, vim"},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := run(t, c.args...)
			if code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			if !strings.HasPrefix(errs, "segue: ") || !strings.Contains(errs, c.says) || strings.Count(errs, "\n") != 1 {
				t.Errorf("said %q, want one line with %q", errs, c.says)
			}
			if out != "" {
				t.Errorf("stdout holds %q", out)
			}
		})
	}
}

func TestDataComesAsJSON(t *testing.T) {
	for _, args := range [][]string{
		{"keys", "--json"}, {"config", "show", "--json"}, {"playlists", "--json"}, {"toplist", "--json"}, {"search", "--json", "joy"},
	} {
		code, out, errs := run(t, args...)
		var v any
		if err := json.Unmarshal([]byte(out), &v); err != nil || code != exitOK {
			t.Errorf("%v: exit %d, %v: %s %s", args, code, err, out, errs)
		}
	}
}

func TestTheSamplerIsPlayedToAFileByWords(t *testing.T) {
	wav := filepath.Join(t.TempDir(), "out.wav")
	code, out, errs := run(t, "play", "--output", "wav:"+wav, "title:greensleeves")
	if code != exitOK || out != "" || !strings.Contains(errs, "Greensleeves") {
		t.Fatalf("exit %d, stdout %q, stderr %q", code, out, errs)
	}
	if info, err := os.Stat(wav); err != nil || info.Size() < 10<<20 {
		t.Errorf("the file is too small: %v %v", info, err)
	}
}

func TestKeysThatTerminalsCannotTellApartAreNamedOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(file, []byte("[keys]\nmute = ['C-i']\nshuffle = ['C-m']\nrepeat = ['C-h']\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := run(t, "--config", file, "keys", "--lint")
	errs += out
	for _, want := range []string{"C-i on mute: is Tab", "C-m on shuffle: is Enter", "C-h on repeat: is Backspace", "3 mistakes"} {
		if code != exitFailed || strings.Count(errs, want) != 1 {
			t.Errorf("exit %d, %q is not once in %s", code, want, errs)
		}
	}
}

func TestALinkIsTakenApart(t *testing.T) {
	code, out, errs := run(t, "link", "--json", "https://open.spotify.com/intl-de/user/bob/playlist/6rqhFgbbKwnb9MLmUQDhG6?si=x")
	var got struct {
		Type, URI, URL, Fault string
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != exitOK || errs != "" {
		t.Fatalf("exit %d, %v: %s%s", code, err, out, errs)
	}
	if got.Type != "PLAYLIST" || got.URI != "spotify:playlist:6rqhFgbbKwnb9MLmUQDhG6" || got.Fault == "" {
		t.Errorf("got %+v", got)
	}
}

func TestAccountsListsThisMachineAsLoggedIn(t *testing.T) {
	code, out, _ := run(t, "accounts", "--json")
	var rows []accountRow
	if err := json.Unmarshal([]byte(out), &rows); err != nil || code != exitOK {
		t.Fatalf("exit %d, %v: %s", code, err, out)
	}
	if len(rows) != 1 || rows[0].Name != "local" || rows[0].State != "logged in" {
		t.Errorf("got %+v", rows)
	}
}

func TestMistakesOfAccountsAreNamedByTheCheckOfTheConfig(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.toml")
	for name, c := range map[string]struct{ text, says string }{
		"an unknown service":      {"service = 'subsonc'\nserver = 'https://x.example'", `there is no service "subsonc"; the services are spotify, subsonic`},
		"no server":               {"service = 'subsonic'\nuser = 'a'", "account home: "},
		"a key of nobody":         {"service = 'subsonic'\nserver = 'https://x.example'\nservr = 'x'", "servr"},
		"an address of another":   {"service = 'subsonic'\nserver = 'ftp://x.example'", "ftp"},
		"a password in the table": {"service = 'subsonic'\nserver = 'https://x.example'\npassword = 'p'", "password does not belong into a file"},
	} {
		if err := os.WriteFile(file, []byte("[[account]]\nname = 'home'\n"+c.text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		code, out, errs := run(t, "--config", file, "config", "check")
		errs += out
		if code != exitFailed || !strings.Contains(errs, c.says) || !strings.Contains(errs, "1 mistake") || strings.Contains(errs, "2 mistake") {
			t.Errorf("%s: exit %d\n%s", name, code, errs)
		}
	}
}

func TestWhatWentWrongIsOneLineThatNoTerminalObeys(t *testing.T) {
	for in, want := range map[string]string{
		"no such file: a\x1b[31mb\x1b]0;owned\x07c": "no such file: abc",
		"first\nsecond\n":      "first; second",
		"tab\there\x1b":        "tab here ",
		"a \x1b[1mlist\nof \r": "a list; of",
	} {
		if got := oneLine(errors.New(in)); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestTheHelpAndTheCompletionsNameValuesWithoutMarks(t *testing.T) {
	for _, args := range [][]string{{"login", "--help"}, {"toplist", "--help"}, {"__complete", "login", "--"}} {
		_, out, errs := run(t, args...)
		if strings.Contains(out+errs, "`") || strings.Contains(out, "(LEVEL)") || strings.Contains(out, "(default )") || !strings.Contains(out, "--log-level") {
			t.Errorf("%q says %s", args, out)
		}
	}
}

func TestTheCheckNamesAThemeThatIsNotThereAndKeysThatStandWrongWayRound(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(file, []byte("[screen]\ntheme = 'embre'\n[keys]\ngx = 'star'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, _ := run(t, "--config", file, "config", "check")
	if code != exitFailed || !strings.Contains(out, `config.toml:2: no theme is named "embre"`) || !strings.Contains(out, `the action comes first: star = ["gx"]`) {
		t.Errorf("%d: %s", code, out)
	}
}

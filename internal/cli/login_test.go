package cli

import (
	"slices"
	"strings"
	"testing"

	"segue/internal/music"
	"segue/session"
)

func TestALoginNeverTakesAnAccountFromAnother(t *testing.T) {
	known := []session.AccountInfo{
		{ID: "local", Kind: "local"},
		{ID: "subsonic", Kind: "subsonic", Server: "https://a.example", User: "bob", Remembered: "bob", Can: session.Can{SignIn: true}},
		{ID: "home", Kind: "subsonic", Server: "https://b.example", User: "alice", Remembered: "alice", Can: session.Can{SignIn: true}},
	}
	for _, c := range []struct {
		name, word string
		flags      loginFlags
		account    string // "" = it is refused
		added      bool
		says       string
	}{
		{name: "an account", word: "home", account: "home"},
		{name: "an account with its service's name", word: "subsonic", account: "subsonic"},
		{name: "its own user", word: "subsonic", flags: loginFlags{user: "bob", server: "https://a.example"}, account: "subsonic"},
		{name: "another of the service, named", word: "subsonic", flags: loginFlags{name: "work", server: "https://a.example", user: "alice"}, account: "work", added: true},
		{name: "another server, named", word: "subsonic", flags: loginFlags{name: "work", server: "https://c.example"}, account: "work", added: true},
		{name: "another user, not named", word: "subsonic", flags: loginFlags{server: "https://a.example", user: "alice"}, says: "that of bob; segue login subsonic --name NAME"},
		{name: "another server, not named", word: "subsonic", flags: loginFlags{server: "https://c.example"}, says: "at https://a.example; segue login subsonic --name NAME"},
		{name: "another user of an account with a name of its own", word: "home", flags: loginFlags{user: "carol"}, account: "home"},
		{name: "a name for an account that has one", word: "home", flags: loginFlags{name: "work"}, says: "segue login subsonic --name work"},
		{name: "a name that is taken", word: "subsonic", flags: loginFlags{name: "home"}, says: "there is such an account already"},
		{name: "no account", word: "hoem", says: "there is no account and no service hoem"},
	} {
		l, err := c.flags.command(known, c.word)
		switch {
		case c.account == "" && (err == nil || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		case c.account != "" && (err != nil || string(l.Account) != c.account || (l.New != nil) != c.added):
			t.Errorf("%s: %+v, %v", c.name, l, err)
		}
	}
}

func TestWhatIsKeptHereIsToldWithoutTheServer(t *testing.T) {
	known := []session.AccountInfo{
		{ID: "away", State: session.ConnOffline, Remembered: "alice"},
		{ID: "in", State: session.ConnLoggedIn},
		{ID: "out", State: session.ConnLoggedOut},
	}
	for named, want := range map[music.AccountID][]music.AccountID{"": {"away", "in"}, "away": {"away"}, "out": {"out"}} {
		if got, err := (&global{}).remembered(known, named); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v, want %q", named, got, err, want)
		}
	}
}

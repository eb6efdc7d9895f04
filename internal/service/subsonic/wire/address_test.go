package wire_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"segue/internal/secret"
	"segue/internal/service/subsonic/wire"
)

func TestAddressesAreReadAsPeopleTypeThem(t *testing.T) {
	for text, want := range map[string]string{
		"music.example.org":          "https://music.example.org/rest/ping",
		" music.example.org/ ":       "https://music.example.org/rest/ping",
		"https://Host.Example/music": "https://host.example/music/rest/ping",
		"https://host/music/rest/":   "https://host/music/rest/ping",
		"https://host/a%20b":         "https://host/a%20b/rest/ping",
		"http://192.168.1.4:4533":    "http://192.168.1.4:4533/rest/ping",
		"192.168.1.4:4533":           "https://192.168.1.4:4533/rest/ping",
		"localhost:4533":             "http://localhost:4533/rest/ping",
		"127.0.0.1:4533/x":           "http://127.0.0.1:4533/x/rest/ping",
		"[::1]:4533":                 "http://[::1]:4533/rest/ping",
		"https://host/app?x=1#y":     "https://host/app/rest/ping",
	} {
		a, err := wire.ParseAddress(text)
		if err != nil || a.Method("ping").String() != want {
			t.Errorf("%q: %s (%v), want %s", text, a.Method("ping"), err, want)
		}
	}
}

func TestWhatIsNoAddressIsRefusedWithoutRepeatingIt(t *testing.T) {
	for _, text := range []string{"", "ftp://host", "https://", "http://alice:hunter2@host/", "https://ho st/", "http://hunter2:x:y:z/", "https:///path", "%zz://hunter2"} {
		_, err := wire.ParseAddress(text)
		if !errors.Is(err, wire.ErrAddress) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestCredentialsAreSentInTheirForm(t *testing.T) {
	word := secret.New("b0b pÄss&=+%")
	tok, err := wire.WithToken("bob", word)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		cred wire.Credential
		want string
	}{
		"key":      {wire.WithKey("bob", secret.New("k&y")), "apiKey=k%26y"},
		"encoded":  {wire.WithPassword("bob", word, wire.FormEncoded), "p=enc%3A6230622070c3847373263d2b25&u=bob"},
		"password": {wire.WithPassword("bob", word, wire.FormPassword), "p=b0b+p%C3%84ss%26%3D%2B%25&u=bob"},
		// MD5 of "sesame" and "c19b2d", the specification's own example.
		"token": {wire.Credential{User: "joe", Form: wire.FormToken, Salt: "c19b2d", Word: secret.New("26719a1196d2a940705a59634eb18eab")}, "s=c19b2d&t=26719a1196d2a940705a59634eb18eab&u=joe"},
	} {
		v := url.Values{}
		c.cred.Set(v)
		if v.Encode() != c.want {
			t.Errorf("%s: %s, want %s", name, v.Encode(), c.want)
		}
	}
	other, err := wire.WithToken("bob", word)
	if err != nil || other.Salt == tok.Salt || len(tok.Salt) < 12 || other.Word.Equal(tok.Word) {
		t.Errorf("two tokens of one password: %v %v", tok.Salt, other.Salt)
	}
}

func TestACredentialComesBackFromItsBlobAndPrintsNoSecret(t *testing.T) {
	const word = "hunter2hunter2"
	for _, c := range []wire.Credential{
		wire.WithKey("", secret.New(word)), wire.WithPassword("bob", secret.New(word), wire.FormEncoded),
		{User: "joe", Form: wire.FormToken, Salt: "s", Word: secret.New(word)},
	} {
		b, err := c.Blob()
		if err != nil {
			t.Fatal(err)
		}
		got, err := wire.ParseBlob(b)
		if err != nil || got.User != c.User || got.Form != c.Form || got.Salt != c.Salt || !got.Word.Equal(c.Word) {
			t.Errorf("%v came back as %v: %v", c, got, err)
		}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
			if text := fmt.Sprintf(verb, c); strings.Contains(text, word) {
				t.Errorf("%s prints %s", verb, text)
			}
		}
	}
	for _, bad := range []string{"", "{}", `{"service":"spotify","secret":"x"}`, `{"service":"subsonic","form":"token"}`, `{"service":"subsonic","form":"magic","secret":"hunter2"}`} {
		if _, err := wire.ParseBlob([]byte(bad)); !errors.Is(err, wire.ErrBlob) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

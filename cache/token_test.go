package cache_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"segue/cache"
)

func TestATokenHasExpiredAMinuteBeforeItsEnd(t *testing.T) {
	now := time.Unix(1_000_000, 999_999_999)
	for left, want := range map[int64]bool{61: false, 60: false, 59: true, 0: true, -5: true} {
		tok := &cache.Token{ExpiresAt: time.Unix(now.Unix()+left, 0)}
		if tok.Expired(now) != want {
			t.Errorf("%d s before its end: expired is %v", left, !want)
		}
	}
	if !(&cache.Token{}).Expired(now) {
		t.Error("a token without an end is good for ever")
	}
}

func TestWhatCanBeDoneWithAToken(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	good, past := now.Add(time.Hour), now.Add(-time.Hour)
	s := cache.NewSecret("s")
	for name, test := range map[string]struct {
		tok    *cache.Token
		wanted string
		want   cache.Verdict
	}{
		"none":                       {nil, "", cache.SignIn},
		"good":                       {&cache.Token{AccessToken: s, ExpiresAt: good}, "", cache.Usable},
		"good, scopes granted":       {&cache.Token{AccessToken: s, ExpiresAt: good, Scope: "b a c"}, "c,a", cache.Usable},
		"good, a scope is missing":   {&cache.Token{AccessToken: s, RefreshToken: s, ExpiresAt: good, Scope: "a"}, "a b", cache.SignIn},
		"no scope key":               {&cache.Token{AccessToken: s, RefreshToken: s, ExpiresAt: good, NoScope: true}, "", cache.SignIn},
		"expired":                    {&cache.Token{AccessToken: s, RefreshToken: s, ExpiresAt: past}, "", cache.Refresh},
		"expired, cannot be renewed": {&cache.Token{AccessToken: s, ExpiresAt: past}, "", cache.SignIn},
		"access token dropped":       {&cache.Token{RefreshToken: s, ExpiresAt: good}, "", cache.Refresh},
	} {
		if got := test.tok.Judge(now, test.wanted); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

func TestARefreshKeepsWhatTheAnswerDoesNotName(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	old := tokenOf(1)
	tok, err := cache.TokenFromAnswer([]byte(`{"access_token":"new","token_type":"Bearer","expires_in":1800}`), now)
	if err != nil {
		t.Fatal(err)
	}
	next := tok.After(old)
	if next.AccessToken.Reveal() != "new" || !next.RefreshToken.Equal(old.RefreshToken) || next.Scope != old.Scope || next.NoScope ||
		string(next.Extra("client_id")) != `"client-1"` || next.ExpiresAt.Unix() != 1_001_800 {
		t.Errorf("scope %q, no scope %v, %s", next.Scope, next.NoScope, next.Extra("client_id"))
	}
	rotated, err := cache.TokenFromAnswer([]byte(`{"access_token":"new","refresh_token":"newer","scope":"a","client_id":"c"}`), now)
	if err != nil {
		t.Fatal(err)
	}
	if next := rotated.After(old); next.RefreshToken.Reveal() != "newer" || next.Scope != "a" || string(next.Extra("client_id")) != `"c"` || next.ExpiresIn != 3600 {
		t.Errorf("a rotated one: %q", next.Scope)
	}
	if next := rotated.After(nil); next.RefreshToken.Reveal() != "newer" {
		t.Error("the first of all")
	}
	if asked, err := cache.TokenFromAnswer([]byte(`{"access_token":"a"}`), now, "b", "a"); err != nil || asked.NoScope || asked.Scope != "a b" {
		t.Errorf("scopes left out because all were granted: %v", err)
	}
}

func TestJSONIsReadAsOthersWriteIt(t *testing.T) {
	for name, text := range map[string]string{
		"Spotipy":              spotipyText,
		"numbers in quotes":    `{"access_token":"BQspotipy","refresh_token":"AQspotipy","scope":"user-top-read user-library-read","expires_at":"1999999999","expires_in":"3600"}`,
		"numbers with commas":  `{"access_token":"BQspotipy","refresh_token":"AQspotipy","scope":"user-top-read user-library-read","expires_at":1999999999.75,"expires_in":3.6e3}`,
		"scopes as a list":     `{"access_token":"BQspotipy","refresh_token":"AQspotipy","scope":["user-top-read","user-library-read"],"expires_at":1999999999,"expires_in":3600}`,
		"white space, nulls":   " {\n \"access_token\":\"BQspotipy\",\"refresh_token\":\"AQspotipy\",\"token_type\":null,\"scope\":\"user-library-read user-top-read\",\"expires_at\":1999999999,\"expires_in\":3600}\n",
		"another byte's order": `{"expires_in":3600,"expires_at":1999999999,"scope":"user-top-read user-library-read","refresh_token":"AQspotipy","access_token":"BQspotipy"}`,
	} {
		tok, err := cache.JSON{}.Decode([]byte(text))
		if err != nil || tok.AccessToken.Reveal() != "BQspotipy" || tok.RefreshToken.Reveal() != "AQspotipy" || tok.NoScope ||
			!cache.HasScopes(tok.Scope, "user-top-read", "user-library-read") || tok.ExpiresAt.Unix() != 1999999999 || tok.ExpiresIn != 3600 {
			t.Errorf("%s: %v", name, err)
		}
	}
	tok, err := cache.JSON{}.Decode([]byte(`{"access_token":"a","scope":null}`))
	if err != nil || !tok.NoScope || !tok.ExpiresAt.IsZero() {
		t.Errorf("no scope, no end: %v", err)
	}
}

func TestUnknownKeysSurviveEveryRoundTrip(t *testing.T) {
	text := []byte(spotipyText)
	for range 3 {
		tok, err := cache.JSON{}.Decode(text)
		if err != nil {
			t.Fatal(err)
		}
		if text, err = (cache.JSON{}).Encode(tok); err != nil {
			t.Fatal(err)
		}
	}
	if !sameJSON(t, string(text), spotipyText) || !strings.Contains(string(text), `"later":{"b":[1,2.50,"ü"]}`) || !strings.Contains(string(text), `"expires_at":1999999999`) {
		t.Errorf("%s", text)
	}
	tok, err := cache.JSON{}.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	for key, value := range map[string]string{"access_token": `"x"`, "scope": `""`, "k": "not JSON"} {
		if err := tok.SetExtra(key, []byte(value)); err == nil {
			t.Errorf("%s = %s was taken", key, value)
		}
	}
	if err := tok.SetExtra("later", nil); err != nil || tok.Extra("later") != nil {
		t.Errorf("removed: %v", err)
	}
}

func FuzzATokenThatDecodesComesBackTheSame(f *testing.F) {
	f.Add([]byte(spotipyText))
	f.Add([]byte(`{"access_token":"","refresh_token":"x","expires_at":-1e9,"<&>":"\u2028"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		tok, err := cache.JSON{}.Decode(data)
		if err != nil {
			if !errors.Is(err, cache.ErrNotToken) {
				t.Fatal(err)
			}
			return
		}
		text, err := cache.JSON{}.Encode(tok)
		if err != nil {
			t.Fatal(err)
		}
		again, err := cache.JSON{}.Decode(text)
		if err != nil || !sameToken(tok, again) {
			t.Fatalf("%s became %s: %v", data, text, err)
		}
	})
}

func TestScopesAreNormalised(t *testing.T) {
	for _, test := range []struct {
		in   []string
		want string
	}{
		{nil, ""},
		{[]string{""}, ""},
		{[]string{" ,, "}, ""},
		{[]string{"b a"}, "a b"},
		{[]string{"b,a, c\td\nb"}, "a b c d"},
		{[]string{" b ", "a", "", "b"}, "a b"},
		{[]string{"one,with comma", "a"}, "a one,with comma"},
	} {
		if got := cache.NormalizeScope(test.in...); got != test.want {
			t.Errorf("%q: %q, want %q", test.in, got, test.want)
		}
	}
}

func TestFeaturesAskForTheirScopesAndNoOthers(t *testing.T) {
	for _, test := range []struct{ features, want string }{
		{"", ""},
		{"moon", ""},
		{"library moon", "user-library-modify user-library-read"},
		{"top_content recently_played", "user-read-recently-played user-top-read"},
		{"playlists", "playlist-modify-private playlist-modify-public playlist-read-collaborative playlist-read-private"},
		{"playback profile following", "user-follow-modify user-follow-read user-modify-playback-state user-read-email user-read-playback-state user-read-private"},
	} {
		if got := cache.ScopesFor(strings.Fields(test.features)...); got != test.want {
			t.Errorf("%s: %q, want %q", test.features, got, test.want)
		}
	}
	for _, f := range cache.Features() {
		if cache.ScopesFor(f) == "" {
			t.Errorf("%s needs nothing", f)
		}
	}
}

func TestAHostHasAPortOrNone(t *testing.T) {
	for in, want := range map[string]struct {
		host string
		port int
		bad  bool
	}{
		"localhost:8080": {"localhost", 8080, false}, "localhost": {"localhost", 0, false}, "127.0.0.1:1": {"127.0.0.1", 1, false},
		"[::1]:8080": {"::1", 8080, false}, "::1": {"::1", 0, false}, "[::1]": {"::1", 0, false}, "[fe80::1]:65535": {"fe80::1", 65535, false},
		"": {bad: true}, ":80": {bad: true}, "h:": {bad: true}, "h:0": {bad: true}, "h:65536": {bad: true}, "h:http": {bad: true}, "a:b:c": {bad: true},
	} {
		host, port, err := cache.HostPort(in)
		if host != want.host || port != want.port || (err != nil) != want.bad {
			t.Errorf("%q: %q %d %v", in, host, port, err)
		}
	}
}

func TestTheEnvironmentIsReadWithWhereEachCameFrom(t *testing.T) {
	env := map[string]string{"SPOTIPY_CLIENT_ID": "id", "SPOTIPY_CLIENT_SECRET": "sec", "SPOTIPY_REDIRECT_URI": "http://127.0.0.1:8080", "SPOTIPY_CACHE_USERNAME": "second",
		"SPOTIPY_CLIENT_USERNAME": "first", "SPOTIPY_CACHE_PATH": "/p", "REDIS_URL": "redis://:pw@h", "SPOTIPY_REDIS_KEY": ""}
	var got []string
	for _, s := range cache.Environment(func(name string) string { return env[name] }) {
		got = append(got, s.Name+"="+s.Text()+" from "+s.From)
		if s.Value.Reveal() != env[s.From] {
			t.Errorf("%s", s.From)
		}
	}
	want := []string{"client_id=id from SPOTIPY_CLIENT_ID", "client_secret=[secret] from SPOTIPY_CLIENT_SECRET", "redirect_uri=http://127.0.0.1:8080 from SPOTIPY_REDIRECT_URI",
		"username=first from SPOTIPY_CLIENT_USERNAME", "cache_path=/p from SPOTIPY_CACHE_PATH", "redis_url=[secret] from REDIS_URL"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if none := cache.Environment(func(string) string { return "" }); len(none) != 0 {
		t.Errorf("an empty environment: %v", none)
	}
}

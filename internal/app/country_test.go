package app

import "testing"

func TestTheCountryIsAsToldOrAsTheLocaleSays(t *testing.T) {
	for _, c := range []struct{ told, lang, want string }{
		{"", "de_DE.UTF-8", "de"}, {"", "en_US", "us"}, {"", "ca_ES@valencia", "es"}, {"fr", "de_DE.UTF-8", "fr"},
		{"", "C.UTF-8", ""}, {"", "POSIX", ""}, {"", "", ""}, {"", "sr_Latn_RS", ""},
	} {
		got := country(c.told, func(name string) string {
			if name == "LANG" {
				return c.lang
			}
			return ""
		})
		if got != c.want {
			t.Errorf("%q, %q: %q, want %q", c.told, c.lang, got, c.want)
		}
	}
}

package cache

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// NormalizeScope makes one text of scopes: sorted, each once, one space between; "" of
// none. A single argument is split on commas and white space; of several, each is taken
// as it is, but for white space around it. (Spotipy neither trims nor removes duplicates.)
func NormalizeScope(scopes ...string) string {
	if len(scopes) == 1 {
		scopes = strings.FieldsFunc(scopes[0], func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	}
	var out []string
	for _, s := range scopes {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), " ")
}

// scopesOf are Spotify's scopes that a feature needs; nil of one that is not known.
func scopesOf(feature string) []string {
	switch feature {
	case "library":
		return []string{"user-library-read", "user-library-modify"}
	case "playlists":
		return []string{"playlist-read-private", "playlist-read-collaborative", "playlist-modify-private", "playlist-modify-public"}
	case "playback":
		return []string{"user-read-playback-state", "user-modify-playback-state"}
	case "following":
		return []string{"user-follow-read", "user-follow-modify"}
	case "top_content":
		return []string{"user-top-read"}
	case "recently_played":
		return []string{"user-read-recently-played"}
	case "profile":
		return []string{"user-read-private", "user-read-email"}
	}
	return nil
}

// Features are the names that ScopesFor knows.
func Features() []string {
	return []string{"library", "playlists", "playback", "following", "top_content", "recently_played", "profile"}
}

// ScopesFor are the scopes that the features in use need, normalised, and no others.
// Features that it does not know are ignored.
func ScopesFor(features ...string) string {
	scopes := []string{"", ""} // never one alone, which NormalizeScope would split
	for _, f := range features {
		scopes = append(scopes, scopesOf(f)...)
	}
	return NormalizeScope(scopes...)
}

// HostPort splits "localhost:8080" or "[::1]:8080" into host (without brackets) and port;
// port is 0 when none is given. A bare IPv6 address is a host without a port.
func HostPort(s string) (host string, port int, err error) {
	if s == "" {
		return "", 0, errors.New("cache: no host given")
	}
	if bare := strings.Trim(s, "[]"); net.ParseIP(bare) != nil || !strings.Contains(s, ":") {
		return bare, 0, nil
	}
	host, text, err := net.SplitHostPort(s)
	if err != nil || host == "" {
		return "", 0, fmt.Errorf("cache: %q is not HOST or HOST:PORT", s)
	}
	port, err = strconv.Atoi(text)
	if err != nil || port < 1 || port > 65535 {
		return "", 0, fmt.Errorf("cache: port %q is not 1 to 65535", text)
	}
	return host, port, nil
}

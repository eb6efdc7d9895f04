package webapitest

import (
	"slices"
	"strconv"
	"strings"
)

// searchFields are the filters of a search that the server understands, and the kinds of
// things that have them.
var searchFields = map[string][]string{
	"track": {"track"}, "isrc": {"track"}, "artist": {"album", "artist", "track"}, "album": {"album", "track"},
	"year": {"album", "artist", "track"}, "genre": {"artist", "track"},
}

// terms cuts a question at its blanks, but for those between quotes, which it leaves out.
func terms(question string) (all []string) {
	quoted := false
	for _, t := range strings.FieldsFunc(strings.ToLower(question), func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == ' ' && !quoted
	}) {
		all = append(all, strings.ReplaceAll(t, `"`, ""))
	}
	return all
}

// holds reports whether a thing is what a question asks for. Called with the lock held.
func (s *Server) holds(uri, question string) bool {
	kind, _ := split(uri)
	for _, t := range terms(question) {
		name, value, ok := strings.Cut(t, ":")
		kinds, known := searchFields[name]
		switch {
		case !ok || !known:
			if !strings.Contains(s.words(uri), t) {
				return false
			}
		case !slices.Contains(kinds, kind):
			return false
		case name == "year":
			if !within(s.field(uri, name), value) {
				return false
			}
		case value == "" || !strings.Contains(s.field(uri, name), value):
			return false
		}
	}
	return true
}

// within reports whether the year of a date is one, or in a range like 1980-1989.
func within(date, years string) bool {
	year, _, _ := strings.Cut(date, "-")
	from, to, ok := strings.Cut(years, "-")
	if !ok {
		to = from
	}
	n, err := strconv.Atoi(year)
	low, badLow := strconv.Atoi(from)
	high, badHigh := strconv.Atoi(to)
	return err == nil && badLow == nil && badHigh == nil && low <= n && n <= high
}

// field is what a thing has in a field, in small letters. Nothing has genres or ISRCs, as
// in development mode. Called with the lock held.
func (s *Server) field(uri, name string) string {
	kind, id := split(uri)
	var album *Album
	var artists []string
	title := ""
	switch kind {
	case "track":
		t := s.tracks[id]
		title, album, artists = t.Name, s.albums[t.Album], t.Artists
	case "album":
		album, artists = s.albums[id], s.albums[id].Artists
	case "artist":
		artists = []string{id}
	}
	switch {
	case name == "track":
		return strings.ToLower(title)
	case name == "album" && album != nil:
		return strings.ToLower(album.Name)
	case name == "year" && album != nil:
		return album.Released
	case name == "artist":
		var names []string
		for _, a := range artists {
			names = append(names, s.artists[a].Name)
		}
		return strings.ToLower(strings.Join(names, " "))
	}
	return ""
}

// words are what a thing is found by. Called with the lock held.
func (s *Server) words(uri string) string {
	kind, id := split(uri)
	names := []string{}
	artists := func(ids []string) {
		for _, a := range ids {
			names = append(names, s.artists[a].Name)
		}
	}
	switch kind {
	case "track":
		t := s.tracks[id]
		names = append(names, t.Name, s.albums[t.Album].Name)
		artists(t.Artists)
	case "album":
		names = append(names, s.albums[id].Name)
		artists(s.albums[id].Artists)
	case "artist":
		names = append(names, s.artists[id].Name)
	case "playlist":
		names = append(names, s.playlists[id].Name)
	case "show":
		names = append(names, s.shows[id].Name)
	case "episode":
		names = append(names, s.episodes[id].Name)
	}
	return strings.ToLower(strings.Join(names, " "))
}

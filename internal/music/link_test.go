package music

import (
	"errors"
	"strings"
	"testing"
	"time"
)

const (
	id22 = "2Foc5Q5nqNiosCNqttzHof"
	id40 = "ad6b3f0d1b2c4e5f60718293a4b5c6d7e8f90a1b"
)

func TestLinksLeadWhereTheySay(t *testing.T) {
	local := Link{Type: LinkLocalTrack, Local: LocalTrack{"P!nk", "A+B: C", "Ä b", 210 * time.Second}}
	for text, want := range map[string]Link{
		"spotify:track:" + id22:                                         {Type: LinkTrack, ID: id22},
		"  spotify:track:" + id22 + "#1:05 \n":                          {Type: LinkTrack, ID: id22, Offset: 65 * time.Second},
		"SPOTIFY:track:" + id22 + "?si=1":                               {Type: LinkTrack, ID: id22},
		"http://open.spotify.com/track/" + id22:                         {Type: LinkTrack, ID: id22},
		"https://play.spotify.com/track/" + id22:                        {Type: LinkTrack, ID: id22},
		"https://open.spotify.com/track/" + id22 + "?si=x&pi=y ":        {Type: LinkTrack, ID: id22},
		"https://open.spotify.com/intl-de/track/" + id22 + "#2:00":      {Type: LinkTrack, ID: id22, Offset: 2 * time.Minute},
		"https://open.spotify.com/track/" + id22 + "#login":             {Type: LinkTrack, ID: id22},
		"https://open.spotify.com/intl-pt-BR/album/" + id22 + "/":       {Type: LinkAlbum, ID: id22},
		"https://open.spotify.com/embed/artist/" + id22:                 {Type: LinkArtist, ID: id22},
		"spotify:user:some one:playlist:" + id22:                        {Type: LinkPlaylist, ID: id22},
		"spotify:playlist:" + id22:                                      {Type: LinkPlaylist, ID: id22},
		"https://open.spotify.com/user/x/playlist/" + id22:              {Type: LinkPlaylist, ID: id22},
		"spotify:user:j%C3%B6rg":                                        {Type: LinkProfile, User: "jörg"},
		"https://open.spotify.com/user/a%2Bb+c":                         {Type: LinkProfile, User: "a+b+c"},
		"spotify:user:x:starred":                                        {Type: LinkStarred, User: "x"},
		"spotify:starred":                                               {Type: LinkStarred},
		"https://open.spotify.com/user/x/starred":                       {Type: LinkStarred, User: "x"},
		"spotify:search:one+two%3a":                                     {Type: LinkSearch, ID: "one two:"},
		"https://open.spotify.com/search/one%20two/tracks":              {Type: LinkSearch, ID: "one two"},
		"spotify:image:" + strings.ToUpper(id40):                        {Type: LinkImage, ID: id40},
		"spotify:episode:" + id22 + "#61:00":                            {Type: LinkEpisode, ID: id22, Offset: 61 * time.Minute},
		"https://open.spotify.com/show/" + id22:                         {Type: LinkShow, ID: id22},
		"spotify:local::::":                                             {Type: LinkLocalTrack},
		"spotify:local:P%21nk:A%2BB%3a+C:%C3%84+b:210":                  local,
		"https://open.spotify.com/local/P%21nk/A%2BB%3a+C/%C3%84+b/210": local,
		"segue:home:album:12":                                           {Type: LinkAlbum, Ref: Ref{"home", KindAlbum, "12"}},
		"segue:home:track:a%23b#0:10":                                   {Type: LinkTrack, Ref: Ref{"home", KindTrack, "a#b"}, Offset: 10 * time.Second},
		"segue:local:section:":                                          {Type: LinkContainer, Ref: Section(Local, "")},
		"file:///a%20b/%23c.flac":                                       {Type: LinkFile, ID: "/a b/#c.flac"},
		"file://localhost/a.flac#0:09":                                  {Type: LinkFile, ID: "/a.flac", Offset: 9 * time.Second},
		"/a b #1:30 ":                                                   {Type: LinkFile, ID: "/a b #1:30 "},
		"~/Music":                                                       {Type: LinkFile, ID: "~/Music"},
		"Music/a.flac":                                                  {Type: LinkFile, ID: "Music/a.flac"},
		"http://radio.example:8000/live.m3u?x=1#2":                      {Type: LinkStream, ID: "http://radio.example:8000/live.m3u?x=1#2"},
	} {
		got, err := ParseLink(text)
		if err != nil || got != want {
			t.Errorf("%q gave %+v (%v)\nwant %+v", text, got, err, want)
			continue
		}
		if back, err := ParseLink(got.URI()); err != nil || back != got {
			t.Errorf("%q: its URI %q gave %+v (%v)", text, got.URI(), back, err)
		}
		if got.URL() == "" {
			continue
		}
		if back, err := ParseLink(got.URL()); err != nil || back != got {
			t.Errorf("%q: its URL %q gave %+v (%v)", text, got.URL(), back, err)
		}
	}
}

func TestAURLIsSpotifysPage(t *testing.T) {
	for text, want := range map[string]string{
		"spotify:user:x:playlist:" + id22: "https://open.spotify.com/playlist/" + id22,
		"spotify:track:" + id22 + "#0:30": "https://open.spotify.com/track/" + id22 + "#0:30",
		"spotify:search:one+two":          "https://open.spotify.com/search/one%20two",
		"spotify:local:A+B::C:9":          "https://open.spotify.com/local/A+B//C/9",
		"segue:home:album:12":             "",
		"file:///x":                       "file:///x",
		"segue:local:stream:http:%2F%2Fh": "http://h",
	} {
		l, err := ParseLink(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := l.URL(); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestWhatIsNoLinkIsRefusedWithTheReason(t *testing.T) {
	for text, why := range map[string]string{
		"":                                  "it is empty",
		"foo":                               "it is neither a path nor a link",
		"ftp://h/x":                         "not with ftp:",
		"spotify:":                          "no links of the type",
		"spotify:track:abc":                 "22 letters and digits",
		"spotify:track:" + id22 + ":x":      "behind track stands one id",
		"spotify:disc:" + id22:              "no links of the type disc",
		"spotify:track:" + id22 + "#1:75":   "the offset is written #m:ss, not #1:75",
		"spotify:album:" + id22 + "#1:05":   "only a track has an offset",
		"spotify:user:":                     "it names no user",
		"spotify:user:x:y":                  "behind a user",
		"spotify:local:a:b:c":               "this one has 3",
		"spotify:local:a:b:c:1.5":           "whole seconds, not 1.5",
		"spotify:local:a:b:c:-1":            "whole seconds, not -1",
		"spotify:local:%zz:::":              "badly encoded",
		"spotify:search:+":                  "what to search for",
		"spotify:image:" + id22:             "40 hex digits",
		"https://open.spotify.com/":         "first page",
		"https://open.spotify.com/intl-de/": "first page",
		"https://open.spotify.com/genre/x":  "no links of the type genre",
		"https://":                          "no host",
		"file://nas/x":                      "another machine, nas",
		"file:x":                            "whole path",
		"segue:x":                           "want 3",
		"segue:a::":                         "names nothing",
		"/a\x00b":                           "zero byte",
	} {
		_, err := ParseLink(text)
		var le *LinkError
		if !errors.As(err, &le) || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v, want %q in it", text, err, why)
		}
	}
}

func FuzzParseLink(f *testing.F) {
	for _, s := range []string{"spotify:local:a+b:c%3A:d:12#1:02", "spotify:user:x", "https://open.spotify.com/intl-de/search/a+b", "file:///a%23#0:01", "segue:h:track:%23#1:00", "~/x", "spotify:search:a:b", "http://h/%zz", "spotify://track/" + id22} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, err := ParseLink(s)
		if err != nil {
			if !strings.Contains(err.Error(), "is no link: ") {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		for _, text := range []string{l.URI(), l.URL()} {
			if text == "" {
				continue
			}
			if back, err := ParseLink(text); err != nil || back != l && l.Ref.Kind != KindStream {
				t.Fatalf("%q is %+v; %q became %+v: %v", s, l, text, back, err)
			}
		}
	})
}

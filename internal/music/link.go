package music

import (
	"fmt"
	"net/url"
	"strings"
	"time"
)

// LinkType says what a Link leads to, in libspotify's words where it has them.
type LinkType string

// The types of links. The last three are ours.
const (
	LinkTrack      LinkType = "TRACK"
	LinkAlbum      LinkType = "ALBUM"
	LinkArtist     LinkType = "ARTIST"
	LinkSearch     LinkType = "SEARCH"
	LinkPlaylist   LinkType = "PLAYLIST"
	LinkProfile    LinkType = "PROFILE"
	LinkStarred    LinkType = "STARRED"
	LinkLocalTrack LinkType = "LOCALTRACK"
	LinkImage      LinkType = "IMAGE"
	LinkEpisode    LinkType = "EPISODE"
	LinkShow       LinkType = "SHOW"
	LinkFile       LinkType = "FILE"      // a path of this machine: a file or a folder
	LinkStream     LinkType = "STREAM"    // an http(s) URL of a stream, a file or a playlist
	LinkContainer  LinkType = "CONTAINER" // a segue: reference of any other kind
)

// Link is a link taken apart. It is comparable: two texts that lead to the same
// place give equal links, such as the old and the new form of a playlist's.
type Link struct {
	Type   LinkType      `json:"type"`
	ID     string        `json:"id,omitempty"`    // the service's id; the words of a search; the path of a file; the URL of a stream
	User   string        `json:"user,omitempty"`  // of PROFILE; of STARRED, "" = oneself
	Local  LocalTrack    `json:"local,omitzero"`  // of LOCALTRACK
	Ref    Ref           `json:"ref,omitzero"`    // of a segue: reference; Type then is its kind's
	Offset time.Duration `json:"offset,omitzero"` // into the track, whole seconds
}

// LocalTrack describes a file in words, as spotify:local: links do. Any part may be empty.
type LocalTrack struct {
	Artist   string        `json:"artist,omitempty"`
	Album    string        `json:"album,omitempty"`
	Title    string        `json:"title,omitempty"`
	Duration time.Duration `json:"duration,omitempty"` // 0 = unknown; links hold whole seconds
}

// LinkError says why a text is no link.
type LinkError struct {
	Text string
	Why  string // a clause
}

// Error is one line that shows the text and what is wrong with it.
func (e *LinkError) Error() string { return fmt.Sprintf("%q is no link: %s", Clean(e.Text), e.Why) }

const (
	webHost   = "open.spotify.com"
	webHome   = "https://" + webHost + "/"
	localWord = "local"
)

// the words of links to one thing with an id.
var idTypes = map[string]LinkType{
	"track": LinkTrack, "album": LinkAlbum, "artist": LinkArtist, "playlist": LinkPlaylist,
	"image": LinkImage, "episode": LinkEpisode, "show": LinkShow,
}

// ParseLink takes a text apart that is a spotify: URI or URL, a segue: reference, a
// path, a file: URL or an http(s) URL. Space around it does not count, nor do the
// query and the language of a Spotify URL. The error is a *LinkError.
func ParseLink(text string) (Link, error) {
	l, why := parseLink(text)
	if why != "" {
		return Link{}, &LinkError{Text: text, Why: why}
	}
	return l, nil
}

// parseLink gives a link, or in a clause why there is none.
func parseLink(text string) (l Link, why string) {
	s := strings.TrimSpace(text)
	scheme, rest, _ := strings.Cut(s, ":")
	switch strings.ToLower(scheme) {
	case "spotify":
		return parseSpotify(rest)
	case "segue":
		return parseRefLink("segue:" + rest)
	case "http", "https":
		return parseWeb(s)
	case "file":
		return parseFileURL(s)
	}
	if isPath(s) {
		p := strings.TrimRight(text, "\r\n") // a name may end in a space
		p = strings.TrimLeft(p, " \t\r\n")
		if strings.ContainsRune(p, 0) {
			return Link{}, "a path has no zero byte"
		}
		return Link{Type: LinkFile, ID: p}, ""
	}
	switch {
	case s == "":
		return Link{}, "it is empty"
	case len(scheme) < len(s) && isWord(scheme):
		return Link{}, "links begin with spotify:, segue:, file:, http: or https:, not with " + Clean(scheme) + ":"
	}
	return Link{}, "it is neither a path nor a link"
}

// isPath reports whether a text without a known scheme can be meant as a path.
func isPath(s string) bool {
	switch s {
	case ".", "..", "~":
		return true
	}
	for _, p := range [...]string{"/", "./", "../", "~/"} {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return strings.Contains(s, "/") && !strings.Contains(s, ":")
}

func isWord(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; (c < 'a' || c > 'z') && (i == 0 || (s[i] < '0' || s[i] > '9') && s[i] != '+' && s[i] != '-' && s[i] != '.') {
			return false
		}
	}
	return s != ""
}

// parseRefLink reads a segue: reference, with or without an offset.
func parseRefLink(s string) (l Link, why string) {
	s, mark, _ := strings.Cut(s, "#") // in a reference it is %23
	r, err := ParseRef(s)
	switch {
	case err != nil:
		return l, strings.TrimPrefix(err.Error(), "music: ")
	case r.Kind == "" || r.ID == "" && r.Kind != KindSection:
		return l, "the reference names nothing"
	}
	l = Link{Type: LinkContainer, Ref: r}
	switch r.Kind {
	case KindTrack:
		l.Type = LinkTrack
	case KindAlbum:
		l.Type = LinkAlbum
	case KindArtist:
		l.Type = LinkArtist
	case KindPlaylist:
		l.Type = LinkPlaylist
	case KindStream:
		l.Type = LinkStream
	case KindFolder, KindGenre, KindYear, KindSection, KindSearch:
	}
	return l.at(mark)
}

func parseFileURL(s string) (l Link, why string) {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return l, "the address cannot be read"
	case u.Host != "" && !strings.EqualFold(u.Host, "localhost"):
		return l, "the file is on another machine, " + Clean(u.Host)
	case u.Path == "" || u.Path[0] != '/':
		return l, "a file: address needs a whole path"
	case strings.ContainsRune(u.Path, 0):
		return l, "a path has no zero byte"
	}
	return Link{Type: LinkFile, ID: u.Path}.at(u.Fragment)
}

// parseWeb reads an http(s) URL: one of Spotify's pages, or a stream.
func parseWeb(s string) (l Link, why string) {
	u, err := url.Parse(s)
	if err != nil {
		return l, "the address cannot be read"
	}
	switch host := strings.ToLower(u.Hostname()); {
	case host == "":
		return l, "the address has no host"
	case host != webHost && host != "play.spotify.com":
		return Link{Type: LinkStream, ID: s}, ""
	}
	mark := u.Fragment
	if mark != "" && (mark[0] < '0' || mark[0] > '9') {
		mark = "" // some page's own
	}
	var parts []string
	path := strings.TrimPrefix(u.EscapedPath(), "/")
	if !strings.Contains(path, localWord+"/") { // whose last parts may be empty
		path = strings.TrimRight(path, "/")
	}
	for p := range strings.SplitSeq(path, "/") {
		if len(parts) == 0 && (p == "embed" || len(p) > 5 && strings.HasPrefix(p, "intl-")) {
			continue
		}
		parts = append(parts, p)
	}
	if len(parts) == 0 || parts[0] == "" {
		return l, "the address leads to Spotify's first page"
	}
	if parts[0] != localWord { // in a path a plus is a plus
		for i := range parts {
			parts[i] = strings.ReplaceAll(parts[i], "+", "%2B")
		}
	}
	if parts[0] == "search" && len(parts) > 2 {
		parts = parts[:2] // behind it comes the kind of results
	}
	return spotifyLink(parts, mark)
}

// parseSpotify reads what stands behind "spotify:".
func parseSpotify(rest string) (l Link, why string) {
	rest, mark, _ := strings.Cut(rest, "#")
	rest = strings.TrimPrefix(rest, "//") // some write spotify://track/ID
	parts := strings.FieldsFunc(rest, func(r rune) bool { return r == '/' })
	if len(parts) < 2 || strings.Contains(rest, ":") {
		parts = strings.Split(rest, ":")
	}
	if _, one := idTypes[parts[0]]; one || parts[0] == "user" {
		last := &parts[len(parts)-1]
		*last, _, _ = strings.Cut(*last, "?")
	}
	return spotifyLink(parts, mark)
}

// spotifyLink makes a link of the parts of a URI or URL, which are still encoded.
func spotifyLink(parts []string, mark string) (l Link, why string) {
	for i, p := range parts {
		u, err := url.QueryUnescape(p) // a plus is a space
		if err != nil {
			return l, "the part " + Clean(p) + " is badly encoded"
		}
		parts[i] = u
	}
	word, rest := parts[0], parts[1:]
	switch {
	case word == "user":
		l, why = userLink(rest)
	case word == "starred" && len(rest) == 0, word == "collection":
		l = Link{Type: LinkStarred}
	case word == "search":
		l = Link{Type: LinkSearch, ID: strings.TrimSpace(strings.Join(rest, ":"))}
		if l.ID == "" {
			why = "it does not say what to search for"
		}
	case word == localWord:
		l, why = localLink(rest)
	case idTypes[word] == "":
		why = "Spotify has no links of the type " + Clean(word)
	case len(rest) != 1:
		why = "behind " + word + " stands one id"
	default:
		l, why = idLink(idTypes[word], word, rest[0])
	}
	if why != "" {
		return Link{}, why
	}
	return l.at(mark)
}

// idLink checks the form of an id: 22 letters and digits, of a picture 40 hex digits.
func idLink(t LinkType, word, id string) (l Link, why string) {
	want, digits := 22, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	what := "letters and digits"
	if t == LinkImage {
		want, digits, what = 40, "0123456789abcdef", "hex digits"
		id = strings.ToLower(id)
	}
	if len(id) != want || strings.Trim(id, digits) != "" {
		return l, fmt.Sprintf("the id of a link of the type %s is %d %s, %q is not", word, want, what, Clean(id))
	}
	return Link{Type: t, ID: id}, ""
}

func userLink(rest []string) (l Link, why string) {
	switch {
	case len(rest) == 0 || rest[0] == "":
		return l, "it names no user"
	case len(rest) == 1:
		return Link{Type: LinkProfile, User: rest[0]}, ""
	case len(rest) == 2 && (rest[1] == "starred" || rest[1] == "collection"):
		return Link{Type: LinkStarred, User: rest[0]}, ""
	case len(rest) == 3 && rest[1] == "playlist":
		return idLink(LinkPlaylist, rest[1], rest[2])
	}
	return l, "behind a user stands starred, playlist:ID or nothing"
}

func localLink(rest []string) (l Link, why string) {
	if len(rest) != 4 {
		return l, fmt.Sprintf("a local track has the parts ARTIST:ALBUM:TITLE:SECONDS, this one has %d", len(rest))
	}
	t := LocalTrack{Artist: rest[0], Album: rest[1], Title: rest[2]}
	if rest[3] != "" {
		n, ok := number(rest[3])
		if !ok {
			return l, "the length of a local track is whole seconds, not " + Clean(rest[3])
		}
		t.Duration = time.Duration(n) * time.Second
	}
	return Link{Type: LinkLocalTrack, Local: t}, ""
}

// number reads up to seven digits.
func number(s string) (n int, ok bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = 10*n + int(s[i]-'0')
	}
	return n, s != "" && len(s) <= 7
}

// at sets the offset that a mark, "m:ss", says.
func (l Link) at(mark string) (_ Link, why string) {
	if mark == "" {
		return l, ""
	}
	switch l.Type {
	case LinkTrack, LinkEpisode, LinkLocalTrack, LinkFile, LinkStream:
	default:
		return Link{}, "only a track has an offset"
	}
	min, sec, _ := strings.Cut(mark, ":")
	m, ok := number(min)
	s, ok2 := number(sec)
	if !ok || !ok2 || len(sec) != 2 || s > 59 {
		return Link{}, "the offset is written #m:ss, not #" + Clean(mark)
	}
	l.Offset = time.Duration(m)*time.Minute + time.Duration(s)*time.Second
	return l, ""
}

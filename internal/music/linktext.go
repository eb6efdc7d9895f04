package music

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// URI is the link as one text that ParseLink reads back: a spotify: or segue: URI, a
// file: URL (a path, where it is not a whole one), or a stream's URL.
func (l Link) URI() string {
	switch {
	case !l.Ref.IsZero():
		return l.Ref.String() + l.mark()
	case l.Type == LinkFile:
		return l.fileURL()
	case l.Type == LinkStream:
		return l.ID
	case l.Type == LinkLocalTrack:
		return l.Local.URI() + l.mark()
	}
	parts := l.parts()
	if parts == nil {
		return ""
	}
	for i, p := range parts {
		parts[i] = url.QueryEscape(p)
	}
	return "spotify:" + strings.Join(parts, ":") + l.mark()
}

// URL is the page that shows it, https://open.spotify.com/..., or where a file or a
// stream is; "" where there is none.
func (l Link) URL() string {
	switch {
	case !l.Ref.IsZero():
		if l.Ref.Kind == KindStream {
			return l.Ref.ID
		}
		return ""
	case l.Type == LinkFile:
		return l.fileURL()
	case l.Type == LinkStream:
		return l.ID
	case l.Type == LinkLocalTrack:
		return webHome + strings.ReplaceAll(strings.TrimPrefix(l.Local.URI(), "spotify:"), ":", "/") + l.mark()
	}
	parts := l.parts()
	if parts == nil {
		return ""
	}
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return webHome + strings.Join(parts, "/") + l.mark()
}

// parts are the words of a link to Spotify.
func (l Link) parts() []string {
	for word, t := range idTypes {
		if t == l.Type {
			return []string{word, l.ID}
		}
	}
	switch l.Type {
	case LinkSearch:
		return []string{"search", l.ID}
	case LinkProfile:
		return []string{"user", l.User}
	case LinkStarred:
		if l.User == "" {
			return []string{"starred"}
		}
		return []string{"user", l.User, "starred"}
	case LinkTrack, LinkAlbum, LinkArtist, LinkPlaylist, LinkImage, LinkEpisode, LinkShow: // idTypes has them
	case LinkLocalTrack, LinkFile, LinkStream, LinkContainer: // they have other forms
	}
	return nil
}

// mark is the offset as it stands at the end of a link.
func (l Link) mark() string {
	if l.Offset <= 0 {
		return ""
	}
	s := int(l.Offset / time.Second)
	return fmt.Sprintf("#%d:%02d", s/60, s%60)
}

func (l Link) fileURL() string {
	if !strings.HasPrefix(l.ID, "/") {
		return l.ID
	}
	u := url.URL{Scheme: "file", Path: l.ID}
	return u.String() + l.mark()
}

// URI is the spotify:local: form; a length is cut to whole seconds.
func (t LocalTrack) URI() string {
	sec := ""
	if t.Duration > 0 {
		sec = strconv.Itoa(int(t.Duration / time.Second))
	}
	return "spotify:" + localWord + ":" + url.QueryEscape(t.Artist) + ":" + url.QueryEscape(t.Album) + ":" + url.QueryEscape(t.Title) + ":" + sec
}

// Words is the track in a line for people, "" where it says nothing.
func (t LocalTrack) Words() string {
	switch {
	case t.Title != "" && t.Artist != "":
		return t.Artist + " - " + t.Title
	case t.Title != "":
		return t.Title
	case t.Album != "" && t.Artist != "":
		return t.Artist + " - " + t.Album
	}
	return t.Artist + t.Album
}

package webapitest

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// link is what every thing has.
func (c *call) link(kind, id, name string) object {
	return object{
		"id": id, "uri": "spotify:" + kind + ":" + id, "type": kind, "name": name,
		"href":          c.s.URL + "/" + kind + "s/" + id,
		"external_urls": object{"spotify": "https://open.spotify.com/" + kind + "/" + id},
	}
}

// images are three sizes of a picture that is nowhere.
func (c *call) images(of string) []object {
	var all []object
	for _, px := range []int{640, 300, 64} {
		all = append(all, object{"url": c.s.http.URL + "/image/" + of + "/" + strconv.Itoa(px), "width": px, "height": px})
	}
	return all
}

func (c *call) artist(id string, whole bool) object {
	a := c.s.artists[id]
	o := c.link("artist", id, a.Name)
	if whole {
		o["images"] = c.images(id)
	}
	return o
}

func (c *call) artistList(ids []string) []object {
	all := []object{}
	for _, id := range ids {
		all = append(all, c.artist(id, false))
	}
	return all
}

func (c *call) album(id string) object {
	a := c.s.albums[id]
	o := c.link("album", id, a.Name)
	o["album_type"], o["total_tracks"], o["images"] = a.Type, len(a.tracks), c.images(id)
	o["release_date"], o["release_date_precision"] = a.Released, precision(a.Released)
	o["artists"] = c.artistList(a.Artists)
	if c.s.oldKeys {
		o["available_markets"] = []string{"SE", "DE"}
	}
	return o
}

func precision(date string) string {
	return [...]string{"year", "month", "day"}[min(strings.Count(date, "-"), 2)]
}

// track is a track, with its album where it is whole.
func (c *call) track(id string, whole bool) object {
	t := c.s.tracks[id]
	if t.local != "" {
		return c.local(t)
	}
	o := c.link("track", id, t.Name)
	o["artists"], o["disc_number"], o["track_number"] = c.artistList(t.Artists), t.Disc, t.Number
	o["duration_ms"], o["explicit"], o["is_local"] = t.Duration.Milliseconds(), false, false
	o["is_playable"] = !t.Unplayable
	if t.Unplayable {
		o["restrictions"] = object{"reason": "market"}
	}
	if whole {
		o["album"] = c.album(t.Album)
		o["external_ids"] = object{"isrc": "XX" + strings.ToUpper(id[:10])}
	}
	return o
}

// local is a file of the user's own: full of nulls that the specification does not know.
func (c *call) local(t *Track) object {
	c.beyond = true
	parts := strings.Split(strings.ReplaceAll(t.local, "+", " "), ":")
	none := object{"external_urls": object{}, "href": nil, "id": nil, "uri": nil}
	artist := object{"name": parts[2], "type": "artist"}
	album := object{"name": parts[3], "type": "album", "album_type": nil, "release_date": nil, "release_date_precision": nil, "artists": []object{}, "images": []object{}}
	for k, v := range none {
		artist[k], album[k] = v, v
	}
	return object{
		"id": nil, "uri": t.local, "type": "track", "name": t.Name, "href": nil, "external_urls": object{}, "external_ids": object{},
		"artists": []object{artist}, "album": album, "disc_number": 0, "track_number": 0, "duration_ms": t.Duration.Milliseconds(),
		"explicit": false, "is_local": true,
	}
}

func (c *call) show(id string) object {
	o := c.link("show", id, c.s.shows[id].Name)
	o["copyrights"], o["description"], o["html_description"] = []object{}, "About it &amp; more", "<p>About it &amp; more</p>"
	o["explicit"], o["images"], o["is_externally_hosted"] = false, c.images(id), false
	o["languages"], o["media_type"], o["total_episodes"] = []string{"en"}, "audio", len(c.s.shows[id].episodes)
	if c.s.oldKeys {
		o["available_markets"], o["publisher"] = []string{"SE", "DE"}, "A Publisher"
	}
	return o
}

func (c *call) episode(id string, whole bool) object {
	e := c.s.episodes[id]
	o := c.link("episode", id, e.Name)
	o["description"], o["html_description"] = "An episode", "<p>An episode</p>"
	o["duration_ms"], o["explicit"], o["images"] = e.Duration.Milliseconds(), false, c.images(id)
	o["is_externally_hosted"], o["is_playable"], o["languages"] = false, true, []string{"en"}
	o["release_date"], o["release_date_precision"] = e.Released, precision(e.Released)
	o["resume_point"] = object{"fully_played": false, "resume_position_ms": 0}
	if c.s.oldKeys {
		o["audio_preview_url"] = nil
	}
	if whole {
		o["show"] = c.show(e.Show)
	}
	return o
}

// item is a track or an episode by its URI, nil where there is none.
func (c *call) item(uri string) any {
	kind, id := split(uri)
	switch {
	case kind == "track" && c.s.tracks[id] != nil:
		return c.track(id, true)
	case kind == "local" && c.s.tracks[uri] != nil:
		return c.track(uri, true)
	case kind == "episode" && c.s.episodes[id] != nil:
		return c.episode(id, true)
	}
	c.beyond = true // the specification has no null there, Spotify has
	return nil
}

func (c *call) person(id string) object {
	return object{"id": id, "uri": "spotify:user:" + id, "type": "user", "href": c.s.URL + "/users/" + id, "external_urls": object{"spotify": "https://open.spotify.com/user/" + id}}
}

// span reads limit and offset; false: they are out of range, and the answer is an error.
func (c *call) span(usual, most int) (limit, offset int, ok bool) {
	limit, offset = usual, 0
	for name, into := range map[string]*int{"limit": &limit, "offset": &offset} {
		if text := c.r.URL.Query().Get(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 0 || name == "limit" && n > most {
				c.refuse(http.StatusBadRequest, "Invalid "+name, "")
				return 0, 0, false
			}
			*into = n
		}
	}
	return limit, offset, true
}

// page is a window of n things.
func (c *call) page(n, usual, most int, row func(i int) any) any {
	limit, offset, ok := c.span(usual, most)
	if !ok {
		return nil
	}
	return c.window(n, limit, offset, row)
}

func (c *call) window(n, limit, offset int, row func(i int) any) object {
	rows := []any{}
	for i := offset; i < min(n, offset+limit); i++ {
		rows = append(rows, row(i))
	}
	at := func(offset int) any {
		q := c.r.URL.Query()
		q.Set("offset", strconv.Itoa(offset))
		q.Set("limit", strconv.Itoa(limit))
		// A host that must not be asked: who follows it fails.
		return "https://next.invalid/v1" + trimmed(c.r.URL.Path) + "?" + q.Encode()
	}
	p := object{"href": c.s.URL + trimmed(c.r.URL.Path), "items": rows, "limit": limit, "offset": offset, "total": n, "next": nil, "previous": nil}
	if offset+limit < n {
		p["next"] = at(offset + limit)
	}
	if offset > 0 {
		p["previous"] = at(max(0, offset-limit))
	}
	return p
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

package webapitest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

func getSaved(kind string) handler {
	return func(c *call) any {
		rows := c.u.saved[kind]
		return c.page(len(rows), 20, 50, func(i int) any {
			_, id := split(rows[i].uri)
			thing := map[string]func() any{
				"track":   func() any { return c.track(id, true) },
				"album":   func() any { return c.wholeAlbum(id) },
				"show":    func() any { return c.show(id) },
				"episode": func() any { return c.episode(id, true) },
			}[kind]()
			return object{"added_at": stamp(rows[i].at), kind: thing}
		})
	}
}

// wholeAlbum is an album with its tracks.
func (c *call) wholeAlbum(id string) object {
	o := c.album(id)
	tracks := c.s.albums[id].tracks
	o["copyrights"], o["external_ids"] = []object{}, object{"upc": "1"}
	// The specification still requires these three.
	o["genres"], o["label"], o["popularity"] = []string{}, "A Label", 0
	o["tracks"] = c.window(len(tracks), 50, 0, func(i int) any { return c.track(tracks[i], false) })
	return o
}

func getFollowing(c *call) any {
	q := c.r.URL.Query()
	limit, _, ok := c.span(20, 50)
	if !ok {
		return nil
	}
	ids := c.u.following
	from := 0
	if after := q.Get("after"); after != "" {
		from = slices.Index(ids, after) + 1
	}
	rows := []object{}
	for _, id := range ids[from:min(len(ids), from+limit)] {
		rows = append(rows, c.artist(id, true))
	}
	p := object{"href": c.s.URL + "/me/following", "limit": limit, "total": len(ids), "items": rows, "cursors": object{}}
	if from+limit < len(ids) {
		p["cursors"] = object{"after": ids[from+limit-1]}
		p["next"] = "https://next.invalid/v1/me/following"
	}
	return object{"artists": p}
}

func getTop(c *call) any {
	r := c.r.URL.Query().Get("time_range")
	if r == "" {
		r = "medium_term"
	}
	what := c.r.PathValue("what")
	if !slices.Contains([]string{"short_term", "medium_term", "long_term"}, r) {
		return c.refuse(http.StatusBadRequest, "Invalid time range", "")
	}
	ids := c.u.top[what+" "+r]
	switch what {
	case "tracks":
		return c.page(len(ids), 20, 50, func(i int) any { return c.track(ids[i], true) })
	case "artists":
		return c.page(len(ids), 20, 50, func(i int) any { return c.artist(ids[i], true) })
	}
	return c.gone()
}

// uris reads those of a call about the library; nil: they cannot be, and the answer is an
// error.
func (c *call) uris() []string {
	all := strings.Split(c.r.URL.Query().Get("uris"), ",")
	if len(all) > 40 {
		c.refuse(http.StatusBadRequest, "Too many ids requested", "")
		return nil
	}
	for _, uri := range all {
		if kind, id := split(uri); id == "" || kind == "local" {
			c.refuse(http.StatusBadRequest, "Invalid URI", "")
			return nil
		}
	}
	return all
}

func saveLibrary(c *call) any {
	for _, uri := range c.uris() {
		c.u.save(uri, c.s.clock())
	}
	return nil
}

func unsaveLibrary(c *call) any {
	for _, uri := range c.uris() {
		c.u.unsave(uri)
	}
	return nil
}

func containsLibrary(c *call) any {
	said := []bool{}
	for _, uri := range c.uris() {
		said = append(said, c.u.has(uri))
	}
	return said
}

func getRecent(c *call) any {
	q := c.r.URL.Query()
	limit, _, ok := c.span(20, 50)
	if !ok {
		return nil
	}
	before, err := strconv.ParseInt(q.Get("before"), 10, 64)
	rows := []object{}
	var last time.Time
	more := false
	for _, p := range c.u.recent {
		if err == nil && p.at.UnixMilli() >= before {
			continue
		}
		if more = len(rows) == limit; more {
			break
		}
		row := object{"track": c.item(p.uri), "played_at": stamp(p.at)}
		if p.context != "" {
			kind, id := split(p.context)
			row["context"] = object{"type": kind, "uri": p.context, "href": c.s.URL + "/" + kind + "s/" + id, "external_urls": object{}}
		}
		rows = append(rows, row)
		last = p.at
	}
	p := object{"href": c.s.URL + "/me/player/recently-played", "limit": limit, "items": rows, "cursors": object{}}
	if more {
		p["cursors"] = object{"before": strconv.FormatInt(last.UnixMilli(), 10)}
		p["next"] = "https://next.invalid/v1/me/player/recently-played"
	}
	return p
}

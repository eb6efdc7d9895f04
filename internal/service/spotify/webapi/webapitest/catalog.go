package webapitest

import (
	"net/http"
	"slices"
	"strings"
)

// id is the one in the path.
func (c *call) id() string { return c.r.PathValue("id") }

func getMe(c *call) any {
	o := c.person(c.u.ID)
	o["display_name"], o["images"] = c.u.Name, []object{}
	if c.s.oldKeys {
		o["product"], o["country"] = "premium", "SE"
		return o
	}
	o["account_id"] = ID("account", c.u.ID)
	return o
}

func getTrack(c *call) any {
	if c.s.tracks[c.id()] == nil {
		return c.gone()
	}
	return c.track(c.id(), true)
}

func getArtist(c *call) any {
	if c.s.artists[c.id()] == nil {
		return c.gone()
	}
	return c.artist(c.id(), true)
}

func getAlbum(c *call) any {
	if c.s.albums[c.id()] == nil {
		return c.gone()
	}
	return c.wholeAlbum(c.id())
}

func getAlbumTracks(c *call) any {
	a := c.s.albums[c.id()]
	if a == nil {
		return c.gone()
	}
	return c.page(len(a.tracks), 20, 50, func(i int) any { return c.track(a.tracks[i], false) })
}

func getArtistAlbums(c *call) any {
	if c.s.artists[c.id()] == nil {
		return c.gone()
	}
	groups := c.r.URL.Query().Get("include_groups")
	var ids []string
	for _, uri := range c.s.order {
		kind, id := split(uri)
		if a := c.s.albums[id]; kind == "album" && slices.Contains(a.Artists, c.id()) && (groups == "" || slices.Contains(strings.Split(groups, ","), a.Type)) {
			ids = append(ids, id)
		}
	}
	return c.page(len(ids), 5, 10, func(i int) any {
		o := c.album(ids[i])
		if c.s.oldKeys {
			o["album_group"] = o["album_type"]
		}
		return o
	})
}

func getShow(c *call) any {
	sh := c.s.shows[c.id()]
	if sh == nil {
		return c.gone()
	}
	o := c.show(c.id())
	o["episodes"] = c.window(len(sh.episodes), 50, 0, func(i int) any { return c.episode(sh.episodes[i], false) })
	return o
}

func getShowEpisodes(c *call) any {
	sh := c.s.shows[c.id()]
	if sh == nil {
		return c.gone()
	}
	return c.page(len(sh.episodes), 20, 50, func(i int) any { return c.episode(sh.episodes[i], false) })
}

func getEpisode(c *call) any {
	if c.s.episodes[c.id()] == nil {
		return c.gone()
	}
	return c.episode(c.id(), true)
}

// getSearch finds what has all words in its name, or in its artists' or album's, and in the
// fields that are named.
func getSearch(c *call) any {
	q := c.r.URL.Query()
	limit, offset, ok := c.span(5, 10)
	switch {
	case !ok:
		return nil
	case offset > 1000:
		return c.refuse(http.StatusBadRequest, "Invalid offset", "")
	case strings.TrimSpace(q.Get("q")) == "":
		return c.refuse(http.StatusBadRequest, "No search query", "")
	}
	answer := object{}
	for kind := range strings.SplitSeq(q.Get("type"), ",") {
		var ids []string
		for _, uri := range c.s.order {
			k, id := split(uri)
			if k == kind && c.s.holds(uri, q.Get("q")) {
				ids = append(ids, id)
			}
		}
		row, ok := map[string]func(id string) any{
			"track":    func(id string) any { return c.track(id, true) },
			"artist":   func(id string) any { return c.artist(id, true) },
			"album":    func(id string) any { return c.album(id) },
			"playlist": func(id string) any { return c.simplePlaylist(c.s.playlists[id]) },
			"show":     func(id string) any { return c.show(id) },
			"episode":  func(id string) any { return c.episode(id, false) },
		}[kind]
		if !ok {
			return c.refuse(http.StatusBadRequest, "Bad search type field", "")
		}
		answer[kind+"s"] = c.window(len(ids), limit, offset, func(i int) any { return row(ids[i]) })
	}
	return answer
}

package webapitest

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Playlist is somebody's list. A Collaborative one may be listed and changed by who has
// it in their library; others that are not the user's own may not be listed.
type Playlist struct {
	ID, Name, Description string
	Owner                 string // a user's id; they need not be there
	Public, Collaborative bool
}

type playlist struct {
	Playlist
	rows     []row
	snapshot int
}

type row struct {
	uri string
	by  string
	at  time.Time
}

// AddPlaylist adds a playlist with these items, by URI, to its owner's library, and gives
// its id. A URI of something that is not there is a row that is null.
func (s *Server) AddPlaylist(p Playlist, uris ...string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addPlaylist(p, uris).ID
}

// addPlaylist is AddPlaylist with the lock held.
func (s *Server) addPlaylist(p Playlist, uris []string) *playlist {
	if p.ID == "" {
		p.ID = s.id("playlist", p.Name)
	}
	l := &playlist{Playlist: p}
	for _, uri := range uris {
		l.rows = append(l.rows, row{uri, p.Owner, s.clock()})
	}
	s.playlists[p.ID] = l
	uri := "spotify:playlist:" + p.ID
	s.order = append(s.order, uri)
	if u := s.users[p.Owner]; u != nil {
		u.save(uri, s.clock())
	}
	return l
}

// Items are the URIs of a playlist.
func (s *Server) Items(playlistID string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []string{}
	for _, r := range s.playlists[playlistID].rows {
		all = append(all, r.uri)
	}
	return all
}

// EditElsewhere makes these URIs the whole playlist, as somebody else might meanwhile.
func (s *Server) EditElsewhere(playlistID string, uris ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.playlists[playlistID]
	p.rows = nil
	for _, uri := range uris {
		p.rows = append(p.rows, row{uri, "somebody", s.clock()})
	}
	p.snapshot++
}

// version is the snapshot's name.
func (p *playlist) version() string { return fmt.Sprintf("AAAA%s%d", p.ID[:6], p.snapshot) }

// open reports whether a user may list and change a playlist.
func (p *playlist) open(u *user) bool {
	return p.Owner == u.ID || p.Collaborative && u.has("spotify:playlist:"+p.ID)
}

// simplePlaylist is a row of a list of playlists.
func (c *call) simplePlaylist(p *playlist) object {
	o := c.link("playlist", p.ID, p.Name)
	owner := c.person(p.Owner)
	if u := c.s.users[p.Owner]; u != nil {
		owner["display_name"] = u.Name
	} else {
		owner["display_name"] = nil
	}
	o["collaborative"], o["public"], o["description"] = p.Collaborative, p.Public, p.Description
	o["owner"], o["images"], o["snapshot_id"] = owner, c.images(p.ID), p.version()
	if p.open(c.u) || c.s.oldKeys {
		o[c.itemsKey()] = object{"href": c.s.URL + "/playlists/" + p.ID + "/items", "total": len(p.rows)}
	}
	return o
}

func (c *call) itemsKey() string {
	if c.s.oldKeys {
		return "tracks"
	}
	return "items"
}

func (c *call) row(r row) any {
	key := "item"
	if c.s.oldKeys {
		key = "track"
	}
	return object{"added_at": stamp(r.at), "added_by": c.person(r.by), "is_local": strings.HasPrefix(r.uri, "spotify:local:"), key: c.item(r.uri)}
}

func getMyPlaylists(c *call) any {
	rows := c.u.saved["playlist"]
	return c.page(len(rows), 20, 50, func(i int) any {
		_, id := split(rows[i].uri)
		return c.simplePlaylist(c.s.playlists[id])
	})
}

// list is the playlist in the path; nil: there is none, and the answer is an error.
func (c *call) list() *playlist {
	p := c.s.playlists[c.id()]
	if p == nil || p.Owner == "spotify" || !p.Public && !p.open(c.u) && !c.u.has("spotify:playlist:"+p.ID) {
		c.gone()
		return nil
	}
	return p
}

// editable is list for those that the user may list and change.
func (c *call) editable() *playlist {
	p := c.list()
	if p != nil && !p.open(c.u) {
		c.refuse(http.StatusForbidden, "Forbidden", "")
		return nil
	}
	return p
}

func getPlaylist(c *call) any {
	p := c.list()
	if p == nil {
		return nil
	}
	o := c.simplePlaylist(p)
	o["followers"] = object{"href": nil, "total": 0}
	if p.open(c.u) || c.s.oldKeys {
		o[c.itemsKey()] = c.window(len(p.rows), 100, 0, func(i int) any { return c.row(p.rows[i]) })
	}
	return o
}

func getItems(c *call) any {
	p := c.editable()
	if p == nil {
		return nil
	}
	return c.page(len(p.rows), 20, 50, func(i int) any { return c.row(p.rows[i]) })
}

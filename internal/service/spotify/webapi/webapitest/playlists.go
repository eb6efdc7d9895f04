package webapitest

import (
	"fmt"
	"net/http"
	"slices"
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

func createPlaylist(c *call) any {
	var in struct {
		Name, Description     string
		Public, Collaborative *bool
	}
	if !c.read(&in) {
		return nil
	}
	if in.Name == "" {
		return c.refuse(http.StatusBadRequest, "Missing required field: name", "")
	}
	p := Playlist{Name: in.Name, Description: in.Description, Owner: c.u.ID, Public: in.Public == nil || *in.Public, Collaborative: in.Collaborative != nil && *in.Collaborative}
	made := c.s.addPlaylist(p, nil)
	c.r.SetPathValue("id", made.ID)
	o := getPlaylist(c)
	c.status = http.StatusCreated
	return o
}

func changePlaylist(c *call) any {
	p := c.editable()
	var in struct {
		Name, Description     *string
		Public, Collaborative *bool
	}
	if p == nil || !c.read(&in) {
		return nil
	}
	set(&p.Name, in.Name)
	set(&p.Description, in.Description)
	set(&p.Public, in.Public)
	set(&p.Collaborative, in.Collaborative)
	p.snapshot++
	return nil
}

func set[T any](at *T, to *T) {
	if to != nil {
		*at = *to
	}
}

// changed is the answer to a change of the items.
func (p *playlist) changed() any {
	p.snapshot++
	return object{"snapshot_id": p.version()}
}

// playable makes rows of URIs; false: one cannot be put into a playlist, or there are too
// many, and the answer is an error.
func (c *call) playable(uris []string) ([]row, bool) {
	if len(uris) > 100 {
		c.refuse(http.StatusBadRequest, "You can add a maximum of 100 tracks per request.", "")
		return nil, false
	}
	var rows []row
	for _, uri := range uris {
		kind, id := split(uri)
		if kind != "track" && kind != "episode" || c.s.tracks[id] == nil && c.s.episodes[id] == nil {
			c.refuse(http.StatusBadRequest, "Invalid track uri: "+uri, "")
			return nil, false
		}
		rows = append(rows, row{uri, c.u.ID, c.s.clock()})
	}
	return rows, true
}

func addItems(c *call) any {
	p := c.editable()
	var in struct {
		URIs     []string
		Position *int
	}
	if p == nil || !c.read(&in) {
		return nil
	}
	rows, ok := c.playable(in.URIs)
	at := len(p.rows)
	if in.Position != nil {
		at = *in.Position
	}
	switch {
	case !ok:
		return nil
	case at < 0 || at > len(p.rows):
		return c.refuse(http.StatusBadRequest, "Index out of bounds.", "")
	}
	p.rows = slices.Insert(p.rows, at, rows...)
	c.status = http.StatusCreated
	return p.changed()
}

func removeItems(c *call) any {
	p := c.editable()
	var in struct {
		Items    []struct{ URI string }
		Snapshot string `json:"snapshot_id"`
	}
	if p == nil || !c.read(&in) {
		return nil
	}
	if len(in.Items) > 100 {
		return c.refuse(http.StatusBadRequest, "Too many items", "")
	}
	for _, it := range in.Items {
		p.rows = slices.DeleteFunc(p.rows, func(r row) bool { return r.uri == it.URI })
	}
	return p.changed()
}

// moveItems moves a run of items, or replaces them all.
func moveItems(c *call) any {
	p := c.editable()
	var in struct {
		URIs   *[]string
		Start  *int   `json:"range_start"`
		Length *int   `json:"range_length"`
		Before *int   `json:"insert_before"`
		Of     string `json:"snapshot_id"`
	}
	if p == nil || !c.read(&in) {
		return nil
	}
	if in.URIs != nil {
		rows, ok := c.playable(*in.URIs)
		if !ok {
			return nil
		}
		p.rows = rows
		return p.changed()
	}
	length := 1
	set(&length, in.Length)
	if in.Start == nil || in.Before == nil || *in.Start < 0 || length < 1 || *in.Start+length > len(p.rows) || *in.Before < 0 || *in.Before > len(p.rows) {
		return c.refuse(http.StatusBadRequest, "Index out of bounds.", "")
	}
	run := slices.Clone(p.rows[*in.Start : *in.Start+length])
	at := *in.Before
	rest := slices.Delete(slices.Clone(p.rows), *in.Start, *in.Start+length)
	if at > *in.Start {
		at = max(*in.Start, at-length)
	}
	p.rows = slices.Insert(rest, at, run...)
	return p.changed()
}

package webapitest

import (
	"net/http"
	"slices"
)

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

package webapi

import "strings"

func each[T any](n node, of func(node) T) []T {
	var all []T
	for _, e := range n.list() {
		if e.object() {
			all = append(all, of(e))
		}
	}
	return all
}

func texts(n node) []string {
	var all []string
	for _, e := range n.list() {
		if s := e.text(); s != "" {
			all = append(all, s)
		}
	}
	return all
}

// identity is what everything has; an id that is missing is the URI's, and the other way round.
func identity(n node, kind string) (id, uri, name string) {
	id, uri, name = n.get("id").id(), n.get("uri").id(), n.get("name").text()
	switch {
	case id == "" && strings.HasPrefix(uri, "spotify:"+kind+":"):
		id = uriID(uri)
	case uri == "" && id != "":
		uri = "spotify:" + kind + ":" + id
	}
	return id, uri, name
}

func imageOf(n node) Image {
	return Image{n.get("url").id(), max(0, n.get("width").count(0)), max(0, n.get("height").count(0))}
}

func userOf(n node) User {
	u := User{
		AccountID: n.get("account_id").id(), Country: n.get("country").text(), Product: n.get("product").text(),
		Images: each(n.get("images"), imageOf),
	}
	u.ID, u.URI, _ = identity(n, "user")
	u.Name = n.get("display_name").text()
	return u
}

func artistOf(n node) Artist {
	a := Artist{Images: each(n.get("images"), imageOf), Genres: texts(n.get("genres"))}
	a.ID, a.URI, a.Name = identity(n, "artist")
	return a
}

func albumOf(n node) Album {
	a := Album{
		Type: n.get("album_type").text(), Artists: each(n.get("artists"), artistOf), Images: each(n.get("images"), imageOf),
		Released: n.get("release_date").text(), Restricted: n.get("restrictions").get("reason").text(),
		Genres: texts(n.get("genres")),
	}
	a.ID, a.URI, a.Name = identity(n, "album")
	tracks := n.get("tracks", "items")
	if a.Tracks = none[Track](); tracks.object() {
		a.Tracks = pageOf(tracks, Window{}, trackOf, false)
	}
	a.Total = n.get("total_tracks").count(max(0, a.Tracks.Total))
	return a
}

// none is the page of a list that was not given.
func none[T any]() Page[T] { return Page[T]{Total: -1, Next: -1} }

func trackOf(n node) Track {
	t := Track{
		Artists: each(n.get("artists"), artistOf), Disc: max(0, n.get("disc_number").count(0)), Number: max(0, n.get("track_number").count(0)),
		Duration: n.get("duration_ms").millis(), Explicit: n.get("explicit").flag(false), Local: n.get("is_local").flag(false),
		Restricted: n.get("restrictions").get("reason").text(), ISRC: n.get("external_ids").get("isrc").text(),
	}
	t.ID, t.URI, t.Name = identity(n, "track")
	if strings.HasPrefix(t.URI, "spotify:local:") {
		t.Local = true
	}
	t.Playable = n.get("is_playable").flag(true)
	if album := n.get("album"); album.object() {
		t.Album = albumOf(album)
	}
	return t
}

func showOf(n node) Show {
	s := Show{
		Publisher: n.get("publisher").text(), Description: n.get("description").prose(), Images: each(n.get("images"), imageOf),
		Explicit: n.get("explicit").flag(false), Episodes: none[Episode](),
	}
	s.ID, s.URI, s.Name = identity(n, "show")
	if e := n.get("episodes"); e.object() {
		s.Episodes = pageOf(e, Window{}, episodeOf, false)
	}
	s.Total = n.get("total_episodes").count(max(0, s.Episodes.Total))
	return s
}

func episodeOf(n node) Episode {
	resume := n.get("resume_point")
	e := Episode{
		Description: n.get("description").prose(), Duration: n.get("duration_ms").millis(), Released: n.get("release_date").text(),
		Explicit: n.get("explicit").flag(false), Playable: n.get("is_playable").flag(true),
		Restricted: n.get("restrictions").get("reason").text(), Images: each(n.get("images"), imageOf),
		Resume: resume.get("resume_position_ms").millis(), Played: resume.get("fully_played").flag(false),
	}
	e.ID, e.URI, e.Name = identity(n, "episode")
	if show := n.get("show"); show.object() {
		e.Show = showOf(show)
	}
	return e
}

// itemOf reads what is a track or an episode, by its type or else by its looks.
func itemOf(n node) Item {
	if !n.object() {
		return Item{}
	}
	episode := n.get("show").object() || strings.HasPrefix(n.get("uri").raw(), "spotify:episode:")
	switch n.get("type").raw() {
	case "episode":
		// Without additional_types an episode comes in the shape of a track, album and all.
		episode = true
	case "track":
		episode = episode && !n.get("album").object()
	}
	if episode {
		e := episodeOf(n)
		return Item{Episode: &e}
	}
	t := trackOf(n)
	return Item{Track: &t}
}

func playlistOf(n node) Playlist {
	owner := n.get("owner")
	p := Playlist{
		Description: n.get("description").prose(), OwnerID: owner.get("id").id(), Owner: owner.get("display_name").text(),
		Public: n.get("public").flag(false), Collaborative: n.get("collaborative").flag(false),
		Snapshot: n.get("snapshot_id").id(), Images: each(n.get("images"), imageOf), Total: -1, Items: none[PlaylistItem](),
	}
	p.ID, p.URI, p.Name = identity(n, "playlist")
	if p.Owner == "" {
		p.Owner = p.OwnerID
	}
	if items := listOf(n); items.object() {
		p.Total = items.get("total").count(-1)
		p.Listed = items.has("items")
		if p.Listed {
			p.Items = pageOf(items, Window{}, playlistItemOf, true)
		}
	}
	return p
}

// listOf finds the items of a playlist: "items" today, "tracks" before.
func listOf(n node) node {
	if items := n.get("items"); items.object() {
		return items
	}
	return n.get("tracks")
}

func playlistItemOf(n node) PlaylistItem {
	thing := n.get("item")
	if !thing.object() {
		thing = n.get("track", "episode")
	}
	p := PlaylistItem{Added: n.get("added_at").when(), AddedBy: n.get("added_by").get("id").id(), Local: n.get("is_local").flag(false), Item: itemOf(thing)}
	if p.Item.Track != nil && p.Item.Track.Local {
		p.Local = true
	}
	return p
}

// savedOf reads rows of the library: {"added_at": …, KEY: {…}}, or the thing itself.
func savedOf[T any](key string, of func(node) T) func(node) Saved[T] {
	return func(n node) Saved[T] {
		s := Saved[T]{Added: n.get("added_at").when()}
		thing := n.get(key, "item")
		if !thing.object() && n.get("uri").raw() != "" {
			thing = n
		}
		s.Value = of(thing)
		return s
	}
}

func deviceOf(n node) Device {
	d := Device{
		ID: n.get("id").id(), Name: n.get("name").text(), Type: n.get("type").text(), Active: n.get("is_active").flag(false),
		Private: n.get("is_private_session").flag(false), Restricted: n.get("is_restricted").flag(false),
		Volume: -1, SupportsVolume: n.get("supports_volume").flag(true),
	}
	if v, ok := n.get("volume_percent").number(); ok {
		d.Volume = int(min(max(v, 0), 100))
	}
	return d
}

func playbackOf(n node) Playback {
	p := Playback{
		Device: deviceOf(n.get("device")), Repeat: n.get("repeat_state").text(), Shuffle: n.get("shuffle_state").flag(false),
		Context: n.get("context").get("uri").id(), Changed: n.get("timestamp").when(), Progress: n.get("progress_ms").millis(),
		Playing: n.get("is_playing").flag(false), Item: itemOf(n.get("item", "track")), Type: n.get("currently_playing_type").text(),
	}
	if p.Repeat == "" {
		p.Repeat = "off"
	}
	p.Disallowed = disallowedOf(n.get("actions"))
	return p
}

// actions that Spotify may disallow.
func disallowedOf(n node) []string {
	var all []string
	for _, a := range [...]string{
		"interrupting_playback", "pausing", "resuming", "seeking", "skipping_next", "skipping_prev",
		"toggling_repeat_context", "toggling_shuffle", "toggling_repeat_track", "transferring_playback",
	} {
		if n.get("disallows").get(a).flag(false) || n.get(a).flag(false) {
			all = append(all, a)
		}
	}
	return all
}

func playOf(n node) Play {
	return Play{Track: trackOf(n.get("track", "item")), At: n.get("played_at").when(), Context: n.get("context").get("uri").id()}
}

func queueOf(n node) Queue {
	q := Queue{Current: itemOf(n.get("currently_playing"))}
	for _, e := range n.get("queue").list() {
		if e.object() {
			q.Next = append(q.Next, itemOf(e))
		}
	}
	return q
}

package webapitest

import (
	"slices"
	"strings"
	"time"
)

// Save puts things into a user's library, by URI; the last is the newest.
func (s *Server) Save(userID string, uris ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, uri := range uris {
		s.users[userID].save(uri, s.clock())
	}
}

// save is Save with the lock held.
func (u *user) save(uri string, at time.Time) {
	kind, id := split(uri)
	if kind == "artist" {
		if !slices.Contains(u.following, id) {
			u.following = append(u.following, id)
		}
		return
	}
	if !u.has(uri) {
		u.saved[kind] = slices.Insert(u.saved[kind], 0, savedRow{uri, at})
	}
}

// has reports whether a thing is in the library. Called with the lock held.
func (u *user) has(uri string) bool {
	kind, id := split(uri)
	if kind == "artist" {
		return slices.Contains(u.following, id)
	}
	return slices.ContainsFunc(u.saved[kind], func(r savedRow) bool { return r.uri == uri })
}

// unsave takes a thing out of the library. Called with the lock held.
func (u *user) unsave(uri string) {
	kind, id := split(uri)
	if kind == "artist" {
		u.following = slices.DeleteFunc(u.following, func(f string) bool { return f == id })
		return
	}
	u.saved[kind] = slices.DeleteFunc(u.saved[kind], func(r savedRow) bool { return r.uri == uri })
}

// Saved are the URIs of a kind ("track", "album" …; "artist": followed) in a user's library.
func (s *Server) Saved(userID, kind string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	u := s.users[userID]
	for _, r := range u.saved[kind] {
		all = append(all, r.uri)
	}
	if kind == "artist" {
		for _, id := range u.following {
			all = append(all, "spotify:artist:"+id)
		}
	}
	return all
}

// SetTop says whom or what a user played most: what is "tracks" or "artists", the range
// "short_term" and so on.
func (s *Server) SetTop(userID, what, timeRange string, ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users[userID].top[what+" "+timeRange] = ids
}

// AddPlayed adds a track to what a user played last.
func (s *Server) AddPlayed(userID, uri, context string, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.users[userID]
	u.recent = slices.Insert(u.recent, 0, played{uri, context, at})
}

// split takes a URI apart.
func split(uri string) (kind, id string) {
	parts := strings.SplitN(uri, ":", 3)
	if len(parts) < 3 || parts[0] != "spotify" {
		return "", ""
	}
	return parts[1], parts[2]
}

package webapitest

import (
	"slices"
	"time"
)

// Device is something that a user's music plays on.
type Device struct {
	ID, Name, Type string
	Volume         int
	Restricted     bool // takes no commands
	NoVolume       bool // its volume cannot be set
	NullID         bool // the list gives null for its id, as it may for a moment
	Hidden         int  // how often the list leaves it out, as with one that is coming up
}

// Playback is what a user's player does.
type Playback struct {
	Device   string // the active one's id; "" = none
	URI      string
	Context  string
	Index    int // in what is played
	Progress time.Duration
	Playing  bool
	Shuffle  bool
	Repeat   string
	Queue    []string
	URIs     []string
}

// player is a user's: all devices, of which one is active.
type player struct {
	devices  []*Device
	active   *Device
	context  string
	uris     []string
	at       int
	queued   string // what plays came from the queue, and not from uris
	queue    []string
	base     time.Duration // position when it was last set
	since    time.Time     // when that was
	playing  bool
	shuffled bool
	repeat   string
	changed  time.Time
}

func newPlayer() player { return player{repeat: "off"} }

// AddDevice adds a device that plays nothing, and gives its id; an empty ID is made.
func (s *Server) AddDevice(userID string, d Device) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.ID == "" {
		d.ID = s.id("device", d.Name)
	}
	if d.Type == "" {
		d.Type = "Computer"
	}
	p := &s.users[userID].player
	p.devices = append(p.devices, &d)
	return d.ID
}

// ChangeDevice changes a device.
func (s *Server) ChangeDevice(userID, id string, change func(*Device)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.users[userID].player.device(id); d != nil {
		change(d)
	}
}

// RemoveDevice lets a device vanish, with what it plays.
func (s *Server) RemoveDevice(userID, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := &s.users[userID].player
	p.settle(s)
	p.devices = slices.DeleteFunc(p.devices, func(d *Device) bool { return d.ID == id })
	if p.active != nil && p.active.ID == id {
		p.set(s, p.progress(s))
		p.playing, p.active = false, nil
	}
}

// PlayElsewhere lets the user play these on a device, as with the official app.
func (s *Server) PlayElsewhere(userID, device string, uris ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := &s.users[userID].player
	p.active, p.context, p.uris, p.at, p.queued = p.device(device), "", uris, 0, ""
	p.set(s, 0)
	p.playing = true
}

// PauseElsewhere lets the user pause, as with the official app.
func (s *Server) PauseElsewhere(userID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := &s.users[userID].player
	p.set(s, p.progress(s))
	p.playing = false
}

// Playback is what a user's player does now.
func (s *Server) Playback(userID string) Playback {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := &s.users[userID].player
	p.settle(s)
	now := Playback{
		URI: p.current(), Context: p.context, Index: p.at, Progress: p.progress(s), Playing: p.playing,
		Shuffle: p.shuffled, Repeat: p.repeat, Queue: slices.Clone(p.queue), URIs: slices.Clone(p.uris),
	}
	if p.active != nil {
		now.Device = p.active.ID
	}
	return now
}

// The methods below are called with the server's lock held.

func (p *player) device(id string) *Device {
	for _, d := range p.devices {
		if d.ID == id {
			return d
		}
	}
	return nil
}

// current is the URI of what plays.
func (p *player) current() string {
	switch {
	case p.queued != "":
		return p.queued
	case p.at < len(p.uris):
		return p.uris[p.at]
	}
	return ""
}

// set puts the position.
func (p *player) set(s *Server, to time.Duration) {
	p.base, p.since, p.changed = to, s.clock(), s.clock()
}

func (p *player) progress(s *Server) time.Duration {
	if !p.playing {
		return p.base
	}
	return p.base + s.clock().Sub(p.since)
}

// settle goes on to the next as often as the time that has passed says.
func (p *player) settle(s *Server) {
	for p.playing && p.current() != "" {
		length := s.length(p.current())
		over := p.progress(s) - length
		if over < 0 {
			return
		}
		if p.repeat != "track" {
			p.forward()
		}
		p.base, p.since, p.changed = over, s.clock(), s.clock()
		if p.current() == "" { // the end: the player stands at the first
			p.at, p.playing, p.base = 0, false, 0
		}
	}
}

// forward goes to the next of the queue, the list, or with repeat its beginning.
func (p *player) forward() {
	if len(p.queue) > 0 {
		p.queued, p.queue = p.queue[0], p.queue[1:]
		return
	}
	p.queued = ""
	p.at++
	if p.at >= len(p.uris) && p.repeat == "context" {
		p.at = 0
	}
}

// length of a track or an episode.
func (s *Server) length(uri string) time.Duration {
	kind, id := split(uri)
	switch {
	case kind == "track" && s.tracks[id] != nil:
		return s.tracks[id].Duration
	case kind == "episode" && s.episodes[id] != nil:
		return s.episodes[id].Duration
	}
	return time.Minute
}

// inside are the URIs of an album, a playlist, a show or an artist; nil: it is not there.
func (s *Server) inside(context string) []string {
	kind, id := split(context)
	var all []string
	switch {
	case kind == "album" && s.albums[id] != nil:
		for _, t := range s.albums[id].tracks {
			all = append(all, "spotify:track:"+t)
		}
	case kind == "playlist" && s.playlists[id] != nil:
		for _, r := range s.playlists[id].rows {
			all = append(all, r.uri)
		}
	case kind == "show" && s.shows[id] != nil:
		for _, e := range s.shows[id].episodes {
			all = append(all, "spotify:episode:"+e)
		}
	case kind == "artist" && s.artists[id] != nil:
		for _, uri := range s.order {
			if k, t := split(uri); k == "track" && slices.Contains(s.tracks[t].Artists, id) {
				all = append(all, uri)
			}
		}
	}
	return all
}

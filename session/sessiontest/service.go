package sessiontest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"segue/internal/music"
	"segue/player"
	"segue/session"
)

// Service holds tracks and containers in memory and fills session.Service and
// everything that a service may do besides. It does as it is told by Fail and Hold.
type Service struct {
	ID music.AccountID

	mu       sync.Mutex
	tracks   map[music.Ref]music.Track
	lists    map[music.Ref]*list
	order    []music.Ref // of playlists
	fail     map[string]error
	hold     map[string]chan struct{}
	calls    []string
	reports  []session.Heard
	watchers []func(music.Ref)
	made     int
	lost     bool
	opened   atomic.Int64
	broken   map[music.Ref]time.Duration
	why      map[music.Ref]error // of broken
}

type list struct {
	title  string
	query  string // of a live playlist
	public bool
	about  string
	tracks []music.Ref
	items  []music.Item // of containers of other things
}

// NewService makes an empty service with a root that lists its sections.
func NewService(id music.AccountID) *Service {
	s := &Service{
		ID: id, tracks: map[music.Ref]music.Track{}, lists: map[music.Ref]*list{},
		fail: map[string]error{}, hold: map[string]chan struct{}{},
		broken: map[music.Ref]time.Duration{}, why: map[music.Ref]error{},
	}
	s.lists[music.Section(id, music.SectionRoot)] = &list{title: string(id), items: []music.Item{
		music.Folder{Ref: music.Section(id, music.SectionAlbums), Name: "Albums", Count: -1},
		music.Folder{Ref: music.Section(id, music.SectionPlaylists), Name: "Playlists", Count: -1},
	}}
	s.lists[music.Section(id, music.SectionAlbums)] = &list{title: "Albums"}
	s.lists[music.Section(id, music.SectionPlaylists)] = &list{title: "Playlists"}
	return s
}

// Account is the service as an account of a session.
func (s *Service) Account() session.Account {
	return session.Account{ID: s.ID, Service: s, Kind: "test", User: "alice"}
}

// Bare is the service without anything that it need not be able to do.
func (s *Service) Bare() session.Account {
	return session.Account{ID: s.ID, Service: struct{ session.Service }{s}, Kind: "test"}
}

// TrackRef is the Ref of the track of that name.
func (s *Service) TrackRef(name string) music.Ref {
	return music.Ref{Account: s.ID, Kind: music.KindTrack, ID: name}
}

// AddTrack adds a track as it is given; an empty Ref is made of the title.
func (s *Service) AddTrack(t music.Track) music.Ref {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.Ref.IsZero() {
		t.Ref = s.TrackRef(t.Title)
	}
	s.tracks[t.Ref] = t
	return t.Ref
}

// AddAlbum adds an album of tracks of a length, named by their titles.
func (s *Service) AddAlbum(title string, length time.Duration, titles ...string) music.Ref {
	ref := music.Ref{Account: s.ID, Kind: music.KindAlbum, ID: title}
	l := &list{title: title}
	for i, name := range titles {
		l.tracks = append(l.tracks, s.AddTrack(music.Track{
			Title: name, Artists: []string{"Artist"}, Album: title, AlbumRef: ref, Number: i + 1, Duration: length,
		}))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lists[ref] = l
	albums := s.lists[music.Section(s.ID, music.SectionAlbums)]
	albums.items = append(albums.items, music.Album{Ref: ref, Title: title, Tracks: len(titles)})
	return ref
}

// AddPlaylist adds a playlist of tracks.
func (s *Service) AddPlaylist(name string, refs ...music.Ref) music.Ref {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addList(name, refs)
}

// AddContainer adds a container of any things.
func (s *Service) AddContainer(ref music.Ref, title string, items ...music.Item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lists[ref] = &list{title: title, items: items}
}

func (s *Service) addList(name string, refs []music.Ref) music.Ref {
	s.made++
	ref := music.Ref{Account: s.ID, Kind: music.KindPlaylist, ID: fmt.Sprintf("%s-%d", name, s.made)}
	s.lists[ref] = &list{title: name, tracks: slices.Clone(refs)}
	s.order = append(s.order, ref)
	return ref
}

// Rows is what a playlist or album holds now, by the tracks' ids; nil = it is gone.
func (s *Service) Rows(ref music.Ref) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.lists[ref]
	if l == nil {
		return nil
	}
	ids := []string{}
	for _, r := range l.tracks {
		ids = append(ids, r.ID)
	}
	return ids
}

// Lists is the names of the playlists that there are.
func (s *Service) Lists() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for _, r := range s.order {
		names = append(names, s.lists[r].title)
	}
	return names
}

// SetRows changes a playlist behind the session's back.
func (s *Service) SetRows(ref music.Ref, refs ...music.Ref) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lists[ref].tracks = refs
}

// SetTitle renames a playlist behind the session's back.
func (s *Service) SetTitle(ref music.Ref, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lists[ref].title = name
}

// LoseAnswers lets edits of playlists be done and fail all the same, as when a line
// breaks after the question; false = no longer.
func (s *Service) LoseAnswers(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lost = on
}

// answer is what a call that has done its work gives.
func (s *Service) answer() error {
	if s.lost {
		return &session.Fault{Kind: session.UnableToContactServer, Err: errors.New("the connection broke")}
	}
	return nil
}

// Track is a track as it is now.
func (s *Service) Track(ref music.Ref) music.Track {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tracks[ref]
}

// Break lets a track's sound fail at a place.
func (s *Service) Break(ref music.Ref, at time.Duration) { s.BreakWith(ref, at, nil) }

// BreakWith is Break with an error; nil = ErrBroken. At 0 the track is whole again.
func (s *Service) BreakWith(ref music.Ref, at time.Duration, why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken[ref], s.why[ref] = at, why
}

// Fail lets a call fail until it is told nil. A call is named by its method and,
// if it has one, the id of what it is about: "open Aria", or by the method alone.
// An error with a method Panic that returns true is met with a panic.
func (s *Service) Fail(call string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		delete(s.fail, call)
		return
	}
	s.fail[call] = err
}

// Hold lets calls wait (named as for Fail) until the returned func is called, or
// their context ends.
func (s *Service) Hold(call string) (release func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	gate := make(chan struct{})
	s.hold[call] = gate
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.hold[call] == gate {
			delete(s.hold, call)
			close(gate)
		}
	}
}

// Calls lists the calls since the last time, named as for Fail.
func (s *Service) Calls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.calls
	s.calls = nil
	return c
}

// OpenSources is how many sources were given out and not closed.
func (s *Service) OpenSources() int { return int(s.opened.Load()) }

// Reports lists what was reported.
func (s *Service) Reports() []session.Heard {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.reports)
}

// Changed tells whoever watches that something is no longer as it was.
func (s *Service) Changed(ref music.Ref) {
	s.mu.Lock()
	all := slices.Clone(s.watchers)
	s.mu.Unlock()
	for _, f := range all {
		f(ref)
	}
}

// enter writes a call down, and waits or fails as it was told.
func (s *Service) enter(ctx context.Context, method, id string) error {
	call := strings.TrimSpace(method + " " + id)
	s.mu.Lock()
	s.calls = append(s.calls, call)
	gate := s.hold[call]
	if gate == nil {
		gate = s.hold[method]
	}
	s.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.fail[call]
	if err == nil {
		err = s.fail[method]
	}
	var p interface{ Panic() bool }
	if errors.As(err, &p) && p.Panic() {
		panic(err)
	}
	return err
}

// Children fills session.Service.
func (s *Service) Children(ctx context.Context, ask music.Ask) (music.Page, error) {
	if err := s.enter(ctx, "children", ask.Of.ID); err != nil {
		return music.Page{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.lists[ask.Of]
	if f := s.found(ask); f != nil {
		l, ask.Filter = f, ""
	}
	if l == nil {
		return music.Page{}, &session.Fault{Kind: session.InvalidArgument, Err: fmt.Errorf("no container %s", ask.Of.ID)}
	}
	items := slices.Clone(l.items)
	for _, r := range l.tracks {
		items = append(items, s.tracks[r])
	}
	if ask.Of == music.Section(s.ID, music.SectionPlaylists) {
		for _, r := range s.order {
			items = append(items, s.playlist(r))
		}
	}
	if ask.Filter != "" {
		items = slices.DeleteFunc(items, func(it music.Item) bool { return !strings.Contains(it.ItemName(), ask.Filter) })
	}
	p := music.Page{Ask: ask, Title: l.title, Total: len(items), Writable: ask.Of.Kind == music.KindPlaylist && l.query == "", Query: l.query}
	begin := min(ask.Offset, len(items))
	end := len(items)
	if ask.Limit > 0 {
		end = min(begin+ask.Limit, end)
	}
	p.Items = items[begin:end]
	return p, nil
}

// Refs fills session.Service.
func (s *Service) Refs(ctx context.Context, ask music.Ask) ([]music.Ref, error) {
	if err := s.enter(ctx, "refs", ask.Of.ID); err != nil {
		return nil, err
	}
	if ask.Of.IsTrack() {
		return []music.Ref{ask.Of}, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.lists[ask.Of]
	if l == nil {
		return nil, &session.Fault{Kind: session.InvalidArgument, Err: fmt.Errorf("no container %s", ask.Of.ID)}
	}
	return slices.Clone(l.tracks), nil
}

// Tracks fills session.Service.
func (s *Service) Tracks(ctx context.Context, refs []music.Ref) ([]music.Track, error) {
	if err := s.enter(ctx, "tracks", ""); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]music.Track, len(refs))
	for i, r := range refs {
		t, ok := s.tracks[r]
		if !ok {
			t = music.Track{Ref: r, Title: r.ID, Unplayable: "it is gone"}
		}
		all[i] = t
	}
	return all, nil
}

// Open fills session.Service.
func (s *Service) Open(ctx context.Context, ref music.Ref, _ music.Quality) (player.Source, error) {
	if err := s.enter(ctx, "open", ref.ID); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.tracks[ref]
	if !ok {
		return nil, &session.Fault{Kind: session.TrackNotPlayable, Err: fmt.Errorf("no track %s", ref.ID)}
	}
	s.opened.Add(1)
	return &Source{Length: t.Duration, FailAt: s.broken[ref], Why: s.why[ref], open: &s.opened}, nil
}

package sessiontest

import (
	"context"
	"slices"
	"strings"
	"time"

	"segue/internal/music"
	"segue/session"
)

// Image fills session.Illustrator: the picture is the id in letters.
func (s *Service) Image(ctx context.Context, of music.Ref, _ int) (music.Image, error) {
	if err := s.enter(ctx, "image", of.ID); err != nil {
		return music.Image{}, err
	}
	return music.Image{Of: of, MIME: "image/png", Data: []byte(of.ID)}, nil
}

// Lyrics fills session.Lyricist: one line, the id.
func (s *Service) Lyrics(ctx context.Context, t music.Ref) (music.Lyrics, error) {
	if err := s.enter(ctx, "lyrics", t.ID); err != nil {
		return music.Lyrics{}, err
	}
	return music.Lyrics{Track: t, Synced: true, Source: "test", Lines: []music.LyricLine{{At: time.Second, Text: t.ID}}}, nil
}

// Star fills session.Starrer.
func (s *Service) Star(ctx context.Context, refs []music.Ref, on bool) error {
	if err := s.enter(ctx, "star", ""); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range refs {
		t := s.tracks[r]
		t.Starred = on
		s.tracks[r] = t
	}
	return nil
}

// Rate fills session.Rater.
func (s *Service) Rate(ctx context.Context, refs []music.Ref, stars int) error {
	if err := s.enter(ctx, "rate", ""); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range refs {
		t := s.tracks[r]
		t.Rating = stars
		s.tracks[r] = t
	}
	return nil
}

// CreatePlaylist fills session.PlaylistEditor. Each one gets a Ref of its own.
func (s *Service) CreatePlaylist(ctx context.Context, name string, tracks []music.Ref) (music.Ref, error) {
	if err := s.enter(ctx, "create", name); err != nil {
		return music.Ref{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addList(name, tracks), s.answer()
}

// CreateLive fills session.LiveEditor: the answer is the track that is named as the query.
func (s *Service) CreateLive(ctx context.Context, name, query string) (music.Ref, error) {
	if err := s.enter(ctx, "createlive", name); err != nil {
		return music.Ref{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ref := s.addList(name, []music.Ref{s.TrackRef(query)})
	s.lists[ref].query = query
	return ref, nil
}

// EditPlaylist fills session.PlaylistEditor.
func (s *Service) EditPlaylist(ctx context.Context, p music.Ref, before, after []music.Ref) error {
	if err := s.enter(ctx, "edit", p.ID); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.lists[p]
	if l == nil || !slices.Equal(l.tracks, before) {
		return &session.Fault{Kind: session.Conflict, Op: "edit " + p.ID}
	}
	l.tracks = slices.Clone(after)
	return s.answer()
}

// RenamePlaylist fills session.PlaylistEditor; the Ref stays.
func (s *Service) RenamePlaylist(ctx context.Context, p music.Ref, name string) (music.Ref, error) {
	if err := s.enter(ctx, "rename", p.ID); err != nil {
		return music.Ref{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lists[p].title = name
	return p, nil
}

// DeletePlaylist fills session.PlaylistEditor.
func (s *Service) DeletePlaylist(ctx context.Context, p music.Ref) error {
	if err := s.enter(ctx, "delete", p.ID); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.lists, p)
	s.order = slices.DeleteFunc(s.order, func(r music.Ref) bool { return r == p })
	return nil
}

// Report fills session.Reporter.
func (s *Service) Report(ctx context.Context, h session.Heard) error {
	if err := s.enter(ctx, "report", h.Track.Ref.ID); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reports = append(s.reports, h)
	if t, ok := s.tracks[h.Track.Ref]; ok && h.Counts {
		t.Plays++
		s.tracks[t.Ref] = t
	}
	return nil
}

// Scan fills session.Scanner: it counts to ten.
func (s *Service) Scan(ctx context.Context, paths []string, progress func(done, total int, what string)) error {
	for i := range 10 {
		progress(i, 10, strings.Join(paths, ","))
		if err := s.enter(ctx, "scan", ""); err != nil {
			return err
		}
	}
	return nil
}

// Watch fills session.Watcher: it passes on what Changed says.
func (s *Service) Watch(ctx context.Context, changed func(music.Ref)) error {
	if err := s.enter(ctx, "watch", ""); err != nil {
		return err
	}
	s.mu.Lock()
	s.watchers = append(s.watchers, changed)
	s.mu.Unlock()
	<-ctx.Done()
	return ctx.Err()
}

// Resolve fills session.Resolver: "test:NAME" is the track of that name, and
// "album:NAME" the album.
func (s *Service) Resolve(ctx context.Context, text string) (music.Ref, bool, error) {
	if err := s.enter(ctx, "resolve", text); err != nil {
		return music.Ref{}, false, err
	}
	if name, ok := strings.CutPrefix(text, "test:"); ok {
		return s.TrackRef(name), true, nil
	}
	if name, ok := strings.CutPrefix(text, "album:"); ok {
		return music.Ref{Account: s.ID, Kind: music.KindAlbum, ID: name}, true, nil
	}
	return music.Ref{}, false, nil
}

// RadioOf fills session.Tuneable: what is like a thing is the album named "like" and its id.
func (s *Service) RadioOf(like music.Ref) (music.Ref, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ref := music.Ref{Account: s.ID, Kind: music.KindAlbum, ID: "like " + like.ID}
	_, ok := s.lists[ref]
	return ref, ok
}

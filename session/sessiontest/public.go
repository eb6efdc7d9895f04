package sessiontest

import (
	"context"
	"errors"
	"slices"
	"strings"

	"segue/internal/music"
	"segue/session"
)

// errStranger says that a service knows the user of its account only.
var errStranger = errors.New("there is no such user")

func (s *Service) own(user string) error {
	if user == "" || user == s.Account().User {
		return nil
	}
	return &session.Fault{Kind: session.NoSuchUser, Err: errStranger}
}

// found is the answer to a section "search/TYPE", nil = it is none: everything of the
// type whose name holds the words, in any case.
func (s *Service) found(ask music.Ask) *list {
	kind, ok := strings.CutPrefix(ask.Of.ID, music.SectionSearch+"/")
	if !ok || ask.Of.Kind != music.KindSection {
		return nil
	}
	l := &list{title: "Search"}
	switch kind {
	case session.TypeTracks:
		for _, t := range s.tracks {
			l.items = append(l.items, t)
		}
	case session.TypeAlbums:
		l.items = slices.Clone(s.lists[music.Section(s.ID, music.SectionAlbums)].items)
	case session.TypeArtists:
		seen := map[string]bool{}
		for _, t := range s.tracks {
			for _, a := range t.Artists {
				if !seen[a] {
					seen[a] = true
					l.items = append(l.items, music.Artist{Ref: music.Ref{Account: s.ID, Kind: music.KindArtist, ID: a}, Name: a})
				}
			}
		}
	case session.TypePlaylists:
		for _, r := range s.order {
			l.items = append(l.items, s.playlist(r))
		}
	}
	words := strings.ToLower(ask.Filter)
	l.items = slices.DeleteFunc(l.items, func(it music.Item) bool {
		text := it.ItemName()
		if t, ok := it.(music.Track); ok && strings.Contains(words, " ") {
			text = t.Artist() + " " + text // "artist title" finds it, too
		}
		return !strings.Contains(strings.ToLower(text), words)
	})
	slices.SortFunc(l.items, func(a, b music.Item) int { return strings.Compare(a.ItemName(), b.ItemName()) })
	return l
}

func (s *Service) playlist(r music.Ref) music.Playlist {
	l := s.lists[r]
	return music.Playlist{
		Ref: r, Name: l.title, Tracks: len(l.tracks), Writable: l.query == "", Query: l.query,
		Public: l.public, Description: l.about,
	}
}

// Details fills session.Detailer.
func (s *Service) Details(ctx context.Context, of music.Ref) (music.Item, error) {
	if err := s.enter(ctx, "details", of.ID); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.lists[of]
	switch {
	case l == nil:
		return nil, &session.Fault{Kind: session.OtherPermanent, Err: errors.New("it is gone")}
	case of.Kind == music.KindPlaylist:
		return s.playlist(of), nil
	case of.Kind == music.KindAlbum:
		return music.Album{Ref: of, Title: l.title, Tracks: len(l.tracks)}, nil
	}
	return music.Folder{Ref: of, Name: l.title, Count: len(l.items)}, nil
}

// Published fills session.Publisher.
func (s *Service) Published(ctx context.Context, user string) ([]music.Playlist, error) {
	if err := errors.Join(s.enter(ctx, "published", user), s.own(user)); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []music.Playlist
	for _, r := range s.order {
		if s.lists[r].public {
			all = append(all, s.playlist(r))
		}
	}
	return all, nil
}

// SetPublic fills session.Publisher.
func (s *Service) SetPublic(ctx context.Context, p music.Ref, public bool) error {
	return s.changeList(ctx, "setpublic", p, func(l *list) { l.public = public })
}

// DescribePlaylist fills session.Describer.
func (s *Service) DescribePlaylist(ctx context.Context, p music.Ref, text string) error {
	return s.changeList(ctx, "describe", p, func(l *list) { l.about = text })
}

func (s *Service) changeList(ctx context.Context, call string, p music.Ref, change func(*list)) error {
	if err := s.enter(ctx, call, p.ID); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.lists[p]
	if l == nil {
		return &session.Fault{Kind: session.OtherPermanent, Err: errors.New("it is gone")}
	}
	change(l)
	return nil
}

// Starred fills session.StarLister: the starred tracks by their titles.
func (s *Service) Starred(ctx context.Context, user string, ask music.Ask) (music.Page, error) {
	if err := errors.Join(s.enter(ctx, "starred", user), s.own(user)); err != nil {
		return music.Page{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := music.Page{Ask: ask, Title: "Starred"}
	for _, t := range s.tracks {
		if t.Starred {
			p.Items = append(p.Items, t)
		}
	}
	slices.SortFunc(p.Items, func(a, b music.Item) int { return strings.Compare(a.ItemName(), b.ItemName()) })
	p.Total = len(p.Items)
	return p, nil
}

// Suggest fills session.Searcher: the titles that begin with the query.
func (s *Service) Suggest(ctx context.Context, query string, limit int) ([]string, error) {
	if err := s.enter(ctx, "suggest", query); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var texts []string
	for _, t := range s.tracks {
		if strings.HasPrefix(strings.ToLower(t.Title), strings.ToLower(query)) {
			texts = append(texts, t.Title)
		}
	}
	slices.Sort(texts)
	return texts[:min(len(texts), limit)], nil
}

// DidYouMean fills session.Corrector: a query that ends in "!" was meant without it.
func (s *Service) DidYouMean(ctx context.Context, query string) (string, error) {
	if err := s.enter(ctx, "didyoumean", query); err != nil {
		return "", err
	}
	if meant, ok := strings.CutSuffix(query, "!"); ok {
		return meant, nil
	}
	return "", nil
}

// Share fills session.Sharer: the link names the user and the number of tracks.
func (s *Service) Share(ctx context.Context, user string, tracks []music.Ref, message string) (string, error) {
	if err := s.enter(ctx, "share", user); err != nil {
		return "", err
	}
	return "test://" + user + "/" + message + "/" + strings.Repeat("+", len(tracks)), nil
}

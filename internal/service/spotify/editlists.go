package spotify

import (
	"context"
	"errors"
	"strings"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
	"segue/session"
)

// RenamePlaylist gives a playlist another name; its Ref stays.
func (s *Service) RenamePlaylist(ctx context.Context, p music.Ref, name string) (music.Ref, error) {
	op := "rename the playlist"
	if strings.TrimSpace(name) == "" {
		return p, s.nameless(op)
	}
	return p, s.changeList(ctx, p, op, webapi.PlaylistChange{Name: &name}, func(w *webapi.Playlist) { w.Name = name })
}

// DescribePlaylist changes a playlist's description.
func (s *Service) DescribePlaylist(ctx context.Context, p music.Ref, text string) error {
	return s.changeList(ctx, p, "describe the playlist", webapi.PlaylistChange{Description: &text}, func(w *webapi.Playlist) { w.Description = text })
}

// SetPublic shows a playlist on the user's profile, or no longer.
func (s *Service) SetPublic(ctx context.Context, p music.Ref, public bool) error {
	return s.changeList(ctx, p, "publish the playlist", webapi.PlaylistChange{Public: &public}, func(w *webapi.Playlist) { w.Public = public })
}

// changeList changes what is said about a playlist; only its owner may.
func (s *Service) changeList(ctx context.Context, p music.Ref, op string, to webapi.PlaylistChange, note func(*webapi.Playlist)) error {
	if err := s.wants(op, featPlaylists, toChange); err != nil {
		return err
	}
	l := &look{Service: s}
	w, err := l.aboutList(ctx, p.ID)
	if err != nil {
		return s.explain(op, p, err)
	}
	if !s.mine(w) {
		return s.denied(op+" "+music.Clean(w.Name), errors.New("it belongs to "+named(w.Owner, "somebody else")), "")
	}
	if err := s.api.ChangePlaylist(ctx, p.ID, to); err != nil {
		return s.explain(op, p, err)
	}
	note(&w)
	s.knowList(w)
	s.listsChanged(p)
	return nil
}

// DeletePlaylist takes a playlist out of the library. Spotify deletes none: one's own is
// unfollowed like another's, and can be brought back.
func (s *Service) DeletePlaylist(ctx context.Context, p music.Ref) error {
	op := "delete the playlist"
	uri, ok := uriOf(p)
	if !ok || p.Kind != music.KindPlaylist {
		return s.unknown(p)
	}
	if err := s.wants(op, featPlaylists, toChange); err != nil {
		return err
	}
	if err := s.api.Unsave(ctx, uri); err != nil {
		return s.explain(op, p, err)
	}
	s.seen.Lock()
	delete(s.seen.lists, p.ID)
	s.seen.Unlock()
	s.setFollows(p.ID, false)
	s.listsChanged(p)
	return nil
}

// RestorePlaylist puts a playlist back into the library, with all that is in it.
func (s *Service) RestorePlaylist(ctx context.Context, p music.Ref) error {
	op := "bring the playlist back"
	uri, ok := uriOf(p)
	if !ok || p.Kind != music.KindPlaylist {
		return s.unknown(p)
	}
	if err := s.wants(op, featPlaylists, toChange); err != nil {
		return err
	}
	err := s.api.Save(ctx, uri)
	if refuses(err) || webapi.KindOf(err) == webapi.Invalid {
		return &session.Fault{Kind: session.OtherPermanent, Account: s.id, Op: op, Err: err}
	}
	if err != nil {
		return s.explain(op, p, err)
	}
	s.setFollows(p.ID, true)
	s.listsChanged(p)
	return nil
}

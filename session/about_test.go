package session_test

import (
	"slices"
	"testing"

	"segue/internal/music"
	"segue/session"
	"segue/session/sessiontest"
)

func TestAPlaylistIsPublishedAndDescribedAndThatIsTakenBack(t *testing.T) {
	store := sessiontest.NewStore(nil)
	var list music.Ref
	inBubble(t, func(r *rig) {
		list = r.local.AddPlaylist("Mix", r.local.TrackRef("A"))
		now := func() music.Playlist {
			p, err := r.s.Playlist(r.t.Context(), list)
			if err != nil {
				t.Error(err)
			}
			return p
		}
		r.do(session.PlaylistPublish{Playlist: list}, session.PlaylistDescribe{Playlist: list, Text: "for the road"})
		if p := now(); !p.Public || p.Description != "for the road" {
			t.Errorf("%+v", p)
		}
		if mine, err := r.s.PublishedPlaylists(r.t.Context(), music.Local, ""); err != nil || len(mine) != 1 || mine[0].Ref != list {
			t.Errorf("published: %+v %v", mine, err)
		}
		if r.queue().Undo != "changed the description of Mix" {
			t.Errorf("undo says %q", r.queue().Undo)
		}
		r.do(session.Undo{}, session.Undo{})
		if p := now(); p.Public || p.Description != "" {
			t.Errorf("taken back: %+v", p)
		}
		r.do(session.Redo{}, session.Redo{}, session.PlaylistPublish{Playlist: list, To: session.Off}, session.PlaylistPublish{Playlist: list, To: session.On})
		if p := now(); !p.Public || p.Description != "for the road" {
			t.Errorf("again: %+v", p)
		}
		if len(all[session.PlaylistChanged](r)) == 0 {
			t.Error("nobody was told")
		}
	}, func(s *setup) { s.store = store })
	saved, _ := store.Saved()
	last := saved.Journal.Done[len(saved.Journal.Done)-1]
	if last.List == nil || last.List.Was != "off" || last.List.Is != "on" || last.List.Ref != list {
		t.Errorf("saved as %+v", last)
	}
}

func TestEditsOfAPlaylistAreTold(t *testing.T) {
	inBubble(t, func(r *rig) {
		told := func() []music.Ref {
			var refs []music.Ref
			for _, e := range all[session.PlaylistChanged](r) {
				refs = append(refs, e.Playlist)
			}
			r.events = nil
			return refs
		}
		list := r.local.AddPlaylist("Mix")
		lists := music.Section(music.Local, music.SectionPlaylists)
		for _, c := range []session.Command{
			session.PlaylistAdd{Playlist: list, Add: asks(r.local.TrackRef("A"))},
			session.PlaylistRename{Playlist: list, Name: "Other"}, session.Undo{}, session.PlaylistDelete{Playlist: list},
		} {
			r.do(c)
			if got := told(); !slices.Contains(got, list) || !slices.Contains(got, lists) {
				t.Errorf("%T: %v", c, got)
			}
		}
		r.local.Changed(list) // by another program
		r.settle()
		if got := told(); !slices.Equal(got, []music.Ref{list}) {
			t.Errorf("by another: %v", got)
		}
	})
}

func TestTracksAreSharedWithALink(t *testing.T) {
	home := sessiontest.NewService("home")
	bare := sessiontest.NewService("bare")
	inBubble(t, func(r *rig) {
		track := r.local.TrackRef("A")
		r.do(session.InboxPost{Ticket: 7, Account: "home", User: "nina", Tracks: []music.Ref{track, track}, Message: "hear"})
		if e, ok := last[session.Shared](r); !ok || e.Ticket != 7 || e.Fault != nil || e.Link != "test://nina/hear/++" {
			t.Errorf("%+v", e)
		}
		for _, c := range []struct {
			post session.InboxPost
			kind session.FaultKind
		}{
			{session.InboxPost{Account: "home"}, session.InvalidArgument},
			{session.InboxPost{Account: "bare", Tracks: []music.Ref{track}}, session.PermissionDenied},
			{session.InboxPost{Account: "away", Tracks: []music.Ref{track}}, session.InvalidArgument},
		} {
			r.do(c.post)
			if e, _ := last[session.Shared](r); e.Fault == nil || e.Fault.Kind != c.kind {
				t.Errorf("%+v: %+v", c.post, e.Fault)
			}
		}
	}, func(s *setup) { s.accounts = append(s.accounts, home.Account(), bare.Bare()) })
}

func TestStarsAndPlaylistsOfStrangersAreRefused(t *testing.T) {
	bare := sessiontest.NewService("bare")
	inBubble(t, func(r *rig) {
		r.do(session.Star{Refs: []music.Ref{r.local.TrackRef("B")}})
		p, err := r.s.Starred(r.t.Context(), music.Local, "alice", music.Ask{})
		if err != nil || len(p.Items) != 1 || p.Items[0].ItemName() != "B" {
			t.Errorf("one's own: %+v %v", p, err)
		}
		if _, err := r.s.Starred(r.t.Context(), music.Local, "bob", music.Ask{}); kindOf(err) != session.NoSuchUser {
			t.Error(err)
		}
		if _, err := r.s.PublishedPlaylists(r.t.Context(), music.Local, "bob"); kindOf(err) != session.NoSuchUser {
			t.Error(err)
		}
		if _, err := r.s.PublishedPlaylists(r.t.Context(), "bare", ""); kindOf(err) != session.PermissionDenied {
			t.Error(err)
		}
	}, func(s *setup) { s.accounts = append(s.accounts, bare.Bare()) })
}

func TestThePlaylistContainerIsATree(t *testing.T) {
	inBubble(t, func(r *rig) {
		folder := music.Ref{Account: music.Local, Kind: music.KindFolder, ID: "Summer"}
		inner := r.local.AddPlaylist("Beach")
		r.local.AddContainer(folder, "Summer", music.Playlist{Ref: inner, Name: "Beach"})
		r.local.AddContainer(music.Section(music.Local, music.SectionPlaylists), "Playlists", music.Folder{Ref: folder, Name: "Summer"})
		tree, err := r.s.PlaylistContainer(r.t.Context(), music.Local)
		if err != nil || len(tree) != 3 || tree[0].Folder == nil || tree[1].Playlist.Name != "Beach" || tree[1].Depth != 1 || tree[2].Depth != 0 {
			t.Errorf("%+v %v", tree, err)
		}
	})
}

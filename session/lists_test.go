package session_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"segue/internal/music"
	"segue/session"
)

func (r *rig) wantList(list music.Ref, want ...string) {
	r.t.Helper()
	if got := r.local.Rows(list); !slices.Equal(got, want) {
		r.t.Errorf("the playlist is %q, want %q", got, want)
	}
}

func TestPlaylistEditsAndTheWayBack(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(r *rig, list music.Ref) session.Command
		want []string
		undo string
	}{
		{"add a container", func(r *rig, list music.Ref) session.Command {
			return session.PlaylistAdd{Playlist: list, Add: asks(r.album)}
		}, []string{"A", "B", "C", "A", "B", "C", "D"}, "added 4 tracks to Evening"},
		{"remove two", func(r *rig, list music.Ref) session.Command {
			return session.PlaylistRemove{Playlist: list, Rows: []session.Row{{Index: 0, Track: r.ref("A")}, {Index: 2, Track: r.ref("C")}}}
		}, []string{"B"}, "removed 2 tracks from Evening"},
		{"move up", func(r *rig, list music.Ref) session.Command {
			return session.PlaylistMove{Playlist: list, Rows: []session.Row{{Index: 2, Track: r.ref("C")}}, Before: 0}
		}, []string{"C", "A", "B"}, "moved 1 track in Evening"},
		{"move to the end", func(r *rig, list music.Ref) session.Command {
			return session.PlaylistMove{Playlist: list, Rows: []session.Row{{Index: 0, Track: r.ref("A")}}, Before: 3}
		}, []string{"B", "C", "A"}, "moved 1 track in Evening"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(r *rig) {
				list := r.local.AddPlaylist("Evening", r.ref("A"), r.ref("B"), r.ref("C"))
				r.do(c.do(r, list))
				r.wantList(list, c.want...)
				if got := r.queue().Undo; got != c.undo {
					t.Errorf("undo says %q, want %q", got, c.undo)
				}
				if u, _ := last[session.Undoable](r); u.Text != c.undo {
					t.Errorf("Undoable says %q", u.Text)
				}
				r.do(session.Undo{})
				r.wantList(list, "A", "B", "C")
				r.do(session.Redo{})
				r.wantList(list, c.want...)
				if e, _ := last[session.ContainerChanged](r); e.Of.Account != music.Local {
					t.Errorf("ContainerChanged of %s", e.Of)
				}
			})
		})
	}
}

func TestAnEditOfAPlaylistThatOthersChangedLosesNothing(t *testing.T) {
	inBubble(t, func(r *rig) {
		list := r.local.AddPlaylist("Evening", r.ref("A"), r.ref("B"))
		r.do(session.PlaylistAdd{Playlist: list, Add: asks(r.ref("C"))})
		r.local.SetRows(list, r.ref("D"))
		r.do(session.PlaylistRemove{Playlist: list, Rows: []session.Row{{Index: 0, Track: r.ref("A")}}})
		r.wantList(list, "D")
		r.do(session.Undo{})
		r.wantList(list, "D")
		n := 0
		for _, e := range all[session.Notice](r) {
			if e.Fault != nil && e.Fault.Kind == session.Conflict {
				n++
			}
		}
		if n != 2 {
			t.Errorf("%d conflicts told: %q", n, r.notices())
		}
		if r.queue().Undo != "" {
			t.Errorf("undo still offers %q", r.queue().Undo)
		}
	})
}

func TestRowsThatOthersMovedAreFoundWhereTheyAreNow(t *testing.T) {
	inBubble(t, func(r *rig) {
		list := r.local.AddPlaylist("Evening", r.ref("A"), r.ref("B"), r.ref("C"))
		r.local.SetRows(list, r.ref("D"), r.ref("A"), r.ref("B"), r.ref("B"), r.ref("C"))
		r.do(session.PlaylistRemove{Playlist: list, Rows: []session.Row{{Index: 0, Track: r.ref("A")}, {Index: 1, Track: r.ref("B")}}})
		r.wantList(list, "D", "B", "C")
		r.do(session.Undo{})
		r.wantList(list, "D", "A", "B", "B", "C")
	})
}

func TestAnEditThatWasOvertakenIsMadeAgain(t *testing.T) {
	inBubble(t, func(r *rig) {
		list := r.local.AddPlaylist("Evening", r.ref("A"))
		release := r.local.Hold("edit")
		r.do(session.PlaylistAdd{Playlist: list, Add: asks(r.ref("B"))})
		r.local.SetRows(list, r.ref("A"), r.ref("C")) // after the session has read it
		release()
		r.settle()
		r.wantList(list, "A", "C", "B")
		if n := r.notices(); len(n) != 0 {
			t.Errorf("told: %q", n)
		}
	})
}

func TestAnUndoThatFailsCanBeTriedAgain(t *testing.T) {
	inBubble(t, func(r *rig) {
		list := r.local.AddPlaylist("Evening")
		r.do(session.PlaylistAdd{Playlist: list, Add: asks(r.ref("A"))})
		r.local.Fail("edit", errors.New("the server is away"))
		r.do(session.Undo{})
		r.wantList(list, "A")
		r.local.Fail("edit", nil)
		r.do(session.Undo{})
		r.wantList(list)
	})
}

func TestADeletedPlaylistComesBackAndItsHistoryFollowsIt(t *testing.T) {
	inBubble(t, func(r *rig) {
		list := r.local.AddPlaylist("Evening", r.ref("A"))
		r.do(session.PlaylistAdd{Playlist: list, Add: asks(r.ref("B"))},
			session.PlaylistRename{Playlist: list, Name: "Night"},
			session.PlaylistDelete{Playlist: list})
		if got := r.local.Lists(); len(got) != 0 {
			t.Fatalf("playlists %q", got)
		}
		// Three undos at once: each waits for the one before.
		for range 3 {
			r.s.Send(session.Undo{})
		}
		r.settle()
		if got := r.local.Lists(); !slices.Equal(got, []string{"Evening"}) {
			t.Errorf("playlists %q", got)
		}
		back := music.Ref{Account: music.Local, Kind: music.KindPlaylist, ID: "Night-2"} // a new one at the service
		r.wantList(back, "A")
		r.do(session.Redo{}, session.Redo{}, session.Redo{})
		if got := r.local.Lists(); len(got) != 0 {
			t.Errorf("playlists %q", got)
		}
	})
}

func TestALivePlaylistIsMadeOfAQueryAndComesBackLive(t *testing.T) {
	inBubble(t, func(r *rig) {
		query := func(want ...string) {
			t.Helper()
			var got []string
			lists, err := r.local.Children(t.Context(), music.Ask{Of: music.Section(music.Local, music.SectionPlaylists)})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range lists.Items {
				p, ok := e.(music.Playlist)
				if !ok || p.Writable {
					t.Fatalf("%#v", e)
				}
				got = append(got, p.Name+" = "+p.Query)
			}
			if !slices.Equal(got, want) {
				t.Errorf("live playlists %q, want %q", got, want)
			}
		}
		r.do(session.PlaylistCreate{Account: music.Local, Name: "Best", Query: "A"})
		query("Best = A")
		if u, _ := last[session.Undoable](r); u.Text != "created the live playlist Best" {
			t.Errorf("Undoable says %q", u.Text)
		}
		r.do(session.Undo{})
		query()
		r.do(session.Redo{})
		query("Best = A")
		ref := music.Ref{Account: music.Local, Kind: music.KindPlaylist, ID: "Best-2"}
		r.do(session.PlaylistDelete{Playlist: ref})
		query()
		r.do(session.Undo{})
		query("Best = A")
		r.local.Fail("createlive", &session.Fault{Kind: session.InvalidArgument, Err: errors.New("no such field")})
		for _, c := range []session.PlaylistCreate{
			{Account: music.Local, Name: "Broken", Query: "x:y"},
			{Account: music.Local, Query: "A"},
			{Account: music.Local, Name: "Both", Query: "A", Add: asks(r.ref("B"))},
		} {
			r.events = nil
			r.do(c)
			if f := faultIn(r); f == nil || f.Kind != session.InvalidArgument {
				t.Errorf("%+v: %v", c, f)
			}
		}
		query("Best = A")
	})
}

// onlyPlain edits playlists but has none that live.
type onlyPlain struct {
	session.Service
	session.PlaylistEditor
}

func TestAnAccountWithoutLivePlaylistsSaysSo(t *testing.T) {
	plain := func(c *setup) {
		s := c.accounts[0].Service
		c.accounts[0].Service = onlyPlain{s, s.(session.PlaylistEditor)} //nolint:errcheck // it is one
	}
	inBubble(t, func(r *rig) {
		r.do(session.PlaylistCreate{Account: music.Local, Name: "Best", Query: "A"})
		if f := faultIn(r); f == nil || f.Kind != session.PermissionDenied {
			t.Errorf("%v", f)
		}
		if can := last1[session.AccountsChanged](r).Accounts[0].Can; !can.Playlists || can.Live {
			t.Errorf("can %+v", can)
		}
		if got := r.local.Lists(); len(got) != 0 {
			t.Errorf("playlists %q", got)
		}
	}, plain)
}

func TestTheQueueIsSavedAsAPlaylist(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.playAlbum()
		r.do(session.SaveQueue{Name: "Mine"})
		if got := r.local.Lists(); !slices.Equal(got, []string{"Mine"}) {
			t.Errorf("playlists %q", got)
		}
		r.wantList(music.Ref{Account: music.Local, Kind: music.KindPlaylist, ID: "Mine-1"}, "A", "B", "C", "D")
		r.do(session.Undo{})
		if got := r.local.Lists(); len(got) != 0 {
			t.Errorf("undone: %q", got)
		}
		r.do(session.Redo{}, session.SaveQueue{})
		if got := r.local.Lists(); !slices.Equal(got, []string{"Mine"}) {
			t.Errorf("redone: %q", got)
		}
	})
}

func TestStarsAndRatingsAreSetToldAndTakenBack(t *testing.T) {
	inBubble(t, func(r *rig) {
		refs := []music.Ref{r.ref("A"), r.ref("B")}
		r.playAlbum()
		r.do(session.Star{Refs: refs[:1], To: session.On}, session.Star{Refs: refs})
		if !r.local.Track(refs[0]).Starred || !r.local.Track(refs[1]).Starred {
			t.Error("a flip of one starred and one not stars both")
		}
		if !r.playback().Track.Starred {
			t.Error("what plays does not know of its star")
		}
		if e, _ := last[session.TracksChanged](r); len(e.Tracks) != 2 || !e.Tracks[1].Starred {
			t.Errorf("%+v", e.Tracks)
		}
		r.do(session.Undo{})
		if !r.local.Track(refs[0]).Starred || r.local.Track(refs[1]).Starred {
			t.Error("undo must leave the one that was starred before")
		}
		r.do(session.Redo{}, session.Star{Refs: refs})
		if r.local.Track(refs[0]).Starred || r.local.Track(refs[1]).Starred {
			t.Error("a flip of two starred unstars both")
		}
		r.do(session.Rate{Refs: refs[:1], Stars: 3}, session.Rate{Refs: refs, Stars: 9})
		if got := r.local.Track(refs[1]).Rating; got != 5 {
			t.Errorf("rating %d", got)
		}
		r.do(session.Undo{})
		if a, b := r.local.Track(refs[0]).Rating, r.local.Track(refs[1]).Rating; a != 3 || b != 0 {
			t.Errorf("ratings %d and %d, want 3 and 0", a, b)
		}
	})
}

func TestWhatAnAccountCannotDoIsSaidSo(t *testing.T) {
	bare := func(c *setup) { c.accounts[0].Service = struct{ session.Service }{c.accounts[0].Service} }
	inBubble(t, func(r *rig) {
		if can := last1[session.AccountsChanged](r).Accounts[0].Can; can != (session.Can{}) {
			t.Errorf("can %+v", can)
		}
		list := music.Ref{Account: music.Local, Kind: music.KindPlaylist, ID: "x"}
		for _, c := range []session.Command{
			session.Star{Refs: []music.Ref{r.ref("A")}}, session.Rate{Refs: []music.Ref{r.ref("A")}, Stars: 2}, session.Scan{Account: music.Local},
			session.PlaylistCreate{Account: music.Local, Name: "x"}, session.PlaylistAdd{Playlist: list}, session.PlaylistRemove{Playlist: list},
			session.PlaylistMove{Playlist: list}, session.PlaylistRename{Playlist: list, Name: "y"}, session.PlaylistDelete{Playlist: list},
			session.SaveQueue{Name: "z"}, session.LoadImage{Of: list}, session.LoadLyrics{Track: r.ref("A")},
		} {
			r.events = nil
			r.do(c)
			if f := faultIn(r); f == nil || f.Kind != session.PermissionDenied {
				t.Errorf("%T: %v", c, f)
			}
		}
	}, bare)
}

func TestAnAccountThatIsNotThereIsSaidSo(t *testing.T) {
	inBubble(t, func(r *rig) {
		gone := music.Ref{Account: "gone", Kind: music.KindAlbum, ID: "x"}
		track := music.Ref{Account: "gone", Kind: music.KindTrack, ID: "x"}
		for _, c := range []session.Command{
			session.Load{Ask: music.Ask{Of: gone}}, session.LoadImage{Of: gone}, session.LoadLyrics{Track: track},
			session.Star{Refs: []music.Ref{track}}, session.Scan{Account: "gone"}, session.PlaylistCreate{Account: "gone", Name: "x"},
			session.PlaylistDelete{Playlist: gone}, session.PlayContext{Ask: music.Ask{Of: gone}}, session.Enqueue{Asks: asks(gone)},
			session.PlayContext{Ask: music.Ask{Of: track}},
		} {
			r.events = nil
			r.do(c)
			if f := faultIn(r); f == nil || f.Kind != session.InvalidArgument {
				t.Errorf("%T: %v", c, f)
			}
		}
	})
}

// faultIn is the newest fault that was told, however.
func faultIn(r *rig) (f *session.Fault) {
	for _, e := range r.events {
		switch e := e.(type) {
		case session.Notice:
			if e.Fault != nil {
				f = e.Fault
			}
		case session.PageLoaded:
			f = e.Fault
		case session.ImageLoaded:
			f = e.Fault
		case session.LyricsLoaded:
			f = e.Fault
		}
	}
	return f
}

func last1[E session.Event](r *rig) E {
	e, ok := last[E](r)
	if !ok {
		r.t.Errorf("no %s", fmt.Sprintf("%T", e))
	}
	return e
}

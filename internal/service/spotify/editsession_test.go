package spotify

import (
	"context"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/player"
	"segue/session"
	"segue/session/sessiontest"
)

// signedIn is the account without its sign-in, which stand-ins do not need.
type signedIn struct {
	session.Service
	session.PlaylistEditor
	session.Restorer
	session.Detailer
	session.Starrer
	session.Publisher
}

// inSession runs a session with the account and the account local, which has one track.
func (d *desk) inSession(f func(s *session.Session, wait func(what string, is func(session.Event) bool), local *sessiontest.Service)) {
	d.t.Helper()
	local := sessiontest.NewService(music.Local)
	s := session.New(session.Config{}, sessiontest.NewPlayer(time.Sleep), sessiontest.NewStore(nil), local.Account(),
		session.Account{ID: "music", Kind: Kind, Service: signedIn{d.s, d.s, d.s, d.s, d.s, d.s}})
	sub := s.Subscribe("test")
	ctx, cancel := context.WithCancel(d.t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	defer func() {
		cancel()
		if err := <-done; err != nil {
			d.t.Error(err)
		}
	}()
	var had []session.Event
	f(s, func(what string, is func(session.Event) bool) {
		d.t.Helper()
		ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
		defer cancel()
		for {
			for len(had) > 0 {
				ev := had[0]
				had = had[1:]
				if n, ok := ev.(session.Notice); ok && n.Fault != nil {
					d.t.Errorf("told: %s", n.Text)
				}
				if is(ev) {
					return
				}
			}
			events, ok := sub.Take(ctx)
			if had = append(had, events...); !ok && len(events) == 0 {
				d.t.Fatalf("it did not come to pass: %s", what)
			}
		}
	}, local)
}

// undoable waits for what can be undone.
func undoable(text string) func(session.Event) bool {
	return func(ev session.Event) bool {
		u, ok := ev.(session.Undoable)
		return ok && strings.Contains(u.Text, text)
	}
}

// undone waits until nothing more can be undone.
func undone(ev session.Event) bool {
	q, ok := ev.(session.QueueChanged)
	return ok && q.Queue.Undo == "" && q.Queue.Redo != ""
}

func TestEditsInASessionAreTakenBackExactly(t *testing.T) {
	d := newDesk(t)
	p := d.ref(music.KindPlaylist, d.f.Mine)
	had := d.uris(d.f.Mine)
	d.page(music.Ask{Of: d.ref(music.KindAlbum, d.f.Albums[4])})
	d.inSession(func(s *session.Session, wait func(string, func(session.Event) bool), _ *sessiontest.Service) {
		row := func(i int) session.Row { return session.Row{Index: i, Track: d.refs(p)[i]} }
		for what, c := range map[string]session.Command{
			"removed": session.PlaylistRemove{Playlist: p, Rows: []session.Row{row(1), row(3)}},
			"moved":   session.PlaylistMove{Playlist: p, Rows: []session.Row{row(7)}, Before: 0},
			"added":   session.PlaylistAdd{Playlist: p, Add: []music.Ask{{Of: d.track(20)}}},
			"deleted": session.PlaylistDelete{Playlist: p},
		} {
			s.Send(c)
			wait(what, undoable(what))
			if what != "deleted" && d.uris(d.f.Mine) == had {
				t.Errorf("%s: nothing was done", what)
			}
			s.Send(session.Undo{})
			wait(what+" is undone", undone)
			if now := d.uris(d.f.Mine); now != had {
				t.Errorf("%s: after undo it is\n%s\nwant\n%s", what, now, had)
			}
			if lists := namesOf(d.section(music.SectionPlaylists).Items); !strings.Contains(lists, "Evening") || strings.Count(lists, "Evening") != 1 {
				t.Errorf("%s: after undo there are %q", what, lists)
			}
		}
	})
}

func TestAFileOnDiskInAPlaylistPlaysFromDisk(t *testing.T) {
	d := newDesk(t)
	d.inSession(func(s *session.Session, wait func(string, func(session.Event) bool), local *sessiontest.Service) {
		file := local.AddTrack(music.Track{Ref: localRef(d.f.LocalFile), Title: "A Song, on this disk", Duration: 199 * time.Second})
		p := d.ref(music.KindPlaylist, d.f.Mine)
		page, err := s.Page(t.Context(), music.Ask{Of: p})
		if err != nil || page.Items[7].ItemName() != "A Song, on this disk" || page.Items[7].ItemRef() != file {
			t.Fatalf("%+v, %v", page.Items[7], err)
		}
		s.Send(session.PlayContext{Ask: music.Ask{Of: p}, Start: file, Index: 7})
		wait("it plays", func(ev session.Event) bool {
			e, ok := ev.(session.PlaybackChanged)
			return ok && e.Playback.Track.Ref == file && e.Playback.State == player.Playing
		})
	})
}

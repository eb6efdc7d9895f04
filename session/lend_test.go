package session_test

import (
	"testing"
	"time"

	"segue/internal/music"
	"segue/session"
	"segue/session/sessiontest"
)

func TestAFileOnDiskInAPlaylistElsewhereIsShownAndPlaysAsTheLibraryKnowsIt(t *testing.T) {
	far := sessiontest.NewService("far")
	inBubble(t, func(r *rig) {
		added := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
		list := music.Ref{Account: "far", Kind: music.KindPlaylist, ID: "mixed"}
		far.AddContainer(list, "Mixed",
			music.Track{Ref: music.Ref{Account: "far", Kind: music.KindTrack, ID: "f"}, Title: "From afar"},
			music.Track{Ref: r.ref("A"), Title: "as afar calls it", Added: added})
		p, err := r.s.Page(r.t.Context(), music.Ask{Of: list})
		if err != nil || len(p.Items) != 2 {
			t.Fatalf("%+v, %v", p, err)
		}
		row, ok := p.Items[1].(music.Track)
		if want := r.local.Track(r.ref("A")); !ok || row.Title != want.Title || row.Duration != want.Duration || !row.Added.Equal(added) {
			t.Errorf("the row is %+v", p.Items[1])
		}
		if p.Items[0].ItemName() != "From afar" {
			t.Errorf("the other is %+v", p.Items[0])
		}
		r.do(session.Load{Ticket: 5, Ask: music.Ask{Of: list}})
		if e, _ := last[session.PageLoaded](r); e.Page.Items[1].ItemName() != "A" {
			t.Errorf("loaded %+v", e.Page.Items[1])
		}
		r.do(session.PlayContext{Ask: music.Ask{Of: r.ref("A")}})
		r.wantTrack("A")
	}, func(c *setup) { c.accounts = append(c.accounts, far.Account()) })
}

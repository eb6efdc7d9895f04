package session_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"segue/internal/music"
	"segue/session"
	"segue/session/sessiontest"
)

// withHome adds the account "home" with the album "Remote" of two tracks, W and X.
func withHome(prepare func(home *sessiontest.Service)) (*sessiontest.Service, option) {
	home := sessiontest.NewService("home")
	home.AddAlbum("Remote", 60*time.Second, "W", "X")
	if prepare != nil {
		prepare(home)
	}
	return home, func(c *setup) { c.accounts = append(c.accounts, home.Account()) }
}

func (r *rig) accountInfo(i int) session.AccountInfo {
	return last1[session.AccountsChanged](r).Accounts[i]
}

func TestAnAccountThatCannotBeReachedIsTriedAgain(t *testing.T) {
	away := &session.Fault{Kind: session.UnableToContactServer, Err: errors.New("connection refused")}
	home, option := withHome(func(h *sessiontest.Service) { h.Fail("children", away) })
	inBubble(t, func(r *rig) {
		a := r.accountInfo(1)
		if a.State != session.ConnOffline || a.Note != "home: connect: connection refused" || !about(time.Until(a.RetryAt), 5*time.Second) {
			t.Errorf("%+v", a)
		}
		if l := r.accountInfo(0); l.State != session.ConnLoggedIn || len(l.Sections) != 2 || !l.Can.Playlists {
			t.Errorf("%+v", l)
		}
		time.Sleep(time.Until(r.accountInfo(1).RetryAt))
		r.settle()
		if a := r.accountInfo(1); !about(time.Until(a.RetryAt), 10*time.Second) {
			t.Errorf("the second time it is tried in %s", time.Until(a.RetryAt))
		}
		home.Fail("children", nil)
		time.Sleep(12 * time.Second)
		r.settle()
		if a := r.accountInfo(1); a.State != session.ConnLoggedIn || len(a.Sections) != 2 || a.Note != "" || !a.RetryAt.IsZero() {
			t.Errorf("%+v", a)
		}
		home.Fail("children", away)
		home.Changed(music.Section("home", music.SectionRoot))
		time.Sleep(time.Second)
		r.settle()
		if a := r.accountInfo(1); a.State != session.ConnDisconnected || len(a.Sections) != 2 {
			t.Errorf("gone again: %+v", a)
		}
		home.Fail("children", &session.Fault{Kind: session.BadUsernameOrPassword, Err: errors.New("wrong password")})
		time.Sleep(time.Hour)
		r.settle()
		if a := r.accountInfo(1); a.State != session.ConnLoggedOut || !a.RetryAt.IsZero() {
			t.Errorf("refused: %+v", a)
		}
	}, option)
}

// about allows for the jitter of a delay.
func about(d, want time.Duration) bool { return d >= want && d <= want+want/5 }

func TestOneHangingAccountHoldsUpNoOther(t *testing.T) {
	home, option := withHome(nil)
	inBubble(t, func(r *rig) {
		release := home.Hold("children Remote")
		defer release()
		remote := music.Ref{Account: "home", Kind: music.KindAlbum, ID: "Remote"}
		for i := range 20 {
			r.do(session.Load{Ticket: session.Ticket(100 + i), Ask: music.Ask{Of: remote}})
		}
		n := 0
		for _, c := range home.Calls() {
			if c == "children Remote" {
				n++
			}
		}
		if n != 8 {
			t.Errorf("%d calls at once, want 8", n)
		}
		r.do(session.Load{Ticket: 1, Ask: music.Ask{Of: r.album}})
		if p := last1[session.PageLoaded](r); p.Ticket != 1 || len(p.Page.Items) != 4 {
			t.Errorf("%+v", p)
		}
		release()
		r.settle()
		if n := len(all[session.PageLoaded](r)); n != 21 {
			t.Errorf("%d pages, want 21", n)
		}
	}, option)
}

func TestALaneKeepsOnlyTheNewestQuestion(t *testing.T) {
	inBubble(t, func(r *rig) {
		release := r.local.Hold("children Suite")
		for i := range 50 {
			r.do(session.Load{Ticket: session.Ticket(i), Lane: "main", Ask: music.Ask{Of: r.album}})
		}
		release()
		r.settle()
		pages := all[session.PageLoaded](r)
		if len(pages) != 1 || pages[0].Ticket != 49 || pages[0].Fault != nil {
			t.Errorf("%+v", pages)
		}
	})
}

func TestAWindowOfTheQueueHasEntriesAndAFilter(t *testing.T) {
	home, option := withHome(nil)
	inBubble(t, func(r *rig) {
		r.playAlbum()
		r.do(session.Enqueue{Asks: asks(home.TrackRef("W"), r.ref("A"), home.TrackRef("gone"))},
			session.Load{Ticket: 3, Ask: music.Ask{Of: music.Queue, Offset: 3, Limit: 3}})
		p := last1[session.PageLoaded](r)
		var got []string
		for _, it := range p.Page.Items {
			got = append(got, it.ItemName())
		}
		if !slices.Equal(got, []string{"D", "W", "A"}) || len(p.Entries) != 3 || p.Page.Total != 7 || p.Fault != nil {
			t.Errorf("%q, %v, %+v", got, p.Entries, p.Page)
		}
		r.do(session.Load{Ticket: 4, Ask: music.Ask{Of: music.Queue, Filter: "title:a | title:w"}})
		p = last1[session.PageLoaded](r)
		if p.Page.Total != 3 || len(p.Entries) != 3 || p.Entries[1] == p.Entries[2] {
			t.Errorf("filtered: %v, %+v", p.Entries, p.Page)
		}
		r.do(session.Load{Ticket: 5, Ask: music.Ask{Of: music.Queue, Filter: "year:abc("}})
		if p = last1[session.PageLoaded](r); p.Fault == nil || p.Fault.Kind != session.InvalidArgument {
			t.Errorf("a filter that is wrong: %v", p.Fault)
		}
		r.do(session.Load{Ask: music.Ask{Of: music.Queue, Offset: 5000}}, session.Load{Ask: music.Ask{Of: music.Queue, Offset: -5, Limit: -1}})
		if p = last1[session.PageLoaded](r); len(p.Page.Items) != 7 {
			t.Errorf("%d rows", len(p.Page.Items))
		}
	}, option)
}

func TestWhatWasHeardIsReportedToTheTracksAccountAndTheLocalOne(t *testing.T) {
	home, option := withHome(nil)
	inBubble(t, func(r *rig) {
		r.do(session.PlayContext{Ask: music.Ask{Of: music.Ref{Account: "home", Kind: music.KindAlbum, ID: "Remote"}}})
		r.sleep(20 * time.Second)
		r.do(session.Next{}) // a third of W: no play
		r.sleep(31 * time.Second)
		r.do(session.Next{}) // half of X: a play
		for _, s := range []*sessiontest.Service{home, r.local} {
			var got []string
			for _, h := range s.Reports() {
				got = append(got, h.Track.Title+" "+h.Heard.String()+map[bool]string{true: " counts", false: ""}[h.Counts])
			}
			if !slices.Equal(got, []string{"W 20s", "X 31s counts"}) {
				t.Errorf("%s heard of %q", s.ID, got)
			}
		}
		changed := map[string]bool{}
		for _, e := range all[session.ContainerChanged](r) {
			changed[e.Of.String()] = true
		}
		if !changed["segue:local:section:toplist"] || !changed["segue:home:section:played"] {
			t.Errorf("changed: %v", changed)
		}
	}, option)
}

func TestAPlayCountsAtHalfOrFourMinutes(t *testing.T) {
	for _, c := range []struct {
		name          string
		length, heard time.Duration
		counts        bool
	}{
		{"just under half", 100 * time.Second, 49 * time.Second, false},
		{"half", 100 * time.Second, 50 * time.Second, true},
		{"four minutes of an hour", time.Hour, 4 * time.Minute, true},
		{"less of an hour", time.Hour, 239 * time.Second, false},
		{"half of a short one", 10 * time.Second, 5 * time.Second, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(r *rig) {
				one := r.local.AddAlbum("One", c.length, "one")
				r.do(session.PlayContext{Ask: music.Ask{Of: one}})
				r.sleep(c.heard)
				r.do(session.Stop{})
				if h := last1[session.TrackHeard](r).Heard; h.Counts != c.counts || h.Heard != c.heard {
					t.Errorf("%+v", h)
				}
			})
		})
	}
}

func TestThePlayOfTheLastMomentIsCountedWhenTheSessionEnds(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.playAlbum()
		r.sleep(60 * time.Second)
		r.close()
		if got := r.local.Reports(); len(got) != 1 || !got[0].Counts || got[0].Heard < 59*time.Second || got[0].Heard > 61*time.Second {
			t.Errorf("%+v", got)
		}
	})
}

func TestAScanShowsProgressAndCanBeCancelled(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.do(session.Scan{Account: music.Local, Paths: []string{"/music"}})
		p := last1[session.Progress](r)
		if !p.Finished || p.Fault != nil || p.Title != "Scanning local" {
			t.Errorf("%+v", p)
		}
		release := r.local.Hold("scan")
		defer release()
		r.do(session.Scan{Account: music.Local}, session.Scan{Account: music.Local})
		r.wantNotice("a scan of local is at work already")
		second := r.s.Subscribe("late")
		r.settle()
		events, _ := second.Take(r.t.Context())
		if !slices.ContainsFunc(events, func(e session.Event) bool { p, ok := e.(session.Progress); return ok && p.Job == 2 }) {
			t.Error("a newcomer does not hear of the scan")
		}
		r.do(session.CancelJob{Job: 2}, session.CancelJob{Job: 99})
		if p = last1[session.Progress](r); !p.Finished || p.Fault == nil || p.Fault.Kind != session.Cancelled {
			t.Errorf("%+v", p)
		}
	})
}

func TestLinksArePlayedOrAdded(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.do(session.OpenLink{Text: "album:Suite"})
		r.wantTrack("A")
		r.do(session.OpenLink{Text: "test:D", Where: session.AfterCurrent}, session.OpenLink{Text: r.ref("C").String(), Where: session.AtEnd})
		r.wantRows("A", "D", "B", "C", "D", "C")
		r.do(session.OpenLink{Text: "what is this"})
		r.wantNotice("open what is this: it is neither a path nor a link; give a path, a URL or a link")
	})
}

func TestPicturesAndLyricsCarryTheirTrack(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.do(session.LoadImage{Ticket: 8, Of: r.album, Px: 300}, session.LoadLyrics{Ticket: 9, Track: r.ref("B")})
		if im := last1[session.ImageLoaded](r); im.Ticket != 8 || im.Image.Of != r.album || len(im.Image.Data) == 0 {
			t.Errorf("%+v", im)
		}
		if l := last1[session.LyricsLoaded](r); l.Ticket != 9 || l.Lyrics.Track != r.ref("B") || len(l.Lyrics.Lines) != 1 {
			t.Errorf("%+v", l)
		}
		r.local.Fail("lyrics", errors.New("no route"))
		r.do(session.LoadLyrics{Ticket: 10, Track: r.ref("C")})
		if l := last1[session.LyricsLoaded](r); l.Lyrics.Track != r.ref("C") || l.Fault == nil {
			t.Errorf("%+v", l)
		}
	})
}

func TestEveryEventIsALineInTheLog(t *testing.T) {
	var lines []string
	inBubble(t, func(r *rig) {
		r.playAlbum()
		r.sleep(100 * time.Second)
		r.do(session.SaveView{Data: []byte("secret view")}, session.LoadImage{Of: r.album})
	}, func(c *setup) { c.cfg.Log = func(l string) { lines = append(lines, l) } })
	text := strings.Join(lines, "\n")
	for _, want := range []string{"PlaybackChanged playing", "TrackHeard segue:local:track:A", "QueueChanged version=1", "ImageLoaded ticket=0 segue:local:album:Suite 5 bytes"} {
		if !strings.Contains(text, want) {
			t.Errorf("the log has no %q:\n%s", want, text)
		}
	}
}

func TestAnIdleSessionDoesNothing(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.playAlbum()
		r.do(session.Pause{})
		time.Sleep(10 * time.Second)
		r.settle()
		r.events = nil
		r.local.Calls()
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		r.take()
		if calls := r.local.Calls(); len(r.events) > 0 || len(calls) > 0 {
			t.Errorf("in a day: %v, %q", r.events, calls)
		}
	})
}

func TestAnIdleSessionWithAServerDoesNothing(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		w.playRemote()
		w.do(session.Pause{})
		time.Sleep(10 * time.Minute)
		w.settle()
		w.forget()
		w.home.Calls()
		time.Sleep(24 * time.Hour)
		w.settle()
		if calls := w.home.Calls(); len(w.events) > 0 || len(calls) > 0 {
			t.Errorf("in a day: %v, %q", w.events, calls)
		}
	})
}

func TestWorkThatAUserWaitsForIsShownAfterHalfASecondAndCanBeCancelled(t *testing.T) {
	inBubble(t, func(r *rig) {
		release := r.local.Hold("refs Suite")
		defer release()
		r.playAlbum()
		if n := len(all[session.Progress](r)); n != 0 {
			t.Errorf("%d at once", n)
		}
		time.Sleep(time.Second)
		r.settle()
		p := last1[session.Progress](r)
		if p.Title != "play Suite" || p.Finished {
			t.Errorf("%+v", p)
		}
		r.do(session.CancelJob{Job: p.Job})
		if p = last1[session.Progress](r); !p.Finished {
			t.Errorf("%+v", p)
		}
		r.playAlbum()
		r.do(session.PlayContext{Ask: music.Ask{Of: r.ref("D")}}) // a newer wish
		time.Sleep(time.Second)
		release()
		r.settle()
		r.wantRows("D")
		if got := r.notices(); len(got) != 0 {
			t.Errorf("notices %q", got)
		}
	})
}

func TestAThousandChangedTracksAreLookedUpAtOnce(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.playAlbum()
		r.local.Calls()
		track := r.local.Track(r.ref("A"))
		track.Title = "A, corrected"
		r.local.AddTrack(track)
		for i := range 1000 {
			r.local.Changed(r.ref([]string{"A", "B", fmt.Sprint("new ", i%100)}[i%3]))
		}
		time.Sleep(time.Second)
		r.settle()
		if calls := r.local.Calls(); len(calls) != 1 {
			t.Errorf("%d calls: %q", len(calls), calls)
		}
		r.wantTrack("A, corrected")
		r.events = nil
		for i := range 5000 {
			r.local.Changed(r.ref(fmt.Sprint("new ", i)))
		}
		time.Sleep(time.Second)
		r.settle()
		if e := last1[session.ContainerChanged](r); !e.Of.IsZero() {
			t.Errorf("of five thousand it tells %s", e.Of)
		}
	})
}

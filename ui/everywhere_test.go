package ui

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/session"
)

// twoLibraries gives a second account with music.
func twoLibraries(f *fake, _ *Options) {
	f.accounts = []session.AccountInfo{{ID: "home", Kind: "subsonic", State: session.ConnLoggedIn,
		Sections: []music.Folder{{Ref: music.Section("home", "albums"), Name: "Albums", Count: 3}}}}
}

func found(account music.AccountID, typ string, off, n, total int) session.SearchPage {
	p := session.SearchPage{Account: account, Type: typ, Offset: off, Limit: 60, Total: total}
	for i := range n {
		p.Items = append(p.Items, music.Track{Ref: music.Ref{Account: account, Kind: music.KindTrack, ID: fmt.Sprint(off + i)},
			Title: fmt.Sprintf("%s track %d", account, off+i), Artists: []string{"Somebody"}})
	}
	return p
}

func lastSearch(r *rig, lane string) session.Search {
	r.t.Helper()
	var last session.Search
	for _, c := range commands[session.Search](r.f) {
		if c.Lane == lane {
			last = c
		}
	}
	if last.Ticket == 0 {
		r.t.Fatalf("nothing was searched on the lane %q", lane)
	}
	return last
}

// TestWhatAnAccountCouldNotAnswerIsAskedAgainWhenItIsBack: its excuse, with the time at which it
// may be asked again, stood there long after that.
func TestWhatAnAccountCouldNotAnswerIsAskedAgainWhenItIsBack(t *testing.T) {
	r := newRig(t, 160, 40, twoLibraries)
	busy := &session.Fault{Kind: session.RateLimited, Account: "home", Op: "search for x", Err: errors.New("asked too often")}
	r.keys("2", "t:x")
	q := lastSearch(r, "search")
	r.f.box.Put(session.SearchLoaded{Ticket: q.Ticket, Result: session.SearchResult{Pages: []session.SearchPage{found("local", "tracks", 0, 1, 1)}, Missing: []*session.Fault{busy}}})
	r.settle()
	r.want("asked too often")
	for _, ev := range []session.ConnectionStateUpdated{{Account: "local", State: session.ConnLoggedIn}, {Account: "home", State: session.ConnOffline}} {
		r.f.box.Put(ev)
	}
	r.settle()
	if lastSearch(r, "search").Ticket != q.Ticket {
		t.Error("it is asked again though that account is not back")
	}
	r.f.box.Put(session.ConnectionStateUpdated{Account: "home", State: session.ConnLoggedIn})
	r.settle()
	again := lastSearch(r, "search")
	if again.Ticket == q.Ticket || again.Query != "x" {
		t.Fatal("it is not asked again")
	}
	r.f.box.Put(session.SearchLoaded{Ticket: again.Ticket, Result: session.SearchResult{Pages: []session.SearchPage{found("local", "tracks", 0, 1, 1), found("home", "tracks", 0, 1, 1)}}})
	r.settle()
	r.wantNot("asked too often")
	r.want("home track 0")

	r.f.fail = &session.Fault{Kind: session.RateLimited, Account: "local", Op: "list the tracks", Err: errors.New("not now")}
	r.keys("esc", "1", "enter")
	r.want("not now")
	r.f.fail = nil
	r.f.box.Put(session.ConnectionStateUpdated{Account: "local", State: session.ConnLoggedIn})
	r.settle()
	r.wantNot("not now")
}

func TestASearchOfSeveralAccountsShowsAllTheyFindAndGrows(t *testing.T) {
	r := newRig(t, 160, 40, twoLibraries)
	r.keys("2", "t:tra", "tab")
	q := lastSearch(r, "search")
	if q.Query != "tra" || len(q.Windows) != 1 || q.Windows[0].Type != "tracks" || len(q.Accounts) != 0 {
		t.Fatalf("%+v", q)
	}
	r.f.box.Put(session.SearchLoaded{Ticket: q.Ticket, Result: session.SearchResult{Query: "tra",
		Pages: []session.SearchPage{found("local", "tracks", 0, 60, 100), found("home", "tracks", 0, 60, 61)}}})
	r.f.box.Put(session.SearchLoaded{Ticket: lastSearch(r, "search#").Ticket, Result: session.SearchResult{
		Pages: []session.SearchPage{found("local", "tracks", 0, 1, 100), found("home", "tracks", 0, 1, 61)}}})
	r.settle()
	r.want("local track 0")
	r.want("Tracks 161")
	r.want("everywhere")
	r.keys("enter", "G")
	r.want("home track 59")
	more := lastSearch(r, "search+")
	if len(more.Windows) != 1 || more.Windows[0].Offset != 60 {
		t.Fatalf("%+v", more)
	}
	r.f.box.Put(session.SearchLoaded{Ticket: more.Ticket, Result: session.SearchResult{
		Pages: []session.SearchPage{found("local", "tracks", 60, 40, 100), found("home", "tracks", 60, 1, 61)}}})
	r.settle()
	r.keys("G")
	r.want("home track 60")
	r.keys("enter")
	c := commands[session.PlayContext](r.f)
	if len(c) != 1 || c[0].Start.ID != "60" || c[0].Start.Account != "home" || len(c[0].More) != 160 {
		t.Fatalf("%d commands", len(c))
	}
}

func TestAnAccountThatDoesNotAnswerASearchIsNamed(t *testing.T) {
	r := newRig(t, 160, 40, twoLibraries)
	r.keys("2", "t:x", "tab")
	q := lastSearch(r, "search")
	r.f.box.Put(session.SearchLoaded{Ticket: q.Ticket, Result: session.SearchResult{Pages: []session.SearchPage{found("local", "tracks", 0, 2, 2)},
		Missing: []*session.Fault{{Account: "home", Op: "search for x", Err: errors.New("no answer")}}}})
	r.settle()
	r.want("home: search for x: no answer")
	r.want("local track 1")
	r.f.box.Put(session.SearchLoaded{Ticket: q.Ticket, Result: session.SearchResult{Pages: []session.SearchPage{found("home", "tracks", 0, 2, 2)}}})
	r.settle()
	r.wantNot("home track 1")
}

func TestOneAccountIsSearchedWhereChosen(t *testing.T) {
	r := newRig(t, 160, 40, twoLibraries)
	r.keys("2", "t:vari", "enter", "esc", "`")
	r.want("Everywhere")
	r.keys("j", "j", "enter")
	r.want("in home")
	loads := commands[session.Load](r.f)
	if of := loads[len(loads)-1].Ask.Of; of.Account != "home" {
		t.Errorf("asked %v", of)
	}
}

func TestCountsOfAccountsThatDoNotKnowTheirTotalsSayAtLeast(t *testing.T) {
	for _, c := range []struct {
		name      string
		local     int
		home, all int // of the server: rows that came, total (-1 = it does not say)
		want      string
	}{
		{"only the server has some and does not say how many", 0, 60, -1, "Tracks 60+"},
		{"both have some", 4, 60, -1, "Tracks 64+"},
		{"the server counts", 4, 9, 9, "Tracks 13"},
		{"nobody has any", 0, 0, 0, "Tracks 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, 160, 40, twoLibraries)
			r.keys("2", "t:tra")
			q := lastSearch(r, "search#")
			r.f.box.Put(session.SearchLoaded{Ticket: q.Ticket, Result: session.SearchResult{
				Pages: []session.SearchPage{found("local", "tracks", 0, c.local, c.local), found("home", "tracks", 0, c.home, c.all)}}})
			r.settle()
			r.want(c.want + " ")
			r.want(strings.Replace(c.want, "Tracks", "All", 1) + " ")
		})
	}
}

func TestCountsAreAskedWithEnoughRowsToKnowThem(t *testing.T) {
	r := newRig(t, 160, 40, twoLibraries)
	r.keys("2", "t:tra")
	for _, w := range lastSearch(r, "search#").Windows {
		if w.Limit < 20 {
			t.Errorf("%s: %d rows are asked for: a server that gives no totals is then known to have one", w.Type, w.Limit)
		}
	}
}

func TestAListWhoseLengthIsNotKnownGoesOnToItsEnd(t *testing.T) {
	r := newRig(t, 160, 40, func(f *fake, _ *Options) { f.big, f.open = 1234, true })
	r.keys("h", "down", "down", "enter")
	r.want("1/2")
	r.wantNot("1,234")
	for range 20 {
		r.keys("G")
	}
	r.want("1,234/1,234 ")
	r.want(bigTrack(1233).Title)
}

func TestOneAccountThatDoesNotKnowItsTotalsSaysAtLeast(t *testing.T) {
	r := newRig(t, 160, 40, twoLibraries, func(f *fake, _ *Options) { f.big, f.open = 1234, true })
	r.keys("2", "t:tra", "enter", "esc", "`", "j", "enter")
	r.want("in local")
	for _, l := range commands[session.Load](r.f) {
		if l.Lane == "search/tracks#" {
			r.f.box.Put(session.PageLoaded{Ticket: l.Ticket, Page: music.Page{Ask: l.Ask, Items: found("local", "tracks", 0, 50, -1).Items, Total: -1}})
		}
	}
	r.settle()
	r.want("Tracks 50+")
}

func TestRowsOfAnEarlierTimeSayWhoIsAwayAndOfWhenTheyAre(t *testing.T) {
	r := newRig(t, 120, 36, twoLibraries)
	r.keys("h", "down", "down", "enter")
	r.f.mute = true
	r.keys("U")
	loads := commands[session.Load](r.f)
	last := loads[len(loads)-1]
	r.f.box.Put(session.PageLoaded{Ticket: last.Ticket,
		Page:  music.Page{Ask: last.Ask, Title: "Tracks", Total: 2, Items: found("home", "tracks", 0, 2, 2).Items, Note: "as it was on 2026-11-20 18:00"},
		Fault: &session.Fault{Kind: session.UnableToContactServer, Account: "home", Op: "open tracks", Err: errors.New("the server could not be reached a moment ago")}})
	r.settle()
	r.want("home is away: as it was on 2026-11-20 18:00")
	r.want("home track 0")
	r.wantNot("a moment ago")
}

func TestASearchCanBeKeptForOfflineAsWhatItFinds(t *testing.T) {
	r := newRig(t, 160, 40, twoLibraries, func(f *fake, _ *Options) { f.accounts[0].Can.Offline = true })
	r.keys("2", "t:album:kind", "tab")
	q := lastSearch(r, "search")
	r.f.box.Put(session.SearchLoaded{Ticket: q.Ticket, Result: session.SearchResult{Pages: []session.SearchPage{found("home", "tracks", 0, 2, 2)}}})
	r.settle()
	r.keys("enter", "m")
	r.want("Keep for offline what the search finds, or not")
	r.keys("down", "down", "down", "down", "down", "down", "enter")
	want := music.Ref{Account: "home", Kind: music.KindSearch, ID: "album:kind"}
	if c := commands[session.MarkOffline](r.f); len(c) != 1 || len(c[0].Refs) != 1 || c[0].Refs[0] != want || c[0].To != session.Flip {
		t.Errorf("%+v", c)
	}
}

func TestABookmarkIsPlayedFromItsPlaceAndCanBeRemoved(t *testing.T) {
	r := newRig(t, 160, 40, twoLibraries)
	r.keys("h", "down", "down", "enter")
	r.f.mute = true
	r.keys("U")
	loads := commands[session.Load](r.f)
	last := loads[len(loads)-1]
	mark, ok := found("home", "tracks", 0, 1, 1).Items[0].(music.Track)
	if !ok {
		t.Fatal("no track")
	}
	mark.At = 83 * time.Second
	r.f.box.Put(session.PageLoaded{Ticket: last.Ticket, Page: music.Page{Ask: last.Ask, Title: "Bookmarks", Total: 1, Items: []music.Item{mark}}})
	r.settle()
	r.keys("enter")
	if c := commands[session.PlayContext](r.f); len(c) != 1 || c[0].At != mark.At || c[0].Start != mark.Ref {
		t.Errorf("%+v", c)
	}
	r.keys("m")
	r.want("Remove the bookmark")
}

func TestTheQueueOfAServerIsLoadedByCommand(t *testing.T) {
	r := newRig(t, 120, 36, twoLibraries)
	r.keys(":", "t:load-queue home", "enter", ":", "t:load-queue", "enter", ":", "t:bookmark off", "enter", ":", "t:bookmark", "enter", ":", "t:bookmark here", "enter")
	r.want("bookmark takes nothing, or off, not “here”")
	if c := commands[session.LoadQueue](r.f); len(c) != 2 || c[0].Account != "home" || c[1].Account != "" {
		t.Errorf("%+v", c)
	}
	if c := commands[session.Bookmark](r.f); len(c) != 2 || !c[0].Remove || c[1].Remove {
		t.Errorf("%+v", c)
	}
}

func TestWhatThereIsIsShownBeforeAnAccountThatHangs(t *testing.T) {
	r := newRig(t, 160, 40, twoLibraries)
	r.keys("2", "t:x", "tab")
	q := lastSearch(r, "search")
	if !q.Early {
		t.Fatal("it waits for all")
	}
	r.f.box.Put(session.SearchLoaded{Ticket: q.Ticket, Result: session.SearchResult{Pages: []session.SearchPage{found("local", "tracks", 0, 2, 2)}, Pending: []music.AccountID{"home"}}})
	r.settle()
	r.want("local track 1")
	r.want("home has not answered yet")
	r.keys("enter", "j")
	r.f.box.Put(session.SearchLoaded{Ticket: q.Ticket, Result: session.SearchResult{Pages: []session.SearchPage{found("local", "tracks", 0, 2, 2), found("home", "tracks", 0, 2, 2)}}})
	r.settle()
	r.want("home track 1")
	r.wantNot("has not answered yet")
	r.keys("enter")
	if c := commands[session.PlayContext](r.f); len(c) != 1 || c[0].Start.ID != "1" || c[0].Start.Account != "local" {
		t.Errorf("the cursor moved: %+v", c)
	}
}

// A newer question of a lane ends the one before at its account, so that typing never
// queues work up; its answer alone counts.
func TestEachKeyReplacesTheQuestionsOfTheKeyBefore(t *testing.T) {
	r := newRig(t, 120, 36, func(f *fake, _ *Options) { f.suggest = []string{"Variations"}; f.mute = true })
	r.keys("2", "t:vari")
	asked := commands[session.Suggest](r.f)
	if len(asked) != 4 || asked[3].Query != "vari" {
		t.Fatalf("%+v", asked)
	}
	for _, s := range asked {
		if s.Lane == "" || s.Lane != asked[0].Lane {
			t.Errorf("%q is asked in the lane %q, the first in %q", s.Query, s.Lane, asked[0].Lane)
		}
	}
	lanes := map[string]music.Ref{}
	for _, l := range commands[session.Load](r.f) {
		if l.Ask.Filter == "" {
			continue
		}
		if of, known := lanes[l.Lane]; l.Lane == "" || known && of != l.Ask.Of {
			t.Errorf("%q is asked of %v in the lane %q, which is of %v", l.Ask.Filter, l.Ask.Of, l.Lane, of)
		}
		lanes[l.Lane] = l.Ask.Of
	}
	if len(lanes) == 0 {
		t.Error("nothing was searched")
	}
	r.f.box.Put(session.SuggestionsLoaded{Ticket: asked[0].Ticket, Texts: []string{"Vespers"}})
	r.settle()
	r.wantNot("Vespers")
}

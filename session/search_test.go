package session_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"segue/internal/music"
	"segue/session"
	"segue/session/sessiontest"
)

// andHome adds a second account with an album "Homes" of 30 tracks.
func andHome(home *sessiontest.Service) option {
	titles := make([]string, 30)
	for i := range titles {
		titles[i] = "Home " + string(rune('A'+i))
	}
	home.AddAlbum("Homes", time.Minute, titles...)
	return func(c *setup) { c.accounts = append(c.accounts, home.Account()) }
}

func pageOf(r session.SearchResult, id music.AccountID, kind string) (p session.SearchPage) {
	for _, p := range r.Pages {
		if p.Account == id && p.Type == kind {
			return p
		}
	}
	return p
}

func TestASearchAsksEveryAccountForEveryType(t *testing.T) {
	home := sessiontest.NewService("home")
	inBubble(t, func(r *rig) {
		res, err := r.s.Search(r.t.Context(), session.Search{Query: "home"})
		if err != nil || len(res.Missing) != 0 || len(res.Pages) != 8 {
			t.Fatalf("%+v %v", res, err)
		}
		if p := pageOf(res, "home", session.TypeTracks); len(p.Items) != 20 || p.Total != 30 {
			t.Errorf("%d of %d tracks", len(p.Items), p.Total)
		}
		if p := pageOf(res, "home", session.TypeAlbums); len(p.Items) != 1 || p.Total != 1 {
			t.Errorf("%d of %d albums", len(p.Items), p.Total)
		}
		next, ok := res.More()
		if !ok || len(next.Windows) != 1 || next.Windows[0] != (session.SearchWindow{Type: session.TypeTracks, Offset: 20, Limit: 20}) || !slices.Equal(next.Accounts, []music.AccountID{"home"}) {
			t.Fatalf("more: %+v %t", next, ok)
		}
		res, err = r.s.Search(r.t.Context(), next)
		if p := pageOf(res, "home", session.TypeTracks); err != nil || len(res.Pages) != 1 || len(p.Items) != 10 || p.Total != 30 {
			t.Errorf("the second window: %+v %v", p, err)
		}
		if _, ok := res.More(); ok {
			t.Error("there is more behind the end")
		}
	}, andHome(home))
}

func TestAnAccountThatDoesNotAnswerIsNamedAndTheOthersAreNot(t *testing.T) {
	home, away := sessiontest.NewService("home"), sessiontest.NewService("away")
	inBubble(t, func(r *rig) {
		home.Fail("children search/tracks", errors.New("broken"))
		release := away.Hold("children search/tracks")
		defer release()
		r.s.Send(session.Search{Ticket: 3, Query: "A", Windows: []session.SearchWindow{{Type: session.TypeTracks}}})
		r.sleep(14 * time.Second)
		if _, ok := last[session.SearchLoaded](r); ok {
			t.Error("it did not wait")
		}
		r.sleep(2 * time.Second)
		e, ok := last[session.SearchLoaded](r)
		if !ok || e.Ticket != 3 || e.Fault != nil || len(e.Result.Missing) != 2 || len(pageOf(e.Result, music.Local, session.TypeTracks).Items) != 1 {
			t.Fatalf("%+v", e)
		}
		if m := e.Result.Missing; m[0].Account != "home" || m[1].Account != "away" || m[1].Kind != session.UnableToContactServer {
			t.Errorf("missing: %v %v", m[0], m[1])
		}
	}, andHome(home), andHome(away))
}

// remembering is an account that is away: it gives what it remembers, and says why it is no more.
type remembering struct{ *sessiontest.Service }

func (s remembering) Children(ctx context.Context, ask music.Ask) (music.Page, error) {
	p, err := s.Service.Children(ctx, ask)
	if err != nil || len(p.Items) == 0 {
		return music.Page{}, errors.New("no answer")
	}
	p.Note = "of what was seen before"
	return p, &session.Fault{Kind: session.UnableToContactServer, Err: errors.New("no answer")}
}

func TestWhatAnAccountRemembersWhileItIsAwayIsFoundAndItIsNamed(t *testing.T) {
	home := sessiontest.NewService("home")
	withHome := andHome(home)
	inBubble(t, func(r *rig) {
		res, err := r.s.Search(r.t.Context(), session.Search{Query: "home"})
		if err != nil || len(res.Missing) != 1 || res.Missing[0].Account != "home" || res.Missing[0].Kind != session.UnableToContactServer {
			t.Fatalf("missing: %+v, %v", res.Missing, err)
		}
		if p := pageOf(res, "home", session.TypeTracks); len(p.Items) != 20 || p.Total != 30 || p.Note == "" {
			t.Errorf("%d of %d tracks, %q", len(p.Items), p.Total, p.Note)
		}
		if p := pageOf(res, "home", session.TypePlaylists); p.Account != "" {
			t.Errorf("nothing is remembered of its playlists: %+v", p)
		}
	}, func(c *setup) {
		withHome(c)
		c.accounts[len(c.accounts)-1].Service = remembering{home}
	})
}

func TestWhatThereIsComesBeforeAnAccountThatHangs(t *testing.T) {
	home, slow := sessiontest.NewService("home"), sessiontest.NewService("slow")
	inBubble(t, func(r *rig) {
		release := slow.Hold("children search/tracks")
		r.s.Send(session.Search{Ticket: 3, Query: "A", Early: true, Windows: []session.SearchWindow{{Type: session.TypeTracks}}})
		r.sleep(900 * time.Millisecond)
		if got := all[session.SearchLoaded](r); len(got) != 0 {
			t.Errorf("at once: %+v", got)
		}
		r.sleep(200 * time.Millisecond)
		got := all[session.SearchLoaded](r)
		if len(got) != 1 || len(got[0].Result.Pages) != 2 || len(got[0].Result.Missing) != 0 || len(got[0].Result.Pending) != 1 || got[0].Result.Pending[0] != "slow" {
			t.Fatalf("after a second: %+v", got)
		}
		release()
		r.settle()
		got = all[session.SearchLoaded](r)
		if len(got) != 2 || len(got[1].Result.Pages) != 3 || len(got[1].Result.Pending) != 0 {
			t.Errorf("in the end: %+v", got)
		}
		r.do(session.Search{Ticket: 4, Query: "A", Early: true})
		if got := all[session.SearchLoaded](r); len(got) != 3 {
			t.Errorf("where all answer at once: %d answers", len(got)-2)
		}
	}, andHome(home), andHome(slow))
}

func TestANewerSearchInALaneCancelsTheOlder(t *testing.T) {
	inBubble(t, func(r *rig) {
		release := r.local.Hold("children search/tracks")
		r.do(session.Search{Ticket: 1, Lane: "main", Query: "A"}, session.Search{Ticket: 2, Lane: "main", Query: "B"})
		release()
		r.settle()
		found := all[session.SearchLoaded](r)
		if len(found) != 1 || found[0].Ticket != 2 || found[0].Result.Query != "B" {
			t.Errorf("%+v", found)
		}
	})
}

func TestASearchThatMakesNoSenseIsRefused(t *testing.T) {
	inBubble(t, func(r *rig) {
		for _, c := range []session.Search{
			{Query: " "}, {Query: "x", Windows: []session.SearchWindow{{Type: "shoes"}}},
			{Query: "x", Windows: []session.SearchWindow{{Type: session.TypeTracks, Limit: 201}}},
			{Query: "x", Windows: []session.SearchWindow{{Type: session.TypeTracks, Offset: -1}}},
			{Query: "x", Accounts: []music.AccountID{"nowhere"}},
		} {
			if _, err := r.s.Search(r.t.Context(), c); kindOf(err) != session.InvalidArgument {
				t.Errorf("%+v: %v", c, err)
			}
			r.do(c)
			if e, ok := last[session.SearchLoaded](r); !ok || e.Fault == nil {
				t.Errorf("%+v: %+v", c, e)
			}
		}
	})
}

func TestWhatWasMeantAndWhatMayFollowComesFromTheAccounts(t *testing.T) {
	home := sessiontest.NewService("home")
	inBubble(t, func(r *rig) {
		res, err := r.s.Search(r.t.Context(), session.Search{Query: "Suite!"})
		if err != nil || res.DidYouMean != "Suite" {
			t.Errorf("%+v %v", res, err)
		}
		r.local.AddTrack(music.Track{Title: "Home a"}) // the same but for its case
		texts, err := r.s.Suggest(r.t.Context(), "home")
		if err != nil || len(texts) != 10 || texts[0] != "Home a" || texts[1] != "Home B" {
			t.Errorf("%q %v", texts, err)
		}
		r.do(session.Suggest{Ticket: 5, Query: "home", Account: music.Local})
		if e, ok := last[session.SuggestionsLoaded](r); !ok || e.Ticket != 5 || !slices.Equal(e.Texts, []string{"Home a"}) {
			t.Errorf("%+v", e)
		}
		r.do(session.Suggest{Ticket: 6, Query: ""})
		if e, _ := last[session.SuggestionsLoaded](r); e.Ticket != 6 || len(e.Texts) != 0 {
			t.Errorf("of nothing: %+v", e)
		}
	}, andHome(home))
}

func TestASearchEndsWithItsContext(t *testing.T) {
	inBubble(t, func(r *rig) {
		release := r.local.Hold("children search/tracks")
		defer release()
		ctx, cancel := context.WithTimeout(r.t.Context(), time.Second)
		defer cancel()
		if _, err := r.s.Search(ctx, session.Search{Query: "A"}); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}

func TestAccountsAreSearchedWithoutASession(t *testing.T) {
	home := sessiontest.NewService("home")
	home.AddAlbum("Suite", time.Minute, "A", "Ab")
	res, err := session.SearchAccounts(t.Context(), []session.Account{home.Account()}, session.Search{Query: "a", Windows: []session.SearchWindow{{Type: session.TypeTracks}}})
	if err != nil || len(pageOf(res, "home", session.TypeTracks).Items) != 2 {
		t.Errorf("%+v %v", res, err)
	}
	if _, err := session.SearchAccounts(t.Context(), nil, session.Search{}); kindOf(err) != session.InvalidArgument {
		t.Errorf("for nothing: %v", err)
	}
}

package session_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"segue/internal/music"
	"segue/session"
	"segue/session/sessiontest"
)

func TestAToplistIsCheckedInOnePlace(t *testing.T) {
	for _, c := range []struct {
		ask  session.ToplistAsk
		want session.ToplistAsk
		hint string // of the refusal
	}{
		{ask: session.ToplistAsk{}, want: session.ToplistAsk{Type: "tracks", Region: "everywhere", Limit: 100}},
		{ask: session.ToplistAsk{Type: "Albums", Region: "US", Period: "Week", Limit: 7}, want: session.ToplistAsk{Type: "albums", Region: "us", Period: "week", Limit: 7}},
		{ask: session.ToplistAsk{User: "rob"}, want: session.ToplistAsk{Type: "tracks", Region: "user", User: "rob", Limit: 100}},
		{ask: session.ToplistAsk{Region: "usa"}, hint: "two letters: us"},
		{ask: session.ToplistAsk{Region: "xq"}, hint: "two letters of a country"},
		{ask: session.ToplistAsk{Region: "world"}, hint: "two letters of a country"},
		{ask: session.ToplistAsk{Region: "840"}, hint: "two letters: us"},
		{ask: session.ToplistAsk{Type: "shoes"}, hint: "tracks, albums and artists"},
		{ask: session.ToplistAsk{Period: "decade"}, hint: "day, week"},
		{ask: session.ToplistAsk{Limit: 1001}, hint: "at most 1000"},
		{ask: session.ToplistAsk{Limit: -1}, hint: "at most 1000"},
	} {
		got, err := c.ask.Check()
		var f *session.Fault
		switch {
		case c.hint == "" && (err != nil || got != c.want):
			t.Errorf("%+v: %+v %v", c.ask, got, err)
		case c.hint != "" && (!errors.As(err, &f) || f.Kind != session.InvalidArgument || !strings.Contains(f.Hint, c.hint)):
			t.Errorf("%+v: %v, want the hint %q", c.ask, err, c.hint)
		}
	}
	if _, err := (session.ToplistAsk{User: "rob", Region: "us"}).Check(); kindOf(err) != session.InvalidArgument {
		t.Errorf("a user in a country: %v", err)
	}
}

// charts is a session.Charts that gives what it was given.
type charts struct {
	mu    sync.Mutex
	chart session.Chart
	err   error
	asked []session.ToplistAsk
}

func (c *charts) Chart(_ context.Context, a session.ToplistAsk) (session.Chart, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, a)
	return c.chart, c.err
}

func (c *charts) last() session.ToplistAsk {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked[len(c.asked)-1]
}

func withCharts(c *charts) option { return func(s *setup) { s.cfg.Charts = c } }

func row(rank, previous int, artist, title string) session.ChartRow {
	return session.ChartRow{Rank: rank, Previous: previous, Title: title, Artists: []string{artist}}
}

// shown is a page's rows, such as "1<2 local:A".
func shown(p music.Page) []string {
	var list []string
	for _, it := range p.Items {
		c, ok := it.(music.Chart)
		if !ok {
			list = append(list, it.ItemName())
			continue
		}
		at := "-"
		if r := c.ItemRef(); !r.IsZero() {
			at = string(r.Account) + ":" + r.ID
		}
		list = append(list, string(rune('0'+c.Rank))+"<"+string(rune('0'+c.Previous))+" "+c.ItemName()+" "+at)
	}
	return list
}

func TestAPublicToplistIsMatchedToWhatAccountsHave(t *testing.T) {
	home := sessiontest.NewService("home")
	home.AddAlbum("Other", time.Minute, "B", "X")
	c := &charts{chart: session.Chart{Source: "Apple Music", Title: "Top songs", Fetched: time.Now(), Rows: []session.ChartRow{
		row(1, 3, "Artist", "a"), row(2, 0, "Artist feat. Nina", "B (feat. Nina)"), row(3, 2, "ARTIST", "X"), row(4, 4, "Nobody", "Unknown"), row(5, 1, "Nobody", "A"),
	}}}
	inBubble(t, func(r *rig) {
		ask := session.ToplistAsk{Region: "us"}
		p, err := r.s.Toplist(r.t.Context(), ask, "")
		if err != nil || p.Total != 5 || p.Title != "Top songs" || !strings.HasPrefix(p.Subtitle, "Apple Music · fetched ") {
			t.Fatalf("%+v %v", p, err)
		}
		if want := []string{"1<3 A local:A", "2<0 B local:B", "3<2 X home:X", "4<4 Unknown -", "5<1 A -"}; !slices.Equal(shown(p), want) {
			t.Errorf("%q\nwant %q", shown(p), want)
		}
		if g, _ := p.Items[3].(music.Chart).Item.(music.Track); g.Unplayable == "" { //nolint:errcheck,forcetypeassert // a chart of tracks
			t.Error("a row that cannot be played does not say why")
		}
		if got := c.last(); got.Region != "us" || got.Type != "tracks" || got.Limit != 100 {
			t.Errorf("asked for %+v", got)
		}
		p, err = r.s.Toplist(r.t.Context(), ask, "home")
		if want := "2<0 B home:B"; err != nil || shown(p)[1] != want {
			t.Errorf("with home in view: %q %v", shown(p), err)
		}
		r.do(session.Load{Ticket: 4, Ask: music.Ask{Of: music.Section("", "toplist/tracks/us/week"), Offset: 1, Limit: 2}})
		e, _ := last[session.PageLoaded](r)
		if e.Ticket != 4 || e.Fault != nil || e.Page.Total != 5 || !slices.Equal(shown(e.Page), []string{"2<0 B local:B", "3<2 X home:X"}) {
			t.Errorf("a window: %q %+v", shown(e.Page), e)
		}
		r.do(session.PlayContext{Ask: music.Ask{Of: music.Section("", "toplist/tracks/us")}})
		r.wantRows("A", "B", "X")
		r.do(session.Load{Ticket: 5, Ask: music.Ask{Of: music.Section("", "toplist/tracks/us"), Filter: "unknown"}})
		if e, _ := last[session.PageLoaded](r); !slices.Equal(shown(e.Page), []string{"4<4 Unknown -"}) {
			t.Errorf("filtered: %q", shown(e.Page))
		}
	}, func(s *setup) { s.accounts = append(s.accounts, home.Account()) }, withCharts(c))
}

func TestTheFirstFetchOfAToplistIsNeitherNewNorMoved(t *testing.T) {
	c := &charts{chart: session.Chart{Rows: []session.ChartRow{{Rank: 1, First: true, Artists: []string{"The Artist"}}, {Rank: 2, First: true, Title: "Queen"}}}}
	inBubble(t, func(r *rig) {
		p, err := r.s.Toplist(r.t.Context(), session.ToplistAsk{Type: "artists"}, "")
		if want := []string{"1<1 Artist local:Artist", "2<2 Queen -"}; err != nil || !slices.Equal(shown(p), want) {
			t.Errorf("%q %v", shown(p), err)
		}
	}, withCharts(c))
}

func TestWithoutANetworkAToplistSaysWhatItIs(t *testing.T) {
	away := &session.Fault{Kind: session.UnableToContactServer, Err: errors.New("no network")}
	c := &charts{err: away}
	inBubble(t, func(r *rig) {
		ask := session.Load{Ticket: 1, Ask: music.Ask{Of: session.ToplistAsk{Type: "tracks", Region: "everywhere"}.Section("")}}
		r.do(ask)
		e, _ := last[session.PageLoaded](r)
		if e.Fault == nil || e.Fault.Kind != session.UnableToContactServer || e.Page.Note == "" {
			t.Errorf("with nothing: %+v", e)
		}
		c.chart.Rows = []session.ChartRow{row(1, 1, "Artist", "A")}
		r.do(ask)
		e, _ = last[session.PageLoaded](r)
		if e.Fault != nil || !strings.Contains(e.Page.Note, "no network") || len(e.Page.Items) != 1 {
			t.Errorf("with old rows: %+v", e)
		}
	}, withCharts(c))
	inBubble(t, func(r *rig) {
		p, err := r.s.Toplist(r.t.Context(), session.ToplistAsk{}, "")
		if kindOf(err) != session.PermissionDenied || p.Note == "" {
			t.Errorf("without a source: %+v %v", p, err)
		}
	})
}

func TestTheUsersOwnToplistIsWhatWasHeardHere(t *testing.T) {
	inBubble(t, func(r *rig) {
		own := music.Section(music.Local, "toplist/tracks/all")
		r.local.AddContainer(own, "Own", music.Chart{Rank: 1, Previous: 1, Item: music.Track{Ref: r.local.TrackRef("C"), Title: "C"}})
		for _, id := range []string{"toplist/tracks/user", "toplist/tracks/all", "toplist/tracks/user/all"} {
			p, err := r.s.Page(r.t.Context(), music.Ask{Of: music.Section("", id)})
			if err != nil || !slices.Equal(shown(p), []string{"1<1 C local:C"}) {
				t.Errorf("%s: %q %v", id, shown(p), err)
			}
		}
		if _, err := r.s.Page(r.t.Context(), music.Ask{Of: music.Section("", "toplist/tracks/usa")}); kindOf(err) != session.InvalidArgument {
			t.Errorf("usa: %v", err)
		}
		p, err := r.s.Page(r.t.Context(), music.Ask{Of: music.Section("", "toplist")})
		if err != nil || !slices.Equal(shown(p), []string{"Tracks", "Albums", "Artists"}) {
			t.Errorf("the choice: %q %v", shown(p), err)
		}
		p, err = r.s.Page(r.t.Context(), music.Ask{Of: p.Items[0].ItemRef()})
		if err != nil || len(p.Items) != 6 {
			t.Errorf("the regions: %q %v", shown(p), err)
		}
	})
}

func TestAnotherUsersToplistComesFromTheCharts(t *testing.T) {
	c := &charts{chart: session.Chart{Rows: []session.ChartRow{row(1, 1, "Artist", "A")}}}
	inBubble(t, func(r *rig) {
		_, err := r.s.Toplist(r.t.Context(), session.ToplistAsk{User: "rob/x y", Fresh: true}, "")
		if got := c.last(); err != nil || got.User != "rob/x y" || got.Region != "user" || !got.Fresh {
			t.Errorf("asked for %+v: %v", got, err)
		}
	}, withCharts(c))
}

// networked is charts that can be told to leave the network alone.
type networked struct {
	*charts
	allowed []bool
}

func (n *networked) SetNetwork(on bool) { n.allowed = append(n.allowed, on) }

func TestOfflineModeKeepsPublicToplistsFromTheNetwork(t *testing.T) {
	n := &networked{charts: &charts{}}
	inBubble(t, func(r *rig) {
		r.do(session.OfflineMode{To: session.On})
		r.do(session.OfflineMode{To: session.Off})
		if want := []bool{true, false, true}; !slices.Equal(n.allowed, want) {
			t.Errorf("told %v, want %v", n.allowed, want)
		}
	}, func(s *setup) { s.cfg.Charts = n })
}

package session

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"segue/internal/match"
	"segue/internal/music"
	table "segue/internal/rows"
)

// Matcher is a service that finds what it has for rows of a chart by itself: by their
// MusicBrainz ids, then by their names (package match). Of one that has no Matcher the
// session looks with a search for each row.
type Matcher interface {
	// Match gives one Item for each row, nil where there is none: Tracks, Albums or
	// Artists, as typ ("tracks" …) says.
	Match(ctx context.Context, typ string, rows []ChartRow) ([]music.Item, error)
}

const (
	matchAtOnce = 4         // searches of one account at a time
	matchFor    = time.Hour // how long the answer of a search holds
	matchKept   = 5000      // answers
	matchLook   = 10        // rows of a search that are compared
)

// chart is a public toplist, each row with what can be played for it.
func (s sources) chart(ctx context.Context, a ToplistAsk, what music.Ask) (music.Page, error) {
	page := music.Page{Title: chartTitle(a)}
	if s.charts == nil {
		page.Note = "no source of public toplists is set"
		return page, &Fault{Kind: PermissionDenied, Op: "open the toplist", Err: errors.New(page.Note)}
	}
	c, err := s.charts.Chart(ctx, a)
	f := faultOf(err, "", "open the toplist")
	if c.Title != "" {
		page.Title = c.Title
	}
	page.Subtitle = chartSubtitle(c)
	if f != nil && (len(c.Rows) == 0 || f.Kind == Cancelled) {
		page.Note = "this toplist needs the network, and nothing was fetched before"
		return page, f
	}
	if f != nil {
		page.Note = "as it was when it was fetched: " + f.Error()
	}
	list := c.Rows[:min(len(c.Rows), a.Limit)]
	items := make([]music.Item, len(list))
	at := map[int]ChartRow{}
	for i, r := range list {
		items[i] = r.item(a.Type)
		at[r.Rank] = r
	}
	if what.Limit <= 0 {
		what.Limit = toplistRows
	}
	page = table.Cut(page, table.Filter(items, what.Filter), what)
	if page.Total == 0 && page.Note == "" {
		page.Note = "the source has nothing for it"
	}
	s.playable(ctx, a.Type, what.Of.Account, page.Items, at)
	return page, nil
}

func chartTitle(a ToplistAsk) string {
	where := "everywhere"
	switch {
	case a.User != "":
		where = a.User
	case a.Region != RegionEverywhere:
		where = strings.ToUpper(a.Region)
	}
	return strings.ToUpper(a.Type[:1]) + a.Type[1:] + " · " + where
}

func chartSubtitle(c Chart) string {
	text := c.Source
	if !c.Fetched.IsZero() {
		text += " · fetched " + c.Fetched.Local().Format("2 Jan 15:04")
	}
	return strings.TrimPrefix(text, " · ")
}

// item is a row without anything that can be played.
func (r ChartRow) item(typ string) music.Item {
	c := music.Chart{Rank: r.Rank, Previous: r.Previous, Plays: r.Plays}
	if r.First {
		c.Previous = r.Rank
	}
	switch typ {
	case TypeAlbums:
		c.Item = music.Album{Title: r.Title, Artists: r.Artists}
	case TypeArtists:
		c.Item = music.Artist{Name: r.name()}
	default:
		c.Item = music.Track{Title: r.Title, Artists: r.Artists, Album: r.Album, Duration: r.Duration, Unplayable: "none of your accounts has it"}
	}
	return c
}

// name is the artist of a row of a toplist of artists.
func (r ChartRow) name() string {
	if r.Title == "" && len(r.Artists) > 0 {
		return r.Artists[0]
	}
	return r.Title
}

// playable puts into rows what accounts have for them: the one in view first, then
// local, then the others.
func (s sources) playable(ctx context.Context, typ string, view music.AccountID, items []music.Item, at map[int]ChartRow) {
	var open []int // of items
	for i := range items {
		open = append(open, i)
	}
	for _, a := range s.inOrder(view) {
		if len(open) == 0 || ctx.Err() != nil {
			return
		}
		wanted := make([]ChartRow, len(open))
		for j, i := range open {
			c, _ := items[i].(music.Chart) //nolint:errcheck // item made it
			wanted[j] = at[c.Rank]
		}
		found := s.match(ctx, a, typ, wanted)
		var left []int
		for j, i := range open {
			if found[j] == nil {
				left = append(left, i)
				continue
			}
			c, _ := items[i].(music.Chart) //nolint:errcheck // item made it
			c.Item = found[j]
			items[i] = c
		}
		open = left
	}
}

// inOrder are the accounts that may be asked, the one in view first, then local.
func (s sources) inOrder(view music.AccountID) []*account {
	var all []*account
	add := func(want func(*account) bool) {
		for _, a := range s.accounts {
			if want(a) && accountIn(all, a.id) == nil && !s.isShut(a.id) {
				all = append(all, a)
			}
		}
	}
	add(func(a *account) bool { return a.id == view })
	add(func(a *account) bool { return a.id == music.Local })
	add(func(*account) bool { return true })
	return all
}

// match gives what an account has for rows, nil where it has nothing or cannot say.
func (s sources) match(ctx context.Context, a *account, typ string, list []ChartRow) []music.Item {
	if m, ok := a.service.(Matcher); ok {
		got := guarded(ctx, func(ctx context.Context) ([]music.Item, error) { return m.Match(ctx, typ, list) })
		if got.err != nil || len(got.value) != len(list) {
			return make([]music.Item, len(list))
		}
		return got.value
	}
	found := make([]music.Item, len(list))
	slots := make(chan struct{}, matchAtOnce)
	var work sync.WaitGroup
	for i, r := range list {
		slots <- struct{}{}
		work.Go(func() {
			defer func() { <-slots }()
			found[i] = s.matches.look(ctx, a, typ, r)
		})
	}
	work.Wait()
	return found
}

// matches remembers what searches found for rows. It may be used by many workers.
type matches struct {
	mu   sync.Mutex
	kept map[matchKey]matched
}

type matchKey struct {
	account music.AccountID
	typ     string
	name    string
}

type matched struct {
	item music.Item
	at   time.Time
}

// look searches an account for a row.
func (m *matches) look(ctx context.Context, a *account, typ string, r ChartRow) music.Item {
	words := r.Words(typ)
	key := matchKey{a.id, typ, fmt.Sprintf("%s\x00%s\x00%d", words, r.Album, r.Duration)}
	m.mu.Lock()
	have, ok := m.kept[key]
	m.mu.Unlock()
	if ok && time.Since(have.at) < matchFor {
		return have.item
	}
	if strings.TrimSpace(words) == "" {
		return nil
	}
	got := guarded(ctx, func(ctx context.Context) (music.Page, error) {
		return a.service.Children(ctx, music.Ask{Of: music.Section(a.id, music.SectionSearch+"/"+typ), Filter: words, Limit: matchLook})
	})
	if got.err != nil {
		return nil
	}
	it := r.Best(typ, got.value.Items)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil || len(m.kept) >= matchKept {
		m.kept = map[matchKey]matched{}
	}
	m.kept[key] = matched{it, time.Now()}
	return it
}

// Words are what a row is searched for with; "" = it names nothing.
func (r ChartRow) Words(typ string) string {
	if typ == TypeArtists {
		return match.SortKey(r.name())
	}
	words := match.Core(r.Title)
	if len(r.Artists) > 0 {
		words = match.Lead(r.Artists[0]) + " " + words
	}
	return words
}

// Best is the item that is the row's thing, by its names and length; nil where none is.
func (r ChartRow) Best(typ string, items []music.Item) music.Item {
	want := match.Recording{Title: r.Title, Artists: r.Artists, Album: r.Album, Length: r.Duration}
	if typ == TypeArtists {
		want = match.Recording{Title: match.SortKey(r.name())}
	}
	have := make([]match.Recording, len(items))
	for i, it := range items {
		switch it := it.(type) {
		case music.Track:
			if typ == TypeTracks && it.Unplayable == "" {
				have[i] = match.Recording{Title: it.Title, Artists: it.Artists, Album: it.Album, Length: it.Duration}
			}
		case music.Album:
			if typ == TypeAlbums {
				have[i] = match.Recording{Title: it.Title, Artists: it.Artists}
			}
		case music.Artist:
			if typ == TypeArtists {
				have[i] = match.Recording{Title: match.SortKey(it.Name)}
			}
		}
	}
	i, grade := match.Best(want, have)
	if i < 0 || grade < match.Normalised && typ != TypeTracks {
		return nil
	}
	return items[i]
}

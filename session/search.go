package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"segue/internal/match"
	"segue/internal/music"
)

// Types of things that are searched for, and of toplists.
const (
	TypeTracks    = "tracks"
	TypeAlbums    = "albums"
	TypeArtists   = "artists"
	TypePlaylists = "playlists"
)

// Bounds of a search.
const (
	searchRows = 20  // of a type, unless asked
	searchMost = 200 // of a type in one call
	// searchPatience is how long an account may take; then it is missing.
	searchPatience = 15 * time.Second
	suggestRows    = 10
)

// Corrector is a service that knows what a query that finds nothing was meant to be.
type Corrector interface {
	// DidYouMean gives a query that finds something, "" where the given one does, or where
	// none is known.
	DidYouMean(ctx context.Context, query string) (string, error)
}

// windows checks what is asked for, and fills in what is not said.
func (c Search) windows() ([]SearchWindow, *Fault) {
	op := "search for " + music.Clean(c.Query)
	if strings.TrimSpace(c.Query) == "" {
		return nil, &Fault{Kind: InvalidArgument, Op: "search", Err: errors.New("there are no words to search for")}
	}
	if len(c.Windows) == 0 {
		return []SearchWindow{{TypeTracks, 0, searchRows}, {TypeAlbums, 0, searchRows}, {TypeArtists, 0, searchRows}, {TypePlaylists, 0, searchRows}}, nil
	}
	all := slices.Clone(c.Windows)
	for i := range all {
		w := &all[i]
		switch {
		case !slices.Contains([]string{TypeTracks, TypeAlbums, TypeArtists, TypePlaylists}, w.Type):
			return nil, &Fault{Kind: InvalidArgument, Op: op, Err: fmt.Errorf("there is no type %q", music.Clean(w.Type)), Hint: "the types are tracks, albums, artists and playlists"}
		case w.Offset < 0 || w.Limit < 0 || w.Limit > searchMost:
			return nil, &Fault{Kind: InvalidArgument, Op: op, Err: fmt.Errorf("rows %d to %d cannot be asked for", w.Offset+1, w.Offset+w.Limit),
				Hint: fmt.Sprintf("at most %d at a time; more with the next window", searchMost)}
		case w.Limit == 0:
			w.Limit = searchRows
		}
	}
	return all, nil
}

// More is the search for the next window of each type that has more rows in one of
// its accounts; ok is false where there is nothing left.
func (r SearchResult) More() (next Search, ok bool) {
	next.Query = r.Query
	for _, p := range r.Pages {
		end := p.Offset + len(p.Items)
		if len(p.Items) == 0 || p.Total >= 0 && end >= p.Total || p.Total < 0 && len(p.Items) < p.Limit {
			continue
		}
		if !slices.Contains(next.Accounts, p.Account) {
			next.Accounts = append(next.Accounts, p.Account)
		}
		w := SearchWindow{Type: p.Type, Offset: p.Offset + p.Limit, Limit: p.Limit}
		if !slices.Contains(next.Windows, w) {
			next.Windows = append(next.Windows, w)
		}
	}
	return next, len(next.Windows) > 0
}

// searcher is what a worker needs to search.
type searcher struct {
	accounts []*account
	missing  []*Fault // of accounts that cannot be asked
}

// searcher finds the accounts that are to be asked, none = all.
func (s *Session) searcher(ids []music.AccountID, op string) (searcher, *Fault) {
	var k searcher
	if len(ids) == 0 {
		for _, a := range s.accounts {
			ids = append(ids, a.id)
		}
	}
	for _, id := range ids {
		a, f := s.ready(id, op)
		switch {
		case f != nil && a == nil && f.Kind == InvalidArgument:
			return k, f
		case f != nil:
			k.missing = append(k.missing, f)
		default:
			k.accounts = append(k.accounts, a)
		}
	}
	return k, nil
}

// suggest gathers completions of several accounts, each its first ones first.
func (k searcher) suggest(ctx context.Context, query string) []string {
	ctx, cancel := context.WithTimeout(ctx, searchPatience)
	defer cancel()
	lists := make([][]string, len(k.accounts))
	var work sync.WaitGroup
	for i, a := range k.accounts {
		if a.searcher == nil {
			continue
		}
		work.Go(func() {
			got := guarded(ctx, func(ctx context.Context) ([]string, error) { return a.searcher.Suggest(ctx, query, suggestRows) })
			lists[i] = got.value
		})
	}
	work.Wait()
	var texts []string
	seen := map[string]bool{}
	for row := range suggestRows {
		for _, l := range lists {
			if row >= len(l) || seen[match.Fold(l[row])] {
				continue
			}
			seen[match.Fold(l[row])] = true
			texts = append(texts, music.Clean(l[row]))
		}
	}
	return texts[:min(len(texts), suggestRows)]
}

// laneOf is the lane of a question that a newer one replaces.
func laneOf(what, name string) string {
	if name == "" {
		return ""
	}
	return what + " " + name
}

// searchFor carries out Search.
func (s *Session) searchFor(c Search) {
	answer := func(r SearchResult, err error) {
		r.Query = c.Query
		s.emit(SearchLoaded{Ticket: c.Ticket, Result: r, Fault: faultOf(err, "", "search for "+music.Clean(c.Query))})
	}
	var early func(SearchResult)
	if c.Early {
		early = func(r SearchResult) { s.post(func() { answer(r, nil) }) }
	}
	do, f := s.prepareSearch(c, early)
	if f != nil {
		answer(SearchResult{}, f)
		return
	}
	call(s, where{key: "search", lane: laneOf("search", c.Lane)}, do, answer)
}

func (s *Session) prepareSearch(c Search, early func(SearchResult)) (func(context.Context) (SearchResult, error), *Fault) {
	windows, f := c.windows()
	if f != nil {
		return nil, f
	}
	k, f := s.searcher(c.Accounts, "search for "+music.Clean(c.Query))
	if f != nil {
		return nil, f
	}
	return func(ctx context.Context) (SearchResult, error) {
		r := k.search(ctx, c.Query, windows, early)
		return r, ctx.Err()
	}, nil
}

// suggestFor carries out Suggest.
func (s *Session) suggestFor(c Suggest) {
	answer := func(texts []string, _ error) {
		s.emit(SuggestionsLoaded{Ticket: c.Ticket, Query: c.Query, Texts: texts})
	}
	k, f := s.searcher(c.accounts(), "suggest")
	if f != nil || strings.TrimSpace(c.Query) == "" {
		answer(nil, nil)
		return
	}
	call(s, where{key: "search", lane: laneOf("suggest", c.Lane)}, func(ctx context.Context) ([]string, error) {
		return k.suggest(ctx, c.Query), nil
	}, answer)
}

func (c Suggest) accounts() []music.AccountID {
	if c.Account == "" {
		return nil
	}
	return []music.AccountID{c.Account}
}

// Search asks the accounts and waits for what they find (session.search, of the type
// STANDARD); Ticket and Lane do not count. What single accounts did not answer is in
// Missing. SearchResult.More pages on.
func (s *Session) Search(ctx context.Context, c Search) (SearchResult, error) {
	return ask(ctx, s, "", "search for "+music.Clean(c.Query), func() (func(context.Context) (SearchResult, error), *Fault) {
		return s.prepareSearch(c, nil)
	})
}

// Suggest gives completions of a query that is being typed (a search of the type SUGGEST).
func (s *Session) Suggest(ctx context.Context, query string, accounts ...music.AccountID) ([]string, error) {
	return ask(ctx, s, "", "suggest", func() (func(context.Context) ([]string, error), *Fault) {
		k, f := s.searcher(accounts, "suggest")
		return func(ctx context.Context) ([]string, error) { return k.suggest(ctx, query), ctx.Err() }, f
	})
}

// SearchAccounts is Session.Search for a program without a running session: it asks
// all the accounts given, and takes no notice of c.Accounts.
func SearchAccounts(ctx context.Context, accounts []Account, c Search) (SearchResult, error) {
	windows, f := c.windows()
	if f != nil {
		return SearchResult{Query: c.Query}, f
	}
	var k searcher
	for _, a := range accounts {
		k.accounts = append(k.accounts, newAccount(a))
	}
	r := k.search(ctx, c.Query, windows, nil)
	return r, faultOrNil(ctx.Err(), "", "search for "+music.Clean(c.Query))
}

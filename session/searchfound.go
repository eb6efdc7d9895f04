package session

import (
	"context"
	"slices"
	"sync"
	"time"

	"segue/internal/music"
)

// searchEarly is how long all accounts are waited for before what there is is told.
const searchEarly = time.Second

// found gathers what came for one question: an answer of each window of each account.
type found struct {
	mu       sync.Mutex
	all      []answer[SearchPage]
	answered []bool
	meant    string
}

func (f *found) put(i int, a answer[SearchPage]) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all[i], f.answered[i] = a, true
}

// result is what there is now.
func (f *found) result(k searcher, query string, windows int) SearchResult {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := SearchResult{Query: query, DidYouMean: f.meant, Missing: slices.Clone(k.missing)}
	for i, a := range k.accounts {
		from, to := i*windows, (i+1)*windows
		if slices.Contains(f.answered[from:to], false) {
			r.Pending = append(r.Pending, a.id)
			continue
		}
		var failed *Fault
		for _, got := range f.all[from:to] {
			if got.err == nil || len(got.value.Items) > 0 { // an account that is away gives what it remembers, too
				r.Pages = append(r.Pages, got.value)
			}
			if got.err != nil && failed == nil {
				failed = faultOf(got.err, a.id, "search for "+music.Clean(query))
			}
		}
		if failed != nil {
			r.Missing = append(r.Missing, failed)
		}
	}
	return r
}

// search asks all accounts for all windows at once. Where early is not nil it is given what
// there is after a second, if that is not all.
func (k searcher) search(ctx context.Context, query string, windows []SearchWindow, early func(SearchResult)) SearchResult {
	ctx, cancel := context.WithTimeout(ctx, searchPatience)
	defer cancel()
	n := len(k.accounts) * len(windows)
	f := &found{all: make([]answer[SearchPage], n), answered: make([]bool, n)}
	var work sync.WaitGroup
	for i, a := range k.accounts {
		for j, w := range windows {
			work.Go(func() {
				f.put(i*len(windows)+j, guarded(ctx, func(ctx context.Context) (SearchPage, error) { return searchOne(ctx, a, query, w) }))
			})
		}
	}
	work.Go(func() {
		meant := k.didYouMean(ctx, query)
		f.mu.Lock()
		defer f.mu.Unlock()
		f.meant = meant
	})
	done := make(chan struct{})
	go func() {
		work.Wait()
		close(done)
	}()
	t := time.NewTimer(searchEarly)
	defer t.Stop()
	select {
	case <-done:
	case <-t.C:
		if r := f.result(k, query, len(windows)); early != nil && len(r.Pending) > 0 && len(r.Pages) > 0 && ctx.Err() == nil {
			early(r)
		}
		<-done
	}
	return f.result(k, query, len(windows))
}

func searchOne(ctx context.Context, a *account, query string, w SearchWindow) (SearchPage, error) {
	p, err := a.service.Children(ctx, music.Ask{
		Of: music.Section(a.id, music.SectionSearch+"/"+w.Type), Filter: query, Offset: w.Offset, Limit: w.Limit,
	})
	return SearchPage{Account: a.id, Type: w.Type, Offset: w.Offset, Limit: w.Limit, Items: p.Items, Total: p.Total, Note: p.Note}, err
}

// didYouMean asks the first account that knows.
func (k searcher) didYouMean(ctx context.Context, query string) string {
	for _, a := range k.accounts {
		c, ok := a.service.(Corrector)
		if !ok {
			continue
		}
		got := guarded(ctx, func(ctx context.Context) (string, error) { return c.DidYouMean(ctx, query) })
		if got.err == nil && got.value != "" {
			return got.value
		}
	}
	return ""
}

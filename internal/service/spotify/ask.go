package spotify

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"segue/internal/music"
	"segue/internal/rows"
	"segue/internal/service/spotify/webapi"
)

// How old an answer on disk may be before it is refreshed behind what is shown.
const (
	freshFor = 2 * time.Minute // lists of the user's own, and the first page of any
	// restFor is for the pages behind the first one that is shown: while that has not
	// changed they hardly have.
	restFor  = 24 * time.Hour
	askNow   = -1             // what is on disk only stands in
	worksFor = 24 * time.Hour // albums, artists and shows: they hardly change
)

// look is one question of a caller, with what was found out on the way: of when the oldest
// answer is that it is made of.
type look struct {
	*Service

	patience int // how many rows of a list are waited for; 0 = all

	mu   sync.Mutex
	asOf time.Time
	why  error
	part string // what is said where that was not all of a list
}

// partly takes note that only the first rows of a list were looked through.
func (l *look) partly(n, of int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.part = fmt.Sprintf("looked through the first %d of %d; the others are on their way", n, of)
}

// older takes note of an answer of an earlier time.
func (l *look) older(asOf time.Time, why error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.asOf.IsZero() || asOf.Before(l.asOf) {
		l.asOf = asOf
	}
	if l.why == nil {
		l.why = why
	}
}

// age is a page's note where its rows are of an earlier time or not all, and why they are
// of an earlier time.
func (l *look) age() (note string, why error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.why == nil {
		return l.part, nil
	}
	return "as it was on " + l.asOf.Local().Format("2006-01-02 15:04"), l.why
}

// inquire puts a question. While somebody can be told of changes, what is on disk is the
// answer and is refreshed behind; else Spotify is asked, and what is on disk stands in
// where it cannot be.
func inquire[T any](ctx context.Context, l *look, fresh time.Duration, call func(context.Context) (T, error)) (T, error) {
	var m webapi.Meta
	first := webapi.WithMeta(ctx, &m)
	if fresh != askNow && l.watched() {
		first = webapi.Cached(first, fresh)
	}
	if why := l.lately(); why != nil { // not all pages of a list need to find that out
		m = webapi.Meta{}
		if kept, err := call(webapi.WithMeta(webapi.OnlyCached(ctx), &m)); err == nil {
			l.older(m.Fetched, why)
			return kept, nil
		}
	}
	v, err := call(first)
	l.heard(err, m)
	switch {
	case err == nil && m.FromDisk && !l.allowed():
		l.older(m.Fetched, errOffline)
		return v, nil
	case err == nil, !passes(err), ctx.Err() != nil:
		return v, err
	}
	m = webapi.Meta{}
	kept, none := call(webapi.WithMeta(webapi.OnlyCached(ctx), &m))
	if none != nil {
		return v, err
	}
	l.older(m.Fetched, err)
	return kept, nil
}

// awayFor is how long Spotify is not asked for what is on disk, after it could not be
// reached.
const awayFor = 15 * time.Second

// lately is why Spotify could not be reached a moment ago; nil = it could, or nobody tried.
func (s *Service) lately() error {
	s.seen.Lock()
	defer s.seen.Unlock()
	if s.cfg.Now().Before(s.seen.away) {
		return s.seen.why
	}
	return nil
}

// heard draws the conclusion from the end of a call.
func (s *Service) heard(err error, m webapi.Meta) {
	k := webapi.KindOf(err)
	s.seen.Lock()
	defer s.seen.Unlock()
	switch {
	case k == webapi.Unreachable || k == webapi.Server:
		s.seen.away, s.seen.why = s.cfg.Now().Add(awayFor), err
	case err == nil && !m.FromDisk:
		s.seen.away = time.Time{}
	}
}

// passes reports whether an error says nothing of what was asked, only of now.
func passes(err error) bool {
	switch webapi.KindOf(err) {
	case webapi.Unreachable, webapi.Offline, webapi.RateLimited, webapi.Quota, webapi.TokenTrouble, webapi.Server, webapi.Strange:
		return true
	case webapi.SignIn, webapi.TokenRefused, webapi.NeedsPremium, webapi.OwnerNeedsPremium, webapi.NotOnList, webapi.Scope, webapi.Forbidden,
		webapi.NoDevice, webapi.DeviceGone, webapi.NotNow, webapi.NotFound, webapi.Invalid, webapi.Cancelled:
	}
	return false
}

// atOnce is how many pages of one list are asked for at the same time.
const atOnce = 4

// part is a page of a list.
type part struct {
	items []music.Item
	total int // of the whole list; -1 = unknown
	next  int // the offset of what follows; -1 = this was the end
}

// shelf is a list that comes in pages.
type shelf struct {
	of    music.Ref
	most  int // rows of a page
	fresh time.Duration
	fetch func(ctx context.Context, w webapi.Window) (part, error)
	// mark changes when the list does, "" = not known; nil = its first page tells.
	mark   func(ctx context.Context) string
	last   int  // the last row that can be had; 0 = there is no such limit
	serial bool // a page can only be had when the one before is there
}

// pages makes a fetch of one of the Web API's lists.
func pages[T any](page func(context.Context, webapi.Window) (webapi.Page[T], error), item func(T) music.Item) func(context.Context, webapi.Window) (part, error) {
	return func(ctx context.Context, w webapi.Window) (part, error) {
		p, err := page(ctx, w)
		if err != nil {
			return part{total: -1, next: -1}, err
		}
		return partOf(p, item), nil
	}
}

// partOf makes rows of a page; what has no id is left out.
func partOf[T any](p webapi.Page[T], item func(T) music.Item) part {
	got := part{items: make([]music.Item, 0, len(p.Items)), total: p.Total, next: p.Next}
	for _, v := range p.Items {
		if it := item(v); !it.ItemRef().IsZero() {
			got.items = append(got.items, it)
		}
	}
	return got
}

// page asks for one page, by its number.
func (l *look) page(ctx context.Context, sh shelf, n int, fresh time.Duration) (part, error) {
	p, err := inquire(ctx, l, fresh, func(ctx context.Context) (part, error) {
		return sh.fetch(ctx, webapi.Window{Offset: n * sh.most, Limit: sh.most})
	})
	if err != nil {
		return p, err
	}
	return p, l.learnItems(ctx, p.items)
}

// window asks for the pages that a window lies in, and no others. Asking in whole pages,
// the same ones come again from disk.
func (l *look) window(ctx context.Context, sh shelf, what music.Ask) (items []music.Item, total int, err error) {
	from := max(what.Offset, 0)
	to := from + rows.Limit(what)
	if sh.last > 0 {
		to = min(to, sh.last)
	}
	first := from / sh.most
	if from >= to {
		first = 0 // only to know how long it is
	}
	head, err := l.page(ctx, sh, first, sh.fresh)
	if err != nil || from >= to {
		return nil, head.total, err
	}
	if head.total >= 0 {
		to = min(to, head.total)
	}
	more, err := l.rest(ctx, sh, first+1, (to+sh.most-1)/sh.most, head, l.restFresh(sh))
	items = append(head.items[min(from-first*sh.most, len(head.items)):], more...)
	return items[:min(len(items), max(to-from, 0))], head.total, err
}

// rest asks for pages behind one that is there, some at the same time.
func (l *look) rest(ctx context.Context, sh shelf, from, to int, head part, fresh time.Duration) ([]music.Item, error) {
	var all []music.Item
	if head.total < 0 || sh.serial { // nobody says where it ends: one after the other
		for n := from; n < to && head.next >= 0; n++ {
			p, err := l.page(ctx, sh, n, fresh)
			if err != nil {
				return all, err
			}
			all, head = append(all, p.items...), p
		}
		return all, nil
	}
	if to <= from {
		return nil, nil
	}
	parts := make([]part, to-from)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for i := range parts {
		g.Go(func() (err error) {
			parts[i], err = l.page(ctx, sh, from+i, fresh)
			return err
		})
	}
	err := g.Wait()
	for _, p := range parts {
		all = append(all, p.items...)
	}
	return all, err
}

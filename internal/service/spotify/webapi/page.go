package webapi

import (
	"context"
	"iter"
)

// Window is which rows of a list are asked for. Limit 0 is the most that the list allows;
// what is more than that is cut to it.
type Window struct{ Offset, Limit int }

// Page is a window of a list.
type Page[T any] struct {
	// Items are those that could be read. Rows that are null are left out, but for a
	// playlist's, where positions count.
	Items  []T
	Offset int // of the first
	Total  int // of the whole list; -1 = unknown
	Next   int // the offset of what follows; -1 = this was the end
}

// Cursor is a window of a list that is walked by names, not by numbers.
type Cursor[T any] struct {
	Items []T
	Total int    // -1 = unknown
	Next  string // where to go on; "" = this was the end
}

// pageOf reads a page. keepNull keeps a zero value for each row that is null.
func pageOf[T any](n node, w Window, of func(node) T, keepNull bool) Page[T] {
	p := Page[T]{Offset: max(0, n.get("offset").count(w.Offset)), Total: n.get("total").count(-1), Next: -1}
	rows := n.get("items").list()
	for _, r := range rows {
		if r.object() || keepNull {
			p.Items = append(p.Items, of(r))
		}
	}
	end := p.Offset + len(rows)
	more := end < p.Total
	if p.Total < 0 {
		more = n.get("next").raw() != "" // its host does not matter: it is not followed
	}
	if more && len(rows) > 0 {
		p.Next = end
	}
	return p
}

// Walk goes through all rows of a list from the beginning, page by page, and asks for a
// page only when it is needed. An error ends it; a list that never ends does too, when it
// no longer goes forward.
func Walk[T any](ctx context.Context, fetch func(context.Context, Window) (Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for at := 0; ; {
			p, err := fetch(ctx, Window{Offset: at})
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, v := range p.Items {
				if !yield(v, nil) {
					return
				}
			}
			if p.Next <= at {
				return
			}
			at = p.Next
		}
	}
}

// All collects what Walk gives.
func All[T any](ctx context.Context, fetch func(context.Context, Window) (Page[T], error)) ([]T, error) {
	var all []T
	for v, err := range Walk(ctx, fetch) {
		if err != nil {
			return all, err
		}
		all = append(all, v)
	}
	return all, nil
}

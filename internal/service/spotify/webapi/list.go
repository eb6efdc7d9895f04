package webapi

import (
	"context"
	"net/url"
	"strconv"
)

// list is a list that is read in pages.
type list[T any] struct {
	name, path string
	query      url.Values
	most       int // rows that may be asked for at once
	of         func(node) T
	keepNull   bool // positions count: see pageOf
}

// fetch asks for one page.
func fetch[T any](ctx context.Context, c *Client, l list[T], w Window) (Page[T], error) {
	w = w.within(l.most)
	q := url.Values{"limit": {strconv.Itoa(w.Limit)}, "offset": {strconv.Itoa(w.Offset)}}
	for k, v := range l.query {
		q[k] = v
	}
	n, err := c.get(ctx, question{name: l.name, path: l.path, query: q, page: true})
	if err != nil {
		return none[T](), err
	}
	return pageOf(n, w, l.of, l.keepNull), nil
}

// within cuts a window to what a list allows.
func (w Window) within(most int) Window {
	if w.Limit <= 0 || w.Limit > most {
		w.Limit = most
	}
	w.Offset = max(0, w.Offset)
	return w
}

// rows says that a page without rows is none: what is shown must not vanish because an
// answer was odd.
func rows(n node) error {
	if _, ok := n.get("items").v.([]any); ok || n.get("total").count(-1) == 0 {
		return nil
	}
	return strange("a list without rows")
}

// segment escapes an id for a path.
func segment(id string) string { return url.PathEscape(id) }

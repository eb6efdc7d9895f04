package local

import (
	"context"
	"time"

	"segue/internal/music"
	"segue/internal/rows"
	"segue/internal/service/local/index"
)

// source is a list of tracks before it is filtered, sorted and cut.
type source struct {
	ids  []uint32   // in their own order; nil with set or all
	set  index.Set  // without an order of their own
	sort music.Sort // the own order of set and of all
}

// selection is a source with a question applied.
type selection struct {
	view index.View
	src  source
	set  index.Set // nil = every track
	sort music.Sort
	note string // what slips were understood as
}

// choose applies filter and order to a source.
func (s *Service) choose(ctx context.Context, db *index.DB, v index.View, src source, ask music.Ask) (selection, error) {
	sel := selection{view: v, src: src, set: src.set, sort: ask.Sort}
	if src.ids != nil {
		sel.set = v.SetOf(src.ids)
	}
	if ask.Filter != "" {
		found, note, err := s.find(ctx, db, v, ask.Filter, index.ScopeAll)
		if err != nil {
			return sel, err
		}
		if sel.set != nil {
			found.And(sel.set)
		}
		sel.set, sel.note = found, note
	}
	return sel, nil
}

// total is how many tracks were chosen.
func (sel *selection) total() int {
	if sel.set == nil {
		return sel.view.Count()
	}
	return sel.set.Len()
}

// window gives the chosen tracks from offset on; a limit below 0 is none.
func (sel *selection) window(ctx context.Context, db *index.DB, offset, limit int) ([]uint32, error) {
	var ids []uint32
	take := func(id uint32) bool {
		if limit >= 0 && len(ids) >= limit {
			return false
		}
		ids = append(ids, id)
		return limit < 0 || len(ids) < limit
	}
	if limit == 0 {
		return nil, nil
	}
	if sel.sort == music.SortDefault {
		if sel.src.ids == nil {
			return ids, db.Walk(ctx, sel.view, sel.set, sel.src.sort, offset, take)
		}
		listed(sel.src.ids, sel.set, &offset, take)
		return ids, nil
	}
	question, ok := markOrders[sel.sort]
	if !ok {
		return ids, db.Walk(ctx, sel.view, sel.set, sel.sort, offset, take)
	}
	first, err := db.Marked(ctx, question)
	if err != nil {
		return nil, err
	}
	set := sel.set
	if set == nil {
		set = sel.view.All()
	} else {
		set = append(index.Set(nil), set...)
	}
	if !listed(first, set, &offset, take) {
		return ids, nil
	}
	for _, id := range first {
		set.Drop(id)
	}
	return ids, db.Walk(ctx, sel.view, set, music.SortArtist, offset, take)
}

// markOrders are the orders by what people did; tracks without any come behind.
var markOrders = map[music.Sort]string{
	music.SortPlays:  index.ByPlays,
	music.SortPlayed: index.ByLast,
	music.SortRating: index.ByRating,
}

// listed walks a list through a set; it reports false when take wanted no more.
func listed(ids []uint32, set index.Set, offset *int, take func(uint32) bool) bool {
	for _, id := range ids {
		if !set.Has(id) {
			continue
		}
		if *offset > 0 {
			*offset--
			continue
		}
		if !take(id) {
			return false
		}
	}
	return true
}

// trackSorts are the orders of a list of tracks, its own first.
func trackSorts(own music.Sort) []music.Sort {
	sorts := []music.Sort{own}
	for _, s := range [...]music.Sort{music.SortTitle, music.SortArtist, music.SortAlbum, music.SortYear, music.SortAdded,
		music.SortPlays, music.SortPlayed, music.SortRating, music.SortDuration, music.SortPath} {
		if s != own {
			sorts = append(sorts, s)
		}
	}
	return sorts
}

func limitOf(ask music.Ask) int { return rows.Limit(ask) }

// tooManyToSum is from where on the playing time of a list is not added up.
const tooManyToSum = 300_000

// trackPage is a window of a source as a page.
func (s *Service) trackPage(ctx context.Context, db *index.DB, v index.View, src source, ask music.Ask) (music.Page, error) {
	page := music.Page{Ask: ask, Sorts: trackSorts(src.sort)}
	sel, err := s.choose(ctx, db, v, src, ask)
	if err != nil {
		return page, err
	}
	page.Total, page.Note = sel.total(), sel.note
	ids, err := sel.window(ctx, db, max(ask.Offset, 0), limitOf(ask))
	if err != nil {
		return page, err
	}
	list, err := s.entryTracks(ctx, db, ids)
	if err != nil {
		return page, err
	}
	for _, t := range list {
		page.Items = append(page.Items, t)
	}
	if v.Count() <= tooManyToSum {
		ms, err := db.DurationOf(ctx, v, sel.set)
		if err != nil {
			return page, err
		}
		page.Duration = time.Duration(ms) * time.Millisecond
	}
	page.Subtitle = rows.Subtitle(rows.Count(page.Total, "track"), rows.Clock(page.Duration))
	return page, nil
}

// trackRefs are all tracks of a source, filtered and in order.
func (s *Service) trackRefs(ctx context.Context, db *index.DB, v index.View, src source, ask music.Ask) ([]music.Ref, error) {
	sel, err := s.choose(ctx, db, v, src, ask)
	if err != nil {
		return nil, err
	}
	ids, err := sel.window(ctx, db, 0, -1)
	if err != nil {
		return nil, err
	}
	return refsOf(ctx, db, ids)
}

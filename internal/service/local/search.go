package local

import (
	"context"
	"errors"
	"slices"
	"strings"

	"segue/internal/music"
	"segue/internal/query"
	"segue/internal/rows"
	"segue/internal/service/local/index"
)

// The kinds behind "search/".
const (
	searchTracks    = "tracks"
	searchAlbums    = "albums"
	searchArtists   = "artists"
	searchPlaylists = "playlists"
)

// searchKind takes a search section apart: "" is everything.
func searchKind(section string) (string, bool) {
	if section == music.SectionSearch {
		return "", true
	}
	kind, ok := strings.CutPrefix(section, music.SectionSearch+"/")
	switch kind {
	case searchTracks, searchAlbums, searchArtists, searchPlaylists:
		return kind, ok
	}
	return "", false
}

// best is how many artists, albums and playlists stand above the tracks in a search
// of everything.
const best = 3

// searchPage answers a search. In a search of everything come the first few artists,
// albums and playlists, then all tracks.
func (s *Service) searchPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	kind, ok := searchKind(ask.Of.ID)
	if !ok {
		return music.Page{}, unknown(ask.Of)
	}
	page := music.Page{Title: "Search"}
	if strings.TrimSpace(ask.Filter) == "" {
		page.Note = "type to search"
		return page, nil
	}
	page.Subtitle = index.Clean(ask.Filter)
	if _, err := parse(ask.Filter); err != nil {
		return page, err
	}
	switch kind {
	case searchTracks:
		return s.searchTracksPage(ctx, page, ask)
	case searchAlbums:
		return s.renamed(ctx, page, music.SectionAlbums, ask)
	case searchArtists:
		return s.renamed(ctx, page, music.SectionArtists, ask)
	case searchPlaylists:
		return s.searchPlaylistsPage(ctx, page, ask)
	}
	return s.searchAll(ctx, page, ask)
}

// renamed is the page of a section under the search's name.
func (s *Service) renamed(ctx context.Context, page music.Page, section string, ask music.Ask) (music.Page, error) {
	ask.Of = music.Section(music.Local, section)
	found, err := s.section(ctx, ask)
	found.Title = page.Title
	found.Subtitle = rows.Subtitle(page.Subtitle, found.Subtitle)
	if found.Total == 0 && found.Note == "" {
		found.Note = nothing(ask.Filter)
	}
	return found, err
}

func nothing(filter string) string { return "nothing is called " + index.Clean(filter) }

func (s *Service) searchAll(ctx context.Context, page music.Page, ask music.Ask) (music.Page, error) {
	few := ask
	few.Offset, few.Limit, few.Sort = 0, best, music.SortDefault
	var head []music.Item
	for _, section := range [...]string{music.SectionArtists, music.SectionAlbums, music.SectionPlaylists} {
		few.Of = music.Section(music.Local, section)
		var found music.Page
		var err error
		switch section {
		case music.SectionPlaylists:
			found, err = s.searchPlaylistsPage(ctx, music.Page{}, few)
		case music.SectionAlbums:
			found.Items, err = s.firstAlbums(ctx, ask.Filter, best)
		default:
			found, err = s.section(ctx, few)
		}
		if err != nil {
			return page, err
		}
		head = append(head, found.Items...)
	}
	tracks := ask
	offset, limit := max(ask.Offset, 0), limitOf(ask)
	var own []music.Item
	if offset < len(head) {
		own = head[offset:min(offset+limit, len(head))]
	}
	tracks.Offset, tracks.Limit = max(offset-len(head), 0), max(limit-len(own), 1)
	found, err := s.searchTracksPage(ctx, page, tracks)
	if err != nil {
		return found, err
	}
	if len(own) == limit {
		found.Items = nil
	}
	found.Items = append(append([]music.Item(nil), own...), found.Items...)
	found.Total += len(head)
	if len(head) > 0 && found.Note == nothing(ask.Filter) {
		found.Note = ""
	}
	return found, nil
}

// firstAlbums are the first n albums that are found, in the order of the list of
// albums. It goes by the tracks in that order and stops, where the list has to know all.
func (s *Service) firstAlbums(ctx context.Context, filter string, n int) ([]music.Item, error) {
	db, v, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	set, _, err := s.find(ctx, db, v, filter, index.ScopeAlbum)
	if err != nil {
		return nil, err
	}
	var albums []int64
	const atOnce = 64
	var ids []uint32
	var failed error
	look := func() bool {
		entries, err := db.Entries(ctx, ids)
		if err != nil {
			failed = err
			return false
		}
		ids = ids[:0]
		for _, e := range entries {
			if e.Album != 0 && !slices.Contains(albums, e.Album) && len(albums) < n {
				albums = append(albums, e.Album)
			}
		}
		return len(albums) < n
	}
	err = db.Walk(ctx, v, set, music.SortArtist, 0, func(id uint32) bool {
		ids = append(ids, id)
		return len(ids) < atOnce || look()
	})
	if err == nil && failed == nil && len(albums) < n && len(ids) > 0 {
		look()
	}
	if err = errors.Join(err, failed); err != nil {
		return nil, err
	}
	return s.albumItems(ctx, db, albums)
}

// searchTracksPage is a search for tracks: those with all the words in their title
// come first, then the others, each by artist and album.
func (s *Service) searchTracksPage(ctx context.Context, page music.Page, ask music.Ask) (music.Page, error) {
	db, v, err := s.open(ctx)
	if err != nil {
		return page, err
	}
	if v.Count() == 0 {
		found := s.samplerPage(ask)
		found.Title, found.Subtitle, found.Note = page.Title, page.Subtitle, s.emptyNote()
		return found, nil
	}
	sel, first, err := s.searchSelection(ctx, db, v, ask)
	if err != nil {
		return page, err
	}
	page.Total, page.Note = sel.total(), sel.note
	page.Sorts = append([]music.Sort{music.SortDefault}, trackSorts(music.SortTitle)...)
	ids, err := s.searchWindow(ctx, db, sel, first, ask.Sort, max(ask.Offset, 0), limitOf(ask))
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
	if page.Total == 0 {
		page.Note = nothing(ask.Filter)
	}
	return page, nil
}

// searchSelection is what a search finds, and what of it comes first.
func (s *Service) searchSelection(ctx context.Context, db *index.DB, v index.View, ask music.Ask) (selection, index.Set, error) {
	sel, err := s.choose(ctx, db, v, source{sort: music.SortArtist}, ask)
	if err != nil || ask.Sort != music.SortDefault || sel.total() == 0 || sel.note != "" {
		return sel, nil, err
	}
	q, err := query.Parse(ask.Filter)
	if err != nil || len(q.Words()) == 0 {
		return sel, nil, nil //nolint:nilerr // choose has parsed it already
	}
	f, err := db.Find(ctx, v, q, index.ScopeTitle, s.cfg.Now())
	if err != nil || len(f.Meant) > 0 {
		return sel, nil, err
	}
	f.Set.And(sel.set)
	return sel, f.Set, nil
}

// searchWindow cuts a window out of the first and the rest.
func (s *Service) searchWindow(ctx context.Context, db *index.DB, sel selection, first index.Set, sort music.Sort, offset, limit int) ([]uint32, error) {
	if sort != music.SortDefault || first == nil {
		return sel.window(ctx, db, offset, limit)
	}
	n := first.Len()
	part := sel
	part.set = first
	ids, err := part.window(ctx, db, offset, limit)
	if err != nil || limit >= 0 && len(ids) == limit {
		return ids, err
	}
	rest := sel
	rest.set = append(index.Set(nil), sel.set...)
	rest.set.AndNot(first)
	if limit >= 0 {
		limit -= len(ids)
	}
	more, err := rest.window(ctx, db, max(offset-n, 0), limit)
	return append(ids, more...), err
}

func (s *Service) searchTrackRefs(ctx context.Context, ask music.Ask) ([]music.Ref, error) {
	if strings.TrimSpace(ask.Filter) == "" {
		return nil, nil
	}
	db, v, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	if v.Count() == 0 {
		return itemRefs(s.samplerPage(unlimited(ask)).Items), nil
	}
	sel, first, err := s.searchSelection(ctx, db, v, ask)
	if err != nil {
		return nil, err
	}
	ids, err := s.searchWindow(ctx, db, sel, first, ask.Sort, 0, -1)
	if err != nil {
		return nil, err
	}
	return refsOf(ctx, db, ids)
}

package local

import (
	"context"
	"path"
	"strconv"
	"strings"

	"segue/internal/match"
	"segue/internal/music"
	"segue/internal/rows"
	"segue/internal/service/local/index"
	"segue/session"
)

// albumSorts are the orders of albums.
var albumSorts = []music.Sort{music.SortArtist, music.SortTitle, music.SortYear, music.SortAdded}

// albumsPage is all albums, or the newest.
func (s *Service) albumsPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	page := music.Page{Title: "Albums", Sorts: albumSorts}
	sort := ask.Sort
	if ask.Of.ID == music.SectionRecent {
		page.Title, page.Sorts = "Recently added", []music.Sort{music.SortAdded, music.SortArtist, music.SortTitle, music.SortYear}
		if sort == music.SortDefault {
			sort = music.SortAdded
		}
	}
	db, v, err := s.open(ctx)
	if err != nil {
		return page, err
	}
	if v.Count() == 0 {
		page.Note = s.emptyNote()
		if a := s.sampler.album(); matches(ask.Filter, a) {
			return cut(page, []music.Item{a}, ask), nil
		}
		return page, nil
	}
	ids, total, err := s.albumWindow(ctx, db, v, ask.Filter, sort, max(ask.Offset, 0), limitOf(ask))
	if err != nil {
		return page, err
	}
	page.Total = total
	page.Subtitle = rows.Count(total, "album")
	page.Items, err = s.albumItems(ctx, db, ids)
	return page, err
}

// albumWindow gives numbers of albums, filtered and in order; a limit below 0 is none.
func (s *Service) albumWindow(ctx context.Context, db *index.DB, v index.View, filter string, sort music.Sort, offset, limit int) ([]int64, int, error) {
	if filter == "" {
		total, err := db.AlbumCount(ctx)
		if err != nil {
			return nil, 0, err
		}
		ids, err := db.AlbumIDs(ctx, sort, offset, limit)
		return ids, total, err
	}
	set, _, err := s.find(ctx, db, v, filter, index.ScopeAlbum)
	if err != nil {
		return nil, 0, err
	}
	found, err := db.AlbumsOf(ctx, v, set)
	if err != nil || len(found) == 0 {
		return nil, 0, err
	}
	ids, err := db.AlbumsIn(ctx, found, sort, offset, limit)
	return ids, len(found), err
}

func (s *Service) albumItems(ctx context.Context, db *index.DB, ids []int64) ([]music.Item, error) {
	albums, err := db.Albums(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]music.Album, len(albums))
	for i, a := range albums {
		list[i] = albumItem(a)
	}
	s.markAlbums(ctx, list)
	items := make([]music.Item, len(list))
	for i, a := range list {
		items[i] = a
	}
	return items, nil
}

func (s *Service) artistsPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	page := music.Page{Title: "Artists"}
	db, v, err := s.open(ctx)
	if err != nil {
		return page, err
	}
	var list []index.Artist
	if ask.Filter == "" {
		list, page.Total, err = db.Artists(ctx, max(ask.Offset, 0), limitOf(ask))
	} else {
		list, page.Total, err = s.artistWindow(ctx, db, v, ask.Filter, max(ask.Offset, 0), limitOf(ask))
	}
	if err != nil {
		return page, err
	}
	if v.Count() == 0 {
		page.Note = s.emptyNote()
	}
	page.Subtitle = rows.Count(page.Total, "artist")
	page.Items = s.artistItems(ctx, list)
	return page, nil
}

func (s *Service) artistItems(ctx context.Context, list []index.Artist) []music.Item {
	artists := make([]music.Artist, len(list))
	for i, a := range list {
		artists[i] = music.Artist{Ref: artistRef(a.Name), Name: a.Name, Albums: a.Albums, Tracks: a.Tracks}
	}
	s.markArtists(ctx, artists)
	items := make([]music.Item, len(artists))
	for i, a := range artists {
		items[i] = a
	}
	return items
}

// artistWindow gives the artists that a filter finds: by their name, or where it asks
// for more than words, those of the tracks it finds.
func (s *Service) artistWindow(ctx context.Context, db *index.DB, v index.View, filter string, offset, limit int) ([]index.Artist, int, error) {
	keep, err := s.artistFilter(ctx, db, v, filter)
	if err != nil {
		return nil, 0, err
	}
	var list []index.Artist
	total := 0
	err = db.EachArtist(ctx, func(a index.Artist) {
		if !keep(a) {
			return
		}
		if total >= offset && (limit < 0 || len(list) < limit) {
			list = append(list, a)
		}
		total++
	})
	return list, total, err
}

func (s *Service) artistPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	db, v, err := s.open(ctx)
	if err != nil {
		return music.Page{}, err
	}
	a, ok, err := db.ArtistNamed(ctx, ask.Of.ID)
	if err != nil {
		return music.Page{}, err
	}
	if !ok {
		return music.Page{}, &session.Fault{Kind: session.OtherPermanent, Account: music.Local, Op: "open the artist " + index.Clean(ask.Of.ID), Err: errUnknown}
	}
	albums, err := db.ArtistAlbums(ctx, a.Name)
	if err != nil {
		return music.Page{}, err
	}
	items, err := s.albumItems(ctx, db, albums)
	if err != nil {
		return music.Page{}, err
	}
	kept := items[:0]
	for _, it := range items {
		if matches(ask.Filter, it) {
			kept = append(kept, it)
		}
	}
	sortItems(kept, ask.Sort)
	guest, err := s.guestTracks(ctx, db, v, a, ask)
	if err != nil {
		return music.Page{}, err
	}
	page := music.Page{Title: a.Name, Sorts: []music.Sort{music.SortYear, music.SortTitle, music.SortAdded}, Subtitle: rows.Subtitle(rows.Count(len(albums), "album"), rows.Count(a.Tracks, "track"))}
	page.Total = len(kept) + len(guest)
	from := max(ask.Offset, 0)
	limit := limitOf(ask)
	if from < len(kept) {
		page.Items = kept[from:min(from+limit, len(kept))]
	}
	if rest := limit - len(page.Items); rest > 0 {
		first := min(max(from-len(kept), 0), len(guest))
		tracks, err := s.entryTracks(ctx, db, guest[first:min(first+rest, len(guest))])
		if err != nil {
			return page, err
		}
		for _, t := range tracks {
			page.Items = append(page.Items, t)
		}
	}
	return page, nil
}

// guestTracks are an artist's tracks on albums of others.
func (s *Service) guestTracks(ctx context.Context, db *index.DB, v index.View, a index.Artist, ask music.Ask) ([]uint32, error) {
	set, err := db.ArtistTracks(ctx, v, a.Name)
	if err != nil {
		return nil, err
	}
	own, err := db.OwnTracks(ctx, v, a.Name)
	if err != nil {
		return nil, err
	}
	set.AndNot(own)
	sel, err := s.choose(ctx, db, v, source{set: set, sort: music.SortAlbum}, music.Ask{Filter: ask.Filter})
	if err != nil {
		return nil, err
	}
	return sel.window(ctx, db, 0, -1)
}

func (s *Service) genresPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	db, v, err := s.open(ctx)
	if err != nil {
		return music.Page{Title: "Genres"}, err
	}
	counts, err := db.Genres(ctx, v)
	if err != nil {
		return music.Page{Title: "Genres"}, err
	}
	if ask.Sort == music.SortPlays {
		index.SortCounts(counts)
	}
	return s.countPage("Genres", music.KindGenre, counts, ask), nil
}

func (s *Service) yearsPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	db, v, err := s.open(ctx)
	if err != nil {
		return music.Page{Title: "Years"}, err
	}
	counts, err := db.Years(ctx, v)
	if err != nil {
		return music.Page{Title: "Years"}, err
	}
	return s.countPage("Years", music.KindYear, counts, ask), nil
}

func (s *Service) countPage(title string, kind music.Kind, counts []index.Count, ask music.Ask) music.Page {
	var items []music.Item
	for _, c := range counts {
		if ask.Filter != "" && !match.Contains(c.Name, ask.Filter) {
			continue
		}
		items = append(items, music.Folder{Ref: music.Ref{Account: music.Local, Kind: kind, ID: c.Name}, Name: c.Name, Detail: rows.Count(c.Tracks, "track"), Count: c.Tracks})
	}
	page := cut(music.Page{Title: title}, items, ask)
	page.Subtitle = strconv.Itoa(page.Total)
	if len(counts) == 0 {
		page.Note = s.emptyNote()
		page.Subtitle = ""
	}
	return page
}

// folderName is the folder of a file from its library folder on, which stands where other
// rows have the album; a file that lies in the library folder itself is in none.
func (s *Service) folderName(file string) string {
	dir := path.Dir(file)
	for _, root := range s.roots {
		if under(dir, root) {
			return index.Clean(strings.Trim(strings.TrimPrefix(dir, root), "/"))
		}
	}
	return index.Clean(dir)
}

func (s *Service) errorsPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	page := music.Page{Title: "Unreadable files"}
	db, _, err := s.open(ctx)
	if err != nil {
		return page, err
	}
	list, total, err := db.Faults(ctx, max(ask.Offset, 0), limitOf(ask))
	if err != nil {
		return page, err
	}
	page.Total = total
	page.Subtitle = rows.Count(total, "file")
	if total == 0 {
		page.Note = "every file could be read"
	}
	for _, f := range list {
		t := music.Track{Ref: trackRef(f.Path), Title: index.Clean(path.Base(f.Path)), Album: s.folderName(f.Path), Path: index.Clean(f.Path), Unplayable: f.Reason}
		page.Items = append(page.Items, t)
	}
	return page, nil
}

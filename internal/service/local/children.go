package local

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"segue/internal/music"
	"segue/internal/rows"
	"segue/internal/service/local/index"
	"segue/session"
)

// Children answers with a window of a container's rows.
func (s *Service) Children(ctx context.Context, ask music.Ask) (music.Page, error) {
	page, err := s.children(ctx, ask)
	if s.damaged(ctx, err) {
		page, err = s.children(ctx, ask)
	}
	page.Ask = ask
	if err != nil {
		return page, fault(session.OtherTransient, "open "+s.nameOf(ask.Of), err, "")
	}
	return page, nil
}

var errUnknown = errors.New("there is no such list in this library")

func unknown(r music.Ref) error {
	return &session.Fault{Kind: session.InvalidArgument, Account: music.Local, Op: "open " + index.Clean(r.String()), Err: errUnknown}
}

// nameOf is a container in a user's words.
func (s *Service) nameOf(r music.Ref) string {
	switch {
	case r.Kind == music.KindSection && r.ID == "":
		return "the library"
	case r.Kind == music.KindSection:
		return index.Clean(r.ID)
	}
	return string(r.Kind) + " " + index.Clean(r.ID)
}

func (s *Service) children(ctx context.Context, ask music.Ask) (music.Page, error) {
	switch ask.Of.Kind {
	case music.KindSection:
		return s.section(ctx, ask)
	case music.KindFolder:
		return s.folderPage(ctx, ask)
	case music.KindPlaylist:
		return s.playlistPage(ctx, ask)
	case music.KindAlbum:
		if ask.Of == samplerRef {
			return s.samplerPage(ask), nil
		}
		return s.albumPage(ctx, ask)
	case music.KindArtist:
		return s.artistPage(ctx, ask)
	case music.KindGenre, music.KindYear:
		return s.groupPage(ctx, ask)
	case kindRadio:
		return s.radioPage(ctx, ask)
	case music.KindTrack, music.KindStream:
		list, err := s.Tracks(ctx, []music.Ref{ask.Of})
		if err != nil {
			return music.Page{}, err
		}
		return music.Page{Title: list[0].Title, Items: []music.Item{list[0]}, Total: 1}, nil
	case music.KindSearch: // a live playlist is what this account has for it
	}
	return music.Page{}, unknown(ask.Of)
}

func (s *Service) section(ctx context.Context, ask music.Ask) (music.Page, error) {
	id := ask.Of.ID
	switch id {
	case music.SectionRoot:
		return s.rootPage(ctx), nil
	case music.SectionSampler:
		return s.samplerPage(ask), nil
	case music.SectionFiles:
		return s.filesPage(ctx, ask)
	case music.SectionPlaylists:
		return s.playlistsPage(ctx, ask)
	case music.SectionStarred:
		return s.starredPage(ctx, ask)
	case music.SectionErrors:
		return s.errorsPage(ctx, ask)
	case music.SectionAlbums, music.SectionRecent:
		return s.albumsPage(ctx, ask)
	case music.SectionArtists:
		return s.artistsPage(ctx, ask)
	case music.SectionGenres:
		return s.genresPage(ctx, ask)
	case music.SectionYears:
		return s.yearsPage(ctx, ask)
	case music.SectionTracks, music.SectionPlayed, music.SectionMost, music.SectionNever:
		return s.tracksPage(ctx, ask)
	}
	switch {
	case id == music.SectionSearch || strings.HasPrefix(id, music.SectionSearch+"/"):
		return s.searchPage(ctx, ask)
	case id == music.SectionToplist || strings.HasPrefix(id, music.SectionToplist+"/"):
		return s.toplistPage(ctx, ask)
	}
	return music.Page{}, unknown(ask.Of)
}

// sections are what the sidebar shows, in its order.
var sections = [...]struct{ id, name string }{
	{music.SectionAlbums, "Albums"}, {music.SectionArtists, "Artists"}, {music.SectionTracks, "Tracks"},
	{music.SectionGenres, "Genres"}, {music.SectionYears, "Years"}, {music.SectionFiles, "Files"},
	{music.SectionPlaylists, "Playlists"}, {music.SectionStarred, "Starred"}, {music.SectionRecent, "Recently added"},
	{music.SectionPlayed, "Recently played"}, {music.SectionMost, "Most played"}, {music.SectionNever, "Never played"},
	{music.SectionToplist, "Toplists"}, {music.SectionSampler, "Sampler"}, {music.SectionErrors, "Unreadable files"},
}

// rootPage opens nothing, so that it can come before anything is open. How many files
// could not be read is told once the index is open, none until then: the scan at the
// start ends with a change, after which this is asked again.
func (s *Service) rootPage(ctx context.Context) music.Page {
	page := music.Page{Title: "Local", Total: len(sections)}
	for _, x := range sections {
		f := music.Folder{Ref: music.Section(music.Local, x.id), Name: x.name, Count: -1}
		if x.id == music.SectionErrors {
			f.Count = s.faults(ctx)
		}
		page.Items = append(page.Items, f)
	}
	return page
}

// faults counts the unreadable files that the open index lists.
func (s *Service) faults(ctx context.Context) int {
	s.mu.Lock()
	db := s.db
	s.mu.Unlock()
	if db == nil {
		return 0
	}
	_, n, err := db.Faults(ctx, 0, 0)
	if err != nil {
		return 0
	}
	return n
}

// open gives the index and a view of it.
func (s *Service) open(ctx context.Context) (*index.DB, index.View, error) {
	db, err := s.index(ctx)
	if err != nil {
		return nil, index.View{}, err
	}
	v, err := db.View(ctx)
	return db, v, err
}

func (s *Service) samplerPage(ask music.Ask) music.Page {
	al := s.sampler.album()
	page := music.Page{Title: al.Title, Duration: al.Duration, Subtitle: rows.Subtitle(al.Artist(), rows.Count(al.Tracks, "track"), rows.Clock(al.Duration))}
	var items []music.Item
	for _, t := range s.sampler.all() {
		if matches(ask.Filter, t) {
			items = append(items, t)
		}
	}
	sortItems(items, ask.Sort)
	return cut(page, items, ask)
}

// cut makes a page of a list that is in memory.
func cut(page music.Page, items []music.Item, ask music.Ask) music.Page {
	return rows.Cut(page, items, ask)
}

var trackTitles = map[string]string{
	music.SectionTracks: "Tracks", music.SectionPlayed: "Recently played", music.SectionMost: "Most played", music.SectionNever: "Never played",
}

// tracksPage is one of the lists of tracks of the whole library.
func (s *Service) tracksPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	db, v, err := s.open(ctx)
	if err != nil {
		return music.Page{Title: trackTitles[ask.Of.ID]}, err
	}
	if v.Count() == 0 && ask.Of.ID == music.SectionTracks {
		page := s.samplerPage(ask)
		page.Title, page.Note = "Tracks", s.emptyNote()
		return page, nil
	}
	src, err := s.trackSource(ctx, db, v, ask.Of.ID)
	if err != nil {
		return music.Page{}, err
	}
	page, err := s.trackPage(ctx, db, v, src, ask)
	page.Title = trackTitles[ask.Of.ID]
	switch {
	case page.Total > 0 || ask.Filter != "":
	case ask.Of.ID == music.SectionPlayed || ask.Of.ID == music.SectionMost:
		page.Note = "nothing was played yet: a track counts when half of it or four minutes were heard"
	default:
		page.Note = s.emptyNote()
	}
	return page, err
}

// trackSource is the list of a section.
func (s *Service) trackSource(ctx context.Context, db *index.DB, v index.View, section string) (source, error) {
	switch section {
	case music.SectionPlayed:
		ids, err := db.Marked(ctx, index.ByLast)
		return source{ids: nonNil(ids), sort: music.SortPlayed}, err
	case music.SectionMost:
		ids, err := db.Marked(ctx, index.ByPlays)
		return source{ids: nonNil(ids), sort: music.SortPlays}, err
	case music.SectionNever:
		ids, err := db.Marked(ctx, index.ByPlays)
		set := v.All()
		for _, id := range ids {
			set.Drop(id)
		}
		return source{set: set, sort: music.SortArtist}, err
	}
	return source{sort: music.SortTitle}, nil
}

func nonNil(ids []uint32) []uint32 {
	if ids == nil {
		return []uint32{}
	}
	return ids
}

// emptyNote says why the library is empty and what to do.
func (s *Service) emptyNote() string {
	s.scanned.mu.Lock()
	defer s.scanned.mu.Unlock()
	switch {
	case len(s.roots) == 0:
		return "no music folder yet: fill ~/Music, or name one in the config; start again"
	case s.scanned.running:
		return "the library is being read"
	case len(s.scanned.away) > 0:
		return "the folder " + index.Clean(s.scanned.away[0]) + " is not there"
	case !s.scanned.done:
		return "the library was not read yet; scan reads it"
	}
	return "there is no music in " + index.Clean(strings.Join(s.roots, ", "))
}

func (s *Service) albumPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	db, v, err := s.open(ctx)
	if err != nil {
		return music.Page{}, err
	}
	a, src, err := s.albumSource(ctx, db, v, ask.Of)
	if err != nil {
		return music.Page{}, err
	}
	page, err := s.trackPage(ctx, db, v, src, ask)
	item := albumItem(a)
	page.Title = a.Title
	page.Sorts = trackSorts(music.SortDefault)
	page.Subtitle = rows.Subtitle(item.Artist(), year(a.Year), rows.Count(a.Tracks, "track")+", "+rows.Clock(a.Duration))
	return page, err
}

func (s *Service) albumSource(ctx context.Context, db *index.DB, v index.View, r music.Ref) (*index.Album, source, error) {
	a, err := db.AlbumByID(ctx, albumID(r))
	if err != nil {
		return nil, source{}, err
	}
	if a == nil {
		return nil, source{}, &session.Fault{Kind: session.OtherPermanent, Account: music.Local, Op: "open the album", Err: errors.New("it is no longer in the library")}
	}
	ids, err := db.AlbumTracks(ctx, v, a.ID)
	return a, source{ids: nonNil(ids)}, err
}

// groupPage is a genre or a year.
func (s *Service) groupPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	db, v, err := s.open(ctx)
	if err != nil {
		return music.Page{}, err
	}
	src, err := groupSource(ctx, db, v, ask.Of)
	if err != nil {
		return music.Page{}, err
	}
	page, err := s.trackPage(ctx, db, v, src, ask)
	page.Title = index.Clean(ask.Of.ID)
	return page, err
}

func groupSource(ctx context.Context, db *index.DB, v index.View, r music.Ref) (source, error) {
	if r.Kind == music.KindGenre {
		set, err := db.GenreTracks(ctx, v, r.ID)
		return source{set: set, sort: music.SortArtist}, err
	}
	y, err := strconv.Atoi(r.ID)
	if err != nil {
		return source{}, fmt.Errorf("%q is no year", index.Clean(r.ID))
	}
	set, err := db.YearTracks(ctx, v, y)
	return source{set: set, sort: music.SortArtist}, err
}

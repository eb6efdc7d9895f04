package subsonic

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"segue/internal/music"
	"segue/internal/rows"
	"segue/internal/service/subsonic/server"
	"segue/internal/service/subsonic/wire"
)

// Sections that only servers have.
const (
	sectionRated     = "rated"
	sectionRandom    = "random"
	sectionRadio     = "radio"
	sectionPodcasts  = "podcasts"
	sectionBookmarks = "bookmarks"
	sectionListeners = "nowplaying"
	sectionShares    = "shares"
	sectionSaved     = "savedqueue"
)

// Kinds that only servers have.
const (
	kindSimilar music.Kind = "similar" // radio from here; ID is that of a track, album or artist
	kindTop     music.Kind = "top"     // ID is an artist's name
	kindPodcast music.Kind = "podcast"
	kindShare   music.Kind = "share"
)

// look is one question of a caller, with what was found out on the way: of when the oldest
// answer is that it is made of.
type look struct {
	*Service
	asOf time.Time
	why  error
}

// ask is Service.ask, and remembers how old the answer is.
func (l *look) ask(ctx context.Context, method string, p url.Values) (*wire.Reply, error) {
	a, err := l.Service.ask(ctx, method, p)
	if err != nil {
		return nil, err
	}
	l.older(a.asOf, a.why)
	return a.Reply, nil
}

// older takes note of an answer of an earlier time.
func (l *look) older(asOf time.Time, why error) {
	if why != nil && (l.asOf.IsZero() || asOf.Before(l.asOf)) {
		l.asOf, l.why = asOf, why
	}
}

// old is a page's note where its rows are of an earlier time.
func (l *look) old() string { return answer{asOf: l.asOf}.stale() }

// Children answers with a window of a container's rows. Where the server cannot be reached
// the rows are those of an earlier time, with a note; and a Fault beside them says why,
// unless the network is off by wish.
func (s *Service) Children(ctx context.Context, ask music.Ask) (music.Page, error) {
	l := &look{Service: s}
	op := "open " + nameOf(ask.Of)
	if ask.Of.Kind == music.KindSection && isSearch(ask.Of.ID) {
		op = "search"
	}
	page, err := l.children(ctx, ask)
	page.Ask = ask
	if err != nil {
		return page, s.fault(op, err)
	}
	if l.why != nil {
		if page.Note == "" {
			page.Note = l.old()
		}
		if !errors.Is(l.why, server.ErrOffline) {
			return page, s.fault(op, l.why)
		}
	}
	return page, nil
}

// nameOf is a container in a user's words.
func nameOf(r music.Ref) string {
	switch {
	case r.Kind == music.KindSection && r.ID == "":
		return "the server"
	case r.Kind == music.KindSection:
		return music.Clean(r.ID)
	case r.Kind == music.KindSearch:
		return "the search for " + music.Clean(r.ID)
	case r.Kind == music.KindGenre, r.Kind == music.KindYear, r.Kind == kindTop:
		return string(r.Kind) + " " + music.Clean(r.ID)
	}
	return "the " + string(r.Kind)
}

func (l *look) children(ctx context.Context, ask music.Ask) (music.Page, error) {
	switch ask.Of.Kind {
	case music.KindSection:
		return l.sectionPage(ctx, ask)
	case music.KindArtist:
		return l.artistPage(ctx, ask)
	case music.KindYear:
		return l.yearPage(ctx, ask)
	case music.KindGenre:
		return l.genrePage(ctx, ask)
	case music.KindFolder:
		return l.folderPage(ctx, ask)
	case kindPodcast:
		return l.podcastPage(ctx, ask)
	case music.KindTrack, music.KindStream:
		list, err := l.Tracks(ctx, []music.Ref{ask.Of})
		if err != nil {
			return music.Page{}, err
		}
		return music.Page{Title: list[0].Title, Items: []music.Item{list[0]}, Total: 1}, nil
	default:
		page, tracks, err := l.whole(ctx, ask.Of)
		if err != nil {
			return page, err
		}
		return trackPage(page, tracks, ask), nil
	}
}

// trackPage is the page of a list of tracks that is there as a whole.
func trackPage(page music.Page, tracks []music.Track, ask music.Ask) music.Page {
	items := make([]music.Item, 0, len(tracks))
	for _, t := range tracks {
		items = append(items, t)
	}
	items = rows.Filter(items, ask.Filter)
	rows.Sort(items, ask.Sort)
	page.Duration = 0
	for _, it := range items {
		if t, ok := it.(music.Track); ok {
			page.Duration += t.Duration
		}
	}
	if page.Sorts == nil {
		page.Sorts = trackSorts
	}
	return rows.Cut(page, items, ask)
}

// trackSorts are the orders of a list of tracks.
var trackSorts = []music.Sort{music.SortDefault, music.SortTitle, music.SortArtist, music.SortAlbum, music.SortYear,
	music.SortAdded, music.SortPlays, music.SortRating, music.SortDuration}

// part is a section that a server may have.
type part struct {
	id, name string
	method   string // what the server must know for it; empty = every server does
}

// parts are what the sidebar shows, in its order.
var parts = []part{
	{music.SectionAlbums, "Albums", ""}, {music.SectionArtists, "Artists", ""}, {music.SectionTracks, "Tracks", ""},
	{music.SectionGenres, "Genres", ""}, {music.SectionYears, "Years", ""}, {music.SectionFiles, "Folders", ""},
	{music.SectionPlaylists, "Playlists", ""}, {music.SectionStarred, "Starred", ""}, {music.SectionRecent, "Recently added", ""},
	{music.SectionPlayed, "Recently played", ""}, {music.SectionMost, "Most played", ""}, {sectionRated, "Highest rated", highest},
	{sectionRandom, "Random", ""}, {sectionRadio, "Internet radio", "getInternetRadioStations"}, {sectionPodcasts, "Podcasts", "getPodcasts"},
	{sectionBookmarks, "Bookmarks", "getBookmarks"}, {sectionListeners, "Playing now", "getNowPlaying"}, {sectionShares, "Shares", "getShares"},
	{sectionSaved, "Queue on the server", "getPlayQueue"},
}

// lacks reports whether a server is known not to have a method: it said so, or its kind
// never has it.
func (s *Service) lacks(method string) bool {
	if method == "" {
		return false
	}
	if s.srv.Lacks(method) {
		return true
	}
	about := s.srv.About()
	if about.Version == "" {
		return false // nothing is known of it yet
	}
	return !about.AtLeast(since[method]) && since[method] != "" || lacking[strings.ToLower(about.Kind)][method]
}

// since is the version of the protocol that brought a method.
var since = map[string]string{
	"getPodcasts": "1.6.0", "getShares": "1.6.0", "createShare": "1.6.0", "getBookmarks": "1.9.0", "getInternetRadioStations": "1.9.0",
	"getPlayQueue": "1.12.0", "savePlayQueue": "1.12.0", "getSimilarSongs2": "1.11.0", "getTopSongs": "1.13.0",
}

// lacking is what some servers answer to with an error, by what they call themselves.
var lacking = map[string]map[string]bool{
	"navidrome": {"getPodcasts": true},
	"gonic":     {"getShares": true, "createShare": true},
}

// rootPage lists the sections. It asks the server who it is: its answer is the
// account's connection.
func (l *look) rootPage(ctx context.Context) (music.Page, error) {
	page := music.Page{Title: string(l.id), Subtitle: l.srv.Address().String()}
	err := l.greet(ctx)
	if err == nil {
		l.probe(ctx)
	}
	for _, p := range parts {
		if !l.lacks(p.method) {
			page.Items = append(page.Items, music.Folder{Ref: l.section(p.id), Name: p.name, Count: -1})
		}
	}
	page.Total = len(page.Items)
	return page, err
}

// greet asks the server whether it is there and still knows us.
func (s *Service) greet(ctx context.Context) error {
	c := s.srv.Credential()
	if c.IsZero() {
		return server.ErrNoCredential
	}
	err := s.srv.Greet(ctx, c)
	s.heardOf(err)
	return err
}

func (l *look) sectionPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	id := ask.Of.ID
	switch id {
	case music.SectionRoot:
		return l.rootPage(ctx)
	case music.SectionArtists:
		return l.artistsPage(ctx, ask)
	case music.SectionTracks:
		return l.tracksPage(ctx, ask)
	case music.SectionGenres:
		return l.genresPage(ctx, ask)
	case music.SectionYears:
		return l.yearsPage(ctx, ask)
	case music.SectionFiles:
		return l.filesPage(ctx, ask)
	case music.SectionPlaylists:
		return l.playlistsPage(ctx, ask)
	case music.SectionStarred:
		return l.starredPage(ctx, ask)
	case sectionPodcasts:
		return l.podcastsPage(ctx, ask)
	case sectionShares:
		return l.sharesPage(ctx, ask)
	case sectionRandom, sectionRadio, sectionBookmarks, sectionListeners, sectionSaved:
		page, tracks, err := l.whole(ctx, ask.Of)
		if err != nil {
			return page, err
		}
		return trackPage(page, tracks, ask), nil
	}
	if list, ok := albumLists[id]; ok {
		return l.albumsPage(ctx, list, ask)
	}
	if isSearch(id) {
		return l.searchPage(ctx, ask)
	}
	return music.Page{}, l.unknown(ask.Of)
}

// Refs lists every track at or below what is asked.
func (s *Service) Refs(ctx context.Context, ask music.Ask) ([]music.Ref, error) {
	if ask.Of.IsTrack() {
		return []music.Ref{ask.Of}, nil
	}
	l := &look{Service: s}
	tracks, err := l.all(ctx, ask)
	if err != nil {
		return nil, s.fault("list the tracks of "+nameOf(ask.Of), err)
	}
	refs := make([]music.Ref, len(tracks))
	for i, t := range tracks {
		refs[i] = t.Ref
	}
	return refs, nil
}

// all are the tracks at or below what is asked, filtered and sorted.
func (l *look) all(ctx context.Context, ask music.Ask) ([]music.Track, error) {
	tracks, filtered, err := l.below(ctx, ask)
	if err != nil || ask.Filter == "" && ask.Sort == music.SortDefault {
		return tracks, err
	}
	items := make([]music.Item, len(tracks))
	for i, t := range tracks {
		items[i] = t
	}
	if !filtered {
		items = rows.Filter(items, ask.Filter)
	}
	rows.Sort(items, ask.Sort)
	tracks = tracks[:0]
	for _, it := range items {
		if t, ok := it.(music.Track); ok {
			tracks = append(tracks, t)
		}
	}
	return tracks, nil
}

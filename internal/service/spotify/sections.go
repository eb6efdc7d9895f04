package spotify

import (
	"context"
	"strings"
	"time"

	"segue/internal/music"
	"segue/internal/rows"
	"segue/internal/service/spotify/webapi"
)

// Sections that only Spotify has.
const (
	sectionShows    = "shows"
	sectionEpisodes = "episodes"
	sectionQueue    = "savedqueue" // what Spotify plays next, on whichever device
)

// mostSaved and mostFound are how many rows Spotify gives at once: of lists, and of
// searches and an artist's albums.
const (
	mostSaved = 50
	mostFound = 10
)

// parts are what the sidebar shows, in its order; of toplists, what each is of.
var parts = []struct{ id, name, detail string }{
	{music.SectionStarred, "Starred", ""}, {music.SectionPlaylists, "Playlists", ""}, {music.SectionAlbums, "Albums", ""}, {music.SectionArtists, "Artists", ""},
	{sectionShows, "Podcasts", ""}, {sectionEpisodes, "Episodes", ""}, {music.SectionPlayed, "Recently played", ""},
	{music.SectionToplist + "/month", "Toplist of four weeks", "4 weeks"}, {music.SectionToplist, "Toplist of six months", "6 months"},
	{music.SectionToplist + "/year", "Toplist of a year", "A year"}, {sectionQueue, "Queue at Spotify", ""},
}

// knownFor is how long Spotify is not asked again who we are when the sections are looked at.
const knownFor = 30 * time.Second

// rootPage lists the sections. It asks Spotify who we are, unless that was said just now:
// its answer is the account's connection.
func (l *look) rootPage(ctx context.Context) (music.Page, error) {
	page := music.Page{Title: string(l.id), Subtitle: "Spotify"}
	for _, p := range parts {
		page.Items = append(page.Items, music.Folder{Ref: l.section(p.id), Name: p.name, Detail: p.detail, Count: -1})
	}
	page.Total = len(page.Items)
	if me := l.myName(); me != "" {
		page.Subtitle = rows.Subtitle(page.Subtitle, l.displayName())
	}
	var m webapi.Meta
	if _, err := l.api.Me(webapi.WithMeta(webapi.OnlyCached(ctx), &m)); err == nil && (!l.allowed() || l.cfg.Now().Sub(m.Fetched) < knownFor) {
		if !l.allowed() {
			l.older(m.Fetched, errOffline)
		}
		return page, nil
	}
	_, err := l.whoAmI(ctx)
	return page, err
}

// myName is the id of the user who is signed in, or was.
func (s *Service) myName() string {
	s.mu.Lock()
	me := s.me.Name
	s.mu.Unlock()
	if me == "" {
		me = s.granted().user
	}
	return me
}

func (s *Service) displayName() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return named(s.me.Display, s.me.Name)
}

// list is a section as a page.
type list struct {
	shelf
	title string
	none  string // why it is empty
	sorts []music.Sort
	owned bool // its rows are in the library: they have their stars
	count string
}

var (
	savedSorts = []music.Sort{music.SortAdded, music.SortTitle, music.SortArtist, music.SortAlbum, music.SortYear, music.SortDuration}
	albumSorts = []music.Sort{music.SortAdded, music.SortTitle, music.SortArtist, music.SortYear}
	nameSorts  = []music.Sort{music.SortDefault, music.SortTitle}
)

// listOf is a section that is one of Spotify's lists; ok is false for others.
func (s *Service) listOf(id string) (list, bool) {
	sh := shelf{of: s.section(id), most: mostSaved, fresh: freshFor}
	switch id {
	case music.SectionStarred:
		sh.fetch = pages(s.api.SavedTracks, s.savedTrack)
		return list{sh, "Starred", "nothing is starred yet", savedSorts, true, "track"}, true
	case music.SectionAlbums, music.SectionRecent:
		sh.of = s.section(music.SectionAlbums)
		sh.fetch = pages(s.api.SavedAlbums, s.savedAlbum)
		return list{sh, "Albums", "no albums are saved yet", albumSorts, true, "album"}, true
	case music.SectionArtists:
		sh.fetch, sh.serial = s.followed(), true
		return list{sh, "Artists", "you follow no artists yet", nameSorts, true, "artist"}, true
	case sectionShows:
		sh.fetch = pages(s.api.SavedShows, func(w webapi.Saved[webapi.Show]) music.Item { return s.show(w.Value) })
		return list{sh, "Podcasts", "no podcasts are saved yet", nameSorts, true, "podcast"}, true
	case sectionEpisodes:
		sh.fetch = pages(s.api.SavedEpisodes, s.savedEpisode)
		return list{sh, "Episodes", "no episodes are saved yet", savedSorts, true, "episode"}, true
	case music.SectionPlaylists:
		sh.fetch = s.playlistPages
		return list{sh, "Playlists", "there are no playlists yet", nameSorts, false, "playlist"}, true
	}
	return list{}, false
}

func (s *Service) savedTrack(w webapi.Saved[webapi.Track]) music.Item {
	t := s.track(w.Value, webapi.Album{})
	t.Added = w.Added
	return t
}

func (s *Service) savedEpisode(w webapi.Saved[webapi.Episode]) music.Item {
	t := s.episode(w.Value, webapi.Show{})
	t.Added = w.Added
	return t
}

func (s *Service) savedAlbum(w webapi.Saved[webapi.Album]) music.Item {
	a := s.album(w.Value)
	a.Added = w.Added
	return a
}

// isSearch reports whether a section is a search.
func isSearch(id string) bool {
	return id == music.SectionSearch || strings.HasPrefix(id, music.SectionSearch+"/")
}

// featureOf is what the sign-in has to allow for a thing to be shown or changed; "" =
// nothing in particular.
func featureOf(r music.Ref) feature {
	switch {
	case r.Kind == music.KindPlaylist:
		return featPlaylists
	case r.Kind != music.KindSection:
		return ""
	case strings.HasPrefix(r.ID, music.SectionToplist):
		return featTop
	}
	switch r.ID {
	case music.SectionStarred, music.SectionAlbums, music.SectionRecent, sectionShows, sectionEpisodes:
		return featLibrary
	case music.SectionArtists:
		return featFollowing
	case music.SectionPlaylists:
		return featPlaylists
	case music.SectionPlayed:
		return featRecent
	case sectionQueue:
		return featPlayback
	}
	return ""
}

// allows says why the sign-in does not allow a thing to be shown or changed.
func (s *Service) allows(op string, r music.Ref, u use) error {
	f := featureOf(r)
	if f == "" {
		return nil
	}
	return s.wants(op, f, u)
}

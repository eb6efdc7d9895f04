package spotify

import (
	"context"
	"strings"

	"segue/internal/music"
	"segue/internal/rows"
	"segue/internal/service/spotify/webapi"
	"segue/session"
)

// What a playlist's page says where Spotify does not list its rows.
const (
	noteClosed = "Spotify lists its tracks only to those who own or share it; as a whole it plays"
	noteOwn    = "Spotify has kept its own playlists from apps since November 2024; as a whole it may play"
)

// playlistPages is a page of the user's playlists: those of their own, those that they
// share, and those of others that they follow, in the order that they have at Spotify.
func (s *Service) playlistPages(ctx context.Context, w webapi.Window) (part, error) {
	return pages(s.api.MyPlaylists, func(p webapi.Playlist) music.Item {
		s.knowList(p)
		s.setFollows(p.ID, true)
		return s.playlist(p)
	})(ctx, w)
}

// knowList remembers what was said of a playlist, but for its items, and reports whether
// it is another one than it was.
func (s *Service) knowList(p webapi.Playlist) (changed bool) {
	if p.ID == "" {
		return false
	}
	p.Items = webapi.Page[webapi.PlaylistItem]{Total: -1, Next: -1}
	s.seen.Lock()
	defer s.seen.Unlock()
	if s.seen.lists == nil {
		s.seen.lists = map[string]webapi.Playlist{}
	}
	old, had := s.seen.lists[p.ID]
	s.seen.lists[p.ID] = p
	if had && old.Collaborative != p.Collaborative {
		delete(s.seen.closed, p.ID)
	}
	return had && (old.Snapshot != p.Snapshot || old.Name != p.Name || old.Description != p.Description || old.Public != p.Public ||
		old.Collaborative != p.Collaborative || old.Total != p.Total)
}

// mine reports whether a playlist is the user's own, and ours whether they may edit it.
func (s *Service) mine(p webapi.Playlist) bool { return p.OwnerID != "" && p.OwnerID == s.myName() }

func (s *Service) ours(p webapi.Playlist) bool { return s.mine(p) || p.Collaborative }

// playlist is a playlist as a row. Whose it is stands beside it, where it is not one's own.
func (s *Service) playlist(w webapi.Playlist) music.Playlist {
	p := music.Playlist{
		Ref: s.ref(music.KindPlaylist, w.ID), Name: named(w.Name, "Untitled playlist"), Description: w.Description, Owner: w.Owner,
		Tracks: max(w.Total, 0), Public: w.Public, Writable: s.ours(w), Closed: s.isClosed(w),
	}
	p.Theirs = w.OwnerID != "" && !s.mine(w)
	p.Followed = p.Theirs && s.follows(w.ID)
	s.pictures.learn(p.Ref, w.Images)
	return p
}

// follows reports whether a playlist is in the user's library, as far as is known.
func (s *Service) follows(id string) bool {
	s.seen.Lock()
	defer s.seen.Unlock()
	return s.seen.follows[id]
}

func (s *Service) setFollows(id string, does bool) {
	s.seen.Lock()
	defer s.seen.Unlock()
	if s.seen.follows == nil {
		s.seen.follows = map[string]bool{}
	}
	s.seen.follows[id] = does
}

// isClosed reports whether Spotify keeps a playlist's rows from us, as far as is known: what
// it did when it was asked counts, else whether it said how many there are.
func (s *Service) isClosed(w webapi.Playlist) bool {
	s.seen.Lock()
	refused, asked := s.seen.closed[w.ID]
	s.seen.Unlock()
	if asked {
		return refused
	}
	return !s.ours(w) && w.Total < 0
}

func (s *Service) setClosed(id string, is bool) {
	s.seen.Lock()
	defer s.seen.Unlock()
	if s.seen.closed == nil {
		s.seen.closed = map[string]bool{}
	}
	s.seen.closed[id] = is
}

// aboutList is what is known of a playlist: from the list of them, else by asking. Without
// its items.
func (l *look) aboutList(ctx context.Context, id string) (webapi.Playlist, error) {
	if p, ok := l.listed(id); ok {
		return p, nil
	}
	// After a start the list of them is on disk.
	for n := 0; n >= 0 && l.watched(); {
		p, err := l.playlistPages(webapi.OnlyCached(ctx), webapi.Window{Offset: n, Limit: mostSaved})
		if n = p.next; err != nil {
			break
		}
	}
	if p, ok := l.listed(id); ok {
		return p, nil
	}
	p, err := inquire(ctx, l, freshFor, func(ctx context.Context) (webapi.Playlist, error) { return l.api.Playlist(ctx, id) })
	if err == nil {
		l.knowList(p)
	}
	return p, err
}

func (s *Service) listed(id string) (webapi.Playlist, bool) {
	s.seen.Lock()
	defer s.seen.Unlock()
	p, ok := s.seen.lists[id]
	return p, ok
}

// listShelf are a playlist's rows.
func (l *look) listShelf(id string) shelf {
	return shelf{
		of: l.ref(music.KindPlaylist, id), most: mostSaved, fresh: freshFor,
		fetch: pages(func(ctx context.Context, w webapi.Window) (webapi.Page[webapi.PlaylistItem], error) {
			return l.api.PlaylistItems(ctx, id, w)
		}, l.playlistRow),
		mark: func(context.Context) string {
			p, _ := l.listed(id)
			return p.Snapshot
		},
	}
}

func (s *Service) playlistRow(w webapi.PlaylistItem) music.Item {
	t := s.item(w.Item)
	t.Added = w.Added
	return t
}

// refuses reports whether an error says that a playlist's rows are not for us.
func refuses(err error) bool {
	k := webapi.KindOf(err)
	return k == webapi.Forbidden || k == webapi.NotFound
}

func (l *look) playlistPage(ctx context.Context, what music.Ask) (music.Page, error) {
	id := what.Of.ID
	about, err := l.aboutList(ctx, id)
	if err != nil {
		return music.Page{Title: "Playlist"}, err
	}
	page := l.listHead(about)
	if l.isClosed(about) {
		return l.closedPage(page, about, what), nil
	}
	page, err = l.listRows(ctx, page, what)
	switch {
	case refuses(err):
		return l.closedPage(l.listHead(about), about, what), nil
	case err == nil:
		l.setClosed(id, false)
	}
	return page, err
}

func (s *Service) isListed(id string) bool {
	_, ok := s.listed(id)
	return ok
}

func (l *look) listRows(ctx context.Context, page music.Page, what music.Ask) (music.Page, error) {
	sh := l.listShelf(what.Of.ID)
	if what.Filter != "" || what.Sort != music.SortDefault {
		items, err := l.whole(ctx, sh)
		if err != nil {
			return page, err
		}
		return cut(page, items, what, "track"), nil
	}
	if items, ok := l.wholes.get(sh.of, sh.mark(ctx)); ok && sh.mark(ctx) != "" {
		return cut(page, items, what, "track"), nil
	}
	var err error
	page.Items, page.Total, err = l.window(ctx, sh, what)
	if page.Total == 0 && err == nil {
		page.Note = "nothing is in it yet"
	}
	return page, err
}

// listHead is a playlist's page without its rows.
func (s *Service) listHead(w webapi.Playlist) music.Page {
	p := s.playlist(w)
	var words []string
	if !s.mine(w) && p.Owner != "" {
		words = append(words, "of "+p.Owner)
	}
	if w.Collaborative {
		words = append(words, "shared")
	}
	if p.Public {
		words = append(words, "public")
	}
	if w.Total >= 0 {
		words = append(words, rows.Count(w.Total, "track"))
	}
	return music.Page{Title: p.Name, Subtitle: rows.Subtitle(append(words, p.Description)...), Sorts: savedSortsIn, Writable: p.Writable, Followed: p.Followed}
}

// savedSortsIn are the orders of a playlist: its own is the first.
var savedSortsIn = []music.Sort{music.SortDefault, music.SortTitle, music.SortArtist, music.SortAlbum, music.SortYear, music.SortAdded, music.SortDuration}

// closedPage is the page of a playlist whose rows are kept from us: one row, which plays
// all of it.
func (l *look) closedPage(page music.Page, w webapi.Playlist, what music.Ask) music.Page {
	l.setClosed(w.ID, true)
	page.Writable, page.Sorts, page.Note = false, nil, noteClosed
	if w.OwnerID == "spotify" {
		page.Note = noteOwn
	}
	return cut(page, []music.Item{l.wholeTrack(w)}, what, "row")
}

// wholeTrack is the row that plays a playlist as a whole.
func (s *Service) wholeTrack(w webapi.Playlist) music.Track {
	p := s.playlist(w)
	t := music.Track{Ref: s.wholeRef(p.Ref), Title: p.Name + " (the whole playlist)", HasCover: len(w.Images) > 0}
	if p.Owner != "" {
		t.Artists = []string{p.Owner}
	}
	s.pictures.learn(t.Ref, w.Images)
	return t
}

// wholePlaylist is all that is in a playlist; of one whose rows are kept from us the row
// that plays it.
func (l *look) wholePlaylist(ctx context.Context, id string) ([]music.Item, error) {
	about, err := l.aboutList(ctx, id)
	if err != nil {
		return nil, err
	}
	if !l.isClosed(about) {
		items, err := l.whole(ctx, l.listShelf(id))
		if !refuses(err) {
			return items, err
		}
	}
	l.setClosed(id, true)
	return []music.Item{l.wholeTrack(about)}, nil
}

// Published lists the user's own public playlists; those of others Spotify tells no more.
func (s *Service) Published(ctx context.Context, user string) ([]music.Playlist, error) {
	op := "list published playlists"
	if user != "" && !strings.EqualFold(user, s.myName()) {
		return nil, s.othersNot("list the playlists of " + music.Clean(user))
	}
	l := &look{Service: s}
	ls, _ := s.listOf(music.SectionPlaylists)
	items, err := l.whole(ctx, ls.shelf)
	if err != nil {
		return nil, s.fault(op, err)
	}
	var public []music.Playlist
	for _, it := range items {
		p, ok := it.(music.Playlist)
		if w, known := s.listed(it.ItemRef().ID); ok && p.Public && known && s.mine(w) {
			public = append(public, p)
		}
	}
	return public, nil
}

// Share fills session.Sharer, in words: Spotify has no inbox any more.
func (s *Service) Share(context.Context, string, []music.Ref, string) (string, error) {
	return "", &session.Fault{Kind: session.PermissionDenied, Account: s.id, Op: "share", Err: errInbox, Hint: "a link to it opens at Spotify"}
}

package local

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"segue/internal/music"
	"segue/internal/rows"
	"segue/internal/service/local/index"
	"segue/internal/service/local/m3u"
	"segue/session"
)

// Playlists are files: M3U8 below the data folder's playlists/ (folders there are
// folders of playlists) and whatever lies in the library. A live playlist is an M3U8
// file with a line "#SEGUE-QUERY:" and a query; the entries in it are what the query
// last gave, for other players. Tracks of other accounts and of the sampler stand in
// the file as "segue:…" lines.

const playlistEnd = ".m3u8"

func isPlaylist(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".m3u", playlistEnd, ".pls", ".xspf":
		return true
	}
	return false
}

// editable reports whether a playlist's format can be written.
func editable(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return ext == ".m3u" || ext == playlistEnd
}

func playlistRef(path string) music.Ref {
	return music.Ref{Account: music.Local, Kind: music.KindPlaylist, ID: path}
}

// playlistDir is where new playlists are made, empty without a data folder.
func (s *Service) playlistDir() string {
	if s.cfg.DataDir == "" {
		return ""
	}
	return filepath.Join(s.cfg.DataDir, "playlists")
}

// maxPlaylistFile bounds what is read of a playlist: about 100,000 entries.
const maxPlaylistFile = 16 << 20

// readPlaylist reads and parses a playlist file, and gives its bytes for comparing.
func readPlaylist(path string) (*m3u.List, []byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK, 0) // a pipe is no reason to wait
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = f.Close() }()
	if st, err := f.Stat(); err == nil && !st.Mode().IsRegular() {
		return nil, nil, errors.New("it is no file")
	}
	data, err := io.ReadAll(io.LimitReader(f, maxPlaylistFile+1))
	if err != nil {
		return nil, nil, err
	}
	if len(data) > maxPlaylistFile {
		return nil, nil, errors.New("it is larger than 16 MB")
	}
	return m3u.Parse(path, data), data, nil
}

// playlistFault says why a playlist cannot be used.
func playlistFault(op, path string, err error) error {
	kind := session.OtherTransient
	switch {
	case errors.Is(err, os.ErrNotExist):
		kind = session.OtherPermanent
	case errors.Is(err, os.ErrPermission):
		kind = session.PermissionDenied
	case errors.Is(err, errReadOnly):
		kind = session.PermissionDenied
	}
	return fault(kind, op+" the playlist "+baseName(path), shortFile{err}, "")
}

// playlistName is what a playlist is called: by itself, else by its file.
func playlistName(path string, l *m3u.List) string {
	if l != nil && l.Name() != "" {
		return index.Clean(l.Name())
	}
	return baseName(path)
}

// playlistRow is a playlist among other rows.
func (s *Service) playlistRow(path string) music.Playlist {
	p := music.Playlist{Ref: playlistRef(path), Name: baseName(path)}
	st, err := os.Stat(path)
	if err != nil {
		return p
	}
	p.Changed = st.ModTime()
	p.Writable = editable(path) && !s.cfg.ReadOnly
	l, _, err := readPlaylist(path)
	if err != nil {
		return p
	}
	p.Name, p.Query = playlistName(path, l), l.Query()
	p.Public, p.Description = l.Public(), cleanLines(l.Description())
	entries := l.Entries()
	p.Tracks = len(entries)
	if sum, unsaid := lengths(entries); len(unsaid) == 0 {
		p.Duration = sum // else it is told where the list is opened, and its tracks are looked up
	}
	if p.Query != "" {
		p.Writable = false
	}
	return p
}

// playlistsPage is the tree of playlists: the data folder's, then those in the library.
func (s *Service) playlistsPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	page := music.Page{Title: "Playlists", Sorts: []music.Sort{music.SortTitle}}
	var items []music.Item
	if dir := s.playlistDir(); dir != "" {
		rows, err := readFolder(dir)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			page.Note = "the playlists in " + index.Clean(dir) + " cannot be read: " + plainError(err)
		}
		for _, r := range rows {
			p := filepath.Join(dir, r.name)
			switch r.kind {
			case entryDir:
				items = append(items, music.Folder{Ref: folderRef(p), Name: index.Clean(r.name), Count: -1})
			case entryList:
				items = append(items, s.playlistRow(p))
			case entryTrack:
			}
		}
	}
	for _, p := range s.libraryLists(ctx) {
		items = append(items, s.playlistRow(p))
	}
	var kept []music.Item
	for _, it := range items {
		if matches(ask.Filter, it) {
			kept = append(kept, it)
		}
	}
	if len(items) == 0 && page.Note == "" {
		page.Note = "no playlists yet: A adds tracks to one, C-s saves the queue as one"
	}
	return cut(page, kept, ask), nil
}

// libraryLists are the playlists that the last scan met in the library.
func (s *Service) libraryLists(ctx context.Context) []string {
	db, err := s.index(ctx)
	if err != nil {
		return nil
	}
	lists, err := db.Lists(ctx)
	if err != nil {
		s.damaged(ctx, err)
		return nil
	}
	return lists
}

// allPlaylists are all playlist files, those in folders of playlists too.
func (s *Service) allPlaylists(ctx context.Context) []string {
	var all []string
	if dir := s.playlistDir(); dir != "" {
		_ = filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
			if err != nil || ctx.Err() != nil {
				return nil //nolint:nilerr // a folder that cannot be read holds no playlists
			}
			if d.IsDir() && strings.HasPrefix(d.Name(), ".") && p != dir {
				return filepath.SkipDir
			}
			if !d.IsDir() && isPlaylist(d.Name()) && !strings.HasPrefix(d.Name(), ".") {
				all = append(all, p)
			}
			return nil
		})
	}
	return append(all, s.libraryLists(ctx)...)
}

// searchPlaylistsPage finds playlists by name.
func (s *Service) searchPlaylistsPage(ctx context.Context, page music.Page, ask music.Ask) (music.Page, error) {
	var items []music.Item
	for _, p := range s.allPlaylists(ctx) {
		row := s.playlistRow(p)
		if matches(ask.Filter, row) {
			items = append(items, row)
		}
	}
	page = cut(page, items, ask)
	if page.Total == 0 {
		page.Note = nothing(ask.Filter)
	}
	return page, nil
}

// playlistPage is the rows of a playlist.
func (s *Service) playlistPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	path := ask.Of.ID
	l, _, err := readPlaylist(path)
	if err != nil {
		return music.Page{Title: baseName(path)}, playlistFault("open", path, err)
	}
	page := music.Page{Title: playlistName(path, l)}
	if l.Query() != "" {
		return s.livePage(ctx, page, l.Query(), ask)
	}
	page.Writable = editable(path) && !s.cfg.ReadOnly
	page.Sorts = append([]music.Sort{music.SortDefault}, trackSorts(music.SortTitle)...)
	entries := l.Entries()
	page.Total = len(entries)
	if page.Duration, err = s.listDuration(ctx, path, entries); err != nil {
		return page, err
	}
	page.Subtitle = rows.Subtitle(rows.Count(len(entries), "track"), rows.Clock(page.Duration))
	if len(entries) == 0 {
		page.Note = "the playlist is empty: A adds tracks to it"
	}
	if ask.Filter == "" && ask.Sort == music.SortDefault {
		from := min(max(ask.Offset, 0), len(entries))
		page.Items, err = s.entryItems(ctx, path, entries[from:min(from+limitOf(ask), len(entries))])
		return page, err
	}
	all, err := s.entryItems(ctx, path, entries)
	if err != nil {
		return page, err
	}
	var kept []music.Item
	for _, it := range all {
		if matches(ask.Filter, it) {
			kept = append(kept, it)
		}
	}
	sortItems(kept, ask.Sort)
	return cut(page, kept, ask), nil
}

// lengths sums up what a playlist says of its entries, and gives those of which it does not.
func lengths(entries []m3u.Entry) (sum time.Duration, unsaid []m3u.Entry) {
	for _, e := range entries {
		if sum += e.Length; e.Length == 0 {
			unsaid = append(unsaid, e)
		}
	}
	return sum, unsaid
}

// lookedUp is how many entries without a length are looked up for the sum.
const lookedUp = 500

// listDuration is how long a playlist is, 0 where too much of it is not known.
func (s *Service) listDuration(ctx context.Context, path string, entries []m3u.Entry) (time.Duration, error) {
	sum, unsaid := lengths(entries)
	if len(unsaid) > lookedUp {
		return 0, nil
	}
	items, err := s.entryItems(ctx, path, unsaid)
	for _, it := range items {
		if t, ok := it.(music.Track); ok {
			sum += t.Duration
		}
	}
	return sum, err
}

// livePage is the answer to a live playlist's query.
func (s *Service) livePage(ctx context.Context, page music.Page, query string, ask music.Ask) (music.Page, error) {
	ask.Of = music.Section(music.Local, music.SectionSearch+"/"+searchTracks)
	ask.Filter = both(query, ask.Filter)
	found, err := s.searchTracksPage(ctx, music.Page{}, ask)
	found.Title, found.Query, found.Subtitle = page.Title, query, rows.Subtitle("live: "+index.Clean(query), rows.Count(found.Total, "track"))
	return found, err
}

// both is the query that asks for two others together.
func both(a, b string) string {
	if b == "" {
		return a
	}
	return "(" + a + ") (" + b + ")"
}

// stamp is a moment in a file's name.
func stamp(t time.Time) string { return t.Format("20060102-150405") }

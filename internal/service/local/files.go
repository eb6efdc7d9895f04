package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"segue/internal/match"
	"segue/internal/music"
	"segue/internal/rows"
	"segue/internal/service/local/index"
	"segue/internal/tags"
	"segue/session"
)

// filesPage is the library's folders; where there is one, what is in it.
func (s *Service) filesPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	page := music.Page{Title: "Files"}
	switch len(s.roots) {
	case 0:
		page.Note = s.emptyNote()
		return page, nil
	case 1:
		one := ask
		one.Of = folderRef(s.roots[0])
		page, err := s.folderPage(ctx, one)
		var missing *session.Fault
		if errors.As(err, &missing) && errors.Is(err, fs.ErrNotExist) {
			page.Title, page.Note = "Files", "the folder "+index.Clean(s.roots[0])+" is not there"
			return page, nil
		}
		return page, err
	}
	var items []music.Item
	for _, r := range s.roots {
		f := music.Folder{Ref: folderRef(r), Name: index.Clean(r), Count: -1}
		if _, err := os.Stat(r); err != nil {
			f.Detail = "is not there"
		}
		if matches(ask.Filter, f) {
			items = append(items, f)
		}
	}
	return cut(page, items, ask), nil
}

// dirEntry is a row of a folder before its tags are known.
type dirEntry struct {
	name string
	kind entryKind
	key  string
}

type entryKind int

const (
	entryDir entryKind = iota
	entryList
	entryTrack
)

// readFolder lists what a folder shows: folders, then playlists, then music, each in
// natural order. Hidden names are left out.
func readFolder(dir string) ([]dirEntry, error) {
	list, err := os.ReadDir(dir)
	if err != nil && len(list) == 0 {
		return nil, err
	}
	var rows []dirEntry
	for _, e := range list {
		name := e.Name()
		if strings.HasPrefix(name, ".") {
			continue
		}
		isDir, regular := e.IsDir(), e.Type().IsRegular()
		if e.Type()&fs.ModeSymlink != 0 {
			st, err := os.Stat(filepath.Join(dir, name))
			if err != nil {
				continue
			}
			isDir, regular = st.IsDir(), st.Mode().IsRegular()
		}
		switch {
		case isDir:
			rows = append(rows, dirEntry{name: name, kind: entryDir})
		case !regular:
		case isPlaylist(name):
			rows = append(rows, dirEntry{name: name, kind: entryList})
		case tags.IsAudio(name):
			rows = append(rows, dirEntry{name: name, kind: entryTrack})
		}
	}
	for i := range rows {
		rows[i].key = match.Fold(rows[i].name)
	}
	slices.SortFunc(rows, func(a, b dirEntry) int {
		if a.kind != b.kind {
			return int(a.kind) - int(b.kind)
		}
		if c := natural(a.key, b.key); c != 0 {
			return c
		}
		return strings.Compare(a.name, b.name)
	})
	return rows, nil
}

// natural compares texts with the numbers in them as numbers: "2" before "10".
func natural(a, b string) int {
	for a != "" && b != "" {
		x, y := digits(a), digits(b)
		if x > 0 && y > 0 {
			m, n := strings.TrimLeft(a[:x], "0"), strings.TrimLeft(b[:y], "0")
			if len(m) != len(n) {
				return len(m) - len(n)
			}
			if c := strings.Compare(m, n); c != 0 {
				return c
			}
			a, b = a[x:], b[y:]
			continue
		}
		if a[0] != b[0] {
			return int(a[0]) - int(b[0])
		}
		a, b = a[1:], b[1:]
	}
	return len(a) - len(b)
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// folderFault says why a folder cannot be shown.
func folderFault(dir string, err error) error {
	kind := session.OtherTransient
	switch {
	case errors.Is(err, fs.ErrNotExist):
		kind = session.OtherPermanent
	case errors.Is(err, fs.ErrPermission):
		kind = session.PermissionDenied
	}
	return &session.Fault{Kind: kind, Account: music.Local, Op: "open the folder " + index.Clean(dir), Err: shortFile{err}}
}

// shortFile is a file error that prints without operation and path.
type shortFile struct{ err error }

func (e shortFile) Error() string { return plainError(e.err) }
func (e shortFile) Unwrap() error { return e.err }

// folderPage is a folder as it is on disk now; tags come from the index, or for the
// rows of the window from the files.
func (s *Service) folderPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	dir := ask.Of.ID
	page := music.Page{Title: index.Clean(dir), Sorts: []music.Sort{music.SortPath, music.SortTitle, music.SortArtist, music.SortAlbum, music.SortYear, music.SortAdded, music.SortPlays, music.SortRating, music.SortDuration}}
	found, err := readFolder(dir)
	if err != nil {
		return page, folderFault(dir, err)
	}
	known, counts := s.knownIn(ctx, dir)
	whole := ask.Filter != "" || ask.Sort != music.SortDefault && ask.Sort != music.SortPath
	var tracks int
	if !whole {
		from := min(max(ask.Offset, 0), len(found))
		page.Total = len(found)
		for _, r := range found {
			if r.kind == entryTrack {
				tracks++
			}
		}
		page.Items, err = s.folderItems(ctx, dir, found[from:min(from+limitOf(ask), len(found))], known, counts)
	} else {
		var all, kept []music.Item
		all, err = s.folderItems(ctx, dir, found, known, counts)
		for _, it := range all {
			if matches(ask.Filter, it) {
				kept = append(kept, it)
			}
			if _, ok := it.(music.Track); ok {
				tracks++
			}
		}
		sortItems(kept, ask.Sort)
		page = cut(page, kept, ask)
	}
	if err != nil {
		return page, err
	}
	if len(found) == 0 {
		page.Note = "there is no music in this folder"
	}
	page.Subtitle = holds(found, tracks)
	return page, nil
}

// holds counts what is in a folder; the tracks are left out where it has folders only.
func holds(found []dirEntry, tracks int) string {
	folders, have := 0, ""
	for _, f := range found {
		if f.kind == entryDir {
			folders++
		}
	}
	if folders > 0 {
		have = rows.Count(folders, "folder")
	}
	if folders > 0 && tracks == 0 {
		return have
	}
	return rows.Subtitle(have, rows.Count(tracks, "track"))
}

// knownIn is what the index knows of a folder: its tracks by name, and how many there
// are below each folder in it. Without an index both are empty.
func (s *Service) knownIn(ctx context.Context, dir string) (map[string][]*index.Entry, map[string]int) {
	db, err := s.index(ctx)
	if err != nil || !s.inLibrary(dir) {
		return nil, nil
	}
	entries, err := db.In(ctx, dir)
	if err != nil {
		s.damaged(ctx, err)
		return nil, nil
	}
	known := make(map[string][]*index.Entry, len(entries))
	for _, e := range entries {
		base, _, _ := strings.Cut(e.Name, "\x00")
		known[base] = append(known[base], e)
	}
	counts, err := db.Folders(ctx, dir)
	if err != nil {
		counts = nil
	}
	return known, counts
}

func (s *Service) inLibrary(p string) bool {
	return slices.ContainsFunc(s.roots, func(r string) bool { return under(p, r) })
}

func (s *Service) folderItems(ctx context.Context, dir string, found []dirEntry, known map[string][]*index.Entry, counts map[string]int) ([]music.Item, error) {
	items := make([]music.Item, 0, len(found))
	for _, r := range found {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("read the folder: %w", err)
		}
		p := index.Join(dir, r.name)
		switch r.kind {
		case entryDir:
			f := music.Folder{Ref: folderRef(p), Name: index.Clean(r.name), Count: -1}
			if n, ok := counts[r.name]; ok {
				f.Detail = rows.Count(n, "track")
			}
			items = append(items, f)
		case entryList:
			items = append(items, s.playlistRow(p))
		case entryTrack:
			entries := known[r.name]
			for _, e := range entries {
				items = append(items, s.entryTrack(e))
			}
			if len(entries) == 0 {
				items = append(items, fileTrack(trackRef(p)))
			}
		}
	}
	return items, nil
}

// folderRefs are all tracks in a folder and below it, in the order in which they are
// shown. Folders that cannot be read are passed over, links in circles followed once.
func (s *Service) folderRefs(ctx context.Context, ask music.Ask) ([]music.Ref, error) {
	var refs []music.Ref
	if ask.Filter != "" || ask.Sort != music.SortDefault {
		page := ask
		page.Offset, page.Limit = 0, 0
		return s.filteredRefs(ctx, page)
	}
	visited := map[string]bool{}
	var walk func(dir string, depth int) error
	walk = func(dir string, depth int) error {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("read the folder: %w", err)
		}
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			if visited[real] {
				return nil
			}
			visited[real] = true
		}
		found, err := readFolder(dir)
		if err != nil && depth == 0 {
			return folderFault(dir, err)
		}
		known, _ := s.cuesIn(ctx, dir)
		for _, r := range found {
			if r.kind == entryTrack {
				refs = append(refs, partRefs(dir, r.name, known)...)
			}
		}
		for _, r := range found {
			if r.kind == entryDir {
				if err := walk(index.Join(dir, r.name), depth+1); err != nil {
					return err
				}
			}
		}
		return nil
	}
	err := walk(ask.Of.ID, 0)
	return refs, err
}

// cuesIn are the files of a folder that the index has in parts.
func (s *Service) cuesIn(ctx context.Context, dir string) (map[string][]string, error) {
	db, err := s.index(ctx)
	if err != nil || !s.inLibrary(dir) {
		return nil, err
	}
	return db.PartNames(ctx, dir)
}

func partRefs(dir, name string, parts map[string][]string) []music.Ref {
	if len(parts[name]) == 0 {
		return []music.Ref{trackRef(index.Join(dir, name))}
	}
	var refs []music.Ref
	for _, p := range parts[name] {
		refs = append(refs, trackRef(index.Join(dir, p)))
	}
	return refs
}

// filteredRefs are the tracks among the rows of a container, page by page.
func (s *Service) filteredRefs(ctx context.Context, ask music.Ask) ([]music.Ref, error) {
	var refs []music.Ref
	for {
		page, err := s.children(ctx, ask)
		if err != nil {
			return refs, err
		}
		for _, it := range page.Items {
			if r := it.ItemRef(); r.IsTrack() {
				refs = append(refs, r)
				continue
			}
			below, err := s.Refs(ctx, music.Ask{Of: it.ItemRef()})
			if err != nil {
				return refs, err
			}
			refs = append(refs, below...)
		}
		ask.Offset += len(page.Items)
		if len(page.Items) == 0 || ask.Offset >= page.Total {
			return refs, nil
		}
	}
}

// baseName is a file's name without its ending, for showing.
func baseName(p string) string {
	b := path.Base(p)
	return index.Clean(strings.TrimSuffix(b, path.Ext(b)))
}

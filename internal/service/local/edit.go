package local

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"segue/internal/music"
	"segue/internal/service/local/index"
	"segue/internal/service/local/m3u"
	"segue/session"
)

var (
	errReadOnly = errors.New("it cannot be written")
	errChanged  = errors.New("another program has changed it meanwhile")
	errExists   = errors.New("there is one of that name already")
)

// CreatePlaylist makes a new M3U8 file; "A/B" makes B in the folder A.
func (s *Service) CreatePlaylist(ctx context.Context, name string, tracks []music.Ref) (music.Ref, error) {
	return s.create(ctx, name, "", tracks)
}

// CreateLive makes a playlist that is the answer to a query, now and later.
func (s *Service) CreateLive(ctx context.Context, name, query string) (music.Ref, error) {
	if _, err := parse(query); err != nil {
		return music.Ref{}, err
	}
	refs, err := s.Refs(ctx, music.Ask{Of: music.Section(music.Local, music.SectionSearch+"/"+searchTracks), Filter: query})
	if err != nil {
		return music.Ref{}, err
	}
	return s.create(ctx, name, query, refs)
}

func (s *Service) create(ctx context.Context, name, query string, tracks []music.Ref) (music.Ref, error) {
	op := "create the playlist " + index.Clean(name)
	path, err := s.newPath(s.playlistDir(), name)
	if err != nil {
		return music.Ref{}, fault(session.InvalidArgument, op, err, "")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return music.Ref{}, fault(session.PermissionDenied, op, shortFile{err}, "")
	}
	l := m3u.New(filepath.Base(name), query)
	l.Replace(s.entriesOf(ctx, filepath.Dir(path), tracks))
	if err := writeNew(path, l.Bytes()); err != nil {
		if errors.Is(err, os.ErrExist) {
			return music.Ref{}, fault(session.Conflict, op, errExists, "choose another name")
		}
		return music.Ref{}, fault(session.OtherTransient, op, shortFile{err}, "")
	}
	return playlistRef(path), nil
}

// newPath is the file of a new playlist below dir.
func (s *Service) newPath(dir, name string) (string, error) {
	if dir == "" || s.cfg.ReadOnly {
		return "", errors.New("there is no data folder that can be written")
	}
	var parts []string
	for part := range strings.SplitSeq(name, "/") {
		part = strings.TrimLeft(index.Clean(part), ".")
		part = strings.TrimSpace(strings.Map(func(r rune) rune {
			if strings.ContainsRune(`\:*?"<>|`, r) {
				return '-' // other systems cannot have them in names
			}
			return r
		}, part))
		for len(part) > 200 {
			part = strings.ToValidUTF8(part[:200], "")
		}
		if part != "" {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return "", errors.New("it needs a name")
	}
	return filepath.Join(dir, filepath.Join(parts...)+playlistEnd), nil
}

// entriesOf are tracks as entries of a playlist in dir.
func (s *Service) entriesOf(ctx context.Context, dir string, refs []music.Ref) []m3u.Entry {
	entries := make([]m3u.Entry, len(refs))
	var own, foreign []music.Ref
	for _, r := range refs {
		switch {
		case r.Account == music.Local && r.IsTrack():
			own = append(own, r)
		case r.IsTrack():
			foreign = append(foreign, r)
		}
	}
	known := map[music.Ref]music.Track{}
	if tracks, err := s.Tracks(ctx, own); err == nil {
		for _, t := range tracks {
			known[t.Ref] = t
		}
	}
	if s.cfg.Foreign != nil && len(foreign) > 0 {
		for _, t := range s.cfg.Foreign(ctx, foreign) {
			known[t.Ref] = t
		}
	}
	for i, r := range refs {
		entries[i] = m3u.Entry{Location: location(dir, r)}
		if t, ok := known[r]; ok && t.Title != "" {
			entries[i].Title, entries[i].Length = t.Title, t.Duration
			if a := t.Artist(); a != "" {
				entries[i].Title = a + " - " + t.Title
			}
		}
	}
	return entries
}

// location is how a playlist in dir names a track: relative where both are below one
// folder other than the root, so that the whole may be moved; else absolute.
func location(dir string, r music.Ref) string {
	switch {
	case r.Kind == music.KindStream && r.Account == music.Local, r.Kind == music.KindTrack && r.Account == music.Local && isWords(r.ID):
		return r.ID
	case r.Account != music.Local || strings.HasPrefix(r.ID, samplerPrefix) || r.Kind != music.KindTrack && r.Kind != music.KindPlaylist:
		return r.String()
	}
	file, part, cut := strings.Cut(r.ID, "\x00")
	if rel, err := filepath.Rel(dir, file); err == nil && shared(dir, file) {
		file = rel
	}
	if cut {
		file += "#segue-part=" + part
	}
	return file
}

// shared reports whether two absolute paths begin with the same folder.
func shared(a, b string) bool {
	x, _, _ := strings.Cut(strings.TrimPrefix(a, "/"), "/")
	y, _, _ := strings.Cut(strings.TrimPrefix(b, "/"), "/")
	return x == y
}

// EditPlaylist gives a playlist a new order. It fails with Conflict when the file no
// longer holds what before says.
func (s *Service) EditPlaylist(ctx context.Context, p music.Ref, before, after []music.Ref) error {
	op := "change the playlist " + baseName(p.ID)
	l, data, err := s.forEdit(p)
	if err != nil {
		return playlistFault("change", p.ID, err)
	}
	if l.Query() != "" {
		return fault(session.PermissionDenied, op, errors.New("it is live: its tracks come from its query"), "")
	}
	old := l.Entries()
	have := make([]music.Ref, len(old))
	spare := map[music.Ref][]m3u.Entry{}
	for i, e := range old {
		have[i] = entryRef(p.ID, e)
		spare[have[i]] = append(spare[have[i]], e)
	}
	if !slices.Equal(have, before) {
		return fault(session.Conflict, op, errChanged, "look at it again")
	}
	dir := filepath.Dir(p.ID)
	var fresh []music.Ref
	entries := make([]m3u.Entry, len(after))
	var places []int
	for i, r := range after {
		if have := spare[r]; len(have) > 0 {
			entries[i], spare[r] = have[0], have[1:]
			continue
		}
		fresh, places = append(fresh, r), append(places, i)
	}
	for i, e := range s.entriesOf(ctx, dir, fresh) {
		entries[places[i]] = e
	}
	l.Replace(entries)
	if err := s.replace(p.ID, data, l.Bytes()); err != nil {
		if errors.Is(err, errChanged) {
			return fault(session.Conflict, op, err, "look at it again")
		}
		return playlistFault("change", p.ID, err)
	}
	return nil
}

// forEdit reads a playlist that may be written.
func (s *Service) forEdit(p music.Ref) (*m3u.List, []byte, error) {
	if p.Kind != music.KindPlaylist || !editable(p.ID) || s.cfg.ReadOnly {
		return nil, nil, errReadOnly
	}
	return readPlaylist(p.ID)
}

// RenamePlaylist renames the file, and the name in it. A name with "/" is within the
// folder that the playlist is in.
func (s *Service) RenamePlaylist(_ context.Context, p music.Ref, name string) (music.Ref, error) {
	op := "rename the playlist " + baseName(p.ID)
	l, data, err := s.forEdit(p)
	if err != nil {
		return p, playlistFault("rename", p.ID, err)
	}
	path, err := s.newPath(filepath.Dir(p.ID), name)
	if err != nil {
		return p, fault(session.InvalidArgument, op, err, "")
	}
	path = strings.TrimSuffix(path, playlistEnd) + filepath.Ext(p.ID)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return p, playlistFault("rename", p.ID, err)
	}
	if path != p.ID {
		if err := moveNew(p.ID, path); err != nil {
			if errors.Is(err, os.ErrExist) {
				return p, fault(session.Conflict, op, errExists, "choose another name")
			}
			return p, playlistFault("rename", p.ID, err)
		}
	}
	if l.Name() != "" {
		l.SetName(filepath.Base(name))
		if err := s.replace(path, data, l.Bytes()); err != nil {
			return playlistRef(path), playlistFault("rename", path, err)
		}
	}
	return playlistRef(path), nil
}

// DeletePlaylist moves the file to playlists/.deleted, from where it can be had back.
func (s *Service) DeletePlaylist(_ context.Context, p music.Ref) error {
	if p.Kind != music.KindPlaylist || s.cfg.ReadOnly {
		return playlistFault("delete", p.ID, errReadOnly)
	}
	if _, _, err := readPlaylist(p.ID); err != nil {
		return playlistFault("delete", p.ID, err)
	}
	if dir := s.playlistDir(); dir != "" {
		bin := filepath.Join(dir, ".deleted")
		if err := os.MkdirAll(bin, 0o755); err != nil {
			return playlistFault("delete", p.ID, err)
		}
		ext := filepath.Ext(p.ID)
		keep := fmt.Sprintf("%s %s%s", strings.TrimSuffix(filepath.Base(p.ID), ext), stamp(s.cfg.Now()), ext)
		switch err := throwAway(p.ID, filepath.Join(bin, keep)); {
		case err == nil:
			return nil
		case !errors.Is(err, os.ErrExist):
			return playlistFault("delete", p.ID, err)
		}
	}
	if err := os.Remove(p.ID); err != nil {
		return playlistFault("delete", p.ID, err)
	}
	return nil
}

// writeTemp writes a file beside path, safe on the disk, to be renamed to it.
func writeTemp(path string, data []byte, like os.FileMode) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".segue-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(like)
	}
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

// writeNew makes a file that was not there: whole or not at all.
func writeNew(path string, data []byte) error {
	temp, err := writeTemp(path, data, 0o644)
	if err != nil {
		return err
	}
	if err := moveNew(temp, path); err != nil {
		_ = os.Remove(temp)
		return err
	}
	return nil
}

// moveNew renames without replacing what is there: a link fails where the name is
// taken. Where the file system has no links, a look has to do.
func moveNew(from, to string) error {
	err := os.Link(from, to)
	if err == nil {
		return os.Remove(from)
	}
	if errors.Is(err, os.ErrExist) || errors.Is(err, os.ErrNotExist) {
		return err
	}
	if _, err := os.Lstat(to); err == nil {
		return os.ErrExist
	}
	return os.Rename(from, to)
}

// throwAway moves a file as it is now to a place of its own; across file systems, and
// of a link to a file, what is in it.
func throwAway(path, to string) error {
	if st, err := os.Lstat(path); err == nil && st.Mode().IsRegular() {
		if err := moveNew(path, to); err == nil || errors.Is(err, os.ErrExist) {
			return err
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := writeNew(to, data); err != nil {
		return err
	}
	return os.Remove(path)
}

// replace puts new content into a file that still holds the old. Where another program
// wrote it in the very same moment, its version is kept beside, and that is told.
func (s *Service) replace(path string, old, data []byte) error {
	kept, err := replaceFile(path, old, data, s.cfg.Now())
	if kept != "" {
		s.note("another program changed the playlist %s in the same moment: its version is now %s", baseName(path), index.Clean(filepath.Base(kept)))
	}
	return err
}

// replaceFile does it, and gives the file in which the version of another program is
// kept. A symbolic link stays one.
func replaceFile(path string, old, data []byte, now time.Time) (kept string, err error) {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	st, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	temp, err := writeTemp(path, data, st.Mode().Perm())
	if err != nil {
		return "", err
	}
	held := temp + ".old" // the file that is replaced, whatever is in it by then
	have, err := os.ReadFile(path)
	if err == nil && !bytes.Equal(have, old) {
		err = errChanged
	}
	if err == nil {
		_ = os.Link(path, held) // without links the moment is not watched
		err = os.Rename(temp, path)
	}
	if err != nil {
		_ = os.Remove(temp)
		_ = os.Remove(held)
		return "", err
	}
	return keepOther(held, path, old, now), nil
}

// keepOther keeps the file that was replaced if it does not hold what it was thought to.
func keepOther(held, path string, old []byte, now time.Time) (kept string) {
	have, err := os.ReadFile(held)
	if err == nil && !bytes.Equal(have, old) {
		ext := filepath.Ext(path)
		kept = strings.TrimSuffix(path, ext) + " (changed elsewhere " + stamp(now) + ")" + ext
		if moveNew(held, kept) == nil {
			return kept
		}
	}
	_ = os.Remove(held)
	return ""
}

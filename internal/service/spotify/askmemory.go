package spotify

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
	"segue/internal/service/store"
)

// browsing is what an account remembers of what was looked at.
type browsing struct {
	pictures pictures
	wholes   wholes
	stars    stars
	errands  errands

	memory struct { // tracks and long lists, on disk
		sync.Mutex
		db     *store.Store
		err    error
		closed bool
	}
	seen struct { // what was found out of playlists
		sync.Mutex
		lists   map[string]webapi.Playlist // by id, as they were listed last, without items
		follows map[string]bool            // is in the user's library
		closed  map[string]bool            // Spotify does not list their items to us
		raw     map[string]string          // of files on disk: what Spotify writes for our form, where that is another
		rows    map[music.Ref]time.Time    // since when a list is known to be another one
		changed func(music.Ref)            // Watch's; nil = nobody watches
		away    time.Time                  // until when Spotify is thought not to be there
		why     error
	}
}

// watched reports whether somebody can be told of changes.
func (b *browsing) watched() bool {
	b.seen.Lock()
	defer b.seen.Unlock()
	return b.seen.changed != nil
}

// tell tells Watch's listener what is no longer as it was.
func (b *browsing) tell(refs ...music.Ref) {
	b.seen.Lock()
	changed := b.seen.changed
	b.seen.Unlock()
	if changed == nil {
		return
	}
	for _, r := range refs {
		changed(r)
	}
}

// store opens the account's memory, once. Where the folder cannot be written it is in
// memory, and a note says so.
func (s *Service) store(ctx context.Context) (*store.Store, error) {
	m := &s.memory
	m.Lock()
	defer m.Unlock()
	if m.db != nil || m.err != nil {
		return m.db, m.err
	}
	if m.closed {
		return nil, os.ErrClosed
	}
	ctx = context.WithoutCancel(ctx)
	path := s.memoryPath()
	if path != "" && os.MkdirAll(s.cfg.DataDir, 0o700) != nil {
		path = ""
	}
	db, note, err := store.Open(ctx, path, s.cfg.Now())
	if err != nil && path != "" {
		note = fmt.Sprintf("%s: nothing is remembered of Spotify in this run: %v", s.id, err)
		db, _, err = store.Open(ctx, "", s.cfg.Now())
	}
	m.db, m.err = db, err
	if note != "" {
		s.note("%s", note)
	}
	return db, err
}

// forgetBrowsing removes what is remembered of a user: it is nobody else's.
func (s *Service) forgetBrowsing() error {
	s.wholes.clear()
	s.stars.clear()
	s.seen.Lock()
	s.seen.lists, s.seen.follows, s.seen.closed, s.seen.rows = nil, nil, nil, nil
	s.seen.Unlock()
	m := &s.memory
	m.Lock()
	defer m.Unlock()
	var errs []error
	if m.db != nil {
		errs = append(errs, m.db.Close())
	}
	m.db, m.err = nil, nil
	if path := s.memoryPath(); path != "" {
		for _, end := range []string{"", "-wal", "-shm"} {
			if err := os.Remove(path + end); err != nil && !errors.Is(err, fs.ErrNotExist) {
				errs = append(errs, err)
			}
		}
	}
	return errors.Join(errs...)
}

// memoryPath is the memory's file; "" = it is in memory.
func (s *Service) memoryPath() string {
	if s.cfg.DataDir == "" {
		return ""
	}
	return filepath.Join(s.cfg.DataDir, "spotify-"+string(s.id)+".db")
}

// closeBrowsing lets the memory go.
func (s *Service) closeBrowsing() error {
	s.pictures.closeIdle()
	m := &s.memory
	m.Lock()
	defer m.Unlock()
	m.closed = true
	db := m.db
	m.db = nil
	if db == nil {
		return nil
	}
	return db.Close()
}

// learnItems remembers the tracks of a page, so that a queue can be described without
// asking for each.
func (s *Service) learnItems(ctx context.Context, items []music.Item) error {
	var songs []store.Song
	for _, it := range items {
		if t, ok := it.(music.Track); ok && t.Ref.Account == s.id && t.Ref.ID != goneID {
			t.Added, t.LastPlayed = time.Time{}, time.Time{} // that is the list's
			t.Starred, _ = s.stars.of(t.Ref)
			songs = append(songs, store.Song{Track: t, Cover: s.pictures.text(t.Ref)})
		}
	}
	if len(songs) == 0 {
		return nil
	}
	db, err := s.store(ctx)
	if err != nil {
		return err
	}
	return db.PutSongs(context.WithoutCancel(ctx), songs)
}

// restFresh is how old the pages behind the first one may be: as they were before the list
// was seen to be another one, they are asked for again.
func (s *Service) restFresh(sh shelf) time.Duration {
	s.seen.Lock()
	defer s.seen.Unlock()
	if since, ok := s.seen.rows[sh.of]; ok {
		return min(s.cfg.Now().Sub(since), restFor)
	}
	return restFor
}

// isOther takes note that a list is another one now.
func (s *Service) isOther(of music.Ref) {
	s.seen.Lock()
	defer s.seen.Unlock()
	if s.seen.rows == nil {
		s.seen.rows = map[music.Ref]time.Time{}
	}
	s.seen.rows[of] = s.cfg.Now()
}

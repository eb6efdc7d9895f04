package subsonic

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"segue/internal/music"
	"segue/internal/service/subsonic/store"
	"segue/internal/service/subsonic/wire"
	"segue/player/decode"
	"segue/session"
)

// syncState is what is known of the copies. Guarded by Service.mu.
type syncState struct {
	status  session.SyncStatus
	paused  bool
	quality music.Quality
	perOne  time.Duration // how long a copy takes, on the whole
}

// triesMost is how often in a row a copy is tried before it waits for the next sync.
const triesMost = 3

// offlineDir is where copies are, "" = there is no place for them.
func (s *Service) offlineDir() string {
	if s.cfg.DataDir == "" {
		return ""
	}
	return filepath.Join(s.cfg.DataDir, "offline", string(s.id))
}

// SetOffline marks tracks and containers to be kept on this machine, or takes the mark away.
func (s *Service) SetOffline(ctx context.Context, refs []music.Ref, on bool) error {
	op := "keep offline"
	if s.offlineDir() == "" {
		return &session.Fault{Kind: session.OfflineDiskCache, Account: s.id, Op: op, Err: errors.New("there is no data folder to keep it in")}
	}
	db, err := s.store(ctx)
	if err != nil {
		return s.fault(op, err)
	}
	for _, r := range refs {
		if r.Account != s.id || r.Kind == music.KindStream {
			return &session.Fault{Kind: session.OfflineNotAllowed, Account: s.id, Op: op, Err: errors.New("only what is the server's can be kept")}
		}
		if err := db.SetMark(ctx, r, on, s.cfg.Now()); err != nil {
			return s.fault(op, err)
		}
	}
	s.lookAgain()
	return nil
}

// SyncNow fetches what is missing; with again also what is stored at another bit rate. It
// returns when nothing is left to be fetched now, or the server is away: then the rest is
// fetched when it is back.
func (s *Service) SyncNow(ctx context.Context, again bool) error {
	db, err := s.store(ctx)
	if err != nil {
		return s.fault("sync", err)
	}
	all, err := db.Copies(ctx)
	if err != nil {
		return s.fault("sync", err)
	}
	s.mu.Lock()
	kbps := s.sync.quality.Kbps
	s.mu.Unlock()
	for _, c := range all {
		if c.State == store.CopyFailed || c.State == store.CopyNever || again && c.Kbps != kbps {
			c.State, c.Tries, c.Why, c.Kbps = store.CopyWanted, 0, "", kbps
			if err := db.PutCopy(ctx, c); err != nil {
				return s.fault("sync", err)
			}
		}
	}
	if !s.srv.Credential().IsZero() {
		s.syncCopies(ctx)
	}
	return s.fault("sync", ctx.Err())
}

// PauseSync holds the fetching of copies, or lets it go on.
func (s *Service) PauseSync(paused bool) {
	s.mu.Lock()
	s.sync.paused = paused
	s.sync.status.Paused = paused
	s.mu.Unlock()
	s.lookAgain()
}

// SyncStatus is how far the copies are.
func (s *Service) SyncStatus() session.SyncStatus {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sync.status
}

// OnSync names who is told when the status changes.
func (s *Service) OnSync(changed func(session.SyncStatus)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onSync = changed
}

func (s *Service) setSync(change func(*session.SyncStatus)) {
	s.mu.Lock()
	before := s.sync.status
	change(&s.sync.status)
	after, tell := s.sync.status, s.onSync
	s.mu.Unlock()
	if tell != nil && before != after {
		tell(after)
	}
}

func (s *Service) syncPaused() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sync.paused || s.blocked
}

// syncCopies finds out what is to be on this machine, throws away what is not, and fetches
// what is missing, one after the other.
func (s *Service) syncCopies(ctx context.Context) {
	s.fetching.Lock()
	defer s.fetching.Unlock()
	db, err := s.store(ctx)
	if err != nil || s.offlineDir() == "" {
		return
	}
	s.sweepCopies()
	if err := s.planCopies(ctx, db); err != nil && ctx.Err() == nil && !unreachable(err) {
		s.note("%s: offline copies: %v", s.id, err)
	}
	s.countCopies(ctx, db)
	for ctx.Err() == nil && !s.syncPaused() && s.thoughtAway() == nil {
		c, ok := s.nextCopy(ctx, db)
		if !ok {
			break
		}
		s.setSync(func(st *session.SyncStatus) { st.Syncing = true })
		begun := time.Now()
		s.fetchCopy(ctx, db, c)
		s.took(time.Since(begun))
		s.countCopies(ctx, db)
	}
	s.setSync(func(st *session.SyncStatus) { st.Syncing = false })
}

func (s *Service) took(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sync.perOne == 0 {
		s.sync.perOne = d
	}
	s.sync.perOne += (d - s.sync.perOne) / 4
}

// planCopies asks the server what the marked things hold now. While it cannot say, what is
// there stays.
func (s *Service) planCopies(ctx context.Context, db *store.Store) error {
	marks, err := db.Marks(ctx)
	if err != nil {
		return err
	}
	s.setSync(func(st *session.SyncStatus) { st.Playlists = containers(marks) })
	var ids []string
	seen := map[string]bool{}
	for _, r := range marks {
		tracks, err := s.marked(ctx, r)
		if err != nil {
			return err
		}
		for _, t := range tracks {
			if t.Ref.Account == s.id && t.Ref.Kind == music.KindTrack && !seen[t.Ref.ID] {
				seen[t.Ref.ID] = true
				ids = append(ids, t.Ref.ID)
			}
		}
	}
	s.mu.Lock()
	kbps := s.sync.quality.Kbps
	s.mu.Unlock()
	gone, err := db.SetWanted(ctx, ids, kbps)
	for _, c := range gone {
		s.removeCopy(c)
	}
	if err != nil {
		return err
	}
	return s.renewCopies(ctx, db)
}

// renewCopies has those fetched again whose original is another file now.
func (s *Service) renewCopies(ctx context.Context, db *store.Store) error {
	all, err := db.Copies(ctx)
	if err != nil {
		return err
	}
	ids := make([]string, len(all))
	for i, c := range all {
		ids[i] = c.ID
	}
	songs, err := db.Songs(ctx, ids)
	if err != nil {
		return err
	}
	for _, c := range all {
		if size := songs[c.ID].Size; c.State == store.CopyDone && c.Source > 0 && size > 0 && size != c.Source {
			c.State, c.Tries = store.CopyWanted, 0
			if err := db.PutCopy(ctx, c); err != nil {
				return err
			}
		}
	}
	return nil
}

func containers(marks []music.Ref) int {
	n := 0
	for _, r := range marks {
		if r.Kind != music.KindTrack {
			n++
		}
	}
	return n
}

// marked are the tracks of a marked thing; one that is gone from the server holds none.
func (s *Service) marked(ctx context.Context, r music.Ref) ([]music.Track, error) {
	if r.Kind == music.KindTrack {
		return []music.Track{{Ref: r}}, nil
	}
	l := &look{Service: s}
	tracks, err := l.all(ctx, music.Ask{Of: r})
	var w *wire.Error
	if errors.As(err, &w) && w.Code == wire.CodeNotFound {
		return nil, nil
	}
	if err == nil && l.why != nil {
		err = l.why // that is how it was, not how it is
	}
	return tracks, err
}

func (s *Service) removeCopy(c store.Copy) {
	if c.File == "" {
		return
	}
	if err := os.Remove(filepath.Join(s.offlineDir(), filepath.Base(c.File))); err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.note("%s: an offline copy cannot be removed: %v", s.id, err)
	}
}

func (s *Service) nextCopy(ctx context.Context, db *store.Store) (store.Copy, bool) {
	all, err := db.Copies(ctx)
	if err != nil {
		return store.Copy{}, false
	}
	used := int64(0)
	var next *store.Copy
	for i, c := range all {
		used += c.Bytes
		if next == nil && (c.State == store.CopyWanted || c.State == store.CopyFailed && c.Tries < triesMost) {
			next = &all[i]
		}
	}
	if next == nil || s.cfg.OfflineBytes > 0 && used >= s.cfg.OfflineBytes {
		return store.Copy{}, false
	}
	return *next, true
}

// fetchCopy brings one copy.
func (s *Service) fetchCopy(ctx context.Context, db *store.Store, c store.Copy) {
	x := s.known(ctx, c.ID)
	if x.Track.Ref.IsZero() {
		if got, err := s.fetchSong(ctx, c.ID); err == nil {
			x = got
		}
	}
	w := s.want(c.ID, x, music.Quality{Kbps: c.Kbps}, true)
	w.Key = fileName(c.ID, x.Suffix, c.Kbps)
	r, err := s.copies.Fetch(ctx, w)
	if err == nil {
		c.Bytes, _ = r.Came()
		err = errors.Join(r.Kept(), r.Close())
	}
	if ctx.Err() != nil {
		return
	}
	var refused *wire.Error
	switch {
	case err == nil:
		if c.File != "" && c.File != w.Key {
			s.removeCopy(c)
		}
		c.State, c.File, c.Why, c.Tries, c.Source = store.CopyDone, w.Key, "", 0, x.Size
	case unreachable(err):
		return // it is tried again when the server is back
	case errors.As(err, &refused) && (refused.Code == wire.CodeNotFound || refused.Code == wire.CodeNotAllowed):
		c.State, c.Why = store.CopyNever, err.Error()
	default:
		c.State, c.Why, c.Tries = store.CopyFailed, err.Error(), c.Tries+1
	}
	if err := db.PutCopy(context.WithoutCancel(ctx), c); err != nil {
		s.note("%s: offline copies: %v", s.id, err)
	}
}

// fileName is the name of a copy's file.
func fileName(id, suffix string, kbps int) string {
	sum := sha256.Sum256([]byte(id))
	name := hex.EncodeToString(sum[:12])
	if kbps > 0 {
		return fmt.Sprintf("%s-%d", name, kbps)
	}
	suffix = strings.ToLower(suffix)
	if suffix != "" && len(suffix) <= 5 && strings.Trim(suffix, "abcdefghijklmnopqrstuvwxyz0123456789") == "" {
		name += "." + suffix
	}
	return name
}

// countCopies brings the status up to date.
func (s *Service) countCopies(ctx context.Context, db *store.Store) {
	all, err := db.Copies(ctx)
	if err != nil {
		return
	}
	s.mu.Lock()
	perOne := s.sync.perOne
	s.mu.Unlock()
	s.setSync(func(st *session.SyncStatus) {
		st.ToSync, st.Queued, st.Done, st.Failed, st.WillNot, st.Bytes = 0, 0, 0, 0, 0, 0
		st.LimitBytes = s.cfg.OfflineBytes
		for _, c := range all {
			st.Bytes += c.Bytes
			switch c.State {
			case store.CopyDone:
				st.Done++
			case store.CopyNever:
				st.WillNot++
			case store.CopyFailed:
				st.Failed++
				st.ToSync++
			case store.CopyWanted:
				st.Queued++
				st.ToSync++
			}
		}
		st.Left = (time.Duration(st.Queued) * perOne).Round(time.Second)
	})
}

// openCopy plays the copy of a track, if it is there and as long as it was. A broken one is
// fetched again.
func (s *Service) openCopy(ctx context.Context, t music.Ref, x store.Song) (decode.Source, bool) {
	db, err := s.store(ctx)
	if err != nil || s.offlineDir() == "" {
		return nil, false
	}
	c, ok := db.CopyOf(ctx, t.ID)
	if !ok || c.State != store.CopyDone {
		return nil, false
	}
	path := filepath.Join(s.offlineDir(), filepath.Base(c.File))
	st, err := os.Stat(path)
	sound := err == nil && st.Size() == c.Bytes
	if sound {
		var src decode.Source
		if src, err = decode.File(path); err == nil { //nolint:contextcheck // a source outlives the call
			return src, true
		}
	}
	s.note("%s: the offline copy of %s is damaged and is fetched again", s.id, x.Track.Title)
	s.removeCopy(c)
	c.State, c.Bytes, c.File = store.CopyWanted, 0, ""
	if err := db.PutCopy(context.WithoutCancel(ctx), c); err == nil {
		s.lookAgain()
	}
	return nil, false
}

// CountCopies is SyncStatus, from what is remembered, without fetching anything.
func (s *Service) CountCopies(ctx context.Context) (session.SyncStatus, error) {
	db, err := s.store(ctx)
	if err != nil {
		return session.SyncStatus{}, s.fault("count the copies", err)
	}
	marks, err := db.Marks(ctx)
	if err != nil {
		return session.SyncStatus{}, s.fault("count the copies", err)
	}
	s.setSync(func(st *session.SyncStatus) { st.Playlists = containers(marks) })
	s.countCopies(ctx, db)
	return s.SyncStatus(), nil
}

package subsonic

import (
	"context"
	"errors"
	"os"
	"time"

	"segue/internal/music"
	"segue/internal/service/store"
	"segue/internal/service/subsonic/wire"
	"segue/player/decode"
	"segue/session"
)

// triesMost is how often in a row a copy is tried before it waits for the next sync.
const triesMost = 3

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
	all := s.countCopies(ctx, db)
	for ctx.Err() == nil && !s.syncPaused() && s.thoughtAway() == nil {
		c, ok := s.nextCopy(ctx, all)
		if !ok {
			break
		}
		s.setSync(func(st *session.SyncStatus) { st.Syncing = true })
		begun := time.Now()
		s.fetchCopy(ctx, db, c)
		s.took(time.Since(begun))
		all = s.countCopies(ctx, db)
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
	gone, err := db.SetWanted(ctx, ids, s.offlineKbps())
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

// marked are the tracks of a marked thing; one that is gone from the server holds none.
func (s *Service) marked(ctx context.Context, r music.Ref) ([]music.Track, error) {
	if r.Kind == music.KindTrack {
		return []music.Track{{Ref: r}}, nil
	}
	l := &look{Service: s}
	tracks, err := l.markedNow(ctx, r)
	var w *wire.Error
	if errors.As(err, &w) && w.Code == wire.CodeNotFound {
		return nil, nil
	}
	if err == nil && l.why != nil {
		err = l.why // that is how it was, not how it is
	}
	return tracks, err
}

// foundFor is how long what a marked search found is good, if everything had to be looked
// through for it.
const foundFor = time.Hour

// markedNow are the tracks of a container. A search whose words the server cannot look for
// is answered from the whole list of tracks, which is asked for now and then only.
func (l *look) markedNow(ctx context.Context, r music.Ref) ([]music.Track, error) {
	if r.Kind != music.KindSearch {
		return l.all(ctx, music.Ask{Of: r})
	}
	words, _, err := l.words(r.ID)
	if err != nil || words != "" {
		return l.all(ctx, music.Ask{Of: r})
	}
	now := l.cfg.Now()
	l.mu.Lock()
	then, ok := l.sync.found[r.ID]
	l.mu.Unlock()
	if ok && now.Sub(then.at) < foundFor {
		return then.tracks, nil
	}
	tracks, err := l.all(ctx, music.Ask{Of: r})
	if err == nil && l.why == nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.sync.found == nil {
			l.sync.found = map[string]foundThen{}
		}
		l.sync.found[r.ID] = foundThen{now, tracks}
	}
	return tracks, err
}

// forgetFound has marked searches looked for anew.
func (s *Service) forgetFound() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sync.found = nil
}

// nextCopy is the one to be fetched next, if there is one and there is room.
func (s *Service) nextCopy(ctx context.Context, all []store.Copy) (store.Copy, bool) {
	used := int64(0)
	var next *store.Copy
	for i, c := range all {
		used += c.Bytes
		if next == nil && (c.State == store.CopyWanted || c.State == store.CopyFailed && c.Tries < triesMost) {
			next = &all[i]
		}
	}
	limit := s.cfg.OfflineBytes
	full := next != nil && limit > 0 && (used >= limit || used-next.Bytes+s.sizeOf(ctx, *next) > limit)
	s.setSync(func(st *session.SyncStatus) { st.Full = full })
	if next == nil || full {
		return store.Copy{}, false
	}
	return *next, true
}

// sizeOf is how many bytes a copy will have, 0 = nobody knows.
func (s *Service) sizeOf(ctx context.Context, c store.Copy) int64 {
	x := s.known(ctx, c.ID)
	if c.Kbps == 0 {
		return x.Size
	}
	return int64(x.Track.Duration.Seconds()) * int64(c.Kbps) * 1000 / 8
}

// fetchCopy brings one copy.
func (s *Service) fetchCopy(ctx context.Context, db *store.Store, c store.Copy) {
	x := s.known(ctx, c.ID)
	if x.Track.Ref.IsZero() {
		if got, err := s.fetchSong(ctx, c.ID); err == nil {
			x = got
		}
	}
	file, err := s.bring(ctx, &c, x, c.Kbps)
	if c.Kbps > 0 && cannotMake(err) {
		file, err = s.bring(ctx, &c, x, 0) // better the original than none
	}
	if ctx.Err() != nil {
		return
	}
	var refused *wire.Error
	switch {
	case err == nil:
		if c.File != "" && c.File != file {
			s.removeCopy(c)
		}
		c.State, c.File, c.Why, c.Tries, c.Source = store.CopyDone, file, "", 0, x.Size
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

// bring fetches the file of a copy and gives its name.
func (s *Service) bring(ctx context.Context, c *store.Copy, x store.Song, kbps int) (file string, err error) {
	w := s.want(c.ID, x, music.Quality{Kbps: kbps}, true)
	w.Key = fileName(c.ID, x.Suffix, kbps)
	r, err := s.copies.Fetch(ctx, w)
	if err != nil {
		return "", err
	}
	c.Bytes, _ = r.Came()
	return w.Key, errors.Join(r.Kept(), r.Close())
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
	path := s.copyPath(c)
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

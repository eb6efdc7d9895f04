package subsonic

import (
	"context"
	"errors"
	"strings"
	"time"

	"segue/internal/music"
	"segue/internal/service/store"
	"segue/session"
)

// syncState is what is known of the copies. Guarded by Service.mu.
type syncState struct {
	status  session.SyncStatus
	quality music.Quality
	perOne  time.Duration // how long a copy takes, on the whole
	// found is what marked searches through everything found, and when: each asks for the
	// whole list of tracks.
	found map[string]foundThen
}

type foundThen struct {
	at     time.Time
	tracks []music.Track
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
		if r.Kind == music.KindSearch && on {
			if strings.TrimSpace(r.ID) == "" {
				return &session.Fault{Kind: session.InvalidArgument, Account: s.id, Op: op, Err: errors.New("there are no words to search for")}
			}
			if _, _, err := (&look{Service: s}).words(r.ID); err != nil {
				return err
			}
		}
		if err := db.SetMark(ctx, r, on, s.cfg.Now()); err != nil {
			return s.fault(op, err)
		}
	}
	s.lookAgain()
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

// Offline lists what is marked, the oldest mark first.
func (s *Service) Offline(ctx context.Context) ([]music.Ref, error) {
	db, err := s.store(ctx)
	if err != nil {
		return nil, s.fault("list what is kept offline", err)
	}
	marks, err := db.Marks(ctx)
	return marks, s.fault("list what is kept offline", err)
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
	kbps := s.offlineKbps()
	s.forgetFound()
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
	s.sync.status.Paused = paused
	s.mu.Unlock()
	s.lookAgain()
}

func (s *Service) syncPaused() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sync.status.Paused || s.blocked
}

// offlineKbps is the bit rate that copies are wanted in, 0 = the original.
func (s *Service) offlineKbps() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sync.quality.Kbps
}

// SyncStatus is how far the copies are.
func (s *Service) SyncStatus() session.SyncStatus {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sync.status
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

// countCopies brings the status up to date, and gives the copies that it counted.
func (s *Service) countCopies(ctx context.Context, db *store.Store) []store.Copy {
	all, err := db.Copies(ctx)
	if err != nil {
		return nil
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
	return all
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

package sessiontest

import (
	"context"
	"maps"
	"slices"
	"strings"

	"segue/internal/music"
	"segue/player"
	"segue/session"
)

// Open fills session.Service, and writes down the quality that was asked for.
func (r *Remote) Open(ctx context.Context, t music.Ref, q music.Quality) (player.Source, error) {
	r.asked(q)
	return r.Service.Open(ctx, t, q)
}

func (r *Remote) asked(q music.Quality) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kbps = append(r.kbps, q)
}

// Prefetch fills session.Prefetcher.
func (r *Remote) Prefetch(ctx context.Context, t music.Ref, q music.Quality) error {
	r.asked(q)
	return r.enter(ctx, "prefetch", t.ID)
}

// SetOffline fills session.Downloader.
func (r *Remote) SetOffline(ctx context.Context, refs []music.Ref, on bool) error {
	if err := r.enter(ctx, "setoffline", ""); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, ref := range refs {
		r.marked[ref] = on
		if !on {
			delete(r.marked, ref)
		}
	}
	r.status.ToSync = len(r.marked)
	return nil
}

// SyncNow fills session.Downloader: what is marked is there at once.
func (r *Remote) SyncNow(ctx context.Context, again bool) error {
	call := "missing"
	if again {
		call = "again"
	}
	if err := r.enter(ctx, "syncnow", call); err != nil {
		return err
	}
	r.mu.Lock()
	r.status.Syncing, r.status.Done, r.status.ToSync = false, len(r.marked), 0
	status, tell := r.status, r.synced
	r.mu.Unlock()
	tell(status)
	return nil
}

// PauseSync fills session.Downloader.
func (r *Remote) PauseSync(paused bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status.Paused = paused
}

// SetQuality fills session.Tuner.
func (r *Remote) SetQuality(stream, offline music.Quality) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stream, r.offline = stream, offline
}

// SetLevelling fills session.Leveller.
func (r *Remote) SetLevelling(mode player.GainMode, preampDB float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.gain, r.preamp = mode, preampDB
}

// Levelled is what SetLevelling was told last.
func (r *Remote) Levelled() (mode player.GainMode, preampDB float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.gain, r.preamp
}

// Tuned is what SetQuality was told last.
func (r *Remote) Tuned() (stream, offline music.Quality) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stream, r.offline
}

// SyncStatus fills session.Downloader.
func (r *Remote) SyncStatus() session.SyncStatus {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.status
}

// OnSync fills session.Downloader.
func (r *Remote) OnSync(changed func(session.SyncStatus)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.synced = changed
}

// Offline fills session.OfflineLister.
func (r *Remote) Offline(ctx context.Context) ([]music.Ref, error) {
	if err := r.enter(ctx, "offline", ""); err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.SortedFunc(maps.Keys(r.marked), func(a, b music.Ref) int { return strings.Compare(a.ID, b.ID) }), nil
}

// Keeps fills session.Eraser.
func (r *Remote) Keeps(ctx context.Context) (string, error) {
	return "what a test keeps", r.enter(ctx, "keeps", "")
}

// Erase fills session.Eraser.
func (r *Remote) Erase(ctx context.Context) error { return r.enter(ctx, "erase", "") }

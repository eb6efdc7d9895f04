package subsonic

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"segue/internal/rows"
)

// storePath is the file of the account's memory, "" = it is nowhere.
func (s *Service) storePath() string {
	if s.cfg.DataDir == "" {
		return ""
	}
	return filepath.Join(s.cfg.DataDir, "subsonic-"+string(s.id)+".db")
}

// mediaKey is what the keys of the account's tracks in the media cache begin with.
func (s *Service) mediaKey() string { return Kind + "\x00" + string(s.id) + "\x00" }

// Keeps says what of the account is on this machine, in words.
func (s *Service) Keeps(ctx context.Context) (string, error) {
	db, err := s.store(ctx)
	if err != nil {
		return "", s.fault("look at what is kept", err)
	}
	parts := []string{"what is remembered of the server"}
	st, err := s.CountCopies(ctx)
	if err != nil {
		return "", err
	}
	if st.Done > 0 {
		parts = append(parts, fmt.Sprintf("%s kept offline (%.1f MB)", rows.Count(st.Done, "track"), float64(st.Bytes)/1e6))
	}
	waiting, err := db.CountDue(ctx)
	if err != nil {
		return "", s.fault("look at what is kept", err)
	}
	if waiting > 0 {
		parts = append(parts, rows.Count(waiting, "play")+" that the server was not told yet")
	}
	if s.cfg.Media != nil {
		if n := len(s.cfg.Media.Keys(s.mediaKey())); n > 0 {
			parts = append(parts, rows.Count(n, "track")+" in the cache")
		}
	}
	return strings.Join(parts, ", "), nil
}

// Erase closes the account and deletes all that Keeps names. The account cannot be used
// any more; sources that are open stay good.
func (s *Service) Erase(context.Context) error {
	errs := []error{s.Close()}
	if s.cfg.Media != nil {
		for _, k := range s.cfg.Media.Keys(s.mediaKey()) {
			s.cfg.Media.Remove(k)
		}
	}
	path := s.storePath()
	if path == "" {
		return s.fault("delete what is kept", errors.Join(errs...))
	}
	left := []string{path, path + "-wal", path + "-shm"}
	aside, err := filepath.Glob(path + ".bad-*") // what could not be read is the account's, too
	if err == nil {
		left = append(left, aside...)
	}
	for _, p := range append(left, s.offlineDir()) {
		errs = append(errs, os.RemoveAll(p))
	}
	return s.fault("delete what is kept", errors.Join(errs...))
}

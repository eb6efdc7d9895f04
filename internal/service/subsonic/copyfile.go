package subsonic

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"segue/internal/service/store"
	"segue/internal/service/subsonic/stream"
)

// offlineDir is where copies are, "" = there is no place for them.
func (s *Service) offlineDir() string {
	if s.cfg.DataDir == "" {
		return ""
	}
	return filepath.Join(s.cfg.DataDir, "offline", string(s.id))
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

// copyFiles are the copies' files as package stream fills them; the key is the file's name.
type copyFiles struct{ s *Service }

// Find finds nothing: what is there is not fetched.
func (copyFiles) Find(string) (stream.Kept, error) { return nil, fs.ErrNotExist }

// Draft makes a file that takes the key's name when it is whole.
func (c copyFiles) Draft(key string) (stream.Draft, error) {
	dir := c.s.offlineDir()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("offline: %w", err)
	}
	f, err := os.CreateTemp(dir, "."+key+".part-*")
	if err != nil {
		return nil, fmt.Errorf("offline: %w", err)
	}
	return &copyDraft{f, filepath.Join(dir, key)}, nil
}

type copyDraft struct {
	*os.File
	to string
}

func (d *copyDraft) Commit(int64) error {
	if err := d.Sync(); err != nil {
		return err
	}
	return os.Rename(d.Name(), d.to)
}

func (d *copyDraft) Close() error {
	err := os.Remove(d.Name())
	if errors.Is(err, fs.ErrNotExist) {
		err = nil // it has the name of a whole one now
	}
	return errors.Join(err, d.File.Close())
}

// copyPath is where the file of a copy is.
func (s *Service) copyPath(c store.Copy) string {
	return filepath.Join(s.offlineDir(), filepath.Base(c.File))
}

func (s *Service) removeCopy(c store.Copy) {
	if c.File == "" {
		return
	}
	if err := os.Remove(s.copyPath(c)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.note("%s: an offline copy cannot be removed: %v", s.id, err)
	}
}

// leftFor is how old what a fetch left behind must be to be thrown away: another Segue may
// be writing it.
const leftFor = 24 * time.Hour

// sweepCopies removes what fetches left that were killed in the middle.
func (s *Service) sweepCopies() {
	left, err := filepath.Glob(filepath.Join(s.offlineDir(), ".*.part-*"))
	if err != nil {
		return // a folder with brackets in its name: nothing is swept, nothing is harmed
	}
	for _, p := range left {
		if st, err := os.Stat(p); err == nil && s.cfg.Now().Sub(st.ModTime()) > leftFor {
			_ = os.Remove(p) // what cannot be removed does no harm
		}
	}
}

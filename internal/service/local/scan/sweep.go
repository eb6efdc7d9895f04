package scan

import (
	"context"
	"fmt"
	"path"
	"strings"

	"segue/internal/service/local/index"
)

// sweep forgets the folders that the walk did not meet, and greys out those whose
// disk is not there: below a root that is missing or cannot be read, below a mount
// point that is empty now, and below folders that cannot be listed.
func (s *scanner) sweep(ctx context.Context, w *walker) error {
	var gone, away []int64
	s.result.Away = w.away
	if len(s.cfg.Paths) == 0 && w.met == len(w.states.known) {
		return nil // every folder that the index had is there
	}
	hidden := append(append([]string(nil), w.away...), w.unread...)
	for _, root := range w.starts() {
		err := s.db.EachFolder(ctx, root, func(f index.FolderRow) {
			switch {
			case w.seen.Has(uint32(f.ID)), s.written.Has(uint32(f.ID)):
			case underAny(f.Path, hidden) || w.wasMounted(ctx, f, root):
				if !f.Away {
					away = append(away, f.ID)
				}
			default:
				gone = append(gone, f.ID)
			}
		})
		if err != nil {
			return fmt.Errorf("scan: %w", err)
		}
	}
	if len(s.cfg.Paths) == 0 {
		err := s.db.EachFolder(ctx, "/", func(f index.FolderRow) {
			if !underAny(f.Path, s.cfg.Roots) && !s.written.Has(uint32(f.ID)) {
				gone = append(gone, f.ID) // of a folder that is no longer in the config
			}
		})
		if err != nil {
			return fmt.Errorf("scan: %w", err)
		}
	}
	s.result.Gone = len(gone)
	if err := s.w.Away(away, true); err != nil {
		return &writeError{err}
	}
	if err := s.w.Drop(gone); err != nil {
		return &writeError{err}
	}
	return nil
}

func underAny(p string, dirs []string) bool {
	for _, d := range dirs {
		if p == d || strings.HasPrefix(p, strings.TrimSuffix(d, "/")+"/") {
			return true
		}
	}
	return false
}

// wasMounted reports whether a folder that is missing was a mount point, or is below
// one: it was on another device than the folder above it.
func (w *walker) wasMounted(ctx context.Context, f index.FolderRow, root string) bool {
	for p := f.Path; p != root && len(p) > 1; p = path.Dir(p) {
		above := path.Dir(p)
		if d, ok := w.deviceOf(ctx, above); ok {
			return d != f.Device
		}
	}
	return false
}

// deviceOf is the device a folder was on before this scan, where it is still there.
func (w *walker) deviceOf(ctx context.Context, dir string) (int64, bool) {
	if d, ok := w.devices[dir]; ok {
		return d, true
	}
	f, err := w.s.db.Folder(ctx, dir)
	if err != nil || f.ID == 0 || !w.seen.Has(uint32(f.ID)) {
		return 0, false
	}
	return f.Device, true
}

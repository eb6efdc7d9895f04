package local

import (
	"os"
	"path/filepath"
	"testing"

	"segue/internal/genlib"
	"segue/internal/music"
)

// unreadable is the section of unreadable files as the sidebar gets it.
func unreadable(t *testing.T, s *Service) music.Folder {
	t.Helper()
	for _, it := range page(t, s, music.Ask{Of: section(music.SectionRoot)}).Items {
		if f, ok := it.(music.Folder); ok && f.Ref.ID == music.SectionErrors {
			return f
		}
	}
	t.Fatal("there is no section of unreadable files")
	return music.Folder{}
}

func TestTheUnreadableFilesAreCountedSoThatNoneAreNotShown(t *testing.T) {
	s, root := library(t, 12)
	if f := unreadable(t, s); f.Count != 0 {
		t.Errorf("before anything is known: %d", f.Count)
	}
	scanned(t, s)
	if f := unreadable(t, s); f.Count != 0 {
		t.Errorf("a sound library has %d", f.Count)
	}
	for _, name := range []string{"a.flac", "b.flac"} {
		if err := os.WriteFile(filepath.Join(root, name), genlib.FLAC(nil, 1)[:20], 0o644); err != nil {
			t.Fatal(err)
		}
	}
	scanned(t, s)
	if f := unreadable(t, s); f.Count != 2 || f.Count != page(t, s, music.Ask{Of: f.Ref}).Total {
		t.Errorf("two damaged files: %d", f.Count)
	}
}

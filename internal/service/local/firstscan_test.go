package local

import (
	"testing"

	"segue/internal/music"
)

// TestWhileTheFirstScanRunsAnEmptyLibrarySaysSo and names no key: the screen, the command
// line and lines without a screen have other ones.
func TestWhileTheFirstScanRunsAnEmptyLibrarySaysSo(t *testing.T) {
	s, _ := library(t, 3)
	ask := music.Ask{Of: music.Section(music.Local, music.SectionAlbums), Limit: 10}
	if note := page(t, s, ask).Note; note != "the library was not read yet; scan reads it" {
		t.Errorf("before: %q", note)
	}
	var during []string
	s.mu.Lock()
	s.listeners[s.listener] = func(music.Ref) { during = append(during, page(t, s, ask).Note) }
	s.listener++
	s.mu.Unlock()
	scanned(t, s)
	if len(during) == 0 || during[0] != "the library is being read" {
		t.Errorf("at the news that come meanwhile: %q", during)
	}
	during = nil
	scanned(t, s)
	for _, note := range during {
		if note != "" {
			t.Errorf("of a library that is known: %q", note)
		}
	}
}

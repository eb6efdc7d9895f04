package local

import "testing"

func TestAFolderOfFoldersIsNotSaidToBeEmpty(t *testing.T) {
	dir, file := dirEntry{kind: entryDir}, dirEntry{kind: entryTrack}
	for _, c := range []struct {
		found  []dirEntry
		tracks int
		want   string
	}{
		{[]dirEntry{dir, dir}, 0, "2 folders"},
		{[]dirEntry{dir, file}, 1, "1 folder · 1 track"},
		{[]dirEntry{file, file}, 2, "2 tracks"},
		{nil, 0, "0 tracks"},
	} {
		if got := holds(c.found, c.tracks); got != c.want {
			t.Errorf("%d entries, %d tracks: %q, want %q", len(c.found), c.tracks, got, c.want)
		}
	}
}

package decode

import (
	"os"
	"path/filepath"
	"testing"
)

func TestALookNamesWhatPeopleMistakeForMusic(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct{ data, want string }{
		"picture.mp3": {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "this is a PNG picture, not audio"},
		"letter.ogg":  {"Dear aunt,\n", "this is text, not audio"},
		"page.flac":   {"<!DOCTYPE html><html>", "this is an HTML page, not audio"},
		"zero.mp3":    {"", "the file is empty (0 bytes)"},
		"noise.bin":   {"\x00\x01\x02\x03\x04\x05\x06\x07", "no known sound format"},
		"cut.flac":    {"fLaC\x00\x00\x00\x22", ""},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(c.data), 0o644); err != nil {
			t.Fatal(err)
		}
		if got := Look(path); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if got := Look(filepath.Join(dir, "nothing")) + Look(dir); got != "" {
		t.Errorf("what is no file: %q", got)
	}
}

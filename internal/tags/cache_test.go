//go:build unix

package tags_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"segue/internal/tags"
)

func TestCodeFromAFolderThatOthersMayWriteToIsNotRun(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	cache := filepath.Join(dir, "go-taglib-wasm")
	if err := os.Mkdir(cache, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(cache, 0o777); err != nil { //nolint:gosec // it is the danger that is tested
		t.Fatal(err)
	}
	path := filepath.Join(dir, "a.wma")
	writeFile(t, path, []byte("\x30\x26\xb2\x75\x8e\x66\xcf\x11 and so on"))
	if _, err := tags.Read(path); err == nil || !strings.Contains(err.Error(), "belongs to somebody else") {
		t.Errorf("error %v", err)
	}
}

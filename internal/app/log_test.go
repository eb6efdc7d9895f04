package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheLogIsBoundedWhileItIsWritten by a run that lasts, such as one with the engine's
// lines at the level debug, and by two programs at once.
func TestTheLogIsBoundedWhileItIsWritten(t *testing.T) {
	dir := t.TempDir()
	first, end := openLog(dir, "debug")
	second, endSecond := openLog(dir, "debug")
	line := strings.Repeat("x", 10_000)
	for n := range 2 * maxLog / len(line) {
		first.Debug(line, "n", n)
		second.Debug(line, "n", n)
	}
	first.Debug("the last of the first")
	second.Debug("the last of the second")
	for _, c := range []interface{ Close() error }{end, endSecond} {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 2 { // the log, and one older
		t.Fatalf("%v, %v", files, err)
	}
	all := ""
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil || len(text) > maxLog+maxLog/4 || len(text) == 0 {
			t.Errorf("%s has %d bytes, %v", f.Name(), len(text), err)
		}
		all += string(text)
	}
	for _, last := range []string{"the last of the first", "the last of the second"} {
		if !strings.Contains(all, last) {
			t.Errorf("%q is lost", last)
		}
	}
}

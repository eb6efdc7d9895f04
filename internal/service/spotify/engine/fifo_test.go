//go:build unix

package engine

import (
	"os"
	"path/filepath"
	"testing"
)

// TestAPipeThatIsClosedTwiceTakesNothingFromOthers: the system gives its numbers away again.
func TestAPipeThatIsClosedTwiceTakesNothingFromOthers(t *testing.T) {
	dir := t.TempDir()
	first, err := openFIFO(filepath.Join(dir, "first"))
	if err != nil {
		t.Fatal(err)
	}
	first.close()
	path := filepath.Join(dir, "second")
	second, err := openFIFO(path)
	if err != nil {
		t.Fatal(err)
	}
	defer second.close()
	w, err := os.OpenFile(path, os.O_RDWR, 0) // for writing alone it would wait for a reader
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := w.WriteString("sound"); err != nil {
		t.Fatal(err)
	}
	first.close()
	var got []byte
	if second.read(make([]byte, 64), func(b []byte) { got = append(got, b...) }); string(got) != "sound" {
		t.Errorf("%q came", got)
	}
}

package decode

import (
	"errors"
	"os"
	"strings"
)

// Look says what a file is that Open would refuse by its first bytes, in words that
// follow the name of the file: "this is a PNG picture, not audio". It is empty for what
// Open would try, and for files that cannot be read. No decoder is started.
func Look(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }() // it was only read
	st, err := f.Stat()
	if err != nil || !st.Mode().IsRegular() {
		return ""
	}
	in := Input{R: f, Size: st.Size(), Name: path}
	if _, err = sniff(newStream(in), path); !errors.Is(err, ErrNotAudio) {
		return ""
	}
	if what, ok := strings.CutSuffix(err.Error(), ": "+ErrNotAudio.Error()); ok {
		return what
	}
	return err.Error()
}

//go:build unix

package tags

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// ownCache makes sure that the folder from which TagLib's runtime loads compiled
// code is ours. It has a name that anybody can guess in a folder that everybody
// may write to: who made it first could have us run whatever he likes.
func ownCache() error {
	dir := filepath.Join(os.TempDir(), "go-taglib-wasm") // the name is fixed in go.senan.xyz/taglib
	err := os.Mkdir(dir, 0o700)
	if err == nil || !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.IsDir() || int(st.Uid) != os.Geteuid() || info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("%s belongs to somebody else: remove it, or set TMPDIR to a folder of your own", dir)
	}
	return nil
}

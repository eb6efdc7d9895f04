package cache

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// fileStore keeps a token in a file of its own, 0600, in place of the old one or not at all.
type fileStore struct {
	path  string
	codec Codec
	now   func() time.Time
}

// FileOptions are what a file handler may be told; the zero value will do.
type FileOptions struct {
	Codec Codec            // nil: JSON
	Now   func() time.Time // nil: time.Now; names files that are set aside
	Log   func(string)     // takes warnings; nil: nobody
}

// NewFile keeps a token in the file at path, whose folder is made 0700 if it is missing.
// A file that cannot be understood is set aside as NAME.bad-TIME, with a warning.
func NewFile(path string, o FileOptions) Handler {
	return newGuard(File, newFileStore(path, o), o.Log)
}

func newFileStore(path string, o FileOptions) *fileStore {
	f := &fileStore{path: path, codec: o.Codec, now: o.Now}
	if f.codec == nil {
		f.codec = JSON{}
	}
	if f.now == nil {
		f.now = time.Now
	}
	return f
}

// SpotipyFile is the file that Spotipy uses in a folder: .cache, or .cache-USERNAME.
func SpotipyFile(folder, username string) (string, error) {
	if username == "" {
		return filepath.Join(folder, ".cache"), nil
	}
	if strings.ContainsAny(username, "/\\\x00") {
		return "", invalid("the user name %.40q cannot be part of a file's name", username)
	}
	return filepath.Join(folder, ".cache-"+username), nil
}

// saveTakes is longer than any save: what another process left is older.
const saveTakes = time.Minute

// target is the file itself where path is a link, so that saving does not replace the link.
func (f *fileStore) target() string {
	if p, err := filepath.EvalSymlinks(f.path); err == nil {
		return p
	}
	return f.path
}

func (f *fileStore) load(context.Context) (*Token, error) {
	path := f.target()
	sweep(path, saveTakes)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if errors.Is(err, fs.ErrPermission) {
		return nil, f.setAside(path, fs.ErrPermission)
	}
	if err != nil {
		return nil, fmt.Errorf("cache: read the token file: %w", err) // a folder, or the disk: left alone
	}
	t, err := f.codec.Decode(data)
	if err != nil {
		return nil, f.setAside(path, err)
	}
	return t, nil
}

func (f *fileStore) setAside(path string, why error) error {
	aside, err := setAside(path, f.now())
	if err != nil {
		return fmt.Errorf("cache: the token file cannot be used (%w) nor set aside: %w", why, err)
	}
	return fmt.Errorf("cache: the token file cannot be used, set aside as %s: %w: %w", aside, ErrNotToken, why)
}

func (f *fileStore) save(_ context.Context, t *Token) error {
	data, err := f.codec.Encode(t)
	if err != nil {
		return err
	}
	path := f.target()
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("cache: save a token: %s is not a file", path)
	}
	if err := WriteFile(path, data); err != nil {
		return fmt.Errorf("cache: save a token: %w", err)
	}
	return nil
}

func (f *fileStore) drop(context.Context) error {
	path := f.target()
	sweep(path, saveTakes)
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("cache: delete a token: %s is a folder", path)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("cache: delete a token: %w", err)
	}
	return nil
}

func (f *fileStore) where() string { return f.path }

// Package watch tells what changes in folders, for libraries of ten thousands of them:
// a folder that is watched costs it some 50 bytes and the kernel a kilobyte. One goroutine,
// the caller's Run, reads what the system tells; the methods may be called from any.
// It watches the folders that it is given and none below them, and reads no files.
package watch

import "context"

// Event is one change.
type Event struct {
	// Path is what came, went or was written: a file or folder in a watched folder, or
	// the watched folder itself.
	Path string
	// Lost says that more happened than the system could remember. There is no path then.
	Lost bool
}

// Folder tells of the changes in one folder until ctx ends; then events is closed, as it is
// when no more can be told, and why gives the reason: nil where it was ctx.
func Folder(ctx context.Context, dir string) (events <-chan Event, why func() error, err error) {
	w, err := New()
	if err != nil {
		return nil, nil, err
	}
	if err := w.Add(dir); err != nil {
		_ = w.Close() // nothing was written
		return nil, nil, err
	}
	told := make(chan Event)
	var ended error // written before told is closed, and read behind that
	go func() {
		defer close(told)
		ended = w.Run(ctx, told)
	}()
	return told, func() error { return ended }, nil
}

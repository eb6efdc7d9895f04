// Package watch tells what changes in folders, for libraries of ten thousands of them:
// a folder that is watched costs it some 50 bytes and the kernel a kilobyte. One goroutine,
// the caller's Run, reads what the system tells; the methods may be called from any.
// It watches the folders that it is given and none below them, and reads no files.
package watch

// Event is one change.
type Event struct {
	// Path is what came, went or was written: a file or folder in a watched folder, or
	// the watched folder itself.
	Path string
	// Lost says that more happened than the system could remember. There is no path then.
	Lost bool
}

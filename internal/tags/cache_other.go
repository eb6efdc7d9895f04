//go:build !unix

package tags

// ownCache has nothing to do where every user has a folder for temporary files.
func ownCache() error { return nil }

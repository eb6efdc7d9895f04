// Package cache keeps bytes on disk so that they are there again after a restart
// or not at all: the state that survives it, and the lock that lets one session
// run in a state folder.
//
// It knows bytes, values and names, no music. It starts no goroutines; a State may
// be used by one goroutine at a time, a Lock by any.
package cache

// Package server talks to one Subsonic or OpenSubsonic server: it signs in with the
// best form that the server takes, remembers what the server can do, makes calls and
// opens streams.
//
// It has no goroutines but those of net/http and keeps nothing on disk. A Server may be
// used from any goroutine. Errors name what happened in words for people and hold no
// secret; those of a server are *wire.Error, those of the way there *httpx.Error.
package server

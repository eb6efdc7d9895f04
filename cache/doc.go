// Package cache keeps bytes and tokens, so that they are there again after a
// restart or not at all: the state that survives it, the lock that lets one session run in
// a state folder, the tokens and credentials of accounts, media and pictures from servers.
//
// Tokens follow Spotipy's cache handlers; a token written by one is read by the other. A
// Manager gives each account its Handler: file, memory, keyring, Redis, Memcached; a Go web
// program keeps one in its users' sessions (NewWebSession). Manager.Fresh reads, refreshes
// and writes a token in one critical section for each account, over all processes. What is
// secret is a Secret, a Token or a Credential, and prints as "[secret]".
//
// It knows no music, and no service by name but Spotify, whose old caches it takes over.
// It starts goroutines only in Manager.Run, while a lock in Redis is held, and for a
// keyring's answer, which it may have to leave waiting. A State may be used by one
// goroutine at a time; everything else by any.
package cache

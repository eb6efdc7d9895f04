// Package subsonic is the account of a Subsonic or OpenSubsonic server: everything that
// people browse there, tracks that play while they come, stars, ratings, playlists,
// reports of plays, and copies for a time without the server.
//
// What the server said is remembered (package store), so that lists and songs are there
// without it; plays that it is to be told of wait until it is back and are told once. Tracks come
// through package stream; calls and sign-in are package server's; package wire reads the
// answers, which no two servers give alike.
//
// A Service starts nothing. Its goroutines are those of Watch, which sends what waits,
// fetches copies and looks for changes, and those of tracks that are being fetched, which
// end when the track is closed. Methods may be called from any goroutine. Ids are opaque.
package subsonic

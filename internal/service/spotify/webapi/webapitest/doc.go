// Package webapitest is Spotify's Web API in development mode as a server in process, for
// tests: users, a catalogue, playlists, libraries, searches, a player with devices, and
// everything that goes wrong there. It listens on 127.0.0.1 only; a program that is built
// and started can be pointed at Server.URL too.
//
// Where ../shared/specs is found, each request is validated against the specification of
// development mode, and each answer against the same, or, with the keys of before 2026,
// against that of the whole API. What does not hold fails the test. Only tests import it.
//
// Goroutines: those of net/http. Everything may be called from any goroutine.
package webapitest

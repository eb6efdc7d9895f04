// Package engine plays Spotify's tracks with go-librespot, a program of its own that is
// found, never brought along: it is started, watched, started anew and ended here, and
// what it writes into a pipe becomes player sources.
//
// An Engine has one pipe, and so one track at a time comes out of it; the sources of
// several tracks share it. The track whose source was asked last is the one that is
// wanted; one loop (deck) brings the program to play it, from the frame that its source
// needs next. What the program says of its own position is not believed: a position is
// the millisecond that was asked for and the frames that came since. Where one track of
// Spotify's follows another, the program is told early and joins them itself, so that no
// frame is lost and none is put in between; where in the frames that join is, it does not
// say: the length it claims for the track decides, within what its events allow. All
// other joins are the player's, to the frame.
//
// Goroutines: none before the first Open or SignIn. Then a supervisor, and for each life
// of the program one each that reads the pipe, its stderr, its events, asks whether it is
// there, and the deck's loop. Close ends them all, and the program.
//
// Nothing here draws or asks a person, and no call to the program is made in a caller's
// goroutine: callers wait for what the loop brings about, as long as their context allows.
package engine

// Package stream plays tracks of a server while they come: the bytes go into a file on
// disk and are read from there, so that a track may be sought over what has come and, by
// ranges, beyond it; a dropped connection is taken up again at the byte; and a track that
// came whole is kept for the next time.
//
// One goroutine fetches each track that is open or wanted soon; it ends with the last
// reader, with an error, or when the track is whole. Nothing sits whole in memory: a
// track takes a buffer of 64 KB. The package knows no server: it is given a Fetch.
package stream

package app

/*
#include <stdlib.h>
#include <malloc.h>

// oneArena lets all threads share one arena where the C library is glibc.
static void oneArena(void) {
#ifdef M_ARENA_MAX
	if (getenv("MALLOC_ARENA_MAX") == NULL)
		mallopt(M_ARENA_MAX, 1);
#endif
}

// giveBack returns what is free to the system.
static void giveBack(void) {
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}
*/
import "C"

// shareArena keeps glibc from giving each of Go's threads an arena of its own: SQLite
// and the decoders would fill them in turn, 25 MB after a scan of 100,000 tracks. It is
// for before they are used. Who sets MALLOC_ARENA_MAX is left alone.
func shareArena() { C.oneArena() }

// trimArena gives the system back what C code no longer needs.
func trimArena() { C.giveBack() }

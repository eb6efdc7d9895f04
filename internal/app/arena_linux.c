#include <malloc.h>
#include <stdlib.h>

/* All threads share one arena where the C library is glibc: else each of Go's threads
 * gets one of its own, and SQLite and the decoders fill them in turn, 10 to 25 MB after
 * a scan of 100,000 tracks. It must be said before Go's runtime makes its first thread,
 * whose first malloc or free fixes the number; so it is a constructor. Who sets
 * MALLOC_ARENA_MAX is left alone. */
__attribute__((constructor)) static void one_arena(void)
{
#ifdef M_ARENA_MAX
	if (getenv("MALLOC_ARENA_MAX") == NULL)
		mallopt(M_ARENA_MAX, 1);
#endif
}

/* segue_trim gives the system back what is free. */
void segue_trim(void)
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}

package app

// void segue_trim(void);
import "C"

// trimArena gives the system back what C code no longer needs. That there is one arena
// for all threads is the work of arena_linux.c.
func trimArena() { C.segue_trim() }

// The C side of the guard: see guard_linux.go.
#ifndef SEGUE_GUARD_H
#define SEGUE_GUARD_H

#include <alsa/asoundlib.h>

// What a device was opened as.
typedef struct {
	unsigned rate, channels;
	snd_pcm_uframes_t buffer, period;
	int can_pause;
	int plugin; // its ring is in our own process, with nothing in between
	char kind[100]; // what ALSA says it is
} segue_params;

// segue_quiet keeps ALSA from writing to stderr.
void segue_quiet(void);

int segue_read_params(snd_pcm_t *pcm, segue_params *p);

// segue_wait sleeps until efd was written to (bit 1 of the answer), the device wants
// attention if with_device (bit 2), or timeout milliseconds ran out; < 0 is for ever.
int segue_wait(snd_pcm_t *pcm, int efd, int timeout, int with_device);

long segue_real_writei(snd_pcm_t *pcm, const void *frames, unsigned long n);

// segue_take_back takes back at most n of the frames in pcm's ring, and returns how many.
long segue_take_back(snd_pcm_t *pcm, unsigned long n);

int segue_real_recover(snd_pcm_t *pcm, int err);

// segue_hints writes the names of ALSA's playback devices, one a line, into a string
// that the caller frees; NULL when there are none.
char *segue_hints(void);

#endif

// The interposed functions of libasound, and what the guard needs in C.
#define _GNU_SOURCE
#include "guard_linux.h"

#include <dlfcn.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// In Go.
extern int segueMayOpen(char *name);
extern void segueOpened(snd_pcm_t *pcm, char *name, int err);
extern int segueOwns(snd_pcm_t *pcm);
extern long segueWrite(snd_pcm_t *pcm, unsigned long frames);
extern int segueIsDying(snd_pcm_t *pcm);

typedef int open_fn(snd_pcm_t **, const char *, snd_pcm_stream_t, int);
typedef snd_pcm_sframes_t writei_fn(snd_pcm_t *, const void *, snd_pcm_uframes_t);
typedef int recover_fn(snd_pcm_t *, int, int);

// real finds libasound's own function behind ours.
static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

// segueMayOpen: 0 = not ours, leave it alone; 1 = ours; 2 = refused. Ours are opened without
// blocking, so that a write never waits: segue_wait does, and listens to commands too.
int snd_pcm_open(snd_pcm_t **pcm, const char *name, snd_pcm_stream_t stream, int mode) {
	open_fn *f = (open_fn *)real("snd_pcm_open");
	if (f == NULL) return -ENOSYS;
	switch (segueMayOpen((char *)name)) {
	case 0: return f(pcm, name, stream, mode);
	case 2: return -ENODEV;
	}
	int err = f(pcm, name, stream, mode | SND_PCM_NONBLOCK);
	segueOpened(err < 0 ? NULL : *pcm, (char *)name, err);
	return err;
}

snd_pcm_sframes_t snd_pcm_writei(snd_pcm_t *pcm, const void *frames, snd_pcm_uframes_t n) {
	if (!segueOwns(pcm)) return segue_real_writei(pcm, frames, n);
	return segueWrite(pcm, n);
}

int snd_pcm_recover(snd_pcm_t *pcm, int err, int silent) {
	if (segueIsDying(pcm)) return err;
	recover_fn *f = (recover_fn *)real("snd_pcm_recover");
	return f == NULL ? err : f(pcm, err, silent);
}

long segue_real_writei(snd_pcm_t *pcm, const void *frames, unsigned long n) {
	static writei_fn *f;
	if (f == NULL) f = (writei_fn *)real("snd_pcm_writei");
	return f == NULL ? -ENOSYS : f(pcm, frames, n);
}

long segue_take_back(snd_pcm_t *pcm, unsigned long n) {
	// The server's thread may take a quantum at any moment: nothing may stand between these.
	snd_pcm_sframes_t room = snd_pcm_avail_update(pcm);
	if (room < 0) return room;
	snd_pcm_sframes_t held = snd_pcm_rewindable(pcm);
	if (held <= 0) return held;
	if ((unsigned long)held > n) held = (snd_pcm_sframes_t)n;
	return snd_pcm_rewind(pcm, (snd_pcm_uframes_t)held);
}

int segue_real_recover(snd_pcm_t *pcm, int err) {
	recover_fn *f = (recover_fn *)real("snd_pcm_recover");
	return f == NULL ? err : f(pcm, err, 1);
}

static void ignore(const char *file, int line, const char *function, int err, const char *fmt, ...) {
	(void)file, (void)line, (void)function, (void)err, (void)fmt;
}

void segue_quiet(void) { snd_lib_error_set_handler(ignore); }

// describe copies the last line of pcm's dump that tells what it is, the innermost.
static void describe(snd_pcm_t *pcm, char *dst, size_t size) {
	snd_output_t *out;
	char *text;
	dst[0] = 0;
	if (snd_output_buffer_open(&out) < 0) return;
	snd_pcm_dump(pcm, out);
	size_t n = snd_output_buffer_string(out, &text);
	for (size_t i = 0; i < n;) {
		char *end = memchr(text + i, '\n', n - i);
		size_t len = end == NULL ? n - i : (size_t)(end - text) - i;
		int tells = len > 4 && (memmem(text + i, len, " PCM", 4) != NULL || memmem(text + i, len, "Plugin", 6) != NULL);
		if (tells) snprintf(dst, size, "%.*s", (int)len, text + i);
		i += len + 1;
	}
	snd_output_close(out);
}

int segue_read_params(snd_pcm_t *pcm, segue_params *p) {
	snd_pcm_hw_params_t *hw;
	snd_pcm_hw_params_alloca(&hw);
	int err = snd_pcm_hw_params_current(pcm, hw);
	if (err >= 0) err = snd_pcm_hw_params_get_rate(hw, &p->rate, NULL);
	if (err >= 0) err = snd_pcm_hw_params_get_channels(hw, &p->channels);
	if (err >= 0) err = snd_pcm_hw_params_get_buffer_size(hw, &p->buffer);
	if (err >= 0) err = snd_pcm_hw_params_get_period_size(hw, &p->period, NULL);
	if (err >= 0) p->can_pause = snd_pcm_hw_params_can_pause(hw);
	p->plugin = snd_pcm_type(pcm) == SND_PCM_TYPE_IOPLUG;
	if (err >= 0) describe(pcm, p->kind, sizeof p->kind);
	return err;
}

int segue_wait(snd_pcm_t *pcm, int efd, int timeout, int with_device) {
	enum { MOST = 16 };
	struct pollfd fds[MOST] = {{.fd = efd, .events = POLLIN}};
	int n = 0, got = 0;
	if (with_device) {
		n = snd_pcm_poll_descriptors_count(pcm);
		if (n < 0 || n > MOST - 1) n = MOST - 1;
		n = snd_pcm_poll_descriptors(pcm, fds + 1, n);
		if (n < 0) n = 0;
	}
	if (poll(fds, 1 + n, timeout) <= 0) return 0;
	if (fds[0].revents) {
		uint64_t count;
		if (read(efd, &count, sizeof count) > 0) got |= 1;
	}
	unsigned short revents = 0;
	if (n > 0 && snd_pcm_poll_descriptors_revents(pcm, fds + 1, n, &revents) >= 0 && revents) got |= 2;
	return got;
}

char *segue_hints(void) {
	void **hints;
	if (snd_device_name_hint(-1, "pcm", &hints) < 0) return NULL;
	char *all = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&all, &size);
	for (void **h = hints; out != NULL && *h != NULL; h++) {
		char *name = snd_device_name_get_hint(*h, "NAME"), *way = snd_device_name_get_hint(*h, "IOID");
		if (name != NULL && (way == NULL || strcmp(way, "Input") != 0)) fprintf(out, "%s\n", name);
		free(name);
		free(way);
	}
	if (out != NULL) fclose(out);
	snd_device_name_free_hint(hints);
	return all;
}

/* Opus by libopusfile, which applies the gain of the header, skips the start and
 * trims the end by itself. R128 tags are the player's. */
#include <opusfile.h>
#include <stdio.h>
#include <stdlib.h>

#include "vio.h"

/* The longest packet is 120 ms of 48 kHz. */
#define OPUS_MOST 5760

/* Decoded before the target of a seek, beside the 80 ms of opusfile. */
#define OPUS_PREROLL 9600

struct opus_dec {
	OggOpusFile *f;
	vio *io;
	int channels;
	int have, at; /* frames in out, and the next of them */
	float raw[OPUS_MOST * DEC_MAX_CHANNELS];
	float out[OPUS_MOST * DEC_MAX_CHANNELS];
};

static int on_read(void *p, unsigned char *dst, int n) {
	vio *v = p;
	size_t got = vio_read(v, dst, (size_t)n);
	return got == 0 && v->failed ? -1 : (int)got;
}

static int on_seek(void *p, opus_int64 off, int whence) { return vio_seek(p, off, whence); }

static opus_int64 on_tell(void *p) { return vio_tell(p); }

static int why(const vio *v) { return v->failed ? DEC_READ_ERROR : DEC_DAMAGED; }

opus_dec *opus_dec_open(vio *v, dec_info *info, int *err) {
	opus_dec *d = calloc(1, sizeof *d);
	if (d == NULL) {
		*err = DEC_NO_MEMORY;
		return NULL;
	}
	d->io = v;
	OpusFileCallbacks cb = {on_read, v->seekable ? on_seek : NULL, v->seekable ? on_tell : NULL, NULL};
	d->f = op_open_callbacks(v, &cb, NULL, 0, NULL);
	if (d->f == NULL) {
		*err = why(v);
		free(d);
		return NULL;
	}
	d->channels = info->channels = op_channel_count(d->f, v->seekable ? 0 : -1);
	info->rate = 48000;
	info->frames = v->seekable ? op_pcm_total(d->f, -1) : -1;
	if (info->frames < 0) info->frames = -1;
	if (v->seekable) info->kbps = (int)(op_bitrate(d->f, -1) / 1000);
	if (info->kbps < 0) info->kbps = 0;
	return d;
}

/* Decodes into raw and orders it into out; frames, 0 at the end, or an error. */
static int more(opus_dec *d) {
	int link = -1, n;
	do {
		n = op_read_float(d->f, d->raw, OPUS_MOST * DEC_MAX_CHANNELS, &link);
	} while (n == OP_HOLE);
	if (n == 0 && !d->io->failed) return 0;
	if (n <= 0) return why(d->io);
	const int have = op_channel_count(d->f, link);
	if (have > DEC_MAX_CHANNELS) return DEC_CHANGED_CHANNELS;
	const int *to = dec_xiph_order(have);
	float wav[DEC_MAX_CHANNELS];
	for (int i = 0; i < n; i++) {
		const float *in = d->raw + (size_t)i * have;
		float *out = d->out + (size_t)i * d->channels;
		for (int c = 0; c < have; c++) wav[to[c]] = in[c];
		for (int c = 0; c < d->channels; c++) out[c] = c < have ? wav[c] : 0;
		if (have == d->channels) continue;
		if (have == 1) out[1] = wav[0];
		if (d->channels == 1) out[0] = (wav[0] + wav[1]) * 0.5f;
	}
	d->have = n;
	d->at = 0;
	return n;
}

int opus_dec_read(opus_dec *d, float *dst, int frames) {
	const int ch = d->channels;
	int done = 0;
	while (done < frames) {
		if (d->at >= d->have) {
			int st = more(d);
			if (st == 0) break;
			if (st < 0) return done > 0 ? done : st;
		}
		int n = d->have - d->at;
		if (n > frames - done) n = frames - done;
		const float *in = d->out + (size_t)d->at * ch;
		for (int i = 0; i < n * ch; i++) dst[(size_t)done * ch + i] = in[i];
		d->at += n;
		done += n;
	}
	return done;
}

int opus_dec_seek(opus_dec *d, int64_t frame) {
	int64_t from = frame > OPUS_PREROLL ? frame - OPUS_PREROLL : 0;
	d->have = d->at = 0;
	vio_retry(d->io);
	if (op_pcm_seek(d->f, from) != 0) return why(d->io);
	while (from < frame) {
		int n = more(d);
		if (n <= 0) return n;
		if (n > frame - from) n = (int)(frame - from);
		d->at = n;
		from += n;
	}
	return 0;
}

void opus_dec_close(opus_dec *d) {
	op_free(d->f);
	free(d);
}

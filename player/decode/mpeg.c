/* MPEG audio, layers I to III, by libmpg123: floats at the stream's own rate, the
 * encoder's delay and padding taken away where the header tells them. */
#include <mpg123.h>
#include <stdio.h>
#include <stdlib.h>

#include "vio.h"

#define MPEG_END 1

struct mpeg_dec {
	mpg123_handle *h;
	vio *io;
	int channels;
	long rate;
	int stop; /* why nothing follows: MPEG_END or an error */
};

static ssize_t on_read(void *p, void *dst, size_t n) {
	vio *v = p;
	size_t got = vio_read(v, dst, n);
	return got == 0 && v->failed ? -1 : (ssize_t)got;
}

static off_t on_seek(void *p, off_t off, int whence) {
	vio *v = p;
	if (!v->seekable) return -1;
	return vio_seek(v, off, whence) == 0 ? (off_t)vio_tell(v) : -1;
}

static int why(const mpeg_dec *d) { return d->io->failed ? DEC_READ_ERROR : DEC_DAMAGED; }

static int setup(mpeg_dec *d, int fuzzy) {
	mpg123_handle *h = d->h;
	long flags = MPG123_QUIET | MPG123_GAPLESS | MPG123_FORCE_FLOAT | MPG123_SKIP_ID3V2;
	if (fuzzy) flags |= MPG123_FUZZY;
	if (!d->io->seekable) flags |= MPG123_NO_PEEK_END;
	if (mpg123_param(h, MPG123_FLAGS, flags, 0) != MPG123_OK) return -1;
	mpg123_param(h, MPG123_RVA, MPG123_RVA_OFF, 0);
	mpg123_param(h, MPG123_RESYNC_LIMIT, 1 << 20, 0);
	mpg123_param(h, MPG123_INDEX_SIZE, -1000, 0);
	return mpg123_replace_reader_handle(h, on_read, on_seek, NULL) == MPG123_OK
		&& mpg123_open_handle(h, d->io) == MPG123_OK ? 0 : -1;
}

/* From now on only these channels: libmpg123 folds the links of a chain that have others.
 * The rates stay open, for it would complain on stderr: changed() looks at them. */
static int fix(mpeg_dec *d, dec_info *info) {
	int ch, enc;
	if (mpg123_getformat(d->h, &d->rate, &ch, &enc) != MPG123_OK) return -1;
	info->rate = (int)d->rate;
	d->channels = info->channels = ch;
	const long *rates;
	size_t n;
	mpg123_rates(&rates, &n);
	mpg123_format_none(d->h);
	for (size_t i = 0; i < n; i++)
		if (mpg123_format(d->h, rates[i], ch, MPG123_ENC_FLOAT_32) != MPG123_OK) return -1;
	return 0;
}

static int changed(mpeg_dec *d) {
	long rate;
	int ch, enc;
	if (mpg123_getformat(d->h, &rate, &ch, &enc) != MPG123_OK) return DEC_DAMAGED;
	if (rate != d->rate) return DEC_CHANGED_RATE;
	return ch == d->channels ? 0 : DEC_CHANGED_CHANNELS;
}

mpeg_dec *mpeg_dec_open(vio *v, int scan, int fuzzy, dec_info *info, int *err) {
	mpg123_init(); /* nothing since 1.27, needed before */
	mpeg_dec *d = calloc(1, sizeof *d);
	if (d != NULL) d->h = mpg123_new(NULL, NULL);
	if (d == NULL || d->h == NULL) {
		free(d);
		*err = DEC_NO_MEMORY;
		return NULL;
	}
	d->io = v;
	struct mpg123_frameinfo fi;
	if (setup(d, fuzzy) != 0 || fix(d, info) != 0 || mpg123_info(d->h, &fi) != MPG123_OK) {
		*err = why(d);
		mpeg_dec_close(d);
		return NULL;
	}
	/* After a seek: a frame may use bits of those before it, up to 511 bytes in MPEG 1, where
	 * the smallest frames bring 58, and up to 255 in MPEG 2, where they bring 3. */
	mpg123_param(d->h, MPG123_PREFRAMES, fi.version == MPG123_1_0 ? 12 : 88, 0);
	if (scan) mpg123_scan(d->h);
	off_t n = mpg123_length(d->h);
	info->frames = n > 0 ? (int64_t)n : -1;
	info->kbps = fi.vbr == MPG123_ABR ? fi.abr_rate : fi.vbr == MPG123_CBR ? fi.bitrate : 0;
	return d;
}

int mpeg_dec_read(mpeg_dec *d, float *dst, int frames) {
	const size_t frame = sizeof *dst * d->channels;
	const size_t want = frame * frames;
	size_t done = 0;
	while (done < want && d->stop == 0) {
		size_t n = 0;
		int st = mpg123_read(d->h, (unsigned char *)dst + done, want - done, &n);
		done += n;
		if (st == MPG123_NEW_FORMAT) d->stop = changed(d);
		else if (d->io->failed) d->stop = DEC_READ_ERROR;
		else if (st == MPG123_DONE) d->stop = MPEG_END;
		else if (st != MPG123_OK) d->stop = DEC_DAMAGED;
	}
	if (done >= frame) return (int)(done / frame);
	return d->stop < 0 ? d->stop : 0;
}

/* After an error libmpg123 no longer knows where it is: from the start. */
static int again(mpeg_dec *d) {
	long rate;
	int ch, enc;
	mpg123_close(d->h);
	if (vio_seek(d->io, 0, SEEK_SET) != 0 || mpg123_open_handle(d->h, d->io) != MPG123_OK) return why(d);
	return mpg123_getformat(d->h, &rate, &ch, &enc) == MPG123_OK ? 0 : why(d);
}

int64_t mpeg_dec_seek(mpeg_dec *d, int64_t frame) {
	vio_retry(d->io);
	if (d->stop < 0) {
		int st = again(d);
		if (st != 0) return st;
	}
	d->stop = 0;
	off_t at = mpg123_seek(d->h, (off_t)frame, SEEK_SET);
	return at >= 0 ? (int64_t)at : why(d);
}

void mpeg_dec_close(mpeg_dec *d) {
	mpg123_close(d->h);
	mpg123_delete(d->h);
	free(d);
}

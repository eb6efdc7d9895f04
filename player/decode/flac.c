/* FLAC, native and in Ogg, by libFLAC. */
#include <FLAC/stream_decoder.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vio.h"

struct flac_dec {
	FLAC__StreamDecoder *d;
	vio *io;
	int channels, rate, bits;
	int error;     /* DEC_..., ends it */
	int64_t total; /* frames, 0 = unknown */
	int64_t next;  /* frame that is given next */
	int sought;    /* the next block may begin anywhere: it tells where we are */
	int lost;      /* damage was met since the last block */
	int64_t gap;   /* frames of silence to give before the block, in place of lost ones */
	float *out;    /* one decoded block, interleaved */
	size_t cap;    /* samples */
	int have, at;  /* frames in out, and the next of them */
};

static FLAC__StreamDecoderReadStatus on_read(const FLAC__StreamDecoder *s, FLAC__byte *buf, size_t *n, void *p) {
	(void)s;
	flac_dec *d = p;
	*n = vio_read(d->io, buf, *n);
	if (*n > 0) return FLAC__STREAM_DECODER_READ_STATUS_CONTINUE;
	return d->io->failed ? FLAC__STREAM_DECODER_READ_STATUS_ABORT : FLAC__STREAM_DECODER_READ_STATUS_END_OF_STREAM;
}

static FLAC__StreamDecoderSeekStatus on_seek(const FLAC__StreamDecoder *s, FLAC__uint64 off, void *p) {
	(void)s;
	flac_dec *d = p;
	return vio_seek(d->io, (int64_t)off, SEEK_SET) == 0 ? FLAC__STREAM_DECODER_SEEK_STATUS_OK
	                                                     : FLAC__STREAM_DECODER_SEEK_STATUS_ERROR;
}

static FLAC__StreamDecoderTellStatus on_tell(const FLAC__StreamDecoder *s, FLAC__uint64 *off, void *p) {
	(void)s;
	*off = (FLAC__uint64)vio_tell(((flac_dec *)p)->io);
	return FLAC__STREAM_DECODER_TELL_STATUS_OK;
}

static FLAC__StreamDecoderLengthStatus on_length(const FLAC__StreamDecoder *s, FLAC__uint64 *n, void *p) {
	(void)s;
	flac_dec *d = p;
	if (d->io->size < 0) return FLAC__STREAM_DECODER_LENGTH_STATUS_UNSUPPORTED;
	*n = (FLAC__uint64)d->io->size;
	return FLAC__STREAM_DECODER_LENGTH_STATUS_OK;
}

static FLAC__bool on_eof(const FLAC__StreamDecoder *s, void *p) {
	(void)s;
	return vio_eof(((flac_dec *)p)->io);
}

/* Damaged blocks are left out by libFLAC. The time they took stays: it becomes silence,
 * unless the gap is so wide that the number of the block is the damage. */
static void place(flac_dec *d, int64_t first) {
	const int64_t widest = 10LL * d->rate;
	if (d->sought) {
		d->sought = d->lost = 0;
		d->next = first;
		return;
	}
	/* A damaged block is given too, in zeros, and the next one within the same call. */
	const int unread = d->at < d->have;
	d->gap = 0;
	if ((d->lost || unread) && first > d->next && first - d->next <= widest) d->gap = first - d->next;
	d->lost = 0;
}

static FLAC__StreamDecoderWriteStatus on_write(const FLAC__StreamDecoder *s, const FLAC__Frame *f,
                                               const FLAC__int32 *const in[], void *p) {
	(void)s;
	flac_dec *d = p;
	const int n = (int)f->header.blocksize, ch = (int)f->header.channels;
	if (ch != d->channels) d->error = DEC_CHANGED_CHANNELS;
	if ((int)f->header.sample_rate != d->rate) d->error = DEC_CHANGED_RATE;
	if (d->error) return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT;
	if (d->cap < (size_t)n * ch) {
		float *out = realloc(d->out, (size_t)n * ch * sizeof *out);
		if (out == NULL) {
			d->error = DEC_NO_MEMORY;
			return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT;
		}
		d->out = out;
		d->cap = (size_t)n * ch;
	}
	const float scale = ldexpf(1, 1 - (int)f->header.bits_per_sample);
	for (int c = 0; c < ch; c++) {
		const FLAC__int32 *x = in[c];
		float *y = d->out + c;
		for (int i = 0; i < n; i++, y += ch) *y = (float)x[i] * scale;
	}
	place(d, (int64_t)f->header.number.sample_number);
	d->have = n;
	d->at = 0;
	return FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE;
}

static void on_metadata(const FLAC__StreamDecoder *s, const FLAC__StreamMetadata *m, void *p) {
	(void)s;
	flac_dec *d = p;
	if (m->type != FLAC__METADATA_TYPE_STREAMINFO) return;
	d->channels = (int)m->data.stream_info.channels;
	d->rate = (int)m->data.stream_info.sample_rate;
	d->bits = (int)m->data.stream_info.bits_per_sample;
	d->total = (int64_t)m->data.stream_info.total_samples;
}

static void on_error(const FLAC__StreamDecoder *s, FLAC__StreamDecoderErrorStatus e, void *p) {
	(void)s;
	(void)e;
	((flac_dec *)p)->lost = 1;
}

static int start(flac_dec *d, int ogg) {
	FLAC__StreamDecoderInitStatus st;
	if (ogg)
		st = FLAC__stream_decoder_init_ogg_stream(d->d, on_read, d->io->seekable ? on_seek : NULL,
			d->io->seekable ? on_tell : NULL, d->io->seekable ? on_length : NULL,
			d->io->seekable ? on_eof : NULL, on_write, on_metadata, on_error, d);
	else
		st = FLAC__stream_decoder_init_stream(d->d, on_read, d->io->seekable ? on_seek : NULL,
			d->io->seekable ? on_tell : NULL, d->io->seekable ? on_length : NULL,
			d->io->seekable ? on_eof : NULL, on_write, on_metadata, on_error, d);
	if (st != FLAC__STREAM_DECODER_INIT_STATUS_OK) return DEC_DAMAGED;
	if (!FLAC__stream_decoder_process_until_end_of_metadata(d->d) || d->channels == 0)
		return d->io->failed ? DEC_READ_ERROR : DEC_DAMAGED;
	return 0;
}

flac_dec *flac_dec_open(vio *v, int ogg, dec_info *info, int *err) {
	flac_dec *d = calloc(1, sizeof *d);
	if (d != NULL) d->d = FLAC__stream_decoder_new();
	if (d == NULL || d->d == NULL) {
		free(d);
		*err = DEC_NO_MEMORY;
		return NULL;
	}
	d->io = v;
	if ((*err = start(d, ogg)) != 0) {
		flac_dec_close(d);
		return NULL;
	}
	info->rate = d->rate;
	info->channels = d->channels;
	info->bits = d->bits;
	info->frames = d->total > 0 ? d->total : -1;
	return d;
}

/* Decodes until there is a block; 1, 0 at the end, or an error. */
static int more(flac_dec *d) {
	while (d->at >= d->have) {
		if (d->error) return d->error;
		FLAC__StreamDecoderState st = FLAC__stream_decoder_get_state(d->d);
		if (st == FLAC__STREAM_DECODER_END_OF_STREAM) return 0;
		if (st < FLAC__STREAM_DECODER_END_OF_STREAM && FLAC__stream_decoder_process_single(d->d)) continue;
		if (d->error) return d->error;
		return d->io->failed ? DEC_READ_ERROR : DEC_DAMAGED;
	}
	return 1;
}

int flac_dec_read(flac_dec *d, float *dst, int frames) {
	const int ch = d->channels;
	int done = 0;
	while (done < frames) {
		int st = more(d);
		if (st == 0) break;
		if (st < 0) return done > 0 ? done : st;
		int n = frames - done;
		float *to = dst + (size_t)done * ch;
		if (d->gap > 0) {
			if (n > d->gap) n = (int)d->gap;
			memset(to, 0, (size_t)n * ch * sizeof *to);
			d->gap -= n;
		} else {
			if (n > d->have - d->at) n = d->have - d->at;
			memcpy(to, d->out + (size_t)d->at * ch, (size_t)n * ch * sizeof *to);
			d->at += n;
		}
		d->next += n;
		done += n;
	}
	return done;
}

/* Forgets what was decoded and stands where libFLAC can go on from any state. */
static void clear(flac_dec *d) {
	d->have = d->at = 0;
	d->gap = 0;
	d->lost = 0;
	d->sought = 1;
	if (FLAC__stream_decoder_get_state(d->d) >= FLAC__STREAM_DECODER_END_OF_STREAM) FLAC__stream_decoder_flush(d->d);
}

/* Decodes and drops n frames; 1, 0 at the end, or an error. */
static int drop(flac_dec *d, int64_t n) {
	while (n > 0) {
		int st = more(d);
		if (st <= 0) return st;
		int64_t m = d->gap > 0 ? d->gap : d->have - d->at;
		if (m > n) m = n;
		if (d->gap > 0) d->gap -= m;
		else d->at += (int)m;
		d->next += m;
		n -= m;
	}
	return 1;
}

/* 0, 1 = behind the end, or an error. Where the target is damaged it comes from before it. */
int flac_dec_seek(flac_dec *d, int64_t frame) {
	if (d->error) return d->error;
	vio_retry(d->io);
	int64_t back = 0;
	while (d->total <= 0 || frame < d->total) {
		const int64_t from = frame > back ? frame - back : 0;
		clear(d);
		if (FLAC__stream_decoder_seek_absolute(d->d, (FLAC__uint64)from) && d->have > 0) {
			int st = drop(d, frame - d->next);
			return st < 0 ? st : !st;
		}
		if (d->error) return d->error;
		if (d->io->failed) return DEC_READ_ERROR;
		if (from == 0) break;
		back = back > 0 ? 4 * back : d->rate;
	}
	/* Nothing is there: read on from where the bytes end. */
	FLAC__stream_decoder_flush(d->d);
	clear(d);
	vio_seek(d->io, 0, SEEK_END);
	return 1;
}

void flac_dec_close(flac_dec *d) {
	FLAC__stream_decoder_delete(d->d);
	free(d->out);
	free(d);
}

#include "vio.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "_cgo_export.h"

vio *vio_new(uintptr_t handle, int64_t size, int seekable) {
	vio *v = malloc(sizeof *v);
	if (v == NULL) return NULL;
	memset(v, 0, offsetof(vio, buf));
	v->handle = handle;
	v->size = size;
	v->seekable = seekable;
	v->ahead = VIO_FIRST;
	return v;
}

void vio_free(vio *v) { free(v); }

int64_t vio_tell(const vio *v) { return v->base + (int64_t)v->pos; }

int vio_eof(const vio *v) {
	if (v->pos < v->len) return 0;
	if (v->size >= 0 && v->seekable) return vio_tell(v) >= v->size;
	return v->ended;
}

/* Gets more behind what is in the buffer, which has been used up. */
static int fill(vio *v) {
	if (v->failed) return 0;
	v->base += (int64_t)v->pos;
	v->pos = v->len = 0;
	int64_t n = segueFill(v->handle, v->base, v->buf, (int64_t)v->ahead);
	if (n < 0) v->failed = 1;
	if (n <= 0) {
		v->ended = 1;
		return 0;
	}
	v->ended = 0;
	v->len = (size_t)n;
	if (v->ahead < VIO_CAP) v->ahead *= 2;
	return 1;
}

size_t vio_read(vio *v, void *dst, size_t n) {
	unsigned char *out = dst;
	size_t done = 0;
	while (done < n) {
		if (v->pos >= v->len && !fill(v)) break;
		size_t have = v->len - v->pos;
		if (have > n - done) have = n - done;
		memcpy(out + done, v->buf + v->pos, have);
		v->pos += have;
		done += have;
	}
	return done;
}

int vio_seek(vio *v, int64_t off, int whence) {
	int64_t to = off;
	if (whence == SEEK_CUR) to += vio_tell(v);
	if (whence == SEEK_END) {
		if (v->size < 0) return -1;
		to += v->size;
	}
	if (to < 0) return -1;
	if (to >= v->base && to <= v->base + (int64_t)v->len) {
		v->pos = (size_t)(to - v->base);
		return 0;
	}
	if (!v->seekable) return -1;
	v->base = to;
	v->pos = v->len = 0;
	v->ahead = VIO_FIRST;
	v->failed = v->ended = 0;
	return 0;
}

void vio_retry(vio *v) { v->failed = v->ended = 0; }

static const int xiph_orders[DEC_MAX_CHANNELS][DEC_MAX_CHANNELS] = {
	{0},
	{0, 1},
	{0, 2, 1},
	{0, 1, 2, 3},
	{0, 2, 1, 3, 4},
	{0, 2, 1, 4, 5, 3},
	{0, 2, 1, 5, 6, 4, 3},
	{0, 2, 1, 6, 7, 4, 5, 3},
};

const int *dec_xiph_order(int channels) {
	if (channels < 1 || channels > DEC_MAX_CHANNELS) channels = 1;
	return xiph_orders[channels - 1];
}

static void fold(float *dst, int channels, const float *const *planes, int have, int n) {
	for (int i = 0; i < n; i++, dst += channels) {
		for (int c = 0; c < channels; c++) dst[c] = 0;
		if (channels == 1) {
			for (int c = 0; c < have && c < 2; c++) dst[0] += planes[c][i] * 0.5f;
			continue;
		}
		dst[0] = planes[0][i];
		/* left, (centre,) right: the right one is third where there is a centre */
		dst[1] = have == 1 ? planes[0][i] : planes[have == 3 || have >= 5 ? 2 : 1][i];
	}
}

void dec_interleave(float *dst, int channels, const float *const *planes, int have, const int *to, int n) {
	if (have != channels) {
		fold(dst, channels, planes, have, n);
		return;
	}
	if (channels == 2) {
		const float *l = planes[0], *r = planes[1];
		for (int i = 0; i < n; i++) {
			dst[2 * i] = l[i];
			dst[2 * i + 1] = r[i];
		}
		return;
	}
	for (int c = 0; c < channels; c++) {
		const float *p = planes[c];
		float *q = dst + to[c];
		for (int i = 0; i < n; i++) q[(size_t)i * channels] = p[i];
	}
}

/* Ogg Vorbis by libvorbisfile. */
#include <stdio.h>
#include <stdlib.h>

#define OV_EXCLUDE_STATIC_CALLBACKS
#include <vorbis/vorbisfile.h>

#include "vio.h"

struct vorbis_dec {
	OggVorbis_File f;
	vio *io;
	int channels, rate; /* of the first link, and so of all we give */
	int link;           /* whose channels are have */
	int have;
};

static size_t on_read(void *dst, size_t size, size_t n, void *p) {
	if (size == 0) return 0;
	return vio_read(p, dst, size * n) / size;
}

static int on_seek(void *p, ogg_int64_t off, int whence) { return vio_seek(p, off, whence); }

static long on_tell(void *p) { return (long)vio_tell(p); }

static int why(const vio *v) { return v->failed ? DEC_READ_ERROR : DEC_DAMAGED; }

vorbis_dec *vorbis_dec_open(vio *v, dec_info *info, int *err) {
	vorbis_dec *d = calloc(1, sizeof *d);
	if (d == NULL) {
		*err = DEC_NO_MEMORY;
		return NULL;
	}
	d->io = v;
	ov_callbacks cb = {on_read, v->seekable ? on_seek : NULL, NULL, v->seekable ? on_tell : NULL};
	if (ov_open_callbacks(v, &d->f, NULL, 0, cb) != 0) { /* it has cleared f */
		*err = why(v);
		free(d);
		return NULL;
	}
	vorbis_info *vi = ov_info(&d->f, v->seekable ? 0 : -1);
	if (vi == NULL) {
		*err = DEC_DAMAGED;
		vorbis_dec_close(d);
		return NULL;
	}
	d->channels = d->have = info->channels = vi->channels;
	d->rate = info->rate = (int)vi->rate;
	info->frames = v->seekable ? ov_pcm_total(&d->f, -1) : -1;
	if (info->frames < 0) info->frames = -1;
	info->kbps = (int)(ov_bitrate(&d->f, -1) / 1000);
	if (info->kbps < 0) info->kbps = 0;
	return d;
}

/* The link of a chain has changed: 0 when it can be given like the first. */
static int check(vorbis_dec *d, int link) {
	vorbis_info *vi = ov_info(&d->f, -1);
	if (vi == NULL) return DEC_DAMAGED;
	if (vi->rate != d->rate) return DEC_CHANGED_RATE;
	if (vi->channels > DEC_MAX_CHANNELS) return DEC_CHANGED_CHANNELS;
	d->have = vi->channels;
	d->link = link;
	return 0;
}

int vorbis_dec_read(vorbis_dec *d, float *dst, int frames) {
	int done = 0;
	while (done < frames) {
		float **planes;
		int link = d->link;
		long n = ov_read_float(&d->f, &planes, frames - done, &link);
		if (n == OV_HOLE) continue; /* damage that it has stepped over */
		if (n == 0 && !d->io->failed) break;
		int st = n <= 0 ? why(d->io) : link != d->link ? check(d, link) : 0;
		if (st != 0) return done > 0 ? done : st;
		dec_interleave(dst + (size_t)done * d->channels, d->channels, (const float *const *)planes, d->have,
			dec_xiph_order(d->channels), (int)n);
		done += (int)n;
	}
	return done;
}

int vorbis_dec_seek(vorbis_dec *d, int64_t frame) {
	vio_retry(d->io);
	if (ov_pcm_seek(&d->f, frame) != 0) return why(d->io);
	d->link = -1;
	return 0;
}

void vorbis_dec_close(vorbis_dec *d) {
	ov_clear(&d->f);
	free(d);
}

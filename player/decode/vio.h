/* The one way by which the C decoders read: a buffer on the C side, so that their many
 * small reads stay there, filled by a call into Go (segueFill) when it is empty. */
#ifndef SEGUE_VIO_H
#define SEGUE_VIO_H

#include <stddef.h>
#include <stdint.h>

#define VIO_CAP 65536
#define VIO_FIRST 4096 /* after opening and after a jump: little, then more */

typedef struct {
	uintptr_t handle; /* of the Go side's stream */
	int64_t size;     /* bytes, -1 = unknown */
	int seekable;
	int failed;    /* the reader failed; the Go side keeps its error */
	int ended;     /* the last fill met the end */
	int64_t base;  /* offset of buf[0] */
	size_t len;    /* bytes in buf */
	size_t pos;    /* next byte in buf */
	size_t ahead;  /* how much to ask for next */
	unsigned char buf[VIO_CAP];
} vio;

vio *vio_new(uintptr_t handle, int64_t size, int seekable);
void vio_free(vio *v);
/* Up to n bytes; fewer only at the end or after a failure. */
size_t vio_read(vio *v, void *dst, size_t n);
/* 0, or -1 where the stream cannot go there. */
int vio_seek(vio *v, int64_t off, int whence);
/* Forgets a failure: a seek tries again. */
void vio_retry(vio *v);
int64_t vio_tell(const vio *v);
int vio_eof(const vio *v);

/* The decoders. They return frames, 0 at the end, or one of these. */
#define DEC_READ_ERROR (-1)
#define DEC_DAMAGED (-2)
#define DEC_CHANGED_RATE (-3)
#define DEC_CHANGED_CHANNELS (-4)
#define DEC_NO_MEMORY (-5)

#define DEC_MAX_CHANNELS 8

typedef struct {
	int rate, channels, bits, kbps;
	int64_t frames; /* -1 = unknown */
} dec_info;

typedef struct flac_dec flac_dec;
flac_dec *flac_dec_open(vio *v, int ogg, dec_info *info, int *err);
int flac_dec_read(flac_dec *d, float *dst, int frames);
int flac_dec_seek(flac_dec *d, int64_t frame);
void flac_dec_close(flac_dec *d);

typedef struct vorbis_dec vorbis_dec;
vorbis_dec *vorbis_dec_open(vio *v, dec_info *info, int *err);
int vorbis_dec_read(vorbis_dec *d, float *dst, int frames);
int vorbis_dec_seek(vorbis_dec *d, int64_t frame);
void vorbis_dec_close(vorbis_dec *d);

typedef struct opus_dec opus_dec;
opus_dec *opus_dec_open(vio *v, dec_info *info, int *err);
int opus_dec_read(opus_dec *d, float *dst, int frames);
int opus_dec_seek(opus_dec *d, int64_t frame);
void opus_dec_close(opus_dec *d);

typedef struct mpeg_dec mpeg_dec;
/* scan: read all headers to know the length; fuzzy: seek by the header's table. */
mpeg_dec *mpeg_dec_open(vio *v, int scan, int fuzzy, dec_info *info, int *err);
int mpeg_dec_read(mpeg_dec *d, float *dst, int frames);
/* The frame it is at, or an error. */
int64_t mpeg_dec_seek(mpeg_dec *d, int64_t frame);
void mpeg_dec_close(mpeg_dec *d);

/* Interleaves n frames of planes, to[k] being the place of plane k, and folds them into
 * channels where a chained stream has another number than its first link. */
void dec_interleave(float *dst, int channels, const float *const *planes, int have, const int *to, int n);
/* The places in WAV order of the channels of Vorbis and Opus, which share theirs. */
const int *dec_xiph_order(int channels);

#endif

// Package resample changes the rate of a stereo stream with libsoxr at high
// quality. A Resampler is one stream: used by one goroutine at a time, it may run
// across tracks of one rate, so that their join stays continuous.
//
// It starts no goroutines and knows nothing but frames.
package resample

/*
#cgo pkg-config: soxr
#include <soxr.h>
#include <stdlib.h>

static soxr_t segue_soxr_new(double in, double out, char const **err) {
	soxr_quality_spec_t q = soxr_quality_spec(SOXR_HQ, 0);
	soxr_runtime_spec_t r = soxr_runtime_spec(1);
	return soxr_create(in, out, 2, err, NULL, &q, &r);
}

// soxr writes its counts through these; as results they need no Go memory.
typedef struct { size_t used, made; char const *err; } segue_step;

static segue_step segue_soxr_step(soxr_t s, float const *in, size_t n, float *out, size_t room) {
	segue_step st = {0, 0, NULL};
	st.err = soxr_process(s, in, n, &st.used, out, room, &st.made);
	return st;
}
*/
import "C"

import (
	"errors"
	"fmt"
	"unsafe"
)

// Resampler is one stream of frames on its way from one rate to another.
type Resampler struct {
	c        C.soxr_t
	in, out  int   // Hz
	fed      int64 // frames taken since the start
	made     int64 // frames given since the start
	flushing bool
}

var errClosed = errors.New("resample: closed")

// New makes a resampler for two channels, from and to the given rates in Hz.
func New(in, out int) (*Resampler, error) {
	if in <= 0 || out <= 0 {
		return nil, fmt.Errorf("resample: from %d to %d Hz is impossible", in, out)
	}
	var e *C.char
	c := C.segue_soxr_new(C.double(in), C.double(out), &e)
	if e != nil || c == nil {
		return nil, fmt.Errorf("resample: from %d to %d Hz: %s", in, out, C.GoString(e))
	}
	return &Resampler{c: c, in: in, out: out}, nil
}

// Rates are the rates in Hz that it goes from and to.
func (r *Resampler) Rates() (in, out int) { return r.in, r.out }

// At is the number of the output frame that stands where the next input frame
// will: all frames fed so far make At frames, to the nearest.
func (r *Resampler) At() int64 {
	in, out := int64(r.in), int64(r.out)
	s, rest := r.fed/in, r.fed%in
	return s*out + (rest*out+in/2)/in
}

// Made is how many output frames were given so far.
func (r *Resampler) Made() int64 { return r.made }

// Process takes frames from src and writes frames to dst, both interleaved
// stereo, and returns how many whole frames it took and wrote. Call it again with
// the rest until all are taken.
func (r *Resampler) Process(dst, src []float32) (used, made int, err error) {
	if r.c == nil {
		return 0, 0, errClosed
	}
	if r.flushing {
		return 0, 0, errors.New("resample: fed after the flush")
	}
	if len(src) < 2 || len(dst) < 2 {
		return 0, 0, nil
	}
	st := C.segue_soxr_step(r.c, (*C.float)(unsafe.Pointer(&src[0])), C.size_t(len(src)/2),
		(*C.float)(unsafe.Pointer(&dst[0])), C.size_t(len(dst)/2))
	if st.err != nil {
		return 0, 0, fmt.Errorf("resample: %s", C.GoString(st.err))
	}
	r.fed += int64(st.used)
	r.made += int64(st.made)
	return int(st.used), int(st.made), nil
}

// Flush writes what is left of everything that was fed; call it until it returns
// 0 frames. In all, exactly At frames are given: silence or a cut makes up for
// what the filter leaves over.
func (r *Resampler) Flush(dst []float32) (made int, err error) {
	if r.c == nil {
		return 0, errClosed
	}
	r.flushing = true
	left := r.At() - r.made
	n := min(int64(len(dst)/2), left)
	if n <= 0 {
		return 0, nil
	}
	st := C.segue_soxr_step(r.c, nil, 0, (*C.float)(unsafe.Pointer(&dst[0])), C.size_t(n))
	if st.err != nil {
		return 0, fmt.Errorf("resample: flush: %s", C.GoString(st.err))
	}
	made = int(st.made)
	if made == 0 {
		clear(dst[:2*n])
		made = int(n)
	}
	r.made += int64(made)
	return made, nil
}

// Reset forgets everything that was fed: a fresh stream of the same rates.
func (r *Resampler) Reset() error {
	if r.c == nil {
		return errClosed
	}
	if e := C.soxr_clear(r.c); e != nil {
		return fmt.Errorf("resample: reset: %s", C.GoString(e))
	}
	r.fed, r.made, r.flushing = 0, 0, false
	return nil
}

// Close frees the filter; calling it again does nothing.
func (r *Resampler) Close() {
	if r.c != nil {
		C.soxr_delete(r.c)
		r.c = nil
	}
}

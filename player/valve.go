package player

import (
	"sync"
	"sync/atomic"

	"segue/internal/ring"
)

// valve is what a device calls for frames. Until a reader is fitted it gives
// silence, or lets a recorder wait.
type valve struct {
	rd    atomic.Pointer[ring.Reader]
	mono  atomic.Bool
	ready chan struct{} // closed when a reader was fitted, or none will be
	once  sync.Once
}

func newValve() *valve { return &valve{ready: make(chan struct{})} }

// fit gives the valve its reader; nil = none will come.
func (v *valve) fit(rd *ring.Reader, channels int) {
	v.mono.Store(channels == 1)
	v.rd.Store(rd)
	v.once.Do(func() { close(v.ready) })
}

// fill is for devices that keep time.
func (v *valve) fill(dst []float32) bool {
	rd := v.rd.Load()
	switch {
	case rd == nil:
		clear(dst)
		return true
	case v.mono.Load():
		return rd.ReadMono(dst)
	}
	return rd.Read(dst)
}

// some is for sinks: what there is, without silence.
func (v *valve) some(dst []float32) int {
	rd := v.rd.Load()
	if rd == nil {
		return 0
	}
	n, _ := rd.ReadSome(dst)
	return n
}

// record is for devices that keep every frame.
func (v *valve) record(dst []float32) (int, bool) {
	<-v.ready
	rd := v.rd.Load()
	switch {
	case rd == nil:
		return 0, false
	case v.mono.Load():
		return rd.WaitMono(dst)
	}
	return rd.ReadWait(dst)
}

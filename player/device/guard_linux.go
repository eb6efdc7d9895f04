package device

/*
#cgo pkg-config: alsa
#cgo LDFLAGS: -ldl
#include <stdlib.h>
#include "guard_linux.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// guard is what the interposed functions find their way by: C calls back without a
// receiver, so there is one for the process, as there is one oto context.
var guard = registry{lines: map[*C.snd_pcm_t]*line{}, dying: map[*C.snd_pcm_t]bool{}}

// registry knows the devices that oto has open through us.
type registry struct {
	mu      sync.Mutex
	attempt *attempt               // the opening under way, if any
	lines   map[*C.snd_pcm_t]*line // by snd_pcm_t
	open    int                    // devices that are not closed
	dying   map[*C.snd_pcm_t]bool  // ended; oto will ask once more to recover them
}

// attempt is one opening by oto. At most one is under way: one that hangs inside
// libasound is not joined by others.
type attempt struct {
	allow     func(name string) bool
	abandoned bool         // guarded by registry.mu: nobody waits any more
	faults    []string     // guarded by registry.mu: what could not be opened, and why
	opened    *C.snd_pcm_t // guarded by registry.mu
	name      string       // guarded by registry.mu: what was opened
	arrived   chan *line   // the writer, at its first write
}

// words is why nothing could be opened.
func (a *attempt) words() string {
	if len(a.faults) == 0 {
		return "ALSA knows none"
	}
	return a.faults[0]
}

//export segueMayOpen
func segueMayOpen(name *C.char) C.int {
	guard.mu.Lock()
	defer guard.mu.Unlock()
	a := guard.attempt
	switch {
	case a == nil:
		return 0
	case a.abandoned || !a.allow(C.GoString(name)):
		return 2
	}
	return 1
}

//export segueOpened
func segueOpened(pcm *C.snd_pcm_t, name *C.char, fault C.int) {
	guard.mu.Lock()
	defer guard.mu.Unlock()
	a := guard.attempt
	if fault < 0 {
		a.faults = append(a.faults, fmt.Sprintf("ALSA %q: %s", C.GoString(name), alsaError(fault)))
		return
	}
	guard.open++
	a.opened, a.name = pcm, C.GoString(name)
}

// segueOwns tells whether oto opened pcm.
//
//export segueOwns
func segueOwns(pcm *C.snd_pcm_t) C.int {
	guard.mu.Lock()
	defer guard.mu.Unlock()
	if guard.lines[pcm] != nil || guard.attempt != nil && guard.attempt.opened == pcm {
		return 1
	}
	return 0
}

// segueWrite is oto's first write, and its last: the thread stays here until the stream has
// ended. To go back to oto after every block would wake its mixer each time, which costs
// as much again as all the rest when GOMAXPROCS is above 1.
//
//export segueWrite
func segueWrite(pcm *C.snd_pcm_t, block C.ulong) C.long {
	l := guard.line(pcm)
	for l != nil && l.write(int(block)) == nil {
	}
	guard.bury(pcm)
	if l != nil {
		l.release()
	}
	C.snd_pcm_close(pcm) // may hang
	guard.buried()
	if l != nil {
		close(l.gone)
	}
	return -C.long(unix.ENODEV)
}

//export segueIsDying
func segueIsDying(pcm *C.snd_pcm_t) C.int {
	guard.mu.Lock()
	defer guard.mu.Unlock()
	if !guard.dying[pcm] {
		return 0
	}
	delete(guard.dying, pcm)
	return 1
}

// line is that of pcm. At the first write it is made and handed to whoever waits for it;
// nil says that nobody does, or that the device is unusable.
func (r *registry) line(pcm *C.snd_pcm_t) *line {
	r.mu.Lock()
	l, a := r.lines[pcm], r.attempt
	r.mu.Unlock()
	if l != nil {
		return l
	}
	l, err := newALSALine(pcm)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.attempt = nil
	switch {
	case err != nil:
		a.faults = append([]string{err.Error()}, a.faults...)
		close(a.arrived)
		return nil
	case a.abandoned:
		l.release()
		return nil
	}
	l.name = a.name
	r.lines[pcm] = l
	a.arrived <- l
	return l
}

// bury forgets pcm, but for the one call of snd_pcm_recover that oto will make.
func (r *registry) bury(pcm *C.snd_pcm_t) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.lines, pcm)
	r.dying[pcm] = true
}

// buried counts a device that was closed.
func (r *registry) buried() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open--
}

// begin announces an opening by oto.
func (r *registry) begin(a *attempt) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.attempt != nil {
		return errors.New("it still does not answer")
	}
	if r.open == 0 {
		// ALSA asks only once whether a sound server runs.
		C.snd_config_update_free_global()
	}
	C.segue_quiet()
	r.attempt = a
	return nil
}

// failed ends an opening that oto gave up.
func (r *registry) failed(a *attempt, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.attempt != a {
		return
	}
	r.attempt = nil
	if a.opened != nil { // opened, but it does not take our format
		a.faults = append([]string{err.Error()}, a.faults...)
		r.open--
		C.snd_pcm_close(a.opened)
	}
	close(a.arrived)
}

// abandon stops waiting for an opening; a device that comes later is closed. One that came
// just now is returned.
func (r *registry) abandon(a *attempt) *line {
	r.mu.Lock()
	defer r.mu.Unlock()
	a.abandoned = true
	select {
	case l := <-a.arrived:
		return l
	default:
		return nil
	}
}

// alsaCard is a device of ALSA; all but wake and free are for the writer's thread.
type alsaCard struct {
	pcm   *C.snd_pcm_t
	event int // eventfd that wakes the writer
	pause bool
	back  bool // it can take back what was written
}

// pipewireDoubt: it tells the position by the clock since the last quantum (23 ms), and drops
// one that was not played yet.
const pipewireDoubt = 30 * time.Millisecond

func newALSALine(pcm *C.snd_pcm_t) (*line, error) {
	var p C.segue_params
	if err := C.segue_read_params(pcm, &p); err < 0 {
		return nil, fmt.Errorf("its settings cannot be read: %w", alsaError(err))
	}
	if p.channels != 2 || p.rate == 0 || p.buffer == 0 {
		return nil, fmt.Errorf("it wants %d channels at %d Hz", p.channels, p.rate)
	}
	event, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return nil, err
	}
	kind := C.GoString(&p.kind[0])
	pipewire := strings.Contains(kind, "PipeWire")
	// PipeWire plays or forgets a few quanta on their way to it when it is paused or emptied,
	// and does not tell which. So they are let out, and what is behind them is taken back.
	c := &alsaCard{pcm: pcm, event: event, pause: p.can_pause == 1 && !pipewire, back: pipewire && p.plugin == 1}
	l := newLine(c, int(p.rate), int(p.buffer), int(min(p.period, p.buffer)))
	l.kind = kind
	if pipewire {
		l.doubt = pipewireDoubt
	}
	return l, nil
}

func (c *alsaCard) wait(timeout time.Duration, device bool) woken {
	ms, with := C.int(-1), C.int(0)
	if timeout >= 0 {
		ms = C.int((timeout + time.Millisecond - 1) / time.Millisecond)
	}
	if device {
		with = 1
	}
	return woken(C.segue_wait(c.pcm, C.int(c.event), ms, with))
}

func (c *alsaCard) wake() {
	one := [8]byte{1}
	_, _ = unix.Write(c.event, one[:]) // full = it will wake anyway
}

func (c *alsaCard) free() { _ = unix.Close(c.event) }

func (c *alsaCard) room() (int, error) {
	n := C.snd_pcm_avail_update(c.pcm)
	if n < 0 {
		return 0, alsaError(C.int(n))
	}
	return int(n), nil
}

func (c *alsaCard) delay() (int, error) {
	var n C.snd_pcm_sframes_t
	if err := C.snd_pcm_delay(c.pcm, &n); err < 0 {
		return 0, alsaError(err)
	}
	return int(max(n, 0)), nil
}

func (c *alsaCard) write(frames []float32) (int, error) {
	n := C.segue_real_writei(c.pcm, unsafe.Pointer(unsafe.SliceData(frames)), C.ulong(len(frames)/2))
	if n < 0 {
		return 0, alsaError(C.int(n))
	}
	return int(n), nil
}

func (c *alsaCard) running() bool { return C.snd_pcm_state(c.pcm) == C.SND_PCM_STATE_RUNNING }

func (c *alsaCard) active() bool {
	return c.running() || C.snd_pcm_state(c.pcm) == C.SND_PCM_STATE_PAUSED
}

func (c *alsaCard) hold(on bool) error {
	if !c.pause {
		return errCannotHold
	}
	enable := C.int(0)
	if on {
		enable = 1
	}
	return alsaFault(C.snd_pcm_pause(c.pcm, enable))
}

func (c *alsaCard) drop() error {
	if err := alsaFault(C.snd_pcm_drop(c.pcm)); err != nil {
		return err
	}
	return alsaFault(C.snd_pcm_prepare(c.pcm))
}

func (c *alsaCard) takeBack(most int) (int, error) {
	if !c.back || !c.running() {
		return 0, errCannotTakeBack
	}
	n := C.segue_take_back(c.pcm, C.ulong(most))
	if n < 0 {
		return 0, alsaError(C.int(n))
	}
	return int(n), nil
}

func (c *alsaCard) recover(err error) error {
	code := C.int(-int(unix.EIO))
	var fault alsaError
	if errors.As(err, &fault) {
		code = C.int(fault)
	}
	return alsaFault(C.segue_real_recover(c.pcm, code))
}

// alsaError is a negative number that libasound returned.
type alsaError C.int

func (e alsaError) Error() string { return C.GoString(C.snd_strerror(C.int(e))) }

// Is knows the errors that a device dies of for good, that it wakes up with, and the one that
// is none.
func (e alsaError) Is(target error) bool {
	switch target {
	case errGone:
		return e == -alsaError(unix.ENODEV)
	case errAsleep:
		return e == -alsaError(unix.ESTRPIPE)
	case errAgain:
		return e == -alsaError(unix.EAGAIN) || e == -alsaError(unix.EINTR)
	}
	return false
}

func alsaFault(code C.int) error {
	if code < 0 {
		return alsaError(code)
	}
	return nil
}

// hints are the names of ALSA's playback devices.
func (r *registry) hints() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	C.segue_quiet()
	all := C.segue_hints()
	if all == nil {
		return nil
	}
	defer C.free(unsafe.Pointer(all))
	return strings.Fields(C.GoString(all))
}

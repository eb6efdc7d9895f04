// Package device holds the ways out for frames: the sound card (oto), a silent
// clock, and files, pipes and stdout. Each is a pcm.Device; Parse makes one of the
// words that the user writes.
//
// # Goroutines
//
// Start begins one goroutine for each stream of the silent clock and of files; the
// sound card is served by oto's own writer. Constructors start nothing. fill is called
// by that one goroutine and by no other. Pause, Flush and Close wait (for a few
// milliseconds at the most) until the call of fill that is under way has returned: so
// fill must not wait for anything that their caller holds.
//
// Latency asked for inside fill includes the whole of dst, so that position = frames
// given - latency holds at every moment.
//
// # The sound card on Linux
//
// oto opens and negotiates the device and gives the thread that writes. On its own it
// cannot be lived with: it goes on for ever when PipeWire has gone, cannot be made
// anew after an error, hangs with a stalled server, and holds up to 600 ms in three
// buffers that can neither be counted nor thrown away. The guard (guard_linux.go) cures
// this without a fork of oto: it defines snd_pcm_open, snd_pcm_writei and
// snd_pcm_recover, which win over libasound's when the program is linked, and reaches
// the real ones by dlsym(RTLD_NEXT). From inside oto's write, on oto's thread, it
//
//   - asks fill for the frames of each block, as late as there is room for them, instead
//     of taking them from oto's mixer: that reads ahead by 200 ms, pads what it is
//     late for with silence nobody counts, and cannot be emptied without a race. oto's
//     player is therefore never fed on Linux; it is elsewhere (oto_other.go). The first
//     write returns only when the stream has ended, which halves the CPU time;
//   - waits for the device and for commands at once, so that pausing and flushing take
//     a millisecond or two, and a paused stream sleeps without a time-out;
//   - keeps what was written and may not have been heard, and plays it again where a
//     device cannot pause, so that nothing is lost;
//   - takes back from PipeWire what its plug-in still has in our own process, and lets the
//     quanta be heard that are on their way: stopped at once, it plays some of them and
//     forgets others, and does not tell which, so that positions were wrong by up to 50 ms.
//     What is still to be heard then (20 to 100 ms) counts as heard when Pause returns;
//   - gives up after a few recoveries without progress, after a stall, and paces
//     devices that swallow everything at once (ALSA's null and file).
//
// A thread that hangs inside libasound, as PulseAudio's plugin does while the server is
// stopped, cannot be freed: a timer declares the stream dead, and the thread ends itself
// when it wakes. The other way, oto in a child process, would cure the same with 10 MB and
// 8-10 CPU seconds an hour more. The guard needs a libasound that is linked dynamically.
//
// # May not
//
// This package knows no tracks, decodes and resamples nothing, and writes nothing to
// stderr; it keeps ALSA and its plugins from doing so.
package device

import "sync"

// ending is the end of a stream: it happens once, with an error or without.
type ending struct {
	once sync.Once
	done chan struct{}
	mu   sync.Mutex
	err  error
}

func newEnding() *ending { return &ending{done: make(chan struct{})} }

// end ends the stream; only the first call counts.
func (e *ending) end(err error) {
	e.once.Do(func() {
		e.mu.Lock()
		e.err = err
		e.mu.Unlock()
		close(e.done)
	})
}

// Err is what the stream died of, nil while it works and after Close.
func (e *ending) Err() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.err
}

// Done is closed when the stream has ended.
func (e *ending) Done() <-chan struct{} { return e.done }

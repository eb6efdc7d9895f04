// Package player takes frames from sources to a device: gapless to the sample,
// at the position and the moment that are heard.
//
// # Goroutines
//
// Run owns the transport: state, the current item and those that follow, the
// device's stream. Methods put a command into its mailbox and return; what comes
// of it is told in Events. Run never calls a source and never waits for a device
// to open.
//
// Each Load begins a decode loop, which owns the sources it was given: it reads,
// maps channels, applies gain, resamples where the rates differ, crossfades, and
// writes the ring (internal/ring) in long bursts with long sleeps between. A loop
// whose source hangs in Read or Seek is abandoned by the next Load or Stop, and
// closes its sources when that call returns. Seeks wait for the source; of many
// only the last is carried out.
//
// The device's callback reads the ring: atomics only, no lock, no allocation.
//
// # Time
//
// The position is that of the frame that is heard: frames given to the device
// less its latency, looked up in the ring's marks. Started, Ended and Drained are
// told at that moment. Frames that a device took and did not play are still in
// the ring: when the device is lost or changed they are played by the next one.
//
// # May not
//
// The package knows no tracks, queues or services; it decodes nothing itself and
// opens no files.
package player

package sessiontest

import (
	"time"

	"segue/internal/music"
	"segue/session"
)

// Hand is somebody else's on a Deck, inside By.
type Hand Deck

// Play lets a device play a track from a place.
func (h *Hand) Play(device string, track music.Ref, at time.Duration) {
	h.active, h.track, h.at, h.playing, h.queue, h.of = device, track, at, true, nil, music.Ref{}
}

// Hold pauses or resumes.
func (h *Hand) Hold(pause bool) { h.playing = !pause }

// Idle reports whether nothing is on it.
func (h *Hand) Idle() bool { return h.track.IsZero() }

// Move seeks.
func (h *Hand) Move(to time.Duration) { h.at = to }

// Skip goes on to the device's queue.
func (h *Hand) Skip() { h.at = 1 << 60 }

// Turn sets a device's volume.
func (h *Hand) Turn(device string, percent int) { (*Deck)(h).device(device).Volume = percent }

// Gone takes every device away; nothing is active any more.
func (h *Hand) Gone() { h.active, h.track, h.playing, h.of = "", music.Ref{}, false, music.Ref{} }

// GoesOn is what the device plays when it has nothing of ours any more.
func (h *Hand) GoesOn(track music.Ref) { h.after = track }

// Calls lets the device give a track another name.
func (h *Hand) Calls(track, by music.Ref) { h.alias[track] = by }

// Here lets tracks play by Open.
func (h *Hand) Here(on bool) { h.here = on }

// Blind lets Watch learn nothing but an error; nil = it sees again.
func (h *Hand) Blind(err error) { h.blind = err }

// Lone takes all devices off the list.
func (h *Hand) Lone() { h.devices, h.active = nil, "" }

// Comes adds a device.
func (h *Hand) Comes(dev session.Device) { h.devices = append(h.devices, dev) }

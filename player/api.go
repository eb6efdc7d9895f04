package player

import (
	"time"

	"segue/internal/music"
	"segue/internal/pcm"
)

// The words of package pcm, under the names the rest of the house uses.
type (
	Format = pcm.Format
	Source = pcm.Source
	Device = pcm.Device
)

// ItemID numbers what is loaded; the caller chooses it and the events carry it back.
// 0 is no item.
type ItemID uint64

// Item is one thing to play. The player owns Source from Load or Preload on and closes it.
type Item struct {
	ID     ItemID
	Source Source
	Gain   music.Gain
	// Album is equal for tracks of one album: no crossfade between them, and
	// album gain applies. Empty = on its own.
	Album string
	// Start is where in the source to begin.
	Start time.Duration
	// Length is the duration that tags or the server claim, 0 = unknown; used for
	// display and crossfade only, never to cut.
	Length time.Duration
}

// GainMode chooses which loudness tags are used.
type GainMode string

// Gain modes. GainAuto takes the album's gain while neighbours in the queue are of
// one album and the queue is not shuffled (the caller says so with SetAlbumContext
// before it gives the item), else the track's. Where the tag that a mode asks for is missing
// the other one is taken; without either a track plays as it is.
const (
	GainOff   GainMode = "off"
	GainTrack GainMode = "track"
	GainAlbum GainMode = "album"
	GainAuto  GainMode = "auto"
)

// LossPolicy says what happens when the sound device goes away while playing.
type LossPolicy string

// LossPause pauses and waits to be told; LossFollow goes on where the sound
// system moves us, or when the device is back.
const (
	LossPause  LossPolicy = "pause"
	LossFollow LossPolicy = "follow"
)

// Config of a player; the zero value is usable.
type Config struct {
	Gain         GainMode      // empty = off
	PreampDB     float64       // -15 to 15
	Crossfade    time.Duration // 0 = off, at most 12 s
	OnDeviceLoss LossPolicy    // empty = pause
	Volume       float64       // linear gain at the start, 0 to 1; 0 = 1 (SetVolume and SetMute silence)
	// Fallback is opened when the device cannot be (no sound card); nil = fail.
	Fallback Device
	// FixedFormat asks devices for the format of the first track (files, pipes);
	// otherwise the device's own rate is kept for the whole run.
	FixedRate int // Hz, 0 = the first track's
	// RestAfter is how long a device that costs something while it is paused (pcm.Tiring) is
	// kept; then it is closed, and opened again by Play. 0 = a minute, below 0 = for ever.
	RestAfter time.Duration
	// Unpaced is for files and pipes: as fast as the reader takes it, no volume, no fades.
	Unpaced bool
}

// State of the transport.
type State int

// The states of libspotify's player.
const (
	Unloaded State = iota // nothing loaded
	Loaded                // loaded, not started
	Playing
	Paused
)

// String is the state's name in lower case.
func (s State) String() string {
	return [...]string{"unloaded", "loaded", "playing", "paused"}[s]
}

// Anchor fixes the position: at the moment At it was Position, moving with Rate
// (1 while frames are heard, 0 while not).
type Anchor struct {
	Item     ItemID
	Position time.Duration
	At       time.Time
	Rate     float64
}

// Now is the position at time t.
func (a Anchor) Now(t time.Time) time.Duration {
	if a.Rate == 0 || a.At.IsZero() {
		return a.Position
	}
	p := a.Position + time.Duration(float64(t.Sub(a.At))*a.Rate)
	return max(p, 0)
}

// Event is what the player tells. The sum is sealed.
type Event interface{ playerEvent() }

// The events. "Heard" means: the frames have left the device, as far as it tells.
type (
	// Started: the first frame of the item is heard.
	Started struct {
		Item   ItemID
		Format Format // of the source
		Info   pcm.Info
	}
	// NeedNext asks for the item to follow; it comes when about 10 s of the current
	// one remain to be decoded, or at once for short ones, once for each item.
	NeedNext struct{ After ItemID }
	// Delivered: all audio of the item has been handed on (libspotify's END_OF_TRACK).
	Delivered struct{ Item ItemID }
	// Ended: the last frame of the item was heard, or it was left. Heard is how much
	// of it was really heard in all, without what was skipped over.
	Ended struct {
		Item   ItemID
		Reason EndReason
		Heard  time.Duration
		Err    error // with EndError
	}
	// Moved: the anchor changed (started, paused, resumed, sought, stalled).
	Moved struct{ Anchor Anchor }
	// StateChanged: the transport's state.
	StateChanged struct{ State State }
	// Drained: everything loaded was heard and nothing follows.
	Drained struct{}
	// DeviceChanged: the way out is now Name; Lost says that the device went away, or
	// cannot be opened: playback is paused, or with LossFollow waits for it. Err is
	// why the previous one ended or could not be opened.
	DeviceChanged struct {
		Name   string
		Format Format
		Silent bool // a fallback that cannot be heard
		Lost   bool
		Err    error
	}
	// VolumeChanged: 0 to 1.
	VolumeChanged struct {
		Volume float64
		Muted  bool
	}
)

// EndReason says why an item ended.
type EndReason string

// End reasons.
const (
	EndPlayed  EndReason = "played"  // to its end
	EndSkipped EndReason = "skipped" // another was loaded, or Stop
	EndError   EndReason = "error"   // the source broke; what was decoded before it was heard
)

func (Started) playerEvent()       {}
func (NeedNext) playerEvent()      {}
func (Delivered) playerEvent()     {}
func (Ended) playerEvent()         {}
func (Moved) playerEvent()         {}
func (StateChanged) playerEvent()  {}
func (Drained) playerEvent()       {}
func (DeviceChanged) playerEvent() {}
func (VolumeChanged) playerEvent() {}

// Sink is the one place outside the device that frames may be sent to: libspotify's
// MUSIC_DELIVERY and GET_AUDIO_BUFFER_STATS (see contracts/session.md). A program that
// embeds the player gives one instead of a Device (SinkDevice makes a Device of it).
type Sink interface {
	// Deliver takes frames and returns how many whole frames it consumed; it must not
	// block. What is not consumed comes again in about 100 ms. No frames = a
	// discontinuity (seek, stop): drop what is buffered.
	Deliver(f Format, frames []float32) (consumed int)
	// Stats tells how many frames are buffered, and how many dropouts there were since
	// the last call.
	Stats() (buffered, stutters int)
}

// Stats of the running player, for doctor and benchmarks.
type Stats struct {
	Buffered int // frames in the ring
	Stutters int // times the device found the ring empty while playing, since the last call
}

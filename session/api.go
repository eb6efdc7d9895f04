package session

import (
	"time"

	"segue/internal/mailbox"
	"segue/player"
)

// Player is what the session needs of package player; *player.Player fills it.
// No method blocks.
type Player interface {
	Load(it player.Item, play bool)
	Preload(it player.Item)
	ClearNext()
	NoNext(after player.ItemID)
	Play()
	Pause()
	Stop()
	Seek(to time.Duration)
	SetVolume(v float64)
	SetMute(on bool)
	SetGain(mode player.GainMode, preampDB float64)
	SetAlbumContext(on bool)
	SetCrossfade(d time.Duration)
	Events() *mailbox.Box[player.Event]
	Anchor() player.Anchor
}

// Saved is what survives a restart. Position is in nanoseconds.
type Saved struct {
	Serial   uint64        `json:"serial,omitempty"` // grows with each save; a Mark belongs to one
	Queue    SavedQueue    `json:"queue,omitempty"`  // in playing order
	Order    []int         `json:"order,omitempty"`  // with shuffle on: for each entry its place in the unshuffled order
	Index    int           `json:"index"`            // of the current entry, -1 = none
	Position time.Duration `json:"position"`
	Context  string        `json:"context,omitempty"`
	Volume   int           `json:"volume"`
	Muted    bool          `json:"muted,omitempty"`
	Shuffle  bool          `json:"shuffle,omitempty"`
	Repeat   Repeat        `json:"repeat,omitempty"`
	View     []byte        `json:"view,omitempty"`
	Journal  *SavedJournal `json:"journal,omitempty"`

	Settings *SavedSettings `json:"settings,omitempty"`
	Waiting  []SavedWait    `json:"waiting,omitempty"` // edits that wait for their accounts, oldest first
}

// SavedSettings are what commands set. Of each also what the config said then: once
// that is another, the config counts.
type SavedSettings struct {
	Kbps, OfflineKbps, CacheMB Chosen[int]
	Gain                       Chosen[player.GainMode]
}

// Chosen is a value that was chosen in place of the config's.
type Chosen[T comparable] struct {
	Value  T
	Config T
}

// or gives what counts under a config.
func (c Chosen[T]) or(config T) T {
	if c.Config == config {
		return c.Value
	}
	return config
}

// Mark is where playback stood, written every few seconds while it plays. It
// counts only beside the Saved of the same serial.
type Mark struct {
	Serial   uint64        `json:"serial"`
	Entry    EntryID       `json:"entry"`
	Position time.Duration `json:"position"`
}

// MarkStore keeps the Mark: a small file beside the Store's, so that a queue of
// 100,000 need not be written every five seconds. Like Store it is called from
// one goroutine at a time.
type MarkStore interface {
	Load() (*Mark, error)
	Save(m Mark) error
}

// Store keeps what survives a restart. It is called from one goroutine of the session's at a time.
type Store interface {
	// Load gives the last saved state, nil when there is none. An unreadable file is
	// set aside by the store and comes back as an error with nil.
	Load() (*Saved, error)
	Save(s Saved) error
}

// Config of a session; the zero value is usable.
type Config struct {
	Gain      player.GainMode
	PreampDB  float64
	Crossfade time.Duration
	Volume    int // 0 = 70 at the very first start; later starts use the saved one
	// Seed of the shuffle, for tests; 0 = random.
	Seed uint64
	// Mark keeps the position while playing; nil = it is saved with everything else.
	Mark MarkStore
	// Log takes debug lines, one for each event; nil = none.
	Log func(line string)
	// Sink takes the player's frames to the listener of MusicDelivery; the player has a
	// SinkDevice of the same. nil = the player has a device of its own.
	Sink *Sink
	// Vault remembers credentials; nil = only as long as the process lives.
	Vault Vault
	// Accounts keeps what people did with accounts; nil = nothing is kept.
	Accounts AccountStore
	// Makers makes the services of accounts that a login adds; nil = none can be added.
	Makers Makers
	// Bitrates and cache limit to begin with, as in Settings. What a command changed later
	// holds over restarts, until the value here is another one.
	Kbps, OfflineKbps, CacheMB int
	// NoReports says that plays are reported only where an account, or Scrobbling of all, says so.
	NoReports bool
	// Charts has public toplists; nil = there are none.
	Charts Charts
}

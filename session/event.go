package session

import (
	"time"

	"segue/internal/music"
	"segue/internal/pcm"
	"segue/player"
)

// Event is news from the session. The sum is sealed. Kinds marked (latest wins)
// replace an older one of their kind that a slow reader has not taken yet; all
// others arrive, each, in order. A reader that falls thousands behind gets one
// fresh snapshot instead (Resync first).
type Event interface{ event() }

// State of playback, as the player has it.
type State = player.State

// Playback is all about what plays.
type Playback struct {
	State    State
	Entry    EntryID
	Track    music.Track // zero when nothing is loaded
	Opening  music.Track // what is on its way to be played; zero when nothing is, its Ref alone until more is known
	Position Anchor
	Volume   int // 0 to 100
	Muted    bool
	Shuffle  bool
	Repeat   Repeat
	GainMode player.GainMode
	GainDB   float64 // what is applied to this track
	Format   pcm.Format
	Info     pcm.Info
	Context  music.Ref // what the queue was made of
	Device   string    // the output's name
	Silent   bool      // the output cannot be heard
	Lost     bool      // the output went away; Play tries it again
	LostWhy  string    // why, where the output said
	SleepAt  time.Time // zero = no sleep timer
}

// Anchor fixes a position in time: Position at the moment At, moving with Rate.
type Anchor struct {
	Position time.Duration
	At       time.Time
	Rate     float64
}

// Now is the position at time t, never beyond length when that is known (> 0).
func (a Anchor) Now(t time.Time, length time.Duration) time.Duration {
	p := a.Position
	if a.Rate != 0 && !a.At.IsZero() {
		p += time.Duration(float64(t.Sub(a.At)) * a.Rate)
	}
	if length > 0 && p > length {
		p = length
	}
	return max(p, 0)
}

// QueueState is all about the queue but its rows; those come by Load{Ask{Of: music.Queue}}.
type QueueState struct {
	Version uint64 // grows with each change of rows or order
	Len     int
	Index   int // of the playing entry, -1 = none
	Entry   EntryID
	Left    int    // entries after the playing one
	Undo    string // what Undo would take back, in words; empty = nothing
	Redo    string
}

// QueueRow is how a queue's row appears in a page: Page.Items of the queue are
// tracks, and Page.Ask.Of is music.Queue; PageLoaded.Entries holds their ids.

// AccountInfo is what the screen knows of an account.
type AccountInfo struct {
	ID       music.AccountID
	Kind     string
	User     string
	State    ConnState
	Can      Can
	Note     string // why it is not connected, in one line
	RetryAt  time.Time
	Sections []music.Folder // what Children of its root gave, for the sidebar
}

// Can is the set of what a service may be asked for.
type Can struct {
	Images, Lyrics, Star, Rate, Playlists, Live, Scan bool
}

// ConnState is an account's connection as libspotify names it.
type ConnState string

// Connection states.
const (
	LoggedOut    ConnState = "logged out"
	LoggedIn     ConnState = "logged in"
	Disconnected ConnState = "disconnected"
	Offline      ConnState = "offline"
	Undefined    ConnState = "undefined"
)

// Heard is one play of one track.
type Heard struct {
	Track   music.Track
	Started time.Time
	Heard   time.Duration
	Counts  bool // half of the track or four minutes were heard: it is a play
	Reason  player.EndReason
}

// The events.
type (
	// Resync comes before a snapshot: forget what you knew.
	Resync struct{}
	// PlaybackChanged (latest wins).
	PlaybackChanged struct{ Playback Playback }
	// QueueChanged (latest wins).
	QueueChanged struct{ Queue QueueState }
	// AccountsChanged (latest wins).
	AccountsChanged struct{ Accounts []AccountInfo }
	// ViewRestored carries the data of the last SaveView, once, in the first snapshot.
	ViewRestored struct{ Data []byte }
	// PageLoaded answers Load; with a Fault the page holds what there is.
	PageLoaded struct {
		Ticket  Ticket
		Page    music.Page
		Entries []EntryID // for pages of the queue: one for each item
		Fault   *Fault
	}
	ImageLoaded struct {
		Ticket Ticket
		Image  music.Image
		Fault  *Fault
	}
	LyricsLoaded struct {
		Ticket Ticket
		Lyrics music.Lyrics
		Fault  *Fault
	}
	// ContainerChanged (latest wins for each container): its rows are no longer as they
	// were; the zero Ref stands for everything.
	ContainerChanged struct{ Of music.Ref }
	// TracksChanged: stars, ratings or plays of these tracks are now so.
	TracksChanged struct{ Tracks []music.Track }
	// Notice is a line for the user; Fault says more, where there was one.
	Notice struct {
		Level Level
		Text  string
		Fault *Fault
	}
	// Undoable: something was done that Undo takes back, in words.
	Undoable struct{ Text string }
	// Progress of a job (latest wins for each job); Total 0 = unknown.
	Progress struct {
		Job         JobID
		Title       string
		Done, Total int
		What        string // what is worked on now
		Finished    bool
		Fault       *Fault
	}
	// TrackHeard: a track has ended, heard or not.
	TrackHeard struct{ Heard Heard }
	// StartPlayback and StopPlayback: the audio begins, or must stop, now.
	StartPlayback struct{}
	StopPlayback  struct{}
	// EndOfTrack: all audio of the track has been delivered (heard comes later).
	EndOfTrack struct{ Track music.Ref }
	// StreamingError: the track cannot start or go on; the queue moves on.
	StreamingError struct {
		Track music.Ref
		Fault *Fault
	}
	// QueueEnded: the last track was heard and nothing follows, or playback has
	// stopped because nothing of what follows can be played.
	QueueEnded struct{}
)

func (Resync) event()           {}
func (PlaybackChanged) event()  {}
func (QueueChanged) event()     {}
func (AccountsChanged) event()  {}
func (ViewRestored) event()     {}
func (PageLoaded) event()       {}
func (ImageLoaded) event()      {}
func (LyricsLoaded) event()     {}
func (ContainerChanged) event() {}
func (TracksChanged) event()    {}
func (Notice) event()           {}
func (Undoable) event()         {}
func (Progress) event()         {}
func (TrackHeard) event()       {}
func (StartPlayback) event()    {}
func (StopPlayback) event()     {}
func (EndOfTrack) event()       {}
func (StreamingError) event()   {}
func (QueueEnded) event()       {}

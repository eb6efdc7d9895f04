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

// GainMode says which of the tags' gains are applied.
type GainMode = player.GainMode

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
	Context  music.Ref       // what the queue was made of
	Device   string          // the output's name, or the device's
	DeviceOf music.AccountID // whose device plays; "" = this computer
	Silent   bool            // the output cannot be heard
	Lost     bool            // the output went away; Play tries it again
	LostWhy  string          // why, where the output said
	SleepAt  time.Time       // zero = no sleep timer
}

// Playing reports whether sound is coming out (or would, if it could be heard).
func (p Playback) Playing() bool { return p.State == player.Playing }

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

	Server     string      // where it is, "" for local
	About      *music.User // nil when logged out
	Remembered string      // remembered_user_name; "" = none
	Where      string      // where its credential is kept, in words; "" = nowhere
	Until      time.Time   // when the sign-in ends, however much it is used; zero = nobody knows, or never
	Scopes     []string    // what it may do, in the service's words; nil = all, or nobody is in
	Allows     []string    // the same in words for people; may be nil where Scopes is not
	Lacks      []Lack      // what of the features in use it does not allow; nil = nothing, or nobody is in
	Remark     string      // what its service has found out that lasts, a sentence; "" = nothing
	Busy       bool        // a login is at work
	Since      time.Time   // of State
	Scrobble   ScrobbleState
	Added      bool        // by a login, not by the config
	Sync       *SyncStatus // nil: its service offers no offline copies
	Waiting    []string    // edits that wait until it is back, in words, oldest first
}

// Can is the set of what a service may be asked for.
type Can struct {
	Images, Lyrics, Star, Rate, Playlists, Live, Scan bool
	// SignIn: it has logins. Offline: tracks can be kept for a time without the server.
	SignIn, Publish, Share, Offline, Suggest bool
	// Radio: it finds tracks that are like something. Devices: its tracks may play on
	// devices of the account.
	Radio, Devices bool
	// Queue: a queue that was left there can be loaded. Reports: it is told of plays.
	Queue, Bookmark, Reports bool
}

// ConnState is an account's connection as libspotify names it.
type ConnState string

// Connection states.
const (
	ConnLoggedOut    ConnState = "logged out"
	ConnLoggedIn     ConnState = "logged in"
	ConnDisconnected ConnState = "disconnected"
	ConnOffline      ConnState = "offline"
	ConnUndefined    ConnState = "undefined"
)

// Heard is one play of one track.
type Heard struct {
	Track   music.Track
	Started time.Time
	Heard   time.Duration
	Counts  bool // half of the track or four minutes were heard: it is a play
	Reason  player.EndReason
}

// Settings are those that commands change while the session runs.
type Settings struct {
	Offline     bool          // offline mode, by wish
	Private     bool          // private session
	Scrobble    ScrobbleState // the global one: ScrobbleOn or ScrobbleOff
	Kbps        int           // preferred bitrate, 0 = the original
	OfflineKbps int           // of offline copies
	CacheMB     int           // limit of the media cache, 0 = up to 10 % of the free disk
	Gain        player.GainMode
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
	// LoggedIn: a login has ended, with OK when Fault is nil. It does not mean online.
	LoggedIn struct {
		Account music.AccountID
		User    music.User
		Fault   *Fault
	}
	// LoggedOut: a logout is done, or an account was put out (Fault says why).
	LoggedOut struct {
		Account music.AccountID
		Fault   *Fault
	}
	// LoginNeeded puts a Question before a person; AnswerLogin answers it by its ID.
	// A Question that is over comes again with Over.
	LoginNeeded struct {
		Account  music.AccountID
		ID       Ticket
		Question Question
		Over     bool
	}
	// ConnectionError is repeated while it lasts, and comes once with a nil Fault when it is over.
	ConnectionError struct {
		Account music.AccountID
		Fault   *Fault
	}
	// ConnectionStateUpdated (latest wins for each account).
	ConnectionStateUpdated struct {
		Account music.AccountID
		State   ConnState
	}
	// CredentialsBlobUpdated: a new secret is to be remembered, right after a login and
	// after each rotation. It never leaves the process.
	CredentialsBlobUpdated struct {
		Account    music.AccountID
		Credential Credential
	}
	// MessageToUser is what a service wants its user to read.
	MessageToUser struct {
		Account music.AccountID
		Text    string
	}
	// UserInfoUpdated: something is known now, or otherwise, of a user.
	UserInfoUpdated struct {
		Account music.AccountID
		User    music.User
	}
	// MetadataUpdated (latest wins for each account): titles, covers or counts are no longer as they were.
	MetadataUpdated struct{ Account music.AccountID }
	// PlaylistChanged (latest wins for each playlist): its rows, name or state changed; a
	// Ref of the section playlists: there are others now.
	PlaylistChanged struct{ Playlist music.Ref }
	// OfflineStatusUpdated (latest wins for each account).
	OfflineStatusUpdated struct {
		Account music.AccountID
		Status  SyncStatus
	}
	// PlayTokenLost: the account plays elsewhere; playback has been paused and will not
	// go on by itself.
	PlayTokenLost struct {
		Account music.AccountID
		Device  string // where it plays now, "" = not known
	}
	// ScrobbleError: a report to a scrobbling service failed.
	ScrobbleError struct {
		Account music.AccountID
		Fault   *Fault
	}
	// PrivateSessionModeChanged: while On nothing is reported anywhere.
	PrivateSessionModeChanged struct{ On bool }
	// OfflineModeChanged: by the user's wish no network is used while On.
	OfflineModeChanged struct{ On bool }
	// SettingsChanged (latest wins) carries all settings as they are now; every subscriber
	// gets it at the beginning.
	SettingsChanged struct{ Settings Settings }
	// LogMessage is for the log file, never for the screen.
	LogMessage struct{ Text string }
	// SearchLoaded answers Search.
	SearchLoaded struct {
		Ticket Ticket
		Result SearchResult
		Fault  *Fault // a question that makes no sense; what single accounts said is in Missing
	}
	// SuggestionsLoaded answers Suggest.
	SuggestionsLoaded struct {
		Ticket Ticket
		Query  string
		Texts  []string
	}
	// Shared answers InboxPost: the link or file to give on.
	Shared struct {
		Ticket Ticket
		Link   string
		Fault  *Fault
	}
	// PlayContextFailed: what PlayContext or PlayRadio asked for has nothing to play; queue
	// and playback stay as they were. Fault is nil when nothing is there.
	PlayContextFailed struct {
		Of    music.Ref
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

func (PlayContextFailed) event() {}

func (LoggedIn) event()                  {}
func (LoggedOut) event()                 {}
func (LoginNeeded) event()               {}
func (ConnectionError) event()           {}
func (ConnectionStateUpdated) event()    {}
func (CredentialsBlobUpdated) event()    {}
func (MessageToUser) event()             {}
func (UserInfoUpdated) event()           {}
func (MetadataUpdated) event()           {}
func (PlaylistChanged) event()           {}
func (OfflineStatusUpdated) event()      {}
func (PlayTokenLost) event()             {}
func (ScrobbleError) event()             {}
func (PrivateSessionModeChanged) event() {}
func (OfflineModeChanged) event()        {}
func (SettingsChanged) event()           {}
func (LogMessage) event()                {}
func (SearchLoaded) event()              {}
func (SuggestionsLoaded) event()         {}
func (Shared) event()                    {}

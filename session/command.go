package session

import (
	"time"

	"segue/internal/music"
	"segue/internal/secret"
	"segue/player"
)

// Command is something to do. The sum is sealed; every command is a plain value
// that may be encoded as JSON, so that a remote client speaks the same ones.
// None has an answer: what follows comes as events.
type Command interface{ command() }

// Ticket pairs a question with its answer; the asker chooses it and drops
// answers whose ticket is not its newest.
type Ticket uint64

// EntryID names one place in the queue for as long as it exists; the same
// track queued twice has two. 0 is none.
type EntryID uint64

// Switch is a setting that may be given or flipped.
type Switch string

// The switch values; the empty one flips.
const (
	Flip Switch = ""
	On   Switch = "on"
	Off  Switch = "off"
)

// Repeat is what happens at the end of the queue or of a track.
type Repeat string

// Repeat modes.
const (
	RepeatOff Repeat = "off"
	RepeatAll Repeat = "all"
	RepeatOne Repeat = "one"
)

// Where says where in the queue new tracks go.
type Where string

// Places in the queue.
const (
	AtEnd        Where = "end"
	AfterCurrent Where = "next" // after the playing track and what was put there before it
)

// Level of a notice.
type Level string

// Levels of notices.
const (
	Info    Level = "info"
	Warning Level = "warning"
	Failure Level = "error"
)

// Transport commands.
type (
	Play     struct{}
	Pause    struct{}
	Toggle   struct{}
	Stop     struct{} // unloads; the queue stays
	Next     struct{}
	Previous struct{} // the track before; beyond 3 s into a track, its start
	SeekTo   struct{ Position time.Duration }
	SeekBy   struct{ Delta time.Duration }
	// SetVolume takes 0 to 100 and clamps; it ends muting.
	SetVolume    struct{ Percent int }
	ChangeVolume struct{ By int }
	Mute         struct{ To Switch }
	// Shuffle draws a whole order once, keeping the playing track first, or puts
	// the order of before back exactly.
	Shuffle   struct{ To Switch }
	SetRepeat struct{ Mode Repeat } // empty = the next mode: off, all, one
	// SleepTimer pauses at the end of the track that plays then; 0 ends the timer.
	SleepTimer struct{ After time.Duration }
)

// Queue commands. Each can be undone.
type (
	// PlayContext replaces the queue by all tracks of Ask, and those of More behind
	// them, and starts at the row Index if that is Start, else at Start, else at the first.
	PlayContext struct {
		Ask   music.Ask
		More  []music.Ask
		Start music.Ref
		Index int
		At    time.Duration // where in the first track
	}
	// Enqueue adds all tracks of what is asked, in order.
	Enqueue struct {
		Asks  []music.Ask
		Where Where
	}
	QueuePlay   struct{ Entry EntryID }
	QueueRemove struct{ Entries []EntryID }
	// QueueMove puts the entries, in their order, before the entry Before; 0 = to the end.
	QueueMove struct {
		Entries []EntryID
		Before  EntryID
	}
	QueueClear struct{}
	SaveQueue  struct{ Name string } // as a playlist of the account local
	// LoadQueue replaces the queue by the one that was left with an account, by this program
	// or another, and goes on where that stood; empty = by the newest of all accounts.
	LoadQueue struct{ Account music.AccountID }
	Undo      struct{}
	Redo      struct{}
)

// Library commands.
type (
	// Load asks for a page; PageLoaded answers. A Load with the same Lane replaces
	// an unanswered one: its work is cancelled.
	Load struct {
		Ticket Ticket
		Lane   string // who asks, such as "main"; empty = never replaced
		Ask    music.Ask
	}
	LoadImage struct {
		Ticket Ticket
		Of     music.Ref
		Px     int
	}
	LoadLyrics struct {
		Ticket Ticket
		Track  music.Ref
	}
	Star struct {
		Refs []music.Ref
		To   Switch // Flip: off if all are starred, else on
	}
	Rate struct {
		Refs  []music.Ref
		Stars int
	}
	// PlaylistCreate makes a playlist of the tracks of Add, or a live one of a Query: the
	// answer to it, now and later. It takes one of the two, or neither: an empty playlist.
	PlaylistCreate struct {
		Account music.AccountID
		Name    string
		Add     []music.Ask
		Query   string
	}
	PlaylistAdd struct {
		Playlist music.Ref
		Add      []music.Ask
	}
	// PlaylistRemove and PlaylistMove name rows by their index in the unfiltered
	// playlist and the track that the user saw there.
	PlaylistRemove struct {
		Playlist music.Ref
		Rows     []Row
	}
	PlaylistMove struct {
		Playlist music.Ref
		Rows     []Row
		Before   int // index before the move; the length = to the end
	}
	PlaylistRename struct {
		Playlist music.Ref
		Name     string
	}
	PlaylistDelete struct{ Playlist music.Ref }
	// OpenLink resolves a path, URL or link and plays it, or enqueues it.
	OpenLink struct {
		Text  string
		Where Where // empty = play now
	}
	Scan struct {
		Account music.AccountID
		Paths   []string // empty = all folders
	}
	CancelJob struct{ Job JobID }
	// Tell puts a line before the user, as a Notice.
	Tell struct {
		Level Level
		Text  string
	}
	// SaveView keeps what the screen wants to find again after a restart.
	SaveView struct{ Data []byte }
)

// Account commands. What follows comes as LoggedIn, LoggedOut, LoginNeeded and
// AccountsChanged.
type (
	// Login signs an account in, or, where Account is not known yet and Spec has a
	// Service, makes it first. Neither password nor blob, and a service that cannot ask
	// for one: InvalidArgument.
	Login struct {
		Account music.AccountID
		New     *Spec // an account that is not there yet
		How     SignIn
	}
	// AnswerLogin answers LoginNeeded; Cancel gives it up.
	AnswerLogin struct {
		Account music.AccountID
		ID      Ticket
		Answer  secret.Secret
		Cancel  bool
	}
	// Relogin signs the remembered user in again without a question; every account's where
	// Account is empty.
	Relogin struct{ Account music.AccountID }
	// Logout keeps what is remembered; the account stays signed out until Login or Relogin.
	Logout struct{ Account music.AccountID }
	// Forget removes credential and tokens from every store; Remove takes an account that
	// a login added off the list, too.
	Forget struct {
		Account music.AccountID
		Remove  bool
	}
	// OfflineMode: by wish, nothing goes to the network while it is on.
	OfflineMode struct{ To Switch }
	// PrivateSession: nothing that is heard is reported or written down anywhere while it
	// is on, not in the account local's own history either.
	PrivateSession struct{ To Switch }
	// Scrobbling: whether plays are reported for an account; of the account "" it is the
	// global setting, On or Off. The account local counts plays unless its own says Off.
	Scrobbling struct {
		Account music.AccountID
		To      ScrobbleState
	}
)

// Commands of search, sharing, caches and offline copies.
type (
	// Search asks accounts (none = all) for windows of several types at once.
	// SearchLoaded answers; the same Lane replaces an unanswered one.
	Search struct {
		Ticket   Ticket
		Lane     string
		Query    string
		Accounts []music.AccountID
		Windows  []SearchWindow // none = 20 of each type
		// Early: where some accounts have answered after a second and others have not, what
		// there is comes before the whole, with Result.Pending.
		Early bool
	}
	Suggest struct {
		Ticket  Ticket
		Lane    string
		Query   string
		Account music.AccountID // empty = all
	}
	// InboxPost sends tracks to somebody; Shared answers.
	InboxPost struct {
		Ticket  Ticket
		Account music.AccountID
		User    string
		Tracks  []music.Ref
		Message string
	}
	PlaylistPublish struct {
		Playlist music.Ref
		To       Switch
	}
	PlaylistDescribe struct {
		Playlist music.Ref
		Text     string
	}
	// MarkOffline keeps what Refs name for a time without the server.
	MarkOffline struct {
		Refs []music.Ref
		To   Switch
	}
	SyncOffline struct {
		Account music.AccountID // empty = all
		Pause   Switch          // On pauses, Off resumes, empty: fetch now
	}
	// SetCacheSize limits the media cache, in MB; 0 = up to 10 % of the free disk.
	SetCacheSize struct{ MB int }
	FlushCaches  struct{}
	// SetBitrate takes 96, 160, 320 kbit/s, or 0 for the original.
	SetBitrate struct{ Kbps int }
	// SetOfflineBitrate is the same for offline copies; Resync fetches again what is
	// stored at another rate.
	SetOfflineBitrate struct {
		Kbps   int
		Resync bool
	}
	SetGain  struct{ Mode player.GainMode } // volume_normalization; empty = the next mode
	Prefetch struct{ Track music.Ref }
	// Bookmark marks a place in a track at its service, or takes the mark away; of the zero
	// Track, the place that is heard now.
	Bookmark struct {
		Track  music.Ref
		At     time.Duration
		Remove bool
	}
)

// SearchWindow is which rows of a type a search is to give.
type SearchWindow struct {
	Type   string // "tracks", "albums", "artists", "playlists"
	Offset int
	Limit  int // 0 = 20; 200 at most
}

// SearchResult is what was found, by type.
type SearchResult struct {
	Query      string
	DidYouMean string // "" = nothing better is known
	Pages      []SearchPage
	Missing    []*Fault          // accounts that did not answer
	Pending    []music.AccountID // accounts that are still asked: another answer follows
}

// SearchPage is a window of what was found of one type in one account. Total does
// not depend on the window; -1 = the service does not say.
type SearchPage struct {
	Account music.AccountID
	Type    string
	Offset  int
	Limit   int
	Items   []music.Item
	Total   int
	Note    string // what slips were understood as, or why there is nothing: one line
}

// Row is a row of a playlist as a user saw it.
type Row struct {
	Index int
	Track music.Ref
}

// JobID names work that shows progress.
type JobID uint64

func (Play) command()           {}
func (Pause) command()          {}
func (Toggle) command()         {}
func (Stop) command()           {}
func (Next) command()           {}
func (Previous) command()       {}
func (SeekTo) command()         {}
func (SeekBy) command()         {}
func (SetVolume) command()      {}
func (ChangeVolume) command()   {}
func (Mute) command()           {}
func (Shuffle) command()        {}
func (SetRepeat) command()      {}
func (SleepTimer) command()     {}
func (PlayContext) command()    {}
func (Enqueue) command()        {}
func (QueuePlay) command()      {}
func (QueueRemove) command()    {}
func (QueueMove) command()      {}
func (QueueClear) command()     {}
func (SaveQueue) command()      {}
func (Undo) command()           {}
func (Redo) command()           {}
func (Load) command()           {}
func (LoadImage) command()      {}
func (LoadLyrics) command()     {}
func (Star) command()           {}
func (Rate) command()           {}
func (PlaylistCreate) command() {}
func (PlaylistAdd) command()    {}
func (PlaylistRemove) command() {}
func (PlaylistMove) command()   {}
func (PlaylistRename) command() {}
func (PlaylistDelete) command() {}
func (OpenLink) command()       {}
func (Scan) command()           {}
func (CancelJob) command()      {}
func (Tell) command()           {}
func (SaveView) command()       {}

func (Login) command()             {}
func (AnswerLogin) command()       {}
func (Relogin) command()           {}
func (Logout) command()            {}
func (Forget) command()            {}
func (OfflineMode) command()       {}
func (PrivateSession) command()    {}
func (Scrobbling) command()        {}
func (Search) command()            {}
func (Suggest) command()           {}
func (InboxPost) command()         {}
func (PlaylistPublish) command()   {}
func (PlaylistDescribe) command()  {}
func (MarkOffline) command()       {}
func (SyncOffline) command()       {}
func (SetCacheSize) command()      {}
func (FlushCaches) command()       {}
func (SetBitrate) command()        {}
func (SetOfflineBitrate) command() {}
func (SetGain) command()           {}
func (Prefetch) command()          {}
func (LoadQueue) command()         {}
func (Bookmark) command()          {}

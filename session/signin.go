package session

import (
	"context"
	"time"

	"segue/internal/music"
	"segue/internal/secret"
	"segue/player"
)

// Credential is what an account is signed in with again without a question.
type Credential struct {
	Service string // whose it is; a blob of another service is refused
	User    string
	Blob    secret.Secret // opaque to everyone but the service
}

// Vault remembers one credential for each account. It is called from workers,
// several accounts at a time, and must honour the context: a desktop's keyring
// may ask a person.
type Vault interface {
	// Load gives nil and no error where nothing is remembered.
	Load(ctx context.Context, id music.AccountID) (*Credential, error)
	Store(ctx context.Context, id music.AccountID, c Credential) error
	// Delete of what is not there is no error.
	Delete(ctx context.Context, id music.AccountID) error
	// Where says in words for people where the credential is or would be; "" = nowhere.
	Where(id music.AccountID) string
}

// SignIn is what a person gives to sign in. Password wins over Blob.
type SignIn struct {
	User     string
	Password secret.Secret
	Blob     secret.Secret // of a Credential; set at a relogin, when nothing may be asked
	BlobOf   string        // the Credential's Service, "" = not known; a blob of another service is refused
	Remember bool
	Force    bool // show the service's own dialog again, to choose another user
	Paste    bool // no browser here: the address that it ends at is pasted
	// For are features, in the service's words, that the sign-in is to allow beside what it
	// allows already: the same user signs in once more, and what was granted holds until then.
	For []string
}

// SignedIn is who a service took in.
type SignedIn struct {
	User music.User
	Blob secret.Secret // to remember; zero = the one given still holds
	Note string        // what the user must know, such as "this server forces Segue to keep the password"

	Until  time.Time // when it ends, however much it is used; zero = nobody knows, or never
	Scopes []string  // what it may do, in the service's own words; nil = all that the user may
	Allows []string  // the same in words for people, such as "your playlists"; may be nil
	Lacks  []Lack    // what of the features in use it does not allow
	// Options are what a person was asked for that is no secret: they are kept in the Spec
	// of an account that a login added, so that nobody is asked again.
	Options map[string]string
}

// Lack is a feature in use that a sign-in does not allow.
type Lack struct {
	Feature string // as SignIn.For names it
	What    string // in words for people, such as "your devices"
}

// Question is what a service needs of a person while it signs in.
type Question struct {
	What  QuestionKind
	Text  string    // what is asked, a sentence
	URL   string    // to open in a browser, with QuestionBrowser and QuestionCode
	Code  string    // to type there, with QuestionCode
	Until time.Time // when it is too late; zero = it waits
}

// QuestionKind says how a question is answered.
type QuestionKind string

// The kinds of questions.
const (
	QuestionPassword QuestionKind = "password" // a secret text
	QuestionText     QuestionKind = "text"     // a text, such as a client id
	QuestionBrowser  QuestionKind = "browser"  // a page is open at URL; what it ends at may be pasted
	QuestionCode     QuestionKind = "code"     // Code is typed at URL, on any device
	QuestionYesNo    QuestionKind = "yes-no"   // "yes" or "no", such as to trust a certificate
)

// Asker puts a question before a person and waits for the answer, or for the
// end of ctx. A service that learns the answer otherwise (the browser came back)
// ends ctx.
type Asker func(ctx context.Context, q Question) (secret.Secret, error)

// Authenticator is a service that must be signed in to. Its methods are called
// from workers, one at a time for each account. A service without it is always in.
type Authenticator interface {
	// Login signs in. With a Blob and no Password it asks nothing. Faults are of the
	// kinds of LoggedIn; only BadUsernameOrPassword costs the credential.
	Login(ctx context.Context, in SignIn, ask Asker) (SignedIn, error)
	// Logout drops what Login made, but what is remembered; it need not reach the server.
	Logout(ctx context.Context) error
	// Forget makes a credential useless at the service where it can be (revocation).
	Forget(ctx context.Context, c Credential) error
}

// Keeper is an Authenticator that remembers its credential itself, because it
// changes while it is used (a rotating OAuth grant). The session's Vault is not
// used for it.
type Keeper interface{ Vault() Vault }

// Rotator is told where a credential that changes while it is used is to go:
// the session keeps it and says CredentialsBlobUpdated. It is called once,
// before Login, and changed may be called from any goroutine.
type Rotator interface {
	OnCredential(changed func(Credential))
}

// Spec is an account as the config or a login describes it.
type Spec struct {
	ID      music.AccountID   `json:"name"`
	Service string            `json:"service"`
	Server  string            `json:"server,omitempty"`
	User    string            `json:"user,omitempty"`
	Options map[string]string `json:"options,omitempty"` // what only its service understands; no secrets
}

// Makers makes services by their names, for accounts that come while the session
// runs. What a maker makes and is an io.Closer is closed by the session: when its
// account is taken off the list, and at the end of Run. A maker is called from a
// worker, or from New, and must not use the network.
type Makers map[string]func(Spec) (Service, error)

// AccountStore keeps what people did with accounts beyond the config: those made by
// a login, and who was signed out on purpose. It is called from one goroutine at a time.
type AccountStore interface {
	Load() (*SavedAccounts, error)
	Save(a SavedAccounts) error
}

// SavedAccounts is what an AccountStore keeps.
type SavedAccounts struct {
	Added     []Spec                            `json:"added,omitempty"`
	LoggedOut []music.AccountID                 `json:"loggedOut,omitempty"` // by wish: no relogin by itself
	Users     map[music.AccountID]string        `json:"users,omitempty"`     // remembered_user_name
	Scrobble  map[music.AccountID]ScrobbleState `json:"scrobble,omitempty"`  // of the account "": the global setting
	Lacked    map[music.AccountID]string        `json:"lacked,omitempty"`    // what was told once of a sign-in: the features that it lacks
	Offline   bool                              `json:"offline,omitempty"`   // offline mode by wish
	Private   bool                              `json:"private,omitempty"`   // private session
}

// ScrobbleState says whether an account's plays are reported.
type ScrobbleState string

// Scrobbling settings of one account; the empty one is ScrobbleGlobal.
const (
	ScrobbleGlobal ScrobbleState = "use-global"
	ScrobbleOn     ScrobbleState = "on"
	ScrobbleOff    ScrobbleState = "off"
)

// SyncStatus is the state of an account's offline copies.
type SyncStatus struct {
	Playlists  int // marked for offline: containers of any kind
	ToSync     int // tracks that are not there yet
	Queued     int
	Done       int
	Copied     int // taken from the media cache
	Failed     int
	WillNot    int // that may not be copied
	Syncing    bool
	Paused     bool
	Left       time.Duration // 0 = unknown
	Bytes      int64         // on disk
	LimitBytes int64         // 0 = none
	Full       bool          // the limit holds up what is still to be fetched
}

// More of what a service may do besides (see Service).
type (
	// Searcher offers completions while a query is typed (search type SUGGEST). The
	// full search is Children of the sections search/TYPE.
	Searcher interface {
		Suggest(ctx context.Context, query string, limit int) ([]string, error)
	}
	// Publisher knows the public playlists of users.
	Publisher interface {
		// Published lists them; user "" = oneself.
		Published(ctx context.Context, user string) ([]music.Playlist, error)
		// SetPublic publishes a playlist or takes it back.
		SetPublic(ctx context.Context, p music.Ref, public bool) error
	}
	// Describer changes a playlist's description.
	Describer interface {
		DescribePlaylist(ctx context.Context, p music.Ref, text string) error
	}
	// StarLister knows the stars of users; user "" = oneself.
	StarLister interface {
		Starred(ctx context.Context, user string, ask music.Ask) (music.Page, error)
	}
	// Toplister has toplists of its own, beside the sections toplist/TYPE/PERIOD: of
	// another user, or by region.
	Toplister interface {
		Toplist(ctx context.Context, ask ToplistAsk) (music.Page, error)
	}
	// Sharer sends tracks to somebody, or makes them reachable: it answers with the
	// link or file to give on.
	Sharer interface {
		Share(ctx context.Context, user string, tracks []music.Ref, message string) (link string, err error)
	}
	// Downloader keeps tracks for a time without the server.
	Downloader interface {
		// SetOffline marks containers or tracks, or takes the mark away.
		SetOffline(ctx context.Context, refs []music.Ref, on bool) error
		// SyncNow fetches what is missing; with again also what is stored at another rate.
		SyncNow(ctx context.Context, again bool) error
		PauseSync(paused bool)
		SyncStatus() SyncStatus
		// OnSync names who is to be told of changes; from any goroutine, often.
		OnSync(changed func(SyncStatus))
	}
	// OfflineLister is a Downloader that tells what is marked.
	OfflineLister interface {
		Offline(ctx context.Context) ([]music.Ref, error)
	}
	// Eraser deletes what of the account is on this machine, when the account is taken off the
	// list. Nothing else is asked of the service after that.
	Eraser interface {
		// Keeps says in words what Erase would delete; "" = nothing.
		Keeps(ctx context.Context) (string, error)
		Erase(ctx context.Context) error
	}
	// Prefetcher fetches a track before it is needed.
	Prefetcher interface {
		Prefetch(ctx context.Context, t music.Ref, q music.Quality) error
	}
	// Cacher has a cache on disk of its own.
	Cacher interface {
		SetCacheLimit(bytes int64) // 0 = up to 10 % of the free disk
		FlushCache(ctx context.Context) error
	}
	// Tuner is told the preferred qualities of streams and of offline copies, at the start
	// and whenever they change. What Open is asked for comes with each call besides.
	Tuner interface {
		SetQuality(stream, offline music.Quality)
	}
	// Leveller evens out loudness by itself, for tracks that bring no gain. It is told how at
	// the start and whenever that changes, and does it from the next track on.
	Leveller interface {
		SetLevelling(mode player.GainMode, preampDB float64)
	}
	// UserTeller knows users; name "" = oneself.
	UserTeller interface {
		User(ctx context.Context, name string) (music.User, error)
	}
	// Offliner is told whether the network may be used for its account: every service that
	// uses one is an Offliner, and answers from what it has while it may not. It is called
	// from a worker, before Login and whenever that changes.
	Offliner interface{ SetNetwork(allowed bool) }
)

// ToplistAsk is a question for a toplist. Exactly one of Tracks, Albums, Artists.
type ToplistAsk struct {
	Type   string // "tracks", "albums", "artists"
	Region string // "everywhere", "user", or two letters of a country
	User   string // with region user: whose; "" = oneself
	Period string // "day", "week", "month", "year", "all"; "" = the source's own
	Limit  int    // 0 = 100
	Fresh  bool   // ask the source even if the cached answer is young
}

// Charts has public toplists; internal/charts fills it.
type Charts interface {
	// Chart gives the rows of a toplist with the time they were fetched. Where the
	// source cannot be reached, it gives the last ones and a Fault.
	Chart(ctx context.Context, ask ToplistAsk) (Chart, error)
}

// Chart is a public toplist.
type Chart struct {
	Source  string // "ListenBrainz", "Apple Music"
	Title   string
	Fetched time.Time
	Updated time.Time // by the source; zero = it does not say
	Rows    []ChartRow
}

// ChartRow is a row of a Chart; what an account has for it is found by the session.
type ChartRow struct {
	Rank      int
	Previous  int  // at the fetch before; 0 = it was not in it
	First     bool // there was no fetch before: neither new nor moved
	Plays     int  // 0 = unknown
	Title     string
	Artists   []string
	Album     string
	Duration  time.Duration // 0 = unknown
	Recording string        // MusicBrainz ids, "" = unknown
	Release   string
	ArtistIDs []string
	URL       string // to look at it
	Art       string // URL of a picture
}

package session

import (
	"cmp"
	"context"
	"errors"
	"time"

	"segue/internal/music"
)

// Back-off of accounts that cannot be reached, and of watchers that broke.
const (
	retryFirst = 5 * time.Second
	retryMost  = 5 * time.Minute
	// rootDelay gathers many changes of an account's sections into one look.
	rootDelay = 300 * time.Millisecond
)

// account is a service and what is known of it. Owned by Run but for what the
// constructor sets.
type account struct {
	id      music.AccountID
	kind    string
	server  string
	user    string
	service Service

	// What it can do besides; nil = it cannot.
	illustrator Illustrator
	lyricist    Lyricist
	starrer     Starrer
	rater       Rater
	editor      PlaylistEditor
	live        LiveEditor
	reporter    Reporter
	scanner     Scanner
	watcher     Watcher
	resolver    Resolver

	authenticator Authenticator
	keeper        bool // it remembers its credential itself: vault is its own
	vault         Vault
	rotator       Rotator
	speaker       Speaker
	offliner      Offliner
	cacher        Cacher
	downloader    Downloader
	queueSeen     string // which queue that was left with it was offered
	prefetcher    Prefetcher
	tuner         Tuner
	leveller      Leveller
	looker        Looker
	userTeller    UserTeller
	searcher      Searcher
	tuneable      Tuneable
	publisher     Publisher
	describer     Describer
	starLister    StarLister
	toplister     Toplister
	sharer        Sharer
	transport     Transport

	// Signing in: login.go, logout.go. Without an authenticator none of it is used.
	in         bool        // a login succeeded, and nothing has ended it
	wishedOut  bool        // signed out on purpose: no relogin by itself
	keep       bool        // what is in force is to be remembered
	held       *Credential // to be remembered, and not in the vault yet
	untold     bool        // that the vault does not take it was told
	remembered string      // the user who is remembered, "" = none
	where      string      // they are, in words
	about      *music.User // who is in
	until      time.Time   // when the sign-in ends, zero = nobody knows
	scopes     []string    // what it may do
	allows     []string    // the same in words
	lacks      []Lack      // what of the features in use it may not do
	remark     string      // by NewsRemark
	country    string      // of theirs, as it was told
	login      *login      // at work, nil = none
	loginAt    time.Time   // the last success
	leaving    int         // logouts at work
	spec       *Spec       // of one that a login added

	state     ConnState
	since     time.Time // of state
	replaying bool      // an edit that waited is being made
	online    bool      // it answered in this run
	erring    bool      // ConnectionError was told, and not yet that it is over
	note      string
	retryAt   time.Time
	delay     time.Duration
	timer     *time.Timer // the next try
	look      *time.Timer // the next look at its sections
	watching  *watching   // nil = nobody watches
	elsewhere bool        // it plays on another device, by PlayTokenLost
	stalled   bool        // nothing of it can be played before somebody here says Play: no device
	devices   AccountDevices
	asking    bool // for its sections
	again     bool // and once more when that is answered
	sections  []music.Folder
	scan      JobID       // the scan at work, 0 = none
	sync      *SyncStatus // nil = nothing was said
}

func newAccount(a Account) *account {
	n := &account{id: a.ID, kind: a.Kind, server: a.Server, user: a.User, service: a.Service, state: ConnUndefined}
	n.illustrator, _ = a.Service.(Illustrator)
	n.lyricist, _ = a.Service.(Lyricist)
	n.starrer, _ = a.Service.(Starrer)
	n.rater, _ = a.Service.(Rater)
	n.editor, _ = a.Service.(PlaylistEditor)
	n.live, _ = a.Service.(LiveEditor)
	n.reporter, _ = a.Service.(Reporter)
	n.scanner, _ = a.Service.(Scanner)
	n.watcher, _ = a.Service.(Watcher)
	n.resolver, _ = a.Service.(Resolver)
	n.authenticator, _ = a.Service.(Authenticator)
	n.rotator, _ = a.Service.(Rotator)
	n.speaker, _ = a.Service.(Speaker)
	n.offliner, _ = a.Service.(Offliner)
	n.cacher, _ = a.Service.(Cacher)
	n.downloader, _ = a.Service.(Downloader)
	n.prefetcher, _ = a.Service.(Prefetcher)
	n.tuner, _ = a.Service.(Tuner)
	n.leveller, _ = a.Service.(Leveller)
	n.userTeller, _ = a.Service.(UserTeller)
	n.searcher, _ = a.Service.(Searcher)
	n.publisher, _ = a.Service.(Publisher)
	n.describer, _ = a.Service.(Describer)
	n.starLister, _ = a.Service.(StarLister)
	n.toplister, _ = a.Service.(Toplister)
	n.sharer, _ = a.Service.(Sharer)
	n.tuneable, _ = a.Service.(Tuneable)
	n.transport, _ = a.Service.(Transport)
	n.looker, _ = a.Service.(Looker)
	if a.ID == music.Local {
		n.state = ConnLoggedIn // it needs no login
	}
	if k, ok := a.Service.(Keeper); ok && n.authenticator != nil {
		n.keeper, n.vault = true, k.Vault()
	}
	if n.authenticator == nil {
		n.about = &music.User{Name: a.User} // always in
	}
	n.since = time.Now()
	return n
}

func (s *Session) account(id music.AccountID) *account {
	for _, a := range s.accounts {
		if a.id == id {
			return a
		}
	}
	return nil
}

func (s *Session) accountInfos() []AccountInfo {
	all := make([]AccountInfo, len(s.accounts))
	for i, a := range s.accounts {
		all[i] = a.info()
		all[i].Scrobble = s.scrobbleOf(a.id)
		for _, o := range s.book.of(a.id) {
			all[i].Waiting = append(all[i].Waiting, o.text)
		}
	}
	return all
}

// info is what the screen knows of an account.
func (a *account) info() AccountInfo {
	n := AccountInfo{
		ID: a.id, Kind: a.kind, Server: a.server, User: a.user, State: a.state, Note: a.note, RetryAt: a.retryAt,
		Sections: a.sections, Since: a.since, Busy: a.busy(), Added: a.spec != nil, Remembered: a.remembered, Remark: a.remark,
		Can: Can{
			Images: a.illustrator != nil, Lyrics: a.lyricist != nil, Star: a.starrer != nil,
			Rate: a.rater != nil, Playlists: a.editor != nil, Live: a.live != nil, Scan: a.scanner != nil,
			SignIn: a.authenticator != nil, Publish: a.publisher != nil, Share: a.sharer != nil,
			Offline: a.downloader != nil, Suggest: a.searcher != nil, Radio: a.tuneable != nil, Devices: a.transport != nil,
		},
	}
	_, n.Can.Queue = a.service.(QueueLoader)
	_, n.Can.Bookmark = a.service.(Bookmarker)
	_, tells := a.service.(NowTeller)
	n.Can.Reports = tells || a.reporter != nil
	if a.authenticator != nil {
		n.User = ""
		if a.state != ConnLoggedOut {
			n.User = cmp.Or(a.user, a.remembered)
		}
		if a.remembered != "" && a.held == nil {
			n.Where = a.where
		}
		if a.in {
			n.Until, n.Scopes, n.Allows, n.Lacks = a.until, a.scopes, a.allows, a.lacks
		}
	}
	if a.about != nil {
		about := *a.about
		n.About = &about
	}
	if a.sync != nil {
		sync := *a.sync
		n.Sync = &sync
	}
	return n
}

func (a *account) stopTimer() {
	for _, t := range []**time.Timer{&a.timer, &a.look} {
		if *t != nil {
			(*t).Stop()
			*t = nil
		}
	}
}

// later does f on the session's goroutine after a while, in place of what that
// timer was set for before.
func (s *Session) later(t **time.Timer, d time.Duration, f func()) {
	if s.ending {
		return
	}
	if *t != nil {
		(*t).Stop()
	}
	var mine *time.Timer
	mine = time.AfterFunc(d, func() {
		s.post(func() {
			if *t == mine { // else it was stopped meanwhile, or set anew
				*t = nil
				f()
			}
		})
	})
	*t = mine
}

// askRoot asks for an account's sections; what it answers is its state, too.
func (s *Session) askRoot(a *account) {
	if a.asking {
		a.again = true
		return
	}
	a.asking = true
	root := music.Ask{Of: music.Section(a.id, music.SectionRoot)}
	call(s, forAccount(a.id), func(ctx context.Context) (music.Page, error) {
		return a.service.Children(ctx, root)
	}, func(p music.Page, err error) {
		a.asking = false
		if s.account(a.id) != a {
			return // it was taken off the list
		}
		s.rootAnswered(a, p, err)
		if a.again {
			a.again = false
			s.askRoot(a)
		}
	})
}

// errCount says that a service answered for other tracks than it was asked for.
var errCount = errors.New("the service did not answer for each track")

package session

import (
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
	prefetcher    Prefetcher
	userTeller    UserTeller
	searcher      Searcher
	publisher     Publisher
	describer     Describer
	starLister    StarLister
	toplister     Toplister
	sharer        Sharer

	state    ConnState
	online   bool // it answered in this run
	note     string
	retryAt  time.Time
	delay    time.Duration
	timer    *time.Timer
	asking   bool // for its sections
	again    bool // and once more when that is answered
	sections []music.Folder
	scan     JobID // the scan at work, 0 = none
}

func newAccount(a Account) *account {
	n := &account{id: a.ID, kind: a.Kind, user: a.User, service: a.Service, state: ConnUndefined}
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
	n.userTeller, _ = a.Service.(UserTeller)
	n.searcher, _ = a.Service.(Searcher)
	n.publisher, _ = a.Service.(Publisher)
	n.describer, _ = a.Service.(Describer)
	n.starLister, _ = a.Service.(StarLister)
	n.toplister, _ = a.Service.(Toplister)
	n.sharer, _ = a.Service.(Sharer)
	if a.ID == music.Local {
		n.state = ConnLoggedIn // it needs no login
	}
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
		all[i] = AccountInfo{
			ID: a.id, Kind: a.kind, User: a.user, State: a.state, Note: a.note, RetryAt: a.retryAt,
			Sections: a.sections,
			Can: Can{
				Images: a.illustrator != nil, Lyrics: a.lyricist != nil, Star: a.starrer != nil,
				Rate: a.rater != nil, Playlists: a.editor != nil, Live: a.live != nil, Scan: a.scanner != nil,
				SignIn: a.authenticator != nil, Publish: a.publisher != nil, Share: a.sharer != nil,
				Offline: a.downloader != nil, Suggest: a.searcher != nil,
			},
		}
	}
	return all
}

// startAccounts asks every account for its sections and begins to watch it.
func (s *Session) startAccounts() {
	s.accountsDirty = true
	for _, a := range s.accounts {
		s.askRoot(a)
		s.watch(a, retryFirst)
	}
}

func (a *account) stopTimer() {
	if a.timer != nil {
		a.timer.Stop()
		a.timer = nil
	}
}

// later does f on the session's goroutine after a while, in place of what was
// planned for the account before.
func (s *Session) later(a *account, d time.Duration, f func()) {
	if s.ending {
		return
	}
	a.stopTimer()
	a.timer = time.AfterFunc(d, func() { s.post(f) })
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
		s.rootAnswered(a, p, err)
		if a.again {
			a.again = false
			s.askRoot(a)
		}
	})
}

func (s *Session) rootAnswered(a *account, p music.Page, err error) {
	s.accountsDirty = true
	if f := faultOf(err, a.id, "connect"); f != nil {
		s.notConnected(a, f)
		return
	}
	if !a.online && s.play.cur != nil && s.play.cur.ref.Account == a.id {
		s.describeRestored() // it could not be asked before
	}
	a.state, a.note, a.retryAt, a.delay, a.online = ConnLoggedIn, "", time.Time{}, 0, true
	sections := make([]music.Folder, 0, len(p.Items))
	for _, it := range p.Items {
		if f, ok := it.(music.Folder); ok {
			sections = append(sections, f)
		}
	}
	a.sections = sections
}

// notConnected says why an account is not there, and tries again where that may
// help. What is known of it stays.
func (s *Session) notConnected(a *account, f *Fault) {
	if f.Kind == Cancelled || s.ending {
		return
	}
	a.note = f.Error()
	switch {
	case a.id == music.Local:
		s.fail(f)
	case f.Kind.transient() && a.online:
		a.state = ConnDisconnected
	case f.Kind.transient():
		a.state = ConnOffline
	default:
		a.state = ConnLoggedOut
	}
	if !f.Kind.transient() {
		a.retryAt, a.delay = time.Time{}, 0
		return
	}
	a.delay = min(max(2*a.delay, retryFirst), retryMost)
	a.retryAt = time.Now().Add(a.delay)
	if f.RetryAt.After(a.retryAt) {
		a.retryAt = f.RetryAt
	}
	s.later(a, time.Until(a.retryAt), func() { s.askRoot(a) })
}

// noticed draws the conclusion from any answer of an account: one that is thought
// away and answers, or the other way round, is asked for its sections again.
func (s *Session) noticed(a *account, err error) {
	f := faultOf(err, a.id, "")
	away := f != nil && f.Kind == UnableToContactServer
	if !a.asking && (err == nil && a.state != ConnLoggedIn || away && a.state == ConnLoggedIn) {
		s.askRoot(a)
	}
}

// errCount says that a service answered for other tracks than it was asked for.
var errCount = errors.New("the service did not answer for each track")

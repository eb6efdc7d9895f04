package sessiontest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"segue/internal/music"
	"segue/internal/secret"
	"segue/player"
	"segue/session"
)

// Remote is a Service that must be signed in to and plays the part of a server: it
// knows users, gives credentials that can be rotated and revoked, may ask questions,
// and is away when it is told so. It fills what accounts with a login may do:
// Authenticator, Rotator, Speaker, Offliner, Cacher, Downloader, Prefetcher, UserTeller.
type Remote struct {
	*Service

	mu       sync.Mutex
	users    map[string]string // passwords by name
	grants   map[string]string // users by blob
	made     int
	asks     []session.Question
	answers  []string
	note     string
	lacks    []session.Lack
	in       string // who is signed in
	logins   []session.SignIn
	forgot   []session.Credential
	network  []bool
	limit    int64
	marked   map[music.Ref]bool
	status   session.SyncStatus
	kbps     []music.Quality
	rotate   func(session.Credential)
	tell     func(session.News)
	synced   func(session.SyncStatus)
	country  string
	closed   int
	flushing int
	rootAway error // what a look at the sections gives besides what is cached
	stream   music.Quality
	offline  music.Quality
	gain     player.GainMode
	preamp   float64
}

// Kind is what a Remote's account is of.
const Kind = "scripted"

// NewRemote makes a server where alice's password is "wonderland".
func NewRemote(id music.AccountID) *Remote {
	return &Remote{
		Service: NewService(id), users: map[string]string{"alice": "wonderland", "bob": "builder"},
		grants: map[string]string{}, marked: map[music.Ref]bool{}, country: "DE",
	}
}

// Account is the server as an account of a session.
func (r *Remote) Account() session.Account {
	return session.Account{ID: r.ID, Service: r, Kind: Kind, Server: "test.example", User: "alice"}
}

// Maker makes this server for Login.New, whose account must be named as it is.
func (r *Remote) Maker() session.Makers {
	return session.Makers{Kind: func(s session.Spec) (session.Service, error) {
		if s.Server == "nonsense" {
			return nil, errors.New("that is no address")
		}
		return r, nil
	}}
}

// Away lets every call fail as of a server that cannot be reached; false = it is back.
func (r *Remote) Away(on bool) {
	var err error
	if on {
		err = &session.Fault{Kind: session.UnableToContactServer, Err: errors.New("connection refused")}
	}
	for _, call := range []string{
		"login", "children", "refs", "tracks", "open", "star", "rate", "create", "edit", "rename", "delete", "report", "syncnow",
	} {
		r.Fail(call, err)
	}
}

// AwayButCached is Away for all that needs a server, while what a cache on disk
// would know is answered.
func (r *Remote) AwayButCached(on bool) {
	var err error
	if on {
		err = &session.Fault{Kind: session.UnableToContactServer, Err: errors.New("connection refused")}
	}
	for _, call := range []string{"login", "children " + music.SectionRoot, "star", "rate", "create", "createlive", "edit", "rename", "delete"} {
		r.Fail(call, err)
	}
	r.Fail("children", nil)
	r.mu.Lock()
	r.rootAway = err
	r.mu.Unlock()
}

// Children fills session.Service.
func (r *Remote) Children(ctx context.Context, ask music.Ask) (music.Page, error) {
	r.mu.Lock()
	err := r.rootAway
	r.mu.Unlock()
	p, failed := r.Service.Children(ctx, ask)
	if failed == nil && err != nil && ask.Of.ID == music.SectionRoot {
		return p, err
	}
	return p, failed
}

// Asks lets a login without password and blob ask these questions; it takes any answer.
func (r *Remote) Asks(q ...session.Question) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asks = q
}

// Notes lets a login say something to its user.
func (r *Remote) Notes(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.note = text
}

// Lacks lets a login not allow some features, but those that it is for.
func (r *Remote) Lacks(all ...session.Lack) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lacks = all
}

// Answers are what its questions were answered with.
func (r *Remote) Answers() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.answers)
}

// Grant makes a credential that the server takes.
func (r *Remote) Grant(user string) session.Credential {
	r.mu.Lock()
	defer r.mu.Unlock()
	return session.Credential{Service: Kind, User: user, Blob: secret.New(r.grant(user))}
}

func (r *Remote) grant(user string) string {
	r.made++
	blob := fmt.Sprintf("blob-%d-of-%s", r.made, user)
	r.grants[blob] = user
	return blob
}

// Expire lets the server refuse every page until somebody signs in again.
func (r *Remote) Expire() {
	r.Fail("children", &session.Fault{Kind: session.BadUsernameOrPassword, Err: errors.New("the token has expired")})
}

// Revoke makes all credentials useless.
func (r *Remote) Revoke() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.grants)
}

// Rotate replaces the credentials of a user by a new one and tells it.
func (r *Remote) Rotate(user string) session.Credential {
	r.mu.Lock()
	for blob, who := range r.grants {
		if who == user {
			delete(r.grants, blob)
		}
	}
	c := session.Credential{Service: Kind, User: user, Blob: secret.New(r.grant(user))}
	tell := r.rotate
	r.mu.Unlock()
	tell(c)
	return c
}

// Say tells news.
func (r *Remote) Say(n session.News) {
	r.mu.Lock()
	tell := r.tell
	r.mu.Unlock()
	tell(n)
}

// In is who is signed in at the server, "" = nobody.
func (r *Remote) In() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.in
}

// Logins lists what Login was called with since the last time.
func (r *Remote) Logins() []session.SignIn {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.logins
	r.logins = nil
	return l
}

// Forgot lists the credentials that were made useless.
func (r *Remote) Forgot() []session.Credential {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.forgot)
}

// Network lists what SetNetwork was told.
func (r *Remote) Network() []bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.network)
}

// Cache is the limit in force, in bytes, and how often the cache was flushed.
func (r *Remote) Cache() (limit int64, flushed int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.limit, r.flushing
}

// Qualities lists what Open and Prefetch were asked for.
func (r *Remote) Qualities() []music.Quality {
	r.mu.Lock()
	defer r.mu.Unlock()
	q := r.kbps
	r.kbps = nil
	return q
}

// Closed is how often it was closed.
func (r *Remote) Closed() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.closed
}

// Close fills io.Closer.
func (r *Remote) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed++
	return nil
}

// Login fills session.Authenticator.
func (r *Remote) Login(ctx context.Context, in session.SignIn, ask session.Asker) (session.SignedIn, error) {
	r.mu.Lock()
	r.logins = append(r.logins, in)
	asks := r.asks
	r.mu.Unlock()
	if err := r.enter(ctx, "login", in.User); err != nil {
		return session.SignedIn{}, err
	}
	user, blob := in.User, in.Blob.Reveal()
	switch {
	case !in.Password.IsZero():
		if !r.opens(in) {
			return session.SignedIn{}, &session.Fault{Kind: session.BadUsernameOrPassword, Err: errors.New("wrong user name or password")}
		}
		blob = ""
	case blob != "":
		user = r.owner(blob)
		if user == "" {
			return session.SignedIn{}, &session.Fault{Kind: session.BadUsernameOrPassword, Err: errors.New("the grant is dead")}
		}
	case len(asks) == 0:
		return session.SignedIn{}, &session.Fault{Kind: session.InvalidArgument, Err: errors.New("neither password nor blob"), Hint: "give a password"}
	default:
		for _, q := range asks {
			text, err := ask(ctx, q)
			if err != nil {
				return session.SignedIn{}, err
			}
			r.mu.Lock()
			r.answers = append(r.answers, text.Reveal())
			r.mu.Unlock()
		}
		if user == "" {
			user = "alice"
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.in = user
	r.Fail("children", nil)
	s := session.SignedIn{User: music.User{Name: user, Display: "The " + user, Country: r.country}, Note: r.note}
	r.lacks = slices.DeleteFunc(slices.Clone(r.lacks), func(l session.Lack) bool { return slices.Contains(in.For, l.Feature) })
	s.Lacks = slices.Clone(r.lacks)
	if blob == "" {
		s.Blob = secret.New(r.grant(user))
	}
	return s, nil
}

func (r *Remote) opens(in session.SignIn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	p, ok := r.users[in.User]
	return ok && p == in.Password.Reveal()
}

func (r *Remote) owner(blob string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.grants[blob]
}

// Logout fills session.Authenticator.
func (r *Remote) Logout(ctx context.Context) error {
	if err := r.enter(ctx, "logout", ""); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.in = ""
	return nil
}

// Forget fills session.Authenticator.
func (r *Remote) Forget(ctx context.Context, c session.Credential) error {
	if err := r.enter(ctx, "forget", c.User); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.grants, c.Blob.Reveal())
	r.forgot = append(r.forgot, c)
	return nil
}

// OnCredential fills session.Rotator.
func (r *Remote) OnCredential(changed func(session.Credential)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rotate = changed
}

// OnNews fills session.Speaker.
func (r *Remote) OnNews(tell func(session.News)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tell = tell
}

// SetNetwork fills session.Offliner.
func (r *Remote) SetNetwork(allowed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.network = append(r.network, allowed)
}

// SetCacheLimit fills session.Cacher.
func (r *Remote) SetCacheLimit(bytes int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.limit = bytes
}

// FlushCache fills session.Cacher.
func (r *Remote) FlushCache(ctx context.Context) error {
	if err := r.enter(ctx, "flush", ""); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.flushing++
	return nil
}

// User fills session.UserTeller.
func (r *Remote) User(ctx context.Context, name string) (music.User, error) {
	if err := r.enter(ctx, "user", name); err != nil {
		return music.User{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if name == "" {
		name = r.in
	}
	if _, ok := r.users[name]; !ok {
		return music.User{}, &session.Fault{Kind: session.NoSuchUser, Err: fmt.Errorf("there is no %q", name)}
	}
	return music.User{Name: name, Display: "The " + name, Country: r.country}, nil
}

package cache

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// Options are what a Manager works with. The caller has read the configuration and the
// environment (Environment); nothing here reads either.
type Options struct {
	Kind      Kind   // where tokens go unless Use says otherwise; "" is Auto
	TokenDir  string // of ACCOUNT.json: $XDG_CACHE_HOME/segue/tokens; made 0700
	LockDir   string // of ACCOUNT.lock: in the state folder; made 0700
	Spotipy   Spotipy
	Redis     RedisOptions
	Memcached MemcachedOptions
	Keyring   KeyringOptions
	Codec     Codec            // nil: JSON
	Now       func() time.Time // nil: time.Now
	Log       func(string)     // takes warnings, one line, nothing secret; nil: nobody
}

// Spotipy says what of another program's cache belongs to one account, the first Spotify
// account: its files, and its keys in Redis and Memcached.
type Spotipy struct {
	Account  string // "": none, and the rest is not looked at
	Path     string // the token file, or an existing folder; wins over Folder. With Path or Folder, Auto is File
	Folder   string // of Spotipy's names: .cache, or .cache-USERNAME
	Username string
	Key      string // in Redis and Memcached, instead of segue:token:ACCOUNT
}

// Manager gives each account the handler of its token, one for the life of the manager,
// and holds the one critical section in which an account's token is read, refreshed and
// written. It may be used by any number of goroutines.
type Manager struct {
	o Options

	mu       sync.Mutex
	handlers map[string]*guard
	locks    map[string]chan struct{} // in this process, one place each
	remotes  remotes                  // clients of servers, made when first needed
	wake     chan struct{}
}

// NewManager makes a manager. It opens and starts nothing; an unknown kind or options
// that cannot be are an ErrInvalid.
func NewManager(o Options) (*Manager, error) {
	kind, err := ParseKind(string(o.Kind))
	if err != nil {
		return nil, err
	}
	o.Kind = kind
	if o.LockDir == "" {
		return nil, invalid("no folder for the locks of accounts")
	}
	if o.TokenDir == "" && (kind == Auto || kind == File) {
		return nil, invalid("no folder for token files")
	}
	if o.Spotipy.Account != "" {
		if err := CheckAccount(o.Spotipy.Account); err != nil {
			return nil, err
		}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = func(string) {}
	}
	if o.Codec == nil {
		o.Codec = JSON{}
	}
	if err := o.checkServers(); err != nil {
		return nil, err
	}
	return &Manager{o: o, handlers: map[string]*guard{}, locks: map[string]chan struct{}{}, wake: make(chan struct{}, 1)}, nil
}

// Handler is the handler of an account's token, the same one each time.
func (m *Manager) Handler(account string) (Handler, error) { return m.guardOf(account) }

func (m *Manager) guardOf(account string) (*guard, error) {
	if err := CheckAccount(account); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if g := m.handlers[account]; g != nil {
		return g, nil
	}
	kind := m.kindOf(account)
	s, err := m.storeOf(kind, account)
	if err != nil {
		return nil, err
	}
	return m.keep(account, newGuard(kind, s, m.say(account))), nil
}

// keep is called with the lock held.
func (m *Manager) keep(account string, g *guard) *guard {
	g.wake = func() {
		select {
		case m.wake <- struct{}{}:
		default: // it is awake
		}
	}
	m.handlers[account] = g
	return g
}

func (m *Manager) kindOf(account string) Kind {
	sp := m.o.Spotipy
	if m.o.Kind == Auto && account == sp.Account && (sp.Path != "" || sp.Folder != "") {
		return File
	}
	return m.o.Kind
}

// say puts the account before a warning.
func (m *Manager) say(account string) func(string) {
	return func(text string) { m.o.Log(account + ": " + text) }
}

// Use gives an account a handler of the caller's own, such as NewMemory for one that is
// not to be remembered; nil gives it back the one of the manager's kind. A handler that
// somebody already has stays as it is.
func (m *Manager) Use(account string, h Handler) error {
	if err := CheckAccount(account); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if h == nil {
		delete(m.handlers, account)
		return nil
	}
	if _, many := h.(*webHandler); many {
		return invalid("a web session holds many users' tokens, and is no account's handler")
	}
	g, ours := h.(*guard)
	if !ours {
		g = newGuard(ownKind, handlerOf{h}, m.say(account))
	}
	m.keep(account, g)
	return nil
}

// storeOf makes the place for an account's token. Called with the lock held.
func (m *Manager) storeOf(kind Kind, account string) (store, error) {
	switch kind {
	case Memory:
		return &memory{}, nil
	case File:
		return m.fileOf(account)
	case Keyring:
		return newKeyringStore("token:"+account, m.o.Keyring, m.o.Codec), nil
	case Auto:
		file, err := m.fileOf(account)
		if err != nil {
			return nil, err
		}
		return &autoStore{keyring: newKeyringStore("token:"+account, m.o.Keyring, m.o.Codec), file: file, say: m.say(account)}, nil
	case Redis, Memcached:
		return m.remoteOf(kind, account)
	default:
		return nil, invalid("%q is no kind of token cache; the kinds are %s", kind, list(Kinds()))
	}
}

func (m *Manager) fileOf(account string) (*fileStore, error) {
	path := filepath.Join(m.o.TokenDir, account+".json")
	if sp := m.o.Spotipy; account == sp.Account {
		folder := sp.Folder
		if info, err := os.Stat(sp.Path); err == nil && info.IsDir() {
			sp.Path, folder = "", sp.Path
		}
		switch {
		case sp.Path != "":
			path = sp.Path
		case folder != "":
			p, err := SpotipyFile(folder, sp.Username)
			if err != nil {
				return nil, err
			}
			path = p
		}
	}
	return newFileStore(path, FileOptions{Codec: m.o.Codec, Now: m.o.Now}), nil
}

// Clear removes an account's token everywhere it may be: from its handler, and from the
// file, the keyring and the servers that are set up and answer. What could not be removed
// is in the error; the token is not used any more in this process. A refresh that is going
// on is waited for, or its answer would be saved afterwards.
func (m *Manager) Clear(ctx context.Context, account string) error {
	g, err := m.guardOf(account)
	if err != nil {
		return err
	}
	unlock, err := m.Lock(ctx, account)
	switch {
	case err == nil:
		defer unlock()
	case ctx.Err() != nil:
		return err
	} // where there can be no lock there is no refresh either
	errs := []error{g.Delete(ctx)}
	for _, kind := range m.alsoIn(g.kind) {
		m.mu.Lock()
		s, err := m.storeOf(kind, account)
		m.mu.Unlock()
		if err == nil {
			err = s.drop(ctx)
		}
		if err != nil && !(errors.Is(err, errNoKeyring) && !errors.Is(err, errLocked)) && !unreachable(err) {
			errs = append(errs, fmt.Errorf("%s: %w", kind, err))
		}
	}
	return errors.Join(errs...)
}

// unreachable says that nobody answers at a server's address: one that is set up, as
// localhost always is, and not used.
func unreachable(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// alsoIn are the kinds besides one in which a token may have been left.
func (m *Manager) alsoIn(kind Kind) []Kind {
	var kinds []Kind
	if m.o.TokenDir != "" {
		kinds = append(kinds, File)
	}
	kinds = append(kinds, Keyring)
	if m.o.Redis.set() {
		kinds = append(kinds, Redis)
	}
	if m.o.Memcached.Addr != "" {
		kinds = append(kinds, Memcached)
	}
	return slices.DeleteFunc(kinds, func(k Kind) bool {
		return k == kind || kind == Auto && (k == File || k == Keyring)
	})
}

// DropAccess forgets an account's access token and keeps its refresh token: a logout of
// an account that is remembered.
func (m *Manager) DropAccess(ctx context.Context, account string) error {
	unlock, err := m.Lock(ctx, account)
	if err != nil {
		return err
	}
	defer unlock()
	g, err := m.guardOf(account)
	if err != nil {
		return err
	}
	g.settle(ctx)
	t, err := g.known(ctx)
	if err != nil || t == nil {
		return err
	}
	if t.RefreshToken.IsZero() {
		return g.Delete(ctx)
	}
	t.AccessToken, t.ExpiresAt = Secret{}, time.Time{}
	return g.Save(ctx, t)
}

// Stored is an account's token as it is kept, good or not; nil when there is none.
// ErrUnavailable: where it is kept does not answer.
func (m *Manager) Stored(ctx context.Context, account string) (*Token, error) {
	g, err := m.guardOf(account)
	if err != nil {
		return nil, err
	}
	return g.known(ctx)
}

// Put keeps a new token in place of what was there, in the account's critical section. An
// ErrKept says that it is in force but not stored yet.
func (m *Manager) Put(ctx context.Context, account string, t *Token) error {
	unlock, err := m.Lock(ctx, account)
	if err != nil {
		return err
	}
	defer unlock()
	g, err := m.guardOf(account)
	if err != nil {
		return err
	}
	return g.Save(ctx, t)
}

// Where says in words for people where an account's token is kept.
func (m *Manager) Where(account string) string {
	g, err := m.guardOf(account)
	if err != nil {
		return ""
	}
	return g.where()
}

// Stats are the counts of all handlers given out so far, by account.
func (m *Manager) Stats() []HandlerStats {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []HandlerStats
	for _, account := range slices.Sorted(maps.Keys(m.handlers)) {
		g := m.handlers[account]
		all = append(all, HandlerStats{Account: account, Kind: g.kind, Where: g.where(), Waiting: g.waiting(), Stats: g.Stats()})
	}
	return all
}

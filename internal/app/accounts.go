package app

import (
	"context"
	"errors"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"segue/cache"
	"segue/internal/config"
	"segue/internal/mailbox"
	"segue/internal/music"
	"segue/internal/service/spotify"
	"segue/internal/service/subsonic"
	"segue/session"
)

// services are the kinds of accounts beside local, by the names that the config and
// `segue login` use.
var services = map[string]func(h *House, spec session.Spec) (session.Service, error){
	subsonic.Kind: (*House).subsonic,
	spotify.Kind:  (*House).spotify,
}

// ServiceNames lists them.
func ServiceNames() []string { return slices.Sorted(maps.Keys(services)) }

// CheckAccounts says what is wrong with the accounts of a config, a line each. It opens
// and connects nothing.
func CheckAccounts(cfg *config.Config) ([]string, error) {
	h := &House{options: Options{Config: cfg}, notes: mailbox.New[string]()}
	h.configured(cfg.Accounts, h.makers())
	return h.Notes, h.made.close()
}

// makers is what the session makes accounts with. It may be used from any goroutine.
func (h *House) makers() session.Makers {
	all := session.Makers{}
	for name, build := range services {
		all[name] = func(spec session.Spec) (session.Service, error) {
			s, err := build(h, spec)
			switch {
			case err == nil:
				h.made.add(spec.ID, s)
			case h.Session == nil: // of New: a login hears of its own
				h.Unmade = append(h.Unmade, string(spec.ID)+": "+reasonOf(err))
			}
			return s, err
		}
	}
	return all
}

// reasonOf is why an account cannot be made, without what was tried.
func reasonOf(err error) string {
	var f *session.Fault
	if errors.As(err, &f) && f.Err != nil {
		return f.Err.Error()
	}
	return err.Error()
}

func (h *House) subsonic(spec session.Spec) (session.Service, error) {
	cfg := subsonic.Config{Media: h.media(), Version: h.options.Version, Notify: h.notes.Put,
		OfflineBytes: int64(h.options.Config.Stream.OfflineMB) * 1_000_000}
	if dir := h.options.Folders.Data; dir != "" {
		cfg.DataDir = filepath.Join(dir, "accounts")
	}
	return subsonic.New(spec, cfg)
}

// made are the services of this house.
type made struct {
	mu  sync.Mutex
	all map[music.AccountID]session.Service
}

func (m *made) add(id music.AccountID, s session.Service) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.all == nil {
		m.all = map[music.AccountID]session.Service{}
	}
	m.all[id] = s
}

func (m *made) get(id music.AccountID) (session.Service, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.all[id]
	return s, ok
}

func (m *made) ids() []music.AccountID {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.all))
}

// close ends those that can be ended.
func (m *made) close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	var errs []error
	for _, s := range m.all {
		if c, ok := s.(io.Closer); ok {
			errs = append(errs, c.Close())
		}
	}
	return errors.Join(errs...)
}

// configured makes the accounts of the config. One whose service is not known becomes
// a note.
func (h *House) configured(list []config.Account, makers session.Makers) []session.Account {
	var all []session.Account
	for _, a := range list {
		spec := session.Spec{ID: music.AccountID(a.Name), Service: a.Service, Server: a.Server, User: a.User, Options: a.Options}
		build, ok := makers[a.Service]
		if !ok {
			h.note("%s: account %s: there is no service %q; the services are %s", a.Where, a.Name, a.Service, strings.Join(ServiceNames(), ", "))
			continue
		}
		service, err := build(spec)
		if err != nil {
			h.note("%s: account %s: %v", a.Where, a.Name, err)
			continue
		}
		all = append(all, session.Account{ID: spec.ID, Kind: a.Service, Server: a.Server, User: a.User, Service: service})
	}
	return all
}

// accountStore keeps what people did with accounts, in the state folder. A passing run
// reads it only.
func (h *House) accountStore(o Options) session.AccountStore {
	if o.Folders.State == "" {
		return nil
	}
	s := cache.NewState[session.SavedAccounts](filepath.Join(o.Folders.State, "accounts.json"))
	if o.Passing && !o.Accounts {
		return readOnly{s}
	}
	return s
}

// readOnly is an AccountStore that keeps nothing.
type readOnly struct{ session.AccountStore }

func (readOnly) Save(session.SavedAccounts) error { return nil }

// Settled is a front for commands: it waits until every account that signs in by itself
// has done so or failed, patience at most, and gives do what is known of them then.
func (h *House) Settled(patience time.Duration, do func(ctx context.Context, known []session.AccountInfo) error) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		sub := h.Subscribe("command")
		defer sub.Close()
		wait, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		var known []session.AccountInfo
		for {
			events, ok := sub.Take(wait)
			for _, e := range events {
				if a, is := e.(session.AccountsChanged); is {
					known = a.Accounts
				}
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if !ok || known != nil && !slices.ContainsFunc(known, pending) {
				h.settled(known)
				return do(ctx, known)
			}
		}
	}
}

// pending is an account that may still sign in.
func pending(a session.AccountInfo) bool {
	return a.Busy || a.State == session.ConnUndefined
}

// settled writes down which accounts can be asked, and that the session runs.
func (h *House) settled(known []session.AccountInfo) {
	h.running = true
	h.reachable = []music.AccountID{}
	for _, a := range known {
		if a.State == session.ConnLoggedIn {
			h.reachable = append(h.reachable, a.ID)
		}
	}
}

// During runs do beside the session: the one that runs already, or one for it alone.
func (h *House) During(ctx context.Context, do func(ctx context.Context) error) error {
	if h.running {
		return do(ctx)
	}
	return h.Run(ctx, do)
}

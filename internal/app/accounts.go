package app

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"segue/cache"
	"segue/internal/config"
	"segue/internal/music"
	"segue/session"
)

// makers are the services that accounts can be of, by the names that the config and
// `segue login` use. What they share is made once, in Build.
func (h *House) makers() session.Makers {
	return session.Makers{}
}

// ServiceNames lists the services that accounts can be of.
func ServiceNames() []string { return slices.Sorted(maps.Keys((&House{}).makers())) }

// configured makes the accounts of the config. One whose service is not known becomes
// a note.
func (h *House) configured(list []config.Account, makers session.Makers) []session.Account {
	var all []session.Account
	for _, a := range list {
		spec := session.Spec{ID: music.AccountID(a.Name), Service: a.Service, Server: a.Server, User: a.User, Options: a.Options}
		build, ok := makers[a.Service]
		if !ok {
			h.note("%s: account %s: there is no service %s; there are %s", a.Where, a.Name, a.Service, strings.Join(ServiceNames(), ", "))
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
				return do(ctx, known)
			}
		}
	}
}

// pending is an account that may still sign in.
func pending(a session.AccountInfo) bool {
	return a.Busy || a.State == session.ConnUndefined
}

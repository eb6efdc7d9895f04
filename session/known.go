package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"segue/internal/music"
)

// known is what people did with accounts beyond the config, as it is kept. Owned by Run.
type known struct {
	SavedAccounts
	busy   bool
	dirty  bool // another save is due when this one is done
	failed bool // the last save failed, and was told of
	done   chan struct{}
}

// takeAccounts begins with the accounts of the config, and adds those of logins. One
// whose name is bad or taken is left out and told of.
func (s *Session) takeAccounts(accounts []Account) {
	s.loadKnown()
	for _, a := range accounts {
		if f := s.admit(a, nil); f != nil {
			s.greet(f.Error(), f)
		}
	}
	for _, spec := range s.known.Added {
		svc, f := s.makeService(spec)
		if f == nil {
			f = s.admit(spec.account(svc), &spec)
		}
		if f != nil {
			s.greet(f.Error(), f)
		}
	}
}

// loadKnown reads what is kept of accounts.
func (s *Session) loadKnown() {
	s.known.Users = map[music.AccountID]string{}
	s.known.Scrobble = map[music.AccountID]ScrobbleState{}
	s.known.Lacked = map[music.AccountID]string{}
	if s.cfg.Accounts == nil {
		return
	}
	v, err := s.cfg.Accounts.Load()
	if err != nil {
		s.greet("what was kept of the accounts is lost: "+err.Error(), &Fault{Kind: SystemFailure, Op: "load the accounts", Err: err})
	}
	if v == nil {
		return
	}
	s.known.SavedAccounts = copyOf(*v)
	maps.DeleteFunc(s.known.Scrobble, func(id music.AccountID, to ScrobbleState) bool {
		return to != ScrobbleOn && to != ScrobbleOff // the file may say anything
	})
}

func (s *Session) greet(text string, f *Fault) {
	s.greeting = append(s.greeting, Notice{Level: Warning, Text: text, Fault: f})
}

func (v Spec) account(svc Service) Account {
	return Account{ID: v.ID, Service: svc, Kind: v.Service, Server: v.Server, User: v.User}
}

// makeService makes the service of an account that a login adds. It is safe in a worker.
func (s *Session) makeService(spec Spec) (Service, *Fault) {
	op := "add the account " + string(spec.ID)
	maker := s.cfg.Makers[spec.Service]
	if maker == nil {
		names := slices.Sorted(maps.Keys(s.cfg.Makers))
		err := fmt.Errorf("there is no service %q", spec.Service)
		hint := "the services are " + strings.Join(names, ", ")
		if len(names) == 0 {
			hint = "none can be added here"
		}
		return nil, &Fault{Kind: InvalidArgument, Op: op, Err: err, Hint: hint}
	}
	svc, err := maker(spec)
	if err == nil && svc == nil {
		err = errors.New("its service cannot be made")
	}
	f := faultOf(err, "", op)
	if f != nil && f.Kind == OtherPermanent {
		f.Kind = InvalidArgument // a maker judges nothing but the Spec
	}
	return svc, f
}

// admit puts an account on the list, if its name is good and new.
func (s *Session) admit(a Account, spec *Spec) *Fault {
	if f := s.nameFault(a.ID); f != nil {
		if spec != nil {
			closeService(a.Service)
		}
		return f
	}
	n := newAccount(a)
	n.spec = spec
	n.remembered = s.known.Users[a.ID]
	n.wishedOut = slices.Contains(s.known.LoggedOut, a.ID)
	if n.vault == nil {
		n.vault = s.vault
	}
	s.accounts = append(slices.Clip(s.accounts), n)
	s.accountsDirty = true
	return nil
}

// nameFault says why an account cannot have that name.
func (s *Session) nameFault(id music.AccountID) *Fault {
	op := fmt.Sprintf("add the account %q", id)
	switch {
	case !id.Valid():
		return &Fault{Kind: InvalidArgument, Op: op, Err: errors.New("that is no name for an account"),
			Hint: "use up to 32 of a-z, 0-9, dot, dash and underscore"}
	case s.account(id) != nil:
		return &Fault{Kind: InvalidArgument, Op: op, Err: errors.New("there is an account of that name already"), Hint: "choose another name"}
	}
	return nil
}

// dismiss takes an account off the list.
func (s *Session) dismiss(a *account) {
	s.abortLogin(a)
	a.stopTimer()
	s.unwatch(a)
	s.accounts = slices.DeleteFunc(slices.Clone(s.accounts), func(o *account) bool { return o == a })
	s.known.Added = slices.DeleteFunc(slices.Clone(s.known.Added), func(v Spec) bool { return v.ID == a.id })
	s.accountsDirty = true
	s.closeLater(a)
}

// closeLater closes the service of an account that a login added, behind the calls
// that sign it in and out.
func (s *Session) closeLater(a *account) {
	if a.spec == nil {
		return
	}
	call(s, signing(a.id), func(context.Context) (struct{}, error) {
		closeService(a.service)
		return struct{}{}, nil
	}, func(struct{}, error) {})
}

// closeMade closes the services that logins added, at the end of a run.
func (s *Session) closeMade() {
	for _, a := range s.accounts {
		if a.spec != nil {
			closeService(a.service)
		}
	}
}

func closeService(svc Service) {
	if c, ok := svc.(io.Closer); ok {
		_ = c.Close() // it is gone either way, and nobody is left to be told
	}
}

// copyOf is a copy that shares nothing with the original.
func copyOf(v SavedAccounts) SavedAccounts {
	v.Added, v.LoggedOut = slices.Clone(v.Added), slices.Clone(v.LoggedOut)
	v.Users, v.Scrobble, v.Lacked = maps.Clone(v.Users), maps.Clone(v.Scrobble), maps.Clone(v.Lacked)
	if v.Users == nil {
		v.Users = map[music.AccountID]string{}
	}
	if v.Scrobble == nil {
		v.Scrobble = map[music.AccountID]ScrobbleState{}
	}
	if v.Lacked == nil {
		v.Lacked = map[music.AccountID]string{}
	}
	return v
}

// note writes down what is to be kept of an account, if that has changed.
func (s *Session) note(a *account) {
	k := &s.known
	out := slices.Contains(k.LoggedOut, a.id)
	switch {
	case a.wishedOut && !out:
		k.LoggedOut = append(slices.Clip(k.LoggedOut), a.id)
	case !a.wishedOut && out:
		k.LoggedOut = slices.DeleteFunc(slices.Clone(k.LoggedOut), func(id music.AccountID) bool { return id == a.id })
	case k.Users[a.id] == a.remembered:
		return
	}
	k.Users[a.id] = a.remembered
	if a.remembered == "" {
		delete(k.Users, a.id)
		delete(k.Lacked, a.id)
	}
	s.saveKnown()
}

// saveKnown writes what is kept of accounts, at once and beside the session.
func (s *Session) saveKnown() {
	k := &s.known
	if s.cfg.Accounts == nil {
		return
	}
	if k.busy {
		k.dirty = true
		return
	}
	k.busy, k.dirty = true, false
	v, done := copyOf(k.SavedAccounts), make(chan struct{})
	k.done = done
	go func() {
		err := s.cfg.Accounts.Save(v)
		close(done)
		s.post(func() { s.knownSaved(err) })
	}()
}

func (s *Session) knownSaved(err error) {
	k := &s.known
	k.busy = false
	if err != nil && !k.failed {
		s.notice(Warning, "what you did with accounts cannot be kept: "+err.Error(),
			&Fault{Kind: SystemFailure, Op: "save the accounts", Err: err})
	}
	k.failed = err != nil
	if k.dirty && !s.ending {
		s.saveKnown()
	}
}

// saveKnownNow is for the end of a run: what is being written, and what waits
// behind it, is on disk when it returns.
func (s *Session) saveKnownNow() {
	k := &s.known
	if k.busy {
		<-k.done
	}
	if k.dirty || k.failed {
		k.dirty = false
		if err := s.cfg.Accounts.Save(copyOf(k.SavedAccounts)); err != nil && !k.failed {
			s.notice(Warning, "what you did with accounts cannot be kept: "+err.Error(),
				&Fault{Kind: SystemFailure, Op: "save the accounts", Err: err})
		}
	}
}

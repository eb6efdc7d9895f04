package session

import (
	"context"
	"errors"
	"sync"

	"segue/internal/music"
)

// Ops of Faults that callers tell apart: a sign-in that its vault does not take, and
// what Logout and Forget come to.
const (
	OpRemember = "remember the sign-in"
	OpLogout   = "sign out"
	OpForget   = "forget"
	OpRemove   = "remove the account"
)

// errNothing says that an account has no credential.
var errNothing = errors.New("nothing is remembered")

// gone is f where somebody was remembered, and what they were signed in with is not there
// any more: it expired, or another program took it away.
func (a *account) gone(f *Fault) *Fault {
	c := *f
	c.Err = errors.New("what " + a.remembered + " was remembered by is gone")
	if a.where != "" {
		c.Err = errors.New("what " + a.remembered + " was remembered by is not in " + a.where + " any more")
	}
	return &c
}

// recall gets what is remembered of an account: from its vault, or what is not
// there yet. It runs in a worker, and does not wait for a vault that hangs
// longer than ctx lasts.
func recall(ctx context.Context, a *account, held *Credential) (*Credential, error) {
	if held != nil {
		return held, nil
	}
	c, err := within(ctx, func() (*Credential, error) { return a.vault.Load(ctx, a.id) })
	switch {
	case err != nil:
		f := faultOf(err, a.id, "look for what is remembered")
		if f.Kind == UnableToContactServer || f.Kind == BadUsernameOrPassword {
			f.Kind = OtherTransient // it is the vault that does not answer, not the service
		}
		if f.Hint == "" {
			f.Hint = "unlock it and sign in again, or sign in with the password"
		}
		return nil, &vaultFault{f}
	case c == nil:
		return nil, &Fault{Kind: NoCredentials, Account: a.id, Op: "sign in again", Err: errNothing, Hint: "sign in first"}
	case c.Service != "" && c.Service != a.kind:
		return nil, foreign(a, c.Service)
	}
	return c, nil
}

// vaultFault is a fault of the place where credentials are kept.
type vaultFault struct{ *Fault }

// Unwrap gives the Fault.
func (v *vaultFault) Unwrap() error { return v.Fault }

// within does do and gives up waiting when ctx ends: for calls that do not honour it.
func within[T any](ctx context.Context, do func() (T, error)) (T, error) {
	done := make(chan answer[T], 1)
	go func() { done <- guarded(ctx, func(context.Context) (T, error) { return do() }) }()
	select {
	case a := <-done:
		return a.value, a.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// keepCredential remembers what an account was signed in with, if it is to be.
func (s *Session) keepCredential(a *account, user music.User, got signedIn, again bool) {
	c := Credential{Service: a.kind, User: user.Name, Blob: got.Blob}
	if c.Blob.IsZero() {
		c.Blob = got.how.Blob
	}
	if !c.Blob.IsZero() {
		s.emit(CredentialsBlobUpdated{Account: a.id, Credential: c})
	}
	switch {
	case !got.how.Remember:
	case a.keeper, again && a.held == nil && c.Blob.Equal(got.how.Blob): // it is there already
		a.remembered = user.Name
		s.note(a)
		s.locate(a)
	case !c.Blob.IsZero():
		s.remember(a, c)
	}
}

// remember puts a credential into the vault. Until it is there the session holds it.
func (s *Session) remember(a *account, c Credential) {
	a.held, a.remembered = &c, c.User
	a.where = "" // it is known once it is there: the keyring may have no room for it
	s.accountsDirty = true
	s.flushLater()
	s.note(a)
	held := a.held
	call(s, inOrder("vault "+string(a.id)), func(ctx context.Context) (struct{}, error) {
		return within(ctx, func() (struct{}, error) { return struct{}{}, a.vault.Store(ctx, a.id, c) })
	}, func(_ struct{}, err error) {
		f := faultOf(err, a.id, OpRemember)
		switch {
		case f == nil && a.held == held:
			a.held, a.untold = nil, false
			s.accountsDirty = true
			s.locate(a)
		case f != nil && f.Kind != Cancelled && !a.untold:
			a.untold = true
			s.notice(Warning, f.Error()+"; it holds for this run, and is tried again", f)
		}
	})
}

// lastRemember stores, at the end of a run, what no vault has taken yet: they get a
// moment for it.
func (s *Session) lastRemember() {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), reportPatience)
	defer cancel()
	for _, a := range s.accounts {
		if a.held == nil {
			continue
		}
		c := *a.held
		_, err := within(ctx, func() (struct{}, error) { return struct{}{}, a.vault.Store(ctx, a.id, c) })
		if f := faultOf(err, a.id, OpRemember); f == nil {
			a.held = nil
		} else if !a.untold {
			s.fail(f)
		}
	}
}

// locate asks where the credential of an account is kept: in a worker, as a keyring
// may take its time for that, too.
func (s *Session) locate(a *account) {
	call(s, inOrder("vault "+string(a.id)), func(ctx context.Context) (string, error) {
		return within(ctx, func() (string, error) { return a.vault.Where(a.id), nil })
	}, func(text string, err error) {
		if err == nil && text != a.where {
			a.where = text
			s.accountsDirty = true
		}
	})
}

// drop forgets the credential of an account everywhere.
func (s *Session) drop(a *account) {
	a.held, a.remembered = nil, ""
	s.note(a)
	call(s, inOrder("vault "+string(a.id)), func(ctx context.Context) (struct{}, error) {
		return within(ctx, func() (struct{}, error) { return struct{}{}, a.vault.Delete(ctx, a.id) })
	}, func(_ struct{}, err error) {
		if f := faultOf(err, a.id, "forget the credential that was refused"); f != nil {
			s.fail(f)
		}
	})
}

// rotated is told by a Rotator: a credential has changed while it was used.
func (s *Session) rotated(a *account, c Credential) {
	if s.ending || s.account(a.id) != a {
		return
	}
	if c.Service == "" {
		c.Service = a.kind
	}
	if c.Service != a.kind || c.Blob.IsZero() {
		s.fail(foreign(a, c.Service))
		return
	}
	s.emit(CredentialsBlobUpdated{Account: a.id, Credential: c})
	if a.keep && !a.keeper {
		s.remember(a, c)
	}
}

// memoryVault remembers as long as the process lives.
type memoryVault struct {
	mu  sync.Mutex
	all map[music.AccountID]Credential
}

func newMemoryVault() *memoryVault {
	return &memoryVault{all: map[music.AccountID]Credential{}}
}

// Load fills Vault.
func (v *memoryVault) Load(_ context.Context, id music.AccountID) (*Credential, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if c, ok := v.all[id]; ok {
		return &c, nil
	}
	return nil, nil //nolint:nilnil // the contract of Vault: nothing is no error
}

// Store fills Vault.
func (v *memoryVault) Store(_ context.Context, id music.AccountID, c Credential) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.all[id] = c
	return nil
}

// Delete fills Vault.
func (v *memoryVault) Delete(_ context.Context, id music.AccountID) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.all, id)
	return nil
}

// Where fills Vault.
func (v *memoryVault) Where(music.AccountID) string { return "memory, until Segue ends" }

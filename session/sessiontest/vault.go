package sessiontest

import (
	"context"
	"sync"

	"segue/internal/music"
	"segue/session"
)

// Vault keeps credentials in memory; it can be locked, and can hang like a keyring
// that asks a person.
type Vault struct {
	mu     sync.Mutex
	all    map[music.AccountID]session.Credential
	locked error
	gate   chan struct{}
	deaf   bool
	calls  int
	asked  chan struct{} // Where waits until it is closed; nil = it does not
}

// NewVault makes an empty vault.
func NewVault() *Vault { return &Vault{all: map[music.AccountID]session.Credential{}} }

// Lock lets every call fail, nil = work again.
func (v *Vault) Lock(err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.locked = err
}

// Hang lets every call wait until the returned func is called; a deaf one does not
// even end with its context.
func (v *Vault) Hang(deaf bool) (release func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	gate := make(chan struct{})
	v.gate, v.deaf = gate, deaf
	return func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		if v.gate == gate {
			v.gate = nil
			close(gate)
		}
	}
}

// HangWhere lets only Where wait, until the returned func is called.
func (v *Vault) HangWhere() (release func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	asked := make(chan struct{})
	v.asked = asked
	return func() { close(asked) }
}

// Held is what it remembers of an account, nil = nothing.
func (v *Vault) Held(id music.AccountID) *session.Credential {
	v.mu.Lock()
	defer v.mu.Unlock()
	if c, ok := v.all[id]; ok {
		return &c
	}
	return nil
}

// Put remembers without a call of the session's.
func (v *Vault) Put(id music.AccountID, c session.Credential) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.all[id] = c
}

func (v *Vault) enter(ctx context.Context) error {
	v.mu.Lock()
	v.calls++
	gate, deaf := v.gate, v.deaf
	v.mu.Unlock()
	switch {
	case gate == nil:
	case deaf:
		<-gate
	default:
		select {
		case <-gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.locked
}

// Load fills session.Vault.
func (v *Vault) Load(ctx context.Context, id music.AccountID) (*session.Credential, error) {
	if err := v.enter(ctx); err != nil {
		return nil, err
	}
	return v.Held(id), nil
}

// Store fills session.Vault.
func (v *Vault) Store(ctx context.Context, id music.AccountID, c session.Credential) error {
	if err := v.enter(ctx); err != nil {
		return err
	}
	v.Put(id, c)
	return nil
}

// Delete fills session.Vault.
func (v *Vault) Delete(ctx context.Context, id music.AccountID) error {
	if err := v.enter(ctx); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.all, id)
	return nil
}

// Where fills session.Vault.
func (v *Vault) Where(id music.AccountID) string {
	_ = v.enter(context.Background()) // where it is can be said of a locked one, too
	v.mu.Lock()
	asked := v.asked
	v.mu.Unlock()
	if asked != nil {
		<-asked
	}
	if v.Held(id) == nil {
		return "the test's vault, or another"
	}
	return "the test's vault"
}

// Accounts keeps what was done with accounts in memory; it fills session.AccountStore.
type Accounts struct {
	mu    sync.Mutex
	saved *session.SavedAccounts
	fails error
}

// NewAccounts makes a store that holds saved; nil = nothing.
func NewAccounts(saved *session.SavedAccounts) *Accounts { return &Accounts{saved: saved} }

// FailWith lets Load and Save fail from now on, nil = work again.
func (a *Accounts) FailWith(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.fails = err
}

// Saved is what was saved last; nil = nothing.
func (a *Accounts) Saved() *session.SavedAccounts {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.saved
}

// Load fills session.AccountStore.
func (a *Accounts) Load() (*session.SavedAccounts, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.saved, a.fails
}

// Save fills session.AccountStore.
func (a *Accounts) Save(v session.SavedAccounts) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.fails != nil {
		return a.fails
	}
	a.saved = &v
	return nil
}

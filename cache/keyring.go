package cache

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/zalando/go-keyring"
)

// KeyringOptions are what a keyring handler may be told; the zero value will do.
type KeyringOptions struct {
	Service string        // the name under which entries are filed; "": segue
	Timeout time.Duration // for one call; 0: 3 s
}

// errNoKeyring says that there is no keyring, or that it is locked and would ask the user.
var errNoKeyring = errors.New("no keyring answers")

// vault is the desktop's secret service. No call of it waits for longer than its timeout,
// starts a program or opens a dialog: a keyring that is locked counts as not there.
type vault struct {
	service string
	timeout time.Duration
	busy    chan struct{} // one call at a time; one that hangs keeps it
}

func newVault(o KeyringOptions) *vault {
	v := &vault{service: o.Service, timeout: o.Timeout, busy: make(chan struct{}, 1)}
	if v.service == "" {
		v.service = "segue"
	}
	if v.timeout <= 0 {
		v.timeout = timeout
	}
	return v
}

// answers says why the keyring cannot be used now, wrapping errNoKeyring; nil if it can.
func (v *vault) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, v.timeout)
	defer cancel()
	if err := keyringReady(ctx); err != nil {
		return fmt.Errorf("cache: %w: %w", errNoKeyring, err)
	}
	return nil
}

// call runs f, which go-keyring gives no way to end, beside us, and waits for it only so long.
func (v *vault) call(ctx context.Context, f func() (string, error)) (string, error) {
	if err := v.answers(ctx); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, v.timeout)
	defer cancel()
	type result struct {
		text string
		err  error
	}
	select {
	case v.busy <- struct{}{}:
	case <-ctx.Done():
		return "", fmt.Errorf("cache: %w: the last call still hangs", errNoKeyring)
	}
	done := make(chan result, 1)
	go func() {
		defer func() { <-v.busy }()
		text, err := guarded(f)
		done <- result{text, err}
	}()
	select {
	case r := <-done:
		if r.err != nil && !errors.Is(r.err, keyring.ErrNotFound) {
			return "", fmt.Errorf("cache: keyring: %w", r.err)
		}
		return r.text, r.err
	case <-ctx.Done():
		return "", fmt.Errorf("cache: %w within %v", errNoKeyring, v.timeout)
	}
}

// guarded turns a panic into an error: go-keyring 0.2.8 has one when the session bus goes
// away while a dialog is open.
func guarded(f func() (string, error)) (text string, err error) {
	defer func() {
		if recover() != nil {
			err = errNoKeyring // what it panicked with may hold anything
		}
	}()
	return f()
}

// get is the entry of a name; false when there is none.
func (v *vault) get(ctx context.Context, name string) (string, bool, error) {
	text, err := v.call(ctx, func() (string, error) { return keyring.Get(v.service, name) })
	if errors.Is(err, keyring.ErrNotFound) {
		return "", false, nil
	}
	return text, err == nil, err
}

func (v *vault) set(ctx context.Context, name, text string) error {
	_, err := v.call(ctx, func() (string, error) { return "", keyring.Set(v.service, name, text) })
	return err
}

func (v *vault) del(ctx context.Context, name string) error {
	_, err := v.call(ctx, func() (string, error) { return "", keyring.Delete(v.service, name) })
	if errors.Is(err, keyring.ErrNotFound) {
		return nil
	}
	return err
}

// keyringStore keeps a token in the keyring.
type keyringStore struct {
	vault *vault
	name  string
	codec Codec
}

func newKeyringStore(name string, o KeyringOptions, c Codec) *keyringStore {
	return &keyringStore{vault: newVault(o), name: name, codec: codecOr(c)}
}

// NewKeyring keeps a token in the desktop's keyring under a name, for programs that need
// no Manager. Of FileOptions it uses Codec and Log.
func NewKeyring(name string, k KeyringOptions, o FileOptions) Handler {
	return newGuard(Keyring, newKeyringStore(name, k, o.Codec), o.Log)
}

func (k *keyringStore) load(ctx context.Context) (*Token, error) {
	text, ok, err := k.vault.get(ctx, k.name)
	if err != nil || !ok {
		return nil, err
	}
	t, err := k.codec.Decode([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("cache: what the keyring keeps as %s cannot be used: %w: %w", k.name, ErrNotToken, err)
	}
	return t, nil
}

func (k *keyringStore) save(ctx context.Context, t *Token) error {
	data, err := k.codec.Encode(t)
	if err != nil {
		return err
	}
	return k.vault.set(ctx, k.name, string(data))
}

func (k *keyringStore) drop(ctx context.Context) error { return k.vault.del(ctx, k.name) }

func (k *keyringStore) where() string { return "the keyring, " + k.vault.service + " " + k.name }

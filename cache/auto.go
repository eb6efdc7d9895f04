package cache

import (
	"context"
	"errors"
	"sync"
)

// autoStore keeps a token in the keyring while one answers, else in a file. A token that
// lies in both places (the keyring was locked for a while) is read from where it ends
// later; saving in the keyring removes the file's.
type autoStore struct {
	keyring *keyringStore
	file    *fileStore
	say     func(string)

	mu   sync.Mutex
	said bool // that there is no keyring
	last string
}

// inFile says once that the file is used, and why; not where that is no news.
func (a *autoStore) inFile(why error, news bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.last = a.file.where()
	first := !a.said
	a.said = true
	if first && news {
		a.say(why.Error() + "; tokens are kept in " + a.file.where())
	}
}

func (a *autoStore) inKeyring() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.last = a.keyring.where()
}

func (a *autoStore) load(ctx context.Context) (*Token, error) {
	k, err := a.keyring.load(ctx)
	switch {
	case errors.Is(err, errNoKeyring) && ctx.Err() != nil:
		return nil, ctx.Err() // it was not waited for: what it holds is not known
	case errors.Is(err, errNoKeyring):
		f, ferr := a.file.load(ctx)
		a.inFile(err, f == nil || errors.Is(err, errLocked)) // a machine without one says so once, not at each start
		return f, ferr
	case err != nil:
		if f, ferr := a.file.load(ctx); f != nil && ferr == nil {
			return f, nil // what the keyring did not take is there
		}
		return nil, err
	default:
		a.inKeyring()
	}
	f, ferr := a.file.load(ctx)
	switch {
	case k == nil:
		return f, ferr
	case f == nil || !f.ExpiresAt.After(k.ExpiresAt):
		return k, nil
	}
	return f, nil
}

func (a *autoStore) save(ctx context.Context, t *Token) error {
	err := a.keyring.save(ctx, t)
	if err != nil {
		a.inFile(err, true)
		return a.file.save(ctx, t)
	}
	a.inKeyring()
	return a.file.drop(ctx)
}

// drop removes both. A keyring that is locked may still hold one, and is an
// error; where there is none, there is nothing in it.
func (a *autoStore) drop(ctx context.Context) error {
	ferr := a.file.drop(ctx)
	kerr := a.keyring.drop(ctx)
	if errors.Is(kerr, errNoKeyring) && !errors.Is(kerr, errLocked) {
		kerr = nil
	}
	return errors.Join(kerr, ferr)
}

func (a *autoStore) where() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.last == "" {
		return "the keyring, else " + a.file.where()
	}
	return a.last
}

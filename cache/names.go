package cache

import (
	"context"
	"maps"
	"path/filepath"
)

// Name is the user that an account was last logged in as. It is no secret: it is shown
// while the credential itself cannot be read, in a keyring that is locked.
type Name struct {
	Service string `json:"service"`
	User    string `json:"user"`
}

// Names remember the users of remembered accounts, in one file.
type Names struct {
	path  string
	state *State[map[string]Name]
}

// NewNames keeps names in the file at path.
func NewNames(path string) *Names {
	return &Names{path: path, state: NewState[map[string]Name](path)}
}

// All are the remembered names by account. A file that cannot be read is set aside, and
// the error says so; then there are none.
func (n *Names) All() (map[string]Name, error) {
	all, err := n.state.Load()
	if all == nil || *all == nil {
		return map[string]Name{}, err
	}
	return maps.Clone(*all), err
}

// Remember keeps the name of an account, whatever other processes keep meanwhile.
func (n *Names) Remember(ctx context.Context, account string, name Name) error {
	if err := CheckAccount(account); err != nil {
		return err
	}
	return n.change(ctx, func(all map[string]Name) { all[account] = name })
}

// Forget removes the name of an account; that there is none is no error.
func (n *Names) Forget(ctx context.Context, account string) error {
	return n.change(ctx, func(all map[string]Name) { delete(all, account) })
}

func (n *Names) change(ctx context.Context, f func(map[string]Name)) error {
	lock, err := lockFile(ctx, filepath.Join(filepath.Dir(n.path), "."+filepath.Base(n.path)+".lock"))
	if err != nil {
		return err
	}
	defer func() { _ = lock.Unlock() }()
	all, err := n.All()
	before := maps.Clone(all)
	f(all)
	if maps.Equal(before, all) && err == nil {
		return nil
	}
	return n.state.Save(all)
}

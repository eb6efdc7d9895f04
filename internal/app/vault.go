package app

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"segue/cache"
	"segue/internal/music"
	"segue/session"
)

// vault is the session's Vault over the credential store.
type vault struct{ store *cache.CredentialStore }

// openVault gives nil where nothing can be kept: credentials then live as long as the
// process.
func (h *House) openVault(o Options) session.Vault {
	if o.Folders.State == "" {
		return nil
	}
	s, err := cache.NewCredentials(cache.CredentialOptions{
		Kind: cache.Kind(o.Config.Cache.Credentials), Dir: filepath.Join(o.Folders.State, "credentials"), Log: h.warn,
	})
	if err != nil {
		h.note("%v; credentials are not kept", err)
		return nil
	}
	return vault{s}
}

// Load implements session.Vault.
func (v vault) Load(ctx context.Context, id music.AccountID) (*session.Credential, error) {
	c, err := v.store.Load(ctx, string(id))
	if errors.Is(err, cache.ErrNoCredential) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &session.Credential{Service: c.Service, User: c.User, Blob: c.Blob}, nil
}

// Store implements session.Vault.
func (v vault) Store(ctx context.Context, id music.AccountID, c session.Credential) error {
	return v.store.Store(ctx, string(id), cache.Credential{Service: c.Service, User: c.User, Blob: c.Blob})
}

// Delete implements session.Vault.
func (v vault) Delete(ctx context.Context, id music.AccountID) error {
	return v.store.Delete(ctx, string(id))
}

// Where implements session.Vault.
func (v vault) Where(id music.AccountID) string { return v.store.Where(string(id)) }

// warn puts what a part says while the house runs before the user, and into the log.
func (h *House) warn(line string) { h.notes.Put(strings.TrimPrefix(line, "cache: ")) }

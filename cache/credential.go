package cache

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

// Credential is what an account without OAuth is logged in with again. It prints as
// "[secret]"; NO_CREDENTIALS is ErrNoCredential.
type Credential struct {
	Service string // whose blob it is: the caller refuses one of another service
	User    string // the name that it was made for
	Blob    Secret // any bytes
}

// ErrNoCredential says that nothing is stored for an account.
var ErrNoCredential = errors.New("no credential is stored")

// String is "[secret]".
func (Credential) String() string { return mask }

// GoString is "[secret]".
func (Credential) GoString() string { return mask }

// Format writes "[secret]" for every verb and flag.
func (Credential) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(mask)) }

// LogValue gives "[secret]" to log/slog.
func (Credential) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalJSON gives "[secret]".
func (Credential) MarshalJSON() ([]byte, error) { return []byte(`"` + mask + `"`), nil }

// Credentials keep one credential for each account.
type Credentials interface {
	// Load is ErrNoCredential when nothing is stored, ErrUnavailable when that cannot be
	// known: a keyring that is locked.
	Load(ctx context.Context, account string) (Credential, error)
	Store(ctx context.Context, account string, c Credential) error
	// Delete removes it from everywhere; that there is none is no error.
	Delete(ctx context.Context, account string) error
	// Where says for people where an account's credential is or would be.
	Where(account string) string
}

// CredentialOptions say where credentials are kept.
type CredentialOptions struct {
	Kind    Kind   // Auto ("" too), Keyring or File
	Dir     string // of ACCOUNT.json; made 0700
	Keyring KeyringOptions
	Now     func() time.Time // nil: time.Now
	Log     func(string)     // takes warnings; nil: nobody
}

// CredentialStore is Credentials in the keyring, in files, or (Auto) in the keyring where
// one answers, else in files. It may be used by any number of goroutines.
type CredentialStore struct {
	o     CredentialOptions
	vault *vault
}

// NewCredentials makes the store and opens nothing. Another kind is an ErrInvalid.
func NewCredentials(o CredentialOptions) (*CredentialStore, error) {
	if o.Kind == "" {
		o.Kind = Auto
	}
	if o.Kind != Auto && o.Kind != Keyring && o.Kind != File {
		return nil, invalid("%q is no place for credentials; the places are %s", o.Kind, list([]Kind{Auto, Keyring, File}))
	}
	if o.Dir == "" && o.Kind != Keyring {
		return nil, invalid("no folder for credentials")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = func(string) {}
	}
	return &CredentialStore{o: o, vault: newVault(o.Keyring)}, nil
}

// credentialJSON is how a credential lies on disk and in the keyring.
type credentialJSON struct {
	Service string `json:"service"`
	User    string `json:"user"`
	Blob    []byte `json:"blob"`
	Saved   int64  `json:"saved"` // Unix milliseconds: of two, the later counts
}

var errNotCredential = errors.New("not a credential")

func decodeCredential(data []byte) (*credentialJSON, error) {
	c := &credentialJSON{}
	if err := json.Unmarshal(data, c); err != nil || c.Service == "" {
		return nil, errNotCredential // the error itself might quote the blob
	}
	return c, nil
}

// Load implements Credentials.
func (s *CredentialStore) Load(ctx context.Context, account string) (Credential, error) {
	if err := CheckAccount(account); err != nil {
		return Credential{}, err
	}
	k, kerr := s.fromKeyring(ctx, account)
	f, ferr := s.fromFile(account)
	c := k
	if k == nil || f != nil && f.Saved > k.Saved {
		c = f
	}
	if c != nil {
		return Credential{Service: c.Service, User: c.User, Blob: NewSecret(string(c.Blob))}, nil
	}
	if err := errors.Join(kerr, ferr); err != nil {
		return Credential{}, fmt.Errorf("cache: credential of %s: %w: %w", account, ErrUnavailable, err)
	}
	return Credential{}, fmt.Errorf("cache: %s: %w", account, ErrNoCredential)
}

// fromKeyring is the credential in the keyring. Where there is no keyring and Auto does
// without, there is none; a locked one is an error.
func (s *CredentialStore) fromKeyring(ctx context.Context, account string) (*credentialJSON, error) {
	if s.o.Kind == File {
		return nil, nil
	}
	text, ok, err := s.vault.get(ctx, "credential:"+account)
	if errors.Is(err, errNoKeyring) && !errors.Is(err, errLocked) && s.o.Kind == Auto {
		return nil, nil
	}
	if err != nil || !ok {
		return nil, err
	}
	c, err := decodeCredential([]byte(text))
	if err != nil {
		s.o.Log("cache: what the keyring keeps for " + account + " is no credential, and is not used")
		return nil, nil
	}
	return c, nil
}

func (s *CredentialStore) fromFile(account string) (*credentialJSON, error) {
	if s.o.Kind == Keyring {
		return nil, nil
	}
	path := s.path(account)
	sweep(path, saveTakes)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c, err := decodeCredential(data)
	if err != nil {
		aside, err := setAside(path, s.o.Now())
		if err != nil {
			return nil, fmt.Errorf("%s is no credential and cannot be set aside: %w", path, err)
		}
		s.o.Log("cache: the credential of " + account + " cannot be read, set aside as " + aside)
		return nil, nil
	}
	return c, nil
}

// Store implements Credentials. What lies in the other place goes, once it is stored.
func (s *CredentialStore) Store(ctx context.Context, account string, c Credential) error {
	if err := CheckAccount(account); err != nil {
		return err
	}
	if c.Service == "" || c.Blob.IsZero() {
		return invalid("a credential without a service or a blob")
	}
	data, err := json.Marshal(credentialJSON{c.Service, c.User, []byte(c.Blob.Reveal()), s.o.Now().UnixMilli()})
	if err != nil {
		return fmt.Errorf("cache: store the credential of %s: not as JSON", account)
	}
	if s.o.Kind != File {
		err := s.vault.set(ctx, "credential:"+account, string(data))
		if err == nil && s.o.Kind == Auto {
			err = s.removeFile(account)
		}
		if err == nil || s.o.Kind == Keyring {
			return wrap("store the credential of "+account, err)
		}
		if !exists(s.path(account)) { // it is said once, not at every sign-in
			s.o.Log(err.Error() + "; the credential of " + account + " is kept in " + s.path(account))
		}
	}
	return wrap("store the credential of "+account, WriteFile(s.path(account), data))
}

// Delete implements Credentials.
func (s *CredentialStore) Delete(ctx context.Context, account string) error {
	if err := CheckAccount(account); err != nil {
		return err
	}
	kerr := s.vault.del(ctx, "credential:"+account)
	if errors.Is(kerr, errNoKeyring) && (s.o.Kind == File || !errors.Is(kerr, errLocked) && s.o.Kind == Auto) {
		kerr = nil // none has been put there, or there is no keyring
	}
	return wrap("delete the credential of "+account, errors.Join(kerr, s.removeFile(account)))
}

func (s *CredentialStore) removeFile(account string) error {
	if s.o.Dir == "" {
		return nil
	}
	path := s.path(account)
	sweep(path, saveTakes)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Where implements Credentials.
func (s *CredentialStore) Where(account string) string {
	ring := "the keyring, " + s.vault.service + " credential:" + account
	switch {
	case s.o.Kind == Keyring:
		return ring
	case s.o.Kind == File || exists(s.path(account)):
		return s.path(account)
	}
	return ring + ", else " + s.path(account)
}

func (s *CredentialStore) path(account string) string {
	return filepath.Join(s.o.Dir, account+".json")
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("cache: %s: %w", what, err)
}

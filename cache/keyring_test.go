package cache_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/zalando/go-keyring"

	"segue/cache"
	"segue/cache/cachetest"
	"segue/internal/need"
)

func TestWithoutAKeyringTheStartGoesOnAndNoneIsStarted(t *testing.T) {
	for name, prepare := range map[string]func(t *testing.T) *dbus.Conn{
		"no bus": func(t *testing.T) *dbus.Conn { noBus(t); return nil },
		"a bus that would start a secret service": func(t *testing.T) *dbus.Conn {
			need.Programs(t, "gnome-keyring-daemon") // its service file is what would start it
			cachetest.StartBus(t, "<standard_session_servicedirs/>")
			c, err := dbus.ConnectSessionBus()
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = c.Close() })
			return c
		},
		"a bus that does not answer": func(t *testing.T) *dbus.Conn {
			t.Setenv("DBUS_SESSION_BUS_ADDRESS", "tcp:host=127.0.0.1,port="+strings.TrimPrefix(hangingServer(t), "127.0.0.1:"))
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			conn := prepare(t)
			l := &logs{}
			h := cache.NewKeyring("token:me", cache.KeyringOptions{Timeout: time.Second}, cache.FileOptions{Log: l.add})
			within(t, cachetest.Patience, func(ctx context.Context) {
				if got, err := h.Get(ctx); got != nil || err != nil || l.count("no keyring answers") == 0 {
					t.Errorf("%v, %v, %s", got, err, l)
				}
			})
			if conn != nil && cachetest.HasOwner(t, conn, "org.freedesktop.secrets") {
				t.Error("a secret service was started")
			}
		})
	}
}

func TestALockedKeyringAsksNobodyAndLosesNothing(t *testing.T) {
	conn := cachetest.StartKeyring(t)
	l := &logs{}
	o := cache.Options{Kind: cache.Auto, Keyring: unhurried(), Log: l.add, TokenDir: t.TempDir(), LockDir: t.TempDir()}
	m := mustManager(t, o)
	h := mustHandler(t, m, "me")
	creds := mustCredentials(t, cache.CredentialOptions{Keyring: unhurried(), Dir: t.TempDir(), Log: l.add})
	cred := cache.Credential{Service: "subsonic", User: "jo", Blob: cache.NewSecret("a\x00b")}
	if err := errors.Join(h.Save(t.Context(), tokenOf(1)), creds.Store(t.Context(), "me", cred), creds.Store(t.Context(), "you", cred)); err != nil {
		t.Fatal(err)
	}
	cachetest.LockKeyring(t, conn)
	within(t, cachetest.Patience, func(ctx context.Context) {
		if got, err := h.Get(ctx); got != nil || err != nil || l.count("the keyring is locked") == 0 {
			t.Errorf("locked: %v, %v, %s", got, err, l)
		}
		if _, err := creds.Load(ctx, "me"); !errors.Is(err, cache.ErrUnavailable) || errors.Is(err, cache.ErrNoCredential) {
			t.Errorf("a credential that may be there: %v", err)
		}
		if err := creds.Delete(ctx, "you"); err == nil {
			t.Error("a credential in a locked keyring was deleted")
		}
		if err := m.Clear(ctx, "you"); err == nil {
			t.Error("a token in a locked keyring was cleared")
		}
		if err := h.Save(ctx, tokenOf(2)); err != nil {
			t.Errorf("saving goes to the file: %v", err)
		}
	})
	if got, err := mustHandler(t, mustManager(t, o), "me").Get(t.Context()); err != nil || !sameToken(got, tokenOf(2)) {
		t.Errorf("from the file: %v", err)
	}
	if l.count("tokens are kept in") != 2 { // once by each manager
		t.Errorf("said %d times: %s", l.count("tokens are kept in"), l)
	}
}

func TestTheLaterOfTwoTokensCountsAndTheFileGoesWhenTheKeyringIsBack(t *testing.T) {
	cachetest.StartKeyring(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "me.json")
	old := cache.NewFile(path, cache.FileOptions{})
	h := mustHandler(t, mustManager(t, cache.Options{Keyring: unhurried(), TokenDir: dir}), "me")
	if err := errors.Join(old.Save(t.Context(), tokenOf(5))); err != nil {
		t.Fatal(err)
	}
	if got, err := h.Get(t.Context()); err != nil || !sameToken(got, tokenOf(5)) {
		t.Fatalf("a file of before there was a keyring: %v", err)
	}
	if err := h.Save(t.Context(), tokenOf(6)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file's copy: %v", err)
	}
	for n, want := range map[int]int{3: 6, 9: 9} {
		if err := old.Save(t.Context(), tokenOf(n)); err != nil {
			t.Fatal(err)
		}
		if got, err := h.Get(t.Context()); err != nil || !sameToken(got, tokenOf(want)) {
			t.Errorf("a file with token %d: %v", n, err)
		}
	}
}

// dialogService is a secret service that says it is unlocked, and then answers each call
// with a prompt that nobody ever answers.
type dialogService struct{ asked chan struct{} }

func (dialogService) OpenSession(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	return dbus.MakeVariant(""), "/session", nil
}

func (dialogService) Unlock([]dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	return nil, "/prompt", nil
}

func (d dialogService) Prompt(string) *dbus.Error {
	close(d.asked) // a second dialog would panic
	return nil
}

func (dialogService) Get(_, name string) (dbus.Variant, *dbus.Error) {
	if name == "Collections" {
		return dbus.MakeVariant([]dbus.ObjectPath{"/org/freedesktop/secrets/collection/login"}), nil
	}
	return dbus.MakeVariant(false), nil
}

func TestADialogThatNobodyAnswersDoesNotBlock(t *testing.T) {
	cachetest.StartBus(t, "")
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	service := dialogService{make(chan struct{})}
	for path, iface := range map[dbus.ObjectPath]string{"/org/freedesktop/secrets": "org.freedesktop.Secret.Service", "/prompt": "org.freedesktop.Secret.Prompt"} {
		if err := conn.Export(service, path, iface); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []dbus.ObjectPath{"/org/freedesktop/secrets", "/org/freedesktop/secrets/collection/login"} {
		if err := conn.Export(service, path, "org.freedesktop.DBus.Properties"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := conn.RequestName("org.freedesktop.secrets", 0); err != nil {
		t.Fatal(err)
	}
	l := &logs{}
	m := mustManager(t, cache.Options{Kind: cache.Auto, Log: l.add, Keyring: cache.KeyringOptions{Timeout: 3 * time.Second}})
	h := mustHandler(t, m, "me")
	within(t, cachetest.Patience, func(ctx context.Context) {
		if got, err := h.Get(ctx); got != nil || err != nil || l.count("no keyring answers within 3s") != 1 {
			t.Errorf("%v, %v, %s", got, err, l)
		}
		<-service.asked
		if err := h.Save(ctx, tokenOf(1)); err != nil {
			t.Errorf("while the first call hangs: %v", err)
		}
		if got, err := h.Get(ctx); err != nil || !sameToken(got, tokenOf(1)) {
			t.Errorf("from the file: %v", err)
		}
	})
}

func mustCredentials(t *testing.T, o cache.CredentialOptions) *cache.CredentialStore {
	t.Helper()
	c, err := cache.NewCredentials(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestWhoLeavesIsNotTakenForSomebodyWithoutAToken: a keyring that was not waited for may
// hold one.
func TestWhoLeavesIsNotTakenForSomebodyWithoutAToken(t *testing.T) {
	noBus(t)
	l := &logs{}
	m := mustManager(t, cache.Options{Kind: cache.Auto, Log: l.add, TokenDir: t.TempDir(), LockDir: t.TempDir()})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := m.Fresh(ctx, "me", "", cache.Secret{}, func(context.Context, *cache.Token) (*cache.Token, error) { return tokenOf(1), nil })
	if !errors.Is(err, context.Canceled) || errors.Is(err, cache.ErrSignIn) {
		t.Errorf("got %v", err)
	}
	if st := m.Stats()[0]; st.Errors != 0 || l.String() != "" {
		t.Errorf("%d errors, said %s", st.Errors, l)
	}
}

// TestATokenThatTheKeyringDidNotTakeIsReadFromTheFile, where it was saved instead, although
// the keyring answers.
func TestATokenThatTheKeyringDidNotTakeIsReadFromTheFile(t *testing.T) {
	cachetest.StartKeyring(t)
	dir := t.TempDir()
	o := cache.Options{Kind: cache.Auto, Keyring: unhurried(), TokenDir: dir, LockDir: t.TempDir()}
	file := mustHandler(t, mustManager(t, cache.Options{Kind: cache.File, TokenDir: dir, LockDir: t.TempDir()}), "me")
	if err := errors.Join(file.Save(t.Context(), tokenOf(1)), keyring.Set("segue", "token:me", "gibberish")); err != nil {
		t.Fatal(err)
	}
	if got, err := mustHandler(t, mustManager(t, o), "me").Get(t.Context()); err != nil || !sameToken(got, tokenOf(1)) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestCredentialsComeBackFromEveryPlace(t *testing.T) {
	for name, prepare := range map[string]func(t *testing.T) cache.Kind{
		"file":                   func(*testing.T) cache.Kind { return cache.File },
		"keyring":                func(t *testing.T) cache.Kind { cachetest.StartKeyring(t); return cache.Keyring },
		"auto with a keyring":    func(t *testing.T) cache.Kind { cachetest.StartKeyring(t); return cache.Auto },
		"auto without a keyring": func(t *testing.T) cache.Kind { noBus(t); return "" },
	} {
		t.Run(name, func(t *testing.T) {
			o := cache.CredentialOptions{Kind: prepare(t), Keyring: unhurried(), Dir: filepath.Join(t.TempDir(), "credentials")}
			ctx := t.Context()
			store := mustCredentials(t, o)
			if _, err := store.Load(ctx, "me"); !errors.Is(err, cache.ErrNoCredential) || errors.Is(err, cache.ErrUnavailable) {
				t.Errorf("none: %v", err)
			}
			if err := store.Delete(ctx, "me"); err != nil {
				t.Errorf("deleting none: %v", err)
			}
			want := cache.Credential{Service: "subsonic", User: "Jo é", Blob: cache.NewSecret("\x00\xff" + hidden)}
			if err := store.Store(ctx, "me", want); err != nil {
				t.Fatal(err)
			}
			store = mustCredentials(t, o)
			got, err := store.Load(ctx, "me")
			if err != nil || got.Service != want.Service || got.User != want.User || !got.Blob.Equal(want.Blob) {
				t.Errorf("%q %q, %v", got.Service, got.User, err)
			}
			if _, err := store.Load(ctx, "you"); !errors.Is(err, cache.ErrNoCredential) {
				t.Errorf("another account: %v", err)
			}
			if store.Where("me") == "" {
				t.Error("it is nowhere")
			}
			if err := store.Delete(ctx, "me"); err != nil {
				t.Fatal(err)
			}
			if _, err := store.Load(ctx, "me"); !errors.Is(err, cache.ErrNoCredential) {
				t.Errorf("after Delete: %v", err)
			}
		})
	}
}

func TestThatAFileStandsInForTheKeyringIsSaidOnce(t *testing.T) {
	noBus(t)
	l := &logs{}
	o := cache.CredentialOptions{Dir: t.TempDir(), Log: l.add}
	for range 3 { // three starts, each of which keeps a credential
		if err := mustCredentials(t, o).Store(t.Context(), "me", cache.Credential{Service: "subsonic", Blob: cache.NewSecret(hidden)}); err != nil {
			t.Fatal(err)
		}
	}
	if n := l.count("is kept in"); n != 1 {
		t.Errorf("said %d times: %s", n, l)
	}
}

func TestBadCredentialsAreRefusedOrSetAside(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "credentials")
	l := &logs{}
	store := mustCredentials(t, cache.CredentialOptions{Kind: cache.File, Dir: dir, Log: l.add})
	for name, c := range map[string]cache.Credential{"no service": {Blob: cache.NewSecret("b")}, "no blob": {Service: "s"}} {
		if err := store.Store(t.Context(), "me", c); !errors.Is(err, cache.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := store.Store(t.Context(), "Me", cache.Credential{Service: "s", Blob: cache.NewSecret("b")}); !errors.Is(err, cache.ErrInvalid) {
		t.Errorf("a bad account: %v", err)
	}
	if err := store.Store(t.Context(), "me", cache.Credential{Service: "s", Blob: cache.NewSecret(hidden)}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "me.json")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		put(t, path, string(whole[:n]))
		if _, err := store.Load(t.Context(), "me"); !errors.Is(err, cache.ErrNoCredential) {
			t.Fatalf("cut at %d: %v", n, err)
		}
	}
	if aside, err := filepath.Glob(path + ".bad-*"); err != nil || len(aside) != len(whole) || l.count("set aside as") != len(whole) || leaks(l.String()) {
		t.Errorf("%d set aside, %s", len(aside), l)
	}
	mkdir(t, path)
	if _, err := store.Load(t.Context(), "me"); !errors.Is(err, cache.ErrUnavailable) {
		t.Errorf("a folder: %v", err)
	}
	for _, kind := range []cache.Kind{"redis", "memory", "x"} {
		if _, err := cache.NewCredentials(cache.CredentialOptions{Kind: kind, Dir: dir}); !errors.Is(err, cache.ErrInvalid) || !strings.Contains(err.Error(), "auto, keyring, file") {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestAMachineWithoutAKeyringSaysSoOnce(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "none"))
	l := &logs{}
	o := cache.Options{Kind: cache.Auto, Log: l.add, TokenDir: t.TempDir(), LockDir: t.TempDir()}
	if err := mustHandler(t, mustManager(t, o), "me").Save(t.Context(), tokenOf(1)); err != nil {
		t.Fatal(err)
	}
	if l.count("tokens are kept in") != 1 {
		t.Errorf("when it is news: %s", l)
	}
	if got, err := mustHandler(t, mustManager(t, o), "me").Get(t.Context()); err != nil || !sameToken(got, tokenOf(1)) {
		t.Errorf("at the next start: %v", err)
	}
	if l.count("tokens are kept in") != 1 {
		t.Errorf("it is said at each start: %s", l)
	}
}

//go:build linux || freebsd || netbsd || openbsd || dragonfly

package cache

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/godbus/dbus/v5"
)

// errLocked says that a keyring is there, and locked.
var errLocked = errors.New("the keyring is locked")

// The secret service's names on the session bus, and where go-keyring keeps things.
const (
	secrets           = "org.freedesktop.secrets"
	secretsPath       = "/org/freedesktop/secrets"
	secretsCollection = "org.freedesktop.Secret.Collection.Locked"
	loginCollection   = "/org/freedesktop/secrets/collection/login"
	defaultCollection = "/org/freedesktop/secrets/aliases/default"
)

// keyringReady asks the session bus, without starting a bus or a service, whether a secret
// service runs and its collection is unlocked: go-keyring would start both, and wait for
// the dialog of a locked one for ever.
func keyringReady(ctx context.Context) error {
	conn, err := dbus.SessionBusPrivateNoAutoStartup(dbus.WithContext(ctx))
	if err != nil {
		return errors.New("there is no session bus")
	}
	defer func() { _ = conn.Close() }()
	if conn.Auth(nil) != nil || conn.Hello() != nil {
		return errors.New("the session bus does not answer")
	}
	var owned bool
	if err := conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.NameHasOwner", 0, secrets).Store(&owned); err != nil || !owned {
		return errors.New("no secret service runs")
	}
	collection, err := collectionPath(ctx, conn)
	if err != nil {
		return err
	}
	locked, err := property[bool](ctx, conn, collection, secretsCollection)
	if err != nil {
		return fmt.Errorf("the secret service has no collection: %w", err)
	}
	if locked {
		return errLocked
	}
	return nil
}

// collectionPath is the one that go-keyring takes: login, or else the default.
func collectionPath(ctx context.Context, conn *dbus.Conn) (dbus.ObjectPath, error) {
	all, err := property[[]dbus.ObjectPath](ctx, conn, secretsPath, "org.freedesktop.Secret.Service.Collections")
	if err != nil {
		return "", fmt.Errorf("the secret service does not answer: %w", err)
	}
	if slices.Contains(all, loginCollection) {
		return loginCollection, nil
	}
	return defaultCollection, nil
}

// property reads "interface.Name" of an object of the secret service, which is not started for it.
func property[T any](ctx context.Context, conn *dbus.Conn, path dbus.ObjectPath, name string) (T, error) {
	var v dbus.Variant
	var t T
	dot := len(name) - 1
	for name[dot] != '.' {
		dot--
	}
	err := conn.Object(secrets, path).CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get",
		dbus.FlagNoAutoStart, name[:dot], name[dot+1:]).Store(&v)
	if err != nil {
		return t, err
	}
	return t, v.Store(&t)
}

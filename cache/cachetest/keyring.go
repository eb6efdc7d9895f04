package cachetest

import (
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/godbus/dbus/v5"

	"segue/internal/need"
)

// The secret service's names on a session bus.
const (
	secrets     = "org.freedesktop.secrets"
	secretsPath = "/org/freedesktop/secrets"
	login       = "/org/freedesktop/secrets/collection/login"
)

// StartBus starts a private session bus; the rest of the test sees no other, and has a HOME
// of its own. more is put into its configuration; without it the bus starts no services.
func StartBus(t testing.TB, more string) {
	t.Helper()
	need.Programs(t, "dbus-daemon")
	dir := ShortDir(t)
	sock := filepath.Join(dir, "bus")
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+sock)
	t.Setenv("XDG_DATA_HOME", filepath.Join(dir, "data"))
	t.Setenv("XDG_RUNTIME_DIR", dir)
	t.Setenv("HOME", dir)
	t.Cleanup(func() {
		if c, err := dbus.SessionBus(); err == nil { // go-keyring's own; the next test has another bus
			_ = c.Close()
		}
	})
	conf := filepath.Join(dir, "bus.conf")
	text := "<busconfig><type>session</type><listen>unix:path=" + sock + `</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>` + more + "</busconfig>"
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, "", "dbus-daemon", "--nofork", "--nopidfile", "--config-file="+conf)
	Until(t, "dbus-daemon", func() bool {
		c, err := net.Dial("unix", sock) //nolint:noctx // on this machine
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
}

// StartKeyring starts a real gnome-keyring, unlocked, on a private bus (StartBus), and gives
// a connection to that.
func StartKeyring(t testing.TB) *dbus.Conn {
	t.Helper()
	need.Programs(t, "gnome-keyring-daemon")
	StartBus(t, "")
	start(t, "master password", "gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets")
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	Until(t, "gnome-keyring-daemon", func() bool {
		if !HasOwner(t, conn, secrets) {
			return false
		}
		v, err := conn.Object(secrets, login).GetProperty("org.freedesktop.Secret.Collection.Locked")
		return err == nil && v.Value() == false
	})
	return conn
}

// HasOwner reports whether somebody on the bus has a name.
func HasOwner(t testing.TB, conn *dbus.Conn, name string) bool {
	t.Helper()
	var owned bool
	if err := conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, name).Store(&owned); err != nil {
		t.Fatal(err)
	}
	return owned
}

// LockKeyring locks the login collection, as a screen lock may.
func LockKeyring(t testing.TB, conn *dbus.Conn) {
	t.Helper()
	var locked []dbus.ObjectPath
	var prompt dbus.ObjectPath
	err := conn.Object(secrets, secretsPath).Call("org.freedesktop.Secret.Service.Lock", 0, []dbus.ObjectPath{login}).Store(&locked, &prompt)
	if err != nil || len(locked) != 1 {
		t.Fatal(locked, prompt, err)
	}
}

package cache_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"segue/cache"
	"segue/internal/need"
)

// patience is for programs that start on a machine with other things to do.
const patience = 60 * time.Second

// unhurried waits for a real keyring, which writes to a disk that others may keep busy.
func unhurried() cache.KeyringOptions { return cache.KeyringOptions{Timeout: patience / 2} }

// until waits for ok, or fails.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// program runs until the test ends or stop is called.
type program struct {
	cmd  *exec.Cmd
	out  *safeBuffer
	once sync.Once
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func start(t *testing.T, stdin string, env []string, name string, args ...string) *program {
	t.Helper()
	p := &program{cmd: exec.Command(name, args...), out: &safeBuffer{}}
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = strings.NewReader(stdin), p.out, p.out
	p.cmd.Env = append(os.Environ(), env...)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.stop)
	return p
}

func (p *program) stop() {
	p.once.Do(func() {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
	})
}

// redisServer is a real redis-server on a socket, and on a port with TLS, without persistence.
type redisAt struct {
	dir, sock string
	tlsPort   int
	pool      *x509.CertPool
	p         *program
}

const redisPassword = "s3cret-of-redis"

// startRedis starts one: the default user has redisPassword; app / apppw may read and write segue:*.
func startRedis(t *testing.T) *redisAt {
	t.Helper()
	need.Programs(t, "redis-server")
	r := &redisAt{dir: shortDir(t)}
	r.sock = filepath.Join(r.dir, "r.sock")
	r.pool = writeCertificate(t, r.dir)
	r.start(t)
	return r
}

// conf is its configuration, with a port that was free a moment ago.
func (r *redisAt) conf(t *testing.T) string {
	t.Helper()
	r.tlsPort = freePort(t)
	return fmt.Sprintf(`bind 127.0.0.1
port 0
unixsocket %s
unixsocketperm 700
tls-port %d
tls-cert-file %s/cert.pem
tls-key-file %s/key.pem
tls-auth-clients no
dir %s
save ""
appendonly no
requirepass %s
user app on >apppw ~segue:* +@read +@write +ping +hello +client +select
`, r.sock, r.tlsPort, r.dir, r.dir, r.dir, redisPassword)
}

func (r *redisAt) start(t *testing.T) {
	t.Helper()
	r.p = start(t, r.conf(t), nil, "redis-server", "-")
	until(t, "redis-server", func() bool {
		if strings.Contains(r.p.out.String(), "Failed listening") { // somebody else took the port
			r.p.stop()
			r.p = start(t, r.conf(t), nil, "redis-server", "-")
		}
		return answers("unix", r.sock, "PING\r\n")
	})
}

func (r *redisAt) url() string { return "unix://:" + redisPassword + "@" + r.sock + "?db=0" }

// cli asks the server as an operator would.
func (r *redisAt) cli(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	need.Programs(t, "redis-cli")
	c := exec.Command("redis-cli", append([]string{"-s", r.sock, "--no-auth-warning", "-a", redisPassword}, args...)...)
	c.Stdin = strings.NewReader(stdin)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("redis-cli %v: %v, %s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func answers(network, addr, ask string) bool {
	c, err := net.DialTimeout(network, addr, time.Second)
	if err != nil {
		return false
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(time.Second))
	if _, err := c.Write([]byte(ask)); err != nil {
		return false
	}
	n, err := c.Read(make([]byte, 16))
	return n > 0 && err == nil
}

func startMemcached(t *testing.T) string {
	t.Helper()
	need.Programs(t, "memcached")
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	sock := filepath.Join(shortDir(t), "m.sock")
	start(t, "", nil, "memcached", "-u", me.Username, "-s", sock, "-a", "700", "-m", "16")
	until(t, "memcached", func() bool { return answers("unix", sock, "version\r\n") })
	return sock
}

// startBus starts a private session bus; the rest of the test sees no other. more is put
// into its configuration; without it the bus starts no services.
func startBus(t *testing.T, more string) {
	t.Helper()
	need.Programs(t, "dbus-daemon")
	dir := shortDir(t)
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
	start(t, "", nil, "dbus-daemon", "--nofork", "--nopidfile", "--config-file="+conf)
	until(t, "dbus-daemon", func() bool {
		c, err := net.Dial("unix", sock)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
}

// startKeyring starts a real gnome-keyring, unlocked, on a private bus.
func startKeyring(t *testing.T) *dbus.Conn {
	t.Helper()
	need.Programs(t, "gnome-keyring-daemon")
	startBus(t, "")
	start(t, "master password", nil, "gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets")
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	until(t, "gnome-keyring-daemon", func() bool {
		if !hasOwner(t, conn, "org.freedesktop.secrets") {
			return false
		}
		v, err := conn.Object("org.freedesktop.secrets", "/org/freedesktop/secrets/collection/login").GetProperty("org.freedesktop.Secret.Collection.Locked")
		return err == nil && v.Value() == false
	})
	return conn
}

func hasOwner(t *testing.T, conn *dbus.Conn, name string) bool {
	t.Helper()
	var owned bool
	if err := conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, name).Store(&owned); err != nil {
		t.Fatal(err)
	}
	return owned
}

// lockKeyring locks the login collection, as a screen lock may.
func lockKeyring(t *testing.T, conn *dbus.Conn) {
	t.Helper()
	var locked []dbus.ObjectPath
	var prompt dbus.ObjectPath
	err := conn.Object("org.freedesktop.secrets", "/org/freedesktop/secrets").Call("org.freedesktop.Secret.Service.Lock", 0,
		[]dbus.ObjectPath{"/org/freedesktop/secrets/collection/login"}).Store(&locked, &prompt)
	if err != nil || len(locked) != 1 {
		t.Fatal(locked, prompt, err)
	}
}

// shortDir is a folder whose path leaves room for a socket's name (108 bytes).
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "sg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	a, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		t.Fatal(l.Addr())
	}
	return a.Port
}

// writeCertificate makes cert.pem and key.pem of 127.0.0.1, and what trusts it.
func writeCertificate(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: der}, "key.pem": {Type: "PRIVATE KEY", Bytes: keyDER}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool := x509.NewCertPool()
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool.AddCert(parsed)
	return pool
}

func (r *redisAt) tls() *tls.Config {
	return &tls.Config{RootCAs: r.pool, MinVersion: tls.VersionTLS12}
}

// within says that f ends before a limit far above what it needs.
func within(t *testing.T, limit time.Duration, f func(ctx context.Context)) time.Duration {
	t.Helper()
	began := time.Now()
	done := make(chan struct{})
	go func() { defer close(done); f(t.Context()) }()
	select {
	case <-done:
	case <-time.After(limit):
		t.Fatalf("it takes longer than %v", limit)
	}
	return time.Since(began)
}

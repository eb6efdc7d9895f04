package cachetest

import (
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
	"testing"
	"time"

	"segue/internal/need"
)

// Redis is a real redis-server on a socket, and on a port with TLS, without persistence.
type Redis struct {
	Sock    string
	TLSPort int // of 127.0.0.1; another one after each Start

	dir  string
	pool *x509.CertPool
	p    *program
}

// RedisPassword is the default user's. The user app, whose password is apppw, may read and
// write segue:*.
const RedisPassword = "s3cret-of-redis" //nolint:gosec // of a server that lives for a test

// StartRedis starts one.
func StartRedis(t testing.TB) *Redis {
	t.Helper()
	need.Programs(t, "redis-server", "redis-cli")
	r := &Redis{dir: ShortDir(t)}
	r.Sock = filepath.Join(r.dir, "r.sock")
	r.pool = writeCertificate(t, r.dir)
	r.Start(t)
	return r
}

// conf is its configuration, with a port that was free a moment ago.
func (r *Redis) conf(t testing.TB) string {
	t.Helper()
	r.TLSPort = FreePort(t)
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
`, r.Sock, r.TLSPort, r.dir, r.dir, r.dir, RedisPassword)
}

// Start starts it again after Stop, empty.
func (r *Redis) Start(t testing.TB) {
	t.Helper()
	r.p = start(t, r.conf(t), "redis-server", "-")
	Until(t, "redis-server", func() bool {
		if strings.Contains(r.p.out.String(), "Failed listening") { // somebody else took the port
			r.p.stop()
			r.p = start(t, r.conf(t), "redis-server", "-")
		}
		return Tell("unix", r.Sock, "PING") != ""
	})
}

// Stop ends it at once, and what it holds with it.
func (r *Redis) Stop() { r.p.stop() }

// URL is its address, with the password.
func (r *Redis) URL() string { return "unix://:" + RedisPassword + "@" + r.Sock + "?db=0" }

// TLS trusts it.
func (r *Redis) TLS() *tls.Config {
	return &tls.Config{RootCAs: r.pool, MinVersion: tls.VersionTLS12}
}

// CLI asks it as an operator would.
func (r *Redis) CLI(t testing.TB, stdin string, args ...string) string {
	t.Helper()
	c := exec.Command("redis-cli", append([]string{"-s", r.Sock, "--no-auth-warning", "-a", RedisPassword}, args...)...) //nolint:noctx // it ends with its answer
	c.Stdin = strings.NewReader(stdin)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("redis-cli %v: %v, %s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// StartMemcached starts a real memcached, and gives its socket.
func StartMemcached(t testing.TB) (sock string) {
	t.Helper()
	need.Programs(t, "memcached")
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	sock = filepath.Join(ShortDir(t), "m.sock")
	start(t, "", "memcached", "-u", me.Username, "-s", sock, "-a", "700", "-m", "16")
	Until(t, "memcached", func() bool { return Tell("unix", sock, "version") != "" })
	return sock
}

// writeCertificate makes cert.pem and key.pem of 127.0.0.1, and what trusts it.
func writeCertificate(t testing.TB, dir string) *x509.CertPool {
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

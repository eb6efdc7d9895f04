package cache

import (
	"context"
	"errors"
	"math"
	"net"
	"strings"
	"time"

	"github.com/bradfitz/gomemcache/memcache"
)

// MemcachedOptions say where Memcached is.
type MemcachedOptions struct {
	Addr string        // HOST:PORT or the path of a socket; "": localhost:11211
	TTL  time.Duration // 0: for ever, or until the server needs the room
}

const memcachedHere = "localhost:11211"

// memcachedServer is a remote. It is made without a connection.
type memcachedServer struct {
	client *memcache.Client
	name   string
	ttl    time.Duration
	now    func() time.Time
}

func newMemcached(o MemcachedOptions, now func() time.Time) (*memcachedServer, error) {
	where := o.Addr
	if where == "" {
		where = memcachedHere
	}
	if !strings.Contains(where, "/") {
		host, port, err := HostPort(where)
		if err != nil {
			return nil, invalid("the address of Memcached is not HOST:PORT or the path of a socket: %q", where)
		}
		if port == 0 {
			where = net.JoinHostPort(host, "11211")
		}
	}
	client := memcache.NewFromSelector(oneServer(where))
	client.Timeout, client.MaxIdleConns = time.Second, 2
	return &memcachedServer{client: client, name: "Memcached at " + where, ttl: o.TTL, now: now}, nil
}

// oneServer is the only server, looked up when it is dialled and not before: gomemcache's
// own list resolves names at once, and fails for good where there is no network yet.
type oneServer string

// PickServer implements memcache.ServerSelector.
func (s oneServer) PickServer(string) (net.Addr, error) { return s, nil }

// Each implements memcache.ServerSelector.
func (s oneServer) Each(f func(net.Addr) error) error { return f(s) }

// Network implements net.Addr.
func (s oneServer) Network() string {
	if strings.Contains(string(s), "/") {
		return "unix"
	}
	return "tcp"
}

// String implements net.Addr.
func (s oneServer) String() string { return string(s) }

func (c *memcachedServer) addr() string { return c.name }

func (c *memcachedServer) get(ctx context.Context, key string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	item, err := c.client.Get(key)
	if errors.Is(err, memcache.ErrCacheMiss) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return item.Value, nil
}

func (c *memcachedServer) set(ctx context.Context, key string, value []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return c.client.Set(&memcache.Item{Key: key, Value: value, Expiration: expiration(c.ttl, c.now())})
}

func (c *memcachedServer) del(ctx context.Context, keys ...string) error {
	for _, key := range keys {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := c.client.Delete(key); err != nil && !errors.Is(err, memcache.ErrCacheMiss) {
			return err
		}
	}
	return nil
}

// expiration is a life in memcached's protocol: seconds from now up to 30 days, beyond
// that an absolute Unix time; 0 for ever. What goes beyond 2038 is for ever.
func expiration(ttl time.Duration, now time.Time) int32 {
	const month = 30 * 24 * time.Hour
	switch {
	case ttl <= 0:
		return 0
	case ttl <= month:
		return int32((ttl + time.Second - 1) / time.Second) // a part of a second is not for ever
	}
	at := now.Add(ttl).Unix()
	if at > math.MaxInt32 {
		return 0
	}
	return int32(at)
}

// checkKey says what Memcached would not take: 1 to 250 bytes, no spaces or control characters.
func checkKey(key string) error {
	bad := key == "" || len(key) > 250
	for i := 0; i < len(key) && !bad; i++ {
		bad = key[i] <= ' ' || key[i] == 0x7f
	}
	if bad {
		return invalid("%.60q is no key for Memcached: 1 to 250 bytes without spaces and control characters", key)
	}
	return nil
}

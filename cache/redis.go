package cache

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// RedisOptions say where Redis is. The zero value is redis://localhost:6379/0.
type RedisOptions struct {
	URL      Secret // redis://USER:PASSWORD@HOST:PORT/DB, rediss:// (TLS), unix:///PATH?db=N
	Username string // over the URL's
	Password Secret // over the URL's
	TLS      *tls.Config
	TTL      time.Duration // 0: for ever. A TTL throws the refresh token away with the rest
	Client   RedisClient   // of a Go caller, who closes it; wins over all above but TTL
}

// RedisClient is what is used of a go-redis client; every one of its clients is one. (Its
// own interface of 300 methods would keep all of them in the program.)
type RedisClient interface {
	Get(ctx context.Context, key string) *redis.StringCmd
	Set(ctx context.Context, key string, value any, life time.Duration) *redis.StatusCmd
	SetArgs(ctx context.Context, key string, value any, a redis.SetArgs) *redis.StatusCmd
	Del(ctx context.Context, keys ...string) *redis.IntCmd
	PExpire(ctx context.Context, key string, life time.Duration) *redis.BoolCmd
	Close() error
}

const redisHere = "redis://localhost:6379/0"

func (o RedisOptions) set() bool { return o.Client != nil || !o.URL.IsZero() }

// parse gives go-redis's options. Its own error and net/url's would quote the URL, password and all.
func (o RedisOptions) parse() (*redis.Options, error) {
	url := o.URL.Reveal()
	if url == "" {
		url = redisHere
	}
	ro, err := redis.ParseURL(url)
	if err != nil {
		return nil, invalid("the address of Redis is not redis://USER:PASSWORD@HOST:PORT/DB, rediss://… or unix:///PATH")
	}
	if o.Username != "" {
		ro.Username = o.Username
	}
	if !o.Password.IsZero() {
		ro.Password = o.Password.Reveal()
	}
	if o.TLS != nil {
		ro.TLSConfig = o.TLS
	}
	ro.DialTimeout, ro.ReadTimeout, ro.WriteTimeout = time.Second, time.Second, time.Second
	ro.ContextTimeoutEnabled = true
	ro.MaxRetries, ro.DialerRetries = 1, 1
	ro.PoolSize, ro.PipelinePoolSize = 2, -1
	ro.ReadBufferSize, ro.WriteBufferSize = 4096, 4096
	ro.Protocol, ro.DisableIdentity = 2, true // asks of a user's rights no more than reading and writing keys
	ro.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return ro, nil
}

// redisServer is a remote. It is made without a connection.
type redisServer struct {
	client RedisClient
	name   string
	secret Secret
	ttl    time.Duration
	log    *sayOnce
}

// sayOnce gives a text on unless it is the one before: what fails in the same way again
// and again is said once.
type sayOnce struct {
	log func(string)

	mu   sync.Mutex
	last string
}

func (s *sayOnce) say(text string) {
	s.mu.Lock()
	again := text == s.last
	s.last = text
	s.mu.Unlock()
	if !again {
		s.log(text)
	}
}

func newRedis(o RedisOptions, log func(string)) (*redisServer, error) {
	once := &sayOnce{log: log}
	redis.SetLogger(redisLog{once}) // of the process: go-redis has no other place for it
	if o.Client != nil {
		return &redisServer{client: o.Client, name: "Redis", ttl: o.TTL, log: &sayOnce{log: log}}, nil
	}
	ro, err := o.parse()
	if err != nil {
		return nil, err
	}
	return &redisServer{client: redis.NewClient(ro), name: "Redis at " + ro.Addr, secret: NewSecret(ro.Password), ttl: o.TTL, log: &sayOnce{log: log}}, nil
}

// redisLog takes what go-redis would print to stderr.
type redisLog struct{ to *sayOnce }

// Printf implements go-redis's logger. That nobody answers comes back as an error besides: it
// is told where tokens are kept there, and is nothing to people who have no Redis.
func (l redisLog) Printf(_ context.Context, format string, args ...any) {
	if strings.Contains(format, "failed to dial") {
		return
	}
	l.to.say("cache: redis: " + strings.TrimPrefix(fmt.Sprintf(format, args...), "redis: "))
}

func (r *redisServer) addr() string { return r.name }

func (r *redisServer) close() error { return r.client.Close() }

func (r *redisServer) get(ctx context.Context, key string) ([]byte, error) {
	b, err := r.client.Get(ctx, key).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	}
	return b, r.fault(err)
}

func (r *redisServer) set(ctx context.Context, key string, value []byte) error {
	return r.fault(r.client.Set(ctx, key, value, r.ttl).Err())
}

func (r *redisServer) del(ctx context.Context, keys ...string) error {
	for _, key := range keys { // one at a time: a user may have no right to one, a cluster has them apart
		if err := r.client.Del(ctx, key).Err(); err != nil && !(key != keys[0] && redis.HasErrorPrefix(err, "NOPERM")) {
			return r.fault(err)
		}
	}
	return nil
}

func (r *redisServer) fault(err error) error {
	if err == nil {
		return nil
	}
	return masked(err, r.secret.Reveal())
}

// How long a lock outlives a process that died with it, and how often it is renewed.
const (
	lockLife  = 30 * time.Second
	lockRenew = 10 * time.Second
)

// lock takes a key that only its owner removes: SET NX PX. It waits until ctx ends. Where
// Redis does not answer or does not let us, the lock file alone has to do, with a warning:
// what is refreshed cannot be read from there either.
func (r *redisServer) lock(ctx context.Context, key string) (func(), error) {
	mine := rand.Text()
	for {
		call, cancel := context.WithTimeout(ctx, timeout)
		err := r.client.SetArgs(call, key, mine, redis.SetArgs{Mode: "NX", TTL: lockLife}).Err()
		cancel()
		switch {
		case ended(ctx):
			r.unlock(context.WithoutCancel(ctx), key, mine) // the answer may have been lost
			return nil, fmt.Errorf("cache: lock %s: %w", key, cmp.Or(ctx.Err(), context.DeadlineExceeded))
		case err == nil:
			return r.hold(ctx, key, mine), nil
		case !errors.Is(err, redis.Nil):
			r.log.say("cache: no lock for other machines: " + r.fault(err).Error())
			return func() {}, nil
		}
		select {
		case <-ctx.Done():
		case <-time.After(lockPoll):
		}
	}
}

// ended says that ctx has ended or is about to: a connection may notice its deadline a
// little before the context does, and a lock that took too long is not one we need not have.
func ended(ctx context.Context) bool {
	end, has := ctx.Deadline()
	return ctx.Err() != nil || has && time.Until(end) < 20*time.Millisecond
}

// hold renews the lock until the function that it gives is called.
func (r *redisServer) hold(ctx context.Context, key, mine string) func() {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var renewing sync.WaitGroup
	renewing.Go(func() {
		tick := time.NewTicker(lockRenew)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				r.client.PExpire(ctx, key, lockLife) // a failure shows when the key has gone
			}
		}
	})
	return func() {
		cancel()
		renewing.Wait()
		r.unlock(context.WithoutCancel(ctx), key, mine)
	}
}

// unlock removes the key if it is still ours. A script would do it in one step, but needs
// a right that a user who may read and write keys need not have; between the two steps
// another can get in only when we have held the lock for exactly its life.
func (r *redisServer) unlock(ctx context.Context, key, mine string) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if owner, err := r.client.Get(ctx, key).Result(); err == nil && owner == mine {
		r.client.Del(ctx, key) // if this fails, its life ends it
	}
}

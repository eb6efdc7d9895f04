package cache

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// remote is what Redis and Memcached have in common: a server of keys and bytes.
type remote interface {
	get(ctx context.Context, key string) ([]byte, error) // nil: no such key
	set(ctx context.Context, key string, value []byte) error
	del(ctx context.Context, keys ...string) error // that there is none is no error
	addr() string
}

// remoteStore keeps a token under a key of a server.
type remoteStore struct {
	at    remote
	key   string
	older []string // keys of another program that are read on a miss, and taken over
	codec Codec
}

// spotipyKeys are the keys under which Spotipy keeps its one token.
func spotipyKeys() []string { return []string{"token_info", "spotify_token"} }

func (r *remoteStore) load(ctx context.Context) (*Token, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	t, err := r.loadKey(ctx, r.key)
	if t != nil || err != nil {
		return t, err
	}
	for _, key := range r.older {
		t, err := r.loadKey(ctx, key)
		if errors.Is(err, ErrNotToken) {
			continue // something else is called so
		}
		if err != nil {
			return nil, err
		}
		if t != nil {
			_ = r.save(ctx, t) // if it fails it is taken over the next time
			return t, nil
		}
	}
	return nil, nil
}

func (r *remoteStore) loadKey(ctx context.Context, key string) (*Token, error) {
	data, err := r.at.get(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("cache: %s does not answer: %w", r.at.addr(), err)
	}
	if data == nil {
		return nil, nil
	}
	t, err := r.codec.Decode(data)
	if err != nil {
		return nil, r.setAside(ctx, key, data, err)
	}
	return t, nil
}

// setAside moves what cannot be used to KEY:bad, if it is ours: a codec of another
// configuration may still read it. Keys of other programs stay as they are.
func (r *remoteStore) setAside(ctx context.Context, key string, data []byte, why error) error {
	where := "left there"
	if key == r.key && r.at.set(ctx, key+":bad", data) == nil && r.at.del(ctx, key) == nil {
		where = "set aside as " + key + ":bad"
	}
	return fmt.Errorf("cache: what %s keeps under %s cannot be used, %s: %w: %w", r.at.addr(), key, where, ErrNotToken, why)
}

func (r *remoteStore) save(ctx context.Context, t *Token) error {
	data, err := r.codec.Encode(t)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := r.at.set(ctx, r.key, data); err != nil {
		return fmt.Errorf("cache: %s does not keep the token: %w", r.at.addr(), err)
	}
	return nil
}

// drop removes the older keys too: they hold the same grant, and would be taken over again.
func (r *remoteStore) drop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := r.at.del(ctx, append([]string{r.key}, r.older...)...); err != nil {
		return fmt.Errorf("cache: %s does not delete the token: %w", r.at.addr(), err)
	}
	return nil
}

func (r *remoteStore) where() string { return r.at.addr() + " " + r.key }

// lock is the part of the critical section that other machines see.
func (r *remoteStore) lock(ctx context.Context) (func(), error) {
	l, ok := r.at.(*redisServer)
	if !ok {
		return func() {}, nil
	}
	return l.lock(ctx, r.key+":lock")
}

// remotes are the clients of a manager, each made when it is first needed.
type remotes struct {
	redis     *redisServer
	memcached *memcachedServer
}

// remoteOf is the place of an account's token on a server. Called with the lock held.
func (m *Manager) remoteOf(kind Kind, account string) (store, error) {
	s := &remoteStore{key: "segue:token:" + account, codec: m.o.Codec}
	if m.o.Spotipy.Account == account {
		s.older = spotipyKeys()
		if m.o.Spotipy.Key != "" {
			s.key = m.o.Spotipy.Key
		}
	}
	if kind == Redis {
		if m.remotes.redis == nil {
			r, err := newRedis(m.o.Redis, m.o.Log)
			if err != nil {
				return nil, err
			}
			m.remotes.redis = r
		}
		s.at = m.remotes.redis
		return s, nil
	}
	if m.remotes.memcached == nil {
		c, err := newMemcached(m.o.Memcached, m.o.Now)
		if err != nil {
			return nil, err
		}
		m.remotes.memcached = c
	}
	s.at = m.remotes.memcached
	return s, checkKey(s.key)
}

// checkServers says what is wrong with the servers' options before anything is asked of them.
func (o *Options) checkServers() error {
	if o.Kind == Redis || o.Redis.set() {
		if _, err := o.Redis.parse(); err != nil {
			return err
		}
	}
	if o.Redis.TTL < 0 || o.Memcached.TTL < 0 {
		return invalid("a token cannot be kept for less than no time")
	}
	if o.Kind == Memcached && o.Spotipy.Key != "" {
		return checkKey(o.Spotipy.Key)
	}
	return nil
}

// Close waits until no account is in its critical section any more, a few seconds at most:
// a program that ended between a refresh and its saving would take the only refresh token
// along that is still good. Then it ends the connections to servers. Handlers still work,
// and connect again.
func (m *Manager) Close() error {
	m.rest()
	m.mu.Lock()
	defer m.mu.Unlock()
	var errs []error
	if r := m.remotes.redis; r != nil && m.o.Redis.Client == nil {
		errs = append(errs, r.close())
	}
	if c := m.remotes.memcached; c != nil {
		errs = append(errs, c.client.Close())
	}
	return errors.Join(errs...)
}

// NewRedis keeps a token in Redis under key, for programs that need no Manager. Of
// FileOptions it uses Codec and Log.
func NewRedis(key string, r RedisOptions, o FileOptions) (Handler, error) {
	if o.Log == nil {
		o.Log = func(string) {}
	}
	at, err := newRedis(r, o.Log)
	if err != nil {
		return nil, err
	}
	if key == "" {
		return nil, invalid("no key for Redis")
	}
	return newGuard(Redis, &remoteStore{at: at, key: key, codec: codecOr(o.Codec)}, o.Log), nil
}

// NewMemcached keeps a token in Memcached under key, for programs that need no Manager. Of
// FileOptions it uses Codec, Now and Log.
func NewMemcached(key string, c MemcachedOptions, o FileOptions) (Handler, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	at, err := newMemcached(c, o.Now)
	if err != nil {
		return nil, err
	}
	return newGuard(Memcached, &remoteStore{at: at, key: key, codec: codecOr(o.Codec)}, o.Log), nil
}

func codecOr(c Codec) Codec {
	if c == nil {
		return JSON{}
	}
	return c
}

// masked is an error of a server's client, without what a secret is in: neither client
// puts one into its errors, but a proxy or a server may quote what it was sent.
func masked(err error, secrets ...string) error {
	text := err.Error()
	for _, s := range secrets {
		if s != "" && strings.Contains(text, s) {
			return errors.New("(the message is not shown: it holds a secret)")
		}
	}
	return err
}

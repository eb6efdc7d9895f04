package cache_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"

	"segue/cache"
	"segue/cache/cachetest"
)

// inSQL is a handler of a program's own: a row for each user in a database. It keeps
// tokens that have expired, because they hold the refresh token.
type inSQL struct {
	db   *sql.DB
	user string
}

func (h inSQL) Get(ctx context.Context) (*cache.Token, error) {
	var text []byte
	err := h.db.QueryRowContext(ctx, `SELECT token FROM tokens WHERE user = ?`, h.user).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return cache.JSON{}.Decode(text)
}

func (h inSQL) Save(ctx context.Context, t *cache.Token) error {
	text, err := cache.JSON{}.Encode(t)
	if err != nil {
		return err
	}
	_, err = h.db.ExecContext(ctx, `INSERT INTO tokens(user, token, expires_at) VALUES(?, ?, ?)
		ON CONFLICT(user) DO UPDATE SET token = excluded.token, expires_at = excluded.expires_at`, h.user, text, t.ExpiresAt.Unix())
	return err
}

func (h inSQL) Delete(ctx context.Context) error {
	_, err := h.db.ExecContext(ctx, `DELETE FROM tokens WHERE user = ?`, h.user)
	return err
}

// A handler of a program's own, over database/sql.
func ExampleHandler() {
	dir, remove := exampleDir()
	defer remove()
	ctx := context.Background()

	db, err := sql.Open("sqlite3", filepath.Join(dir, "app.db"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(ctx, `CREATE TABLE tokens(user TEXT PRIMARY KEY, token BLOB NOT NULL, expires_at INTEGER NOT NULL)`); err != nil {
		fmt.Println(err)
		return
	}
	now := noon()
	m, err := cache.NewManager(cache.Options{Kind: cache.Memory, LockDir: dir, Now: func() time.Time { return now }})
	if err != nil {
		fmt.Println(err)
		return
	}
	h := inSQL{db, "jo"}
	if err := errors.Join(h.Save(ctx, exampleToken()), m.Use("jo", h)); err != nil {
		fmt.Println(err)
		return
	}
	now = now.Add(24 * time.Hour) // long expired, and still good for a refresh
	_, err = m.Fresh(ctx, "jo", "", cache.Secret{}, func(context.Context, *cache.Token) (*cache.Token, error) {
		return cache.TokenFromAnswer([]byte(answer), now)
	})
	fmt.Println(err)
	show(ctx, h)
	// Output:
	// <nil>
	// [secret] user-top-read until 13:00:00
}

// exampleRedis is a Redis of the example's own. Where none is installed, it is not there.
func exampleRedis(dir string) (url string, stop func()) {
	sock := filepath.Join(dir, "r.Sock")
	c := exec.Command("redis-server", "--port", "0", "--unixsocket", sock, "--save", "", "--dir", dir)
	if c.Start() != nil {
		return "", func() {}
	}
	for end := time.Now().Add(cachetest.Patience); cachetest.Tell("unix", sock, "PING") == "" && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
	}
	return "unix://" + sock, func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	}
}

// A token in Redis, under Spotipy's key.
func ExampleNewRedis() {
	dir, remove := exampleDir()
	defer remove()
	url, stop := exampleRedis(dir)
	defer stop()
	if url == "" && os.Getenv("SEGUE_CI") != "1" {
		fmt.Print("[secret] user-top-read until 13:00:00\nnone\n") // this machine has no redis-server to show it
		return
	}
	ctx := context.Background()

	h, err := cache.NewRedis("token_info", cache.RedisOptions{URL: cache.NewSecret(url)}, cache.FileOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := h.Save(ctx, exampleToken()); err != nil {
		fmt.Println(err)
	}
	show(ctx, h)
	if err := h.Delete(ctx); err != nil {
		fmt.Println(err)
	}
	show(ctx, h)
	// Output:
	// [secret] user-top-read until 13:00:00
	// none
}

// visit asks a web program for a page, as a browser does that keeps its cookies.
func visit(h http.Handler, cookies *[]*http.Cookie, path string) {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for _, c := range *cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if set := w.Result().Cookies(); len(set) > 0 {
		*cookies = set
	}
	fmt.Print(w.Body)
}

// pages of a web program: sign in, the token, sign out. (examples/webplayer signs in for real.)
func pages(tokens cache.Handler) *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("/login", func(w http.ResponseWriter, r *http.Request) {
		if err := tokens.Save(r.Context(), exampleToken()); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		t, err := tokens.Get(r.Context())
		if err != nil || t == nil {
			_, _ = fmt.Fprintln(w, "please sign in")
			return
		}
		_, _ = fmt.Fprintln(w, "signed in for", t.Scope)
	})
	mux.HandleFunc("/logout", func(w http.ResponseWriter, r *http.Request) {
		if err := tokens.Delete(r.Context()); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	return mux
}

// Each user's token in the user's own web session, in the manner of scs: the session
// travels in the request's context.
func ExampleNewWebSession() {
	sessions := scs.New()
	site := sessions.LoadAndSave(pages(cache.NewWebSession(sessions, nil)))

	var ann, jo []*http.Cookie
	visit(site, &ann, "/login")
	visit(site, &ann, "/")
	visit(site, &jo, "/")
	visit(site, &ann, "/logout")
	visit(site, &ann, "/")
	// Output:
	// signed in for user-top-read
	// please sign in
	// please sign in
}

// values is a web session in the manner of frameworks that give a map for each request,
// to be stored when the request is over.
type values map[string]string

type valuesKey struct{}

// GetString implements cache.WebSession.
func (values) GetString(ctx context.Context, key string) string {
	v, _ := ctx.Value(valuesKey{}).(values)
	return v[key]
}

// Put implements cache.WebSession.
func (values) Put(ctx context.Context, key string, value any) {
	if v, ok := ctx.Value(valuesKey{}).(values); ok {
		v[key] = fmt.Sprint(value)
	}
}

// Remove implements cache.WebSession.
func (values) Remove(ctx context.Context, key string) {
	v, _ := ctx.Value(valuesKey{}).(values)
	delete(v, key)
}

// The same in the manner of frameworks whose session is a map of values.
func ExampleNewWebSession_values() {
	var mu sync.Mutex
	all := map[string]values{} // by the cookie
	mux := pages(cache.NewWebSession(values{}, nil))
	site := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		c, err := r.Cookie("id")
		if err != nil || all[c.Value] == nil {
			c = &http.Cookie{Name: "id", Value: fmt.Sprint(len(all))} // a real one is random
			all[c.Value] = values{}
			http.SetCookie(w, c)
		}
		mux.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), valuesKey{}, all[c.Value])))
	})

	var ann, jo []*http.Cookie
	visit(site, &ann, "/login")
	visit(site, &jo, "/")
	visit(site, &ann, "/")
	visit(site, &ann, "/logout")
	visit(site, &ann, "/")
	// Output:
	// please sign in
	// signed in for user-top-read
	// please sign in
}

// hex is a codec of a program's own: no JSON for the eye that passes by.
type hex struct{}

func (hex) Encode(t *cache.Token) ([]byte, error) {
	text, err := cache.JSON{}.Encode(t)
	return fmt.Appendf(nil, "%x", text), err
}

func (hex) Decode(data []byte) (*cache.Token, error) {
	var text []byte
	if _, err := fmt.Sscanf(string(data), "%x", &text); err != nil {
		return nil, cache.ErrNotToken
	}
	return cache.JSON{}.Decode(text)
}

// A codec is what Spotipy calls encoder_cls.
func ExampleCodec() {
	dir, remove := exampleDir()
	defer remove()
	path := filepath.Join(dir, "token")
	h := cache.NewFile(path, cache.FileOptions{Codec: hex{}})
	if err := h.Save(context.Background(), exampleToken()); err != nil {
		fmt.Println(err)
	}
	text, err := os.ReadFile(path)
	fmt.Println(strings.HasPrefix(string(text), "7b22"), err)
	show(context.Background(), h)
	// Output:
	// true <nil>
	// [secret] user-top-read until 13:00:00
}

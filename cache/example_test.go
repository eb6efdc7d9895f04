package cache_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"segue/cache"
)

// answer is what a token endpoint says.
const answer = `{"access_token":"BQ…","token_type":"Bearer","expires_in":3600,"refresh_token":"AQ…","scope":"user-top-read"}`

// noon is when the examples happen.
func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

func exampleToken() *cache.Token {
	t, err := cache.TokenFromAnswer([]byte(answer), noon())
	if err != nil {
		panic(err)
	}
	return t
}

// exampleDir is a folder for one example.
func exampleDir() (dir string, remove func()) {
	dir, err := os.MkdirTemp("", "sg")
	if err != nil {
		panic(err)
	}
	return dir, func() { _ = os.RemoveAll(dir) }
}

// show prints what a handler holds, but nothing secret.
func show(ctx context.Context, h cache.Handler) {
	t, err := h.Get(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	if t == nil {
		fmt.Println("none")
		return
	}
	fmt.Println(t, t.Scope, "until", t.ExpiresAt.UTC().Format(time.TimeOnly))
}

// A token in a file that Spotipy reads and writes too.
func ExampleNewFile() {
	dir, remove := exampleDir()
	defer remove()
	ctx := context.Background()

	path, err := cache.SpotipyFile(dir, "jo") // .cache-jo
	if err != nil {
		fmt.Println(err)
		return
	}
	h := cache.NewFile(path, cache.FileOptions{Log: func(warning string) { fmt.Println(warning) }})
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

// A token that was got elsewhere, for as long as the process lives.
func ExampleNewMemory() {
	h := cache.NewMemory(exampleToken())
	show(context.Background(), h)
	// Output: [secret] user-top-read until 13:00:00
}

// One process, many users: each has a handler of its own.
func ExampleManager() {
	dir, remove := exampleDir()
	defer remove()
	ctx := context.Background()

	m, err := cache.NewManager(cache.Options{Kind: cache.File, TokenDir: filepath.Join(dir, "tokens"), LockDir: filepath.Join(dir, "locks")})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, user := range []string{"ann", "jo"} {
		h, err := m.Handler(user)
		if err != nil {
			fmt.Println(err)
			return
		}
		if user == "jo" {
			err = h.Save(ctx, exampleToken())
		}
		fmt.Print(user, ": ")
		show(ctx, h)
		if err != nil {
			fmt.Println(err)
		}
	}
	if err := m.Clear(ctx, "jo"); err != nil { // from everywhere, the file included
		fmt.Println(err)
	}
	for _, s := range m.Stats() {
		fmt.Printf("%s: %s, %d hits, %d misses\n", s.Account, s.Kind, s.Hits, s.Misses)
	}
	_, err = m.Handler("../etc")
	fmt.Println(err)
	// Output:
	// ann: none
	// jo: [secret] user-top-read until 13:00:00
	// ann: file, 0 hits, 1 misses
	// jo: file, 1 hits, 0 misses
	// cache: "../etc" is no account's name: 1 to 32 of a-z, 0-9, '.', '_', '-'
}

// A token that is ready to be sent, refreshed if it has to be: one at a time over all
// processes.
func ExampleManager_Fresh() {
	dir, remove := exampleDir()
	defer remove()
	ctx := context.Background()

	now := noon()
	m, err := cache.NewManager(cache.Options{Kind: cache.Memory, LockDir: dir, Now: func() time.Time { return now }})
	if err != nil {
		fmt.Println(err)
		return
	}
	h, err := m.Handler("jo")
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := h.Save(ctx, exampleToken()); err != nil {
		fmt.Println(err)
	}
	refresh := func(_ context.Context, old *cache.Token) (*cache.Token, error) {
		fmt.Println("POST grant_type=refresh_token refresh_token=" + old.RefreshToken.String())
		return cache.TokenFromAnswer([]byte(`{"access_token":"BQ2…","expires_in":3600}`), now) // the old refresh token holds
	}
	for range 3 {
		t, err := m.Fresh(ctx, "jo", "user-top-read", cache.Secret{}, refresh)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(now.Format(time.TimeOnly), t.Scope, "until", t.ExpiresAt.UTC().Format(time.TimeOnly))
		now = now.Add(59*time.Minute + 30*time.Second)
	}
	_, err = m.Fresh(ctx, "jo", "streaming", cache.Secret{}, refresh)
	fmt.Println(err)
	// Output:
	// 12:00:00 user-top-read until 13:00:00
	// POST grant_type=refresh_token refresh_token=[secret]
	// 12:59:30 user-top-read until 13:59:30
	// POST grant_type=refresh_token refresh_token=[secret]
	// 13:59:00 user-top-read until 14:59:00
	// cache: sign in: the token does not cover what is wanted (streaming)
}

// An account that is not to be remembered leaves nothing on the disk.
func ExampleManager_Use() {
	dir, remove := exampleDir()
	defer remove()
	m, err := cache.NewManager(cache.Options{Kind: cache.File, TokenDir: filepath.Join(dir, "tokens"), LockDir: filepath.Join(dir, "locks")})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := m.Use("guest", cache.NewMemory(exampleToken())); err != nil {
		fmt.Println(err)
	}
	fmt.Println(m.Stats()[0].Where)
	_, err = os.Stat(filepath.Join(dir, "tokens"))
	fmt.Println(os.IsNotExist(err))
	// Output:
	// this process's memory
	// true
}

func ExampleNormalizeScope() {
	fmt.Println(cache.NormalizeScope("user-top-read, playlist-read-private,user-top-read"))
	fmt.Println(cache.NormalizeScope(" user-top-read", "playlist-read-private"))
	fmt.Printf("%q\n", cache.NormalizeScope())
	// Output:
	// playlist-read-private user-top-read
	// playlist-read-private user-top-read
	// ""
}

func ExampleScopesFor() {
	fmt.Println(cache.ScopesFor("library", "top_content", "no such feature"))
	fmt.Println(cache.HasScopes("user-top-read user-library-read", cache.ScopesFor("top_content")))
	// Output:
	// user-library-modify user-library-read user-top-read
	// true
}

func ExampleHostPort() {
	for _, s := range []string{"localhost:8080", "localhost", "[::1]:8080"} {
		host, port, err := cache.HostPort(s)
		fmt.Println(host, port, err)
	}
	// Output:
	// localhost 8080 <nil>
	// localhost 0 <nil>
	// ::1 8080 <nil>
}

// What Spotipy's variables say, and where each value came from.
func ExampleEnvironment() {
	env := map[string]string{"SPOTIPY_CLIENT_ID": "0123", "SPOTIPY_CLIENT_SECRET": "4567"}
	for _, s := range cache.Environment(func(name string) string { return env[name] }) {
		fmt.Printf("%s = %s (%s)\n", s.Name, s.Text(), s.From)
	}
	// Output:
	// client_id = 0123 (SPOTIPY_CLIENT_ID)
	// client_secret = [secret] (SPOTIPY_CLIENT_SECRET)
}

// A stream is written as it comes, in any order, and read behind.
func ExampleMedia() {
	dir, remove := exampleDir()
	defer remove()
	m, err := cache.OpenMedia(cache.MediaOptions{Dir: dir, Limit: 1 << 30})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = m.Close() }()

	e, err := m.Open("home/track/17/320/mp3", 12)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = e.Close() }()
	e.Pin() // it plays: no limit removes it
	for _, part := range []struct {
		off  int64
		text string
	}{{8, "ends"}, {0, "it begi"}, {7, "n"}} {
		if _, err := e.WriteAt([]byte(part.text), part.off); err != nil {
			fmt.Println(err)
		}
		from, to, missing := e.Missing(0, -1)
		fmt.Println(from, to, missing)
	}
	fmt.Println(e.Commit(12), e.Complete())
	// Output:
	// 0 8 true
	// 7 8 true
	// 0 0 false
	// <nil> true
}

package oauth

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"

	"segue/cache"
	"segue/internal/httpx"
	"segue/internal/secret"
)

// A sign-in on a machine without a browser: the person opens the address anywhere, and
// pastes the one that the browser ends at.
func ExampleClient_SignIn() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `{"access_token":"a","refresh_token":"r","expires_in":3600,"scope":"user-read-recently-played user-top-read"}`)
	}))
	defer server.Close()
	web, err := httpx.New(httpx.Options{Service: "Spotify"})
	if err != nil {
		fmt.Println(err)
		return
	}
	client := New(Provider{
		Name: "Spotify", ClientID: "your own",
		AuthURL: "https://accounts.spotify.com/authorize", TokenURL: server.URL,
		RedirectURL: "http://127.0.0.1:8888/callback", Ports: PortAny,
		Scopes: cache.ScopesFor("top_content", "recently_played"),
		Force:  map[string]string{"show_dialog": "true"},
	}, web, NewCallbacks())

	token, err := client.SignIn(context.Background(), SignIn{Paste: true, Force: true, Ask: func(_ context.Context, q Prompt) (secret.Secret, error) {
		u, err := url.Parse(q.URL)
		if err != nil {
			return secret.Secret{}, err
		}
		ask := u.Query()
		fmt.Println("Open", u.Host+u.Path, "and allow:", ask.Get("scope"))
		return secret.New(ask.Get("redirect_uri") + "?code=c&state=" + ask.Get("state")), nil
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("granted:", token.Scope, token.AccessToken)
	// Output:
	// Open accounts.spotify.com/authorize and allow: user-read-recently-played user-top-read
	// granted: user-read-recently-played user-top-read [secret]
}

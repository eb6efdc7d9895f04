// Webplayer is an example: a small web site whose visitors sign in to an OAuth server,
// each with an account of their own. It shows how a Go program of your own uses package
// cache (NewWebSession, NewWebTokens) and package oauth (Start, Finish) with
// alexedwards/scs.
//
//	webplayer -server http://127.0.0.1:9000 -client segue
//
// Open http://127.0.0.1:8321 in two browsers. It starts one goroutine, the server, and
// ends with Ctrl-C. Sessions are in memory; they are gone when it ends.
package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"net/http"
	"os"
	"os/signal"
	"time"

	"segue/cache"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8321", "where browsers find it; the client's redirect address is http://THIS/callback")
	server := flag.String("server", "", "the OAuth server's address; it has /authorize, /api/token and /me")
	client := flag.String("client", "segue", "the client id that the OAuth server knows it by")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, *listen, Settings{Server: *server, Client: *client, Secret: cache.NewSecret(os.Getenv("WEBPLAYER_SECRET")),
		Redirect: "http://" + *listen + "/callback"})
	if err != nil {
		log.Fatal(err) //nolint:gocritic // nothing is left to stop
	}
}

// run serves until ctx ends, and then lets requests end.
func run(ctx context.Context, listen string, s Settings) error {
	site, err := NewSite(s)
	if err != nil {
		return err
	}
	web := &http.Server{Addr: listen, Handler: site, ReadHeaderTimeout: 10 * time.Second}
	stopped := context.AfterFunc(ctx, func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = web.Shutdown(end) // what is not done by then is cut
	})
	defer stopped()
	log.Printf("webplayer is at http://%s", listen)
	if err := web.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

package session_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/secret"
	"segue/session"
	"segue/session/sessiontest"
)

// TestAStormOfCommandsFromEverywhereEndsInOrder sends account commands from many
// goroutines, while the server says things from goroutines of its own and readers come
// and go: it is for the race detector, and at last a login works.
func TestAStormOfCommandsFromEverywhereEndsInOrder(t *testing.T) {
	local, home := sessiontest.NewService(music.Local), sessiontest.NewRemote("home")
	album := home.AddAlbum("Remote", time.Minute, "W", "X")
	vault := sessiontest.NewVault()
	vault.Put("home", home.Grant("alice"))
	s := session.New(session.Config{Seed: 1, Vault: vault, Accounts: sessiontest.NewAccounts(nil)}, sessiontest.NewPlayer(nil),
		sessiontest.NewStore(nil), local.Account(), home.Account())
	sub := s.Subscribe("test") // before it begins: nothing is missed
	ctx, end := context.WithTimeout(t.Context(), time.Minute)
	defer end()
	run, stop := context.WithCancel(ctx)
	var ended sync.WaitGroup
	ended.Go(func() {
		if err := s.Run(run); err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	sessiontest.Until(ctx, t, sub, "it is in", isIn)

	var storm sync.WaitGroup
	for seed := range uint64(6) {
		storm.Go(func() {
			rng := rand.New(rand.NewPCG(seed, 1))
			w := &world{rig: &rig{local: local, s: s}, home: home}
			for i := range 150 {
				c := w.anyAccountCommand(rng, album)
				if _, ok := c.(session.OfflineMode); !ok {
					s.Send(c)
				}
				switch i % 25 {
				case 3:
					home.Rotate("alice")
				case 7:
					home.Say(session.NewsUser{User: music.User{Name: "alice", Country: "GB"}})
				case 11:
					home.Say(session.NewsConnection{})
				case 13:
					home.Say(session.NewsTokenLost{})
				case 17:
					late := s.Subscribe("late")
					late.Take(ctx)
					late.Close()
				case 19:
					if _, err := s.Accounts(ctx); err != nil {
						t.Errorf("Accounts: %v", err)
					}
				}
			}
		})
	}
	storm.Wait()
	s.Send(session.Login{Account: "home", How: session.SignIn{User: "bob", Password: secret.New("builder")}})
	sessiontest.Until(ctx, t, sub, "bob is in", func(e session.Event) bool {
		in, ok := e.(session.LoggedIn)
		return ok && in.User.Name == "bob"
	})
	stop()
	ended.Wait()
}

func isIn(e session.Event) bool {
	in, ok := e.(session.LoggedIn)
	return ok && in.Fault == nil
}

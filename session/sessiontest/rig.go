package sessiontest

import (
	"context"
	"testing"

	"segue/internal/music"
	"segue/session"
)

// Rig is a running session with a player moved by hand and the account local.
type Rig struct {
	Session *session.Session
	Player  *Player
	Local   *Service
	Store   *Store
}

// Start runs a session over local and the accounts in more until the test ends.
// The player has a clock of its own: Player.Advance moves it at once, and the
// session hears of it soon; take events until what is expected has come.
func Start(tb testing.TB, local *Service, more ...session.Account) *Rig {
	tb.Helper()
	r := &Rig{Player: NewPlayer(nil), Local: local, Store: NewStore(nil)}
	r.Session = session.New(session.Config{Seed: 1}, r.Player, r.Store, append([]session.Account{local.Account()}, more...)...)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.Session.Run(ctx) }()
	tb.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			tb.Errorf("sessiontest: run: %v", err)
		}
	})
	return r
}

// Until takes events from a subscription until one fits and returns all that it
// took, that one's batch included. It fails the test when ctx ends first.
func Until(ctx context.Context, tb testing.TB, sub *session.Subscription, what string, fits func(session.Event) bool) []session.Event {
	tb.Helper()
	var all []session.Event
	for {
		events, ok := sub.Take(ctx)
		if !ok {
			tb.Fatalf("sessiontest: it never came to this: %s", what)
		}
		all = append(all, events...)
		for _, e := range events {
			if fits(e) {
				return all
			}
		}
	}
}

// QueueOf asks for all of the queue.
func QueueOf(t session.Ticket) session.Load {
	return session.Load{Ticket: t, Ask: music.Ask{Of: music.Queue, Limit: 1 << 30}}
}

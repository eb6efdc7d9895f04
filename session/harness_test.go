package session_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"segue/internal/music"
	"segue/session"
	"segue/session/sessiontest"
)

// rig is a running session with one reader, in a synctest bubble.
type rig struct {
	t      *testing.T
	s      *session.Session
	p      *sessiontest.Player
	local  *sessiontest.Service
	store  *sessiontest.Store
	sub    *session.Subscription
	events []session.Event
	end    func()
	album  music.Ref
}

type option func(*setup)

type setup struct {
	cfg      session.Config
	store    *sessiontest.Store
	accounts []session.Account
}

// inBubble runs a test with a session whose local account has the album
// "Suite" of four tracks, A to D, of 100 s each.
func inBubble(t *testing.T, f func(r *rig), options ...option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, sessiontest.NewService(music.Local), options...)
		defer r.close()
		f(r)
	})
}

func newRig(t *testing.T, local *sessiontest.Service, options ...option) *rig {
	r := &rig{t: t, local: local}
	r.album = r.local.AddAlbum("Suite", 100*time.Second, "A", "B", "C", "D")
	r.p = sessiontest.NewPlayer(func(d time.Duration) {
		time.Sleep(d)
		synctest.Wait()
	})
	c := setup{cfg: session.Config{Seed: 7}, store: sessiontest.NewStore(nil), accounts: []session.Account{r.local.Account()}}
	for _, o := range options {
		o(&c)
	}
	r.store = c.store
	r.s = session.New(c.cfg, r.p, r.store, c.accounts...)
	r.sub = r.s.Subscribe("test")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.s.Run(ctx) }()
	r.end = func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	}
	r.settle()
	return r
}

func (r *rig) close() {
	if r.end != nil {
		r.end()
		r.end = nil
	}
	r.take()
}

// take collects what the reader has been sent.
func (r *rig) take() {
	for {
		select {
		case <-r.sub.Ready():
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			events, _ := r.sub.Take(ctx)
			r.events = append(r.events, events...)
		default:
			return
		}
	}
}

func (r *rig) settle() {
	synctest.Wait()
	r.take()
}

// do sends commands and lets everything settle after each.
func (r *rig) do(commands ...session.Command) {
	for _, c := range commands {
		r.s.Send(c)
		r.settle()
	}
}

// sleep lets the needle move.
func (r *rig) sleep(d time.Duration) {
	r.p.Advance(d)
	r.settle()
}

func last[E session.Event](r *rig) (e E, ok bool) {
	for _, x := range slices.Backward(r.events) {
		if e, ok = x.(E); ok {
			return e, true
		}
	}
	return e, false
}

func all[E session.Event](r *rig) []E {
	var found []E
	for _, x := range r.events {
		if e, ok := x.(E); ok {
			found = append(found, e)
		}
	}
	return found
}

func (r *rig) playback() session.Playback {
	e, _ := last[session.PlaybackChanged](r)
	return e.Playback
}

func (r *rig) queue() session.QueueState {
	e, _ := last[session.QueueChanged](r)
	return e.Queue
}

func (r *rig) position() time.Duration {
	return r.playback().Position.Now(time.Now(), 0)
}

// rows loads the whole queue and gives the titles.
func (r *rig) rows() []string {
	r.do(session.Load{Ticket: 99, Ask: music.Ask{Of: music.Queue, Limit: 100000}})
	p, _ := last[session.PageLoaded](r)
	names := []string{}
	for _, it := range p.Page.Items {
		names = append(names, it.ItemName())
	}
	return names
}

// entry is the number of the queue's row i.
func (r *rig) entry(i int) session.EntryID {
	r.rows()
	p, _ := last[session.PageLoaded](r)
	return p.Entries[i]
}

func (r *rig) playAlbum() { r.do(session.PlayContext{Ask: music.Ask{Of: r.album}}) }

func (r *rig) wantTrack(title string) {
	r.t.Helper()
	if got := r.playback().Track.Title; got != title {
		r.t.Errorf("%q plays, want %q", got, title)
	}
}

func (r *rig) wantRows(want ...string) {
	r.t.Helper()
	if got := r.rows(); !slices.Equal(got, want) {
		r.t.Errorf("the queue is %q, want %q", got, want)
	}
}

func (r *rig) wantNotice(text string) {
	r.t.Helper()
	for _, n := range all[session.Notice](r) {
		if n.Text == text {
			return
		}
	}
	r.t.Errorf("no notice %q in %q", text, r.notices())
}

func (r *rig) notices() []string {
	var texts []string
	for _, n := range all[session.Notice](r) {
		texts = append(texts, n.Text)
	}
	return texts
}

func asks(refs ...music.Ref) []music.Ask {
	var list []music.Ask
	for _, r := range refs {
		list = append(list, music.Ask{Of: r})
	}
	return list
}

package session_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"segue/internal/music"
	"segue/session"
	"segue/session/sessiontest"
)

// present is a service that is told what plays.
type present struct {
	*sessiontest.Service
	mu   sync.Mutex
	told []string
}

func (p *present) Playing(_ context.Context, t music.Track) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told = append(p.told, "plays "+t.Title)
	return nil
}

func (p *present) SaveQueue(_ context.Context, tracks []music.Ref, index int, at time.Duration) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told = append(p.told, fmt.Sprintf("queue of %d, %d at %s", len(tracks), index, at.Round(time.Second)))
	return nil
}

func (p *present) all() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Sprint(p.told)
}

func TestAServiceIsToldWhatPlaysAndKeepsTheQueue(t *testing.T) {
	var p *present
	inBubble(t, func(r *rig) {
		r.do(session.PlayContext{Ask: music.Ask{Of: r.album}})
		r.sleep(105 * time.Second)
		r.do(session.Pause{})
		time.Sleep(time.Minute)
		r.settle()
		if got, want := p.all(), "[plays A queue of 4, 0 at 10s plays B queue of 4, 1 at 5s]"; got != want {
			t.Errorf("told %s, want %s", got, want)
		}
		r.do(session.PrivateSession{To: session.On}, session.Play{})
		r.sleep(100 * time.Second)
		if got := p.all(); len(got) != len("[plays A queue of 4, 0 at 10s plays B queue of 4, 1 at 5s]") {
			t.Errorf("in a private session it was told %s", got)
		}
	}, func(c *setup) {
		a := c.accounts[0]
		local, ok := a.Service.(*sessiontest.Service)
		if !ok {
			t.Fatalf("the account is a %T", a.Service)
		}
		p = &present{Service: local}
		a.Service = p
		c.accounts[0] = a
	})
}

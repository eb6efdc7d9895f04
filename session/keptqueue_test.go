package session_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"segue/internal/music"
	"segue/player"
	"segue/session"
	"segue/session/sessiontest"
)

// leftWith is a server that has a queue somebody left there, and bookmarks.
type leftWith struct {
	*sessiontest.Remote
	mu    sync.Mutex
	left  *session.KeptQueue
	err   error
	asked int
	marks []string
}

func (k *leftWith) LoadQueue(context.Context) (*session.KeptQueue, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.asked++
	return k.left, k.err
}

func (k *leftWith) Bookmark(_ context.Context, t music.Ref, at time.Duration) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.marks = append(k.marks, fmt.Sprintf("%s %s", t.ID, at))
	return k.err
}

func (k *leftWith) say(q *session.KeptQueue, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.left, k.err = q, err
}

// withQueue has the account home keep queues; left makes the one that is there at the start.
func withQueue(k *leftWith, left func(*leftWith) *session.KeptQueue) option {
	return func(c *setup) {
		for i, a := range c.accounts {
			if r, ok := a.Service.(*sessiontest.Remote); ok {
				k.Remote = r
				if left != nil {
					k.left = left(k)
				}
				c.accounts[i].Service = k
			}
		}
	}
}

var remoteAlbum = music.Ref{Account: "home", Kind: music.KindAlbum, ID: "Remote"}

var leftAt = time.Date(2026, 11, 20, 18, 30, 0, 0, time.Local)

func leftBy(by string) func(k *leftWith) *session.KeptQueue {
	return func(k *leftWith) *session.KeptQueue {
		return &session.KeptQueue{Of: remoteAlbum, Tracks: []music.Ref{k.TrackRef("W"), k.TrackRef("X")}, Index: 1, Position: 20 * time.Second,
			Changed: leftAt, By: by, Own: by == "Segue"}
	}
}

func offers(w *world) (texts []string) {
	for _, n := range all[session.Notice](w.rig) {
		if strings.Contains(n.Text, "load-queue") {
			texts = append(texts, n.Text)
		}
	}
	return texts
}

func TestAQueueThatWasLeftOnAServerIsOfferedOnceAndTakenWithUndo(t *testing.T) {
	k := &leftWith{}
	inWorld(t, remembered, func(w *world) {
		want := "[home has a queue of 2 tracks, left by Symfonium on 2026-11-20 18:30: load-queue takes it]"
		if got := fmt.Sprint(offers(w)); got != want {
			t.Errorf("offered %s", got)
		}
		w.playAlbum()
		w.do(session.LoadQueue{Account: "home"})
		if p := w.playback(); p.State != player.Playing || p.Track.Ref != k.TrackRef("X") || p.Position.Position < 20*time.Second {
			t.Errorf("it plays %+v at %v", p.Track.Ref, p.Position)
		}
		if q := w.queue(); q.Len != 2 || q.Undo == "" {
			t.Errorf("the queue is %+v", q)
		}
		w.do(session.Undo{})
		if q := w.queue(); q.Len != 4 {
			t.Errorf("after undo the queue is %+v", q)
		}
		w.do(session.Logout{Account: "home"}, session.Relogin{Account: "home"})
		w.sleep(time.Second)
		if got := offers(w); len(got) != 1 {
			t.Errorf("offered again: %q", got)
		}
		k.say(nil, nil)
		w.do(session.LoadQueue{})
		w.wantNotice("no queue was left with any account")
		k.say(nil, errors.New("the server is on fire"))
		w.do(session.LoadQueue{})
		w.wantNotice("load the queue: the server is on fire")
		w.do(session.LoadQueue{Account: music.Local})
		w.do(session.LoadQueue{Account: "nobody"})
		w.wantNotice("nobody: load the queue: there is no such account; look into the config for its name")
	}, withQueue(k, leftBy("Symfonium")))
}

func TestTheQueueThatIsHereIsNotOffered(t *testing.T) {
	store := sessiontest.NewStore(nil)
	with := func(c *setup) { c.store = store }
	inWorld(t, remembered, func(w *world) {
		w.do(session.PlayContext{Ask: music.Ask{Of: remoteAlbum}, Start: w.home.TrackRef("X"), Index: 1})
		w.sleep(5 * time.Second)
	}, with)
	for by, want := range map[string]int{"Segue": 0, "Symfonium": 0, "none": 0} {
		k := &leftWith{}
		inWorld(t, remembered, func(w *world) {
			if got := offers(w); len(got) != want || k.asked == 0 {
				t.Errorf("%s: offered %q, asked %d times", by, got, k.asked)
			}
		}, with, withQueue(k, func(k *leftWith) *session.KeptQueue {
			if by == "none" {
				return nil
			}
			return leftBy(by)(k)
		}))
	}
	k := &leftWith{}
	inWorld(t, remembered, func(w *world) {
		if got := offers(w); len(got) != 1 {
			t.Errorf("another program went on in the same queue: %q", got)
		}
	}, with, withQueue(k, func(k *leftWith) *session.KeptQueue {
		q := leftBy("Symfonium")(k)
		q.Index = 0
		return q
	}))
}

func TestPlacesAreBookmarkedAtTheirServer(t *testing.T) {
	k := &leftWith{}
	inWorld(t, remembered, func(w *world) {
		w.do(session.Bookmark{})
		w.wantNotice("set a bookmark: nothing plays")
		w.do(session.PlayContext{Ask: music.Ask{Of: remoteAlbum}})
		w.sleep(10 * time.Second)
		w.do(session.Pause{})
		at := w.playback().Position.Position.Truncate(time.Millisecond)
		w.do(session.Bookmark{}, session.Bookmark{Track: k.TrackRef("X"), At: 3 * time.Second}, session.Bookmark{Track: k.TrackRef("X")}, session.Bookmark{Remove: true})
		want := []string{"W " + at.String(), "X 3s", "X 1ms", "W 0s"}
		if fmt.Sprint(k.marks) != fmt.Sprint(want) {
			t.Errorf("marked %q, want %q", k.marks, want)
		}
		w.wantNotice("bookmarked at 0:03")
		w.wantNotice("the bookmark is gone")
		w.do(session.Bookmark{Track: w.ref("A"), At: time.Second})
		w.wantNotice("set a bookmark: this account cannot do that")
		k.say(nil, errors.New("no"))
		w.do(session.Bookmark{})
		w.wantNotice("home: set a bookmark: no")
	}, withQueue(k, nil))
}

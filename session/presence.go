package session

import (
	"context"
	"time"

	"segue/internal/music"
)

// What a service may do about what is heard now, beside Reporter.
type (
	// NowTeller tells others what is heard, when it begins. It is not asked in a private
	// session, nor where the account's plays are not reported.
	NowTeller interface {
		Playing(ctx context.Context, t music.Track) error
	}
	// QueueKeeper keeps the queue where the user's other programs find it. It is given the
	// tracks around the current one, of all accounts, and where in it the needle stands; it
	// keeps those that are its own.
	QueueKeeper interface {
		SaveQueue(ctx context.Context, tracks []music.Ref, index int, at time.Duration) error
	}
	// QueueLoader has the queue that was kept last, by this program or another one.
	QueueLoader interface {
		// LoadQueue gives it; nil = none was.
		LoadQueue(ctx context.Context) (*KeptQueue, error)
	}
	// Bookmarker marks places in tracks, for all programs of the user.
	Bookmarker interface {
		// Bookmark marks a place, one a track; 0 takes the mark away.
		Bookmark(ctx context.Context, t music.Ref, at time.Duration) error
	}
)

// KeptQueue is a queue that was kept with an account.
type KeptQueue struct {
	Of       music.Ref // a container of its tracks
	Tracks   []music.Ref
	Index    int // of the current one
	Position time.Duration
	Changed  time.Time // zero = not known
	By       string    // the program that left it, "" = not known
	Own      bool      // that was Segue, here or on another machine
}

const (
	// keepQueueAfter gathers changes: a queue is kept when nothing changed for so long.
	keepQueueAfter = 10 * time.Second
	// keptAround is how many tracks on each side of the current one are kept.
	keptAround = 1000
)

// hasBegun tells the track's account that it is heard now, and has the queue kept.
func (s *Session) hasBegun(it *item) {
	a := s.account(it.track.Ref.Account)
	if a == nil || !s.reports(a.id) || a.state != ConnLoggedIn {
		return
	}
	if n, ok := a.service.(NowTeller); ok {
		s.tellPresence(a, "playing", func(ctx context.Context) error { return n.Playing(ctx, it.track) })
	}
	s.keepQueueSoon()
}

// keepQueueSoon has the queue kept with the account of the current track.
func (s *Session) keepQueueSoon() {
	if s.play.cur == nil {
		return
	}
	a := s.account(s.play.cur.ref.Account)
	if a == nil {
		return
	}
	if _, ok := a.service.(QueueKeeper); ok {
		s.later(&s.queueTimer, keepQueueAfter, s.keepQueue)
	}
}

func (s *Session) keepQueue() {
	p := &s.play
	if p.cur == nil || p.index < 0 {
		return
	}
	a := s.account(p.cur.ref.Account)
	if a == nil || !s.reports(a.id) || a.state != ConnLoggedIn {
		return
	}
	k, ok := a.service.(QueueKeeper)
	if !ok {
		return
	}
	list := s.queue.play
	from, to := max(0, p.index-keptAround), min(len(list), p.index+keptAround)
	refs := make([]music.Ref, 0, to-from)
	for _, e := range list[from:to] {
		refs = append(refs, e.ref)
	}
	index, at := p.index-from, s.position()
	s.tellPresence(a, "queue", func(ctx context.Context) error { return k.SaveQueue(ctx, refs, index, at) })
}

// tellPresence does what nobody waits for; what goes wrong is for the log. Of several of
// one kind the newest counts.
func (s *Session) tellPresence(a *account, what string, do func(ctx context.Context) error) {
	w := inOrder("presence " + string(a.id))
	w.lane = what + " of " + string(a.id)
	call(s, w, func(ctx context.Context) (struct{}, error) { return struct{}{}, do(ctx) }, func(_ struct{}, err error) {
		if f := faultOf(err, a.id, "tell what plays"); f != nil && f.Kind != Cancelled {
			s.emit(LogMessage{Text: f.Error()})
		}
	})
}

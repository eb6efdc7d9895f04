package session

import (
	"context"
	"slices"
	"time"

	"segue/internal/music"
)

// aheadOf is how many tracks are fetched before they are needed.
const aheadOf = 2

// fetching is a track that is fetched before it is needed. Owned by Run.
type fetching struct {
	entry EntryID
	stop  context.CancelFunc
}

// shut lists the accounts that nothing can be played from: they are signed out.
func (s *Session) shut() []music.AccountID {
	var ids []music.AccountID
	for _, a := range s.accounts {
		if a.isShut() {
			ids = append(ids, a.id)
		}
	}
	return ids
}

// silence stops what plays from an account that is signed out, with a word. The
// queue stays; what other accounts have in it plays on.
func (s *Session) silence(a *account) {
	p := &s.play
	if o := p.next; o != nil && o.entry.ref.Account == a.id {
		s.forget(&p.next)
	}
	if o := p.wish; o != nil && o.entry.ref.Account == a.id {
		s.forget(&p.wish)
	}
	if p.item != nil && !p.item.over && p.cur.ref.Account == a.id {
		e, at := p.cur, s.position()
		s.stop()
		s.restAt(e, at)
		s.notice(Warning, string(a.id)+" is signed out: playback stops; the queue stays", nil)
		return
	}
	s.unline(a)
}

// unline takes back what the player was given of an account to play later.
func (s *Session) unline(a *account) {
	p := &s.play
	if len(p.line) > 1 && slices.ContainsFunc(p.line[1:], func(it *item) bool { return it.entry.ref.Account == a.id }) {
		s.player.ClearNext()
		p.line = p.line[:1:1]
	}
	s.recheckNext()
}

// pauseFor pauses an account that plays elsewhere. It takes nothing back by
// itself: not with the next track either.
func (s *Session) pauseFor(a *account) {
	p := &s.play
	if o := p.next; o != nil && o.entry.ref.Account == a.id {
		s.forget(&p.next)
	}
	if o := p.wish; o != nil && o.entry.ref.Account == a.id {
		o.play = false
		s.playbackDirty = true
	}
	switch {
	case p.item == nil || p.cur.ref.Account != a.id:
	case s.player.far == nil && p.wish == nil && !p.item.over:
		s.restHere(s.position())
		return
	default:
		s.play.want = false
		s.player.Pause()
	}
	s.unline(a)
}

// restHere shows the current track paused, and lets go of its source, which may be of no
// more use: whoever says Play opens it anew at that place.
func (s *Session) restHere(at time.Duration) {
	e := s.play.cur
	s.stop()
	s.restAt(e, at)
}

// lostToken is a source that broke off because its account plays elsewhere: it rests
// where it was. The account's own news of it may come later.
func (s *Session) lostToken(it *item) {
	a := s.account(it.track.Ref.Account)
	if s.play.wish != nil || it != s.play.item || a == nil {
		s.recheckNext()
		return
	}
	s.restHere(s.position())
	if !a.elsewhere {
		s.tokenLost(a, "")
	}
}

// isElsewhere reports whether an entry's account plays on another device, or has none.
func (s *Session) isElsewhere(e *entry) bool {
	a := s.account(e.ref.Account)
	return a != nil && (a.elsewhere || a.stalled)
}

// takeBack is somebody here who wants to hear the account of an entry.
func (s *Session) takeBack(e *entry) {
	if e == nil {
		return
	}
	if a := s.account(e.ref.Account); a != nil && (a.elsewhere || a.stalled) {
		a.elsewhere, a.stalled = false, false
		s.recheckNext()
	}
}

// lookAhead fetches what will be heard next, where its service can, and gives up
// on what will not any more.
func (s *Session) lookAhead() {
	var wanted []*entry
	if p := &s.play; p.item != nil && p.cur != nil && s.playing() {
		for e := s.follows(p.cur); e != nil && e != p.cur && len(wanted) < aheadOf && !slices.Contains(wanted, e); e = s.goodFrom(e) {
			wanted = append(wanted, e)
		}
	}
	s.ahead = slices.DeleteFunc(s.ahead, func(f fetching) bool {
		if slices.ContainsFunc(wanted, func(e *entry) bool { return e.id == f.entry }) {
			return false
		}
		f.stop()
		return true
	})
	for _, e := range wanted {
		a := s.account(e.ref.Account)
		if a == nil || a.prefetcher == nil || a.state != ConnLoggedIn || slices.ContainsFunc(s.ahead, func(f fetching) bool { return f.entry == e.id }) {
			continue
		}
		s.ahead = append(s.ahead, fetching{e.id, s.prefetch(a, e.ref, nil)})
	}
}

func (s *Session) prefetch(a *account, t music.Ref, then func(*Fault)) context.CancelFunc {
	q := music.Quality{Kbps: s.prefs.Kbps}
	return call(s, inOrder("prefetch "+string(a.id)), func(ctx context.Context) (struct{}, error) {
		return struct{}{}, a.prefetcher.Prefetch(ctx, t, q)
	}, func(_ struct{}, err error) {
		f := faultOf(err, a.id, "fetch "+t.ID)
		if f != nil && f.Kind != Cancelled && s.cfg.Log != nil {
			s.cfg.Log("session: " + f.Error())
		}
		if then != nil {
			then(f)
		}
	})
}

// prefetchNow carries out Prefetch. A service that has all at hand needs none.
func (s *Session) prefetchNow(t music.Ref) {
	a := s.account(t.Account)
	switch {
	case a == nil:
		s.fail(noAccount(t.Account, "fetch "+t.ID))
	case a.prefetcher != nil:
		s.prefetch(a, t, func(f *Fault) {
			if f != nil {
				s.fail(f)
			}
		})
	}
}

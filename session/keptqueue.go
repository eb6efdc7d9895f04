package session

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"segue/internal/music"
)

// offerQueue tells of a queue that was left with an account that has just answered, if it is
// another than the one here: once for each that was left. A run that keeps no state has no
// queue of its own that another could stand in for.
func (s *Session) offerQueue(a *account) {
	l, ok := a.service.(QueueLoader)
	if !ok || s.store == nil {
		return
	}
	call(s, inOrder("presence "+string(a.id)), l.LoadQueue, func(q *KeptQueue, err error) {
		if f := faultOf(err, a.id, "look for a queue"); f != nil {
			if f.Kind != Cancelled && f.Kind != OtherPermanent { // a service that has none is no news
				s.emit(LogMessage{Text: f.Error()})
			}
			return
		}
		if q == nil || len(q.Tracks) == 0 || a.queueSeen == seenOf(q) || s.holds(q) || s.account(a.id) != a {
			return
		}
		a.queueSeen = seenOf(q)
		s.notice(Info, string(a.id)+" has "+describeKept(q)+": load-queue takes it", nil)
	})
}

// seenOf is by what two queues that were left are told apart.
func seenOf(q *KeptQueue) string { return fmt.Sprintf("%s %s %d", q.Changed, q.By, len(q.Tracks)) }

// describeKept is a queue that was left, in words.
func describeKept(q *KeptQueue) string {
	text := "a queue of " + tracks(len(q.Tracks))
	if q.By != "" {
		text += ", left by " + music.Clean(q.By)
	}
	if !q.Changed.IsZero() {
		text += " on " + q.Changed.Local().Format("2006-01-02 15:04")
	}
	return text
}

// holds reports whether the queue here says all that one that was left does: it has all
// its tracks, and we left it ourselves, or it stands at the same track.
func (s *Session) holds(q *KeptQueue) bool {
	here := make(map[music.Ref]bool, len(s.queue.play))
	for _, e := range s.queue.play {
		here[e.ref] = true
	}
	if slices.ContainsFunc(q.Tracks, func(r music.Ref) bool { return !here[r] }) {
		return false
	}
	return q.Own || s.play.cur != nil && q.Index < len(q.Tracks) && s.play.cur.ref == q.Tracks[q.Index]
}

// loadKept carries out LoadQueue: the queue that was left takes the place of the one here,
// which Undo brings back.
func (s *Session) loadKept(c LoadQueue) {
	op := "load the queue"
	asked, f := s.keepers(c.Account, op)
	if f != nil {
		s.fail(f)
		return
	}
	patient(s, inOrder("kept queue"), op, func(ctx context.Context) (*KeptQueue, error) {
		return newest(ctx, asked)
	}, func(q *KeptQueue, err error) {
		if f := faultOf(err, c.Account, op); f != nil {
			s.fail(f)
			return
		}
		if q == nil || len(q.Tracks) == 0 {
			s.notice(Info, "no queue was left with "+cmp.Or(string(c.Account), "any account"), nil)
			return
		}
		at := min(max(q.Index, 0), len(q.Tracks)-1)
		s.do(PlayContext{Ask: music.Ask{Of: q.Of}, Start: q.Tracks[at], Index: at, At: q.Position})
	})
}

// keepers are the accounts that may have a queue, or the one that is named.
func (s *Session) keepers(id music.AccountID, op string) ([]QueueLoader, *Fault) {
	var all []QueueLoader
	for _, a := range s.accounts {
		l, ok := a.service.(QueueLoader)
		if !ok || id != "" && a.id != id {
			continue
		}
		if _, f := s.ready(a.id, op); f != nil {
			if id != "" {
				return nil, f
			}
			continue
		}
		all = append(all, l)
	}
	switch {
	case len(all) > 0:
		return all, nil
	case id != "" && s.account(id) == nil:
		return nil, noAccount(id, op)
	case id != "":
		return nil, unable(id, op)
	}
	return nil, &Fault{Kind: OtherPermanent, Op: op, Err: errors.New("no account that is signed in keeps queues")}
}

// newest is the queue that was left last. It fails only where nobody answers.
func newest(ctx context.Context, from []QueueLoader) (best *KeptQueue, failed error) {
	answered := false
	for _, l := range from {
		q, err := l.LoadQueue(ctx)
		if err != nil {
			failed = cmp.Or(failed, err)
			continue
		}
		answered = true
		if q != nil && len(q.Tracks) > 0 && (best == nil || q.Changed.After(best.Changed)) {
			best = q
		}
	}
	if answered {
		failed = nil
	}
	return best, failed
}

// bookmark carries out Bookmark.
func (s *Session) bookmark(c Bookmark) {
	op := "set a bookmark"
	t, at := c.Track, c.At
	if t.IsZero() {
		if s.play.cur == nil {
			s.fail(&Fault{Kind: InvalidArgument, Op: op, Err: errors.New("nothing plays")})
			return
		}
		t, at = s.play.cur.ref, s.position()
	}
	a, f := s.ready(t.Account, op)
	if f != nil {
		s.fail(f)
		return
	}
	b, ok := a.service.(Bookmarker)
	if !ok {
		s.fail(unable(a.id, op))
		return
	}
	at = max(at, time.Millisecond).Truncate(time.Millisecond) // 0 would take it away
	text := "bookmarked at " + clock(at)
	if c.Remove {
		at, text = 0, "the bookmark is gone"
	}
	call(s, inOrder("bookmarks "+string(a.id)), func(ctx context.Context) (struct{}, error) {
		return struct{}{}, b.Bookmark(ctx, t, at)
	}, func(_ struct{}, err error) {
		if f := faultOf(err, a.id, op); f != nil {
			s.fail(f)
			return
		}
		s.notice(Info, text, nil)
	})
}

// clock is a place in a track as people write it: 1:23, or 1:02:03.
func clock(d time.Duration) string {
	sec := int(d / time.Second)
	if sec >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", sec/3600, sec/60%60, sec%60)
	}
	return fmt.Sprintf("%d:%02d", sec/60, sec%60)
}

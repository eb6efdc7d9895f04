package subsonic

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"time"

	"segue/internal/service/store"
	"segue/internal/service/subsonic/server"
	"segue/internal/service/subsonic/wire"
	"segue/session"
)

// answer is what the server said, now or at an earlier time.
type answer struct {
	*wire.Reply
	asOf time.Time // zero = now
	why  error     // why it is of an earlier time
}

// stale is the note of a page whose rows are of an earlier time.
func (a answer) stale() string {
	if a.asOf.IsZero() {
		return ""
	}
	return "as it was on " + a.asOf.Format("2006-01-02 15:04")
}

// ask makes a call that only asks. Where the server cannot be reached, its last answer
// to the same question stands in, if there was one.
func (s *Service) ask(ctx context.Context, method string, p url.Values) (answer, error) {
	db, err := s.store(ctx)
	if err != nil {
		return answer{}, err
	}
	key := method + "?" + p.Encode()
	if reply := s.recall(key); reply != nil {
		return answer{Reply: reply}, nil
	}
	why := s.thoughtAway()
	if why != nil {
		if a, ok := remembered(ctx, db, key, why); ok {
			return a, nil
		}
	}
	reply, raw, err := s.srv.Ask(ctx, method, p)
	s.heardOf(err)
	if err == nil {
		if !volatile[method] {
			s.memorise(key, reply, len(raw))
		}
		if !volatile[method] && !passingQuestion(method, p) {
			err = db.PutAnswer(context.WithoutCancel(ctx), key, raw, s.cfg.Now())
		}
		if err != nil {
			s.note("%s: what the server says cannot be remembered: %v", s.id, err)
		}
		return answer{Reply: reply}, nil
	}
	if !unreachable(err) || ctx.Err() != nil {
		return answer{}, err
	}
	if a, ok := remembered(ctx, db, key, err); ok {
		return a, nil
	}
	return answer{}, err
}

// memo is an answer of a moment ago: the windows of one list are asked for one after the
// other, and all come from one answer.
type memo struct {
	key   string
	at    time.Time
	size  int // of the answer as it came
	reply *wire.Reply
}

const (
	memosMost = 12
	memoBytes = 16 << 20 // all of them but the newest
	memoFor   = 20 * time.Second
)

// passingQuestion is one that hardly comes again, such as what is being typed.
func passingQuestion(method string, p url.Values) bool {
	return method == "search3" && p.Get("query") != ""
}

// recall finds the answer of a moment ago.
func (s *Service) recall(key string) *wire.Reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.memo {
		if m.key == key && s.cfg.Now().Sub(m.at) < memoFor {
			return m.reply
		}
	}
	return nil
}

func (s *Service) memorise(key string, reply *wire.Reply, size int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cfg.Now()
	sum := size
	for _, m := range s.memo {
		sum += m.size
	}
	s.memo = slices.DeleteFunc(s.memo, func(m memo) bool {
		gone := m.key == key || now.Sub(m.at) >= memoFor || sum > memoBytes
		if gone {
			sum -= m.size
		}
		return gone
	})
	if len(s.memo) == memosMost {
		s.memo = slices.Delete(s.memo, 0, 1)
	}
	s.memo = append(s.memo, memo{key, now, size, reply})
}

// outdated forgets what was answered before something was changed.
func (s *Service) outdated() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.memo = nil
}

// tell makes a call that changes something.
func (s *Service) tell(ctx context.Context, method string, p url.Values) (*wire.Reply, error) {
	reply, err := s.srv.Tell(ctx, method, p)
	s.heardOf(err)
	s.outdated()
	return reply, err
}

// volatile are questions whose answers are worth nothing later.
var volatile = map[string]bool{"ping": true, "getNowPlaying": true, "getScanStatus": true, "getRandomSongs": true,
	"getPlayQueue": true, "getPlayQueueByIndex": true}

func remembered(ctx context.Context, db *store.Store, key string, why error) (answer, bool) {
	raw, at, err := db.Answer(ctx, key)
	if err != nil || raw == nil {
		return answer{}, false
	}
	reply, err := server.Read(raw)
	if err != nil {
		return answer{}, false
	}
	return answer{reply, at, why}, true
}

// errAway stands for a server that could not be reached a moment ago.
var errAway = errors.New("the server could not be reached a moment ago")

// thoughtAway is why the server need not be asked now, nil = it may be.
func (s *Service) thoughtAway() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.blocked:
		return server.ErrOffline
	case s.cfg.Now().Before(s.away):
		return errAway
	}
	return nil
}

// heardOf draws the conclusion from the end of a call, and tells the session when the
// server went away or came back.
func (s *Service) heardOf(err error) {
	away := unreachable(err) && !errors.Is(err, server.ErrOffline) && !errors.Is(err, errAway)
	if !away && err != nil {
		return
	}
	s.mu.Lock()
	was, tell := s.wasAway, s.tellNews
	s.wasAway, s.away = away, time.Time{}
	if away {
		s.away = s.cfg.Now().Add(awayFor)
	}
	s.mu.Unlock()
	switch {
	case away == was:
		return
	case !away:
		s.lookAgain()
	}
	if tell != nil {
		tell(session.NewsConnection{Err: s.fault("connect", err)})
	}
}

// OnNews names who is told of what happens by itself.
func (s *Service) OnNews(tell func(session.News)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tellNews = tell
}

package session

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"segue/internal/music"
)

// workersEach is how many calls run at once for one account: one server that
// hangs does not hold up the others.
const workersEach = 8

// job is one call of a service, waiting or at work.
type job struct {
	key  string // jobs of one key share its limit
	lane string
	run  func(ctx context.Context) (then func())
	ctx  context.Context
	stop context.CancelFunc
}

// pool runs jobs. All but the workers themselves is owned by the session's goroutine.
type pool struct {
	running map[string]int
	waiting map[string][]*job
	lanes   map[string]*job
	workers *sync.WaitGroup
}

func newPool() pool {
	return pool{
		running: map[string]int{}, waiting: map[string][]*job{},
		lanes: map[string]*job{}, workers: &sync.WaitGroup{},
	}
}

// wait gives the workers that time to end.
func (p *pool) wait(d time.Duration) {
	done := make(chan struct{})
	go func() {
		p.workers.Wait()
		close(done)
	}()
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-done:
	case <-t.C:
	}
}

// answer is what a call gave.
type answer[T any] struct {
	value T
	err   error
}

// where says how a call is run: under which key (its limit is limit jobs at a
// time, 0 = no limit), and in which lane.
type where struct {
	key   string
	limit int
	lane  string
}

// forAccount is where the calls of an account's service run.
func forAccount(id music.AccountID) where {
	return where{key: "account " + string(id), limit: workersEach}
}

// inOrder is where calls run one after the other.
func inOrder(what string) where { return where{key: what, limit: 1} }

// inRows runs do when its turn has come in each of several rows, and holds them all
// meanwhile. It does not deadlock: all rows get it before they get another.
func inRows[T any](s *Session, rows []where, do func(ctx context.Context) (T, error), then func(T, error)) {
	turns, done := make(chan struct{}, len(rows)), make(chan struct{})
	call(s, rows[0], func(ctx context.Context) (v T, err error) {
		defer close(done)
		for range rows[1:] {
			select {
			case <-turns:
			case <-ctx.Done():
				return v, ctx.Err()
			}
		}
		return do(ctx)
	}, then)
	for _, r := range rows[1:] {
		call(s, r, func(ctx context.Context) (struct{}, error) {
			turns <- struct{}{}
			select {
			case <-done:
			case <-ctx.Done():
			}
			return struct{}{}, nil
		}, func(struct{}, error) {})
	}
}

// call runs do in a worker and gives its answer to then on the session's
// goroutine. A panic in do becomes an error. The returned func cancels do's
// context; then is called all the same, unless a newer call took the lane.
func call[T any](s *Session, w where, do func(ctx context.Context) (T, error), then func(T, error)) context.CancelFunc {
	if s.ending {
		return func() {}
	}
	ctx, stop := context.WithCancel(s.ctx)
	j := &job{key: w.key, lane: w.lane, ctx: ctx, stop: stop}
	j.run = func(ctx context.Context) func() {
		a := guarded(ctx, do)
		return func() {
			if w.lane != "" {
				if s.pool.lanes[w.lane] != j {
					return
				}
				delete(s.pool.lanes, w.lane)
			}
			then(a.value, a.err)
		}
	}
	if w.lane != "" {
		if old := s.pool.lanes[w.lane]; old != nil {
			old.stop()
		}
		s.pool.lanes[w.lane] = j
	}
	if w.limit > 0 && s.pool.running[w.key] >= w.limit {
		s.pool.waiting[w.key] = append(s.pool.waiting[w.key], j)
		return stop
	}
	s.launch(j)
	return stop
}

func (s *Session) launch(j *job) {
	s.pool.running[j.key]++
	s.pool.workers.Add(1)
	go func() {
		defer s.pool.workers.Done()
		then := j.run(j.ctx)
		j.stop()
		s.post(func() {
			s.release(j.key)
			then()
		})
	}()
}

// release lets the next job of a key begin.
func (s *Session) release(key string) {
	s.pool.running[key]--
	if s.pool.running[key] == 0 {
		delete(s.pool.running, key)
	}
	queue := s.pool.waiting[key]
	if len(queue) == 0 || s.ending {
		return
	}
	next := queue[0]
	if len(queue) == 1 {
		delete(s.pool.waiting, key)
	} else {
		s.pool.waiting[key] = queue[1:]
	}
	s.launch(next)
}

// guarded calls do, or not at all when ctx has ended already.
func guarded[T any](ctx context.Context, do func(ctx context.Context) (T, error)) (a answer[T]) {
	if err := ctx.Err(); err != nil {
		a.err = err
		return a
	}
	defer func() {
		if r := recover(); r != nil {
			a.err = fmt.Errorf("%w: %v (%s)", errPanic, r, firstFrame(debug.Stack()))
		}
	}()
	a.value, a.err = do(ctx)
	return a
}

// firstFrame is where a panic came from: the line of the stack below panic itself.
func firstFrame(stack []byte) string {
	lines := strings.Split(string(stack), "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, "panic(") && i+3 < len(lines) {
			return strings.TrimSpace(lines[i+3])
		}
	}
	return "place unknown"
}

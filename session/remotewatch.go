package session

import (
	"context"
	"time"
)

// watch has the device watched.
func (f *far) watch() {
	if f.stop != nil || f.r.s.ending {
		return
	}
	s, t := f.r.s, f.account.transport
	report := func(st RemoteState) {
		s.post(func() {
			if s.player.far == f && f.stop != nil {
				f.reported(st)
			}
		})
	}
	f.stop = call(s, where{key: "watch " + string(f.account.id)}, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, t.WatchDevice(ctx, report)
	}, func(struct{}, error) {})
}

// unwatch ends that: nothing of ours plays there.
func (f *far) unwatch() {
	if f.stop != nil {
		f.stop()
		f.stop = nil
	}
}

// hushPatience is how long a device may take to fall silent at the end.
const hushPatience = 2 * time.Second

func pauseThere(ctx context.Context, t Transport) {
	ctx, cancel := context.WithTimeout(ctx, hushPatience)
	defer cancel()
	_ = t.Pause(ctx) // who would be told?
}

// restFar takes the charge from a device of an account that must not use the network any
// more, and reports whether it has to be told to be silent.
func (s *Session) restFar(a *account) (sounds bool) {
	f := s.player.far
	if f == nil || f.account != a {
		return false
	}
	sounds = f.sounds()
	f.begun = false // so that nothing more is told it
	e, at := s.play.cur, s.position()
	s.stop()
	if e != nil {
		s.restAt(e, at)
	}
	return sounds
}

// hushFar lets the device fall silent at the end of a run: the queue is here, and the
// next start shows it paused.
func (s *Session) hushFar() {
	f := s.player.far
	if f == nil || !f.sounds() {
		return
	}
	ctx := context.WithoutCancel(s.ctx)
	t := f.account.transport
	s.pool.workers.Add(1)
	go func() {
		defer s.pool.workers.Done()
		guarded(ctx, func(ctx context.Context) (struct{}, error) {
			pauseThere(ctx, t)
			return struct{}{}, nil
		})
	}()
}

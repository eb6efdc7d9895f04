package session

import (
	"context"
	"maps"
	"slices"
	"sync/atomic"
	"time"
)

// progressEvery is how often a job's progress is told at most.
const progressEvery = 100 * time.Millisecond

// jobState is work that shows progress. Owned by Run.
type jobState struct {
	cancel context.CancelFunc
	latest Progress
}

func (s *Session) jobIDs() []JobID { return slices.Sorted(maps.Keys(s.jobs)) }

// startScan reads an account's library anew, one scan at a time for each.
func (s *Session) startScan(c Scan) {
	a := s.account(c.Account)
	switch {
	case a == nil:
		s.fail(noAccount(c.Account, "scan"))
		return
	case a.scanner == nil:
		s.fail(unable(a.id, "scan"))
		return
	case a.scan != 0:
		s.notice(Info, "a scan of "+string(a.id)+" is at work already", nil)
		return
	}
	s.lastJob++
	id := s.lastJob
	a.scan = id
	j := &jobState{latest: Progress{Job: id, Title: "Scanning " + string(a.id)}}
	s.jobs[id] = j
	s.emit(j.latest)
	tell := s.throttled(id)
	j.cancel = call(s, where{key: "scan"}, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, a.scanner.Scan(ctx, c.Paths, tell)
	}, func(_ struct{}, err error) {
		a.scan = 0
		f := faultOf(err, a.id, "scan")
		s.jobEnded(id, f)
		if f != nil {
			s.fail(f)
		}
		s.emit(ContainerChanged{})
		s.refreshCurrent()
		s.askRoot(a)
	})
}

// throttled makes the func that a service tells its progress to, from any
// goroutine and as often as it likes.
func (s *Session) throttled(id JobID) func(done, total int, what string) {
	var last atomic.Int64
	return func(done, total int, what string) {
		now := time.Now().UnixNano()
		before := last.Load()
		if before != 0 && now-before < int64(progressEvery) || !last.CompareAndSwap(before, now) {
			return
		}
		s.post(func() {
			if j := s.jobs[id]; j != nil {
				j.latest.Done, j.latest.Total, j.latest.What = done, total, what
				s.emit(j.latest)
			}
		})
	}
}

func (s *Session) jobEnded(id JobID, f *Fault) {
	j := s.jobs[id]
	if j == nil {
		return
	}
	delete(s.jobs, id)
	j.latest.Finished, j.latest.Fault = true, f
	s.emit(j.latest)
}

// patience is how long work may take before it is shown.
const patience = 500 * time.Millisecond

// patient is call for work that a user waits for: if it takes longer than half a
// second it is shown as a job, which can be cancelled.
func patient[T any](s *Session, w where, title string, do func(ctx context.Context) (T, error), then func(T, error)) context.CancelFunc {
	var id JobID
	var cancel context.CancelFunc
	done := false
	timer := time.AfterFunc(patience, func() {
		s.post(func() {
			if done || s.ending {
				return
			}
			s.lastJob++
			id = s.lastJob
			s.jobs[id] = &jobState{cancel: cancel, latest: Progress{Job: id, Title: title}}
			s.emit(s.jobs[id].latest)
		})
	})
	cancel = call(s, w, do, func(v T, err error) {
		done = true
		timer.Stop()
		if id != 0 {
			s.jobEnded(id, faultOf(err, "", title))
		}
		then(v, err)
	})
	return cancel
}

func (s *Session) cancelJob(id JobID) {
	if j := s.jobs[id]; j != nil {
		j.cancel()
	}
}

package session

import (
	"context"
	"errors"
	"slices"
	"time"

	"segue/internal/music"
	"segue/player"
)

// A play counts when half of the track or playEnough of it was heard.
const playEnough = 4 * time.Minute

// hasEnded takes leave of an item and tells what was heard of it.
func (s *Session) hasEnded(e player.Ended) {
	p := &s.play
	it := p.items[e.Item]
	if it == nil {
		return
	}
	delete(p.items, e.Item)
	it.over = true
	if it != p.item {
		p.line = slices.DeleteFunc(slices.Clone(p.line), func(l *item) bool { return l == it })
	}
	if e.Heard >= heardEnough {
		s.forgive()
	}
	if !it.started.IsZero() || e.Heard > 0 {
		s.report(it.heard(e.Heard, e.Reason))
	}
	if e.Reason == player.EndError && !it.left {
		s.broke(it, e)
	}
}

// heard is the report of an item, of which so much was heard in all: of a list that a
// device plays it is that of the part that was heard last.
func (it *item) heard(d time.Duration, why player.EndReason) Heard {
	h := Heard{Track: it.shown(), Started: it.started, Heard: d, Reason: why}
	length := it.shownLength()
	if it.part.Title != "" {
		d = max(d-it.partFrom, 0)
		h.Heard = d
		if !it.partSince.IsZero() {
			h.Started = it.partSince
		}
	}
	switch {
	case d >= playEnough:
		h.Counts = true
	case length > 0:
		h.Counts = d > 0 && d >= length/2
	default:
		h.Counts = d > 0 && why == player.EndPlayed
	}
	return h
}

// heardEnough is what of a track must be heard before it breaks, so that it is none that
// cannot be played.
const heardEnough = time.Second

// broke goes on after an item whose source has failed in the middle.
func (s *Session) broke(it *item, e player.Ended) {
	p := &s.play
	if errors.Is(e.Err, ErrPlayTokenLost) {
		s.lostToken(it)
		return
	}
	s.cannotPlay(it.track, e.Err)
	p.bad[it.entry.id] = struct{}{}
	if p.wish != nil {
		return
	}
	isLast := e.Heard >= heardEnough && s.follows(it.entry) == nil
	if s.tooManyFails() && !isLast {
		s.giveUp(nil, true)
		return
	}
	if it != p.item || it.needed {
		s.recheckNext()
		return
	}
	if e := s.follows(it.entry); e != nil {
		s.start(e, 0, true)
		return
	}
	s.atEnd()
}

// reportPatience is how long a service may take to count a play; the end of a run
// waits as long.
const reportPatience = 3 * time.Second

// report tells everybody, and the services that keep count.
func (s *Session) report(h Heard) {
	s.emit(TrackHeard{Heard: h})
	for _, a := range s.reporters(h.Track.Ref.Account) {
		s.deliver(a, h, func(err error) {
			if f := faultOf(err, a.id, "count the play of "+nameOf(h.Track)); f != nil && f.Kind != Cancelled {
				if isAway(f) && a.state != ConnLoggedIn {
					return // its state says it already
				}
				s.notice(Warning, f.Error(), f)
				return
			}
			if !h.Counts {
				return
			}
			s.playsChanged(a.id)
			if a.id == h.Track.Ref.Account {
				s.refreshTracks([]music.Ref{h.Track.Ref})
			}
		})
	}
}

// deliver reports a play to one account. It is no job like others: the end of the
// session does not cancel it but waits for it, so that the last play counts.
func (s *Session) deliver(a *account, h Heard, then func(error)) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), reportPatience)
	s.pool.workers.Add(1)
	go func() {
		defer s.pool.workers.Done()
		defer cancel()
		told := guarded(ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, a.reporter.Report(ctx, h) })
		s.post(func() { then(told.err) })
	}()
}

// reporters are those of the track's account and of the account local, as far as
// they are to be told: in a private session nobody is, and nothing is written down.
func (s *Session) reporters(id music.AccountID) []*account {
	var all []*account
	for _, a := range s.accounts {
		if a.reporter != nil && (a.id == id || a.id == music.Local) && s.reports(a.id) {
			all = append(all, a)
		}
	}
	return all
}

// playsChanged tells that an account's own plays are no longer as they were.
// SectionToplist stands for all of its toplists.
func (s *Session) playsChanged(id music.AccountID) {
	for _, section := range []string{music.SectionPlayed, music.SectionMost, music.SectionNever, music.SectionToplist} {
		s.emit(ContainerChanged{Of: music.Section(id, section)})
	}
}

// lastReport counts the track that plays when the session ends: its end will not
// be told any more.
func (s *Session) lastReport() {
	it := s.play.item
	if it == nil || it.started.IsZero() {
		return
	}
	it.count(player.Anchor{At: time.Now()})
	if h := it.heard(it.sofar, player.EndSkipped); h.Counts {
		s.report(h)
	}
}

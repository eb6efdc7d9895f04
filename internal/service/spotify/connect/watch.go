package connect

import (
	"context"
	"time"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
	"segue/session"
)

// WatchDevice implements session.Transport.
func (p *Player) WatchDevice(ctx context.Context, report func(session.RemoteState)) error {
	ctx = webapi.For(ctx, webapi.Playing)
	pace := newPace()
	select {
	case <-p.back: // it was of before
	default:
	}
	for {
		var timer *time.Timer
		var due <-chan time.Time
		if wait, ever := pace.next(time.Now()); ever {
			timer = time.NewTimer(wait)
			due = timer.C
		}
		select {
		case <-ctx.Done():
			stop(timer)
			return ctx.Err()
		case <-p.poke:
			stop(timer)
			pace.told()
			continue
		case <-p.back:
			stop(timer)
			if !pace.stale(time.Now()) {
				continue
			}
		case <-due:
		}
		st, does, usable, err := p.look(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			pace.failed(err, time.Now())
			report(session.RemoteState{Err: err})
		case !usable && pace.doubts():
			// It may be between two things: another look, soon.
		default:
			pace.saw(st)
			report(st)
			p.relax(ctx, st, does)
		}
	}
}

func stop(t *time.Timer) {
	if t != nil {
		t.Stop()
	}
}

// look asks what plays. usable is false where that may be nothing but a moment between
// two states: no device, or nothing on it.
func (p *Player) look(ctx context.Context) (st session.RemoteState, does habits, usable bool, err error) {
	asked := time.Now()
	now, err := p.o.API.State(ctx)
	if err != nil {
		return st, does, false, err
	}
	got := time.Now()
	does = habits{now.Repeat, now.Shuffle}
	st = session.RemoteState{Asked: asked, At: asked.Add(got.Sub(asked) / 2)}
	if now.None {
		return st, does, false, nil
	}
	st.Playing, st.Position, st.Device = now.Playing, now.Progress, shown(now.Device)
	st.Device.Name = music.Clean(st.Device.Name)
	p.mu.Lock()
	track, started, queued := p.track, p.uri, p.queued
	if now.Device.ID != "" && now.Device.ID == p.last.ID {
		p.sure, p.volume, p.fixed = got, now.Device.Volume, !now.Device.SupportsVolume
	}
	p.mu.Unlock()
	if whole(started) && now.Context == started {
		// A list that plays as a whole ends where its player stands at the beginning, paused.
		st.Track, st.Ended = track, !now.Playing && now.Progress == 0
		st.Length = now.Item.Duration()
		if uri := now.Item.URI(); uri != "" {
			st.Part = p.o.Track(now.Item)
			p.isIn(started, uri)
		}
		return st, does, true, nil
	}
	uri := now.Item.URI()
	ref, ok := p.o.Ref(uri)
	if !ok {
		return st, does, false, nil
	}
	st.Track, st.Length = ref, now.Item.Duration()
	switch {
	case now.Item.Track != nil:
		st.Title = now.Item.Track.Name
	case now.Item.Episode != nil:
		st.Title = now.Item.Episode.Name
	}
	if uri == queued {
		p.mu.Lock()
		p.track, p.uri, p.queued = ref, queued, ""
		p.mu.Unlock()
	}
	return st, does, true, nil
}

// habits are what a device does with what it plays.
type habits struct {
	repeat   string // "" = not said
	shuffles bool
}

// relax has the device repeat and shuffle what we started as we wish: a track not at all, as
// the queue is ours, and a list as the queue is. It is done once for each start.
func (p *Player) relax(ctx context.Context, st session.RemoteState, does habits) {
	p.mu.Lock()
	due := st.Playing && st.Track == p.track && !p.relaxed
	p.relaxed = p.relaxed || due
	id, list, wish := p.last.ID, whole(p.uri), session.ListOrder{}
	if list {
		wish = p.order
	}
	p.mu.Unlock()
	if due && does.repeat != repeats(wish) && does.repeat != "" {
		_ = p.o.API.Repeat(ctx, id, repeats(wish)) // else what it repeats is told to stop at its end
	}
	if due && list && does.shuffles != wish.Shuffled {
		_ = p.o.API.Shuffle(ctx, id, wish.Shuffled) // else it plays in its own order
	}
}

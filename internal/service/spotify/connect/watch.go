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
		st, mode, usable, err := p.look(ctx)
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
			p.relax(ctx, st, mode)
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
func (p *Player) look(ctx context.Context) (st session.RemoteState, repeat string, usable bool, err error) {
	asked := time.Now()
	now, err := p.o.API.State(ctx)
	if err != nil {
		return st, "", false, err
	}
	got := time.Now()
	st = session.RemoteState{Asked: asked, At: asked.Add(got.Sub(asked) / 2)}
	if now.None {
		return st, now.Repeat, false, nil
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
			p.mu.Lock()
			p.part = uri
			p.mu.Unlock()
		}
		return st, now.Repeat, true, nil
	}
	uri := now.Item.URI()
	ref, ok := p.o.Ref(uri)
	if !ok {
		return st, now.Repeat, false, nil
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
	return st, now.Repeat, true, nil
}

// relax switches repeating off, where the device repeats what we started: the queue is
// ours. It is done once for each start.
func (p *Player) relax(ctx context.Context, st session.RemoteState, mode string) {
	p.mu.Lock()
	due := st.Playing && st.Track == p.track && !p.relaxed
	p.relaxed = p.relaxed || due
	id := p.last.ID
	p.mu.Unlock()
	if due && mode != "off" && mode != "" {
		_ = p.o.API.Repeat(ctx, id, "off") // else what it repeats is told to stop at its end
	}
}

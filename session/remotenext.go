package session

import (
	"context"
	"time"

	"segue/internal/music"
	"segue/player"
)

// follow takes what is to play behind the current item.
func (f *far) follow(g *handed) {
	f.next.drop()
	f.next, f.noNext = g, false
	if f.starved {
		f.goOn()
		return
	}
	f.enqueue()
}

// enqueue puts what follows into the device's queue, if that can play it and has nothing
// else of ours there: what is in it cannot be taken out.
func (f *far) enqueue() {
	g := f.next
	if g == nil || g.far == nil || g.far.account != f.account || !f.begun || f.lost || !f.queued.IsZero() {
		return
	}
	t, track := f.account.transport, g.far.track
	f.queued = track
	f.orders.add(order{
		what: orderEnqueue, op: "play next", do: func(ctx context.Context) error { return t.Enqueue(ctx, track) },
		quiet: true, then: func(err error) {
			if err != nil && f.queued == track {
				f.queued = music.Ref{} // it is started when its time has come
			}
		},
	})
}

// advance is the device going on to what was enqueued.
func (f *far) advance(st RemoteState) {
	g, why := f.next, player.EndPlayed
	if !f.through(st) {
		why = player.EndSkipped // by somebody there
	}
	f.next, f.queued = nil, music.Ref{}
	f.endOf(why)
	f.become(g, st.Position)
	f.begun = true
	if st.Track != g.far.track {
		f.alias = st.Track
	}
	f.isHeard()
	f.tellState(st.Playing, player.Paused)
	f.isAt(st)
}

// endOf tells that the current item is over.
func (f *far) endOf(why player.EndReason) {
	if why == player.EndPlayed {
		f.r.tell(player.Delivered{Item: f.cur.item.ID})
	}
	f.end(why, nil)
}

// finish is the end of the current item, with nothing of ours playing behind it.
func (f *far) finish() {
	f.movedTo(f.length, 0)
	f.starved = true
	f.needNext()
	f.goOn()
}

// goOn lets what follows begin, once the current item is over and it is known.
func (f *far) goOn() {
	g := f.next
	if !f.starved || !f.playing || g == nil && !f.noNext {
		return
	}
	f.next = nil
	stays := g != nil && g.far != nil && g.far.account == f.account
	if !stays {
		f.quiet()
	}
	f.endOf(player.EndPlayed)
	r := f.r
	if stays {
		f.become(g, 0)
		f.moved(0)
		f.start()
		return
	}
	r.far = nil
	f.close(false)
	r.s.playbackDirty = true
	switch {
	case g == nil:
		r.tell(player.StateChanged{State: player.Unloaded})
		r.tell(player.Drained{})
	case g.far != nil:
		r.far = newFar(r, g.far.account)
		r.far.load(g, true)
	default:
		r.goHome(g)
	}
}

// quiet stops a device that may go on by itself behind our last track.
func (f *far) quiet() {
	if f.lost || !f.goes {
		return
	}
	f.orders.clear()
	f.hush(nothing)
}

// overdueAfter is how long after its expected end a track counts as over though the
// device cannot be seen.
const overdueAfter = 5 * time.Second

// overdue lets the queue go on behind a device that cannot be reached any more, if what
// follows does not need it.
func (f *far) overdue() {
	switch {
	case f.r.far != f || f.lost || f.anchor.Rate == 0:
	case time.Since(f.sure) < overdueAfter || f.next != nil && f.next.far != nil || f.next == nil && !f.noNext:
		f.r.s.later(&f.near, overdueAfter, f.overdue)
	default:
		f.finish()
	}
}

package connect

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
	"segue/internal/service/spotify/webapi/webapitest"
	"segue/player"
	"segue/session"
	"segue/session/sessiontest"
)

// account is an account whose tracks play by a Player.
type account struct {
	*sessiontest.Service
	*Player
}

func (account) PlaysThere(music.Ref) bool { return true }

// room is a session with a Player over a clockwork, in a bubble.
type room struct {
	t   *testing.T
	s   *session.Session
	p   *sessiontest.Player
	c   *clockwork
	sub *session.Subscription
	all []session.Event
}

func inRoom(t *testing.T, f func(r *room)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := &clockwork{begin: time.Now(), repeat: "off"}
		spot, local := sessiontest.NewService("spot"), sessiontest.NewService(music.Local)
		spot.AddAlbum("Far", length, "a", "b", "c")
		local.AddAlbum("Near", length, "x", "y")
		a := account{spot, New(names(Options{API: c}))}
		p := sessiontest.NewPlayer(func(d time.Duration) {
			time.Sleep(d)
			synctest.Wait()
		})
		s := session.New(session.Config{Seed: 1}, p, nil, local.Account(), session.Account{ID: "spot", Service: a, Kind: "spotify"})
		r := &room{t: t, s: s, p: p, c: c, sub: s.Subscribe("test")}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- s.Run(ctx) }()
		synctest.Wait()
		f(r)
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func (r *room) do(c session.Command) {
	r.s.Send(c)
	synctest.Wait()
}

func (r *room) play(ids ...string) {
	var asks []music.Ask
	for _, id := range ids {
		ref := track(id)
		if strings.Contains("xy", id) {
			ref.Account = music.Local
		}
		asks = append(asks, music.Ask{Of: ref})
	}
	r.do(session.PlayContext{Ask: asks[0], More: asks[1:]})
}

func (r *room) events() []session.Event {
	synctest.Wait()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for {
		events, ok := r.sub.Take(ctx)
		r.all = append(r.all, events...)
		if !ok || len(events) == 0 {
			return r.all
		}
	}
}

func (r *room) playback() (p session.Playback) {
	for _, e := range r.events() {
		if e, ok := e.(session.PlaybackChanged); ok {
			p = e.Playback
		}
	}
	return p
}

// wantAt checks what plays here and, where it is far, there; to 1.5 s.
func (r *room) wantAt(title string, at time.Duration) {
	r.t.Helper()
	p := r.playback()
	got := p.Position.Now(time.Now(), length)
	if d := (got - at).Abs(); p.Track.Title != title || p.State != player.Playing || d > 1500*time.Millisecond {
		r.t.Errorf("%q at %s, %s; want %q at %s", p.Track.Title, got, p.State, title, at)
	}
	if strings.Contains("xy", title) {
		return
	}
	r.c.change(func() {
		if d := (r.c.at - at).Abs(); r.c.uri != "spotify:track:"+title || !r.c.playing || d > 1500*time.Millisecond {
			r.t.Errorf("there it is %s at %s, playing=%t; want %q at %s", r.c.uri, r.c.at, r.c.playing, title, at)
		}
	})
}

func TestAQueueOfBothKindsPlaysThroughAPlayer(t *testing.T) {
	inRoom(t, func(r *room) {
		r.play("x", "a", "b", "y", "c")
		r.p.Advance(50 * time.Second)
		r.wantAt("x", 50*time.Second)
		for _, want := range []string{"a", "b", "y", "c"} {
			r.p.Advance(length)
			r.wantAt(want, 49*time.Second) // of each way over something is lost
		}
		r.p.Advance(length)
		if p := r.playback(); p.State != player.Unloaded {
			t.Errorf("at the end it is %s", p.State)
		}
		for _, e := range r.events() {
			if e, ok := e.(session.Notice); ok && e.Level != session.Info {
				t.Errorf("%s", e.Text)
			}
		}
		n := 0
		for _, c := range r.c.calls {
			if strings.HasPrefix(c, "play ") {
				n++
			}
		}
		if n != 2 {
			t.Errorf("%d starts, want one for a and b, and one for c: %q", n, r.c.calls)
		}
		if looks := len(r.c.looked()); looks > 40 {
			t.Errorf("%d looks for three tracks", looks)
		}
	})
}

func TestWhatIsDoneSoonAfterACommandIsNotTakenForTheDevicesWish(t *testing.T) {
	inRoom(t, func(r *room) {
		r.play("a", "b")
		for range 20 {
			r.do(session.Toggle{})
			time.Sleep(130 * time.Millisecond)
		}
		r.p.Advance(5 * time.Second)
		p := r.playback()
		r.c.change(func() {
			if (p.State == player.Playing) != r.c.playing || p.State != player.Playing {
				t.Errorf("here it is %s, there playing=%t", p.State, r.c.playing)
			}
		})
		r.do(session.SeekTo{Position: 100 * time.Second})
		r.p.Advance(20 * time.Second)
		r.wantAt("a", 120*time.Second)
	})
}

func TestATakeoverIsSeenWithinHalfAMinute(t *testing.T) {
	inRoom(t, func(r *room) {
		r.play("a", "b")
		r.p.Advance(60 * time.Second)
		r.c.change(func() { r.c.uri, r.c.at = "spotify:track:other", 0 })
		r.p.Advance(35 * time.Second)
		if !slices.ContainsFunc(r.events(), func(e session.Event) bool { _, ok := e.(session.PlayTokenLost); return ok }) {
			t.Errorf("nobody was told: %+v", r.playback())
		}
		r.c.looked()
		r.p.Advance(time.Hour)
		if n := len(r.c.looked()); n != 0 {
			t.Errorf("the other's music is looked at %d times", n)
		}
		r.c.change(func() {
			if r.c.uri != "spotify:track:other" {
				t.Errorf("it was taken back: %s", r.c.uri)
			}
		})
	})
}

func TestATakeoverDuringALongPauseIsSeenByWhoComesBack(t *testing.T) {
	inRoom(t, func(r *room) {
		r.play("a", "b")
		r.p.Advance(10 * time.Second)
		r.do(session.Pause{})
		r.p.Advance(10 * time.Minute)
		r.c.change(func() { r.c.uri, r.c.at, r.c.playing = "spotify:track:other", 0, true })
		r.p.Advance(10 * time.Minute)
		r.events()
		r.c.looked()
		r.do(session.LookAgain{})
		if !slices.ContainsFunc(r.events(), func(e session.Event) bool { _, ok := e.(session.PlayTokenLost); return ok }) {
			t.Errorf("nobody was told: %+v", r.playback())
		}
		r.do(session.LookAgain{})
		if n := len(r.c.looked()); n != 1 {
			t.Errorf("%d looks", n)
		}
	})
}

func TestADayOfPausingCostsNothing(t *testing.T) {
	inRoom(t, func(r *room) {
		r.play("a", "b")
		r.p.Advance(10 * time.Second)
		r.do(session.Pause{})
		r.p.Advance(10 * time.Minute)
		r.c.looked()
		time.Sleep(24 * time.Hour)
		if n := len(r.c.looked()); n != 0 {
			t.Errorf("%d looks", n)
		}
		r.do(session.Play{})
		r.p.Advance(5 * time.Second)
		r.wantAt("a", 15*time.Second)
	})
}

func TestAnOutageDuringATrackIsLivedThrough(t *testing.T) {
	inRoom(t, func(r *room) {
		r.play("a", "b", "c")
		r.p.Advance(30 * time.Second)
		r.c.change(func() { r.c.fail = &webapi.Error{Kind: webapi.Unreachable} })
		r.p.Advance(100 * time.Second)
		r.c.change(func() { r.c.fail = nil })
		r.p.Advance(100 * time.Second)
		r.wantAt("b", 30*time.Second)
	})
}

func TestAListThatPlaysAsAWholeEndsOnce(t *testing.T) {
	g := onStage(t)
	g.choose(g.f.Computer)
	whole := music.Ref{Account: "spot", Kind: music.KindTrack, ID: "album:" + g.f.Albums[0]}
	_, err := g.p.Start(t.Context(), whole, 0)
	g.ok(err)
	st := g.look()
	if st.Track != whole || st.Part.Ref.ID != g.f.Of[0][0] || st.Length != st.Part.Duration || st.Ended || !st.Playing {
		t.Errorf("%+v", st)
	}
	g.s.Advance(24 * time.Hour)
	if st := g.look(); st.Track != whole || !st.Ended {
		t.Errorf("at the end %+v", st)
	}
	g.fault(g.p.Enqueue(t.Context(), whole), session.TrackNotPlayable)
	_, err = g.p.Start(t.Context(), track(""), 0)
	g.fault(err, session.TrackNotPlayable)
}

func TestAListThatPlaysAsAWholeIsGoneThroughAndGoesOnWhereItWas(t *testing.T) {
	g := onStage(t)
	now := time.Now()
	g.s.SetClock(func() time.Time { return now }) // what plays stays where it begins
	g.choose(g.f.Computer)
	ctx, songs := t.Context(), g.f.Of[0]
	whole := music.Ref{Account: "spot", Kind: music.KindTrack, ID: "album:" + g.f.Albums[0]}
	if !g.p.IsList(whole) || g.p.IsList(track(songs[0])) {
		t.Error("an album is a list, and a track is none")
	}
	heard := func(want string, at time.Duration) {
		t.Helper()
		if st := g.look(); st.Track != whole || st.Part.Ref.ID != want || st.Position != at {
			t.Errorf("%s at %s, want %s at %s", st.Part.Ref.ID, st.Position, want, at)
		}
	}
	_, err := g.p.Start(ctx, whole, 90*time.Second) // nobody knows in which of them
	g.ok(err)
	heard(songs[0], 0)
	g.ok(g.p.Skip(ctx))
	g.ok(g.p.Skip(ctx))
	heard(songs[2], 0)
	g.ok(g.p.Back(ctx))
	heard(songs[1], 0)
	g.s.PlayElsewhere(webapitest.Ada, g.f.Computer, "spotify:track:"+songs[0])
	_, err = g.p.Start(ctx, whole, 50*time.Second)
	g.ok(err)
	heard(songs[1], 50*time.Second)
	g.ok(g.p.Back(ctx))
	g.ok(g.p.Seek(ctx, time.Second))
	g.ok(g.p.Back(ctx)) // before the first there is nothing
	heard(songs[0], 0)
	_, err = g.p.Start(ctx, whole, 0)
	g.ok(err)
	heard(songs[0], 0)
}

func TestAListGoesOnInTheNextRunWhereItWas(t *testing.T) {
	g := onStage(t)
	now := time.Now()
	g.s.SetClock(func() time.Time { return now })
	g.choose(g.f.Computer)
	ctx, songs := t.Context(), g.f.Of[0]
	whole := music.Ref{Account: "spot", Kind: music.KindTrack, ID: "album:" + g.f.Albums[0]}
	_, err := g.p.Start(ctx, whole, 0)
	g.ok(err)
	g.look()
	g.ok(g.p.Skip(ctx))
	g.look()
	g.again()
	_, err = g.p.Start(ctx, whole, 50*time.Second)
	g.ok(err)
	if st := g.look(); st.Part.Ref.ID != songs[1] || st.Position != 50*time.Second {
		t.Errorf("it goes on in %s at %s", st.Part.Ref.ID, st.Position)
	}
	g.ok(g.p.Forget())
	g.again()
	_, err = g.p.Start(ctx, whole, 50*time.Second)
	g.ok(err)
	if st := g.look(); st.Part.Ref.ID != songs[0] || st.Position != 0 {
		t.Errorf("forgotten, it goes on in %s at %s", st.Part.Ref.ID, st.Position)
	}
}

func TestAListIsShuffledAndRepeatedAsTheQueueIsWhateverTheDeviceDid(t *testing.T) {
	g := onStage(t)
	g.choose(g.f.Computer)
	ctx := t.Context()
	whole := music.Ref{Account: "spot", Kind: music.KindTrack, ID: "album:" + g.f.Albums[0]}
	does := func(shuffled bool, repeat string) {
		t.Helper()
		if p := g.playback(); p.Shuffle != shuffled || p.Repeat != repeat {
			t.Errorf("it shuffles: %t, and repeats %s; want %t, %s", p.Shuffle, p.Repeat, shuffled, repeat)
		}
	}
	_, err := g.p.StartList(ctx, whole, 0, session.ListOrder{Shuffled: true})
	g.ok(err)
	does(true, "off")
	g.ok(g.p.OrderList(ctx, session.ListOrder{Shuffled: true, Again: true}))
	does(true, "track")
	g.s.Fail(webapitest.JSON(404, "Device not found", "").For("PUT /me/player/shuffle").Once(1)) // it takes that only while it plays
	_, err = g.p.StartList(ctx, whole, 0, session.ListOrder{})
	g.ok(err)
	does(true, "track")
	for range 2 {
		st, habits, _, err := g.p.look(ctx)
		g.ok(err)
		g.p.relax(ctx, st, habits)
		does(false, "off")
	}
	g.s.Forget()
	_, err = g.start(0)
	g.ok(err)
	if n := g.s.Count("PUT /me/player/shuffle"); n != 0 {
		t.Errorf("for a track it is told %d times", n)
	}
}

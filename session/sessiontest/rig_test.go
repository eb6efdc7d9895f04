package sessiontest_test

import (
	"context"
	"testing"
	"time"

	"segue/internal/music"
	"segue/session"
	"segue/session/sessiontest"
)

func TestARigPlaysWhatItIsToldInNoTime(t *testing.T) {
	local := sessiontest.NewService(music.Local)
	album := local.AddAlbum("Suite", time.Minute, "A", "B")
	r := sessiontest.Start(t, local)
	sub := r.Session.Subscribe("test")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r.Session.Send(session.PlayContext{Ask: music.Ask{Of: album}})
	plays := func(title string) func(session.Event) bool {
		return func(e session.Event) bool {
			p, ok := e.(session.PlaybackChanged)
			return ok && p.Playback.Track.Title == title && p.Playback.Position.Rate == 1
		}
	}
	sessiontest.Until(ctx, t, sub, "A plays", plays("A"))
	r.Player.Advance(61 * time.Second)
	sessiontest.Until(ctx, t, sub, "B plays", plays("B"))
	r.Session.Send(sessiontest.QueueOf(4))
	sessiontest.Until(ctx, t, sub, "the queue has two rows", func(e session.Event) bool {
		p, ok := e.(session.PageLoaded)
		return ok && p.Ticket == 4 && len(p.Page.Items) == 2
	})
}

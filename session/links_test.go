package session_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"segue/internal/music"
	"segue/session"
	"segue/session/sessiontest"
)

const spotifyTrack = "2Foc5Q5nqNiosCNqttzHof"

func TestALinkIsExplainedByTheAccountThatKnowsIt(t *testing.T) {
	local, home := sessiontest.NewService(music.Local), sessiontest.NewService("home")
	album := home.AddAlbum("Suite", time.Minute, "A", "B")
	accounts := []session.Account{local.Account(), home.Account()}
	for text, want := range map[string]music.Ref{
		album.String():              album,
		home.TrackRef("A").String(): home.TrackRef("A"),
		"test:A":                    local.TrackRef("A"),
		"spotify:search:one+two":    music.Section(music.Local, music.SectionSearch),
		"https://open.spotify.com/user/alice/starred": music.Section(music.Local, music.SectionStarred),
		"spotify:starred": music.Section(music.Local, music.SectionStarred),
	} {
		l, err := session.ExplainLink(t.Context(), accounts, text)
		if err != nil || l.Fault != nil && l.Fault.Kind != session.OtherPermanent || l.Ask.Of != want {
			t.Errorf("%s: %+v (%v), want %s", text, l, err, want)
		}
	}
	l, err := session.ExplainLink(t.Context(), accounts, album.String())
	if al, ok := l.Item.(music.Album); err != nil || !ok || al.Title != "Suite" || al.Tracks != 2 {
		t.Errorf("the album: %+v (%v)", l.Item, err)
	}
}

func TestALinkThatLeadsNowhereSaysSo(t *testing.T) {
	accounts := []session.Account{sessiontest.NewService(music.Local).Account()}
	for text, kind := range map[string]session.FaultKind{
		"spotify:track:" + spotifyTrack: session.OtherPermanent,
		"spotify:user:nobody:starred":   session.NoSuchUser,
		"spotify:user:nobody":           session.NoSuchUser,
		"segue:away:track:1":            session.InvalidArgument,
		"/no/such/file":                 session.OtherPermanent,
	} {
		l, err := session.ExplainLink(t.Context(), accounts, text)
		if err != nil || l.Fault == nil || l.Fault.Kind != kind || l.Link.Type == "" || l.Item != nil {
			t.Errorf("%s: %+v (%v)", text, l, err)
		}
	}
	for _, text := range []string{"", "what is this", "spotify:track:1", "https://open.spotify.com/genre/x", "ftp://h/x"} {
		_, err := session.ExplainLink(t.Context(), accounts, text)
		var f *session.Fault
		if !errors.As(err, &f) || f.Kind != session.InvalidArgument || f.Err == nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestALinkWithAnOffsetPlaysFromThere(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.do(session.OpenLink{Text: r.local.TrackRef("B").String() + "#1:05"})
		r.wantTrack("B")
		if got := r.position(); got != 65*time.Second {
			t.Errorf("plays from %s", got)
		}
	})
}

func TestGettersLoadWhatTheyName(t *testing.T) {
	inBubble(t, func(r *rig) {
		ctx := r.t.Context()
		track, err := r.s.Track(ctx, r.local.TrackRef("B"))
		if err != nil || track.Title != "B" {
			t.Errorf("track: %+v %v", track, err)
		}
		album, err := r.s.Album(ctx, r.album)
		if err != nil || album.Title != "Suite" || album.Tracks != 4 {
			t.Errorf("album: %+v %v", album, err)
		}
		if _, err := r.s.Playlist(ctx, r.album); err == nil {
			t.Error("an album was loaded as a playlist")
		}
		im, err := r.s.Image(ctx, r.album, 100)
		if err != nil || im.DataURI() != "data:image/png;base64,U3VpdGU=" {
			t.Errorf("image: %q %v", im.DataURI(), err)
		}
		l, err := r.s.Link(ctx, "test:C")
		if err != nil || l.Ask.Of != r.local.TrackRef("C") {
			t.Errorf("link: %+v %v", l, err)
		}
		if _, err := r.s.User(ctx, music.Local, "somebody else"); kindOf(err) != session.NoSuchUser {
			t.Errorf("another user: %v", err)
		}
		if _, err := r.s.Track(ctx, music.Ref{Account: "away", Kind: music.KindTrack, ID: "x"}); kindOf(err) != session.InvalidArgument {
			t.Errorf("an unknown account: %v", err)
		}
	})
}

func kindOf(err error) session.FaultKind {
	var f *session.Fault
	if errors.As(err, &f) {
		return f.Kind
	}
	return -1
}

func TestAGetterEndsWithItsContextAndWithTheSession(t *testing.T) {
	inBubble(t, func(r *rig) {
		open := r.local.Hold("tracks")
		ctx, cancel := context.WithTimeout(r.t.Context(), time.Second)
		defer cancel()
		if _, err := r.s.Track(ctx, r.local.TrackRef("A")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a service that hangs: %v", err)
		}
		done := make(chan error, 1)
		go func() {
			_, err := r.s.Track(context.Background(), r.local.TrackRef("A"))
			done <- err
		}()
		synctest.Wait()
		r.close()
		if err := <-done; err == nil {
			t.Error("a getter outlived the session")
		}
		open()
		if _, err := r.s.Track(r.t.Context(), r.local.TrackRef("A")); !errors.Is(err, session.ErrClosed) {
			t.Errorf("a session that has ended: %v", err)
		}
	})
}

func TestAFaultOfALinkKeepsItsSecrets(t *testing.T) {
	for text, want := range map[string]string{
		"https://alice:sesame@radio.example/live?token=sesame": "open https://radio.example/live",
		"HTTP://sesame@radio.example":                          "open HTTP://radio.example",
		"http://radio.example/%zz?p=sesame":                    "open http://radio.example/%zz",
		"/music/what?.flac":                                    "open /music/what?.flac",
	} {
		l, err := session.ExplainLink(t.Context(), nil, text)
		if l.Fault != nil {
			err = l.Fault
		}
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "sesame") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

package app

import (
	"errors"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/player"
	"segue/session"
)

// told runs events through the line that segue play keeps, and gives what it said.
func told(t *testing.T, events ...session.Event) (said string, done bool, err error) {
	t.Helper()
	var out strings.Builder
	asks := []music.Ask{{Of: music.Ref{Account: aria.Ref.Account, Kind: music.KindAlbum, ID: "Suite"}}}
	tell := telling{Play: &Play{Talk: &out, Asks: asks}}
	for _, e := range events {
		if tell.hear(e) {
			return out.String(), true, tell.end()
		}
	}
	return out.String(), false, nil
}

var aria = music.Track{Ref: music.Ref{Account: "spotify", Kind: music.KindTrack, ID: "1"}, Title: "Aria", Artists: []string{"Bach"}, Duration: time.Minute}

func stateOf(s session.State, rate float64) session.PlaybackChanged {
	return session.PlaybackChanged{Playback: session.Playback{State: s, Track: aria, DeviceOf: "spotify", Device: "Kitchen Radio", Position: session.Anchor{Rate: rate}}}
}

func refused(kind session.FaultKind, why string) []session.Event {
	f := &session.Fault{Kind: kind, Account: "spotify", Op: "play Aria", Err: errors.New(why)}
	return []session.Event{stateOf(player.Playing, 0), session.StreamingError{Track: aria.Ref, Fault: f}, session.Notice{Level: session.Failure, Text: f.Error(), Fault: f}}
}

func TestATrackOnADeviceIsToldWithIt(t *testing.T) {
	said, done, _ := told(t, stateOf(player.Playing, 1))
	if said != "Aria — Bach  on Kitchen Radio\n" || done {
		t.Errorf("%q, done=%t", said, done)
	}
}

func TestWithoutADeviceTheRunEndsAndSaysWhichThereAre(t *testing.T) {
	events := append(refused(session.InvalidDeviceID, "no device is active; there are: Desk, Pocket"), stateOf(player.Paused, 0))
	_, done, err := told(t, events...)
	if !done || !errors.Is(err, ErrNothing) || !strings.Contains(err.Error(), "there are: Desk, Pocket") {
		t.Errorf("done=%t, %v", done, err)
	}
}

func TestWhatIsRefusedAndGoesOnDoesNotEndTheRun(t *testing.T) {
	for name, events := range map[string][]session.Event{
		"another track plays": append(refused(session.TrackNotPlayable, "not here"), session.PlaybackChanged{Playback: session.Playback{State: player.Playing,
			Track: music.Track{Ref: music.Ref{ID: "2"}}, Position: session.Anchor{Rate: 1}}}),
		"it plays in the end": append(refused(session.RateLimited, "too many requests"), stateOf(player.Playing, 1), stateOf(player.Paused, 0)),
	} {
		if _, done, err := told(t, events...); done {
			t.Errorf("%s: it ends with %v", name, err)
		}
	}
}

func TestAnotherPlayerThatTakesOverEndsTheRun(t *testing.T) {
	_, done, err := told(t, stateOf(player.Playing, 1), session.PlayTokenLost{Account: "spotify", Device: "Phone"})
	if !done || err == nil || err.Error() != "spotify plays on Phone now" {
		t.Errorf("done=%t, %v", done, err)
	}
}

func TestARunThatHasNothingToPlayEndsAndSaysWhy(t *testing.T) {
	f := &session.Fault{Kind: session.UnableToContactServer, Account: "spotify", Op: "list the tracks of Suite", Err: errors.New("no route")}
	for name, c := range map[string]struct {
		event session.Event
		want  string
	}{
		"it failed":        {session.PlayContextFailed{Of: aria.Ref, Fault: f}, f.Error()},
		"nothing is there": {session.PlayContextFailed{Of: aria.Ref}, "nothing found in Suite"},
	} {
		said, done, err := told(t, c.event)
		if !done || !errors.Is(err, ErrNothing) || err.Error() != c.want || said != "" {
			t.Errorf("%s: done=%t, %v, said %q", name, done, err, said)
		}
	}
}

func TestAListThatIsCutShortIsToldWhereItsAccountWasAskedFor(t *testing.T) {
	short := func(account music.AccountID) session.Notice {
		f := &session.Fault{Kind: session.UnableToContactServer, Account: account, Err: errors.New("no route")}
		return session.Notice{Level: session.Failure, Text: f.Error(), Fault: f}
	}
	said, done, _ := told(t, short("home"), short("spotify"))
	if done || said != short("spotify").Text+"\n" {
		t.Errorf("said %q, done=%t", said, done)
	}
}

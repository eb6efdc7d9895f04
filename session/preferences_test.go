package session_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"segue/internal/music"
	"segue/player"
	"segue/session"
	"segue/session/sessiontest"
)

func (w *world) settings() session.Settings {
	return last1[session.SettingsChanged](w.rig).Settings
}

func TestSettingsHoldOverARestartUntilTheConfigChanges(t *testing.T) {
	store := sessiontest.NewStore(nil)
	with := func(kbps int) option {
		return func(c *setup) { c.store, c.cfg.Kbps, c.cfg.Gain, c.cfg.PreampDB = store, kbps, player.GainTrack, -2 }
	}
	inWorld(t, remembered, func(w *world) {
		if v := w.settings(); v.Kbps != 160 || v.Gain != player.GainTrack || v.CacheMB != 0 || v.Scrobble != session.ScrobbleOn {
			t.Errorf("at first %+v", v)
		}
		w.do(session.SetBitrate{Kbps: 320}, session.SetOfflineBitrate{Kbps: 96}, session.SetCacheSize{MB: 500}, session.SetGain{}, session.FlushCaches{})
		if v := w.settings(); v.Kbps != 320 || v.OfflineKbps != 96 || v.CacheMB != 500 || v.Gain != player.GainAlbum {
			t.Errorf("set %+v", v)
		}
		if p := w.playback(); p.GainMode != player.GainAlbum {
			t.Errorf("the player has %s", p.GainMode)
		}
		stream, offline := w.home.Tuned()
		if mode, preamp := w.home.Levelled(); mode != player.GainAlbum || preamp != -2 {
			t.Errorf("the service evens out by %s, %v dB", mode, preamp)
		}
		if limit, flushed := w.home.Cache(); limit != 500_000_000 || flushed != 1 || stream.Kbps != 320 || offline.Kbps != 96 {
			t.Errorf("the service has %d, %d, %v, %v", limit, flushed, stream, offline)
		}
	}, with(160))
	inWorld(t, remembered, func(w *world) {
		stream, _ := w.home.Tuned()
		limit, _ := w.home.Cache()
		if mode, _ := w.home.Levelled(); mode != player.GainAlbum {
			t.Errorf("after a restart the service evens out by %s", mode)
		}
		if v := w.settings(); v.Kbps != 320 || v.OfflineKbps != 96 || v.CacheMB != 500 || v.Gain != player.GainAlbum || limit != 500_000_000 || stream.Kbps != 320 {
			t.Errorf("after a restart %+v; the service has %d, %v", v, limit, stream)
		}
	}, with(160))
	inWorld(t, remembered, func(w *world) {
		if v := w.settings(); v.Kbps != 96 || v.CacheMB != 500 {
			t.Errorf("with another config %+v", v)
		}
	}, with(96))
}

func TestSettingsThatCannotBe(t *testing.T) {
	for _, c := range []struct {
		name string
		do   session.Command
		want session.FaultKind
		text string
	}{
		{"a bitrate of 7", session.SetBitrate{Kbps: 7}, session.InvalidArgument, "set the bitrate: 7 kbit/s is not offered; use 96, 160, 320, or 0 for the original"},
		{"an offline bitrate below 0", session.SetOfflineBitrate{Kbps: -96}, session.InvalidArgument, "set the bitrate: -96 kbit/s is not offered; use 96, 160, 320, or 0 for the original"},
		{"a cache size below 0", session.SetCacheSize{MB: -1}, session.InvalidArgument, "set the size of the cache: -1 MB is no size; 0 is up to 10 % of the free disk"},
		{"a gain that is none", session.SetGain{Mode: "louder"}, session.InvalidArgument, `set the volume normalisation: there is no mode "louder"; use off, track, album or auto`},
		{"prefetch for nobody", session.Prefetch{Track: music.Ref{Account: "nobody", Kind: music.KindTrack, ID: "x"}}, session.InvalidArgument, "nobody: fetch x: there is no such account; look into the config for its name"},
		{"offline copies of local files", session.MarkOffline{Refs: []music.Ref{{Account: music.Local, Kind: music.KindTrack, ID: "A"}}}, session.OfflineNotAllowed, "keep for offline: its service does not offer that"},
		{"offline copies of nothing", session.MarkOffline{}, session.InvalidArgument, "keep for offline: nothing was named"},
		{"offline copies of nobody", session.MarkOffline{Refs: []music.Ref{{Account: "nobody"}}}, session.InvalidArgument, "nobody: keep for offline: there is no such account; look into the config for its name"},
		{"a sync of local files", session.SyncOffline{Account: music.Local}, session.OfflineNotAllowed, "fetch for offline: no service here offers that"},
		{"a sync of nobody", session.SyncOffline{Account: "nobody"}, session.InvalidArgument, "nobody: fetch for offline: there is no such account; look into the config for its name"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, nil, func(w *world) {
				before := w.settings()
				w.do(c.do)
				n := last1[session.Notice](w.rig)
				if n.Text != c.text || n.Fault == nil || n.Fault.Kind != c.want {
					t.Errorf("%+v", n)
				}
				if w.settings() != before {
					t.Errorf("it was taken: %+v", w.settings())
				}
			})
		})
	}
}

func TestNonsenseInTheConfigIsToldAndLeftOut(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		if v := w.settings(); v.Kbps != 0 || v.CacheMB != 0 || len(w.notices()) != 2 {
			t.Errorf("%+v, %q", v, w.notices())
		}
	}, func(c *setup) { c.cfg.Kbps, c.cfg.CacheMB = 7, -3 })
}

func TestAnAccountNameTwiceInTheConfigIsToldAndTheFirstCounts(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		w.wantNotice(`add the account "home": there is an account of that name already; choose another name`)
		w.wantNotice(`add the account "Not A Name": that is no name for an account; use up to 32 of a-z, 0-9, dot, dash and underscore`)
		if n := len(last1[session.AccountsChanged](w.rig).Accounts); n != 2 {
			t.Errorf("%d accounts", n)
		}
		w.do(password("alice", "wonderland", false))
		w.wantLoggedIn(session.OK)
	}, func(c *setup) {
		c.accounts = append(c.accounts, sessiontest.NewRemote("home").Account(), sessiontest.NewRemote("Not A Name").Account())
	})
}

func TestWhatWasKeptOfAccountsIsLostAndTheSessionStarts(t *testing.T) {
	inWorld(t, func(w *world) { w.kept.FailWith(errors.New("it is a folder")) }, func(w *world) {
		w.wantNotice("what was kept of the accounts is lost: it is a folder")
		w.do(password("alice", "wonderland", true), session.PrivateSession{})
		w.wantLoggedIn(session.OK)
		n := 0
		for _, text := range w.notices() {
			if text == "what you did with accounts cannot be kept: it is a folder" {
				n++
			}
		}
		if n != 1 {
			t.Errorf("told %d times: %q", n, w.notices())
		}
		w.kept.FailWith(nil)
	})
}

func TestTheNextTracksAreFetchedBeforeTheyAreNeeded(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		long := w.home.AddAlbum("Long", 100*time.Second, "L1", "L2", "L3", "L4")
		w.do(session.SetBitrate{Kbps: 160}, session.PlayContext{Ask: music.Ask{Of: long}})
		fetched := func() (ids []string) {
			for _, c := range w.home.Calls() {
				if len(c) > 9 && c[:9] == "prefetch " {
					ids = append(ids, c[9:])
				}
			}
			return ids
		}
		if got := fetched(); !slices.Equal(got, []string{"L2", "L3"}) {
			t.Errorf("fetched %q", got)
		}
		if q := w.home.Qualities(); slices.ContainsFunc(q, func(q music.Quality) bool { return q.Kbps != 160 }) || len(q) != 3 {
			t.Errorf("qualities %v", q)
		}
		w.sleep(50 * time.Second)
		w.do(session.SetVolume{Percent: 10})
		if got := fetched(); len(got) != 0 {
			t.Errorf("again: %q", got)
		}
		w.sleep(60 * time.Second)
		w.wantTrack("L2")
		if got := fetched(); !slices.Equal(got, []string{"L4"}) {
			t.Errorf("then %q", got)
		}
		w.do(session.Prefetch{Track: w.home.TrackRef("W")}, session.Prefetch{Track: w.ref("A")})
		if got := fetched(); !slices.Equal(got, []string{"W"}) {
			t.Errorf("by hand %q", got)
		}
	})
}

func TestAMarkIsFlippedAndSaid(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		both := []music.Ref{w.remote(), {Account: "home", Kind: music.KindSearch, ID: "album:sketches"}}
		for _, step := range []struct {
			refs []music.Ref
			done int
			said string
		}{
			{both[:1], 1, "it will be kept on this machine"},
			{both, 2, "2 things will be kept on this machine"},
			{both, 0, "2 things will not be kept on this machine any more"},
		} {
			w.do(session.MarkOffline{Refs: step.refs})
			w.wantNotice(step.said)
			if a := w.account("home"); a.Sync.Done != step.done {
				t.Errorf("%d are there, want %d", a.Sync.Done, step.done)
			}
		}
	})
}

func TestOfflineCopiesAreMarkedFetchedAndPaused(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		w.do(session.MarkOffline{Refs: []music.Ref{w.remote(), w.home.TrackRef("W")}})
		if e := last1[session.OfflineStatusUpdated](w.rig); e.Account != "home" || e.Status.Done != 2 || e.Status.ToSync != 0 {
			t.Errorf("%+v", e)
		}
		if a := w.account("home"); a.Sync == nil || a.Sync.Done != 2 || !a.Can.Offline {
			t.Errorf("%+v", a)
		}
		w.do(session.SyncOffline{Pause: session.On})
		if a := w.account("home"); !a.Sync.Paused {
			t.Errorf("%+v", a.Sync)
		}
		w.do(session.SyncOffline{Account: "home", Pause: session.Off}, session.MarkOffline{Refs: []music.Ref{w.remote()}, To: session.Off})
		if a := w.account("home"); a.Sync.Paused || a.Sync.Done != 1 {
			t.Errorf("%+v", a.Sync)
		}
		w.home.Calls()
		w.do(session.SetOfflineBitrate{Kbps: 160}, session.SetOfflineBitrate{Kbps: 320, Resync: true}, session.SyncOffline{})
		var got []string
		for _, c := range w.home.Calls() {
			if c == "syncnow again" || c == "syncnow missing" {
				got = append(got, c)
			}
		}
		if !slices.Equal(got, []string{"syncnow again", "syncnow missing"}) {
			t.Errorf("calls %q", got)
		}
		w.home.Fail("setoffline", &session.Fault{Kind: session.OfflineTooManyTracks, Err: errors.New("10,000 tracks are the limit")})
		w.do(session.MarkOffline{Refs: []music.Ref{w.remote()}})
		w.wantNotice("home: keep for offline: 10,000 tracks are the limit")
	})
}

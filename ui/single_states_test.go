package ui

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/keymap"
	"segue/player"
	"segue/session"
	"segue/ui/page"
)

// a state that a view without rows of music can be in: how the session is, and what is
// done on the way there.
type viewIn struct {
	state  string
	change func(*fake, *Options)
	then   func(*rig)
}

// nothing is a change of nothing.
func nothing(*fake, *Options) {}

// goesOn lets a track of a server play or open.
func goesOn(change func(*session.Playback)) func(*rig) {
	return func(r *rig) {
		r.f.mu.Lock()
		change(&r.f.play)
		r.f.publish()
		r.f.mu.Unlock()
		r.settle()
	}
}

func serverTrack() music.Track {
	return music.Track{Ref: music.Ref{Account: "home", Kind: music.KindTrack, ID: "t1"}, Title: "Lonely Woman", Artists: []string{"Ornette Coleman"}, Album: "The Shape of Jazz to Come",
		Duration: 299 * time.Second, Audio: music.Audio{Codec: "MP3", Rate: 44100, Bitrate: 192}}
}

// nowStates: there is nothing else to be empty than the player itself; what is partial is
// a track of which little is known.
func nowStates() []viewIn {
	key := func(r *rig) { r.keys("7") }
	return []viewIn{
		{"empty", nothing, key},
		{"loading", nothing, func(r *rig) {
			r.keys("7")
			goesOn(func(p *session.Playback) { p.Opening = serverTrack() })(r)
			r.send(openingMsg(r.m.opening.id))
		}},
		{"partial: no cover, no lyrics, no tags", func(f *fake, _ *Options) { f.bare = true }, func(r *rig) {
			goesOn(func(p *session.Playback) {
				p.State, p.Track = player.Playing, music.Track{Ref: music.Ref{Account: music.Local, Kind: music.KindTrack, ID: "x"}, Title: "take_03 (2)", Path: "/music/in/take_03 (2).wav"}
				p.Position = session.Anchor{Position: 7 * time.Second, At: r.f.now, Rate: 1}
			})(r)
			r.keys("7")
		}},
		{"error: the track does not play, the next one does", sung, func(r *rig) {
			playing(r)
			r.keys("7")
			r.f.box.Put(session.StreamingError{Track: serverTrack().Ref, Fault: &session.Fault{Kind: session.TrackNotPlayable, Account: "home",
				Op: "play “Lonely Woman”", Err: errors.New("the server sent 0 bytes"), Hint: "the next one plays"}})
			r.settle()
		}},
		{"error: the output went away", sung, func(r *rig) {
			playing(r)
			goesOn(func(p *session.Playback) {
				p.State, p.Lost, p.LostWhy, p.Position.Rate = player.Paused, true, "the headphones were unplugged", 0
			})(r)
			r.keys("7")
		}},
		{"full", sung, func(r *rig) { playing(r); r.keys("7") }},
	}
}

func accountStates() []viewIn {
	key := func(r *rig) { r.keys("8") }
	fine := func(f *fake, o *Options) {
		withAccounts(f, o)
		f.accounts[1].State, f.accounts[1].Since, f.accounts[1].Note, f.accounts[1].RetryAt = session.ConnLoggedIn, f.now.Add(-26*time.Hour), "", time.Time{}
		f.accounts[1].User, f.accounts[1].Server = "bob", "https://music.work.example"
		f.accounts[2] = session.AccountInfo{ID: "spotify", Kind: "spotify", About: &music.User{Name: "alice", Product: "premium"}, State: session.ConnLoggedIn, Since: f.now.Add(-20 * time.Minute),
			Can: f.accounts[0].Can, Remembered: "a sign-in with Spotify", Where: "the desktop's keyring", Until: f.now.AddDate(0, 5, 3)}
	}
	return []viewIn{
		{"empty: none but this machine", func(f *fake, o *Options) { withAccounts(f, o); f.accounts = nil }, key},
		{"loading: signing in at the start", func(f *fake, o *Options) {
			fine(f, o)
			for i := range f.accounts {
				a := &f.accounts[i]
				a.State, a.Busy, a.Since, a.Sync = session.ConnUndefined, i < 2, time.Time{}, nil
			}
		}, key},
		{"partial: one is away, with edits that wait", func(f *fake, o *Options) {
			fine(f, o)
			a := &f.accounts[0]
			a.State, a.Since, a.RetryAt = session.ConnDisconnected, f.now.Add(-118*time.Minute), f.now.Add(3*time.Minute)
			a.Note = "home: connect to music.example.org: connection refused"
			a.Waiting = []string{"3 stars", "“Evening” renamed to “Night”"}
		}, func(r *rig) { r.keys("8", "j") }},
		{"error: refused, and limited", func(f *fake, o *Options) {
			fine(f, o)
			a := &f.accounts[0]
			a.State, a.Since, a.Remembered, a.Where, a.Sync = session.ConnLoggedOut, time.Time{}, "", "", nil
			a.Note = "home: sign in: wrong user name or password"
			a = &f.accounts[2]
			a.Note, a.RetryAt = "spotify: too many requests in this hour", f.now.Add(152*time.Minute)
		}, func(r *rig) { r.keys("8", "j") }},
		{"full: all fine", fine, func(r *rig) { r.keys("8", "j") }},
	}
}

// rowsOfConfig are so many settings, as the config has them.
func rowsOfConfig(n int, faults bool) func(*fake, *Options) {
	return func(_ *fake, o *Options) {
		o.ConfigPath = "~/.config/segue/config.toml"
		if faults {
			o.Settings = append(o.Settings, page.Setting{Key: "config.toml:6", Value: "there is no key player.gian, did you mean player.gain?; it is ignored", Source: "config.toml:6",
				Fault: "config.toml:6: there is no key player.gian, did you mean player.gain?; it is ignored"})
		}
		for i := range n {
			s := page.Setting{Key: "library.folders", Value: "/music, /srv/more", Source: "config.toml:2", Doc: "Folders with music."}
			switch i % 4 {
			case 1:
				s = page.Setting{Key: "player.gain", Value: "auto", Source: "default", Doc: "Loudness by ReplayGain or R128 tags: off, track, album, auto (album while an album plays in order)."}
				if faults {
					s.Fault = `config.toml:4: player.gain is "loud", but can be off, track, album, auto; "auto" holds`
				}
			case 2:
				s = page.Setting{Key: "screen.keymap", Value: "default", Source: "default", Action: keymap.Keys, Doc: "Keys as in: default, vim, spotify-player, ncspot, cmus."}
			case 3:
				s = page.Setting{Key: "player.volume", Value: "70", Source: "SEGUE_PLAYER_VOLUME", Doc: "The volume of a first start, 0 to 100."}
			}
			if i >= 4 {
				s.Key += fmt.Sprint(i)
			}
			o.Settings = append(o.Settings, s)
		}
	}
}

// settingStates: there always are settings; before the session has answered its own are
// not known.
func settingStates() []viewIn {
	known := func(keys ...string) func(*rig) {
		return func(r *rig) {
			r.f.box.Put(session.SettingsChanged{Settings: session.Settings{Scrobble: session.ScrobbleOn, Gain: "auto"}})
			r.settle()
			r.keys(append([]string{"9"}, keys...)...)
		}
	}
	return []viewIn{
		{"loading", rowsOfConfig(4, false), func(r *rig) { r.keys("9") }},
		{"partial: mistakes in the config", rowsOfConfig(4, true), known("j", "j", "j", "j", "j", "j")},
		{"full", rowsOfConfig(60, false), known("G", "k")},
	}
}

func logStates(t *testing.T) []viewIn {
	t.Helper()
	var long strings.Builder
	for i := range 200 {
		fmt.Fprintf(&long, "time=2026-11-21T11:%02d:%02dZ level=%s msg=\"line %d of a log\" account=home\n", 20+i/60, i%60, []string{"INFO", "DEBUG", "WARN", "INFO", "ERROR"}[i%5], i)
	}
	_, empty := logged(t, "")
	_, full := logged(t, long.String())
	return []viewIn{
		{"loading", full, func(r *rig) { r.held = true; r.keys("g", "!") }},
		{"empty", empty, func(r *rig) { r.keys("g", "!") }},
		{"partial: nothing of that kind", empty, func(r *rig) {
			r.f.box.Put(session.Notice{Level: session.Info, Text: "added 3 tracks to the queue"})
			r.settle()
			r.keys("g", "!", "}", "}")
		}},
		{"error: the file cannot be read", func(_ *fake, o *Options) { o.LogFile = "/proc" }, func(r *rig) {
			r.f.box.Put(session.Notice{Level: session.Warning, Text: "home: no answer"})
			r.settle()
			r.keys("g", "!")
		}},
		{"full", full, func(r *rig) { r.keys("g", "!", "k", "k") }},
	}
}

func deviceStates() []viewIn {
	here := func(r *rig) { playing(r); r.keys("g", "o") }
	answered := func(change func(*session.DevicesChanged)) func(*rig) {
		return func(r *rig) {
			here(r)
			ev := someDevices(r.f.now)
			change(&ev)
			r.f.box.Put(ev)
			r.settle()
		}
	}
	gone := &session.Fault{Kind: session.UnableToContactServer, Account: "spotify", Op: "list the devices", Err: errors.New("no answer from api.spotify.com"), Hint: "it is tried again"}
	return []viewIn{
		{"empty: no account has devices", nothing, here},
		{"loading", withConnect, here},
		{"partial: one account is signed out", withConnect, answered(func(*session.DevicesChanged) {})},
		{"error", withConnect, answered(func(ev *session.DevicesChanged) {
			ev.Accounts = ev.Accounts[:1]
			ev.Accounts[0].Devices, ev.Accounts[0].Fault = nil, gone
		})},
		{"full", func(f *fake, o *Options) { withConnect(f, o); f.accounts = f.accounts[:1] }, answered(func(ev *session.DevicesChanged) { ev.Accounts = ev.Accounts[:1] })},
	}
}

// TestTheViewsOfOneKindInEveryState draws the views that are no lists of music in the
// states that they can be in.
func TestTheViewsOfOneKindInEveryState(t *testing.T) {
	for name, states := range map[string][]viewIn{"now": nowStates(), "accounts": accountStates(), "settings": settingStates(), "log": logStates(t), "devices": deviceStates()} {
		t.Run(name, func(t *testing.T) {
			var all strings.Builder
			for _, s := range states {
				for _, size := range [][2]int{{80, 24}, {120, 36}} {
					r := newRig(t, size[0], size[1], s.change)
					s.then(r)
					lines := r.lines()
					if len(lines) != size[1] {
						t.Errorf("%s at %v: %d lines", s.state, size, len(lines))
					}
					fmt.Fprintf(&all, "=== %s, %dx%d\n", s.state, size[0], size[1])
					for _, l := range lines {
						all.WriteString(strings.TrimRight(l, " ") + "\n")
					}
				}
			}
			compare(t, filepath.Join("testdata", "state-"+name+".golden"), all.String())
		})
	}
}

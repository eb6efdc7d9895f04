package session

import (
	"context"
	"fmt"
	"slices"

	"segue/internal/music"
	"segue/player"
)

// prefer carries out the commands of accounts and settings; ok is false for any other.
func (s *Session) prefer(c Command) (ok bool) {
	switch c := c.(type) {
	case Login:
		s.doLogin(c)
	case AnswerLogin:
		s.answerLogin(c)
	case Relogin:
		s.relogin(c)
	case Logout:
		s.logout(c)
	case Forget:
		s.forgetAccount(c)
	case OfflineMode:
		s.setOffline(c.To.apply(s.known.Offline))
	case PrivateSession:
		s.setPrivate(c.To.apply(s.known.Private))
	case Scrobbling:
		s.setScrobbling(c)
	case SetCacheSize:
		s.setCacheSize(c.MB)
	case FlushCaches:
		s.flushCaches()
	case SetBitrate:
		s.setBitrate(c.Kbps)
	case SetOfflineBitrate:
		s.setOfflineBitrate(c)
	case SetGain:
		s.setGain(c.Mode)
	case Prefetch:
		s.prefetchNow(c.Track)
	case MarkOffline:
		s.markOffline(c)
	case SyncOffline:
		s.syncOffline(c)
	case LoadQueue:
		s.loadKept(c)
	case Bookmark:
		s.bookmark(c)
	default:
		return false
	}
	return true
}

// settings as they are told.
func (s *Session) settings() Settings {
	v := s.prefs
	v.Offline, v.Private, v.Scrobble = s.known.Offline, s.known.Private, s.scrobbling()
	v.Gain = s.gainMode()
	return v
}

func (s *Session) gainMode() player.GainMode {
	if s.cfg.Gain == "" {
		return player.GainOff
	}
	return s.cfg.Gain
}

// takePreferences begins with what the config says; nonsense in it counts as nothing.
func (s *Session) takePreferences(cfg Config) {
	s.prefs = Settings{Kbps: cfg.Kbps, OfflineKbps: cfg.OfflineKbps, CacheMB: cfg.CacheMB}
	for _, kbps := range []*int{&s.prefs.Kbps, &s.prefs.OfflineKbps} {
		if !slices.Contains(bitrates, *kbps) {
			f := bitrateFault(*kbps)
			s.greet(f.Error(), f)
			*kbps = 0
		}
	}
	if cfg.CacheMB < 0 {
		f := cacheFault(cfg.CacheMB)
		s.greet(f.Error(), f)
		s.prefs.CacheMB = 0
	}
	s.config, s.configGain = s.prefs, s.gainMode()
}

func (s *Session) savedPreferences() *SavedSettings {
	return &SavedSettings{
		Kbps:        Chosen[int]{s.prefs.Kbps, s.config.Kbps},
		OfflineKbps: Chosen[int]{s.prefs.OfflineKbps, s.config.OfflineKbps},
		CacheMB:     Chosen[int]{s.prefs.CacheMB, s.config.CacheMB},
		Gain:        Chosen[player.GainMode]{s.gainMode(), s.configGain},
	}
}

// restorePreferences takes over what was chosen at an earlier run; values that make
// no sense are left out.
func (s *Session) restorePreferences(v *SavedSettings) {
	if v == nil {
		return
	}
	if k := v.Kbps.or(s.config.Kbps); slices.Contains(bitrates, k) {
		s.prefs.Kbps = k
	}
	if k := v.OfflineKbps.or(s.config.OfflineKbps); slices.Contains(bitrates, k) {
		s.prefs.OfflineKbps = k
	}
	if mb := v.CacheMB.or(s.config.CacheMB); cacheSize(mb) {
		s.prefs.CacheMB = mb
	}
	if g := v.Gain.or(s.configGain); slices.Contains(gainModes, g) {
		s.cfg.Gain = g
	}
}

// settingChanged has the settings told and saved.
func (s *Session) settingChanged() {
	s.settingsDirty = true
	s.saveSoon()
}

// tellPreferences hands a service the settings that it keeps itself.
func (s *Session) tellPreferences(a *account) {
	s.tune(a, nil)
	s.level(a)
	s.tellLimit(a)
}

// level tells a service how loudness is evened out.
func (s *Session) level(a *account) {
	if a.leveller == nil {
		return
	}
	mode, preampDB := s.gainMode(), s.cfg.PreampDB
	call(s, inOrder("level "+string(a.id)), func(context.Context) (struct{}, error) {
		a.leveller.SetLevelling(mode, preampDB)
		return struct{}{}, nil
	}, func(_ struct{}, err error) {
		if f := faultOf(err, a.id, "set the volume normalisation"); f != nil {
			s.fail(f)
		}
	})
}

// What may be chosen.
var (
	bitrates  = []int{0, 96, 160, 320}
	gainModes = []player.GainMode{player.GainOff, player.GainTrack, player.GainAlbum, player.GainAuto}
)

func bitrateFault(kbps int) *Fault {
	return &Fault{Kind: InvalidArgument, Op: "set the bitrate", Err: fmt.Errorf("%d kbit/s is not offered", kbps),
		Hint: "use 96, 160, 320, or 0 for the original"}
}

// setBitrate holds from the next track that is opened.
func (s *Session) setBitrate(kbps int) {
	if !slices.Contains(bitrates, kbps) {
		s.fail(bitrateFault(kbps))
		return
	}
	s.prefs.Kbps = kbps
	s.settingChanged()
	for _, a := range s.accounts {
		s.tune(a, nil)
	}
}

// tune tells a service the preferred qualities, then does then.
func (s *Session) tune(a *account, then func()) {
	if a.tuner == nil {
		if then != nil {
			then()
		}
		return
	}
	stream, offline := music.Quality{Kbps: s.prefs.Kbps}, music.Quality{Kbps: s.prefs.OfflineKbps}
	call(s, inOrder("tune "+string(a.id)), func(context.Context) (struct{}, error) {
		a.tuner.SetQuality(stream, offline)
		return struct{}{}, nil
	}, func(_ struct{}, err error) {
		if f := faultOf(err, a.id, "set the bitrate"); f != nil {
			s.fail(f)
		}
		if then != nil {
			then()
		}
	})
}

func (s *Session) setOfflineBitrate(c SetOfflineBitrate) {
	if !slices.Contains(bitrates, c.Kbps) {
		s.fail(bitrateFault(c.Kbps))
		return
	}
	s.prefs.OfflineKbps = c.Kbps
	s.settingChanged()
	for _, a := range s.accounts {
		s.tune(a, func() {
			if a.downloader != nil && c.Resync {
				s.fetch(a, true)
			}
		})
	}
}

// setGain sets how loudness is evened out; empty = the next mode.
func (s *Session) setGain(mode player.GainMode) {
	if mode == "" {
		mode = gainModes[(slices.Index(gainModes, s.gainMode())+1)%len(gainModes)]
	}
	if !slices.Contains(gainModes, mode) {
		s.fail(&Fault{Kind: InvalidArgument, Op: "set the volume normalisation", Err: fmt.Errorf("there is no mode %q", mode),
			Hint: "use off, track, album or auto"})
		return
	}
	s.cfg.Gain = mode
	s.player.SetGain(mode, s.cfg.PreampDB)
	for _, a := range s.accounts {
		s.level(a)
	}
	s.settingChanged()
	s.touched()
}

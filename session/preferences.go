package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"segue/internal/music"
	"segue/player"
)

// flushEvery is how often caches are written to disk.
const flushEvery = 5 * time.Minute

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
	default:
		return false
	}
	return true
}

// settings as they are told.
func (s *Session) settings() Settings {
	v := s.prefs
	v.Offline, v.Private, v.Scrobble = s.known.Offline, s.known.Private, s.known.Scrobble[""]
	v.Gain = s.gainMode()
	if v.Scrobble == "" {
		v.Scrobble = ScrobbleOn
	}
	return v
}

func (s *Session) gainMode() player.GainMode {
	if s.cfg.Gain == "" {
		return player.GainOff
	}
	return s.cfg.Gain
}

// settingChanged has the settings told and saved.
func (s *Session) settingChanged() {
	s.settingsDirty = true
	s.saveSoon()
}

// setPrivate switches the private session.
func (s *Session) setPrivate(on bool) {
	if on == s.known.Private {
		return
	}
	s.known.Private = on
	s.saveKnown()
	s.settingsDirty = true
	s.emit(PrivateSessionModeChanged{On: on})
}

// setScrobbling sets whether plays are reported for an account, or for all.
func (s *Session) setScrobbling(c Scrobbling) {
	op := "set the reports of plays"
	a := s.account(c.Account)
	switch {
	case !slices.Contains([]ScrobbleState{ScrobbleGlobal, ScrobbleOn, ScrobbleOff}, c.To),
		c.Account == "" && c.To == ScrobbleGlobal:
		s.fail(&Fault{Kind: InvalidArgument, Account: c.Account, Op: op, Err: fmt.Errorf("%q is no such setting", c.To),
			Hint: "use on, off, or use-global for one account"})
		return
	case c.Account != "" && a == nil:
		s.fail(noAccount(c.Account, op))
		return
	}
	s.known.Scrobble[c.Account] = c.To
	if c.To == ScrobbleGlobal {
		delete(s.known.Scrobble, c.Account)
	}
	s.saveKnown()
	s.accountsDirty, s.settingsDirty = true, true
}

// scrobbleOf is an account's own setting.
func (s *Session) scrobbleOf(id music.AccountID) ScrobbleState {
	if v := s.known.Scrobble[id]; v != "" {
		return v
	}
	return ScrobbleGlobal
}

// reports says whether plays are reported to an account now.
func (s *Session) reports(id music.AccountID) bool {
	switch own := s.scrobbleOf(id); {
	case s.known.Private || own == ScrobbleOff:
		return false
	case own == ScrobbleOn || id == music.Local:
		return true
	}
	return s.known.Scrobble[""] != ScrobbleOff
}

// setCacheSize limits the media caches.
func (s *Session) setCacheSize(mb int) {
	if mb < 0 || mb > 1<<30 {
		s.fail(&Fault{Kind: InvalidArgument, Op: "set the size of the cache", Err: fmt.Errorf("%d MB is no size", mb),
			Hint: "0 is up to 10 % of the free disk"})
		return
	}
	s.prefs.CacheMB = mb
	s.settingChanged()
	for _, a := range s.accounts {
		s.tellPreferences(a)
	}
}

// tellPreferences hands a service the settings that it keeps itself.
func (s *Session) tellPreferences(a *account) {
	if a.cacher == nil {
		return
	}
	limit := int64(s.prefs.CacheMB) * 1_000_000
	call(s, inOrder("cache "+string(a.id)), func(context.Context) (struct{}, error) {
		a.cacher.SetCacheLimit(limit)
		return struct{}{}, nil
	}, func(_ struct{}, err error) {
		if f := faultOf(err, a.id, "limit the cache"); f != nil {
			s.fail(f)
		}
	})
}

// flushCaches has everything written to disk: the state, the caches of services,
// and credentials that could not be stored before.
func (s *Session) flushCaches() {
	if s.store != nil {
		s.save()
	}
	for _, a := range s.accounts {
		if a.held != nil && a.vault != nil {
			s.remember(a, *a.held)
		}
		if a.cacher == nil {
			continue
		}
		call(s, inOrder("cache "+string(a.id)), func(ctx context.Context) (struct{}, error) {
			return struct{}{}, a.cacher.FlushCache(ctx)
		}, func(_ struct{}, err error) {
			if f := faultOf(err, a.id, "write the cache to disk"); f != nil {
				s.fail(f)
			}
		})
	}
}

// flushLater flushes again and again, while there is something to flush.
func (s *Session) flushLater() {
	if !slices.ContainsFunc(s.accounts, func(a *account) bool { return a.cacher != nil || a.authenticator != nil && !a.keeper }) {
		return
	}
	s.later(&s.flushTimer, flushEvery, func() {
		s.flushCaches()
		s.flushLater()
	})
}

// lastFlush writes the caches of services to disk at the end of a run, which waits
// for it.
func (s *Session) lastFlush() {
	for _, a := range s.accounts {
		if a.cacher == nil {
			continue
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), reportPatience)
		s.pool.workers.Add(1)
		go func() {
			defer s.pool.workers.Done()
			defer cancel()
			guarded(ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, a.cacher.FlushCache(ctx) })
		}()
	}
}

var bitrates = []int{0, 96, 160, 320}

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
}

func (s *Session) setOfflineBitrate(c SetOfflineBitrate) {
	if !slices.Contains(bitrates, c.Kbps) {
		s.fail(bitrateFault(c.Kbps))
		return
	}
	s.prefs.OfflineKbps = c.Kbps
	s.settingChanged()
	for _, a := range s.accounts {
		if a.downloader != nil {
			s.fetch(a, c.Resync)
		}
	}
}

// setGain sets how loudness is evened out; empty = the next mode.
func (s *Session) setGain(mode player.GainMode) {
	modes := []player.GainMode{player.GainOff, player.GainTrack, player.GainAlbum, player.GainAuto}
	if mode == "" {
		mode = modes[(slices.Index(modes, s.gainMode())+1)%len(modes)]
	}
	if !slices.Contains(modes, mode) {
		s.fail(&Fault{Kind: InvalidArgument, Op: "set the volume normalisation", Err: fmt.Errorf("there is no mode %q", mode),
			Hint: "use off, track, album or auto"})
		return
	}
	s.cfg.Gain = mode
	s.player.SetGain(mode, s.cfg.PreampDB)
	s.settingChanged()
	s.touched()
}

// markOffline keeps what is named for a time without the server, or no longer.
func (s *Session) markOffline(c MarkOffline) {
	op := "keep for offline"
	on := c.To != Off
	byAccount := map[music.AccountID][]music.Ref{}
	var order []music.AccountID
	for _, r := range c.Refs {
		if byAccount[r.Account] == nil {
			order = append(order, r.Account)
		}
		byAccount[r.Account] = append(byAccount[r.Account], r)
	}
	if len(order) == 0 {
		s.fail(&Fault{Kind: InvalidArgument, Op: op, Err: errors.New("nothing was named")})
	}
	for _, id := range order {
		a := s.account(id)
		switch {
		case a == nil:
			s.fail(noAccount(id, op))
			continue
		case a.downloader == nil:
			s.fail(&Fault{Kind: OfflineNotAllowed, Account: id, Op: op, Err: errors.New("its service does not offer that")})
			continue
		}
		call(s, inOrder("offline "+string(id)), func(ctx context.Context) (struct{}, error) {
			return struct{}{}, a.downloader.SetOffline(ctx, byAccount[id], on)
		}, func(_ struct{}, err error) {
			if f := faultOf(err, id, op); f != nil {
				s.fail(f)
				return
			}
			s.fetch(a, false)
		})
	}
}

// syncOffline fetches what is missing, pauses that, or goes on with it.
func (s *Session) syncOffline(c SyncOffline) {
	op := "fetch for offline"
	some := false
	for _, a := range s.accounts {
		if c.Account != "" && a.id != c.Account || a.downloader == nil {
			continue
		}
		some = true
		if c.Pause == Flip {
			s.fetch(a, false)
			continue
		}
		call(s, inOrder("offline "+string(a.id)), func(context.Context) (SyncStatus, error) {
			a.downloader.PauseSync(c.Pause == On)
			return a.downloader.SyncStatus(), nil
		}, func(v SyncStatus, err error) {
			if f := faultOf(err, a.id, op); f != nil {
				s.fail(f)
				return
			}
			s.synced(a, v)
		})
	}
	switch {
	case some:
	case c.Account != "" && s.account(c.Account) == nil:
		s.fail(noAccount(c.Account, op))
	default:
		s.fail(&Fault{Kind: OfflineNotAllowed, Account: c.Account, Op: op, Err: errors.New("no service here offers that")})
	}
}

// fetch lets a service fetch what is marked; again = also what is there at another rate.
func (s *Session) fetch(a *account, again bool) {
	call(s, inOrder("fetch "+string(a.id)), func(ctx context.Context) (SyncStatus, error) {
		err := a.downloader.SyncNow(ctx, again)
		return a.downloader.SyncStatus(), err
	}, func(v SyncStatus, err error) {
		s.synced(a, v)
		if f := faultOf(err, a.id, "fetch for offline"); f != nil {
			s.fail(f)
		}
	})
}

// synced is told how far the offline copies are.
func (s *Session) synced(a *account, v SyncStatus) {
	if s.ending || s.account(a.id) != a {
		return
	}
	a.sync = &v
	s.accountsDirty = true
	s.emit(OfflineStatusUpdated{Account: a.id, Status: v})
}

func (s *Session) offlineStatus(a *account) OfflineStatusUpdated {
	e := OfflineStatusUpdated{Account: a.id}
	if a.sync != nil {
		e.Status = *a.sync
	}
	return e
}

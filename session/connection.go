package session

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"segue/internal/music"
)

// startAccounts lets every account begin: those that need a login and are
// remembered sign in by themselves, all at the same time.
func (s *Session) startAccounts() {
	s.accountsDirty = true
	for _, a := range s.accounts {
		s.attach(a)
		s.begin(a)
	}
}

// attach tells a service where its news are to go.
func (s *Session) attach(a *account) {
	_, err := within(s.ctx, func() (struct{}, error) {
		if a.rotator != nil {
			a.rotator.OnCredential(func(c Credential) { s.post(func() { s.rotated(a, c) }) })
		}
		if a.speaker != nil {
			a.speaker.OnNews(func(n News) { s.post(func() { s.news(a, n) }) })
		}
		if a.downloader != nil {
			a.downloader.OnSync(func(v SyncStatus) { s.post(func() { s.synced(a, v) }) })
		}
		return struct{}{}, nil
	})
	if f := faultOf(err, a.id, "begin"); f != nil {
		s.fail(f)
	}
	s.tellPreferences(a)
	if a.authenticator != nil {
		s.locate(a)
	}
}

// begin asks an account for its sections and watches it, after signing it in where
// that is needed and nothing forbids it.
func (s *Session) begin(a *account) {
	switch {
	case s.cutOff(a):
		s.allow(a, false)
	case a.authenticator == nil:
		s.askRoot(a)
		s.watch(a, retryFirst)
	case a.wishedOut:
		a.note = "signed out"
		s.stateIsNow(a, ConnLoggedOut)
	default:
		if a.remembered != "" {
			s.stateIsNow(a, ConnOffline)
		}
		s.signIn(a, &login{again: true, told: true, quiet: true})
	}
}

// cutOff reports whether an account must not use the network, by wish.
func (s *Session) cutOff(a *account) bool { return s.known.Offline && a.offliner != nil }

// stateIsNow tells the state of an account's connection.
func (s *Session) stateIsNow(a *account, now ConnState) {
	was := a.state
	if was == now {
		return
	}
	a.state, a.since = now, time.Now()
	s.accountsDirty = true
	s.emit(ConnectionStateUpdated{Account: a.id, State: now})
	if was == ConnLoggedOut || now == ConnLoggedOut {
		s.emit(ContainerChanged{Of: music.Queue}) // whether its rows can be played
	}
	if a.isShut() {
		s.silence(a)
	}
}

// isConnected is an account that has answered.
func (s *Session) isConnected(a *account) {
	s.accountsDirty = true
	back := a.state != ConnLoggedIn
	a.note, a.retryAt, a.delay, a.online = "", time.Time{}, 0, true
	if a.timer != nil {
		a.timer.Stop()
		a.timer = nil
	}
	if a.erring {
		a.erring = false
		s.emit(ConnectionError{Account: a.id})
	}
	s.stateIsNow(a, ConnLoggedIn)
	if back && s.play.cur != nil && s.play.cur.ref.Account == a.id {
		s.describeRestored() // it could not be asked before
	}
	s.replay(a)
	if back {
		s.offerQueue(a)
	}
}

// rootAnswered takes what an account said of its sections.
func (s *Session) rootAnswered(a *account, p music.Page, err error) {
	s.accountsDirty = true
	f := faultOf(err, a.id, "connect")
	if f == nil || len(p.Items) > 0 {
		a.sections = make([]music.Folder, 0, len(p.Items))
		for _, it := range p.Items {
			if d, ok := it.(music.Folder); ok {
				a.sections = append(a.sections, d)
			}
		}
	}
	switch {
	case s.cutOff(a), a.authenticator != nil && !a.in:
		// What it keeps for such times is shown; its state is decided elsewhere.
	case f != nil:
		s.notConnected(a, f)
	default:
		if !a.online && a.id == music.Local && s.play.cur != nil && s.play.cur.ref.Account == a.id {
			s.describeRestored()
		}
		s.isConnected(a)
	}
}

// notConnected says why an account is not there, and tries again where that may
// help. What is known of it stays.
func (s *Session) notConnected(a *account, f *Fault) {
	if f.Kind == Cancelled || s.ending {
		return
	}
	switch {
	case f.Kind.transient():
		if a.id == music.Local {
			s.fail(f)
		}
		s.cannotReach(a, f, func() { s.askRoot(a) })
	case a.id == music.Local:
		a.note = f.Error()
		s.fail(f)
	case a.in && (f.Kind == BadUsernameOrPassword || f.Kind == NoCredentials) && time.Since(a.loginAt) > reloginEvery:
		s.relapse(a, f)
	default:
		was := a.in
		s.putOut(a, f)
		if was {
			s.tellAccounts()
			s.emit(LoggedOut{Account: a.id, Fault: f})
			s.fail(f)
		}
	}
}

// reloginEvery is how often an account whose service suddenly refuses it is signed
// in again by itself.
const reloginEvery = time.Minute

// relapse signs an account in again whose login does not hold any more.
func (s *Session) relapse(a *account, why *Fault) {
	a.in = false
	s.unwatch(a)
	s.signIn(a, &login{again: true, quiet: true, why: why, ended: func(f *Fault) {
		if f == nil || f.Kind.transient() || f.Kind == Cancelled || s.ending {
			return // it is in, tried again, or somebody signs it in or out meanwhile
		}
		if f.Kind == NoCredentials { // it was dropped by whoever found it refused
			s.putOut(a, why)
			s.fail(why)
		}
		s.tellAccounts()
		s.emit(LoggedOut{Account: a.id, Fault: why})
	}})
}

// cannotReach tells that an account is not there, and does again after a while: 5 s,
// then twice as long each time up to 5 minutes, and a fifth more or less of it so
// that not all knock at once.
func (s *Session) cannotReach(a *account, f *Fault, again func()) {
	s.accountsDirty = true
	a.note, a.erring = f.Error(), true
	a.delay = min(max(2*a.delay, retryFirst), retryMost)
	wait := a.delay + time.Duration(rand.Int64N(int64(a.delay)/5))
	a.retryAt = time.Now().Add(wait)
	if f.RetryAt.After(a.retryAt) {
		a.retryAt = f.RetryAt
	}
	switch {
	case a.id == music.Local:
	case a.online:
		s.stateIsNow(a, ConnDisconnected)
	default:
		s.stateIsNow(a, ConnOffline)
	}
	s.emit(ConnectionError{Account: a.id, Fault: f})
	s.later(&a.timer, time.Until(a.retryAt), again)
	if a.sections == nil && a.authenticator != nil && !a.in {
		s.askRoot(a) // it may have kept them for such times
	}
}

// putOut is an account that is not signed in, and not tried again by itself.
func (s *Session) putOut(a *account, f *Fault) {
	s.accountsDirty = true
	a.in, a.country, a.note = false, "", f.Error()
	if errors.Is(f, errNothing) {
		a.note = "not signed in yet"
	}
	if a.authenticator != nil {
		a.about = nil
	}
	a.stopTimer()
	a.retryAt, a.delay = time.Time{}, 0
	if a.authenticator != nil {
		s.unwatch(a)
	}
	if a.erring {
		a.erring = false
		s.emit(ConnectionError{Account: a.id})
	}
	s.stateIsNow(a, ConnLoggedOut)
}

// noticed draws the conclusion from any answer of an account: one that is thought
// away and answers, or the other way round, is asked for its sections again.
func (s *Session) noticed(a *account, err error) {
	if s.cutOff(a) || a.authenticator != nil && !a.in {
		return
	}
	f := faultOf(err, a.id, "")
	away := f != nil && (f.Kind == UnableToContactServer || a.authenticator != nil && f.Kind == BadUsernameOrPassword)
	if !a.asking && (err == nil && a.state != ConnLoggedIn || away && a.state == ConnLoggedIn) {
		s.askRoot(a)
	}
}

// setOffline switches offline mode: nothing goes to the network while it is on.
func (s *Session) setOffline(on bool) {
	if on == s.known.Offline {
		return
	}
	s.known.Offline = on
	s.saveKnown()
	s.settingsDirty = true
	s.emit(OfflineModeChanged{On: on})
	s.allowCharts()
	for _, a := range s.accounts {
		if a.offliner != nil {
			s.allow(a, !on)
		}
	}
}

// allowCharts tells the source of public toplists whether it may use the network.
func (s *Session) allowCharts() {
	if c, ok := s.cfg.Charts.(Offliner); ok {
		c.SetNetwork(!s.known.Offline)
	}
}

// allow tells a service whether it may use the network, and lets its account follow.
func (s *Session) allow(a *account, on bool) {
	s.accountsDirty = true
	hush := false
	if !on {
		hush = s.restFar(a)
		s.cutNow(a)
	}
	call(s, signing(a.id), func(ctx context.Context) (struct{}, error) {
		if hush {
			pauseThere(ctx, a.transport)
		}
		a.offliner.SetNetwork(on)
		return struct{}{}, nil
	}, func(_ struct{}, err error) {
		if f := faultOf(err, a.id, "switch the network"); f != nil {
			s.fail(f)
		}
		if on == s.known.Offline || s.account(a.id) != a {
			return // it was switched again meanwhile
		}
		switch {
		case on && a.authenticator != nil && !a.in:
			s.begin(a)
		default:
			s.askRoot(a)
			s.watch(a, retryFirst)
		}
	})
}

// cutNow ends what an account has to do with the network.
func (s *Session) cutNow(a *account) {
	if lg := a.login; lg != nil {
		told := lg.told
		s.abortLogin(a)
		if lg.fresh {
			s.dismiss(a)
		}
		if told && !lg.quiet {
			s.loginFailed(a.id, s.loginFault(a, lg))
		}
	}
	a.stopTimer()
	s.unwatch(a)
	a.retryAt, a.delay = time.Time{}, 0
	if a.erring {
		a.erring = false
		s.emit(ConnectionError{Account: a.id})
	}
	if a.in || a.authenticator == nil || a.remembered != "" && !a.wishedOut {
		a.note = "offline mode is on"
		s.stateIsNow(a, ConnOffline)
		return
	}
	a.note = "signed out; offline mode is on"
	s.stateIsNow(a, ConnLoggedOut)
}

package session

import (
	"fmt"
	"slices"

	"segue/internal/music"
)

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
	return s.scrobbling() == ScrobbleOn
}

// scrobbling is the setting for all accounts: as it was chosen, else as the config says.
func (s *Session) scrobbling() ScrobbleState {
	switch v := s.known.Scrobble[""]; {
	case v != "":
		return v
	case s.cfg.NoReports:
		return ScrobbleOff
	}
	return ScrobbleOn
}

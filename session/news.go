package session

import "segue/internal/music"

// Speaker is a service that has something to say by itself: its user's data has
// changed, playback went to another device, a report was refused.
type Speaker interface {
	// OnNews names who is to be told. It is called once, before anything else; tell may be
	// called from any goroutine, and never blocks.
	OnNews(tell func(News))
}

// News is what a Speaker says. The sum is sealed.
type News interface{ news() }

// The kinds of news. The session makes the events of these names of them, and acts.
type (
	// NewsMessage is for the user to read.
	NewsMessage struct{ Text string }
	// NewsUser is what is known now of the user that is signed in.
	NewsUser struct{ User music.User }
	// NewsMetadata: titles, covers or counts are no longer as they were.
	NewsMetadata struct{}
	// NewsTokenLost: the account plays elsewhere now. Here it is paused, and stays so.
	NewsTokenLost struct{ Device string }
	// NewsDeviceChosen: somebody chose a device of the account in another program; what plays
	// on one goes there.
	NewsDeviceChosen struct{ Device string }
	// NewsScrobble: a report to a scrobbling service failed; a Fault tells its kind.
	NewsScrobble struct{ Err error }
	// NewsConnection: the connection broke (why), or is there again (nil).
	NewsConnection struct{ Err error }
	// NewsRemark is what is found out of the account that lasts, a sentence for its page; ""
	// takes it back.
	NewsRemark struct{ Text string }
	// NewsLog is for the log file.
	NewsLog struct{ Text string }
)

func (NewsMessage) news()      {}
func (NewsUser) news()         {}
func (NewsMetadata) news()     {}
func (NewsTokenLost) news()    {}
func (NewsDeviceChosen) news() {}
func (NewsScrobble) news()     {}
func (NewsConnection) news()   {}
func (NewsRemark) news()       {}
func (NewsLog) news()          {}

// news acts on what a service says by itself.
func (s *Session) news(a *account, n News) {
	if s.ending || s.account(a.id) != a {
		return
	}
	switch n := n.(type) {
	case NewsMessage:
		s.messageToUser(a, n.Text)
	case NewsUser:
		s.userIs(a, n.User)
	case NewsMetadata:
		s.emit(MetadataUpdated{Account: a.id})
		s.emit(ContainerChanged{})
		s.refreshCurrent()
	case NewsTokenLost:
		s.tokenLost(a, n.Device)
	case NewsDeviceChosen:
		if a.transport != nil && !a.isShut() {
			s.chooseDevice(ChooseDevice{Account: a.id, Device: n.Device})
		}
	case NewsScrobble:
		f := faultOf(n.Err, a.id, "report what was heard")
		if f == nil {
			return
		}
		s.emit(ScrobbleError{Account: a.id, Fault: f})
		s.notice(Warning, f.Error(), f)
	case NewsConnection:
		s.connectionIs(a, n.Err)
	case NewsRemark:
		a.remark, s.accountsDirty = n.Text, true
	case NewsLog:
		s.emit(LogMessage{Text: string(a.id) + ": " + n.Text})
	}
}

// messageToUser shows a message of a service: as its event and, for every front, as a line.
func (s *Session) messageToUser(a *account, text string) {
	s.emit(MessageToUser{Account: a.id, Text: text})
	s.notice(Info, string(a.id)+": "+text, nil)
}

// userIs takes what is known now of who is signed in.
func (s *Session) userIs(a *account, u music.User) {
	if a.authenticator != nil {
		if !a.in {
			return
		}
		a.user = u.Name
	}
	a.about = &u
	s.accountsDirty = true
	s.tellAccounts()
	s.emit(UserInfoUpdated{Account: a.id, User: u})
	if a.country == "" && u.Country != "" {
		s.emit(s.offlineStatus(a)) // what may be kept for a time depends on the country
	}
	a.country = u.Country
}

// connectionIs takes a service's word for its connection.
func (s *Session) connectionIs(a *account, err error) {
	f := faultOf(err, a.id, "connect")
	switch {
	case s.cutOff(a), a.authenticator != nil && !a.in:
	case f == nil:
		if a.state != ConnLoggedIn {
			s.askRoot(a)
		}
	default:
		s.notConnected(a, f)
	}
}

// tokenLost pauses what plays from an account that plays elsewhere now. It stays
// so until somebody here says Play.
func (s *Session) tokenLost(a *account, device string) {
	where := "on another device"
	if device != "" {
		where = "on " + device
	}
	s.tokenLostTo(a, device, string(a.id)+" plays "+where+" now")
}

// tokenLostTo is tokenLost, in words of one's own.
func (s *Session) tokenLostTo(a *account, device, text string) {
	a.elsewhere = true
	s.pauseFor(a)
	s.emit(PlayTokenLost{Account: a.id, Device: device})
	s.notice(Warning, text+": paused here; Play takes it back", nil)
}

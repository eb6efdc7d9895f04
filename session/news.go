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
	// NewsScrobble: a report to a scrobbling service failed; a Fault tells its kind.
	NewsScrobble struct{ Err error }
	// NewsConnection: the connection broke (why), or is there again (nil).
	NewsConnection struct{ Err error }
	// NewsLog is for the log file.
	NewsLog struct{ Text string }
)

func (NewsMessage) news()    {}
func (NewsUser) news()       {}
func (NewsMetadata) news()   {}
func (NewsTokenLost) news()  {}
func (NewsScrobble) news()   {}
func (NewsConnection) news() {}
func (NewsLog) news()        {}

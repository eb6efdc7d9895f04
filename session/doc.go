// Package session is the heart of the house: it knows the accounts, the queue and
// what plays, takes commands, and tells everybody what happened.
//
// It follows libspotify's session as pyspotify documents it; docs/SESSION.md has every
// row of that with the Go names and the services behind it, and example_test.go has
// pyspotify's examples. In short:
//
//	pyspotify                         here
//	Session(config)                   New, then Run
//	session.login, relogin, …         Login, Relogin, Logout, Forget
//	session.player.load/play/…        PlayContext, Play, Pause, SeekTo, Stop
//	session.get_link(text)            Session.Link
//	session.get_track(…).load()       Session.Track, Album, Artist, Playlist, User, Image
//	session.search, .more()           Session.Search, SearchResult.More
//	session.get_toplist               Session.Toplist
//	session.playlist_container        Session.PlaylistContainer
//	session.on(event, fn, *args)      Session.On, Off, NumListeners
//	session.process_events()          Subscription.Take; EventLoop: Session.Listen
//	NOTIFY_MAIN_THREAD                Subscription.Ready
//	MUSIC_DELIVERY                    MusicDelivery, by a Sink
//	ErrorType                         FaultKind
//
// There are two ways in. Commands (Send) have no answer: what follows comes as events.
// The methods with a context wait for what they name, from any goroutine.
//
// Goroutines: Run is the one goroutine that owns all state. Everybody else puts
// commands into its mailbox (Send) and takes events from an outbox of their own
// (Subscribe); neither ever blocks the session. Calls of services run in workers,
// at most eight at a time for each account, and put their answers into the same
// mailbox; a worker that panics becomes a Fault. Nothing in here does I/O on
// the session's goroutine but the last save at the end of Run.
//
// The session may not know how services fetch or how the player sounds: it owns
// the interfaces that they fill.
package session

// Package session is the heart of the house: it knows the accounts, the queue and
// what plays, takes commands, and tells everybody what happened.
//
// It follows libspotify's session as pyspotify documents it. Where the names map:
//
//	pyspotify                         here
//	Session(config)                   New, then Run
//	session.player.load/play/pause/   PlayContext, QueuePlay, Play, Pause, Toggle,
//	  seek/unload                       SeekTo, Stop
//	session.player.state              Playback.State (unloaded, loaded, playing, paused)
//	session.process_events()          Subscription.Take
//	NOTIFY_MAIN_THREAD                Subscription.Ready
//	START_PLAYBACK, STOP_PLAYBACK     StartPlayback, StopPlayback
//	END_OF_TRACK                      EndOfTrack (delivered); TrackHeard (heard)
//	STREAMING_ERROR                   StreamingError
//	MESSAGE_TO_USER                   Notice
//	METADATA_UPDATED                  TracksChanged, ContainerChanged
//	session.connection.state          AccountInfo.State
//	ErrorType                         FaultKind
//	session.get_link(text)            OpenLink
//	track.starred = True              Star
//	playlist.add_tracks, …            PlaylistAdd, PlaylistRemove, PlaylistMove, PlaylistRename
//	session.preferred_bitrate         music.Quality of the service's account
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

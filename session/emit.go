package session

import (
	"fmt"
	"slices"
	"strings"
)

// Subscribe begins to listen, under a name for the log. The first events are a
// snapshot: AccountsChanged, ViewRestored, QueueChanged, PlaybackChanged, and
// Progress of what is at work; states that change before the first Take come
// in their newest form and place. It may be called before Run, which then fills it.
func (s *Session) Subscribe(name string) *Subscription {
	b := newSubscription(name, s.ended)
	s.post(func() {
		if b.isClosed() {
			return
		}
		s.subs = append(s.subs, b)
		for _, e := range s.snapshot(true) {
			b.put(e)
		}
	})
	return b
}

// snapshot is everything that a newcomer must know; first is its very first.
func (s *Session) snapshot(first bool) []Event {
	var all []Event
	if !first {
		all = append(all, Resync{})
	}
	all = append(all, AccountsChanged{Accounts: s.accountInfos()})
	if first {
		all = append(all, ViewRestored{Data: s.view})
	}
	all = append(all, SettingsChanged{Settings: s.settings()}, QueueChanged{Queue: s.queueState()}, PlaybackChanged{Playback: s.playback()})
	if s.hasDevices() {
		all = append(all, s.devicesNow())
	}
	all = append(all, s.openQuestions()...)
	for _, id := range s.jobIDs() {
		all = append(all, s.jobs[id].latest)
	}
	if first {
		all = append(all, s.greeting...)
	}
	return all
}

// emit puts an event into every outbox. A reader without room gets a snapshot.
func (s *Session) emit(e Event) {
	if s.cfg.Log != nil {
		s.cfg.Log(describe(e))
	}
	s.subs = slices.DeleteFunc(s.subs, (*Subscription).isClosed)
	for _, b := range s.subs {
		if b.put(e) {
			continue
		}
		if s.cfg.Log != nil {
			s.cfg.Log("session: " + b.name + " is far behind: it gets a snapshot")
		}
		for _, fresh := range s.snapshot(false) {
			b.put(fresh)
		}
	}
}

func (s *Session) notice(level Level, text string, f *Fault) {
	s.emit(Notice{Level: level, Text: text, Fault: f})
}

// fail tells of a fault in its own words.
func (s *Session) fail(f *Fault) {
	if f.Kind == Cancelled {
		return
	}
	s.notice(Failure, f.Error(), f)
}

// describe is the one line that the log gets of an event. Pictures, views and
// rows are counted, not listed.
func describe(e Event) string {
	name := strings.TrimPrefix(fmt.Sprintf("%T", e), "session.")
	switch e := e.(type) {
	case PlaybackChanged:
		p := e.Playback
		return fmt.Sprintf("%s %s entry=%d %q at %s volume=%d", name, p.State, p.Entry, p.Track.Title, p.Position.Position, p.Volume)
	case QueueChanged:
		q := e.Queue
		return fmt.Sprintf("%s version=%d len=%d index=%d undo=%q", name, q.Version, q.Len, q.Index, q.Undo)
	case AccountsChanged:
		var b strings.Builder
		for _, a := range e.Accounts {
			fmt.Fprintf(&b, " %s=%s", a.ID, a.State)
		}
		return name + b.String()
	case ViewRestored:
		return fmt.Sprintf("%s %d bytes", name, len(e.Data))
	case PageLoaded:
		return fmt.Sprintf("%s ticket=%d %s %d of %d rows%s", name, e.Ticket, e.Page.Ask.Of, len(e.Page.Items), e.Page.Total, faultNote(e.Fault))
	case ImageLoaded:
		return fmt.Sprintf("%s ticket=%d %s %d bytes%s", name, e.Ticket, e.Image.Of, len(e.Image.Data), faultNote(e.Fault))
	case LyricsLoaded:
		return fmt.Sprintf("%s ticket=%d %s %d lines%s", name, e.Ticket, e.Lyrics.Track, len(e.Lyrics.Lines), faultNote(e.Fault))
	case ContainerChanged:
		return name + " " + e.Of.String()
	case TracksChanged:
		return fmt.Sprintf("%s %d tracks", name, len(e.Tracks))
	case Notice:
		return fmt.Sprintf("%s %s %q%s", name, e.Level, e.Text, faultNote(e.Fault))
	case Undoable:
		return fmt.Sprintf("%s %q", name, e.Text)
	case Progress:
		return fmt.Sprintf("%s job=%d %q %d/%d finished=%t%s", name, e.Job, e.Title, e.Done, e.Total, e.Finished, faultNote(e.Fault))
	case TrackHeard:
		return fmt.Sprintf("%s %s %s of it, %s, counts=%t", name, e.Heard.Track.Ref, e.Heard.Heard, e.Heard.Reason, e.Heard.Counts)
	case EndOfTrack:
		return name + " " + e.Track.String()
	case StreamingError:
		return name + " " + e.Track.String() + faultNote(e.Fault)
	case LoggedIn:
		return fmt.Sprintf("%s %s user=%q%s", name, e.Account, e.User.Name, faultNote(e.Fault))
	case LoggedOut:
		return fmt.Sprintf("%s %s%s", name, e.Account, faultNote(e.Fault))
	case LoginNeeded:
		return fmt.Sprintf("%s %s id=%d %s %q over=%t", name, e.Account, e.ID, e.Question.What, e.Question.Text, e.Over) // its URL holds what only the browser may have
	case ConnectionError:
		return fmt.Sprintf("%s %s%s", name, e.Account, faultNote(e.Fault))
	case ConnectionStateUpdated:
		return fmt.Sprintf("%s %s %s", name, e.Account, e.State)
	case CredentialsBlobUpdated:
		return fmt.Sprintf("%s %s of %s %q %s", name, e.Account, e.Credential.Service, e.Credential.User, e.Credential.Blob)
	case MessageToUser:
		return fmt.Sprintf("%s %s %q", name, e.Account, e.Text)
	case UserInfoUpdated:
		return fmt.Sprintf("%s %s %q country=%q", name, e.Account, e.User.Name, e.User.Country)
	case MetadataUpdated:
		return fmt.Sprintf("%s %s", name, e.Account)
	case PlaylistChanged:
		return name + " " + e.Playlist.String()
	case OfflineStatusUpdated:
		return fmt.Sprintf("%s %s %+v", name, e.Account, e.Status)
	case PlayTokenLost:
		return fmt.Sprintf("%s %s to %q", name, e.Account, e.Device)
	case ScrobbleError:
		return fmt.Sprintf("%s %s%s", name, e.Account, faultNote(e.Fault))
	case PrivateSessionModeChanged:
		return fmt.Sprintf("%s %t", name, e.On)
	case OfflineModeChanged:
		return fmt.Sprintf("%s %t", name, e.On)
	case SettingsChanged:
		return fmt.Sprintf("%s %+v", name, e.Settings)
	case DevicesChanged:
		var b strings.Builder
		for _, a := range e.Accounts {
			fmt.Fprintf(&b, " %s=%d busy=%t%s", a.Account, len(a.Devices), a.Busy, faultNote(a.Fault))
		}
		return name + b.String()
	case PlayContextFailed:
		return fmt.Sprintf("%s %s%s", name, e.Of, faultNote(e.Fault))
	case DeviceNeeded:
		return fmt.Sprintf("%s %s for %s%s", name, e.Account, e.Track.Ref, faultNote(e.Fault))
	case LogMessage:
		return fmt.Sprintf("%s %q", name, e.Text)
	case SearchLoaded:
		return fmt.Sprintf("%s ticket=%d %q %d pages, %d missing%s", name, e.Ticket, e.Result.Query, len(e.Result.Pages), len(e.Result.Missing), faultNote(e.Fault))
	case SuggestionsLoaded:
		return fmt.Sprintf("%s ticket=%d %q %d texts", name, e.Ticket, e.Query, len(e.Texts))
	case Shared:
		return fmt.Sprintf("%s ticket=%d%s", name, e.Ticket, faultNote(e.Fault)) // its link may open a door
	case MusicDelivery:
		return fmt.Sprintf("%s %d samples", name, len(e.Frames))
	case Resync, StartPlayback, StopPlayback, QueueEnded, GetAudioBufferStats:
		return name
	}
	return name
}

func faultNote(f *Fault) string {
	if f == nil {
		return ""
	}
	return fmt.Sprintf(" fault=%s %q", f.Kind, f.Error())
}

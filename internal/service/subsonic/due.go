package subsonic

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"segue/internal/music"
	"segue/internal/service/store"
	"segue/internal/service/subsonic/server"
	"segue/internal/service/subsonic/wire"
	"segue/session"
)

var errNoStar = errors.New("only tracks, albums and artists of the server can have one")

// due is a call that the server is to be told once, such as a play.
type due struct {
	Method string     `json:"method"`
	Values url.Values `json:"values"`
}

// duePlay is the kind of a play, which must not be told twice.
const duePlay = "play"

// dueFor is how long a server that fails is tried again with one thing.
const dueFor = 7 * 24 * time.Hour

// tellingMost is longer than any call takes: who has been at it for so long is dead.
const tellingMost = 2 * time.Minute

// oneMark tells the server of a star or a rating. Where the server cannot be reached that
// is the error: the session keeps the change, shows it, and makes it when we are back.
func (s *Service) oneMark(ctx context.Context, d due) error {
	_, err := s.tell(ctx, d.Method, d.Values)
	if err == nil || marked(err) {
		return nil
	}
	return err
}

// marked reports whether the server refuses because it is so already.
func marked(err error) bool {
	var w *wire.Error
	return errors.As(err, &w) && w.Code == wire.CodeGeneric && strings.Contains(strings.ToLower(string(w.Message)), "already starred")
}

func (s *Service) putDue(ctx context.Context, db *store.Store, d due) error {
	body, err := json.Marshal(d)
	if err != nil {
		return err
	}
	if err := db.AddDue(context.WithoutCancel(ctx), duePlay, body, s.cfg.Now()); err != nil {
		return err
	}
	s.wakeUp()
	return nil
}

// Report remembers a play and tells the server of it, once, when it can be reached.
func (s *Service) Report(ctx context.Context, h session.Heard) error {
	if !h.Counts || h.Track.Ref.Account != s.id || h.Track.Ref.Kind != music.KindTrack {
		return nil
	}
	db, err := s.store(ctx)
	if err != nil {
		return s.fault("report a play", err)
	}
	d := due{Method: "scrobble", Values: url.Values{"id": {h.Track.Ref.ID}, "submission": {"true"}, "time": {strconv.FormatInt(h.Started.UnixMilli(), 10)}}}
	if err := s.putDue(ctx, db, d); err != nil {
		return s.fault("report a play", err)
	}
	s.remark(ctx, h.Track.Ref, func(t *music.Track) { t.Plays, t.LastPlayed = t.Plays+1, h.Started })
	return s.fault("report a play", s.sendDue(ctx))
}

// Playing tells the server what is heard now.
func (s *Service) Playing(ctx context.Context, t music.Track) error {
	if t.Ref.Account != s.id || t.Ref.Kind != music.KindTrack || s.thoughtAway() != nil {
		return nil
	}
	_, err := s.srv.Tell(ctx, "scrobble", url.Values{"id": {t.Ref.ID}, "submission": {"false"}})
	s.heardOf(err)
	if unreachable(err) {
		return nil // it will be something else when the server is back
	}
	return s.fault("tell what plays", err)
}

// sendDue tells the server what waits, in order, until nothing does or the server cannot
// be reached; that is no error.
func (s *Service) sendDue(ctx context.Context) error {
	s.sending.Lock()
	defer s.sending.Unlock()
	db, err := s.store(ctx)
	if err != nil {
		return err
	}
	for {
		d, err := db.NextDue(ctx)
		if err != nil || d == nil {
			return err
		}
		done, err := s.sendOne(ctx, db, d)
		if err != nil || !done {
			return err
		}
	}
}

// sendOne tells one thing; done is false when the server cannot be reached now.
func (s *Service) sendOne(ctx context.Context, db *store.Store, d *store.Due) (done bool, err error) {
	keep := context.WithoutCancel(ctx)
	var call due
	if json.Unmarshal(d.Body, &call) != nil || call.Method == "" {
		return true, db.Done(keep, d.ID) // nobody will ever understand it
	}
	now := s.cfg.Now()
	if !d.Busy.IsZero() && now.Sub(d.Busy).Abs() < tellingMost {
		return false, nil // another Segue is at it
	}
	if d.Sent {
		known, err := s.playKnown(ctx, call)
		if err != nil {
			return false, nil //nolint:nilerr // later
		}
		if known {
			return true, db.Done(keep, d.ID)
		}
	}
	if mine, err := db.Claim(keep, d, now); err != nil || !mine {
		return false, err
	}
	_, err = s.tell(ctx, call.Method, call.Values)
	var w *wire.Error
	switch {
	case err == nil || marked(err):
		return true, db.Done(keep, d.ID)
	case !server.Arrived(err):
		return false, db.NotSent(keep, d.ID)
	case errors.As(err, &w) && w.Status >= http.StatusInternalServerError && now.Sub(d.At) < dueFor:
		return false, db.Lost(keep, d.ID) // it is in trouble, not unwilling
	case errors.As(err, &w) && !unreachable(err):
		s.note("%s: a change made earlier was refused: %v", s.id, err)
		return true, db.Done(keep, d.ID)
	}
	return false, db.Lost(keep, d.ID)
}

// playKnown reports whether the server must be taken to know a play that was being sent
// when the connection ended: it says when the song was last played, or it cannot be asked.
func (s *Service) playKnown(ctx context.Context, call due) (bool, error) {
	if !s.srv.About().Open {
		return true, nil // never twice: better one play lost
	}
	reply, _, err := s.srv.Ask(ctx, "getSong", url.Values{"id": {call.Values.Get("id")}})
	s.heardOf(err)
	if unreachable(err) || ctx.Err() != nil {
		return false, err
	}
	if err != nil {
		return true, nil //nolint:nilerr // the song is gone
	}
	ms, err := strconv.ParseInt(call.Values.Get("time"), 10, 64)
	if err != nil {
		return true, nil //nolint:nilerr // it cannot be compared
	}
	return !reply.Song.Value.Played.Before(time.UnixMilli(ms).Truncate(time.Second)), nil
}

// remember keeps songs that were changed.
func (s *Service) remember(ctx context.Context, db *store.Store, songs ...store.Song) {
	if err := db.PutSongs(context.WithoutCancel(ctx), songs); err != nil {
		s.note("%s: songs cannot be remembered: %v", s.id, err)
	}
}

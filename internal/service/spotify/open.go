package spotify

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"segue/internal/music"
	"segue/player"
	"segue/session"
)

// sounding is what the service keeps for the engine that plays here.
type sounding struct {
	soundMu sync.Mutex // guards what follows
	told    func(session.News)
	kbps    int             // asked for by SetQuality
	gain    player.GainMode // asked for by SetLevelling; empty = not yet
	preamp  float64
	limit   int64 // of the engine's cache, as SetCacheLimit says
	limited bool  // it was said
}

// Open begins to play a track or an episode here, through the engine. What plays on a
// device of the account's is not opened: the session's Transport plays it.
func (s *Service) Open(ctx context.Context, t music.Ref, q music.Quality) (player.Source, error) {
	known, err := s.Tracks(ctx, []music.Ref{t})
	if err != nil {
		return nil, err
	}
	op := "play " + t.ID
	var length time.Duration
	if len(known) == 1 && known[0].Ref == t {
		op, length = "play "+named(known[0].Title, t.ID), known[0].Duration
		if why := known[0].Unplayable; why != "" {
			return nil, &session.Fault{Kind: session.TrackNotPlayable, Account: s.id, Op: op, Err: errors.New(why)}
		}
	}
	uri, err := playable(t)
	if err != nil {
		return nil, &session.Fault{Kind: session.TrackNotPlayable, Account: s.id, Op: op, Err: err}
	}
	e, err := s.theEngine()
	if err != nil {
		return nil, &session.Fault{Kind: session.SystemFailure, Account: s.id, Op: op, Err: err}
	}
	if e == nil {
		return nil, &session.Fault{Kind: session.InvalidDeviceID, Account: s.id, Op: op,
			Err: errors.New("there is no device to play on"), Hint: "choose one in the list of devices, or start Spotify on one"}
	}
	if q.Kbps != s.quality() {
		s.SetQuality(q, music.Quality{})
	}
	src, err := e.Open(ctx, uri, length)
	if err == nil {
		s.premiumWorks()
	}
	s.premiumNeeded(err)
	return src, asked(op, err)
}

// playable is the URI of what the engine plays: a track or an episode.
func playable(t music.Ref) (string, error) {
	uri, ok := uriOf(t)
	if !ok {
		return "", errors.New("it is not at Spotify any more")
	}
	if !strings.HasPrefix(uri, uriPrefix+"track:") && !strings.HasPrefix(uri, uriPrefix+"episode:") {
		return "", errors.New("it plays as a whole, which only a device can do")
	}
	return uri, nil
}

// asked names in a Fault of the engine what was tried.
func asked(op string, err error) error {
	var f *session.Fault
	if !errors.As(err, &f) {
		return err
	}
	c := *f
	c.Op = op
	return &c
}

func (s *Service) quality() int {
	s.soundMu.Lock()
	defer s.soundMu.Unlock()
	return s.kbps
}

// SetQuality implements session.Tuner: the engine is started anew for another bit rate,
// and goes on where it was.
func (s *Service) SetQuality(stream, _ music.Quality) {
	s.soundMu.Lock()
	s.kbps = stream.Kbps
	s.soundMu.Unlock()
	if e := s.madeEngine(); e != nil {
		e.SetKbps(stream.Kbps)
	}
}

// SetLevelling implements session.Leveller.
func (s *Service) SetLevelling(mode player.GainMode, preampDB float64) {
	s.soundMu.Lock()
	s.gain, s.preamp = mode, preampDB
	s.soundMu.Unlock()
	if e := s.madeEngine(); e != nil {
		e.SetLevelling(mode, preampDB)
	}
}

// SetCacheLimit implements session.Cacher, for what the engine keeps of tracks.
func (s *Service) SetCacheLimit(bytes int64) {
	s.soundMu.Lock()
	s.limit, s.limited = bytes, true
	s.soundMu.Unlock()
	if e := s.madeEngine(); e != nil {
		e.SetCacheLimit(bytes)
	}
}

// FlushCache implements session.Cacher. The engine's cache is on the disk already: it
// writes what it fetches as it comes. (Emptying it would take that away, and start the
// engine anew in the middle of a track.)
func (s *Service) FlushCache(context.Context) error { return nil }

// madeEngine is the engine if it was made already.
func (s *Service) madeEngine() Engine {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.engine
}

// tune tells a new engine what was said before it was made. s.mu may be held.
func (s *Service) tune(e Engine) {
	s.soundMu.Lock()
	kbps, limit, limited := s.kbps, s.limit, s.limited
	gain, preamp := s.gain, s.preamp
	s.soundMu.Unlock()
	if gain != "" {
		e.SetLevelling(gain, preamp)
	}
	if kbps != 0 {
		e.SetKbps(kbps)
	}
	if limited {
		e.SetCacheLimit(limit)
	}
}

// OnNews implements session.Speaker.
func (s *Service) OnNews(tell func(session.News)) {
	s.soundMu.Lock()
	defer s.soundMu.Unlock()
	s.told = tell
}

// say tells the session something, if anybody listens.
func (s *Service) say(n session.News) {
	s.soundMu.Lock()
	tell := s.told
	s.soundMu.Unlock()
	if tell != nil {
		tell(n)
	}
}

// lostHere is the engine's word that the account plays elsewhere.
func (s *Service) lostHere(device string) {
	s.say(session.NewsTokenLost{Device: music.Clean(device)})
}

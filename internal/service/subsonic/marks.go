package subsonic

import (
	"context"
	"net/url"
	"strconv"

	"segue/internal/music"
	"segue/session"
)

// idKeys are the names of ids by kind in calls that take several kinds.
var idKeys = map[music.Kind]string{music.KindTrack: "id", music.KindAlbum: "albumId", music.KindArtist: "artistId", music.KindFolder: "id"}

// Star stars things, or takes the stars away. Servers that refuse to star twice are not
// told twice.
func (s *Service) Star(ctx context.Context, refs []music.Ref, on bool) error {
	method, op := "star", "star"
	if !on {
		method, op = "unstar", "take the star away"
	}
	for _, r := range refs {
		key, ok := idKeys[r.Kind]
		if !ok || r.Account != s.id {
			return &session.Fault{Kind: session.InvalidArgument, Account: s.id, Op: op, Err: errNoStar}
		}
		if err := s.oneMark(ctx, due{Method: method, Values: url.Values{key: {r.ID}}}); err != nil {
			return s.fault(op, err)
		}
		s.remark(ctx, r, func(t *music.Track) { t.Starred = on })
	}
	return nil
}

// Rate gives tracks and albums 0 to 5 stars.
func (s *Service) Rate(ctx context.Context, refs []music.Ref, stars int) error {
	for _, r := range refs {
		if _, ok := idKeys[r.Kind]; !ok || r.Account != s.id {
			return &session.Fault{Kind: session.InvalidArgument, Account: s.id, Op: "rate", Err: errNoStar}
		}
		if err := s.oneMark(ctx, due{Method: "setRating", Values: url.Values{"id": {r.ID}, "rating": {strconv.Itoa(stars)}}}); err != nil {
			return s.fault("rate", err)
		}
		s.remark(ctx, r, func(t *music.Track) { t.Rating = stars })
	}
	return nil
}

// remark changes what is remembered of a track.
func (s *Service) remark(ctx context.Context, r music.Ref, change func(*music.Track)) {
	if r.Kind != music.KindTrack {
		return
	}
	x := s.known(ctx, r.ID)
	if x.Track.Ref.IsZero() {
		return
	}
	change(&x.Track)
	if db, err := s.store(ctx); err == nil {
		s.remember(ctx, db, x)
	}
}

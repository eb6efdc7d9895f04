package local

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"segue/internal/music"
	"segue/internal/rows"
	"segue/internal/service/local/history"
	"segue/internal/service/local/index"
	"segue/session"
)

// past gives the open history.
func (s *Service) past(ctx context.Context) (*history.History, error) {
	s.pastMu.Lock()
	defer s.pastMu.Unlock()
	if s.hist != nil || s.histErr != nil {
		return s.hist, s.histErr
	}
	s.hist, s.histErr = s.openPast(context.WithoutCancel(ctx))
	return s.hist, s.histErr
}

// openPast opens history.db; one that cannot be read is set aside. Without a place to
// write, what is done is forgotten at the end.
func (s *Service) openPast(ctx context.Context) (*history.History, error) {
	if s.cfg.DataDir == "" {
		return history.Open(ctx, "", false)
	}
	file := filepath.Join(s.cfg.DataDir, "history.db")
	if !s.writable() {
		h, err := history.Open(ctx, file, true)
		if err != nil {
			return history.Open(ctx, "", false)
		}
		return h, nil
	}
	h, err := history.Open(ctx, file, false)
	if errors.Is(err, history.ErrUnreadable) {
		aside, moved := index.SetAside(file, s.cfg.Now())
		if moved != nil {
			return nil, moved
		}
		s.note("the history of plays, stars and ratings could not be read: it is now %s, and a new one begins", filepath.Base(aside))
		h, err = history.Open(ctx, file, false)
	}
	return h, err
}

// Report stores what was heard, of any account.
func (s *Service) Report(ctx context.Context, h session.Heard) error {
	op := "note that " + index.Clean(h.Track.Title) + " was heard"
	past, err := s.past(ctx)
	if err != nil {
		return fault(session.SystemFailure, op, err, "")
	}
	ident := s.idents(ctx, []music.Ref{h.Track.Ref})[h.Track.Ref]
	err = past.Add(ctx, history.Play{Track: h.Track, Ident: ident, Started: h.Started, Heard: h.Heard, Counts: h.Counts, Reason: string(h.Reason)})
	if err != nil {
		return fault(session.SystemFailure, op, err, "")
	}
	return fault(session.SystemFailure, op, s.copyMarks(ctx, past, []music.Ref{h.Track.Ref}), "")
}

// Star stars tracks, albums and artists, or takes their stars away.
func (s *Service) Star(ctx context.Context, refs []music.Ref, on bool) error {
	at := int64(0)
	if on {
		at = s.cfg.Now().Unix()
	}
	return s.mark(ctx, "star", refs, func(past *history.History, idents map[music.Ref]int64) error {
		return past.Star(ctx, refs, idents, at)
	})
}

// Rate sets ratings from 0 to 5.
func (s *Service) Rate(ctx context.Context, refs []music.Ref, stars int) error {
	if stars < 0 || stars > 5 {
		return &session.Fault{Kind: session.InvalidArgument, Account: music.Local, Op: "rate", Err: fmt.Errorf("%d is not between 0 and 5", stars)}
	}
	return s.mark(ctx, "rate", refs, func(past *history.History, idents map[music.Ref]int64) error {
		return past.Rate(ctx, refs, idents, stars)
	})
}

func (s *Service) mark(ctx context.Context, op string, refs []music.Ref, do func(*history.History, map[music.Ref]int64) error) error {
	past, err := s.past(ctx)
	if err != nil {
		return fault(session.SystemFailure, op, err, "")
	}
	if err := do(past, s.idents(ctx, refs)); err != nil {
		return fault(session.SystemFailure, op, err, "")
	}
	return fault(session.SystemFailure, op, s.copyMarks(ctx, past, refs), "")
}

// idents are the fingerprints of those things that are in the index.
func (s *Service) idents(ctx context.Context, refs []music.Ref) map[music.Ref]int64 {
	found := map[music.Ref]int64{}
	db, err := s.index(ctx)
	if err != nil {
		return found
	}
	for _, r := range refs {
		switch {
		case r.Account != music.Local:
		case r.Kind == music.KindTrack && !strings.HasPrefix(r.ID, samplerPrefix):
			if e, err := db.At(ctx, r.ID); err == nil && e != nil {
				found[r] = e.Ident()
			}
		case r.Kind == music.KindAlbum && r != samplerRef:
			if a, err := db.AlbumByID(ctx, albumID(r)); err == nil && a != nil {
				found[r] = index.Hash(a.Key)
			}
		}
	}
	return found
}

// copyMarks brings the index's copy of the marks of tracks to what the history says.
func (s *Service) copyMarks(ctx context.Context, past *history.History, refs []music.Ref) error {
	db, err := s.index(ctx)
	if err != nil {
		return nil //nolint:nilerr // without an index there is no copy
	}
	of, err := past.Of(ctx, refs)
	if err != nil {
		return err
	}
	marks := map[uint32]index.Mark{}
	for _, r := range refs {
		if r.Account != music.Local || r.Kind != music.KindTrack {
			continue
		}
		id, err := db.IDAt(ctx, r.ID)
		if err != nil {
			return err
		}
		if id != 0 {
			marks[id] = indexMark(of[r])
		}
	}
	return db.SetMarks(ctx, marks)
}

func indexMark(m history.Mark) index.Mark {
	return index.Mark{Plays: m.Plays, Last: m.Last, Star: m.Star, Rating: m.Rating}
}

// markOthers fills in stars, ratings and plays of tracks that are not in the index.
func (s *Service) markOthers(ctx context.Context, list []music.Track) {
	var refs []music.Ref
	for _, t := range list {
		if !t.Starred && t.Plays == 0 && t.Rating == 0 {
			refs = append(refs, t.Ref)
		}
	}
	of := s.marksOf(ctx, refs)
	for i := range list {
		m, ok := of[list[i].Ref]
		if !ok {
			continue
		}
		list[i].Starred, list[i].Rating, list[i].Plays = m.Star > 0, m.Rating, m.Plays
		if m.Last > 0 {
			list[i].LastPlayed = time.Unix(m.Last, 0)
		}
	}
}

// marksOf reads marks; a history that cannot be read has none.
func (s *Service) marksOf(ctx context.Context, refs []music.Ref) map[music.Ref]history.Mark {
	if len(refs) == 0 {
		return nil
	}
	past, err := s.past(ctx)
	if err != nil {
		return nil
	}
	of, err := past.Of(ctx, refs)
	if err != nil {
		return nil
	}
	return of
}

func (s *Service) markAlbums(ctx context.Context, list []music.Album) {
	refs := make([]music.Ref, len(list))
	for i, a := range list {
		refs[i] = a.Ref
	}
	of := s.marksOf(ctx, refs)
	for i := range list {
		if m, ok := of[list[i].Ref]; ok {
			list[i].Starred, list[i].Rating = m.Star > 0, m.Rating
		}
	}
}

func (s *Service) markArtists(ctx context.Context, list []music.Artist) {
	refs := make([]music.Ref, len(list))
	for i, a := range list {
		refs[i] = a.Ref
	}
	of := s.marksOf(ctx, refs)
	for i := range list {
		if m, ok := of[list[i].Ref]; ok {
			list[i].Starred = m.Star > 0
		}
	}
}

// starredPage is the starred tracks, last starred first.
func (s *Service) starredPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	page := music.Page{Title: "Starred", Sorts: trackSorts(music.SortDefault)}
	past, err := s.past(ctx)
	if err != nil {
		return page, err
	}
	marks, err := past.Starred(ctx, music.Local, music.KindTrack)
	if err != nil {
		return page, err
	}
	if len(marks) == 0 {
		page.Note = "nothing is starred yet: * stars a track"
		return page, nil
	}
	refs := make([]music.Ref, len(marks))
	for i, m := range marks {
		refs[i] = m.Ref
	}
	page.Subtitle = rows.Count(len(refs), "track")
	if ask.Filter == "" && ask.Sort == music.SortDefault {
		from := min(max(ask.Offset, 0), len(refs))
		page.Total = len(refs)
		refs = refs[from:min(from+limitOf(ask), len(refs))]
	}
	tracks, err := s.Tracks(ctx, refs)
	if err != nil {
		return page, err
	}
	var items []music.Item
	for _, t := range tracks {
		if matches(ask.Filter, t) {
			items = append(items, t)
		}
	}
	if ask.Filter == "" && ask.Sort == music.SortDefault {
		page.Items = items
		return page, nil
	}
	sortItems(items, ask.Sort)
	return cut(page, items, ask), nil
}

package spotify

import (
	"context"
	"slices"
	"sync"
	"time"

	"segue/internal/music"
	"segue/internal/pause"
	"segue/internal/service/spotify/webapi"
)

// gatherFor gathers errands, so that rows that are scrolled by make few calls.
const gatherFor = time.Second

// errands are things that are asked of Spotify when nobody waits: the stars of what is on
// the screen, tracks that nobody knows, rows of toplists, and the ends of long lists.
type errands struct {
	mu     sync.Mutex
	stars  []music.Ref
	tracks []music.Ref
	wishes []matchWish   // rows of public toplists
	lists  []music.Ref   // that are to be read to their end
	wake   chan struct{} // made by Watch; nil = nobody does errands
	read   chan struct{} // the same, for lists
}

// errandsMost is how many of a kind wait; those that were on the screen longest ago go.
const errandsMost = 200

// add adds errands of a kind and wakes who does them.
func (e *errands) add(list *[]music.Ref, wake *chan struct{}, refs ...music.Ref) {
	if len(refs) == 0 {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if *wake == nil {
		return
	}
	for _, r := range refs {
		if !slices.Contains(*list, r) {
			*list = append(*list, r)
		}
	}
	if n := len(*list) - errandsMost; n > 0 {
		*list = slices.Delete(*list, 0, n)
	}
	select {
	case *wake <- struct{}{}:
	default:
	}
}

func (e *errands) lookAtStars(refs []music.Ref) { e.add(&e.stars, &e.wake, refs...) }
func (e *errands) lookUp(refs []music.Ref)      { e.add(&e.tracks, &e.wake, refs...) }
func (e *errands) readWhole(of music.Ref)       { e.add(&e.lists, &e.read, of) }

// lookFor has rows of a public toplist searched for; those of another one are forgotten.
func (e *errands) lookFor(wishes []matchWish) {
	if len(wishes) == 0 {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.wake == nil {
		return
	}
	e.wishes = wishes
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// takeWishes takes some rows that are to be searched for.
func (e *errands) takeWishes() []matchWish {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := min(len(e.wishes), 10)
	some := e.wishes[:n:n]
	e.wishes = e.wishes[n:]
	return some
}

// take takes what waits: as many stars as one call tells, and some tracks.
func (e *errands) take() (stars, tracks []music.Ref) {
	e.mu.Lock()
	defer e.mu.Unlock()
	n, m := min(len(e.stars), 40), min(len(e.tracks), 10)
	stars, tracks = slices.Clone(e.stars[:n]), slices.Clone(e.tracks[:m])
	e.stars, e.tracks = slices.Delete(e.stars, 0, n), slices.Delete(e.tracks, 0, m)
	return stars, tracks
}

// takeList takes the list that was wanted last.
func (e *errands) takeList() (of music.Ref, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := len(e.lists)
	if n == 0 {
		return of, false
	}
	of = e.lists[n-1]
	e.lists = e.lists[:n-1]
	return of, true
}

func (e *errands) begin() (wake, read <-chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.wake, e.read = make(chan struct{}, 1), make(chan struct{}, 1)
	return e.wake, e.read
}

func (e *errands) end() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.wake, e.read = nil, nil
	e.stars, e.tracks, e.lists, e.wishes = nil, nil, nil, nil
}

// runErrands does errands as they come, some at a time.
func (s *Service) runErrands(ctx context.Context, wake <-chan struct{}) {
	ctx = webapi.For(ctx, webapi.Background)
	for {
		select {
		case <-ctx.Done():
			return
		case <-wake:
		}
		for {
			if pause.For(ctx, gatherFor) != nil {
				return
			}
			stars, tracks := s.errands.take()
			wishes := s.errands.takeWishes()
			if len(stars)+len(tracks)+len(wishes) == 0 {
				break
			}
			s.errand(ctx, stars, tracks)
			s.match(ctx, wishes)
		}
	}
}

// readLists reads long lists to their end, one after the other, and tells when one is there.
func (s *Service) readLists(ctx context.Context, read <-chan struct{}) {
	ctx = webapi.For(ctx, webapi.Playing)
	for {
		select {
		case <-ctx.Done():
			return
		case <-read:
		}
		for of, ok := s.errands.takeList(); ok && ctx.Err() == nil; of, ok = s.errands.takeList() {
			if err := s.readList(ctx, of); err == nil {
				s.tell(of)
			}
		}
	}
}

// readList reads one list to its end; what fails is read when it is shown again.
func (s *Service) readList(ctx context.Context, of music.Ref) error {
	l := &look{Service: s}
	var err error
	switch of.Kind {
	case music.KindSection:
		if ls, ok := s.listOf(of.ID); ok {
			_, err = l.whole(ctx, ls.shelf)
		}
	case music.KindArtist:
		_, err = l.whole(ctx, s.artistShelf(of.ID))
	default:
		_, err = l.wholeThing(ctx, of)
	}
	return err
}

// errand asks of some stars and tracks. What fails is asked again when it is shown again.
func (s *Service) errand(ctx context.Context, stars, tracks []music.Ref) {
	if !s.allowed() {
		return
	}
	if len(stars) > 0 {
		news, err := s.lookUpStars(ctx, stars)
		if err == nil {
			s.tell(news...)
		}
	}
	known := map[music.Ref]music.Track{}
	s.lookUp(ctx, tracks, known)
	for r := range known {
		s.tell(r)
	}
}

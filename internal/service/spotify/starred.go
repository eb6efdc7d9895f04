package spotify

import (
	"context"
	"errors"
	"slices"
	"sync"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
	"segue/session"
)

// stars are what is known to be saved, or followed, and what is known not to be.
type stars struct {
	mu    sync.Mutex
	known map[music.Ref]bool
}

// starsMost is how many things it is remembered of.
const starsMost = 50_000

func (k *stars) of(r music.Ref) (on, known bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	on, known = k.known[r]
	return on, known
}

// set takes note, and reports whether that is news.
func (k *stars) set(r music.Ref, on bool) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	was, known := k.known[r]
	if k.known == nil || len(k.known) >= starsMost && !known {
		k.known = map[music.Ref]bool{}
	}
	k.known[r] = on
	return !known || was != on
}

func (k *stars) clear() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.known = nil
}

// starrable reports whether Spotify keeps a thing in the library.
func (s *Service) starrable(r music.Ref) bool {
	if r.Account != s.id || r.ID == goneID {
		return false
	}
	if _, whole := s.wholeOf(r); whole {
		return false
	}
	switch r.Kind {
	case music.KindTrack, music.KindAlbum, music.KindArtist, kindShow:
		return true
	default:
		return false
	}
}

// markStars puts the stars on rows that are to be shown. Of those of which it is not known
// Spotify is asked later, 40 to a call: that is a call for what is on the screen, where
// the list of all that is saved takes one for every 50 of it.
func (s *Service) markStars(items []music.Item) []music.Item {
	var unknown []music.Ref
	star := func(r music.Ref) bool {
		on, known := s.stars.of(r)
		if !known && s.starrable(r) {
			unknown = append(unknown, r)
		}
		return on
	}
	for i, it := range items {
		switch it := it.(type) {
		case music.Track:
			if it.Ref.Account == s.id {
				it.Starred = star(it.Ref)
				items[i] = it
			}
		case music.Album:
			it.Starred = star(it.Ref)
			items[i] = it
		case music.Artist:
			it.Starred = star(it.Ref)
			items[i] = it
		case music.Chart, music.Playlist, music.Folder, nil:
		}
	}
	s.errands.lookAtStars(unknown)
	return items
}

// saved marks rows of the library itself.
func (s *Service) saved(items []music.Item) {
	for i, it := range items {
		s.stars.set(it.ItemRef(), true)
		switch it := it.(type) {
		case music.Track:
			it.Starred = true
			items[i] = it
		case music.Album:
			it.Starred = true
			items[i] = it
		case music.Artist:
			it.Starred = true
			items[i] = it
		case music.Chart, music.Playlist, music.Folder:
		}
	}
}

// lookUpStars asks what of some things is in the library, and gives those of which that
// was not known.
func (s *Service) lookUpStars(ctx context.Context, refs []music.Ref) (news []music.Ref, err error) {
	for some := range slices.Chunk(refs, 40) {
		uris := make([]string, len(some))
		for i, r := range some {
			uris[i], _ = uriOf(r)
		}
		has, err := s.api.Contains(webapi.Cached(ctx, freshFor), uris...)
		if err != nil {
			return news, err
		}
		for i, r := range some {
			if s.stars.set(r, has[i]) && has[i] {
				news = append(news, r)
			}
		}
	}
	return news, nil
}

// errNoStar says what cannot be starred.
var errNoStar = errors.New("Spotify keeps tracks, albums, artists, shows and episodes in the library, and nothing else")

// Star saves things into the library, or follows them, or takes them out again.
func (s *Service) Star(ctx context.Context, refs []music.Ref, on bool) error {
	op := "star"
	if !on {
		op = "take the star away"
	}
	var uris []string
	artists := false
	for _, r := range refs {
		uri, ok := uriOf(r)
		if !ok || !s.starrable(r) {
			return &session.Fault{Kind: session.PermissionDenied, Account: s.id, Op: op, Err: errNoStar}
		}
		if err := s.allows(op, s.section(sectionOf(r)), toChange); err != nil {
			return err
		}
		artists = artists || r.Kind == music.KindArtist
		uris = append(uris, uri)
	}
	call := s.api.Save
	if !on {
		call = s.api.Unsave
	}
	if err := call(ctx, uris...); err != nil {
		if artists && webapi.KindOf(err) == webapi.Invalid {
			return &session.Fault{Kind: session.PermissionDenied, Account: s.id, Op: op,
				Err: errors.New("Spotify does not let apps follow artists any more"), Hint: "follow them in its own app; Segue shows it"}
		}
		return s.fault(op, err)
	}
	for _, r := range refs {
		s.stars.set(r, on)
	}
	s.starsChanged(refs, on)
	return nil
}

// starsChanged tells of the lists that are others now.
func (s *Service) starsChanged(refs []music.Ref, on bool) {
	lists := map[music.Ref]bool{}
	for _, r := range refs {
		lists[s.section(sectionOf(r))] = true
	}
	for of := range lists {
		if !on {
			s.wholes.drop(of, mostSaved, refs)
		}
		s.isOther(of)
		s.tell(of)
	}
}

// sectionOf is the list of the library that holds a thing.
func sectionOf(r music.Ref) string {
	switch r.Kind {
	case music.KindAlbum:
		return music.SectionAlbums
	case music.KindArtist:
		return music.SectionArtists
	case kindShow:
		return sectionShows
	case music.KindTrack:
		if _, ok := episodeOf(r); ok {
			return sectionEpisodes
		}
		return music.SectionStarred
	default:
		return music.SectionStarred
	}
}

// Starred lists what the user has saved; of others Spotify tells nothing.
func (s *Service) Starred(ctx context.Context, user string, what music.Ask) (music.Page, error) {
	if user != "" && user != s.myName() {
		return music.Page{Ask: what}, s.othersNot("list the stars of " + music.Clean(user))
	}
	what.Of = s.section(music.SectionStarred)
	return s.Children(ctx, what)
}

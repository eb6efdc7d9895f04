package session

import (
	"context"
	"slices"

	"segue/internal/music"
)

// sources is what a worker needs to resolve refs: the services, and the queue as
// it was when the work began.
type sources struct {
	services map[music.AccountID]Service
	shut     []music.AccountID // signed out: nothing of theirs can be played
	queue    []*entry
	book     *book // what waits for them
	accounts []*account
	charts   Charts
	matches  *matches
}

func (s *Session) sources() sources {
	all := sources{services: make(map[music.AccountID]Service, len(s.accounts)), shut: s.shut(), book: s.book, queue: s.queue.play, accounts: s.accounts, charts: s.cfg.Charts, matches: &s.matches}
	for _, a := range s.accounts {
		all.services[a.id] = a.service
	}
	return all
}

func (s sources) isShut(id music.AccountID) bool { return slices.Contains(s.shut, id) }

// refs lists all tracks of what is asked, in order. After a failure it returns
// what it has, with the error.
func (s sources) refs(ctx context.Context, asks []music.Ask) ([]music.Ref, error) {
	var all []music.Ref
	for _, ask := range asks {
		if ask.Of.IsTrack() {
			all = append(all, ask.Of)
			continue
		}
		if ask.Of == music.Queue {
			for _, e := range s.queue {
				all = append(all, e.ref)
			}
			continue
		}
		if _, ok := parseToplist(ask.Of); ok {
			refs, err := s.toplistRefs(ctx, ask)
			if err != nil {
				return all, faultOf(err, "", "list the tracks of the toplist")
			}
			all = append(all, refs...)
			continue
		}
		svc := s.services[ask.Of.Account]
		if svc == nil {
			return all, noAccount(ask.Of.Account, "list "+ask.Of.ID)
		}
		var refs []music.Ref
		var err error
		if ask.Of.Kind == music.KindPlaylist && s.book.touches(ask.Of) {
			refs, err = s.waitingRefs(ctx, svc, ask)
		} else {
			refs, err = svc.Refs(ctx, ask)
		}
		if err != nil {
			return all, faultOf(err, ask.Of.Account, "list the tracks of "+ask.Of.ID)
		}
		all = append(all, refs...)
	}
	return all, nil
}

// tracks gives the details of refs of any accounts, in their order. Those of an
// account that cannot answer come back unplayable, with their id as the title;
// the first such error is returned beside them.
func (s sources) tracks(ctx context.Context, refs []music.Ref) ([]music.Track, error) {
	all := make([]music.Track, len(refs))
	byAccount := map[music.AccountID][]int{}
	for i, r := range refs {
		byAccount[r.Account] = append(byAccount[r.Account], i)
	}
	var failed error
	for id, places := range byAccount {
		part := make([]music.Ref, len(places))
		for i, p := range places {
			part[i] = refs[p]
		}
		got, err := s.tracksOf(ctx, id, part)
		if err != nil && failed == nil {
			failed = err
		}
		shut := s.isShut(id)
		s.book.mark(id, got)
		for i, p := range places {
			if shut {
				got[i].Unplayable = string(id) + " is signed out"
			}
			all[p] = got[i]
		}
	}
	return all, failed
}

// tracksAtOnce is how many details a service is asked for in one call.
const tracksAtOnce = 500

func (s sources) tracksOf(ctx context.Context, id music.AccountID, refs []music.Ref) ([]music.Track, error) {
	all := make([]music.Track, 0, len(refs))
	svc := s.services[id]
	if svc == nil {
		err := noAccount(id, "look up tracks")
		return unknown(all, refs, err), err
	}
	for len(all) < len(refs) {
		part := refs[len(all):min(len(all)+tracksAtOnce, len(refs))]
		got, err := svc.Tracks(ctx, part)
		if err == nil && len(got) != len(part) {
			err = &Fault{Kind: InvalidIndata, Account: id, Op: "look up tracks", Err: errCount}
		}
		if err != nil {
			return unknown(all, refs, err), faultOf(err, id, "look up tracks")
		}
		all = append(all, got...)
	}
	return all, nil
}

// unknown fills up with what can be said of tracks that nobody knows.
func unknown(all []music.Track, refs []music.Ref, why error) []music.Track {
	for _, r := range refs[len(all):] {
		all = append(all, music.Track{Ref: r, Title: r.ID, Unplayable: why.Error()})
	}
	return all
}

package session

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"segue/internal/music"
)

// markOffline keeps what is named for a time without the server, or no longer.
func (s *Session) markOffline(c MarkOffline) {
	op := "keep for offline"
	byAccount := map[music.AccountID][]music.Ref{}
	var order []music.AccountID
	for _, r := range c.Refs {
		if byAccount[r.Account] == nil {
			order = append(order, r.Account)
		}
		byAccount[r.Account] = append(byAccount[r.Account], r)
	}
	if len(order) == 0 {
		s.fail(&Fault{Kind: InvalidArgument, Op: op, Err: errors.New("nothing was named")})
	}
	for _, id := range order {
		a := s.account(id)
		switch {
		case a == nil:
			s.fail(noAccount(id, op))
			continue
		case a.downloader == nil:
			s.fail(&Fault{Kind: OfflineNotAllowed, Account: id, Op: op, Err: errors.New("its service does not offer that")})
			continue
		}
		call(s, inOrder("offline "+string(id)), func(ctx context.Context) (bool, error) {
			on, err := markTo(ctx, a, byAccount[id], c.To)
			if err != nil {
				return on, err
			}
			return on, a.downloader.SetOffline(ctx, byAccount[id], on)
		}, func(on bool, err error) {
			if f := faultOf(err, id, op); f != nil {
				s.fail(f)
				return
			}
			s.notice(Info, markedText(len(byAccount[id]), on), nil)
			s.fetch(a, false)
		})
	}
}

// markTo is whether refs are to be marked: with Flip they are unless all of them are already.
// Of a service that does not tell, a flip marks.
func markTo(ctx context.Context, a *account, refs []music.Ref, to Switch) (bool, error) {
	l, ok := a.downloader.(OfflineLister)
	if to != Flip || !ok {
		return to != Off, nil
	}
	marks, err := l.Offline(ctx)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(refs, func(r music.Ref) bool { return !slices.Contains(marks, r) }), nil
}

// markedText says what was marked, in words.
func markedText(n int, on bool) string {
	what := "it"
	if n > 1 {
		what = strconv.Itoa(n) + " things"
	}
	if on {
		return what + " will be kept on this machine"
	}
	return what + " will not be kept on this machine any more"
}

// syncOffline fetches what is missing, pauses that, or goes on with it.
func (s *Session) syncOffline(c SyncOffline) {
	op := "fetch for offline"
	some := false
	for _, a := range s.accounts {
		if c.Account != "" && a.id != c.Account || a.downloader == nil {
			continue
		}
		some = true
		if c.Pause == Flip {
			s.fetch(a, false)
			continue
		}
		call(s, inOrder("offline "+string(a.id)), func(context.Context) (SyncStatus, error) {
			a.downloader.PauseSync(c.Pause == On)
			return a.downloader.SyncStatus(), nil
		}, func(v SyncStatus, err error) {
			if f := faultOf(err, a.id, op); f != nil {
				s.fail(f)
				return
			}
			s.synced(a, v)
		})
	}
	switch {
	case some:
	case c.Account != "" && s.account(c.Account) == nil:
		s.fail(noAccount(c.Account, op))
	default:
		s.fail(&Fault{Kind: OfflineNotAllowed, Account: c.Account, Op: op, Err: errors.New("no service here offers that")})
	}
}

// fetch lets a service fetch what is marked; again = also what is there at another rate.
func (s *Session) fetch(a *account, again bool) {
	call(s, inOrder("fetch "+string(a.id)), func(ctx context.Context) (SyncStatus, error) {
		err := a.downloader.SyncNow(ctx, again)
		return a.downloader.SyncStatus(), err
	}, func(v SyncStatus, err error) {
		s.synced(a, v)
		if f := faultOf(err, a.id, "fetch for offline"); f != nil {
			s.fail(f)
		}
	})
}

// synced is told how far the offline copies are.
func (s *Session) synced(a *account, v SyncStatus) {
	if s.ending || s.account(a.id) != a {
		return
	}
	a.sync = &v
	s.accountsDirty = true
	s.emit(OfflineStatusUpdated{Account: a.id, Status: v})
}

func (s *Session) offlineStatus(a *account) OfflineStatusUpdated {
	e := OfflineStatusUpdated{Account: a.id}
	if a.sync != nil {
		e.Status = *a.sync
	}
	return e
}

package session

import (
	"cmp"
	"context"
	"slices"
	"time"

	"segue/internal/music"
)

// reach is what a worker must know of the accounts: which are away, so that edits
// wait for them, and which are signed out.
type reach struct {
	accounts   []*account
	away, shut []music.AccountID
	users      map[music.AccountID]string
}

// userOf is whose edits an account takes.
func (a *account) userOf() string {
	if a.in || a.authenticator == nil {
		return a.user
	}
	return cmp.Or(a.remembered, a.user)
}

func (s *Session) reach() reach {
	r := reach{accounts: s.accounts, shut: s.shut(), users: map[music.AccountID]string{}}
	for _, a := range s.accounts {
		r.users[a.id] = a.userOf()
		if s.away(a) {
			r.away = append(r.away, a.id)
		}
	}
	return r
}

// away reports whether edits wait for an account: it is known, and cannot be reached.
func (s *Session) away(a *account) bool {
	return a.id != music.Local && (s.cutOff(a) || a.state == ConnOffline || a.state == ConnDisconnected)
}

// isShut reports whether an account is signed out.
func (a *account) isShut() bool { return a.authenticator != nil && a.state == ConnLoggedOut }

// isAway reports whether a call failed because its account cannot be reached.
func isAway(err error) bool {
	f := faultOf(err, "", "")
	return f != nil && (f.Kind == UnableToContactServer || f.Kind == NetworkDisabled)
}

// waits reports whether an edit that failed waits now.
func waits(a *account, err error) bool { return a.id != music.Local && isAway(err) }

// nowWaits tells that an edit waits, and puts it on disk at once.
func (s *Session) nowWaits(a *account, text string, why error) {
	s.saveThen(nil)
	if why == nil && a.state == ConnLoggedIn && !s.cutOff(a) {
		s.replay(a) // it waits only for others before it
		return
	}
	s.notice(Info, text+": waits until "+string(a.id)+" is back", nil)
	if why != nil {
		s.noticed(a, why)
	}
}

// undone is what taking a step back, or making it again, gave.
type undone struct {
	ref  music.Ref
	wait uint64
	why  error
}

// undoAt takes a change of a playlist back at its service, or lets that wait.
func (s *Session) undoAt(ctx context.Context, a *account, user string, l *listStep, text string, again, away bool) (u undone, err error) {
	u.ref = l.ref
	if !away && !s.book.has(a.id) {
		u.ref, err = l.perform(ctx, a, !again)
		if !waits(a, err) {
			return u, err
		}
		u.ref, u.why = l.ref, err
	}
	d := *l
	if !again {
		d = l.inverse()
	}
	w := listWork{step: d, text: text, why: u.why}
	if d.op == listEdit {
		if w.was, err = s.book.rowsNow(ctx, a.service, l.ref); err != nil {
			return u, err
		}
		var ok bool
		if w.is, ok = d.edit.apply(w.was); !ok {
			return u, conflict()
		}
	}
	s.owe(a, user, &w)
	u.wait, u.ref = w.wait, w.step.ref
	return u, nil
}

// inverse is the change that takes this one back.
func (l *listStep) inverse() listStep {
	d := *l
	switch l.op {
	case listCreate:
		d.op = listDelete
	case listDelete:
		d.op = listCreate
	case listRename:
		d.name, d.oldName = l.oldName, l.name
	case listEdit:
		d.edit = l.edit.back()
	case listPublic, listDescribe:
		d.was, d.is = l.is, l.was
	}
	return d
}

// replayAll goes on with what waits for accounts that are there.
func (s *Session) replayAll() {
	for _, a := range s.accounts {
		s.replay(a)
	}
}

// replay makes the oldest edit that waits for an account, and then the next: each
// once. That it is begun is on disk before it is, and that it is done right after; a
// session that died between the two looks first whether it has been done.
func (s *Session) replay(a *account) {
	if a.replaying || s.ending || s.journal.busy || a.state != ConnLoggedIn || s.away(a) {
		return
	}
	mine := s.book.of(a.id)
	next := slices.IndexFunc(mine, func(o owed) bool { return o.user == "" || o.user == a.userOf() })
	if next < 0 {
		return
	}
	o := mine[next]
	a.replaying = true
	s.replaying++
	s.book.begin(o.id)
	s.saveThen(func() {
		where := markRow(a.id)
		if o.list != nil {
			where = inOrder("playlists " + string(a.id))
		}
		call(s, where, func(ctx context.Context) (music.Ref, error) {
			return o.settle(ctx, a)
		}, func(ref music.Ref, err error) { s.replayed(a, o, ref, err) })
	})
}

// replayed takes what became of an edit that waited.
func (s *Session) replayed(a *account, o owed, ref music.Ref, err error) {
	a.replaying = false
	s.replaying--
	defer func() {
		if s.replaying == 0 {
			s.nextUndo()
		}
	}()
	f := faultOf(err, a.id, o.text)
	refused := f != nil && (f.Kind == BadUsernameOrPassword || f.Kind == NoCredentials)
	if f != nil && (f.Kind.transient() || f.Kind == Cancelled || refused) || s.ending {
		switch {
		case s.ending || f.Kind == Cancelled:
		case refused || isAway(f):
			s.notConnected(a, f) // and when it is connected again this goes on
		default:
			wait := min(retryFirst<<min(o.tries, 10), retryMost)
			s.later(&a.look, max(time.Until(f.RetryAt), wait), func() { s.askRoot(a) })
		}
		return
	}
	s.book.remove(o.id)
	if f != nil {
		s.journal.dropWaiting(o.id)
		s.notice(Warning, f.Error(), f)
	} else {
		s.notice(Info, string(a.id)+" is back: "+o.text, nil)
	}
	s.queueDirty = true
	s.settled(o, ref)
	s.saveThen(func() { s.replay(a) })
}

// settled tells what is otherwise now.
func (s *Session) settled(o owed, ref music.Ref) {
	if o.marks != nil {
		s.marked(&marksStep{rating: o.marks.rating, refs: o.marks.refs})
		return
	}
	s.listChanged(o.list.ref)
	if !ref.IsZero() && ref != o.list.ref {
		s.journal.rename(o.list.ref, ref)
		s.book.rename(o.list.ref, ref)
		s.listChanged(ref)
	}
}

// dropWaiting takes out the step of an edit that waited and cannot be made any more:
// there is nothing to take back.
func (j *journal) dropWaiting(id uint64) {
	gone := func(st step) bool { return len(st.waits) == 1 && st.waits[0] == id }
	j.done = slices.DeleteFunc(slices.Clone(j.done), gone)
	j.undone = slices.DeleteFunc(slices.Clone(j.undone), gone)
}

// settle makes an edit that waited, unless it has been made already. It returns the
// playlist's Ref as it is now. What it cannot know: whether a playlist that equals
// one to be created is its own from a try that was cut off (it is taken for it), and
// whether an addition was made by such a try when others have changed the playlist
// since (it is told as a conflict, not made again).
func (o *owed) settle(ctx context.Context, a *account) (music.Ref, error) {
	if o.marks != nil {
		return music.Ref{}, o.marks.tell(ctx, a) // the same twice is the same
	}
	l := o.list
	switch l.op {
	case listCreate:
		if o.tries > 0 {
			if ref, err := o.find(ctx, a); err != nil || !ref.IsZero() {
				return ref, err
			}
		}
		return l.create(ctx, a)
	case listDelete:
		return l.ref, o.settleDelete(ctx, a)
	case listRename:
		return o.settleRename(ctx, a)
	case listEdit:
		return l.ref, o.settleRows(ctx, a)
	case listPublic, listDescribe:
	}
	return l.perform(ctx, a, false)
}

func (o *owed) settleRows(ctx context.Context, a *account) error {
	have, err := a.service.Refs(ctx, music.Ask{Of: o.list.ref})
	if err != nil {
		return err
	}
	sum := sumOf(have)
	if sum == o.is && sum != o.was {
		return nil // it has been made
	}
	now, ok := o.merge(have)
	if !ok || sum != o.was && o.tries > 0 {
		return conflict()
	}
	return a.editor.EditPlaylist(ctx, o.list.ref, have, now)
}

// settleDelete deletes a playlist that is as it was when that was wanted.
func (o *owed) settleDelete(ctx context.Context, a *account) error {
	if o.list.query == "" {
		have, err := a.service.Refs(ctx, music.Ask{Of: o.list.ref})
		switch f := faultOf(err, a.id, ""); {
		case f != nil && (f.Kind == OtherPermanent || f.Kind == InvalidArgument):
			return nil // it is gone
		case f != nil: // nothing is known of it
			return err
		case !slices.Equal(have, o.list.tracks):
			return conflict()
		}
	}
	return a.editor.DeletePlaylist(ctx, o.list.ref)
}

func (o *owed) settleRename(ctx context.Context, a *account) (music.Ref, error) {
	p, err := a.service.Children(ctx, music.Ask{Of: o.list.ref, Limit: 1})
	switch {
	case err != nil:
		return o.list.ref, err
	case p.Title == o.list.name:
		return o.list.ref, nil
	case p.Title != o.list.oldName:
		return o.list.ref, conflict()
	}
	return a.editor.RenamePlaylist(ctx, o.list.ref, o.list.name)
}

// find looks for the playlist that a try which was cut off may have made.
func (o *owed) find(ctx context.Context, a *account) (music.Ref, error) {
	p, err := a.service.Children(ctx, music.Ask{Of: music.Section(a.id, music.SectionPlaylists)})
	if err != nil {
		return music.Ref{}, err
	}
	for _, it := range p.Items {
		have, ok := it.(music.Playlist)
		if !ok || have.Name != o.list.name || have.Query != o.list.query {
			continue
		}
		if have.Query != "" {
			return have.Ref, nil
		}
		rows, err := a.service.Refs(ctx, music.Ask{Of: have.Ref})
		if err != nil {
			return music.Ref{}, err
		}
		if slices.Equal(rows, o.list.tracks) {
			return have.Ref, nil
		}
	}
	return music.Ref{}, nil
}

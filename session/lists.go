package session

import (
	"context"
	"errors"
	"fmt"

	"segue/internal/music"
)

// listOp is what is done to a playlist.
type listOp string

const (
	listCreate listOp = "create"
	listDelete listOp = "delete"
	listRename listOp = "rename"
	listEdit   listOp = "edit"
)

// listStep is a change of a playlist, with all that is needed to take it back.
type listStep struct {
	op      listOp
	ref     music.Ref
	name    string // of the playlist; after a rename the new one
	oldName string
	query   string      // of a live playlist that was created or deleted
	tracks  []music.Ref // what was created or deleted, of one that is not live
	edit    splice[music.Ref]
	was, is string // of what is said about it: about.go
}

func (l *listStep) size() int { return len(l.tracks) + l.edit.size() }

// conflict is the fault of an edit that others overtook.
func conflict() *Fault {
	return &Fault{Kind: Conflict, Err: errors.New("it has been changed elsewhere meanwhile"), Hint: "look at it and do it again"}
}

// perform makes the change, or takes it back, and returns the playlist's Ref as
// it is now.
func (l *listStep) perform(ctx context.Context, a *account, back bool) (music.Ref, error) {
	switch {
	case l.op == listCreate && !back, l.op == listDelete && back:
		return l.create(ctx, a)
	case l.op == listCreate, l.op == listDelete:
		return l.ref, a.editor.DeletePlaylist(ctx, l.ref)
	case l.op == listRename && back:
		return a.editor.RenamePlaylist(ctx, l.ref, l.oldName)
	case l.op == listRename:
		return a.editor.RenamePlaylist(ctx, l.ref, l.name)
	}
	if l.op == listPublic || l.op == listDescribe {
		return l.ref, l.performAbout(ctx, a, back)
	}
	have, err := a.service.Refs(ctx, music.Ask{Of: l.ref})
	if err != nil {
		return l.ref, err
	}
	d := l.edit
	if back {
		d = d.back()
	}
	now, ok := d.apply(have)
	if !ok {
		return l.ref, conflict()
	}
	return l.ref, a.editor.EditPlaylist(ctx, l.ref, have, now)
}

func (l *listStep) create(ctx context.Context, a *account) (music.Ref, error) {
	if ref, ok, err := l.restore(ctx, a); ok {
		return ref, err
	}
	if l.query == "" {
		return a.editor.CreatePlaylist(ctx, l.name, l.tracks)
	}
	if a.live == nil {
		return music.Ref{}, unable(a.id, "")
	}
	return a.live.CreateLive(ctx, l.name, l.query)
}

// change carries out the commands that change playlists, stars and ratings.
func (s *Session) change(c Command) {
	switch c := c.(type) {
	case Star:
		s.star(c)
	case Rate:
		s.rate(c)
	case SaveQueue:
		s.createList(music.Local, c.Name, []music.Ask{{Of: music.Queue}}, "save the queue as "+c.Name)
	case PlaylistCreate:
		s.create(c)
	case PlaylistAdd:
		s.addToList(c)
	case PlaylistRemove:
		s.removeFromList(c)
	case PlaylistMove:
		s.moveInList(c)
	case PlaylistRename:
		s.renameList(c)
	case PlaylistDelete:
		s.deleteList(c)
	case PlaylistPublish:
		s.publishList(c)
	case PlaylistDescribe:
		s.describeList(c)
	case InboxPost:
		s.inboxPost(c)
	}
}

// listWork is what building a step gives: the step and its words.
type listWork struct {
	step    listStep
	text    string
	was, is []music.Ref // the rows before and after, of an edit of rows
	wait    uint64      // it waits for its account under this number; 0 = it is done
	why     error       // it waits because of this; nil = the account was known to be away
}

// changeList lets build read what is there and say what is to be done, does it,
// and writes it into the journal. The changes of one account go one by one.
func (s *Session) changeList(id music.AccountID, op string, build func(ctx context.Context, a *account) (listWork, error)) {
	a := s.account(id)
	if a == nil {
		s.fail(noAccount(id, op))
		return
	}
	if a.editor == nil {
		s.fail(unable(id, op))
		return
	}
	if a.isShut() {
		s.fail(signedOut(id, op))
		return
	}
	away, user := s.away(a), a.userOf()
	patient(s, inOrder("playlists "+string(id)), op, func(ctx context.Context) (listWork, error) {
		w, err := build(ctx, a)
		if err != nil {
			return w, err
		}
		if away || s.book.has(id) {
			s.owe(a, user, &w)
			return w, nil
		}
		ref, err := w.step.perform(ctx, a, false)
		for range editTries {
			if !isConflict(err) || w.step.op != listEdit {
				break
			}
			if w, err = build(ctx, a); err != nil { // somebody was faster: both edits are kept
				return w, err
			}
			ref, err = w.step.perform(ctx, a, false)
		}
		if waits(a, err) {
			w.why = err
			s.owe(a, user, &w)
			return w, nil
		}
		if w.step.op == listCreate && err == nil {
			w.step.ref = ref
		}
		return w, err
	}, func(w listWork, err error) {
		if f := faultOf(err, id, op); f != nil {
			s.listFailed(f, w.step.ref)
			return
		}
		st := step{text: w.text, list: &w.step}
		if w.wait != 0 {
			st.waits = []uint64{w.wait}
		}
		s.journal.push(st)
		s.listChanged(w.step.ref)
		s.emit(Undoable{Text: w.text})
		s.queueDirty = true
		s.saveSoon()
		if w.wait != 0 {
			s.nowWaits(a, w.text, w.why)
		}
	})
}

// owe lets an edit wait for its account.
func (s *Session) owe(a *account, user string, w *listWork) {
	l := w.step
	o := owed{account: a.id, user: user, text: w.text, list: &l}
	if w.why != nil {
		o.tries = 1 // it may have come through
	}
	if l.op == listEdit {
		o.was, o.is = sumOf(w.was), sumOf(w.is)
		o.atEnd = l.edit.At == len(w.was) && len(l.edit.Del) == 0
	}
	w.wait = s.book.add(o)
	if l.op == listCreate {
		w.step.ref = waitingRef(a.id, w.wait)
	}
}

// listNamed tells a playlist's name and, of a live one, its query: for words, and for
// bringing it back.
func (s *Session) listNamed(ctx context.Context, a *account, ref music.Ref) (name, query string, err error) {
	if l := s.book.created(ref); l != nil {
		return l.name, l.query, nil
	}
	p, err := a.service.Children(ctx, music.Ask{Of: ref, Limit: 1})
	if err != nil {
		return "", "", err
	}
	if p.Title == "" {
		p.Title = ref.ID
	}
	return p.Title, p.Query, nil
}

// isFollowed reports whether a playlist is somebody else's that the user follows, as far as
// its service tells.
func isFollowed(ctx context.Context, a *account, ref music.Ref) bool {
	d, ok := a.service.(Detailer)
	if !ok {
		return false
	}
	it, err := d.Details(ctx, ref)
	p, ok := it.(music.Playlist)
	return err == nil && ok && p.Followed
}

func (s *Session) create(c PlaylistCreate) {
	op := "create " + c.Name
	if c.Query == "" {
		s.createList(c.Account, c.Name, c.Add, op)
		return
	}
	s.changeList(c.Account, op, func(context.Context, *account) (listWork, error) {
		switch {
		case c.Name == "":
			return listWork{}, errNameless()
		case len(c.Add) > 0:
			return listWork{}, &Fault{Kind: InvalidArgument, Err: errors.New("a live playlist has the tracks of its query and no others")}
		}
		l := listStep{op: listCreate, ref: music.Ref{Account: c.Account}, name: c.Name, query: c.Query}
		return listWork{step: l, text: "created the live playlist " + c.Name}, nil
	})
}

func errNameless() error {
	return &Fault{Kind: InvalidArgument, Err: errors.New("a playlist needs a name")}
}

func (s *Session) createList(id music.AccountID, name string, add []music.Ask, op string) {
	from := s.sources()
	s.changeList(id, op, func(ctx context.Context, _ *account) (listWork, error) {
		if name == "" {
			return listWork{}, errNameless()
		}
		refs, err := from.refs(ctx, add)
		if err != nil {
			return listWork{}, err
		}
		text := "created the playlist " + name
		if len(refs) > 0 {
			text = fmt.Sprintf("created %s with %s", name, tracks(len(refs)))
		}
		return listWork{step: listStep{op: listCreate, ref: music.Ref{Account: id}, name: name, tracks: refs}, text: text}, nil
	})
}

// editList changes the rows of a playlist.
func (s *Session) editList(ref music.Ref, op string, edit func(ctx context.Context, have []music.Ref) (now []music.Ref, text string, err error)) {
	s.changeList(ref.Account, op, func(ctx context.Context, a *account) (listWork, error) {
		name, _, err := s.listNamed(ctx, a, ref)
		if err != nil {
			return listWork{}, err
		}
		have, err := s.book.rowsNow(ctx, a.service, ref)
		if err != nil {
			return listWork{}, err
		}
		now, text, err := edit(ctx, have)
		l := listStep{op: listEdit, ref: ref, name: name, edit: diff(have, now)}
		return listWork{step: l, text: text + " " + name, was: have, is: now}, err
	})
}

func (s *Session) addToList(c PlaylistAdd) {
	from := s.sources()
	s.editList(c.Playlist, "add to the playlist", func(ctx context.Context, have []music.Ref) ([]music.Ref, string, error) {
		refs, err := from.refs(ctx, c.Add)
		if err == nil && len(refs) == 0 {
			err = &Fault{Kind: InvalidArgument, Err: errors.New("there are no tracks to add")}
		}
		return append(have[:len(have):len(have)], refs...), "added " + tracks(len(refs)) + " to", err
	})
}

func (s *Session) removeFromList(c PlaylistRemove) {
	s.editList(c.Playlist, "remove from the playlist", func(_ context.Context, have []music.Ref) ([]music.Ref, string, error) {
		gone, err := rowSet(have, c.Rows)
		var now []music.Ref
		for i, r := range have {
			if !gone[i] {
				now = append(now, r)
			}
		}
		return now, "removed " + tracks(len(gone)) + " from", err
	})
}

func (s *Session) moveInList(c PlaylistMove) {
	s.editList(c.Playlist, "move in the playlist", func(_ context.Context, have []music.Ref) ([]music.Ref, string, error) {
		which, err := rowSet(have, c.Rows)
		var head, moved, tail []music.Ref
		for i, r := range have {
			switch {
			case which[i]:
				moved = append(moved, r)
			case i < c.Before:
				head = append(head, r)
			default:
				tail = append(tail, r)
			}
		}
		return append(append(head, moved...), tail...), "moved " + tracks(len(moved)) + " in", err
	})
}

// editTries is how often an edit of rows is made again that was overtaken.
const editTries = 3

func isConflict(err error) bool {
	var f *Fault
	return errors.As(err, &f) && f.Kind == Conflict
}

func (s *Session) renameList(c PlaylistRename) {
	s.changeList(c.Playlist.Account, "rename the playlist", func(ctx context.Context, a *account) (listWork, error) {
		if c.Name == "" {
			return listWork{}, errNameless()
		}
		old, _, err := s.listNamed(ctx, a, c.Playlist)
		l := listStep{op: listRename, ref: c.Playlist, name: c.Name, oldName: old}
		return listWork{step: l, text: "renamed " + old + " to " + c.Name}, err
	})
}

func (s *Session) deleteList(c PlaylistDelete) {
	s.changeList(c.Playlist.Account, "delete the playlist", func(ctx context.Context, a *account) (listWork, error) {
		name, query, err := s.listNamed(ctx, a, c.Playlist)
		if err != nil {
			return listWork{}, err
		}
		w := listWork{step: listStep{op: listDelete, ref: c.Playlist, name: name, query: query}, text: "deleted " + name}
		if query != "" {
			return w, nil
		}
		if isFollowed(ctx, a, c.Playlist) {
			w.text = "unfollowed " + name
		}
		w.step.tracks, err = s.book.rowsNow(ctx, a.service, c.Playlist)
		return w, err
	})
}

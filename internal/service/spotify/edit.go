package spotify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
	"segue/session"
)

func (s *Service) denied(op string, why error, hint string) error {
	return &session.Fault{Kind: session.PermissionDenied, Account: s.id, Op: op, Err: why, Hint: hint}
}

func (s *Service) nameless(op string) error {
	return &session.Fault{Kind: session.InvalidArgument, Account: s.id, Op: op, Err: errors.New("it needs a name")}
}

// addableURIs are the URIs of tracks that are to be added to a playlist.
func (s *Service) addableURIs(refs []music.Ref) ([]string, error) {
	uris := make([]string, len(refs))
	for i, r := range refs {
		switch {
		case r.Account == music.Local:
			return nil, errLocalAdd
		case r.Account != s.id:
			return nil, errForeign
		}
		uris[i], _ = uriOf(r)
	}
	return uris, addable(uris)
}

var errForeign = errors.New("Spotify's playlists hold only what Spotify has")

// hintAny is where any track can be kept.
const hintAny = "a playlist of the account local takes any"

// CreatePlaylist makes a private playlist. One that cannot be filled is taken back.
func (s *Service) CreatePlaylist(ctx context.Context, name string, tracks []music.Ref) (music.Ref, error) {
	op := "create the playlist " + music.Clean(name)
	if strings.TrimSpace(name) == "" {
		return music.Ref{}, s.nameless("create a playlist")
	}
	uris, err := s.addableURIs(tracks)
	if err != nil {
		return music.Ref{}, s.denied(op, err, hintAny)
	}
	if err := s.wants(op, featPlaylists, toChange); err != nil {
		return music.Ref{}, err
	}
	made, err := s.api.CreatePlaylist(ctx, webapi.NewPlaylist{Name: name})
	if err != nil {
		return music.Ref{}, s.fault(op, err)
	}
	ref := s.ref(music.KindPlaylist, made.ID)
	if len(uris) > 0 {
		if _, err := s.api.AddItems(ctx, made.ID, uris, -1); err != nil {
			back := s.api.Unsave(context.WithoutCancel(ctx), uriPrefix+"playlist:"+made.ID)
			return music.Ref{}, s.fault(op, errors.Join(err, back))
		}
	}
	s.listsChanged(ref)
	return ref, nil
}

// listsChanged tells of a playlist that was changed here, and of the list of them.
func (s *Service) listsChanged(p music.Ref) {
	all := s.section(music.SectionPlaylists)
	s.isOther(p)
	s.isOther(all)
	s.tell(p, all)
}

// editable is a playlist as it is at Spotify now, if the user may change it.
func (s *Service) editable(ctx context.Context, p music.Ref, op string) (webapi.Playlist, error) {
	if err := s.allows(op, p, toChange); err != nil {
		return webapi.Playlist{}, err
	}
	w, err := s.api.Playlist(ctx, p.ID)
	if err != nil {
		return w, s.explain(op, p, err)
	}
	if !s.ours(w) {
		return w, s.denied(op+" "+music.Clean(w.Name), errors.New("it belongs to "+named(w.Owner, "somebody else")), "")
	}
	s.knowList(w)
	return w, nil
}

// EditPlaylist gives a playlist a new order, in as few calls as there need be: rows that
// stay keep their dates, and files on disk are never lost. It compares the playlist's
// snapshot first: one that somebody else has changed is a Conflict.
func (s *Service) EditPlaylist(ctx context.Context, p music.Ref, before, after []music.Ref) error {
	op := "change the playlist"
	w, err := s.editable(ctx, p, op)
	if err != nil {
		return err
	}
	op += " " + music.Clean(w.Name)
	l := &look{Service: s}
	items, err := l.whole(ctx, l.listShelf(p.ID))
	if err == nil {
		_, err = l.age() // an edit of what it was is none
	}
	if err != nil {
		return s.explain(op, p, err)
	}
	if !slices.EqualFunc(items, before, func(it music.Item, r music.Ref) bool { return it.ItemRef() == r }) {
		s.tell(p)
		return &session.Fault{Kind: session.Conflict, Account: s.id, Op: op, Err: errors.New("somebody else has changed it meanwhile"), Hint: "look at it again"}
	}
	want, err := s.rowURIs(after)
	if err != nil {
		return s.denied(op, err, hintAny)
	}
	have, err := s.rowURIs(before)
	if err != nil {
		return s.denied(op, err, "")
	}
	plan, err := planEdit(have, want)
	if err != nil {
		return s.denied(op, err, planHint(err))
	}
	snapshot, done, err := s.carryOut(ctx, p.ID, plan, w.Snapshot)
	if err != nil {
		s.wholes.put(p, "", nil)
		s.listsChanged(p)
		return inPart(s.explain(op, p, err), done, len(plan))
	}
	return s.edited(ctx, op, w, snapshot, plan, items, after)
}

func planHint(err error) string {
	switch {
	case errors.Is(err, errLocalAdd):
		return hintAny
	case errors.Is(err, errLocalTwice):
		return "remove it in Spotify's own app"
	case errors.Is(err, errEditTooLong):
		return "save it under another name instead"
	}
	return ""
}

// rowURIs are rows as Spotify names them: "" is one of which it does not say what it was.
func (s *Service) rowURIs(refs []music.Ref) ([]string, error) {
	uris := make([]string, len(refs))
	for i, r := range refs {
		switch {
		case r.Account == music.Local && strings.HasPrefix(r.ID, localPrefix):
			uris[i] = s.rawLocal(r)
		case r.Account == music.Local:
			return nil, errLocalAdd
		case r.Account != s.id:
			return nil, errForeign
		default:
			uris[i], _ = uriOf(r)
		}
	}
	return uris, nil
}

// carryOut makes the calls of a plan, each against the state that the one before gave.
func (s *Service) carryOut(ctx context.Context, id string, plan []edit, snapshot string) (now string, done int, err error) {
	for i, e := range plan {
		if snapshot, err = s.carryOutOne(ctx, id, e, snapshot); err != nil {
			return snapshot, i, err
		}
	}
	return snapshot, len(plan), nil
}

// inPart says of a plan that failed how far it came.
func inPart(err error, done, of int) error {
	var f *session.Fault
	if done == 0 || !errors.As(err, &f) {
		return err
	}
	c := *f
	c.Err = fmt.Errorf("it was changed in part, by %d of %d calls: %w", done, of, f.Err)
	return &c
}

func (s *Service) carryOutOne(ctx context.Context, id string, e edit, snapshot string) (string, error) {
	switch {
	case e.replace != nil:
		return s.api.ReplaceItems(ctx, id, e.replace)
	case len(e.remove) > 0:
		return s.api.RemoveItems(ctx, id, e.remove, snapshot)
	case len(e.add) > 0:
		return s.api.AddItems(ctx, id, e.add, e.at)
	}
	return s.api.MoveItems(ctx, id, webapi.Move{Start: e.at, Length: e.n, Before: e.before, Snapshot: snapshot})
}

// edited takes note of how a playlist is now. That a file on disk could be removed, no
// document of Spotify's says any more: there the playlist is looked at again.
func (s *Service) edited(ctx context.Context, op string, w webapi.Playlist, snapshot string, plan []edit, old []music.Item, after []music.Ref) error {
	p := s.ref(music.KindPlaylist, w.ID)
	defer s.listsChanged(p)
	w.Snapshot, w.Total = snapshot, len(after)
	s.knowList(w)
	removed := slices.ContainsFunc(plan, func(e edit) bool {
		return slices.ContainsFunc(e.remove, func(u string) bool { return strings.HasPrefix(u, localPrefix) })
	})
	items, ok := s.reordered(ctx, old, after)
	if !removed && ok {
		s.wholes.put(p, snapshot, items)
		return nil
	}
	s.wholes.put(p, "", nil) // it is put together again when it is looked at
	if !removed {
		return nil
	}
	l := &look{Service: s}
	now, err := l.whole(ctx, l.listShelf(w.ID))
	if err == nil && !slices.EqualFunc(now, after, func(it music.Item, r music.Ref) bool { return it.ItemRef() == r }) {
		return s.denied(op, errors.New("Spotify did not remove the file from disk"), "remove it in Spotify's own app")
	}
	return s.fault(op, err)
}

// reordered are the rows of a playlist after an edit; ok is false where too many of them
// are not known.
func (s *Service) reordered(ctx context.Context, old []music.Item, after []music.Ref) (items []music.Item, ok bool) {
	rows := map[music.Ref]music.Item{}
	for _, it := range old {
		rows[it.ItemRef()] = it
	}
	var fresh []music.Ref
	for _, r := range after {
		if rows[r] == nil && !slices.Contains(fresh, r) {
			fresh = append(fresh, r)
		}
	}
	known, err := s.remembered(ctx, fresh)
	missing := s.notIn(known, fresh)
	if err != nil || len(missing) > atOnce {
		return nil, false
	}
	why := s.lookUp(ctx, missing, known)
	items = make([]music.Item, len(after))
	for i, r := range after {
		if items[i] = rows[r]; items[i] != nil {
			continue
		}
		if why[r] != nil {
			return nil, false
		}
		t := known[r]
		t.Added = s.cfg.Now()
		items[i] = t
	}
	return items, true
}

package subsonic

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"segue/internal/music"
	"segue/internal/rows"
	"segue/internal/service/subsonic/wire"
	"segue/session"
)

// playlistsPage lists one's own playlists, then those that others let one see.
func (l *look) playlistsPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	page := music.Page{Title: "Playlists"}
	lists, err := l.playlists(ctx)
	if err != nil {
		return page, err
	}
	var own, others []music.Item
	for _, p := range lists {
		if l.mine(p.Owner) {
			own = append(own, p)
		} else {
			others = append(others, p)
		}
	}
	items := append(own, others...)
	if len(items) == 0 {
		page.Note = "there are no playlists on the server yet"
	}
	page.Subtitle = rows.Count(len(items), "playlist")
	return rows.Cut(page, rows.Filter(items, ask.Filter), ask), nil
}

func (l *look) playlists(ctx context.Context) ([]music.Playlist, error) {
	reply, err := l.ask(ctx, "getPlaylists", nil)
	if err != nil {
		return nil, err
	}
	var all []music.Playlist
	for _, w := range reply.Playlists.Value.Playlists {
		if p, ok := l.playlist(w); ok {
			all = append(all, p)
		}
	}
	return all, nil
}

func (l *look) wholePlaylist(ctx context.Context, id string) (music.Page, []music.Track, error) {
	reply, err := l.ask(ctx, "getPlaylist", url.Values{"id": {id}})
	if err != nil {
		return music.Page{Title: "Playlist"}, nil, err
	}
	w := reply.Playlist.Value
	tracks, err := l.learn(ctx, w.Entries)
	page := music.Page{Title: "Playlist"}
	if p, ok := l.playlist(w); ok {
		owner := ""
		if !l.mine(p.Owner) {
			owner = "of " + p.Owner
		}
		public := ""
		if p.Public {
			public = "public"
		}
		page.Title, page.Writable = p.Name, p.Writable
		page.Subtitle = rows.Subtitle(owner, public, counted(len(tracks), tracks), p.Description)
	}
	if len(tracks) == 0 {
		page.Note = "nothing is in it yet"
	}
	return page, tracks, err
}

// songIDs are the ids of tracks that the server knows.
func (s *Service) songIDs(op string, refs []music.Ref) ([]string, error) {
	ids := make([]string, len(refs))
	for i, r := range refs {
		if r.Account != s.id || r.Kind != music.KindTrack {
			return nil, &session.Fault{Kind: session.PermissionDenied, Account: s.id, Op: op,
				Err: errors.New("the server's playlists hold only its own tracks"), Hint: "a playlist of the account local takes any"}
		}
		ids[i] = r.ID
	}
	return ids, nil
}

// CreatePlaylist makes a playlist on the server.
func (s *Service) CreatePlaylist(ctx context.Context, name string, tracks []music.Ref) (music.Ref, error) {
	op := "create the playlist " + music.Clean(name)
	if strings.TrimSpace(name) == "" {
		return music.Ref{}, &session.Fault{Kind: session.InvalidArgument, Account: s.id, Op: "create a playlist", Err: errors.New("it needs a name")}
	}
	ids, err := s.songIDs(op, tracks)
	if err != nil {
		return music.Ref{}, err
	}
	before, err := s.listIDs(ctx)
	if err != nil {
		return music.Ref{}, s.fault(op, err)
	}
	first := ids[:min(len(ids), idsMost)]
	reply, err := s.tell(ctx, "createPlaylist", url.Values{"name": {name}, "songId": first})
	if err != nil {
		return music.Ref{}, s.fault(op, err)
	}
	made := reply.Playlist.Value.ID
	if made == "" { // this server does not say: it is the one that was not there before
		if made, err = s.newList(ctx, name, before); err != nil {
			return music.Ref{}, s.fault(op, err)
		}
	}
	ref := s.ref(music.KindPlaylist, made)
	for rest := ids[len(first):]; len(rest) > 0; {
		n := min(len(rest), idsMost)
		if _, err := s.tell(ctx, "updatePlaylist", url.Values{"playlistId": {string(made)}, "songIdToAdd": rest[:n]}); err != nil {
			return ref, s.fault(op, err)
		}
		rest = rest[n:]
	}
	s.tellChanged(ref)
	return ref, nil
}

// idsMost is how many ids go into one call: all of them are in an address of some kind.
const idsMost = 100

func (s *Service) listIDs(ctx context.Context) (map[wire.ID]bool, error) {
	reply, _, err := s.srv.Ask(ctx, "getPlaylists", nil)
	s.heardOf(err)
	if err != nil {
		return nil, err
	}
	ids := map[wire.ID]bool{}
	for _, p := range reply.Playlists.Value.Playlists {
		ids[p.ID] = true
	}
	return ids, nil
}

func (s *Service) newList(ctx context.Context, name string, before map[wire.ID]bool) (wire.ID, error) {
	reply, _, err := s.srv.Ask(ctx, "getPlaylists", nil)
	if err != nil {
		return "", err
	}
	for _, p := range reply.Playlists.Value.Playlists {
		if !before[p.ID] && (string(p.Name) == music.Clean(name) || string(p.Name) == name) {
			return p.ID, nil
		}
	}
	return "", errors.New("the server says that it was made, and does not list it")
}

// fresh is a playlist as it is on the server now: its tracks, and at which of the server's
// rows each stands (rows that are no music are passed over).
func (s *Service) fresh(ctx context.Context, id string) (w wire.Playlist, refs []music.Ref, at []int, err error) {
	reply, _, err := s.srv.Ask(ctx, "getPlaylist", url.Values{"id": {id}})
	s.heardOf(err)
	if err != nil {
		return wire.Playlist{}, nil, nil, err
	}
	for i, e := range reply.Playlist.Value.Entries {
		if _, ok := s.song(e); ok {
			refs, at = append(refs, s.ref(music.KindTrack, e.ID)), append(at, i)
		}
	}
	return reply.Playlist.Value, refs, at, nil
}

// EditPlaylist gives a playlist a new order. Only what changed is sent, where that can be
// said by removing and adding at the end; else the order as a whole.
func (s *Service) EditPlaylist(ctx context.Context, p music.Ref, before, after []music.Ref) error {
	op := "change the playlist"
	w, now, at, err := s.fresh(ctx, p.ID)
	if err != nil {
		return s.fault(op, err)
	}
	op += " " + string(w.Name)
	if !s.mine(string(w.Owner)) || bool(w.ReadOnly) {
		return &session.Fault{Kind: session.PermissionDenied, Account: s.id, Op: op, Err: errors.New("it belongs to " + string(w.Owner))}
	}
	if !slices.Equal(now, before) {
		return &session.Fault{Kind: session.Conflict, Account: s.id, Op: op, Err: errors.New("somebody else has changed it meanwhile"), Hint: "look at it again"}
	}
	ids, err := s.songIDs(op, after)
	if err != nil {
		return err
	}
	removed, added, simple := difference(before, after)
	switch {
	case simple && len(removed) == 0 && len(added) == 0:
		return nil
	case simple && len(removed)+len(added) <= idsMost:
		for i, r := range removed {
			removed[i] = at[r]
		}
		err = s.changeList(ctx, p.ID, removed, added)
	default:
		err = s.replaceList(ctx, w, ids)
	}
	if err != nil {
		return s.fault(op, err)
	}
	s.tellChanged(p)
	return nil
}

// difference says how after comes of before by taking rows away and adding some at the
// end; simple is false if that is not so.
func difference(before, after []music.Ref) (removed []int, added []string, simple bool) {
	j := 0
	for i, r := range before {
		if j < len(after) && after[j] == r {
			j++
			continue
		}
		removed = append(removed, i)
	}
	for _, r := range after[j:] {
		added = append(added, r.ID)
	}
	// What went away and came back at the end was moved: as a whole it is one step.
	for _, i := range removed {
		if slices.Contains(added, before[i].ID) {
			return nil, nil, false
		}
	}
	return removed, added, true
}

func (s *Service) changeList(ctx context.Context, id string, removed []int, added []string) error {
	v := url.Values{"playlistId": {id}}
	for _, i := range removed {
		v.Add("songIndexToRemove", strconv.Itoa(i))
	}
	if len(added) > 0 {
		v["songIdToAdd"] = added
	}
	_, err := s.tell(ctx, "updatePlaylist", v)
	return err
}

// replaceList writes the whole order. A long one, for which the address would be too long,
// is written in parts: all rows are taken away and added anew.
func (s *Service) replaceList(ctx context.Context, w wire.Playlist, ids []string) error {
	id, had := string(w.ID), len(w.Entries)
	if len(ids) > 0 && len(ids) <= idsMost || len(ids) > 0 && s.srv.About().Has("formPost") {
		_, err := s.tell(ctx, "createPlaylist", url.Values{"playlistId": {id}, "songId": ids})
		return err
	}
	for had > 0 {
		n := min(had, idsMost)
		gone := make([]int, n)
		for i := range gone {
			gone[i] = i
		}
		if err := s.changeList(ctx, id, gone, nil); err != nil {
			return err
		}
		had -= n
	}
	for len(ids) > 0 {
		n := min(len(ids), idsMost)
		if err := s.changeList(ctx, id, nil, ids[:n]); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

// RenamePlaylist gives a playlist another name; its Ref stays.
func (s *Service) RenamePlaylist(ctx context.Context, p music.Ref, name string) (music.Ref, error) {
	op := "rename the playlist"
	if strings.TrimSpace(name) == "" {
		return p, &session.Fault{Kind: session.InvalidArgument, Account: s.id, Op: op, Err: errors.New("it needs a name")}
	}
	return p, s.updateList(ctx, p, op, url.Values{"name": {name}})
}

// DescribePlaylist changes a playlist's comment.
func (s *Service) DescribePlaylist(ctx context.Context, p music.Ref, text string) error {
	return s.updateList(ctx, p, "describe the playlist", url.Values{"comment": {text}})
}

// SetPublic lets all users of the server see a playlist, or nobody else.
func (s *Service) SetPublic(ctx context.Context, p music.Ref, public bool) error {
	return s.updateList(ctx, p, "publish the playlist", url.Values{"public": {strconv.FormatBool(public)}})
}

func (s *Service) updateList(ctx context.Context, p music.Ref, op string, v url.Values) error {
	v.Set("playlistId", p.ID)
	if _, err := s.tell(ctx, "updatePlaylist", v); err != nil {
		return s.fault(op, err)
	}
	s.tellChanged(p)
	return nil
}

// DeletePlaylist removes a playlist from the server.
func (s *Service) DeletePlaylist(ctx context.Context, p music.Ref) error {
	if _, err := s.tell(ctx, "deletePlaylist", url.Values{"id": {p.ID}}); err != nil {
		return s.fault("delete the playlist", err)
	}
	s.tellChanged(p)
	return nil
}

// tellChanged tells Watch's listener of a playlist and of the list of them.
func (s *Service) tellChanged(refs ...music.Ref) {
	s.mu.Lock()
	changed := s.changed
	s.mu.Unlock()
	if changed == nil {
		return
	}
	for _, r := range append(refs, s.section(music.SectionPlaylists)) {
		changed(r)
	}
}

// Published lists the public playlists of a user.
func (s *Service) Published(ctx context.Context, user string) ([]music.Playlist, error) {
	l := &look{Service: s}
	all, err := l.playlists(ctx)
	if err != nil {
		return nil, s.fault("list published playlists", err)
	}
	var public []music.Playlist
	for _, p := range all {
		if p.Public && (user == "" && s.mine(p.Owner) || strings.EqualFold(p.Owner, user)) {
			public = append(public, p)
		}
	}
	return public, nil
}

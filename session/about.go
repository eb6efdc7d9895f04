package session

import (
	"context"
	"errors"

	"segue/internal/music"
)

// Changes of what is said about a playlist. Their values stand in listStep.is and was.
const (
	listPublic   listOp = "public"   // "on" or "off"
	listDescribe listOp = "describe" // the text
)

// performAbout publishes or describes a playlist, or takes that back.
func (l *listStep) performAbout(ctx context.Context, a *account, back bool) error {
	value := l.is
	if back {
		value = l.was
	}
	switch {
	case l.op == listPublic && a.publisher != nil:
		return a.publisher.SetPublic(ctx, l.ref, value == string(On))
	case l.op == listDescribe && a.describer != nil:
		return a.describer.DescribePlaylist(ctx, l.ref, value)
	}
	return unable(a.id, "")
}

// aboutList changes what is said about a playlist; step says what, of how it is now.
func (s *Session) aboutList(ref music.Ref, op string, step func(now music.Playlist, l *listStep) (text string)) {
	s.changeList(ref.Account, op, func(ctx context.Context, a *account) (listWork, error) {
		it, err := itemOf(ctx, a, ref)
		if err != nil {
			return listWork{}, err
		}
		now, ok := it.(music.Playlist)
		if !ok {
			return listWork{}, &Fault{Kind: InvalidArgument, Err: errors.New("it is no playlist")}
		}
		l := listStep{ref: ref, name: now.Name}
		text := step(now, &l)
		return listWork{step: l, text: text}, nil
	})
}

func (s *Session) publishList(c PlaylistPublish) {
	s.aboutList(c.Playlist, "publish the playlist", func(now music.Playlist, l *listStep) string {
		l.op, l.was, l.is = listPublic, string(Off), string(Off)
		if now.Public {
			l.was = string(On)
		}
		if c.To.apply(now.Public) {
			l.is = string(On)
			return "made " + now.Name + " public"
		}
		return "made " + now.Name + " private"
	})
}

func (s *Session) describeList(c PlaylistDescribe) {
	s.aboutList(c.Playlist, "describe the playlist", func(now music.Playlist, l *listStep) string {
		l.op, l.was, l.is = listDescribe, now.Description, c.Text
		return "changed the description of " + now.Name
	})
}

// inboxPost sends tracks to somebody.
func (s *Session) inboxPost(c InboxPost) {
	answer := func(link string, err error) {
		s.emit(Shared{Ticket: c.Ticket, Link: link, Fault: faultOf(err, c.Account, shareOp(c))})
	}
	do, f := s.prepareShare(c)
	if f != nil {
		answer("", f)
		return
	}
	call(s, forAccount(c.Account), do, answer)
}

func shareOp(c InboxPost) string {
	if c.User == "" {
		return "share " + tracks(len(c.Tracks))
	}
	return "send " + tracks(len(c.Tracks)) + " to " + music.Clean(c.User)
}

func (s *Session) prepareShare(c InboxPost) (func(context.Context) (string, error), *Fault) {
	a, f := s.ready(c.Account, shareOp(c))
	switch {
	case f != nil:
		return nil, f
	case a.sharer == nil:
		return nil, unable(a.id, shareOp(c))
	case len(c.Tracks) == 0:
		return nil, &Fault{Kind: InvalidArgument, Account: a.id, Op: "share", Err: errors.New("there are no tracks to send")}
	}
	return func(ctx context.Context) (string, error) { return a.sharer.Share(ctx, c.User, c.Tracks, c.Message) }, nil
}

// Share sends tracks to somebody, or makes them reachable, and gives the link or file
// to give on (inbox_post_tracks); user "" = whoever gets the link.
func (s *Session) Share(ctx context.Context, id music.AccountID, user string, refs []music.Ref, message string) (string, error) {
	c := InboxPost{Account: id, User: user, Tracks: refs, Message: message}
	return ask(ctx, s, id, shareOp(c), func() (func(context.Context) (string, error), *Fault) { return s.prepareShare(c) })
}

// Starred loads the stars of a user of an account (get_starred); user "" = one's own.
// Of another user, where the account knows its own only, it is a NoSuchUser or
// PermissionDenied.
func (s *Session) Starred(ctx context.Context, id music.AccountID, user string, what music.Ask) (music.Page, error) {
	what.Of = music.Section(id, music.SectionStarred)
	if user == "" {
		return s.Page(ctx, what)
	}
	return askAccount(ctx, s, id, "open the starred tracks of "+music.Clean(user), func(ctx context.Context, a *account) (music.Page, error) {
		if a.starLister == nil {
			return music.Page{}, unable(a.id, "")
		}
		return a.starLister.Starred(ctx, user, what)
	})
}

// PublishedPlaylists lists the public playlists of a user (get_published_playlists);
// user "" = one's own.
func (s *Session) PublishedPlaylists(ctx context.Context, id music.AccountID, user string) ([]music.Playlist, error) {
	return askAccount(ctx, s, id, "list the public playlists", func(ctx context.Context, a *account) ([]music.Playlist, error) {
		if a.publisher == nil {
			return nil, unable(a.id, "")
		}
		return a.publisher.Published(ctx, user)
	})
}

// PlaylistContainer loads the tree of an account's playlists (playlist_container): what
// stands in it, each folder with what is in it behind it. Changes come as PlaylistChanged.
func (s *Session) PlaylistContainer(ctx context.Context, id music.AccountID) ([]PlaylistNode, error) {
	return askAccount(ctx, s, id, "list the playlists", func(ctx context.Context, a *account) ([]PlaylistNode, error) {
		return playlistTree(ctx, a, music.Section(a.id, music.SectionPlaylists), 0)
	})
}

// PlaylistNode is a row of the tree of playlists: a Playlist or a Folder of them.
type PlaylistNode struct {
	Depth    int // 0 = not in a folder
	Folder   *music.Folder
	Playlist *music.Playlist
}

// treeDepth bounds how deep folders of playlists nest.
const treeDepth = 20

func playlistTree(ctx context.Context, a *account, of music.Ref, depth int) ([]PlaylistNode, error) {
	var all []PlaylistNode
	for at := 0; ; {
		p, err := a.service.Children(ctx, music.Ask{Of: of, Offset: at})
		if err != nil {
			return all, err
		}
		for _, it := range p.Items {
			switch it := it.(type) {
			case music.Playlist:
				all = append(all, PlaylistNode{Depth: depth, Playlist: &it})
			case music.Folder:
				all = append(all, PlaylistNode{Depth: depth, Folder: &it})
				if depth >= treeDepth {
					continue
				}
				below, err := playlistTree(ctx, a, it.Ref, depth+1)
				if err != nil {
					return all, err
				}
				all = append(all, below...)
			}
		}
		at += len(p.Items)
		if len(p.Items) == 0 || at >= p.Total {
			return all, nil
		}
	}
}

package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"segue/internal/music"
	"segue/internal/rows"
	"segue/internal/service/local/index"
	"segue/internal/service/local/m3u"
	"segue/session"
)

// me is who the operating system says we are.
func me() music.User {
	u, err := user.Current()
	if err != nil {
		return music.User{Name: os.Getenv("USER")}
	}
	name, _, _ := strings.Cut(u.Name, ",") // behind it may stand a room and a telephone
	return music.User{Name: u.Username, Display: index.Clean(name)}
}

// own refuses the names of others: this account knows its own user.
func own(name, op string) error {
	if name == "" || name == me().Name {
		return nil
	}
	return &session.Fault{Kind: session.NoSuchUser, Account: music.Local, Op: op, Err: fmt.Errorf("there is no user %s in this library", index.Clean(name))}
}

// User tells of the user whose library it is; name "" = the same.
func (s *Service) User(_ context.Context, name string) (music.User, error) {
	if err := own(name, "look up the user "+index.Clean(name)); err != nil {
		return music.User{}, err
	}
	return me(), nil
}

// Starred is the starred tracks of the user; of another, NoSuchUser.
func (s *Service) Starred(ctx context.Context, name string, ask music.Ask) (music.Page, error) {
	if err := own(name, "open the starred tracks of "+index.Clean(name)); err != nil {
		return music.Page{}, err
	}
	ask.Of = section(music.SectionStarred)
	return s.Children(ctx, ask)
}

// Published lists the playlists that are marked public; of another user, NoSuchUser.
func (s *Service) Published(ctx context.Context, name string) ([]music.Playlist, error) {
	if err := own(name, "list the playlists of "+index.Clean(name)); err != nil {
		return nil, err
	}
	var all []music.Playlist
	for _, p := range s.allPlaylists(ctx) {
		if row := s.playlistRow(p); row.Public {
			all = append(all, row)
		}
	}
	return all, nil
}

// SetPublic marks a playlist as public, in a comment that other players pass over.
func (s *Service) SetPublic(_ context.Context, p music.Ref, public bool) error {
	return s.changeAbout(p, func(l *m3u.List) { l.SetPublic(public) })
}

// DescribePlaylist changes what is said of a playlist, in a comment like that.
func (s *Service) DescribePlaylist(_ context.Context, p music.Ref, text string) error {
	return s.changeAbout(p, func(l *m3u.List) { l.SetDescription(text) })
}

// cleanLines cleans a text line by line.
func cleanLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = index.Clean(l)
	}
	return strings.Join(lines, "\n")
}

// aboutTries is how often a change is tried again that another program has overtaken.
const aboutTries = 3

func (s *Service) changeAbout(p music.Ref, change func(*m3u.List)) error {
	var err error
	for range aboutTries {
		l, data, failed := s.forEdit(p)
		if failed != nil {
			return playlistFault("change", p.ID, failed)
		}
		change(l)
		if err = s.replace(p.ID, data, l.Bytes()); !errors.Is(err, errChanged) {
			break
		}
	}
	if errors.Is(err, errChanged) {
		return fault(session.Conflict, "change the playlist "+baseName(p.ID), err, "look at it again")
	}
	if err != nil {
		return playlistFault("change", p.ID, err)
	}
	return nil
}

// Share writes tracks into a playlist file to give on, with the message as its
// description, and answers with its path.
func (s *Service) Share(ctx context.Context, to string, tracks []music.Ref, message string) (string, error) {
	op := "share " + rows.Count(len(tracks), "track")
	if len(tracks) == 0 {
		return "", fault(session.InvalidArgument, "share", errors.New("there are no tracks to send"), "")
	}
	if s.cfg.DataDir == "" || s.cfg.ReadOnly {
		return "", fault(session.PermissionDenied, op, errors.New("there is no data folder that can be written"), "")
	}
	dir := filepath.Join(s.cfg.DataDir, "shared")
	name := "Shared"
	if to = index.Clean(to); to != "" {
		name = "For " + to
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fault(session.PermissionDenied, op, shortFile{err}, "")
	}
	l := m3u.New(name, "")
	l.SetDescription(message)
	l.Replace(s.entriesOf(ctx, "/", tracks)) // whole paths: it will lie elsewhere
	base, err := s.newPath(dir, strings.ReplaceAll(name, "/", "-")+" "+stamp(s.cfg.Now()))
	if err != nil {
		return "", fault(session.InvalidArgument, op, err, "")
	}
	path := base
	for i := 2; ; i++ {
		err = writeNew(path, l.Bytes())
		if err == nil {
			return path, nil
		}
		if !errors.Is(err, os.ErrExist) || i > 100 {
			return "", fault(session.OtherTransient, op, shortFile{err}, "")
		}
		path = fmt.Sprintf("%s %d%s", strings.TrimSuffix(base, playlistEnd), i, playlistEnd)
	}
}

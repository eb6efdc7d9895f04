package local

import (
	"context"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"segue/internal/music"
	"segue/internal/service/local/index"
	"segue/internal/tags"
	"segue/session"
)

// Resolve makes a track, a folder, a playlist or a stream of a path, a file: URL, an
// http(s) URL or a reference of this account. Text that only might be a path, and is
// none, is left to others.
func (s *Service) Resolve(ctx context.Context, text string) (music.Ref, bool, error) {
	text = strings.TrimRight(text, "\r\n")
	switch {
	case strings.HasPrefix(text, "segue:"):
		r, err := music.ParseRef(text)
		if err != nil {
			return music.Ref{}, true, fault(session.InvalidArgument, "open "+index.Clean(text), err, "")
		}
		return r, r.Account == music.Local, nil
	case isWords(strings.TrimSpace(text)), strings.HasPrefix(text, "https://open.spotify.com/local/"):
		return s.resolveWords(ctx, text)
	case isSpotify(text):
		return music.Ref{}, false, nil
	case isWeb(text):
		if u, err := url.Parse(text); err != nil || u.Host == "" {
			return music.Ref{}, true, fault(session.InvalidArgument, "open "+index.Clean(text), errors.New("it is no address"), "")
		}
		return music.Ref{Account: music.Local, Kind: music.KindStream, ID: text}, true, nil
	case strings.HasPrefix(strings.ToLower(text), "file:"):
		u, err := url.Parse(text)
		if err != nil || u.Path == "" || u.Host != "" && u.Host != "localhost" {
			return music.Ref{}, true, fault(session.InvalidArgument, "open "+index.Clean(text), errors.New("it is no file of this machine"), "")
		}
		return s.resolvePath(u.Path, true)
	}
	if rest, ok := strings.CutPrefix(text, "~"); ok && (rest == "" || rest[0] == '/') {
		if home, err := os.UserHomeDir(); err == nil {
			return s.resolvePath(filepath.Join(home, rest), true)
		}
	}
	certain := strings.HasPrefix(text, "/") || strings.HasPrefix(text, "./") || strings.HasPrefix(text, "../") || isPlaylist(text) || tags.IsAudio(text)
	return s.resolvePath(text, certain)
}

// resolveWords finds the file of a track in words, or else gives a placeholder.
func (s *Service) resolveWords(ctx context.Context, text string) (music.Ref, bool, error) {
	l, err := music.ParseLink(text)
	if err != nil {
		return music.Ref{}, true, fault(session.InvalidArgument, "open "+index.Clean(text), err, "")
	}
	t, err := s.LocalTrack(ctx, l.Local)
	return t.Ref, true, err
}

// isSpotify reports whether a text is a link to Spotify: it is no stream and no path.
func isSpotify(text string) bool {
	l, err := music.ParseLink(text)
	return err == nil && l.Ref.IsZero() && strings.HasPrefix(l.URI(), "spotify:") || strings.HasPrefix(strings.ToLower(text), "spotify:")
}

// resolvePath looks at a path. certain says that the text can be nothing else.
func (s *Service) resolvePath(p string, certain bool) (music.Ref, bool, error) {
	if p == "" {
		return music.Ref{}, false, nil
	}
	op := "open " + index.Clean(p)
	abs, err := filepath.Abs(p)
	if err != nil {
		return music.Ref{}, certain, fault(session.InvalidArgument, op, err, "")
	}
	st, err := os.Stat(abs)
	switch {
	case err != nil && !certain:
		return music.Ref{}, false, nil
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, unix.ENOTDIR):
		return music.Ref{}, true, fault(session.OtherPermanent, op, errors.New("it is not there"), "")
	case err != nil:
		return music.Ref{}, true, fault(session.PermissionDenied, op, shortFile{err}, "")
	case st.IsDir():
		return folderRef(abs), true, nil
	case !st.Mode().IsRegular(): // a pipe that nobody writes to would hold us up for ever
	case isPlaylist(abs):
		return playlistRef(abs), true, nil
	default:
		return trackRef(abs), true, nil
	}
	return music.Ref{}, true, fault(session.InvalidArgument, op, errors.New("it is neither a file nor a folder"), "")
}

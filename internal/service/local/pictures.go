package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"

	"segue/internal/lrc"
	"segue/internal/music"
	"segue/internal/sampler"
	"segue/internal/service/local/index"
	"segue/internal/tags"
	"segue/session"
)

// maxPicture and maxLyrics bound what is read of a file beside the music.
const (
	maxPicture = 32 << 20
	maxLyrics  = 1 << 20
)

// coverNames are the pictures that are looked for beside music, the best first.
var coverNames = [...]string{"cover", "front", "folder", "album", "albumart"}

// Image gives the picture of a track, an album, an artist, a playlist or a folder: the
// one in the file, else the one beside it.
func (s *Service) Image(ctx context.Context, of music.Ref, _ int) (music.Image, error) {
	img := music.Image{Of: of}
	if of == samplerRef || of == section(music.SectionSampler) || of.Kind == music.KindTrack && strings.HasPrefix(of.ID, samplerPrefix) {
		img.MIME, img.Data = sampler.Cover()
		return img, nil
	}
	files, err := s.pictureFiles(ctx, of)
	if err != nil {
		return img, fault(session.OtherTransient, "find a picture", err, "")
	}
	for _, f := range files {
		if err := ctx.Err(); err != nil {
			return img, fault(session.Cancelled, "find a picture", err, "")
		}
		if img.MIME, img.Data = picture(f); img.Data != nil {
			return img, nil
		}
	}
	if of.Kind == music.KindFolder {
		img.MIME, img.Data = beside(of.ID)
	}
	return img, nil
}

func section(id string) music.Ref { return music.Section(music.Local, id) }

// fewFiles is in how many tracks of an album a picture is looked for.
const fewFiles = 4

// pictureFiles are the files that may have the picture of a thing.
func (s *Service) pictureFiles(ctx context.Context, of music.Ref) ([]string, error) {
	switch of.Kind {
	case music.KindTrack:
		return []string{of.ID}, nil
	case music.KindPlaylist:
		refs, err := s.playlistRefs(ctx, music.Ask{Of: of})
		return localFiles(refs), err
	case music.KindAlbum, music.KindArtist:
		refs, err := s.refs(ctx, music.Ask{Of: of})
		return localFiles(refs), err
	case music.KindFolder, music.KindGenre, music.KindYear, music.KindSection, music.KindStream, music.KindSearch:
	}
	return nil, nil
}

func localFiles(refs []music.Ref) []string {
	var files []string
	for _, r := range refs {
		if r.Account == music.Local && r.Kind == music.KindTrack && !strings.HasPrefix(r.ID, samplerPrefix) && len(files) < fewFiles {
			files = append(files, r.ID)
		}
	}
	return files
}

// picture is what is in a file, else what lies beside it.
func picture(id string) (string, []byte) {
	file, _, _ := strings.Cut(id, "\x00")
	mime, data, err := tags.Cover(file)
	if err == nil && len(data) > 0 && len(data) <= maxPicture {
		return mime, data
	}
	return beside(filepath.Dir(file))
}

// beside finds a folder's picture by its name, in any case.
func beside(dir string) (string, []byte) {
	list, err := os.ReadDir(dir)
	if err != nil {
		return "", nil
	}
	best, rank := "", len(coverNames)
	for _, e := range list {
		name := strings.ToLower(e.Name())
		switch path.Ext(name) {
		case ".jpg", ".jpeg", ".png", ".webp", ".gif":
		default:
			continue
		}
		for i, want := range coverNames {
			if strings.TrimSuffix(name, path.Ext(name)) == want && i < rank {
				best, rank = e.Name(), i
			}
		}
	}
	if best == "" {
		return "", nil
	}
	data, err := readSmall(filepath.Join(dir, best), maxPicture)
	if err != nil {
		return "", nil
	}
	return http.DetectContentType(data), data
}

// readSmall reads a regular file that is no larger than limit.
func readSmall(name string, limit int64) ([]byte, error) {
	st, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() || st.Size() > limit {
		return nil, fmt.Errorf("%s is too large", index.Clean(name))
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, limit))
}

// Lyrics gives the words of a track: from a .lrc file beside it, else from its tags.
func (s *Service) Lyrics(_ context.Context, t music.Ref) (music.Lyrics, error) {
	l := music.Lyrics{Track: t}
	if t.Kind != music.KindTrack || t.Account != music.Local {
		return l, nil
	}
	if name, ok := strings.CutPrefix(t.ID, samplerPrefix); ok {
		data, err := fs.ReadFile(sampler.FS(), strings.TrimSuffix(name, path.Ext(name))+".lrc")
		if err == nil {
			l.Lines, l.Synced = lrc.Lines(tags.Text(data))
			l.Source = "file"
		}
		return l, nil
	}
	file, _, isPart := strings.Cut(t.ID, "\x00")
	if text, ok := lyricsFile(file); ok && !isPart {
		if l.Lines, l.Synced = lrc.Lines(text); len(l.Lines) > 0 {
			l.Source = "file"
			return l, nil
		}
	}
	tg, err := tags.Read(file)
	if tg.Lyrics != "" && !isPart {
		l.Lines, l.Synced = lrc.Lines(tg.Lyrics)
		l.Source = "tags"
		return l, nil
	}
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return l, fault(session.OtherPermanent, "read the lyrics of "+baseName(file), shortFile{err}, "")
	}
	return l, nil
}

// lyricsFile is the text of the .lrc file of the same stem, in any case.
func lyricsFile(file string) (string, bool) {
	stem := strings.TrimSuffix(file, filepath.Ext(file))
	for _, ext := range [...]string{".lrc", ".LRC", ".Lrc"} {
		data, err := readSmall(stem+ext, maxLyrics)
		if err == nil {
			return tags.Text(data), true
		}
	}
	return "", false
}

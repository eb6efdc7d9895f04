package local

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"segue/internal/music"
	"segue/internal/service/local/index"
	"segue/internal/service/local/m3u"
)

// entryItems are entries as rows, one for each: tracks, streams or playlists.
func (s *Service) entryItems(ctx context.Context, path string, entries []m3u.Entry) ([]music.Item, error) {
	refs := make([]music.Ref, len(entries))
	for i, e := range entries {
		refs[i] = entryRef(path, e)
	}
	tracks, err := s.Tracks(ctx, refs)
	if err != nil {
		return nil, err
	}
	items := make([]music.Item, len(entries))
	for i, e := range entries {
		t := tracks[i]
		if refs[i].Kind == music.KindPlaylist {
			items[i] = s.playlistRow(refs[i].ID)
			continue
		}
		// What the playlist says of a track that nobody else knows.
		foreign := refs[i].Account != music.Local
		if foreign {
			t.Unplayable = ""
		}
		if (foreign || t.Unplayable != "" || refs[i].Kind == music.KindStream) && e.Title != "" {
			t.Title = index.Clean(e.Title)
			if artist, title, ok := strings.Cut(t.Title, " - "); ok {
				t.Artists, t.Title = []string{artist}, title
			}
			t.Duration = e.Length
		}
		items[i] = t
	}
	return items, nil
}

// entryRef is what an entry of a playlist names.
func entryRef(list string, e m3u.Entry) music.Ref {
	loc := e.Location
	switch {
	case strings.HasPrefix(loc, "segue:"):
		if r, err := music.ParseRef(loc); err == nil {
			return r
		}
	case isWords(loc):
		return trackRef(loc)
	case isWeb(loc):
		return music.Ref{Account: music.Local, Kind: music.KindStream, ID: loc}
	case strings.HasPrefix(strings.ToLower(loc), "file:"):
		if u, err := url.Parse(loc); err == nil && u.Path != "" {
			loc = u.Path
		}
	}
	p := locate(filepath.Dir(list), loc, e.Decoded)
	if isPlaylist(p) {
		return playlistRef(p)
	}
	return trackRef(p)
}

func isWeb(s string) bool {
	l := strings.ToLower(s[:min(len(s), 8)])
	return strings.HasPrefix(l, "http://") || strings.HasPrefix(l, "https://")
}

// locate makes an absolute path of a playlist's line, which decoded has as text where it
// is in an encoding of old. Backslashes, and names that were written in such an encoding,
// are understood where the plain path is not there.
func locate(dir, loc, decoded string) string {
	abs := func(p string) string {
		file, part, cut := strings.Cut(p, "#segue-part=")
		if !filepath.IsAbs(file) {
			file = filepath.Join(dir, file)
		}
		file = filepath.Clean(file)
		if cut {
			file += "\x00" + part
		}
		return file
	}
	there := func(p string) bool {
		file, _, _ := strings.Cut(p, "\x00")
		_, err := os.Lstat(file)
		return err == nil
	}
	p := abs(loc)
	if there(p) {
		return p
	}
	tries := []string{decoded, latin1(loc)}
	for _, t := range [...]string{loc, decoded, latin1(loc)} {
		if strings.Contains(t, `\`) {
			tries = append(tries, strings.ReplaceAll(t, `\`, "/"))
		}
	}
	if strings.Contains(loc, "%") {
		if u, err := url.PathUnescape(loc); err == nil {
			tries = append(tries, u)
		}
	}
	for _, t := range tries {
		if q := abs(t); t != "" && there(q) {
			return q
		}
	}
	return p
}

// latin1 reads bytes as Latin-1, empty where they are ASCII.
func latin1(s string) string {
	runes := make([]rune, 0, len(s))
	plain := true
	for i := range len(s) {
		runes = append(runes, rune(s[i]))
		plain = plain && s[i] < 0x80
	}
	if plain {
		return ""
	}
	return string(runes)
}

// playlistRefs are the tracks of a playlist and of those that it names. A playlist
// that leads back to itself is followed once.
func (s *Service) playlistRefs(ctx context.Context, ask music.Ask) ([]music.Ref, error) {
	l, _, err := readPlaylist(ask.Of.ID)
	if err != nil {
		return nil, playlistFault("open", ask.Of.ID, err)
	}
	if l.Query() != "" {
		ask.Of = music.Section(music.Local, music.SectionSearch+"/"+searchTracks)
		ask.Filter = both(l.Query(), ask.Filter)
		return s.searchTrackRefs(ctx, ask)
	}
	if ask.Filter != "" || ask.Sort != music.SortDefault {
		return s.filteredRefs(ctx, unlimited(ask))
	}
	var refs []music.Ref
	seen := map[string]bool{ask.Of.ID: true}
	var add func(path string, l *m3u.List)
	add = func(path string, l *m3u.List) {
		for _, e := range l.Entries() {
			r := entryRef(path, e)
			if r.Kind != music.KindPlaylist {
				refs = append(refs, r)
				continue
			}
			if seen[r.ID] || ctx.Err() != nil {
				continue
			}
			seen[r.ID] = true
			if below, _, err := readPlaylist(r.ID); err == nil && below.Query() == "" {
				add(r.ID, below)
			}
		}
	}
	add(ask.Of.ID, l)
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("read the playlist: %w", err)
	}
	return refs, nil
}

package subsonic

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"segue/internal/music"
	"segue/internal/rows"
	"segue/internal/service/subsonic/wire"
	"segue/session"
)

func (s *Service) badQuery(filter string, err error) error {
	return &session.Fault{Kind: session.InvalidArgument, Account: s.id, Op: "search for " + music.Clean(filter), Err: err}
}

// search3 asks for a window of one type. Some servers tell "ü" from "Ü": where nothing is
// found, words with such letters are looked for once more as they stand in titles.
func (l *look) search3(ctx context.Context, words, of string, offset, limit int) (*wire.Reply, error) {
	reply, err := l.search(ctx, words, of, offset, limit)
	other := capitals(words)
	if err != nil || other == words || !foundNothing(reply) {
		return reply, err
	}
	return l.search(ctx, other, of, offset, limit)
}

func foundNothing(r *wire.Reply) bool {
	f := r.SearchResult.Value
	return len(f.Artists)+len(f.Albums)+len(f.Songs) == 0
}

// capitals begins each word that has letters beyond ASCII with a capital.
func capitals(words string) string {
	parts := strings.Fields(words)
	for i, w := range parts {
		first, n := utf8.DecodeRuneInString(w)
		if strings.ContainsFunc(w, func(r rune) bool { return r > unicode.MaxASCII }) {
			parts[i] = string(unicode.ToUpper(first)) + w[n:]
		}
	}
	return strings.Join(parts, " ")
}

func (l *look) search(ctx context.Context, words, of string, offset, limit int) (*wire.Reply, error) {
	p := url.Values{"query": {words}, "artistCount": {"0"}, "albumCount": {"0"}, "songCount": {"0"}}
	p.Set(of+"Count", strconv.Itoa(limit))
	p.Set(of+"Offset", strconv.Itoa(max(offset, 0)))
	return l.ask(ctx, "search3", p)
}

// few is how many artists, albums and playlists stand above the tracks in a search of everything.
const few = 3

func (l *look) searchPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	page := music.Page{Title: "Search", Subtitle: music.Clean(ask.Filter)}
	if strings.TrimSpace(ask.Filter) == "" {
		page.Note = "type to search"
		return page, nil
	}
	kind := strings.TrimPrefix(strings.TrimPrefix(ask.Of.ID, music.SectionSearch), "/")
	var err error
	switch kind {
	case "tracks":
		page, err = l.foundTracks(ctx, page, ask)
	case "albums":
		page, err = l.foundAlbums(ctx, page, ask)
	case "artists":
		page, err = l.foundArtists(ctx, page, ask)
	case "playlists":
		page, err = l.foundPlaylists(ctx, page, ask)
	case "":
		page, err = l.foundAll(ctx, page, ask)
	default:
		return music.Page{}, l.unknown(ask.Of)
	}
	if err == nil && page.Total == 0 {
		page.Note = "nothing is called " + music.Clean(ask.Filter)
	}
	return page, err
}

func (l *look) foundAll(ctx context.Context, page music.Page, ask music.Ask) (music.Page, error) {
	head := ask
	head.Offset, head.Limit, head.Sort = 0, few, music.SortDefault
	var items []music.Item
	for _, find := range []func(context.Context, music.Page, music.Ask) (music.Page, error){l.foundArtists, l.foundAlbums, l.foundPlaylists} {
		got, err := find(ctx, music.Page{}, head)
		if err != nil {
			return page, err
		}
		items = append(items, got.Items[:min(few, len(got.Items))]...)
	}
	tracks := ask
	tracks.Offset = max(0, ask.Offset-len(items))
	got, err := l.foundTracks(ctx, music.Page{}, tracks)
	if err != nil {
		return page, err
	}
	if from := min(max(ask.Offset, 0), len(items)); from < len(items) {
		page.Items = append(page.Items, items[from:]...)
	}
	page.Items = append(page.Items, got.Items...)
	page.Items = page.Items[:min(len(page.Items), rows.Limit(ask))]
	page.Total = got.Total
	if got.Total >= 0 {
		page.Total += len(items)
	}
	return page, nil
}

func (l *look) foundArtists(ctx context.Context, page music.Page, ask music.Ask) (music.Page, error) {
	words, exact, err := l.words(ask.Filter)
	if err != nil {
		return page, err
	}
	if !exact || ask.Sort != music.SortDefault {
		ask.Of = l.section(music.SectionArtists)
		return l.artistsPage(ctx, ask)
	}
	reply, err := l.search3(ctx, words, "artist", ask.Offset, rows.Limit(ask))
	if err != nil {
		return page, err
	}
	got := reply.SearchResult.Value.Artists
	page.Items, page.Total = l.artistItems(got), openEnd(ask, len(got))
	return page, nil
}

func (l *look) foundPlaylists(ctx context.Context, page music.Page, ask music.Ask) (music.Page, error) {
	got, err := l.playlistsPage(ctx, ask)
	page.Items, page.Total = got.Items, got.Total
	return page, err
}

// tracksPage is all tracks of the server, a window at a time.
func (l *look) tracksPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	page := music.Page{Title: "Tracks", Sorts: []music.Sort{music.SortDefault}}
	if strings.TrimSpace(ask.Filter) != "" {
		return l.foundTracks(ctx, page, ask)
	}
	songs, total, err := windowOf(ask, func(n int) ([]wire.Song, error) { return l.foundSongs(ctx, "", n*pageSize, pageSize) })
	if err != nil {
		return page, err
	}
	tracks, err := l.learn(ctx, songs)
	for _, t := range tracks {
		page.Items = append(page.Items, t)
	}
	page.Total = total
	if page.Total == 0 {
		page.Note = "the server lists no tracks without a search: browse albums, artists or folders"
	}
	return page, err
}

// Suggest completes what is typed from names that the server finds.
func (s *Service) Suggest(ctx context.Context, text string, limit int) ([]string, error) {
	l := &look{Service: s}
	reply, err := l.ask(ctx, "search3", url.Values{"query": {strings.TrimSpace(text)}, "artistCount": {strconv.Itoa(limit)},
		"albumCount": {strconv.Itoa(limit)}, "songCount": {strconv.Itoa(limit)}})
	if err != nil {
		return nil, s.fault("suggest", err)
	}
	found := reply.SearchResult.Value
	var texts []string
	seen := map[string]bool{}
	add := func(name wire.Text) {
		if low := strings.ToLower(string(name)); name != "" && !seen[low] && len(texts) < limit {
			seen[low] = true
			texts = append(texts, string(name))
		}
	}
	for _, a := range found.Artists {
		add(a.Name)
	}
	for _, a := range found.Albums {
		add(a.Name)
	}
	for _, t := range found.Songs {
		add(t.Title)
	}
	return texts, nil
}

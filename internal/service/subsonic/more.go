package subsonic

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"segue/internal/music"
	"segue/internal/rows"
	"segue/internal/service/store"
	"segue/internal/service/subsonic/wire"
	"segue/session"
)

// stations are the server's internet radio stations: streams that the account local plays.
func (l *look) stations(ctx context.Context) (music.Page, []music.Track, error) {
	page := music.Page{Title: "Internet radio"}
	reply, err := l.ask(ctx, "getInternetRadioStations", nil)
	if err != nil {
		return page, nil, err
	}
	var tracks []music.Track
	for _, w := range reply.Stations.Value.Stations {
		if !strings.HasPrefix(string(w.StreamURL), "http://") && !strings.HasPrefix(string(w.StreamURL), "https://") {
			continue
		}
		title := string(w.Name)
		if title == "" {
			title = music.Clean(string(w.StreamURL))
		}
		tracks = append(tracks, music.Track{Ref: music.Ref{Account: music.Local, Kind: music.KindStream, ID: string(w.StreamURL)},
			Title: title, Path: music.Clean(string(w.StreamURL))})
	}
	if len(tracks) == 0 {
		page.Note = "the server has no stations"
	}
	return page, tracks, nil
}

// listeners are what others (and oneself elsewhere) listen to.
func (l *look) listeners(ctx context.Context) (music.Page, []music.Track, error) {
	page := music.Page{Title: "Playing now"}
	reply, err := l.ask(ctx, "getNowPlaying", nil)
	if err != nil {
		return page, nil, err
	}
	entries := reply.NowPlaying.Value.Entries
	var who []string
	for _, e := range entries {
		ago := ""
		if e.MinutesAgo > 0 {
			ago = fmt.Sprintf(" (%d min ago)", e.MinutesAgo)
		}
		who = append(who, fmt.Sprintf("%s: %s%s", e.Username, e.Title, ago))
	}
	page.Subtitle = music.Clean(strings.Join(who, ", "))
	if len(entries) == 0 {
		page.Note = "nobody listens to this server now"
	}
	tracks, err := l.learn(ctx, entries)
	return page, tracks, err
}

// podcastsPage lists the channels that the server follows.
func (l *look) podcastsPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	page := music.Page{Title: "Podcasts"}
	reply, err := l.ask(ctx, "getPodcasts", url.Values{"includeEpisodes": {"false"}})
	if err != nil {
		return page, err
	}
	var items []music.Item
	for _, c := range reply.Podcasts.Value.Channels {
		if c.ID == "" {
			continue
		}
		name := c.Title
		if name == "" {
			name = wire.Text(music.Clean(string(c.URL)))
		}
		r := l.ref(kindPodcast, c.ID)
		l.cover(r, c.CoverArt)
		items = append(items, music.Folder{Ref: r, Name: string(name), Detail: string(c.Why), Count: -1})
	}
	if len(items) == 0 {
		page.Note = "the server follows no podcasts"
	}
	return rows.Cut(page, rows.Filter(items, ask.Filter), ask), nil
}

func (l *look) channel(ctx context.Context, id string) (music.Page, []music.Track, error) {
	page := music.Page{Title: "Podcast"}
	reply, err := l.ask(ctx, "getPodcasts", url.Values{"id": {id}, "includeEpisodes": {"true"}})
	if err != nil {
		return page, nil, err
	}
	for _, c := range reply.Podcasts.Value.Channels {
		if string(c.ID) != id {
			continue
		}
		page.Title = string(c.Title)
		tracks, err := l.episodes(ctx, c)
		return page, tracks, err
	}
	return page, nil, errors.New("the server follows it no more")
}

// episodes are tracks; those that the server has not fetched cannot be played.
func (l *look) episodes(ctx context.Context, c wire.Channel) ([]music.Track, error) {
	var kept []store.Song
	var tracks []music.Track
	for _, e := range c.Episodes {
		x, ok := l.song(e.Song)
		if !ok {
			continue
		}
		x.Stream = string(e.StreamID)
		if x.Track.Album == "" {
			x.Track.Album = string(c.Title)
		}
		if len(x.Track.Artists) == 0 && c.Title != "" {
			x.Track.Artists = []string{string(c.Title)}
		}
		if !e.PublishDate.IsZero() {
			x.Track.Date, x.Track.Year = e.PublishDate.Format(time.DateOnly), e.PublishDate.Year()
		}
		if e.Status != "completed" && e.Status != "" {
			x.Track.Unplayable = "the server has not fetched it (" + string(e.Status) + ")"
		}
		kept, tracks = append(kept, x), append(tracks, x.Track)
	}
	db, err := l.store(ctx)
	if err != nil {
		return tracks, err
	}
	l.remember(ctx, db, kept...)
	return tracks, nil
}

func (l *look) podcastPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	page, tracks, err := l.channel(ctx, ask.Of.ID)
	if err != nil {
		return page, err
	}
	return trackPage(page, tracks, ask), nil
}

func (l *look) podcastTracks(ctx context.Context, id string) ([]music.Track, error) {
	_, tracks, err := l.channel(ctx, id)
	return tracks, err
}

func (l *look) sharesPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	page := music.Page{Title: "Shares"}
	reply, err := l.ask(ctx, "getShares", nil)
	if err != nil {
		return page, err
	}
	var items []music.Item
	for _, w := range reply.Shares.Value.Shares {
		if w.ID == "" {
			continue
		}
		name := string(w.Description)
		if name == "" && len(w.Entries) > 0 {
			name = string(w.Entries[0].Title)
		}
		items = append(items, music.Folder{Ref: l.ref(kindShare, w.ID), Name: name, Count: len(w.Entries),
			Detail: rows.Subtitle(music.Clean(string(w.URL)), rows.Count(small(w.Visits), "visit"))})
	}
	if len(items) == 0 {
		page.Note = "nothing is shared"
	}
	return rows.Cut(page, rows.Filter(items, ask.Filter), ask), nil
}

func (l *look) wholeShare(ctx context.Context, id string) (music.Page, []music.Track, error) {
	page := music.Page{Title: "Share"}
	reply, err := l.ask(ctx, "getShares", nil)
	if err != nil {
		return page, nil, err
	}
	for _, w := range reply.Shares.Value.Shares {
		if string(w.ID) == id {
			page.Title, page.Subtitle = string(w.Description), music.Clean(string(w.URL))
			tracks, err := l.learn(ctx, w.Entries)
			return page, tracks, err
		}
	}
	return page, nil, errors.New("it is shared no more")
}

// Share makes tracks reachable for everybody who has the link.
func (s *Service) Share(ctx context.Context, user string, tracks []music.Ref, message string) (string, error) {
	op := "share"
	if user != "" {
		message = strings.TrimSpace("For " + user + ". " + message)
	}
	if len(tracks) == 0 {
		return "", &session.Fault{Kind: session.InvalidArgument, Account: s.id, Op: op, Err: errors.New("there is nothing to share")}
	}
	if s.lacks("createShare") {
		return "", s.cannot(op)
	}
	ids, err := s.songIDs(op, tracks)
	if err != nil {
		return "", err
	}
	reply, err := s.tell(ctx, "createShare", url.Values{"id": ids, "description": {message}})
	if err != nil {
		return "", s.fault(op, err)
	}
	for _, w := range reply.Shares.Value.Shares {
		if w.URL != "" {
			return string(w.URL), nil
		}
	}
	return "", s.fault(op, errors.New("the server gives no link"))
}

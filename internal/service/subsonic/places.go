package subsonic

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"segue/internal/music"
	"segue/internal/rows"
	"segue/internal/service/subsonic/server"
	"segue/internal/service/subsonic/wire"
	"segue/session"
)

func (l *look) bookmarks(ctx context.Context) (music.Page, []music.Track, error) {
	page := music.Page{Title: "Bookmarks"}
	reply, err := l.ask(ctx, "getBookmarks", nil)
	if err != nil {
		return page, nil, err
	}
	var songs []wire.Song
	var places []string
	at := map[string]time.Duration{}
	for _, b := range reply.Bookmarks.Value.Bookmarks {
		if !b.Entry.Set {
			continue
		}
		place := time.Duration(max(b.Position, 0)) * time.Millisecond
		songs = append(songs, b.Entry.Value)
		places = append(places, fmt.Sprintf("%s at %s", b.Entry.Value.Title, rows.Clock(place)))
		at[string(b.Entry.Value.ID)] = place
	}
	tracks, err := l.learn(ctx, songs)
	for i := range tracks {
		tracks[i].At = at[tracks[i].Ref.ID]
	}
	page.Subtitle = music.Clean(strings.Join(places, ", "))
	if len(tracks) == 0 {
		page.Note = "there are no bookmarks on the server"
	}
	return page, tracks, err
}

// byIndex is the extension of servers that know which row of a queue is the current one,
// where a track is in it twice.
const byIndex = "indexBasedQueue"

// queueLeft asks for the queue that was left; index is the current row.
func (l *look) queueLeft(ctx context.Context) (q wire.PlayQueue, index int, err error) {
	indexed := l.srv.About().Has(byIndex)
	method := "getPlayQueue"
	if indexed {
		method = "getPlayQueueByIndex"
	}
	reply, err := l.ask(ctx, method, nil)
	var w *wire.Error
	if errors.As(err, &w) && w.Code == wire.CodeNotFound {
		return q, 0, nil // gonic, before the first one was left
	}
	if err != nil {
		return q, 0, err
	}
	if indexed {
		q = reply.QueueByIndex.Value
		return q, int(min(max(q.Index, 0), wire.Int(max(len(q.Entries)-1, 0)))), nil
	}
	q = reply.PlayQueue.Value
	for i, e := range q.Entries {
		if e.ID == q.Current {
			return q, i, nil
		}
	}
	return q, 0, nil
}

// savedQueue is the queue that was left on the server, here or elsewhere.
func (l *look) savedQueue(ctx context.Context) (music.Page, []music.Track, error) {
	page := music.Page{Title: "Queue on the server"}
	q, _, err := l.queueLeft(ctx)
	if err != nil {
		return page, nil, err
	}
	tracks, err := l.learn(ctx, q.Entries)
	if len(tracks) == 0 {
		page.Note = "no queue was left on the server"
		return page, nil, err
	}
	by, when := "", ""
	if q.ChangedBy != "" {
		by = "by " + string(q.ChangedBy)
	}
	if !q.Changed.IsZero() {
		when = q.Changed.Local().Format("2006-01-02 15:04")
	}
	page.Subtitle = rows.Subtitle(by, when, counted(len(tracks), tracks))
	return page, tracks, err
}

// LoadQueue gives the queue that was left on the server; nil where there is none.
func (s *Service) LoadQueue(ctx context.Context) (*session.KeptQueue, error) {
	op := "load the queue"
	if s.lacks("getPlayQueue") {
		return nil, s.cannot(op)
	}
	l := &look{Service: s}
	q, index, err := l.queueLeft(ctx)
	if err != nil {
		return nil, s.fault(op, err)
	}
	tracks, err := s.learn(ctx, q.Entries)
	if err != nil || len(tracks) == 0 {
		return nil, s.fault(op, err)
	}
	out := &session.KeptQueue{Of: s.section(sectionSaved), Position: time.Duration(max(q.Position, 0)) * time.Millisecond,
		Changed: q.Changed.Time, By: string(q.ChangedBy), Own: string(q.ChangedBy) == server.Client}
	var current wire.ID
	if index < len(q.Entries) {
		current = q.Entries[index].ID
	}
	for i, t := range tracks { // rows that are no tracks are left out: the index may be another
		out.Tracks = append(out.Tracks, t.Ref)
		if t.Ref.ID == string(current) && i <= index {
			out.Index = i
		}
	}
	return out, nil
}

// queueMost is how many tracks of a queue are left on a server.
const queueMost = 1000

// SaveQueue leaves the queue on the server: its own tracks, around the current one where
// there are too many. Where the server cannot keep one nothing happens.
func (s *Service) SaveQueue(ctx context.Context, tracks []music.Ref, index int, at time.Duration) error {
	if s.lacks("savePlayQueue") || s.thoughtAway() != nil {
		return nil
	}
	most := queueMost
	if !s.srv.About().Has("formPost") {
		most = idsMost // they go into an address
	}
	from := max(0, min(index-most/10, len(tracks)-most))
	v := url.Values{}
	method, key := "savePlayQueue", "current"
	if s.srv.About().Has(byIndex) {
		method, key = "savePlayQueueByIndex", "currentIndex"
	}
	for i, r := range tracks {
		if r.Account != s.id || r.Kind != music.KindTrack || i < from || len(v["id"]) >= most {
			continue
		}
		if i == index {
			v.Set(key, r.ID)
			if key == "currentIndex" {
				v.Set(key, strconv.Itoa(len(v["id"])))
			}
			v.Set("position", strconv.FormatInt(at.Milliseconds(), 10))
		}
		v.Add("id", r.ID)
	}
	_, err := s.srv.Tell(ctx, method, v)
	s.heardOf(err)
	if unreachable(err) {
		return nil // it is saved again soon
	}
	return s.fault("save the queue", err)
}

// Bookmark keeps a place in a track on the server; 0 removes it.
func (s *Service) Bookmark(ctx context.Context, t music.Ref, at time.Duration) error {
	op := "set a bookmark"
	if s.lacks("getBookmarks") {
		return s.cannot(op)
	}
	if t.Kind != music.KindTrack {
		return &session.Fault{Kind: session.InvalidArgument, Account: s.id, Op: op, Err: errors.New("only tracks of the server can have one")}
	}
	method, v := "createBookmark", url.Values{"id": {t.ID}, "position": {strconv.FormatInt(at.Milliseconds(), 10)}}
	if at <= 0 {
		method, v = "deleteBookmark", url.Values{"id": {t.ID}}
	}
	if _, err := s.tell(ctx, method, v); err != nil {
		return s.fault(op, err)
	}
	s.mu.Lock()
	changed := s.changed
	s.mu.Unlock()
	if changed != nil {
		changed(s.section(sectionBookmarks))
	}
	return nil
}

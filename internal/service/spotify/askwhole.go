package spotify

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"segue/internal/music"
)

// listMost is how many rows of a list are ever looked at.
const listMost = 100_000

// whole is a list from its start to its end. What was put together before is taken as
// long as the list is as it was; else all of it is asked for, for pages on disk may be of
// different days.
func (l *look) whole(ctx context.Context, sh shelf) ([]music.Item, error) {
	mark := ""
	if sh.mark != nil {
		mark = sh.mark(ctx)
	} else {
		head, err := l.page(ctx, sh, 0, sh.fresh)
		if err != nil {
			return nil, err
		}
		if mark = markOf(head); head.next < 0 {
			return head.items, nil
		}
		if items, ok := l.grownWhole(sh, head); ok {
			return items, nil
		}
	}
	if items, ok := l.keptWhole(ctx, sh, mark); ok {
		return items, nil
	}
	head, err := l.page(ctx, sh, 0, askNow)
	if err != nil {
		return nil, err
	}
	if sh.mark == nil {
		mark = markOf(head)
	}
	end := listMost
	if head.total >= 0 {
		end = min(end, head.total)
	}
	if sh.last > 0 {
		end = min(end, sh.last)
	}
	few := l.patience > 0 && end > l.patience && head.total >= 0
	if few {
		end = l.patience
	}
	more, err := l.rest(ctx, sh, 1, (end+sh.most-1)/sh.most, head, askNow)
	items := append(head.items, more...)
	if err != nil {
		return items, err
	}
	if few {
		l.partly(end, head.total)
		l.errands.readWhole(sh.of)
		return items, nil
	}
	if _, why := l.age(); why == nil {
		l.wholes.put(sh.of, mark, items)
		l.storeWhole(ctx, sh.of, mark, items)
	}
	return items, nil
}

// grownWhole is a list that has got rows at its start since it was put together.
func (l *look) grownWhole(sh shelf, head part) ([]music.Item, bool) {
	old, ok := l.wholes.last(sh.of)
	if !ok {
		return nil, false
	}
	items, ok := grown(old, head)
	if ok {
		l.wholes.put(sh.of, markOf(head), items)
	}
	return items, ok
}

// keptWhole is a list as it was put together before, in this run or an earlier one.
func (l *look) keptWhole(ctx context.Context, sh shelf, mark string) ([]music.Item, bool) {
	if items, ok := l.wholes.get(sh.of, mark); ok {
		return items, true
	}
	items, ok := l.storedWhole(ctx, sh.of, mark)
	if ok {
		l.wholes.put(sh.of, mark, items)
	}
	return items, ok
}

// wholesMost is how many lists are kept in memory as a whole.
const wholesMost = 6

// wholes are lists that were put together lately, by what they are of.
type wholes struct {
	mu  sync.Mutex
	all []wholeList // newest last
}

type wholeList struct {
	of    music.Ref
	mark  string
	items []music.Item
}

// get gives a list as it is under a mark. The items are the callers' to change.
func (w *wholes) get(of music.Ref, mark string) ([]music.Item, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, x := range w.all {
		if x.of == of && x.mark == mark && mark != "" {
			return slices.Clone(x.items), true
		}
	}
	return nil, false
}

// last gives a list as it was put together last, under any mark.
func (w *wholes) last(of music.Ref) ([]music.Item, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, x := range w.all {
		if x.of == of {
			return slices.Clone(x.items), true
		}
	}
	return nil, false
}

// drop takes things out of a list that are no longer in it.
func (w *wholes) drop(of music.Ref, most int, gone []music.Ref) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, x := range w.all {
		if x.of != of {
			continue
		}
		items := slices.DeleteFunc(slices.Clone(x.items), func(it music.Item) bool { return slices.Contains(gone, it.ItemRef()) })
		w.all[i] = wholeList{of, markOf(part{items: items[:min(most, len(items))], total: len(items)}), items}
	}
}

// grown is a list to which rows were added at its start since it was put together: head is
// its first page now.
func grown(old []music.Item, head part) ([]music.Item, bool) {
	for k := range head.items {
		if head.total != len(old)+k || len(head.items)-k > len(old) {
			continue
		}
		same := true
		for i, it := range head.items[k:] {
			same = same && it.ItemRef() == old[i].ItemRef()
		}
		if same && k < len(head.items) {
			return append(slices.Clone(head.items[:k]), old...), true
		}
	}
	return nil, false
}

func (w *wholes) put(of music.Ref, mark string, items []music.Item) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = slices.DeleteFunc(w.all, func(x wholeList) bool { return x.of == of })
	if len(w.all) == wholesMost {
		w.all = slices.Delete(w.all, 0, 1)
	}
	if mark != "" {
		w.all = append(w.all, wholeList{of, mark, slices.Clone(items)})
	}
}

func (w *wholes) clear() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = nil
}

// markOf tells one state of a list from another by its length and its first page.
func markOf(head part) string {
	var b strings.Builder
	fmt.Fprint(&b, head.total)
	for _, it := range head.items {
		b.WriteString(" " + it.ItemRef().ID)
	}
	return b.String()
}

// storedRow is a row of a long list on disk; its details are with the tracks.
type storedRow struct {
	Ref   music.Ref `json:"r"`
	Added int64     `json:"a,omitempty"`
	Local *localRow `json:"l,omitempty"` // of a file on disk
}

type localRow struct {
	URI     string        `json:"u"` // as Spotify writes it
	Title   string        `json:"t"`
	Artists []string      `json:"a,omitempty"`
	Album   string        `json:"b,omitempty"`
	Length  time.Duration `json:"d,omitempty"`
}

type storedList struct {
	Mark string      `json:"mark"`
	Rows []storedRow `json:"rows"`
}

// storedMin is how long a list is at least for it to be worth keeping as a whole.
const storedMin = 100

func wholeKey(of music.Ref) string { return "whole " + of.String() }

// storeWhole keeps a long list of tracks for the next start.
func (s *Service) storeWhole(ctx context.Context, of music.Ref, mark string, items []music.Item) {
	if len(items) < storedMin || mark == "" {
		return
	}
	list := storedList{Mark: mark, Rows: make([]storedRow, len(items))}
	for i, it := range items {
		t, ok := it.(music.Track)
		if !ok {
			return
		}
		list.Rows[i].Ref = t.Ref
		if !t.Added.IsZero() {
			list.Rows[i].Added = t.Added.Unix()
		}
		if t.Ref.Account != s.id {
			list.Rows[i].Local = &localRow{s.rawLocal(t.Ref), t.Title, t.Artists, t.Album, t.Duration}
		}
	}
	body, err := json.Marshal(list)
	if err != nil {
		return
	}
	if db, err := s.store(ctx); err == nil {
		_ = db.PutAnswer(context.WithoutCancel(ctx), wholeKey(of), body, s.cfg.Now()) // it is put together again, then
	}
}

// storedWhole is a list as it was kept, if it is still that.
func (s *Service) storedWhole(ctx context.Context, of music.Ref, mark string) ([]music.Item, bool) {
	db, err := s.store(ctx)
	if err != nil || mark == "" {
		return nil, false
	}
	body, _, err := db.Answer(ctx, wholeKey(of))
	var list storedList
	if err != nil || body == nil || json.Unmarshal(body, &list) != nil || list.Mark != mark {
		return nil, false
	}
	ids := make([]string, 0, len(list.Rows))
	for _, r := range list.Rows {
		ids = append(ids, r.Ref.ID)
	}
	known, err := db.Songs(ctx, ids)
	if err != nil {
		return nil, false
	}
	items := make([]music.Item, len(list.Rows))
	for i, r := range list.Rows {
		t := known[r.Ref.ID].Track
		switch {
		case r.Local != nil:
			s.noteLocal(r.Local.URI)
			t = music.Track{Title: r.Local.Title, Artists: r.Local.Artists, Album: r.Local.Album, Duration: r.Local.Length}
		case r.Ref.ID == goneID:
			t = s.goneTrack("")
		case t.Ref.IsZero():
			return nil, false // something was forgotten
		default:
			s.pictures.read(r.Ref, known[r.Ref.ID].Cover)
		}
		if t.Ref = r.Ref; r.Added != 0 {
			t.Added = time.Unix(r.Added, 0).UTC()
		}
		items[i] = t
	}
	return items, true
}

package session

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"sync"

	"segue/internal/music"
)

// owed is an edit that waits for its account: of one playlist, or of the marks of
// tracks and other things. It never changes but for tries; exactly one part is set.
type owed struct {
	id      uint64
	account music.AccountID
	user    string // who made it; nobody else's account gets it
	text    string
	list    *listStep // what is to be done, never to be taken back
	marks   *owedMarks
	was, is uint64 // sums of the playlist's rows before and after, where it is an edit of rows
	atEnd   bool   // it only adds at the end
	tries   int    // begun so often: more than none, and it may have been done already
}

// owedMarks is what each ref is to have: stars 0 or 1, ratings 0 to 5.
type owedMarks struct {
	rating bool
	refs   []music.Ref
	had    []int
	want   []int
}

// book holds the edits that wait, oldest first. Run and its workers write into it.
type book struct {
	mu   sync.Mutex
	last uint64
	all  []owed
}

// bookState changes with every edit that is added or taken out.
type bookState struct {
	last uint64
	n    int
}

func (b *book) state() bookState {
	b.mu.Lock()
	defer b.mu.Unlock()
	return bookState{b.last, len(b.all)}
}

// add lets an edit wait behind those that do already.
func (b *book) add(o owed) uint64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	o.id = b.last
	if l := o.list; l != nil && l.op == listCreate {
		c := *l
		c.ref = waitingRef(o.account, o.id)
		o.list = &c
	}
	b.all = append(b.all, o)
	return o.id
}

// waitingRef stands for a playlist that its account has yet to make.
func waitingRef(id music.AccountID, n uint64) music.Ref {
	return music.Ref{Account: id, Kind: music.KindPlaylist, ID: fmt.Sprintf("%s%d", waitingPrefix, n)}
}

const waitingPrefix = "waiting-"

// isWaitingRef reports whether a Ref stands for a playlist that is yet to be made.
func isWaitingRef(r music.Ref) bool { return strings.HasPrefix(r.ID, waitingPrefix) }

// of gives the edits that wait for an account.
func (b *book) of(id music.AccountID) []owed {
	b.mu.Lock()
	defer b.mu.Unlock()
	var mine []owed
	for _, o := range b.all {
		if o.account == id {
			mine = append(mine, o)
		}
	}
	return mine
}

func (b *book) has(id music.AccountID) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.ContainsFunc(b.all, func(o owed) bool { return o.account == id })
}

// remove takes edits out and gives those that were there.
func (b *book) remove(ids ...uint64) []owed {
	b.mu.Lock()
	defer b.mu.Unlock()
	var gone, kept []owed
	for _, o := range b.all {
		if slices.Contains(ids, o.id) {
			gone = append(gone, o)
		} else {
			kept = append(kept, o)
		}
	}
	b.all = kept
	return gone
}

// begin counts a try of an edit.
func (b *book) begin(id uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.all {
		if b.all[i].id == id {
			b.all[i].tries++
		}
	}
}

// drop takes out all that waits for an account, and tells how many these were.
func (b *book) drop(id music.AccountID) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := len(b.all)
	b.all = slices.DeleteFunc(slices.Clone(b.all), func(o owed) bool { return o.account == id })
	return n - len(b.all)
}

// rename follows a playlist that has another Ref now.
func (b *book) rename(from, to music.Ref) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, o := range b.all {
		if o.list != nil && o.list.ref == from {
			c := *o.list
			c.ref = to
			b.all[i].list = &c
		}
	}
}

// freeze gives all for another goroutine to read.
func (b *book) freeze() []owed {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.all)
}

// sumOf tells lists of refs apart.
func sumOf(refs []music.Ref) uint64 {
	h := fnv.New64a()
	for _, r := range refs {
		_, _ = h.Write([]byte(r.String() + "\n")) // a hash takes everything
	}
	return h.Sum64()
}

// rows gives a playlist's rows as they will be when everything that waits is done.
func (b *book) rows(ref music.Ref, have []music.Ref) []music.Ref {
	for _, o := range b.of(ref.Account) {
		l := o.list
		if l == nil || l.ref != ref {
			continue
		}
		switch l.op {
		case listCreate:
			have = l.tracks
		case listEdit:
			have, _ = o.merge(have)
		case listDelete, listRename, listPublic, listDescribe:
		}
	}
	return have
}

// rowsNow reads a playlist's rows at its service, and gives them as rows does. One that
// has yet to be made is not asked for.
func (b *book) rowsNow(ctx context.Context, svc Service, ref music.Ref) ([]music.Ref, error) {
	if b.created(ref) != nil {
		return b.rows(ref, nil), nil
	}
	have, err := svc.Refs(ctx, music.Ask{Of: ref})
	if err != nil {
		return nil, err
	}
	return b.rows(ref, have), nil
}

// merge makes the edit in rows that may have changed meanwhile.
func (o *owed) merge(have []music.Ref) (now []music.Ref, ok bool) {
	d := o.list.edit
	if o.atEnd && sumOf(have) != o.was {
		return slices.Concat(have, d.Ins), true
	}
	if now, ok = d.apply(have); ok || len(d.Del) == 0 {
		return now, ok
	}
	at := -1
	for i := range have { // others have moved the rows: the nearest that are the same are meant
		if distance(i, d.At) < distance(at, d.At) || at < 0 {
			if rest := have[i:]; len(rest) >= len(d.Del) && slices.Equal(rest[:len(d.Del)], d.Del) {
				at = i
			}
		}
	}
	if at < 0 {
		return have, false
	}
	return splice[music.Ref]{At: at, Del: d.Del, Ins: d.Ins}.apply(have)
}

func distance(a, b int) int { return max(a-b, b-a) }

// created is the waiting creation of a playlist, if ref stands for one.
func (b *book) created(ref music.Ref) *listStep {
	for _, o := range b.of(ref.Account) {
		if o.list != nil && o.list.op == listCreate && o.list.ref == ref {
			return o.list
		}
	}
	return nil
}

// touches reports whether anything waits that changes what is seen of a container.
func (b *book) touches(ref music.Ref) bool {
	return slices.ContainsFunc(b.of(ref.Account), func(o owed) bool {
		return o.list != nil && (o.list.ref == ref || ref == music.Section(ref.Account, music.SectionPlaylists))
	})
}

// mark gives a track the stars and ratings that wait for it.
func (b *book) mark(id music.AccountID, tracks []music.Track) {
	for _, o := range b.of(id) {
		if o.marks == nil {
			continue
		}
		want := make(map[music.Ref]int, len(o.marks.refs))
		for i, r := range o.marks.refs {
			want[r] = o.marks.want[i]
		}
		for i, t := range tracks {
			v, ok := want[t.Ref]
			switch {
			case !ok:
			case o.marks.rating:
				tracks[i].Rating = v
			default:
				tracks[i].Starred = v == 1
			}
		}
	}
}

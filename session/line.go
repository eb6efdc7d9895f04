package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"segue/internal/music"
	"segue/player"
)

// maxFails is how many tracks in a row may fail before playback stops; a shorter
// queue fails as a whole.
const maxFails = 20

// opened is a source with the track's details.
type opened struct {
	track music.Track
	src   player.Source
	album bool // a neighbour in the queue is of the same album
}

// byHand starts an entry that a user chose: earlier failures are forgotten.
func (s *Session) byHand(e *entry, at time.Duration, play bool) {
	s.forgive()
	s.takeBack(e)
	s.start(e, at, play)
}

// start opens an entry to be loaded at once. What is heard goes on until then; a
// newer start takes this one's place.
func (s *Session) start(e *entry, at time.Duration, play bool) {
	p := &s.play
	p.awaits = nil
	s.forget(&p.wish)
	if play && s.isElsewhere(e) { // nobody here has asked for it
		s.stop()
		s.restAt(e, at)
		return
	}
	if n := p.next; n != nil && n.entry == e && at == 0 {
		p.wish, p.next = n, nil
		n.play = play
		s.playbackDirty = true
		return
	}
	p.wish = &opening{entry: e, at: at, play: play}
	s.open(p.wish)
	s.playbackDirty = true
}

// forget gives up what is being opened.
func (s *Session) forget(o **opening) {
	if *o != nil {
		(*o).stop()
		*o = nil
		s.playbackDirty = true
	}
}

// open fetches details and source of an entry in a worker.
func (s *Session) open(o *opening) {
	ref := o.entry.ref
	a := s.account(ref.Account)
	if a == nil {
		o.stop = func() {}
		s.post(func() { s.wasOpened(o, opened{}, noAccount(ref.Account, "play "+ref.ID)) })
		return
	}
	if a.isShut() {
		o.stop = func() {}
		s.post(func() { s.wasOpened(o, opened{}, signedOut(a.id, "play "+ref.ID)) })
		return
	}
	ready := o.play && o.after == nil
	refs, quality := s.neighbours(o.entry), music.Quality{Kbps: s.prefs.Kbps}
	show := func(t music.Track) {
		s.post(func() {
			o.track = t
			s.playbackDirty = s.playbackDirty || s.play.wish == o
		})
	}
	o.stop = call(s, where{key: "open"}, func(ctx context.Context) (opened, error) {
		return openTrack(ctx, a, refs, quality, ready, show)
	}, func(got opened, err error) { s.wasOpened(o, got, err) })
}

// neighbours are the refs of an entry and of those beside it, the entry first.
func (s *Session) neighbours(e *entry) []music.Ref {
	refs := []music.Ref{e.ref}
	if s.queue.shuffle {
		return refs
	}
	i := s.queue.index(e)
	for _, j := range []int{i - 1, i + 1} {
		if i >= 0 && j >= 0 && j < len(s.queue.play) && s.queue.play[j].ref.Account == e.ref.Account {
			refs = append(refs, s.queue.play[j].ref)
		}
	}
	return refs
}

// openTrack opens the first of refs; ready makes sure that it can begin at once where it
// plays on a device.
func openTrack(ctx context.Context, a *account, refs []music.Ref, q music.Quality, ready bool, show func(music.Track)) (opened, error) {
	tracks, err := a.service.Tracks(ctx, refs)
	if err != nil {
		return opened{}, err
	}
	if len(tracks) != len(refs) {
		return opened{}, fmt.Errorf("the service knows %d of %d tracks", len(tracks), len(refs))
	}
	o := opened{track: tracks[0]}
	show(o.track)
	for _, t := range tracks[1:] {
		o.album = o.album || albumKey(t) != "" && albumKey(t) == albumKey(o.track)
	}
	if why := o.track.Unplayable; why != "" {
		return o, &Fault{Kind: TrackNotPlayable, Err: errors.New(why)}
	}
	if a.transport == nil || !a.transport.PlaysThere(refs[0]) {
		o.src, err = a.service.Open(ctx, refs[0], q)
		return o, err
	}
	o.src = &remoteSource{account: a, track: refs[0]}
	if ready {
		_, err = a.transport.Ready(ctx)
	}
	return o, err
}

// albumKey is equal for tracks of one album, empty for those without.
func albumKey(t music.Track) string {
	if !t.AlbumRef.IsZero() {
		return t.AlbumRef.String()
	}
	if t.Album == "" {
		return ""
	}
	return t.AlbumArtist() + "\x00" + t.Album
}

// wasOpened hands a source to the player, if it is still wanted.
func (s *Session) wasOpened(o *opening, got opened, err error) {
	p := &s.play
	if p.wish != o && p.next != o || s.ending {
		if got.src != nil {
			_ = got.src.Close() // nobody wants it any more
		}
		return
	}
	if err == nil && got.src == nil {
		err = errors.New("the service gave no sound")
	}
	if err != nil {
		s.cannotOpen(o, got.track, err)
		return
	}
	if p.wish == o {
		p.wish = nil
		s.load(o, got)
		return
	}
	p.next = nil
	s.preload(o, got)
}

// load makes an opened entry the one that plays.
func (s *Session) load(o *opening, got opened) {
	p := &s.play
	s.forget(&p.next)
	it := s.newItem(o.entry, got)
	s.leaveAll(it)
	p.line = []*item{it}
	s.albumContext(it)
	p.want = o.play
	s.player.Load(it.playerItem(got, o.at), o.play)
	if !o.play {
		s.underNeedle(it)
		p.anchor = player.Anchor{Item: it.id, Position: o.at}
		s.stateIs(player.Loaded)
	}
	s.playbackDirty = true
}

// leaveAll takes leave of all items but one: whatever the player still says of
// them was said before it heard of that. Those that never began will not.
func (s *Session) leaveAll(but *item) {
	for id, old := range s.play.items {
		if old == but {
			continue
		}
		old.left = true
		if old != s.play.item && old.started.IsZero() {
			delete(s.play.items, id)
		}
	}
}

// preload gives the player what follows.
func (s *Session) preload(o *opening, got opened) {
	p := &s.play
	if len(p.line) == 0 || p.line[len(p.line)-1] != o.after || s.follows(o.after.entry) != o.entry {
		_ = got.src.Close() // the queue has changed meanwhile
		s.recheckNext()
		return
	}
	it := s.newItem(o.entry, got)
	p.line = append(p.line, it)
	s.player.Preload(it.playerItem(got, 0))
}

func (s *Session) newItem(e *entry, got opened) *item {
	p := &s.play
	p.lastItem++
	it := &item{id: p.lastItem, entry: e, track: got.track, album: got.album}
	p.items[it.id] = it
	return it
}

func (it *item) playerItem(got opened, at time.Duration) player.Item {
	t := got.track
	return player.Item{
		ID: it.id, Source: got.src, Gain: t.Gain, Album: albumKey(t), Start: at, Length: t.Duration,
	}
}

// albumContext tells the player whether tracks come in the order of their album.
// It is told when an item is heard, not when it is given: the gain of what is
// heard must not move.
func (s *Session) albumContext(it *item) {
	on := !s.queue.shuffle && (it.album || s.context.Kind == music.KindAlbum)
	if on != s.play.albumCtx {
		s.play.albumCtx = on
		s.player.SetAlbumContext(on)
	}
}

// atEnd is the end of the queue: nothing is loaded any more.
func (s *Session) atEnd() {
	p := &s.play
	if p.index >= 0 {
		p.at = p.index + 1
	}
	had := p.item != nil || p.lazy || p.wish != nil || p.cur != nil
	p.cur, p.index, p.track = nil, -1, music.Track{}
	s.stop()
	if had {
		s.emit(QueueEnded{})
	}
}

package session

import (
	"context"
	"math"
	"time"

	"segue/internal/music"
	"segue/internal/pcm"
	"segue/player"
)

// playState is what plays and what is meant to. Owned by Run.
type playState struct {
	volume int
	muted  bool
	repeat Repeat

	cur   *entry // the entry that is heard, paused at, or was stopped at; nil = none
	index int    // of cur in the queue, -1 = it is not there
	at    int    // while index is -1: the place in the queue that follows
	track music.Track

	item     *item   // what the player has under its needle; nil = nothing loaded
	line     []*item // what the player was given: item first, then what follows
	items    map[player.ItemID]*item
	lastItem player.ItemID
	lazy     bool          // cur is shown paused at rest, but not loaded yet
	rest     time.Duration // where, while lazy

	awaits *awaited // what would begin if there were a device

	wish  *opening             // is being opened to be played at once
	next  *opening             // is being opened to follow
	fails int                  // tracks in a row that could not be played
	bad   map[EntryID]struct{} // which they were: follows passes them over

	state    State
	want     bool // the player plays, or was told to
	anchor   player.Anchor
	seekTo   time.Duration // a seek that the player has not answered yet
	seekAt   time.Time     // when it was asked; zero = there is none
	device   player.DeviceChanged
	albumCtx bool

	sleepAt    time.Time
	sleepTimer *time.Timer
	sleepDue   bool // pause when the current track ends
}

// item is an entry that was given to the player.
type item struct {
	id    player.ItemID
	entry *entry
	track music.Track
	part  music.Track // what of it is heard, where it is a list that a device plays; zero = it is none
	// partFrom is how much was heard of the item before that part, and partSince when the
	// part began; zero = it is the first.
	partFrom  time.Duration
	partSince time.Time
	album     bool // a neighbour in the queue is of the same album
	format    pcm.Format
	info      pcm.Info
	started   time.Time
	needed    bool // the player has asked for what follows
	last      bool // and was told: nothing
	left      bool // another was loaded in its stead: old news of it does not count
	over      bool // heard to its end, or left
	gaveUp    bool // because too many of what follows cannot be played

	sofar time.Duration // heard by what the anchors say, up to since
	since time.Time     // zero = not moving
}

// opening is a source on its way.
type opening struct {
	entry *entry
	track music.Track // zero until its details are there
	at    time.Duration
	play  bool
	after *item // for what follows: behind which
	stop  context.CancelFunc
}

func (p *playState) init(cfg Config) {
	p.volume = cfg.Volume
	if p.volume <= 0 || p.volume > 100 {
		p.volume = 70
	}
	p.repeat = RepeatOff
	p.index = -1
	p.items = map[player.ItemID]*item{}
	p.bad = map[EntryID]struct{}{}
}

// gainOf is the linear gain of a volume: its cube, close to how loudness is felt
// (50 is about half as loud: -18 dB), 0 is silence and 100 exactly 1.
func gainOf(percent int) float64 {
	v := float64(min(max(percent, 0), 100)) / 100
	return v * v * v
}

// playing reports whether sound is wanted: what the user would call playing.
func (s *Session) playing() bool {
	if s.play.wish != nil {
		return s.play.wish.play
	}
	return s.play.item != nil && s.play.want
}

// seekPatience is how long a seek that the player has not answered counts as done.
const seekPatience = 2 * time.Second

// position is where the current track stands.
func (s *Session) position() time.Duration {
	p := &s.play
	switch {
	case p.lazy:
		return p.rest
	case p.item == nil:
		return 0
	case time.Since(p.seekAt) < seekPatience:
		return p.seekTo
	}
	return Anchor{p.anchor.Position, p.anchor.At, p.anchor.Rate}.Now(time.Now(), p.item.shownLength())
}

// length of the track, 0 = unknown.
func (it *item) length() time.Duration {
	if it.track.Duration > 0 {
		return it.track.Duration
	}
	if it.info.Frames > 0 {
		return it.format.Duration(it.info.Frames)
	}
	return 0
}

// shown is what people see of it.
func (it *item) shown() music.Track {
	if it.part.Title != "" {
		return it.part
	}
	return it.track
}

// shownLength is the length of that, 0 = unknown.
func (it *item) shownLength() time.Duration {
	if it.part.Title != "" {
		return it.part.Duration
	}
	return it.length()
}

// playback is what the events say of all this.
func (s *Session) playback() Playback {
	p := &s.play
	b := Playback{
		Volume: p.volume, Muted: p.muted, Shuffle: s.queue.shuffle, Repeat: p.repeat,
		GainMode: s.gainMode(), Context: s.context,
		Device: p.device.Name, Silent: p.device.Silent, Lost: p.device.Lost, SleepAt: p.sleepAt,
	}
	if p.device.Lost && p.device.Err != nil {
		b.LostWhy = plainly(p.device.Err)
	}
	if f := s.player.far; f != nil {
		b.Device, b.DeviceOf, b.Silent, b.Lost, b.LostWhy = f.device.Name, f.account.id, false, false, ""
		b.Volume, b.Muted = s.volume()
	}
	if p.wish != nil {
		b.Opening = p.wish.details()
	}
	switch {
	case p.lazy:
		b.State, b.Entry, b.Track = player.Paused, p.cur.id, p.track
		b.Position = Anchor{Position: p.rest}
	case p.item != nil:
		b.State, b.Entry, b.Track = p.state, p.item.entry.id, p.track
		b.Position = Anchor{p.anchor.Position, p.anchor.At, p.anchor.Rate}
		b.Format, b.Info = p.item.format, p.item.info
		b.GainDB = s.gainDB(p.track.Gain)
	}
	return b
}

func (o *opening) details() music.Track {
	if o.track.Ref.IsZero() {
		return music.Track{Ref: o.entry.ref}
	}
	return o.track
}

// gainDB is what the gain mode makes of a track, in decibels, kept from clipping:
// by the same rule as the player's, for people to see.
func (s *Session) gainDB(g music.Gain) float64 {
	mode := s.cfg.Gain
	if mode == player.GainOff || mode == "" {
		return 0
	}
	album := mode == player.GainAlbum || mode == player.GainAuto && s.play.albumCtx
	if album && !g.HasAlbum || !album && !g.HasTrack {
		album = !album
	}
	db, peak, has := g.TrackDB, g.TrackPeak, g.HasTrack
	if album {
		db, peak, has = g.AlbumDB, g.AlbumPeak, g.HasAlbum
	}
	if !has || math.IsNaN(db) || math.IsInf(db, 0) {
		return 0
	}
	db = min(max(db+min(max(s.cfg.PreampDB, -15), 15), -60), 60)
	if peak > 0 && !math.IsInf(peak, 0) {
		db = min(db, -20*math.Log10(peak))
	}
	return db
}

// queueState is what the events say of the queue.
func (s *Session) queueState() QueueState {
	q := QueueState{
		Version: s.version, Len: len(s.queue.play), Index: -1,
		Undo: s.journal.undoText(), Redo: s.journal.redoText(),
	}
	p := &s.play
	if p.cur == nil || p.item == nil && !p.lazy {
		return q
	}
	q.Entry, q.Index = p.cur.id, p.index
	if p.index >= 0 {
		q.Left = q.Len - p.index - 1
	} else {
		q.Left = q.Len - min(p.at, q.Len)
	}
	return q
}

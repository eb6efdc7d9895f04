package player

import (
	"time"

	"segue/internal/pcm"
)

// command is something in Run's mailbox. The sum is sealed.
type command interface{ command() }

type (
	cmdLoad struct {
		track *track
		play  bool
	}
	cmdPreload   struct{ track *track }
	cmdClearNext struct{}
	cmdNoNext    struct{ after ItemID }
	cmdPlay      struct{}
	cmdPause     struct{}
	cmdStop      struct{}
	cmdSeek      struct{ to time.Duration }
	cmdVolume    struct{ v float64 }
	cmdMute      struct{ on bool }
	cmdGain      struct {
		mode   GainMode
		preamp float64
	}
	cmdAlbum     struct{ on bool }
	cmdCrossfade struct{ d time.Duration }
	cmdDevice    struct{ dev Device }
	// opened is a device's answer, from the goroutine that started it.
	opened struct {
		ticket uint64
		stream pcm.Stream
		valve  *valve
		err    error
	}
	// report is news from a decode loop.
	report struct {
		from *decoder
		news news
	}
)

func (cmdLoad) command()      {}
func (cmdPreload) command()   {}
func (cmdClearNext) command() {}
func (cmdNoNext) command()    {}
func (cmdPlay) command()      {}
func (cmdPause) command()     {}
func (cmdStop) command()      {}
func (cmdSeek) command()      {}
func (cmdVolume) command()    {}
func (cmdMute) command()      {}
func (cmdGain) command()      {}
func (cmdAlbum) command()     {}
func (cmdCrossfade) command() {}
func (cmdDevice) command()    {}
func (opened) command()       {}
func (report) command()       {}

// news is what a decode loop tells Run. The sum is sealed.
type news interface{ news() }

type (
	// needNext: the end of the item is near and nothing follows it.
	needNext struct{ after ItemID }
	// dropped: a preloaded item was replaced before any of it was decoded.
	dropped struct{ item ItemID }
	// sought: the seek of that epoch is done, and went there.
	sought struct {
		epoch uint64
		at    time.Duration
	}
	// cannotSeek: the source only goes forward; nothing has changed.
	cannotSeek struct{ epoch uint64 }
	// primed: the first frames of an epoch wait in the ring, or its end has come.
	primed struct{ epoch uint64 }
)

func (needNext) news()   {}
func (dropped) news()    {}
func (sought) news()     {}
func (cannotSeek) news() {}
func (primed) news()     {}

// order is what Run tells a decode loop. The sum is sealed.
type order interface{ order() }

type (
	orderNext struct{ track *track }
	// orderDrop: the ring was cut behind the item keep; forget what follows it.
	orderDrop struct {
		epoch uint64
		keep  ItemID
	}
	orderNoNext struct{ after ItemID }
	orderSeek   struct {
		epoch uint64
		item  ItemID
		to    time.Duration
		out   target
	}
	// orderResume: a seek was taken back; go on writing in this epoch.
	orderResume struct{ epoch uint64 }
	// orderRelease: the item was heard to its end and will not be needed again.
	orderRelease  struct{ item ItemID }
	orderSettings struct{ set settings }
	orderPaused   struct{ on, unpaced bool }
	// orderPrime asks to be told again that enough waits in the ring: the gate was raised.
	orderPrime struct{}
	// orderWake stands for nothing but a look at gone.
	orderWake struct{}
)

func (orderNext) order()     {}
func (orderDrop) order()     {}
func (orderNoNext) order()   {}
func (orderSeek) order()     {}
func (orderResume) order()   {}
func (orderRelease) order()  {}
func (orderSettings) order() {}
func (orderPaused) order()   {}
func (orderPrime) order()    {}
func (orderWake) order()     {}

// track is an item on its way through the player, with what Run knows of it.
// The decode loop reads item, format, info and length, which never change.
type track struct {
	item   Item
	format Format
	info   pcm.Info
	frames int64 // length in frames of the source, 0 = unknown
	// inAlbum: its neighbours are of its album, as the caller said when it gave it.
	// Set by Run before a decode loop sees the track.
	inAlbum bool

	// Run's own.
	started bool
	ended   bool
	heard   time.Duration
}

func newTrack(it Item) *track {
	t := &track{item: it, info: pcm.Info{Frames: -1}}
	if it.Source == nil {
		return t
	}
	t.format = it.Source.Format()
	if i, ok := it.Source.(pcm.Informed); ok {
		t.info = i.Info()
	}
	switch {
	case t.info.Frames > 0:
		t.frames = t.info.Frames
	case it.Length > 0:
		t.frames = t.format.Frames(it.Length)
	}
	return t
}

// close closes the source, which may take its time.
func (t *track) close() {
	if t.item.Source != nil {
		_ = t.item.Source.Close() // it was read, or is no longer wanted: nothing is lost
	}
}

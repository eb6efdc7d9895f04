package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"segue/internal/music"
	"segue/player"
	"segue/session"
	"segue/ui/screen"
)

// ErrNothing says that nothing was found, or that nothing of what was found could be played.
var ErrNothing = errors.New("nothing found")

// Play is a front without a screen: it plays what Asks name and ends with the music.
type Play struct {
	Asks    []music.Ask
	Start   int // index of the track to begin with
	Shuffle bool
	// Unpaced ends the run when the way out breaks, instead of waiting for another.
	Unpaced bool
	// Writes is the file that the sound goes to, nil = none that is there: it must not be one of the tracks.
	Writes os.FileInfo
	// Talk takes lines for people: what plays, what went wrong.
	Talk io.Writer
	// Live says that Talk is a terminal: a progress line is kept up there.
	Live bool
}

// Run is the front; give it to House.Run.
func (f *Play) Run(h *House) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		sub := h.Subscribe("play")
		defer sub.Close()
		refs, err := f.refs(ctx, h)
		if err != nil {
			return err
		}
		if f.Start < 0 || f.Start >= len(refs) {
			return fmt.Errorf("%w: --start %d, but there are %d tracks", ErrNothing, f.Start+1, len(refs))
		}
		if err := f.reachable(h, refs); err != nil {
			return err
		}
		if f.Shuffle {
			h.Session.Send(session.Shuffle{To: session.On})
		}
		h.Session.Send(session.PlayContext{Ask: f.Asks[0], More: f.Asks[1:], Start: f.first(refs), Index: f.Start})
		return f.follow(ctx, sub)
	}
}

// reachable says why tracks cannot be written to a file: they are heard on a device.
func (f *Play) reachable(h *House, refs []music.Ref) error {
	if !f.Unpaced {
		return nil
	}
	for _, r := range refs {
		if t, ok := h.Service(r.Account).(session.Transport); ok && t.PlaysThere(r) {
			return nothing(string(r.Account) + ": its tracks are heard on its devices, and cannot be written to a file or pipe")
		}
	}
	return nil
}

// first is the track to begin with; none when a shuffle may choose.
func (f *Play) first(refs []music.Ref) music.Ref {
	if f.Shuffle && f.Start == 0 {
		return music.Ref{}
	}
	return refs[f.Start]
}

func (f *Play) refs(ctx context.Context, h *House) ([]music.Ref, error) {
	var all []music.Ref
	for _, a := range f.Asks {
		refs, err := h.Service(a.Of.Account).Refs(ctx, a)
		if err != nil {
			return nil, err
		}
		all = append(all, refs...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%w in %s", ErrNothing, strings.Join(f.places(), ", "))
	}
	return all, f.spare(all)
}

// ErrOverwrites says that a file that is to be played would be written over.
var ErrOverwrites = errors.New("is one of the tracks to be played; name another file")

// spare looks whether the file to be written is one of the tracks: reading what is being
// written would lose the music and never end.
func (f *Play) spare(refs []music.Ref) error {
	if f.Writes == nil || !f.Writes.Mode().IsRegular() {
		return nil // nothing is there to be lost
	}
	for _, r := range refs {
		if r.Account != music.Local || r.Kind != music.KindTrack {
			continue
		}
		name, _, _ := strings.Cut(r.ID, "\x00") // a track of a cue sheet
		if in, err := os.Stat(name); err == nil && os.SameFile(in, f.Writes) {
			return fmt.Errorf("%s %w", name, ErrOverwrites)
		}
	}
	return nil
}

// asked reports whether something of an account is to be played.
func (f *Play) asked(account music.AccountID) bool {
	return slices.ContainsFunc(f.Asks, func(a music.Ask) bool { return a.Of.Account == account })
}

// places are the names of what was asked for.
func (f *Play) places() []string {
	var names []string
	for _, a := range f.Asks {
		names = append(names, cmp.Or(a.Filter, a.Of.ID))
	}
	return names
}

// follow tells what happens until the queue has ended. While it shows a progress
// line it wakes once a second, else only for events.
func (f *Play) follow(ctx context.Context, sub *session.Subscription) error {
	t := telling{Play: f}
	for {
		wait, cancel := t.untilNextLine(ctx)
		events, ok := sub.Take(wait)
		cancel()
		if ctx.Err() != nil {
			t.endLine()
			return ctx.Err()
		}
		if !ok && wait.Err() == nil {
			return errors.New("the session ended")
		}
		for _, e := range events {
			if t.hear(e) {
				return t.end()
			}
		}
		if t.now.Lost && t.Unpaced {
			return t.lost()
		}
		t.line()
	}
}

// telling is what follow knows. The last failure and warning are held back until it
// is known whether they are the end of the run: then they are its error, and said once.
type telling struct {
	*Play
	now    session.Playback
	shown  music.Ref
	heard  int
	failed int
	held   []string
	onLine bool
	stuck  *session.StreamingError // nothing goes on behind it by itself
	lostTo string                  // who plays now in our stead, in words

	streaming *session.Fault             // of the last StreamingError
	empty     *session.PlayContextFailed // there is nothing to play
}

func (t *telling) untilNextLine(ctx context.Context) (context.Context, context.CancelFunc) {
	if t.Live && t.now.State == player.Playing {
		return context.WithTimeout(ctx, time.Second)
	}
	return context.WithCancel(ctx)
}

// hear takes one event; done says that the music has ended.
func (t *telling) hear(e session.Event) (done bool) {
	switch e := e.(type) {
	case session.PlaybackChanged:
		t.playback(e.Playback)
	case session.TrackHeard:
		if e.Heard.Heard > 0 {
			t.heard++
		}
	case session.StreamingError:
		t.failed++
		t.streaming = e.Fault
		t.flush()
		t.hold(e.Fault.Error())
		t.stuck = &e
	case session.PlayTokenLost:
		t.lostTo = fmt.Sprintf("%s is played by another program now", e.Account)
		if e.Device != "" {
			t.lostTo = fmt.Sprintf("%s plays on %s now", e.Account, e.Device)
		}
		return true
	case session.PlayContextFailed:
		t.empty = &e
		return true
	case session.Notice:
		switch {
		case e.Fault != nil && (e.Fault == t.streaming || !t.asked(e.Fault.Account)):
			// A StreamingError said it, or it is nothing to this run.
		case e.Fault != nil:
			t.say(e.Text)
		case e.Level == session.Info:
			t.say(e.Text)
		default:
			t.hold(e.Text)
		}
	case session.QueueEnded:
		return true
	default:
		// Everything else is for screens.
	}
	return t.isStuck()
}

// isStuck reports whether the queue waits for somebody who is not here: for a device to
// be chosen, an account to be paid for, a limit to end.
func (t *telling) isStuck() bool {
	return t.stuck != nil && t.now.State == player.Paused && t.now.Track.Ref == t.stuck.Track && !t.now.Lost && t.now.Opening.Ref.IsZero()
}

// nothing is ErrNothing in words that say why.
type nothing string

func (n nothing) Error() string        { return string(n) }
func (n nothing) Is(target error) bool { return target == ErrNothing } //nolint:errorlint // Is compares

// end is the end of the music, an error where there was none.
func (t *telling) end() error {
	defer t.endLine()
	switch {
	case t.empty != nil && t.empty.Fault != nil:
		return nothing(t.empty.Fault.Error())
	case t.empty != nil:
		return fmt.Errorf("%w in %s", ErrNothing, strings.Join(t.places(), ", "))
	case t.lostTo != "":
		t.flush()
		return errors.New(t.lostTo)
	case t.isStuck():
		return nothing(t.stuck.Fault.Error())
	case t.heard > 0 || t.failed == 0:
		t.flush()
		return nil
	case t.failed == 1 && len(t.held) > 0:
		return nothing(t.held[0])
	case len(t.held) > 0:
		t.say(t.held[0])
	}
	return nothing(fmt.Sprintf("none of the %d tracks can be played", t.failed))
}

// lost is the end of the way out, which for files and pipes is the end of the run.
func (t *telling) lost() error {
	defer t.endLine()
	return fmt.Errorf("the output is gone: %s", cmp.Or(t.now.LostWhy, t.now.Device))
}

// hold keeps a line back, unless music was heard that it cannot be the end of.
func (t *telling) hold(line string) {
	if !t.shown.IsZero() && !t.Unpaced {
		t.say(line)
		return
	}
	t.held = append(t.held, line)
}

func (t *telling) flush() {
	for _, l := range t.held {
		t.say(l)
	}
	t.held = nil
}

func (t *telling) playback(p session.Playback) {
	t.now = p
	if p.State == player.Playing && p.Position.Rate > 0 {
		t.stuck = nil
	}
	if p.State == player.Playing && p.Track.Ref != t.shown && !p.Track.Ref.IsZero() {
		t.shown = p.Track.Ref
		t.flush()
		if !t.Live {
			t.say(Describe(p.Track) + on(p))
		}
	}
}

func (t *telling) say(line string) {
	t.endLine()
	_, _ = fmt.Fprintln(t.Talk, line) // nobody may be reading
}

// line keeps the progress line.
func (t *telling) line() {
	if !t.Live || t.now.Track.Ref.IsZero() {
		return
	}
	pos := t.now.Position.Now(time.Now(), t.now.Track.Duration)
	_, _ = fmt.Fprintf(t.Talk, "\r\x1b[K%s  %s / %s%s", Describe(t.now.Track), screen.ClockAt(pos), screen.ClockAt(t.now.Track.Duration), on(t.now))
	t.onLine = true
}

func (t *telling) endLine() {
	if t.onLine {
		_, _ = fmt.Fprintln(t.Talk)
		t.onLine = false
	}
}

// on names the device of an account that plays.
func on(p session.Playback) string {
	if p.DeviceOf == "" || p.Device == "" {
		return ""
	}
	return "  on " + screen.Clean(p.Device)
}

// Describe is a track in one line.
func Describe(t music.Track) string {
	if a := t.Artist(); a != "" {
		return t.Title + " — " + a
	}
	return t.Title
}

// Package plain is the player for screen readers and for no terminal at all:
// what changes is written as lines, and lines are read as commands, with the
// same names as after ':' on the screen.
//
// Run owns one loop; a goroutine of its own waits for events, another reads the
// input. The latter ends with its input only, because reading cannot be cancelled.
package plain

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/page"
)

// Session takes commands; Send must not block.
type Session interface {
	Send(session.Command)
}

// Events gives news from the session, all that waits at once.
type Events interface {
	Take(ctx context.Context) ([]session.Event, bool)
}

// Options of the plain player. Session, Events and Out are needed.
type Options struct {
	Session Session
	Events  Events
	Keymap  keymap.Map // the zero Map is the default one
	In      io.Reader  // nil = no commands: it ends with the music
	Out     io.Writer
	// EndWithMusic goes on after the end of the input until the music ends.
	EndWithMusic bool
	// Notes are written at the start: what was wrong in the config.
	Notes []string
	// Settings are the values of the config and where they came from, ConfigPath its file.
	Settings   []page.Setting
	ConfigPath string
	// LogFile is where the log is written; empty = nowhere.
	LogFile string
	// Services are those that accounts can be added of.
	Services []page.Service
	// PageOf is where a thing is on the web, "" = nowhere; nil = nobody knows.
	PageOf func(music.Ref) string
}

// How long the start waits for the accounts, and the end for answers.
const (
	settling  = 1500 * time.Millisecond
	answering = 5 * time.Second
	working   = 300 * time.Millisecond // after a command, before the next line is read
	patience  = 10                     // times that status waits so long for a track's name
)

// errEnd ends the loop without an error.
var errEnd = errors.New("the end")

// talker is the state of one Run.
type talker struct {
	opt     Options
	keys    keymap.Map
	play    session.Playback
	known   bool // play has been told once
	accts   []session.AccountInfo
	queue   session.QueueState
	ticket  session.Ticket
	asked   session.Ticket       // the listing that is waited for
	refusal page.Refusal         // what "allow" asks for
	asking  *session.LoginNeeded // the question that "answer" answers
	set     session.Settings
	there   []session.AccountDevices         // what accounts can play on
	listing bool                             // that is to be listed when it comes
	then    func(music.Page, *session.Fault) // takes what was asked for, instead of a listing
	stale   bool                             // rows were edited: their numbers are looked up before the next command
	quiet   bool                             // the listing that is waited for is not said again
	sharing session.Ticket                   // of the link that is made
	lyric   session.Ticket                   // of the lyrics that are waited for
	said    []string                         // what went wrong, the newest last
	jobs    []session.Progress               // what is at work
	place   []listing
	ready   bool
	lines   []string // commands that wait for the accounts
	eof     bool
	greeted bool
	err     error            // of Out
	busy    <-chan time.Time // until then the session works on the last command
	waits   int              // of status, for the name of what plays
}

// listing is a container that was listed, to open and play its rows by number.
type listing struct {
	ask     music.Ask
	title   string
	items   []music.Item
	entries []session.EntryID
	total   int
}

// Run reads commands and writes changes until the input ends, "quit" is read,
// the music ends where that was asked for, or ctx ends, which is no error.
func Run(ctx context.Context, opt Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p := &talker{opt: opt, keys: opt.Keymap}
	if p.keys.Name() == "" {
		p.keys = keymap.Default()
	}
	if opt.In == nil {
		p.eof, p.opt.EndWithMusic = true, true
	}
	p.say("segue, a music player, without a screen. Each line is a command; help lists them, quit ends.")
	for _, n := range opt.Notes {
		p.say("warning: %s", page.Clean(n))
	}
	err := p.loop(ctx, p.read(ctx), p.news(ctx))
	if errors.Is(err, errEnd) {
		err = nil
	}
	return err
}

// news hands over events, batch by batch.
func (p *talker) news(ctx context.Context) <-chan []session.Event {
	ch := make(chan []session.Event)
	go func() {
		defer close(ch)
		for {
			es, ok := p.opt.Events.Take(ctx)
			if !ok {
				return
			}
			select {
			case ch <- es:
			case <-ctx.Done():
				return
			}
		}
	}()
	return ch
}

// read hands over lines.
func (p *talker) read(ctx context.Context) <-chan string {
	if p.opt.In == nil {
		return nil
	}
	ch := make(chan string)
	go func() {
		defer close(ch)
		in := bufio.NewScanner(p.opt.In)
		in.Buffer(make([]byte, 0, 4096), 1<<20)
		for in.Scan() {
			select {
			case ch <- in.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	return ch
}

func (p *talker) loop(ctx context.Context, lines <-chan string, news <-chan []session.Event) error {
	start := time.NewTimer(settling)
	defer start.Stop()
	var late <-chan time.Time
	for {
		if p.err != nil {
			return unwritten(p.err)
		}
		if p.eof && p.ready && !p.opt.EndWithMusic {
			if p.asked == 0 && p.busy == nil {
				return nil
			}
			if late == nil {
				late = time.After(answering)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-late:
			return nil
		case <-start.C:
			if err := p.begin(); err != nil {
				return err
			}
		case <-p.busy:
			p.busy = nil
			if err := p.resume(); err != nil {
				return err
			}
		case l, ok := <-lines:
			if !ok {
				p.eof, lines = true, nil
				continue
			}
			if err := p.line(l); err != nil {
				return err
			}
		case es, ok := <-news:
			if !ok {
				return nil
			}
			if err := p.events(es); err != nil {
				return err
			}
		}
	}
}

// begin runs the commands that waited for the accounts.
func (p *talker) begin() error {
	if p.ready {
		return nil
	}
	p.ready = true
	p.greet()
	return p.resume()
}

// resume runs the lines that wait, up to one that asks for a listing.
func (p *talker) resume() error {
	for len(p.lines) > 0 && p.asked == 0 && p.busy == nil {
		if p.renew() {
			break
		}
		l := p.lines[0]
		p.lines = p.lines[1:]
		if err := p.command(l); err != nil {
			return err
		}
	}
	return nil
}

// renew reads the listing again after an edit, without a word, so that the numbers of
// the next command are those of the rows as they are now; true = it waits for them.
func (p *talker) renew() bool {
	if !p.stale || len(p.place) == 0 {
		return false
	}
	p.stale, p.quiet = false, true
	p.load(p.place[len(p.place)-1].ask)
	return true
}

// line takes a line; one after a question waits until that is answered, so that
// a script may say "search bach" and then "open 1".
func (p *talker) line(l string) error {
	p.lines = append(p.lines, l)
	if !p.ready {
		return nil
	}
	return p.resume()
}

// greet says what there is.
func (p *talker) greet() {
	if p.greeted {
		return
	}
	p.greeted = true
	for _, a := range p.accts {
		var names []string
		for _, f := range parts(a) {
			n := strings.ToLower(page.Clean(f.Name))
			if f.Count > 0 {
				n += fmt.Sprintf(" (%d)", f.Count)
			}
			names = append(names, n)
		}
		line := string(a.ID) + ", " + string(a.State)
		if a.Note != "" {
			line += ", " + page.Clean(a.Note)
		}
		if len(names) > 0 {
			line += ": " + strings.Join(names, ", ")
		}
		p.say("%s", line)
	}
	p.say("library lists what there is; open 1 goes in or plays; search WORDS looks for music.")
}

// parts are the sections of an account that say something: that of unreadable files only
// where there are some.
func parts(a session.AccountInfo) []music.Folder {
	return slices.DeleteFunc(slices.Clone(a.Sections), func(f music.Folder) bool { return f.Ref.ID == music.SectionErrors && f.Count <= 0 })
}

// send hands a command to the session; the next line waits a moment, so that it
// meets what the command has done.
func (p *talker) send(c session.Command) {
	p.opt.Session.Send(c)
	p.busy = time.After(working)
}

// unwritten says what is wrong with the way out, which may be a file with a name.
func unwritten(err error) error {
	var file *fs.PathError
	if errors.As(err, &file) {
		return fmt.Errorf("plain: cannot write to %s: %w", file.Path, file.Err)
	}
	return fmt.Errorf("plain: cannot write: %w", err)
}

// say writes one line.
func (p *talker) say(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.opt.Out, format+"\n", args...)
	}
}

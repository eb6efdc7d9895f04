package ui

import (
	"reflect"
	"sync"
	"time"
	"unsafe"

	tea "charm.land/bubbletea/v2"
)

// A Bubble Tea program's renderer ticks 60 times a second for ever. The idler
// stops that tick when no message has come for a moment and starts it again
// with the next one, by the program's own time.Ticker, which is not exported.
// Where the field cannot be found all stays as it was.

const (
	frame    = time.Second / 60
	firstTry = 3 * time.Millisecond  // after a rest the first frame is drawn at once
	restful  = 50 * time.Millisecond // without a message the renderer may rest
	never    = 100000 * time.Hour
)

// idler owns the rest of one program's ticker.
type idler struct {
	mu      sync.Mutex
	program *tea.Program
	ticker  *time.Ticker
	timer   *time.Timer
	resting bool
}

func newIdler(p *tea.Program) *idler { return &idler{program: p} }

// awake is called for each View: something happened.
func (i *idler) awake() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.ticker == nil {
		if i.ticker = tickerOf(i.program); i.ticker == nil {
			return
		}
		i.timer = time.AfterFunc(restful, i.rest)
		return
	}
	if i.resting {
		i.resting = false
		i.ticker.Reset(firstTry)
		time.AfterFunc(firstTry+time.Millisecond, i.slow)
	}
	i.timer.Reset(restful)
}

// slow goes back to the usual pace once the first frame after a rest is out.
func (i *idler) slow() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !i.resting {
		i.ticker.Reset(frame)
	}
}

func (i *idler) rest() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.resting = true
	i.ticker.Reset(never)
}

// stop ends the idler; the program ends too.
func (i *idler) stop() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.timer != nil {
		i.timer.Stop()
	}
}

// tickerOf finds the renderer's ticker; nil when this version has none by that name.
func tickerOf(p *tea.Program) *time.Ticker {
	if p == nil {
		return nil
	}
	f := reflect.ValueOf(p).Elem().FieldByName("ticker")
	if !f.IsValid() || f.Type() != reflect.TypeFor[*time.Ticker]() {
		return nil
	}
	return *(**time.Ticker)(unsafe.Pointer(f.UnsafeAddr()))
}

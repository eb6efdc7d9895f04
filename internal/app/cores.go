package app

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"segue/internal/service/local"
)

// settled is how long after its start a house has shown its first screen and has begun
// to play.
const settled = 2 * time.Second

// How much the heap may grow between collections, in percent. Until the first screen
// stands nothing is collected: that took a quarter of the time until then.
const (
	startingHeap = 400 // of the least heap, 4 MB: from 16 MB on
	workingHeap  = 100
	restingHeap  = 20
)

// cores keeps Go's scheduler on one processor while there is nothing to do but play:
// waking a second one for the few microseconds of each timer costs a quarter of all CPU
// (15 against 20 s an hour to PulseAudio). Reading the library gets all of them. The
// collector, which has next to nothing to do then, keeps the heap tight meanwhile. Who
// sets GOMAXPROCS or GOGC is left alone.
type cores struct {
	all  int  // what there is; 0 = leave them
	heap bool // the collector is ours

	mu      sync.Mutex // guards what follows
	working int        // scans
	resting bool       // settled, and not ended
}

// newCores makes the keeper, for a start that is quick; off leaves everything as it is, for runs that go as fast as they can.
func newCores(off bool) *cores {
	c := &cores{heap: !off && os.Getenv("GOGC") == ""}
	if !off && os.Getenv("GOMAXPROCS") == "" {
		c.all = runtime.GOMAXPROCS(0)
	}
	if c.heap {
		debug.SetGCPercent(startingHeap)
	}
	return c
}

// Run lets the cores rest once the start is over, until ctx ends.
func (c *cores) Run(ctx context.Context) error {
	t := time.NewTimer(settled)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return nil
	case <-t.C:
	}
	c.change(func() { c.resting = true })
	c.giveBack()
	<-ctx.Done()
	c.change(func() { c.resting = false })
	return nil
}

// giveBack returns to the system what the start took of memory; while a scan runs this
// is for its end.
func (c *cores) giveBack() {
	c.mu.Lock()
	working := c.working > 0
	c.mu.Unlock()
	if c.heap && !working {
		debug.FreeOSMemory()
		trimArena()
	}
}

// work takes all cores until done is called.
func (c *cores) work() (done func()) {
	c.change(func() { c.working++ })
	return func() { c.change(func() { c.working-- }) }
}

// change notes what is new and sets the number that follows from it.
func (c *cores) change(note func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	note()
	n, percent := c.all, workingHeap
	if c.resting && c.working == 0 {
		n, percent = 1, restingHeap
	}
	if c.all > 1 && runtime.GOMAXPROCS(0) != n {
		runtime.GOMAXPROCS(n)
	}
	if c.heap {
		debug.SetGCPercent(percent)
	}
}

// library is the account local as the session sees it: its scans take all cores.
type library struct {
	*local.Service
	cores *cores
}

// afterwards is how long after a scan the library's folders are watched and its pages
// have been asked for again.
const afterwards = 5 * time.Second

// Scan is the service's, with all cores. What it took of memory is given back at its
// end, and what followed it a moment later: the collector alone would keep it for minutes.
func (l library) Scan(ctx context.Context, paths []string, progress func(done, total int, what string)) error {
	defer func() { time.AfterFunc(afterwards, l.cores.giveBack) }()
	defer l.cores.giveBack()
	defer l.cores.work()()
	return l.Service.Scan(ctx, paths, progress)
}

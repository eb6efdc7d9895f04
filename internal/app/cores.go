package app

import (
	"context"
	"os"
	"runtime"
	"sync"
	"time"

	"segue/internal/service/local"
)

// settled is how long after its start a house has shown its first screen and has begun
// to play.
const settled = 2 * time.Second

// cores keeps Go's scheduler on one processor while there is nothing to do but play:
// waking a second one for the few microseconds of each timer costs a quarter of all CPU
// (15 against 20 s an hour to PulseAudio). Reading the library gets all of them. Who sets
// GOMAXPROCS is left alone.
type cores struct {
	all int // what there is; 0 = do nothing

	mu      sync.Mutex // guards what follows
	working int        // scans
	resting bool       // settled, and not ended
}

// newCores makes the keeper; off leaves everything as it is, for runs that go as fast as they can.
func newCores(off bool) *cores {
	if off || os.Getenv("GOMAXPROCS") != "" {
		return &cores{}
	}
	return &cores{all: runtime.GOMAXPROCS(0)}
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
	<-ctx.Done()
	c.change(func() { c.resting = false })
	return nil
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
	if c.all < 2 {
		return
	}
	n := c.all
	if c.resting && c.working == 0 {
		n = 1
	}
	if runtime.GOMAXPROCS(0) != n {
		runtime.GOMAXPROCS(n)
	}
}

// library is the account local as the session sees it: its scans take all cores.
type library struct {
	*local.Service
	cores *cores
}

// Scan is the service's, with all cores.
func (l library) Scan(ctx context.Context, paths []string, progress func(done, total int, what string)) error {
	defer l.cores.work()()
	return l.Service.Scan(ctx, paths, progress)
}

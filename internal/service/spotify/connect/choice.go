package connect

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"segue/internal/watch"
)

// WatchChoice tells of a device that another program of ours has made the one to play on,
// by the file that keeps it, until ctx ends. chosen is told its id, or its name where it has
// none; this Player goes on with its own until Choose is called.
func (p *Player) WatchChoice(ctx context.Context, chosen func(device string)) error {
	if p.o.File == "" {
		return nil
	}
	p.device() // what was chosen before is no news
	dir := filepath.Dir(p.o.File)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("connect: watch the device chosen: %w", err)
	}
	events, why, err := watch.Folder(ctx, dir)
	if err != nil {
		return fmt.Errorf("connect: watch the device chosen: %w", err)
	}
	p.compare(chosen) // it may have been while that was set up
	for e := range events {
		if e.Lost || e.Path == p.o.File {
			p.compare(chosen)
		}
	}
	return cmp.Or(why(), ctx.Err())
}

// compare tells of a device in the file that is not ours.
func (p *Player) compare(chosen func(device string)) {
	p.saving.Lock()
	have, ok := p.readMemory()
	ours := p.device()
	p.saving.Unlock()
	if ok && (have.ID != ours.ID || have.ID == "" && have.Name != ours.Name) {
		chosen(cmp.Or(have.ID, have.Name))
	}
}

package connect

import (
	"cmp"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"time"

	"segue/cache"
	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
)

// kept is the device that was used last, as it is remembered.
type kept struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind,omitempty"`
}

// called is its name for people.
func (k kept) called() string { return music.Clean(cmp.Or(k.Name, "the device used last")) }

// memorySize is more than the file ever has.
const memorySize = 64 << 10

// device is the one used last, else the one of the config, else none.
func (p *Player) device() kept {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.read {
		p.read = true
		p.last = p.recall()
	}
	return p.last
}

// recall reads the file. One that cannot be read is as good as none: the device is
// chosen once more.
func (p *Player) recall() kept {
	if have, ok := p.readMemory(); ok {
		return have
	}
	return kept{ID: p.o.Device, Name: p.o.Device}
}

// readMemory is what the file holds; ok is false where that is nothing.
func (p *Player) readMemory() (have kept, ok bool) {
	if p.o.File == "" {
		return kept{}, false
	}
	data, err := os.ReadFile(p.o.File)
	if err != nil || len(data) > memorySize {
		return kept{}, false
	}
	ok = json.Unmarshal(data, &have) == nil && (have.ID != "" || have.Name != "")
	return have, ok
}

// use makes a device the one used last.
func (p *Player) use(k kept, d webapi.Device) {
	p.saving.Lock()
	defer p.saving.Unlock()
	p.mu.Lock()
	changed := p.last != k
	p.last, p.read, p.sure = k, true, time.Now()
	p.volume, p.fixed = d.Volume, !d.SupportsVolume
	p.mu.Unlock()
	if !changed || p.o.File == "" {
		return
	}
	data, err := json.Marshal(k)
	if err == nil {
		_ = cache.WriteFile(p.o.File, data) // else it is chosen once more, next time
	}
}

// Forget forgets the device that was used last, on disk, too.
func (p *Player) Forget() error {
	p.saving.Lock()
	defer p.saving.Unlock()
	var err error
	if p.o.File != "" {
		err = os.Remove(p.o.File)
	}
	p.mu.Lock()
	p.last, p.read, p.sure = kept{}, false, time.Time{} // the config's counts again
	p.mu.Unlock()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// doubt forgets that the device was there.
func (p *Player) doubt() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sure = time.Time{}
}

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
	"segue/session"
)

// kept is the device that was used last, as it is remembered.
type kept struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind,omitempty"`
	// Engine: it was chosen although the config says that this computer plays.
	Engine bool `json:"engine,omitempty"`
}

// called is its name for people.
func (k kept) called() string { return music.Clean(cmp.Or(k.Name, "the device used last")) }

// named is the device with an id, or a name, as far as one is known: that of before, or the one
// that another program of ours chose.
func (p *Player) named(id string, before kept) kept {
	p.saving.Lock()
	have, ok := p.readMemory()
	p.saving.Unlock()
	switch {
	case id == before.ID:
		return before
	case ok && id == have.ID:
		return have
	case len(id) < idLength:
		return kept{ID: id, Name: id}
	}
	return kept{ID: id, Name: "the device"}
}

// idLength is how long Spotify's ids of devices are; names are shorter.
const idLength = 40

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
	if p.o.Engine && p.o.Here != nil {
		if name := p.o.Here(); name != "" {
			return kept{ID: session.Here, Name: name}
		}
	}
	return kept{ID: p.o.Device, Name: p.o.Device}
}

// readMemory is what the file holds; ok is false where that is nothing. A device that was
// chosen before the config said that this computer plays counts no more.
func (p *Player) readMemory() (have kept, ok bool) {
	if p.o.File == "" {
		return kept{}, false
	}
	data, err := os.ReadFile(p.o.File)
	if err != nil || len(data) > memorySize {
		return kept{}, false
	}
	ok = json.Unmarshal(data, &have) == nil && (have.ID != "" || have.Name != "")
	return have, ok && (have.Engine || !p.o.Engine)
}

// use makes a device the one used last.
func (p *Player) use(k kept, d webapi.Device) {
	p.saving.Lock()
	defer p.saving.Unlock()
	p.mu.Lock()
	k.Engine = p.o.Engine
	changed := p.last != k
	p.last, p.read, p.sure = k, true, time.Now()
	p.volume, p.fixed = d.Volume, !d.SupportsVolume
	p.mu.Unlock()
	if changed {
		p.write(k)
	}
}

// write writes down the device used last. saving is held.
func (p *Player) write(k kept) {
	if p.o.File == "" {
		return
	}
	data, err := json.Marshal(k)
	if err == nil {
		_ = cache.WriteFile(p.o.File, data) // else it is chosen once more, next time
	}
}

// insist writes down the device in use once more, where another program of ours chose one
// that we could not go to: what is remembered is what plays. Where none is in use theirs is.
func (p *Player) insist() {
	ours := p.device()
	p.saving.Lock()
	defer p.saving.Unlock()
	have, ok := p.readMemory()
	switch {
	case !ok || have == ours:
	case ours.ID == "" && ours.Name == "":
		p.mu.Lock()
		p.last = have
		p.mu.Unlock()
	default:
		p.write(ours)
	}
}

// Forget forgets the device that was used last, on disk, too.
func (p *Player) Forget() error {
	p.saving.Lock()
	defer p.saving.Unlock()
	var errs []error
	if p.o.File != "" {
		errs = []error{gone(os.Remove(p.o.File)), gone(os.Remove(p.placeFile()))}
	}
	p.mu.Lock()
	p.last, p.read, p.sure = kept{}, false, time.Time{} // the config's counts again
	p.mu.Unlock()
	return errors.Join(errs...)
}

// gone is the error of a removal; what was not there is gone.
func gone(err error) error {
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

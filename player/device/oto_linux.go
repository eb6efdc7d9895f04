package device

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
	_ "unsafe" // for go:linkname

	"github.com/ebitengine/oto/v3"

	"segue/internal/pcm"
)

// oto makes one context for the process, and no other after that one has died. Every
// context of ours ends for good with its stream, so the next may be made.
//
//go:linkname otoContextCreated github.com/ebitengine/oto/v3.contextCreated
var otoContextCreated bool

// Oto is the sound card, in float32 stereo, behind the guard. It can be started again
// after its stream has ended, for whatever reason, but runs once at a time.
func Oto(o OtoOptions) pcm.Device { return &otoCard{options: o.withDefaults()} }

type otoCard struct {
	options OtoOptions

	mu   sync.Mutex // held through Start
	name string     // what ALSA's device was called the first time
}

func (d *otoCard) Name() string { return "oto (ALSA default)" }

// Start takes ALSA's default, or a sound server that it knows by name. Once one was found
// it takes no other: music that was in the headphones does not come back from the
// loudspeakers.
func (d *otoCard) Start(_ pcm.Format, fill func(dst []float32) bool) (pcm.Stream, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	a := &attempt{allow: d.allows, arrived: make(chan *line, 1)}
	if err := guard.begin(a); err != nil {
		return nil, fmt.Errorf("device: no sound device: %w", err)
	}
	if err := d.open(a); err != nil {
		guard.failed(a, err)
		return nil, fmt.Errorf("device: no sound device: %w", err)
	}
	l, err := a.wait()
	if err != nil {
		return nil, fmt.Errorf("device: no sound device: %w", err)
	}
	d.name = l.name
	l.start(fill)
	return l, nil
}

// wait is for the device to be opened, or not.
func (a *attempt) wait() (*line, error) {
	timer := time.NewTimer(openPatience)
	defer timer.Stop()
	select {
	case l := <-a.arrived:
		if l == nil {
			return nil, errors.New(a.words())
		}
		return l, nil
	case <-timer.C:
		if l := guard.abandon(a); l != nil {
			return l, nil
		}
		return nil, errors.New("it does not answer")
	}
}

// open lets oto open the device; a.arrived tells what came of it.
func (d *otoCard) open(a *attempt) error {
	if os.Getenv("PIPEWIRE_DEBUG") == "" {
		// Its library complains on stderr when the server goes.
		if err := os.Setenv("PIPEWIRE_DEBUG", "0"); err != nil {
			return err
		}
	}
	otoContextCreated = false
	ctx, ready, err := oto.NewContext(&oto.NewContextOptions{
		SampleRate: d.options.Rate, ChannelCount: 2, Format: oto.FormatFloat32LE, BufferSize: d.options.Buffer,
	})
	if err != nil {
		return err
	}
	go func() {
		<-ready
		if err := ctx.Err(); err != nil {
			guard.failed(a, err)
		}
	}()
	return nil
}

// allows tells which of ALSA's devices may be tried. The rest of what oto would try are
// converters, other people's cards, and plug-ins that write to stderr.
func (d *otoCard) allows(name string) bool {
	if d.name != "" {
		return name == d.name
	}
	return slices.Contains([]string{"default", "plug:default", "pipewire", "pulse"}, name) ||
		strings.HasPrefix(name, "sysdefault:")
}

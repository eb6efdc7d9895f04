package player

import (
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/ring"
)

// endless is a source that never ends and costs nothing.
type endless struct{ f Format }

func (e endless) Format() Format                               { return e.f }
func (e endless) Read(dst []float32) (int, error)              { return len(dst), nil }
func (e endless) Seek(to time.Duration) (time.Duration, error) { return to, nil }
func (e endless) Close() error                                 { return nil }

// chain is a decode loop and a reader, driven by hand.
func chain(rate, out, channels int, set settings, g music.Gain) (*decoder, *ring.Reader) {
	r := ring.New(4*out, out, 1, 1)
	rd := r.Attach()
	rd.Open()
	d := newDecoder(target{r, out}, 0, set, false, func(news) {})
	d.append(newTrack(Item{ID: 1, Source: endless{Format{Rate: rate, Channels: channels}}, Gain: g}))
	return d, rd
}

// turn decodes until the ring is full and reads half of it.
func turn(d *decoder, rd *ring.Reader, dst []float32) (frames int) {
	for d.step() {
	}
	for d.out.ring.Buffered() > d.out.ring.Capacity()/2 {
		rd.Read(dst)
		frames += len(dst) / 2
	}
	return frames
}

func chains() []struct {
	name               string
	rate, out, channel int
	set                settings
} {
	return []struct {
		name               string
		rate, out, channel int
		set                settings
	}{
		{"as it is", 44100, 44100, 2, settings{}},
		{"gain", 44100, 44100, 2, settings{mode: GainTrack}},
		{"mono", 44100, 44100, 1, settings{}},
		{"5.1", 48000, 48000, 6, settings{}},
		{"resampled", 44100, 48000, 2, settings{mode: GainTrack}},
	}
}

func TestSteadyPlayAllocatesNothing(t *testing.T) {
	for _, tt := range chains() {
		d, rd := chain(tt.rate, tt.out, tt.channel, tt.set, music.Gain{HasTrack: true, TrackDB: -6})
		dst := make([]float32, 2*2048)
		turn(d, rd, dst)
		turn(d, rd, dst)
		if n := testing.AllocsPerRun(10, func() { turn(d, rd, dst) }); n != 0 {
			t.Errorf("%s: %v allocations", tt.name, n)
		}
	}
}

func TestNothingIsScheduledWhilePaused(t *testing.T) {
	d, _ := chain(44100, 44100, 2, settings{}, music.Gain{})
	for d.step() {
	}
	if d.sleep() < time.Second {
		t.Errorf("with a full ring it sleeps %v", d.sleep())
	}
	d.paused = true
	if d.sleep() != 0 {
		t.Error("the decode loop sets a timer while paused")
	}
	p := New(Config{}, nil)
	e := p.engine
	for _, s := range []State{Unloaded, Loaded, Paused} {
		e.state = s
		if n := e.next(time.Now()); n != 0 {
			t.Errorf("%v: Run wakes after %v", s, n)
		}
	}
}

func BenchmarkChain(b *testing.B) {
	for _, tt := range chains() {
		b.Run(tt.name, func(b *testing.B) {
			d, rd := chain(tt.rate, tt.out, tt.channel, tt.set, music.Gain{HasTrack: true, TrackDB: -6})
			dst := make([]float32, 2*2048)
			turn(d, rd, dst)
			b.ReportAllocs()
			frames := 0
			for b.Loop() {
				frames += turn(d, rd, dst)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(frames), "ns/frame")
		})
	}
}

func TestTheSpectrumAllocatesNothing(t *testing.T) {
	var a analyser
	g := ring.New(44100, 44100, 1, 1)
	g.Write(0, make([]float32, 2*window))
	dst := make([]float32, 64)
	if n := testing.AllocsPerRun(10, func() {
		if !g.Mono(a.mono[:], window) {
			t.Fatal("nothing to look at")
		}
		a.prepare(len(dst), 44100)
		a.transform()
		for i := range dst {
			dst[i] = a.band(i)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkSpectrum(b *testing.B) {
	var a analyser
	for i := range a.mono {
		a.mono[i] = float32(i%100) / 100
	}
	dst := make([]float32, 64)
	b.ReportAllocs()
	for b.Loop() {
		a.prepare(len(dst), 44100)
		a.transform()
		for i := range dst {
			dst[i] = a.band(i)
		}
	}
}

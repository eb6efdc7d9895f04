package player

import (
	"math"
	"math/bits"
	"slices"
	"sync"
)

const (
	window  = 2048 // frames that a spectrum is made of
	lowest  = 40.0 // Hz, where the first band begins
	highest = 16000.0
	quiet   = -72.0 // dB below full scale that a band shows as 0
)

// analyser turns the frames that are heard into bands. Its tables are made when
// the first spectrum is asked for; nobody asking costs nothing.
type analyser struct {
	mu    sync.Mutex // one asker at a time
	ready bool
	hann  [window]float32
	re    [window / 2]float64
	im    [window / 2]float64
	cos   [window / 2]float64 // of 2 pi k / window
	sin   [window / 2]float64
	rev   [window / 2]uint16
	mono  [window]float32
	power [window/2 + 1]float64
	edges []int     // the bins that bands begin at, and the end
	mids  []float64 // where the middle of each band lies, in bins
	rate  int
}

// Spectrum fills dst with bands of what is heard now, from 40 Hz to 16 kHz
// on a logarithmic scale: 0 is -72 dB or less, 1 a tone at full scale. It returns how many
// bands it filled: len(dst), or 0 when nothing is heard (paused, stopped, between seek and sound).
//
// It looks at the last 2,048 frames that have left the device, as far as that tells: what is on
// its way to it is not shown yet. The volume is applied behind it and does not show. It may be
// called from any goroutine, as often as there is something to draw (20 to 30 times a second),
// takes some 20 us, allocates nothing while len(dst) stays the same, and does not touch what the
// device calls. Whoever does not ask pays nothing. Values are not smoothed: let bars fall slowly.
func (p *Player) Spectrum(dst []float32) int {
	a := &p.bands
	a.mu.Lock()
	defer a.mu.Unlock()
	rate, ok := p.listenTo(a.mono[:])
	if !ok || len(dst) == 0 {
		return 0
	}
	a.prepare(len(dst), rate)
	a.transform()
	for i := range dst {
		dst[i] = a.band(i)
	}
	return len(dst)
}

// Waveform fills dst with the latest frames heard, both channels averaged, and
// returns how many it filled: len(dst), or 0 when nothing is heard. The ring keeps 3 s of what was
// heard, so len(dst) may be up to that many frames less what the device holds. For its cost and
// callers see Spectrum.
func (p *Player) Waveform(dst []float32) int {
	if _, ok := p.listenTo(dst); !ok {
		return 0
	}
	return len(dst)
}

// listenTo copies the frames that were heard last.
func (p *Player) listenTo(dst []float32) (rate int, ok bool) {
	o, r := p.now.Load(), p.ring.Load()
	if o == nil || r == nil || p.anchor.Load().Rate == 0 {
		return 0, false
	}
	at, sound := o.reader().Frame(o.last())
	if !sound {
		return 0, false
	}
	return o.stream.Format().Rate, r.Mono(dst, min(at, r.Taken()))
}

func (a *analyser) prepare(bands, rate int) {
	if !a.ready {
		a.ready = true
		for i := range a.hann {
			a.hann[i] = float32(0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/window))
		}
		shift := 16 - bits.Len(window/2-1)
		for k := range a.cos {
			a.sin[k], a.cos[k] = math.Sincos(2 * math.Pi * float64(k) / window)
			a.rev[k] = bits.Reverse16(uint16(k)) >> shift
		}
	}
	if len(a.edges) == bands+1 && a.rate == rate {
		return
	}
	a.rate = rate
	a.edges, a.mids = make([]int, bands+1), make([]float64, bands)
	top := min(highest, float64(rate)/2)
	bin := func(i float64) float64 {
		return lowest * math.Pow(top/lowest, i/float64(bands)) * window / float64(rate)
	}
	for i := range a.edges {
		a.edges[i] = min(int(math.Round(bin(float64(i)))), window/2)
	}
	for i := range a.mids {
		a.mids[i] = min(bin(float64(i)+0.5), window/2-1)
	}
}

// transform makes the power of each bin: a complex FFT of half the length over
// even and odd samples, untangled at the end.
func (a *analyser) transform() {
	const n = window / 2
	for i := range n {
		j := a.rev[i]
		a.re[j] = float64(a.mono[2*i] * a.hann[2*i])
		a.im[j] = float64(a.mono[2*i+1] * a.hann[2*i+1])
	}
	for size := 2; size <= n; size *= 2 {
		half, step := size/2, window/size
		for from := 0; from < n; from += size {
			for k := range half {
				c, s := a.cos[k*step], a.sin[k*step]
				x, y := from+k, from+k+half
				re := a.re[y]*c + a.im[y]*s
				im := a.im[y]*c - a.re[y]*s
				a.re[y], a.im[y] = a.re[x]-re, a.im[x]-im
				a.re[x] += re
				a.im[x] += im
			}
		}
	}
	for k := range n {
		m := (n - k) % n
		er, ei := (a.re[k]+a.re[m])/2, (a.im[k]-a.im[m])/2
		or, oi := (a.im[k]+a.im[m])/2, (a.re[m]-a.re[k])/2
		re := er + or*a.cos[k] + oi*a.sin[k]
		im := ei + oi*a.cos[k] - or*a.sin[k]
		a.power[k] = re*re + im*im
	}
	a.power[n] = (a.re[0] - a.im[0]) * (a.re[0] - a.im[0])
}

// band is how loud the loudest bin of a band is. Low bands may be narrower than a bin: those
// lie between two, or neighbours would rise and fall as one.
func (a *analyser) band(i int) float32 {
	var most float64
	if from, to := a.edges[i], a.edges[i+1]; to > from+1 {
		most = slices.Max(a.power[from:to])
	} else {
		k := int(a.mids[i])
		part := a.mids[i] - float64(k)
		most = a.power[k]*(1-part) + a.power[k+1]*part
	}
	if most == 0 {
		return 0
	}
	db := 10 * math.Log10(most/(window/4*window/4)) // a full-scale tone's bin under this window
	return float32(min(max(1-db/quiet, 0), 1))
}

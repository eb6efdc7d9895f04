package player

import (
	"math"

	"segue/internal/music"
)

// knee is where the soft clip begins.
const knee = 0.9

// factor is the linear gain for an item, and whether what comes of it may go
// beyond full scale, because no peak is known.
func factor(g music.Gain, mode GainMode, albumContext bool, preampDB float64) (f float32, soft bool) {
	var album bool
	switch mode {
	case GainTrack:
	case GainAlbum:
		album = true
	case GainAuto:
		album = albumContext
	case GainOff:
		return 1, false
	default:
		return 1, false
	}
	if album && !g.HasAlbum || !album && !g.HasTrack {
		album = !album // the other is better than none
	}
	db, peak, has := g.TrackDB, g.TrackPeak, g.HasTrack
	if album {
		db, peak, has = g.AlbumDB, g.AlbumPeak, g.HasAlbum
	}
	if !has || math.IsNaN(db) || math.IsInf(db, 0) {
		return 1, false
	}
	preampDB = min(max(preampDB, -15), 15)
	lin := math.Pow(10, min(max(db+preampDB, -60), 60)/20)
	if peak > 0 && !math.IsInf(peak, 0) {
		return float32(min(lin, 1/peak)), false
	}
	return float32(lin), lin > 1
}

// softClip bends what is above the knee so that nothing goes beyond full scale.
func softClip(frames []float32) {
	for i, x := range frames {
		if x > knee || x < -knee {
			frames[i] = bend(x)
		}
	}
}

func bend(x float32) float32 {
	a := math.Abs(float64(x))
	y := knee + (1-knee)*math.Tanh((a-knee)/(1-knee))
	return float32(math.Copysign(y, float64(x)))
}

// level is a gain on its way from one value to another.
type level struct {
	now, to, step float32
	set           bool
}

// aim goes to a gain within so many frames; the first aim is reached at once.
func (l *level) aim(to float32, frames int) {
	if !l.set {
		l.now, l.to, l.set = to, to, true
		return
	}
	if to == l.to {
		return
	}
	l.to = to
	l.step = (to - l.now) / float32(max(frames, 1))
}

// apply multiplies stereo frames by the gain; at 1 they are left as they are, to the bit.
func (l *level) apply(frames []float32) {
	i := 0
	for ; l.now != l.to && i+1 < len(frames); i += 2 {
		l.now += l.step
		if l.step > 0 && l.now > l.to || l.step < 0 && l.now < l.to {
			l.now = l.to
		}
		frames[i] *= l.now
		frames[i+1] *= l.now
	}
	if l.now == 1 {
		return
	}
	g := l.now
	for ; i < len(frames); i++ {
		frames[i] *= g
	}
}

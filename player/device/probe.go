package device

import (
	"time"

	"segue/internal/pcm"
)

// Report is what Probe found, for segue doctor.
type Report struct {
	Device  string        // what plays, in the sound system's own words; "" when nothing does
	Format  pcm.Format    // that it was opened with
	Opening time.Duration // until it was open, or refused
	Playing time.Duration // from there until it began to play, 0 = it did not within 3 s
	Err     error         // why it cannot be used
	Servers []string      // sound servers that run: "PulseAudio", "PipeWire"
	Cards   []string      // sound cards that the kernel knows
	Names   []string      // devices that Oto would try, in its order
	Advice  string        // one sentence, "" when all is well
}

// probePatience is how long Probe waits for the first sound.
const probePatience = 3 * time.Second

// Probe opens the sound card, plays silence on it for a moment, and closes it again. It
// takes as long as the device does, at most 8 s.
func Probe(o OtoOptions) Report {
	r := surroundings()
	began := time.Now()
	s, err := Oto(o).Start(pcm.Format{}, func(dst []float32) bool {
		clear(dst)
		return true
	})
	r.Opening = time.Since(began)
	if err != nil {
		r.Err = err
		r.Advice = r.advice()
		return r
	}
	defer func() { _ = s.Close() }() // what follows says whether it works
	r.Device, r.Format = describe(s), s.Format()
	r.Playing, r.Err = firstSound(s)
	r.Advice = r.advice()
	return r
}

// firstSound waits until the latency of a stream shrinks, which it does when frames leave.
func firstSound(s pcm.Stream) (time.Duration, error) {
	began := time.Now()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for most := s.Latency(); time.Since(began) < probePatience; most = max(most, s.Latency()) {
		if s.Latency() < most {
			return time.Since(began), nil
		}
		select {
		case <-s.Done():
			return 0, s.Err()
		case <-tick.C:
		}
	}
	return 0, s.Err()
}

func (r Report) advice() string {
	switch {
	case r.Err == nil && r.Playing > 0:
		return ""
	case r.Err == nil:
		return "the sound device opens but does not begin to play: restart the sound server, or look for a program that holds the card"
	case len(r.Servers) > 0:
		return "a sound server runs, but ALSA does not reach it: install its ALSA plug-in (Debian: pipewire-alsa, or libasound2-plugins for PulseAudio)"
	case len(r.Cards) > 0:
		return "there is a sound card, but it cannot be opened: it may be in use, or you may have to join the group audio"
	}
	return "there is no sound card and no sound server here: Segue plays in silence, and keeps time"
}

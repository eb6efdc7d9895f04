package device

import "time"

// OtoOptions for the sound card; the zero value is right.
type OtoOptions struct {
	// Rate asked of the device in Hz, 0 = 44,100. Stream.Format tells what it became.
	Rate int
	// Buffer of the device, 0 = 400 ms. Shorter costs more: every half of it somebody
	// must wake up.
	Buffer time.Duration
}

func (o OtoOptions) withDefaults() OtoOptions {
	if o.Rate <= 0 {
		o.Rate = 44100
	}
	if o.Buffer <= 0 {
		o.Buffer = 400 * time.Millisecond
	}
	return o
}

// openPatience is how long Start waits for a device that does not answer.
const openPatience = 4 * time.Second

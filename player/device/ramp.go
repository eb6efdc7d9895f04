package device

// ramp is a gain that changes in a straight line. It belongs to a line's writer.
type ramp struct {
	now, target, step float32
	left              int // frames until target
}

// aim makes the gain reach target after so many frames.
func (r *ramp) aim(target float32, frames int) {
	if target == r.target {
		return
	}
	r.target, r.left = target, max(1, frames)
	r.step = (target - r.now) / float32(r.left)
}

// settle ends the ramp where nothing can be heard of it.
func (r *ramp) settle() { r.now, r.left = r.target, 0 }

// unity says that apply would change nothing.
func (r *ramp) unity() bool { return r.left == 0 && r.now == 1 }

// apply multiplies stereo frames.
func (r *ramp) apply(samples []float32) {
	for i := 0; i+1 < len(samples); i += 2 {
		if r.left > 0 {
			r.now += r.step
			if r.left--; r.left == 0 {
				r.now = r.target
			}
		}
		samples[i] *= r.now
		samples[i+1] *= r.now
	}
}

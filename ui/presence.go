package ui

import (
	"time"

	"segue/session"
)

// awayAfter is how long without a key, or the mouse, somebody counts as having been away.
const awayAfter = time.Minute

// present takes note that somebody is at the screen. Who comes back to it sees how the
// device that plays stands now, which is asked seldom else.
func (m *Model) present(back bool) {
	back = back || m.env.Now.Sub(m.presentAt) >= awayAfter
	m.presentAt = m.env.Now
	if back && m.env.Play.DeviceOf != "" {
		m.env.Send(session.LookAgain{})
	}
}

package screen

import (
	"time"

	"segue/internal/rows"
)

// Clock gives a time as "1:23" or "1:02:03"; nothing for zero or less.
func Clock(d time.Duration) string { return rows.Clock(d) }

// ClockAt is Clock for positions: zero is "0:00".
func ClockAt(d time.Duration) string { return rows.ClockAt(d) }

// Thousands gives n with its thousands divided, "12,345".
func Thousands(n int) string { return rows.Thousands(n) }

package screen

import (
	"strconv"
	"time"
)

// Clock gives a time as "1:23" or "1:02:03"; nothing for zero or less.
func Clock(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return ClockAt(d)
}

// ClockAt is Clock for positions: zero is "0:00".
func ClockAt(d time.Duration) string {
	s := int(max(d, 0) / time.Second)
	h, m, s := s/3600, s/60%60, s%60
	var b []byte
	if h > 0 {
		b = strconv.AppendInt(b, int64(h), 10)
		b = append(b, ':')
		if m < 10 {
			b = append(b, '0')
		}
	}
	b = strconv.AppendInt(b, int64(m), 10)
	b = append(b, ':')
	if s < 10 {
		b = append(b, '0')
	}
	return string(strconv.AppendInt(b, int64(s), 10))
}

// Thousands gives n with its thousands divided, "12 345".
func Thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

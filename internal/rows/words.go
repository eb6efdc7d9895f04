package rows

import (
	"strconv"
	"strings"
	"time"
)

// Subtitle is the line below a title: parts that are empty are left out.
func Subtitle(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " · ")
}

// Count is "1 track", "2 tracks".
func Count(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return Thousands(n) + " " + one + "s"
}

// Thousands gives n with its thousands divided, "12,345".
func Thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Clock is a length as "8:12" or "1:18:12"; empty for none. What is left of a second is not
// counted, as on every clock.
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

package lrc

import (
	"strconv"
	"strings"
	"time"
)

// stamp reads mm:ss, mm:ss.x, mm:ss.xx, mm:ss.xxx, mm:ss:xx and hh:mm:ss.xx. Minutes
// may have up to four digits, so that an hour can be 75 of them.
func stamp(s string) (time.Duration, bool) {
	s = strings.TrimSpace(s)
	whole, frac := s, ""
	if i := strings.IndexAny(s, ".,"); i >= 0 {
		whole, frac = s[:i], s[i+1:]
		if frac == "" {
			return 0, false
		}
	}
	f := strings.Split(whole, ":")
	if len(f) == 3 && frac == "" && len(f[2]) == 2 {
		// mm:ss:xx, an old way to write hundredths; lyrics of many hours are not known.
		f, frac = f[:2], f[2]
	}
	if len(f) < 2 || len(f) > 3 {
		return 0, false
	}
	seconds := 0
	for i, part := range f {
		n, ok := digits(part, 4)
		if !ok || (i > 0 && n > 59) {
			return 0, false
		}
		seconds = seconds*60 + n
	}
	ms, ok := fraction(frac)
	d := time.Duration(seconds)*time.Second + ms
	return d, ok && d <= maxTime
}

// maxTime bounds a stamp: no song lasts 100 hours.
const maxTime = 100 * time.Hour

// fraction reads up to nine decimals of a second; none are zero.
func fraction(s string) (time.Duration, bool) {
	if s == "" {
		return 0, true
	}
	n, ok := digits(s, 9)
	d := time.Duration(n)
	for range 9 - len(s) {
		d *= 10
	}
	return d, ok
}

// digits reads one to most ASCII digits.
func digits(s string, most int) (int, bool) {
	if s == "" || len(s) > most || strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' }) {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// maxOffset bounds what an offset may shift: more is a typing error.
const maxOffset = 10 * time.Minute

// offset reads signed milliseconds; what it cannot read is zero.
func offset(s string) time.Duration {
	n, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimPrefix(s, "+"), "ms"), 64)
	d := n * float64(time.Millisecond)
	if err != nil || d != d || d > float64(maxOffset) || d < -float64(maxOffset) {
		return 0
	}
	return time.Duration(d)
}

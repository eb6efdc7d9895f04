package tags

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
)

// leadingInt is the first number in b, ignoring what stands before it, and what follows it.
// There is none, or it is beyond 99,999: 0.
func leadingInt(b []byte) (n int, rest []byte) {
	i := 0
	for i < len(b) && (b[i] < '0' || b[i] > '9') {
		i++
	}
	for ; i < len(b) && b[i] >= '0' && b[i] <= '9'; i++ {
		n = min(n*10+int(b[i]-'0'), 1_000_000)
	}
	if n > 99_999 {
		n = 0
	}
	return n, b[i:]
}

// pair reads "3", "3/12", "03 of 12" or "A3".
func pair(b []byte) (n, total int) {
	n, rest := leadingInt(b)
	total, _ = leadingInt(rest)
	return n, total
}

// decimal reads "-7.03 dB", "+1,5", "0.98"; what is no finite number is not ok.
func decimal(b []byte) (float64, bool) {
	b = bytes.TrimSpace(b)
	i := 0
	for i < len(b) && (b[i] >= '0' && b[i] <= '9' || bytes.IndexByte([]byte("+-.,eE"), b[i]) >= 0) {
		i++
	}
	if i == 0 || i > 32 {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(bytes.ReplaceAll(b[:i], []byte(","), []byte("."))), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}

// date understands YYYY, YYYY-MM, YYYY-MM-DD, YYYYMMDD, a time behind any of
// them, DD.MM.YYYY, and any text with a year in it. What it does not understand
// it gives back as it stands, with year 0.
func date(s string) (text string, year int) {
	if d, y, ok := isoDate(s); ok {
		return d, y
	}
	if len(s) == 10 && s[2] == '.' && s[5] == '.' {
		if d, y, ok := isoDate(s[6:] + "-" + s[3:5] + "-" + s[:2]); ok {
			return d, y
		}
	}
	for i := 0; i+4 <= len(s); i++ {
		alone := (i == 0 || !isDigit(s[i-1])) && (i+4 == len(s) || !isDigit(s[i+4]))
		if y := digits(s, i, 4); alone && y >= 1000 {
			return s[i : i+4], y
		}
	}
	return s, 0
}

// isoDate reads a date that begins with its year.
func isoDate(s string) (text string, year int, ok bool) {
	y := digits(s, 0, 4)
	if y < 1000 {
		return "", 0, false
	}
	if len(s) == 4 {
		return s, y, true
	}
	if len(s) == 6 || len(s) == 8 || len(s) > 8 && s[8] == 'T' {
		if m, d := digits(s, 4, 2), digits(s, 6, 2); m >= 0 && (len(s) == 6 || d >= 0) {
			return ymd(y, m, d), y, true
		}
	}
	if s[4] != '-' && s[4] != '/' && s[4] != '.' && s[4] != ':' {
		return s[:4], y, !isDigit(s[4])
	}
	m, d := digits(s, 5, 2), -1
	if len(s) > 7 && s[7] == s[4] {
		d = digits(s, 8, 2)
	}
	return ymd(y, m, d), y, true
}

// ymd writes a date as far as month and day can be true.
func ymd(y, m, d int) string {
	switch {
	case m < 1 || m > 12:
		return fmt.Sprintf("%04d", y)
	case d < 1 || d > 31:
		return fmt.Sprintf("%04d-%02d", y, m)
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d)
}

// digits is the number of exactly n digits at i, or -1.
func digits(s string, i, n int) int {
	if i+n > len(s) {
		return -1
	}
	v := 0
	for _, c := range []byte(s[i : i+n]) {
		if !isDigit(c) {
			return -1
		}
		v = v*10 + int(c-'0')
	}
	return v
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

package query

import (
	"math"
	"strconv"
	"strings"
)

// number reads the value of a numeric field; msg says what is wrong with it.
func number(f Field, v string) (n Node, msg string) {
	low, high := -inf, inf
	var err string
	read := func(s string) float64 {
		x, e := quantity(f, s)
		if e != "" && err == "" {
			err = e
		}
		return x
	}
	switch {
	case strings.HasPrefix(v, "<="):
		high = read(v[2:])
	case strings.HasPrefix(v, ">="):
		low = read(v[2:])
	case strings.HasPrefix(v, "<"):
		high = math.Nextafter(read(v[1:]), -inf)
	case strings.HasPrefix(v, ">"):
		low = math.Nextafter(read(v[1:]), inf)
	default:
		low, high = between(f, strings.TrimPrefix(v, "="), read)
	}
	if err != "" {
		return nil, err
	}
	if low > high {
		return nil, "the range " + v + " holds nothing: its ends are the wrong way round"
	}
	return Number{Field: f, Low: low, High: high}, ""
}

// between reads a range a-b, a.., ..b or a single value, which for lengths and ages
// means the whole unit that was named: time:3:30 is that second, added:1d within a day.
func between(f Field, v string, read func(string) float64) (low, high float64) {
	low, high = -inf, inf
	a, b, ranged := strings.Cut(v, "..")
	if !ranged {
		if i := strings.IndexByte(v, '-'); i > 0 {
			a, b, ranged = v[:i], v[i+1:], true
		}
	}
	if !ranged {
		x := read(v)
		switch f {
		case Added, Played:
			return -inf, x
		case Time:
			return x - 0.5, math.Nextafter(x+0.5, -inf)
		case Any, Artist, Album, Title, Genre, Source, Year, Plays, Rating:
		}
		return x, x
	}
	if a != "" {
		low = read(a)
	}
	if b != "" {
		if f == Year && len(b) == 2 && len(a) == 4 {
			b = a[:2] + b // 1970-79
		}
		high = read(b)
	}
	return low, high
}

func quantity(f Field, s string) (float64, string) {
	switch f {
	case Year:
		return year(s)
	case Time:
		return seconds(s)
	case Added, Played:
		return age(s)
	case Plays, Rating:
		x, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return 0, string(f) + " wants a number, as in " + string(f) + ":>=4"
		}
		return x, ""
	case Any, Artist, Album, Title, Genre, Source:
	}
	return 0, string(f) + " is no number"
}

// year reads four digits, or two: 31 to 99 lie in the last century, 00 to 30 in this one.
func year(s string) (float64, string) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 9999 {
		return 0, "year wants a year or a range, as in year:1970-1979"
	}
	if len(s) == 2 {
		if n > 30 {
			n += 1900
		} else {
			n += 2000
		}
	}
	return float64(n), ""
}

// seconds reads 90, 90s, 5m, 1h, 1h30m, 3:30 and 1:02:03.
func seconds(s string) (float64, string) {
	const wrong = "time wants a length, as in time:>5m or time:<3:30"
	if strings.Contains(s, ":") {
		total := 0.0
		parts := strings.Split(s, ":")
		if len(parts) > 3 {
			return 0, wrong
		}
		for _, p := range parts {
			n, err := strconv.ParseUint(p, 10, 32)
			if err != nil {
				return 0, wrong
			}
			total = total*60 + float64(n)
		}
		return total, ""
	}
	return units(s, "smh", []float64{1, 60, 3600}, wrong)
}

// age reads 12h, 30d, 2w, 6m (months of 30 days), 1y; without a unit days.
func age(s string) (float64, string) {
	const day = 24 * 3600
	if x, err := strconv.ParseFloat(s, 64); err == nil && !math.IsInf(x, 0) && !math.IsNaN(x) {
		return x * day, ""
	}
	return units(s, "hdwmy", []float64{3600, day, 7 * day, 30 * day, 365 * day},
		"this wants an age, as in added:<30d (h, d, w, m, y)")
}

// units adds up numbers with a one-letter unit behind each; a last one without is in
// the first unit.
func units(s, names string, sizes []float64, wrong string) (float64, string) {
	total, rest := 0.0, strings.ToLower(s)
	for rest != "" {
		i := strings.IndexAny(rest, names)
		num, size := rest, sizes[0]
		if i >= 0 {
			num, size = rest[:i], sizes[strings.IndexByte(names, rest[i])]
			rest = rest[i+1:]
		} else {
			rest = ""
		}
		x, err := strconv.ParseFloat(num, 64)
		if err != nil || x < 0 || math.IsInf(x, 0) || math.IsNaN(x) {
			return 0, wrong
		}
		total += x * size
	}
	if s == "" {
		return 0, wrong
	}
	return total, ""
}

package screen

import "strings"

// Most lines are ASCII, SGR sequences and box drawing. Those are measured and cut here,
// in one pass and without a look at grapheme clusters; what holds anything else takes
// the long way through package ansi.

// next gives the bytes and the cells of the character or sequence at s[i]; ok is false
// where it is none of the simple ones.
func next(s string, i int) (bytes, cells int, ok bool) {
	switch c := s[i]; {
	case c >= 0x20 && c < 0x7f:
		return 1, 1, true
	case c == 0x1b:
		j := i + 1
		if j >= len(s) || s[j] != '[' {
			return 0, 0, false
		}
		for j++; j < len(s) && s[j] >= '0' && s[j] <= ';'; j++ {
		}
		if j >= len(s) || s[j] != 'm' {
			return 0, 0, false
		}
		return j + 1 - i, 0, true
	case c == 0xe2 && i+2 < len(s) && (s[i+1] == 0x94 || s[i+1] == 0x95) && s[i+2] >= 0x80 && s[i+2] <= 0xbf,
		c == 0xe2 && i+2 < len(s) && s[i+1] == 0x96 && s[i+2] >= 0x80 && s[i+2] <= 0x9f: // U+2500 to U+259F: lines and blocks
		return 3, 1, true
	}
	return 0, 0, false
}

// simple gives the cells of a text of simple characters; ok is false for any other.
func simple(s string) (cells int, ok bool) {
	for i := 0; i < len(s); {
		n, w, ok := next(s, i)
		if !ok {
			return 0, false
		}
		i += n
		cells += w
	}
	return cells, true
}

// parted gives a line of simple characters up to the cell x, and from the cell end on
// with the style that is in force there; ok is false for any other line.
func parted(s string, x, end int) (left string, leftCells int, right string, rightCells int, ok bool) {
	at, cut, from := 0, -1, -1
	var style strings.Builder
	for i := 0; i < len(s); {
		n, w, simple := next(s, i)
		if !simple {
			return "", 0, "", 0, false
		}
		if w > 0 && cut < 0 && at >= x {
			cut, leftCells = i, at
		}
		if w > 0 && from < 0 && at >= end {
			from = i
		}
		if w == 0 && from < 0 {
			if seq := s[i : i+n]; seq == "\x1b[m" || seq == "\x1b[0m" {
				style.Reset()
			} else {
				style.WriteString(seq)
			}
		}
		i += n
		at += w
	}
	if cut < 0 {
		cut, leftCells = len(s), at
	}
	if from < 0 {
		return s[:cut], leftCells, "", 0, true
	}
	return s[:cut], leftCells, style.String() + s[from:], at - end, true
}

package wire

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"segue/internal/music"
)

// The values of answers. Reading one never fails: what cannot be understood is the
// zero value.
type (
	// ID is opaque text, byte for byte as the server gave it; a number keeps its digits.
	ID string
	// Text is for one line on the screen, and clean.
	Text string
	// Raw is text with its line breaks, not clean.
	Raw string
	// Int is a whole number; a fraction is cut.
	Int int64
	// Float is a number that may be absent.
	Float struct {
		Value float64
		Set   bool
	}
	// Flag is a yes or no.
	Flag bool
	// Time is a moment; one without a zone is in the local one, as home servers mean it.
	Time struct{ time.Time }
	// List holds rows; one row without a list around it is a list of one.
	List[T any] []T
	// One is a thing that may be absent; of a list it is the first.
	One[T any] struct {
		Value T
		Set   bool
	}
)

// scalar is the text of a JSON scalar; of a list that of its first scalar. ok is false for
// null, objects and empty lists.
func scalar(b []byte) (text string, ok bool) {
	b = bytes.TrimSpace(b)
	if len(b) == 0 {
		return "", false
	}
	switch b[0] {
	case '"':
		return text, json.Unmarshal(b, &text) == nil
	case '[':
		for _, e := range elements(b) {
			if text, ok := scalar(e); ok {
				return text, true
			}
		}
		return "", false
	case '{', 'n':
		return "", false
	}
	return string(b), true
}

// elements are those of a JSON list.
func elements(b []byte) []json.RawMessage {
	var all []json.RawMessage
	if json.Unmarshal(b, &all) != nil {
		return nil
	}
	return all
}

// UnmarshalJSON reads the value; it never fails.
func (v *ID) UnmarshalJSON(b []byte) error {
	s, _ := scalar(b)
	*v = ID(s)
	return nil
}

// UnmarshalJSON reads the value; it never fails.
func (v *Text) UnmarshalJSON(b []byte) error {
	s, _ := scalar(b)
	*v = Text(strings.TrimSpace(music.Clean(s)))
	return nil
}

// UnmarshalJSON reads the value; it never fails.
func (v *Raw) UnmarshalJSON(b []byte) error {
	s, _ := scalar(b)
	*v = Raw(s)
	return nil
}

// number reads what stands for a finite number.
func number(b []byte) (float64, bool) {
	s, ok := scalar(b)
	if !ok {
		return 0, false
	}
	s = strings.TrimSpace(s)
	switch s {
	case "true":
		return 1, true
	case "false":
		return 0, true
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}

// UnmarshalJSON reads the value; it never fails.
func (v *Int) UnmarshalJSON(b []byte) error {
	*v = 0
	if s, ok := scalar(b); ok {
		if n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64); err == nil {
			*v = Int(n)
			return nil
		}
	}
	const most = 1 << 62
	if f, ok := number(b); ok && math.Abs(f) < most {
		*v = Int(f)
	}
	return nil
}

// UnmarshalJSON reads the value; it never fails.
func (v *Float) UnmarshalJSON(b []byte) error {
	v.Value, v.Set = number(b)
	return nil
}

// UnmarshalJSON reads the value; it never fails.
func (v *Flag) UnmarshalJSON(b []byte) error {
	s, _ := scalar(b)
	s = strings.ToLower(strings.TrimSpace(s))
	f, isNumber := number(b)
	*v = Flag(s == "yes" || isNumber && f != 0)
	return nil
}

// layouts of moments, most usual first.
var layouts = [...]string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04", time.DateOnly}

// UnmarshalJSON reads the value; it never fails.
func (v *Time) UnmarshalJSON(b []byte) error {
	v.Time = time.Time{}
	s, ok := scalar(b)
	if !ok {
		return nil
	}
	s = strings.TrimSpace(s)
	for _, l := range layouts {
		if t, err := time.ParseInLocation(l, s, time.Local); err == nil {
			v.Time = t
			return nil
		}
	}
	f, ok := number(b)
	switch {
	case !ok || f <= 0 || f > 1e14:
	case f > 1e11: // milliseconds
		v.Time = time.UnixMilli(int64(f))
	default:
		v.Time = time.Unix(int64(f), 0)
	}
	return nil
}

// UnmarshalJSON reads the rows that can be understood; it never fails.
func (l *List[T]) UnmarshalJSON(b []byte) error {
	*l = nil
	l.add(b)
	return nil
}

func (l *List[T]) add(b []byte) {
	b = bytes.TrimSpace(b)
	if len(b) == 0 || b[0] == 'n' {
		return
	}
	if b[0] == '[' {
		for _, e := range elements(b) {
			l.add(e)
		}
		return
	}
	var row T
	if json.Unmarshal(b, &row) == nil {
		*l = append(*l, row)
	}
}

// UnmarshalJSON reads the thing if it can be understood; it never fails.
func (o *One[T]) UnmarshalJSON(b []byte) error {
	var l List[T]
	l.add(b)
	*o = One[T]{}
	if len(l) > 0 {
		o.Value, o.Set = l[0], true
	}
	return nil
}

package charts

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// The types below read what services should send and what they do send: numbers in
// quotes, nulls, another type altogether. What cannot be read is as if it were missing,
// so that one odd field does not cost a row, nor one odd row the chart.

// str is a text, cleaned; numbers are taken as their digits.
type str string

// UnmarshalJSON implements json.Unmarshaler and never fails.
func (s *str) UnmarshalJSON(b []byte) error {
	var plain string
	var number json.Number
	switch {
	case json.Unmarshal(b, &plain) == nil:
		*s = str(text(plain))
	case len(b) > 0 && b[0] != '"' && json.Unmarshal(b, &number) == nil:
		*s = str(number)
	}
	return nil
}

// strs is a list of texts.
type strs []str

// UnmarshalJSON implements json.Unmarshaler and never fails.
func (s *strs) UnmarshalJSON(b []byte) error {
	var list []str
	if json.Unmarshal(b, &list) == nil {
		*s = list
	}
	return nil
}

// integer is a whole number within 53 bits.
type integer int64

// UnmarshalJSON implements json.Unmarshaler and never fails.
func (n *integer) UnmarshalJSON(b []byte) error {
	f, err := strconv.ParseFloat(strings.Trim(string(b), `"`), 64)
	if err == nil && math.Abs(f) < 1<<53 {
		*n = integer(f)
	}
	return nil
}

// label is a text as Apple's older feed wraps it.
type label struct{ Label str }

// UnmarshalJSON implements json.Unmarshaler and never fails.
func (l *label) UnmarshalJSON(b []byte) error {
	var wrapped struct {
		Label str `json:"label"`
	}
	if json.Unmarshal(b, &wrapped) == nil {
		l.Label = wrapped.Label
	}
	return nil
}

package webapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"
	"time"

	"segue/internal/music"
)

// node is a place in an answer, whatever is there: an object, a list, a scalar, null or
// nothing at all. Reading one never fails; what cannot be understood is the zero value.
type node struct{ v any }

// parse reads an answer; it has to be one JSON value.
func parse(body []byte) (node, error) {
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return node{}, fmt.Errorf("not JSON: %w", err)
	}
	return node{v}, nil
}

// get is the first of the keys that holds something.
func (n node) get(keys ...string) node {
	m, _ := n.v.(map[string]any) //nolint:errcheck // nothing is in what is no object
	for _, k := range keys {
		if v := m[k]; v != nil {
			return node{v}
		}
	}
	return node{}
}

// has reports whether a key is there, if only as null.
func (n node) has(key string) bool {
	m, _ := n.v.(map[string]any) //nolint:errcheck // nothing is in what is no object
	_, ok := m[key]
	return ok
}

// object reports whether it is one.
func (n node) object() bool {
	_, ok := n.v.(map[string]any)
	return ok
}

// null reports whether nothing is there.
func (n node) null() bool { return n.v == nil }

// list is the elements; those of an object that ought to be a list are the object.
func (n node) list() []node {
	switch v := n.v.(type) {
	case []any:
		all := make([]node, len(v))
		for i, e := range v {
			all[i] = node{e}
		}
		return all
	case map[string]any:
		return []node{n}
	}
	return nil
}

// raw is a scalar as text.
func (n node) raw() string {
	switch v := n.v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// text is for one line on the screen, and clean.
func (n node) text() string { return strings.TrimSpace(music.Clean(n.raw())) }

// prose is text that Spotify wrote as HTML, as in descriptions.
func (n node) prose() string { return strings.TrimSpace(music.Clean(html.UnescapeString(n.raw()))) }

// id is an id or a URI: text without white space or control characters.
func (n node) id() string {
	s := n.raw()
	if strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return ""
	}
	return s
}

// number is a finite number, and whether there is one.
func (n node) number() (float64, bool) {
	if b, ok := n.v.(bool); ok {
		if b {
			return 1, true
		}
		return 0, true
	}
	f, err := strconv.ParseFloat(strings.TrimSpace(n.raw()), 64)
	if err != nil || math.IsNaN(f) || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return f, true
}

// count is a whole number, none where there is no such.
func (n node) count(none int) int {
	if f, ok := n.number(); ok {
		return int(f)
	}
	return none
}

// flag is a yes or no, none where it does not say.
func (n node) flag(none bool) bool {
	switch strings.ToLower(strings.TrimSpace(n.raw())) {
	case "true", "yes":
		return true
	case "false", "no":
		return false
	}
	if f, ok := n.number(); ok {
		return f != 0
	}
	return none
}

// longest is as long as a piece of sound may be; more is nonsense.
const longest = 1000 * time.Hour

// millis is a length of time that is given in ms.
func (n node) millis() time.Duration {
	f, _ := n.number()
	return time.Duration(min(max(f, 0), float64(longest/time.Millisecond))) * time.Millisecond
}

// when is a moment: RFC 3339, or ms since 1970; zero where there is none.
func (n node) when() time.Time {
	if t, err := time.Parse(time.RFC3339Nano, n.raw()); err == nil {
		return t
	}
	if f, ok := n.number(); ok && f > 0 {
		return time.UnixMilli(int64(f))
	}
	return time.Time{}
}

// uriID is the last part of a URI: the id.
func uriID(uri string) string { return uri[strings.LastIndexByte(uri, ':')+1:] }

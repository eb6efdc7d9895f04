package m3u

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"sort"
	"strconv"
	"strings"
	"time"
)

// maxNumber bounds the numbers of PLS entries.
const maxNumber = 1_000_000

// parsePLS reads "FileN=", "TitleN=" and "LengthN=" in any order.
func parsePLS(lines []textLine) *List {
	found := map[int]*Entry{}
	for _, x := range lines {
		key, value, ok := strings.Cut(strings.TrimSpace(x.text), "=")
		if !ok {
			continue
		}
		_, raw, _ := strings.Cut(strings.TrimSpace(x.raw), "=")
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		for _, name := range [...]string{"file", "title", "length"} {
			n, err := strconv.Atoi(strings.TrimPrefix(key, name))
			if err != nil || !strings.HasPrefix(key, name) || n < 0 || n > maxNumber {
				continue
			}
			e := found[n]
			if e == nil {
				e = &Entry{}
				found[n] = e
			}
			switch name {
			case "file":
				e.Location = strings.TrimSpace(raw)
				e.decoded(value)
			case "title":
				e.Title = value
			case "length":
				if sec, err := strconv.Atoi(value); err == nil && sec > 0 && sec < 1e7 {
					e.Length = time.Duration(sec) * time.Second
				}
			}
		}
	}
	numbers := make([]int, 0, len(found))
	for n := range found {
		numbers = append(numbers, n)
	}
	sort.Ints(numbers)
	l := &List{}
	for _, n := range numbers {
		if found[n].Location != "" {
			l.lines = append(l.lines, newLine(*found[n]))
		}
	}
	return l
}

// parseXSPF reads the tracks that have a location. Entities and depth are bounded by
// encoding/xml, which knows no external ones.
func parseXSPF(data []byte) *List {
	l := &List{}
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict = false
	var now Entry
	var path []string
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) || err != nil {
			return l
		}
		switch t := tok.(type) {
		case xml.StartElement:
			path = append(path, t.Name.Local)
			if t.Name.Local == "track" {
				now = Entry{}
			}
		case xml.EndElement:
			if len(path) > 0 {
				path = path[:len(path)-1]
			}
			if t.Name.Local == "track" && now.Location != "" {
				l.lines = append(l.lines, newLine(now))
			}
		case xml.CharData:
			l.text(path, string(t), &now)
		}
	}
}

func (l *List) text(path []string, s string, now *Entry) {
	s = strings.TrimSpace(s)
	if s == "" || len(path) < 2 {
		return
	}
	inTrack := path[len(path)-2] == "track"
	switch name := path[len(path)-1]; {
	case name == "title" && path[len(path)-2] == "playlist":
		l.name = oneLine(s)
	case !inTrack:
	case name == "location" && now.Location == "":
		now.Location = s
		if !strings.Contains(s, "://") {
			if p, err := url.PathUnescape(s); err == nil {
				now.Location = p
			}
		}
	case name == "title":
		if now.Title == "" {
			now.Title = oneLine(s)
		} else {
			now.Title += " - " + oneLine(s)
		}
	case name == "creator":
		if now.Title == "" {
			now.Title = oneLine(s)
		} else {
			now.Title = oneLine(s) + " - " + now.Title
		}
	case name == "duration":
		if ms, err := strconv.ParseInt(s, 10, 64); err == nil && ms > 0 && ms < 1e10 {
			now.Length = time.Duration(ms) * time.Millisecond
		}
	}
}

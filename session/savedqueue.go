package session

import (
	"strconv"
	"strings"

	"segue/internal/music"
)

// SavedQueue is a list of entries that is saved as one text, a line for each: the
// Ref; before it the number and a space, where that is not the one before plus 1;
// before all that a + for entries put next by hand. A queue of 100,000 is read in
// a fraction of the time that as many objects take.
type SavedQueue []SavedEntry

// SavedEntry is one entry of a saved queue: the Ref as text.
type SavedEntry struct {
	Ref  string
	ID   EntryID // 0 = none yet
	Next bool    // was put after the playing track by hand
}

// MarshalText writes the lines.
func (q SavedQueue) MarshalText() ([]byte, error) {
	n := 0
	for _, e := range q {
		n += len(e.Ref) + 2
	}
	b := make([]byte, 0, n+16)
	var before EntryID
	for i, e := range q {
		if i > 0 {
			b = append(b, '\n')
		}
		if e.Next {
			b = append(b, '+')
		}
		if e.ID != before+1 {
			b = append(strconv.AppendUint(b, uint64(e.ID), 10), ' ')
		}
		b = append(b, e.Ref...)
		before = e.ID
	}
	return b, nil
}

// UnmarshalText reads what MarshalText wrote. Lines that are something else
// become entries that are no Ref, for the session to count.
func (q *SavedQueue) UnmarshalText(text []byte) error {
	*q = nil
	if len(text) == 0 {
		return nil
	}
	all := string(text)
	list := make(SavedQueue, 0, strings.Count(all, "\n")+1)
	var before EntryID
	for line := range strings.SplitSeq(all, "\n") {
		e := SavedEntry{ID: before + 1}
		line, e.Next = strings.CutPrefix(line, "+")
		if number, rest, found := strings.Cut(line, " "); found {
			if id, err := strconv.ParseUint(number, 10, 64); err == nil {
				e.ID, line = EntryID(id), rest
			}
		}
		e.Ref, before = line, e.ID
		list = append(list, e)
	}
	*q = list
	return nil
}

// names keeps one copy of each of the few names that many refs share.
type names map[string]string

func (n names) one(s string) string {
	if have, ok := n[s]; ok {
		return have
	}
	s = strings.Clone(s)
	n[s] = s
	return s
}

// entry reads a saved entry. It holds nothing of the text that it came from.
func (v SavedEntry) entry(n names) (e *entry, ok bool) {
	ref, err := music.ParseRef(v.Ref)
	if err != nil {
		return nil, false
	}
	ref = music.Ref{
		Account: music.AccountID(n.one(string(ref.Account))),
		Kind:    music.Kind(n.one(string(ref.Kind))),
		ID:      strings.Clone(ref.ID),
	}
	return &entry{id: v.ID, ref: ref, next: v.Next}, true
}

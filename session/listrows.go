package session

import "segue/internal/music"

// rowSet is the rows by index. Where somebody else has moved them meanwhile, a row is
// the nearest one that holds its track; a track that is gone is a conflict.
func rowSet(have []music.Ref, rows []Row) (map[int]bool, error) {
	set := make(map[int]bool, len(rows))
	var moved []Row
	for _, r := range rows {
		if r.Index >= 0 && r.Index < len(have) && have[r.Index] == r.Track {
			set[r.Index] = true
			continue
		}
		moved = append(moved, r)
	}
	for _, r := range moved {
		at, ok := nearestRow(have, r, set)
		if !ok {
			return nil, conflict()
		}
		set[at] = true
	}
	return set, nil
}

// nearestRow finds the row with a track that is nearest to where it was, and not taken.
func nearestRow(have []music.Ref, r Row, taken map[int]bool) (at int, ok bool) {
	away := 0
	for i, h := range have {
		d := distance(i, r.Index)
		if h == r.Track && !taken[i] && (!ok || d < away) {
			at, away, ok = i, d, true
		}
	}
	return at, ok
}

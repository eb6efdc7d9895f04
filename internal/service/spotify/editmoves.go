package spotify

import (
	"slices"
	"strings"
)

// moves brings the rows that stay into their order: those that need not move are left
// where they are, the others move block by block. from is, of each row after, the row
// before; rows whose URI is gone have been removed by then.
func moves(before []string, gone map[string]bool, from []int) []edit {
	var now, want []int // rows before, by their numbers
	for i, u := range before {
		if !gone[u] {
			now = append(now, i)
		}
	}
	for _, f := range from {
		if f >= 0 {
			want = append(want, f)
		}
	}
	stays := map[int]bool{}
	for _, i := range ascending(want) {
		stays[want[i]] = true
	}
	var plan []edit
	for i := 0; i < len(want); i++ {
		if stays[want[i]] {
			continue
		}
		at := slices.Index(now, want[i])
		n := 1
		for i+n < len(want) && at+n < len(now) && now[at+n] == want[i+n] && !stays[want[i+n]] {
			n++
		}
		before := 0
		if i > 0 {
			before = slices.Index(now, want[i-1]) + 1
		}
		if before < at || before > at+n {
			plan = append(plan, edit{at: at, n: n, before: before})
			now = moveRows(now, at, n, before)
		}
		i += n - 1
	}
	return plan
}

// moveRows moves n rows that begin at a place, as Spotify does.
func moveRows[T any](rows []T, at, n, before int) []T {
	block := slices.Clone(rows[at : at+n])
	rows = slices.Delete(slices.Clone(rows), at, at+n)
	if before > at {
		before -= n
	}
	return slices.Insert(rows, before, block...)
}

// ascending gives the places of a longest series of numbers that grow.
func ascending(list []int) []int {
	var ends []int // of the best series of each length: the place of its last number
	back := make([]int, len(list))
	for i, v := range list {
		k, _ := slices.BinarySearchFunc(ends, v, func(e, v int) int { return list[e] - v })
		back[i] = -1
		if k > 0 {
			back[i] = ends[k-1]
		}
		if k == len(ends) {
			ends = append(ends, i)
		} else {
			ends[k] = i
		}
	}
	series := make([]int, len(ends))
	for i, k := len(ends)-1, lastOr(ends, -1); i >= 0; i, k = i-1, back[k] {
		series[i] = k
	}
	return series
}

func lastOr(list []int, none int) int {
	if len(list) == 0 {
		return none
	}
	return list[len(list)-1]
}

// additions puts the new rows where they belong, from the first to the last: when a row is
// added, all before it stand already.
func additions(after []string, from []int) ([]edit, error) {
	var plan []edit
	for i := 0; i < len(after); i++ {
		if from[i] >= 0 {
			continue
		}
		n := 0
		for i+n < len(after) && from[i+n] < 0 && n < editAtOnce {
			n++
		}
		if err := addable(after[i : i+n]); err != nil {
			return nil, err
		}
		plan = append(plan, edit{add: slices.Clone(after[i : i+n]), at: i})
		i += n - 1
	}
	return plan, nil
}

// addable says why Spotify would not take a row.
func addable(uris []string) error {
	for _, u := range uris {
		switch {
		case strings.HasPrefix(u, localPrefix):
			return errLocalAdd
		case !strings.HasPrefix(u, "spotify:track:") && !strings.HasPrefix(u, "spotify:episode:"):
			return errWholeAdd
		}
	}
	return nil
}

// apply does to rows what Spotify does.
func (e edit) apply(rows []string) []string {
	switch {
	case e.replace != nil:
		return slices.Clone(e.replace)
	case len(e.remove) > 0:
		return slices.DeleteFunc(slices.Clone(rows), func(u string) bool { return slices.Contains(e.remove, u) })
	case len(e.add) > 0:
		return slices.Insert(slices.Clone(rows), e.at, e.add...)
	}
	return moveRows(rows, e.at, e.n, e.before)
}

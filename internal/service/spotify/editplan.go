package spotify

import (
	"errors"
	"slices"
	"strings"
)

// Spotify changes a playlist in three ways: it removes all rows of a URI at once, moves one
// block of rows, and adds up to 100 rows at one place. Rows cannot be removed by where they
// stand: of a track that is in the list twice, both go and one is added again. What is on
// the user's own disk (spotify:local:) can be removed and moved, and never be added.

// editAtOnce is how many rows one call adds or removes.
const editAtOnce = 100

// Bounds of a plan.
const (
	editFew  = 10  // calls; beyond, a short list is rather written anew
	editMost = 400 // calls; more would use up what Spotify allows for minutes
)

// edit is one call.
type edit struct {
	remove  []string // the URIs, of which every row goes
	add     []string // goes in at At
	replace []string // is all that the list holds then; not nil = it is written anew
	at      int      // where rows are added, or those moved stood
	n       int      // how many rows are moved, 0 = none
	before  int      // the row that they come to stand before, counted as it was
}

// Why an edit cannot be made.
var (
	errLocalAdd    = errors.New("Spotify's playlists take no files from disk but through its own app")
	errLocalTwice  = errors.New("the same file from disk is in it more than once, and Spotify would remove all of them")
	errGoneRemove  = errors.New("Spotify does not say what the row was, and removes only what it knows")
	errWholeAdd    = errors.New("only tracks and episodes go into a playlist")
	errEditTooLong = errors.New("so many rows would have to be moved one by one that Spotify would cut us off")
)

// planEdit says how a list becomes another, in as few calls as there need be. The lists
// hold URIs; "" is a row of which Spotify does not say what it was. What can be kept is
// kept with its date.
func planEdit(before, after []string) ([]edit, error) {
	if slices.Equal(before, after) {
		return nil, nil
	}
	from := align(before, after) // of each row after: the row before that it is, or -1
	kept := make([]bool, len(before))
	for _, f := range from {
		if f >= 0 {
			kept[f] = true
		}
	}
	gone := map[string]bool{} // URIs of which a row goes
	for i, k := range kept {
		if !k {
			gone[before[i]] = true
		}
	}
	if gone[""] {
		return nil, errGoneRemove
	}
	for i, f := range from { // what goes with the others of its URI comes back
		if f < 0 || !gone[before[f]] {
			continue
		}
		if strings.HasPrefix(before[f], localPrefix) {
			return nil, errLocalTwice
		}
		from[i] = -1
	}
	plan := removals(before, gone)
	plan = append(plan, moves(before, gone, from)...)
	more, err := additions(after, from)
	if err != nil {
		return nil, err
	}
	plan = append(plan, more...)
	if len(plan) > editFew && len(after) <= editAtOnce && addable(after) == nil {
		return []edit{{replace: slices.Concat([]string{}, after)}}, nil
	}
	if len(plan) > editMost {
		return nil, errEditTooLong
	}
	return plan, nil
}

// align finds for each row after which row before it is, -1 where it is new. Rows that
// stand in both in the same order keep their places; others of the same URI are moved.
func align(before, after []string) []int {
	from := make([]int, len(after))
	for i := range from {
		from[i] = -1
	}
	used := make([]bool, len(before))
	take := func(i, j int) { from[j], used[i] = i, true }
	head := 0
	for head < min(len(before), len(after)) && before[head] == after[head] {
		take(head, head)
		head++
	}
	tail := 0
	for tail < min(len(before), len(after))-head && before[len(before)-1-tail] == after[len(after)-1-tail] {
		tail++
		take(len(before)-tail, len(after)-tail)
	}
	commonRows(before[head:len(before)-tail], after[head:len(after)-tail], func(i, j int) { take(head+i, head+j) })
	free := map[string][]int{}
	for i, u := range before {
		if !used[i] {
			free[u] = append(free[u], i)
		}
	}
	for j, u := range after {
		if from[j] < 0 && len(free[u]) > 0 {
			take(free[u][0], j)
			free[u] = free[u][1:]
		}
	}
	return from
}

// tableMost bounds the table in which what two lists share is found.
const tableMost = 4 << 20

// commonRows names the rows of a longest list that both hold in the same order; of lists
// too long to compare those that a single walk finds.
func commonRows(a, b []string, take func(i, j int)) {
	if len(a) == 0 || len(b) == 0 {
		return
	}
	if (len(a)+1)*(len(b)+1) > tableMost {
		walkRows(a, b, take)
		return
	}
	w := len(b) + 1
	t := make([]int32, (len(a)+1)*w) // of a[i:] and b[j:]
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				t[i*w+j] = t[(i+1)*w+j+1] + 1
			} else {
				t[i*w+j] = max(t[(i+1)*w+j], t[i*w+j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			take(i, j)
			i, j = i+1, j+1
		case t[(i+1)*w+j] >= t[i*w+j+1]:
			i++
		default:
			j++
		}
	}
}

// walkRows takes what b has of a in passing: right where rows were only removed or added.
func walkRows(a, b []string, take func(i, j int)) {
	where := map[string][]int{}
	for j, u := range b {
		where[u] = append(where[u], j)
	}
	at := 0
	for i, u := range a {
		later := where[u]
		for len(later) > 0 && later[0] < at {
			later = later[1:]
		}
		where[u] = later
		if len(later) == 0 || later[0]-at > len(b)/2 { // far ahead: it was rather moved
			continue
		}
		take(i, later[0])
		at = later[0] + 1
	}
}

func removals(before []string, gone map[string]bool) []edit {
	var uris []string
	for _, u := range before {
		if gone[u] && !slices.Contains(uris, u) {
			uris = append(uris, u)
		}
	}
	var plan []edit
	for part := range slices.Chunk(uris, editAtOnce) {
		plan = append(plan, edit{remove: part})
	}
	return plan
}

package spotify

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// rowsOf are rows by letters: lower case is a track, upper case a file from disk, a dash a
// row that is gone.
func rowsOf(letters string) []string {
	var all []string
	for _, r := range letters {
		switch c := string(r); {
		case c == "-":
			all = append(all, "")
		case c == strings.ToUpper(c):
			all = append(all, localPrefix+c+":::")
		default:
			all = append(all, "spotify:track:"+c)
		}
	}
	return all
}

func TestAPlaylistBecomesAnotherInTheFewestCalls(t *testing.T) {
	for name, c := range map[string]struct {
		before, after string
		calls         int
	}{
		"nothing changes":                          {"abc", "abc", 0},
		"a row is added at the end":                {"abc", "abcd", 1},
		"rows are added at the start":              {"abc", "xyabc", 1},
		"rows are added at two places":             {"abc", "xabyc", 2},
		"one is removed":                           {"abc", "ac", 1},
		"several are removed":                      {"abcdef", "bdf", 1},
		"everything is removed":                    {"abc", "", 1},
		"one moves to the end":                     {"abcd", "bcda", 1},
		"one moves to the start":                   {"abcd", "dabc", 1},
		"a block moves":                            {"abcdefg", "adefbcg", 1},
		"two rows change places":                   {"abcd", "dbca", 2},
		"a twin is removed and its kin comes back": {"abcad", "abcd", 2},
		"the other twin":                           {"abcad", "bcad", 2},
		"a twin moves":                             {"aabc", "abca", 1},
		"a twin is added":                          {"abc", "abca", 1},
		"a file from disk stays where it is":       {"aBc", "Bc", 1},
		"a file from disk moves":                   {"aBc", "Bac", 1},
		"a file from disk is removed":              {"aBc", "ac", 1},
		"rows go around a file from disk":          {"aBc", "xBy", 3},
		"a row that is gone moves":                 {"a-c", "-ac", 1},
		"from nothing":                             {"", "abc", 1},
		"a row for another":                        {"abc", "axc", 2},
		"a short list upside down is written anew": {"abcdefghijklm", "mlkjihgfedcba", 1},
		"with a file from disk it is not":          {"abcdefghijklmN", "Nmlkjihgfedcba", 13},
	} {
		t.Run(name, func(t *testing.T) {
			before, after := rowsOf(c.before), rowsOf(c.after)
			plan, err := planEdit(before, after)
			if err != nil {
				t.Fatal(err)
			}
			now := before
			for _, e := range plan {
				now = e.apply(now)
			}
			if !slices.Equal(now, after) || len(plan) != c.calls {
				t.Errorf("%d calls, want %d: %+v\ngave %q", len(plan), c.calls, plan, now)
			}
		})
	}
}

func TestWhatSpotifyCannotDoIsRefusedBeforeAnythingIsDone(t *testing.T) {
	for name, c := range map[string]struct {
		before, after string
		why           error
	}{
		"a file from disk is added":         {"ab", "abC", errLocalAdd},
		"a file from disk is doubled":       {"aB", "aBB", errLocalAdd},
		"one of two files alike is removed": {"aBB", "aB", errLocalTwice},
		"a row that is gone is removed":     {"a-b", "ab", errGoneRemove},
		"a row that is gone is doubled":     {"a-", "a--", errWholeAdd},
	} {
		if plan, err := planEdit(rowsOf(c.before), rowsOf(c.after)); !errors.Is(err, c.why) || plan != nil {
			t.Errorf("%s: %v, %v", name, plan, err)
		}
	}
	var long []string
	for i := range 1000 {
		long = append(long, fmt.Sprintf("spotify:track:%d", i))
	}
	upside := slices.Clone(long)
	slices.Reverse(upside)
	if _, err := planEdit(long, upside); !errors.Is(err, errEditTooLong) {
		t.Errorf("a thousand moves: %v", err)
	}
}

func TestAnyPlanDoesWhatItSays(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	letters := "abcdefABCD-"
	for range 20_000 {
		var before, after string
		for range r.IntN(12) {
			before += string(letters[r.IntN(len(letters))])
		}
		for range r.IntN(12) {
			after += string(letters[r.IntN(len(letters))])
		}
		if r.IntN(2) == 0 { // the same rows in another order: nothing may be refused
			all := strings.Split(before, "")
			r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			after = strings.Join(all, "")
		}
		plan, err := planEdit(rowsOf(before), rowsOf(after))
		if err != nil {
			if len(after) == len(before) && slices.Equal(slices.Sorted(slices.Values(strings.Split(before, ""))), slices.Sorted(slices.Values(strings.Split(after, "")))) {
				t.Fatalf("%s to %s: %v", before, after, err)
			}
			continue
		}
		now := rowsOf(before)
		for _, e := range plan {
			now = e.apply(now)
		}
		if !slices.Equal(now, rowsOf(after)) {
			t.Fatalf("%s to %s: %+v gave %q", before, after, plan, now)
		}
	}
}

func TestALongPlaylistIsPlannedAtOnce(t *testing.T) {
	var before []string
	for i := range 10_000 {
		before = append(before, fmt.Sprintf("spotify:track:%d", i))
	}
	after := slices.Concat(before[:10], before[20:5000], before[6000:], before[5000:6000], []string{"spotify:track:new"})
	plan, err := planEdit(before, after)
	if err != nil || len(plan) > 4 {
		t.Fatalf("%d calls, %v", len(plan), err)
	}
	now := before
	for _, e := range plan {
		now = e.apply(now)
	}
	if !slices.Equal(now, after) {
		t.Error("it became something else")
	}
}

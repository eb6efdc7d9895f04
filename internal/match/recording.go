package match

import (
	"strings"
	"time"
)

// Recording is what is known of a recording by its names. What is empty is not known.
type Recording struct {
	Title   string
	Artists []string
	Album   string
	Length  time.Duration // 0 = not known
}

// Grade says how sure it is that two Recordings are one.
type Grade int

// The grades, the surest last.
const (
	None       Grade = iota
	Fuzzy            // slips in the names, forgiven because the lengths agree
	Normalised       // the same but for case, accents, "feat." and "Remastered"
	Exact            // the same, letter by letter
)

// lengthSlack is by how much the lengths of one recording may differ.
const lengthSlack = 3 * time.Second

// Compare grades what is there against what is looked for; what is not said of the
// wanted one does not count.
func Compare(want, have Recording) Grade {
	if want.Title == "" && len(want.Artists) == 0 && want.Album == "" {
		return None
	}
	g := Exact
	if want.Title != "" {
		g = min(g, titles(want.Title, have.Title))
	}
	named := len(want.Artists) > 0
	if named {
		g = min(g, artists(want.Artists, have.Artists))
	}
	if want.Album != "" {
		on := titles(want.Album, have.Album)
		if on == None && want.Title == "" {
			return None
		}
		g = min(g, max(on, Normalised)) // a recording is on many albums
	}
	near, known := nearby(want.Length, have.Length)
	switch {
	case g == Fuzzy && !(known && near), // the names alone do not do
		(!named || want.Title == "") && known && !near, // half a name is of many recordings
		want.Title == "" && !known:
		return None
	}
	return g
}

func nearby(a, b time.Duration) (near, known bool) {
	if a <= 0 || b <= 0 {
		return false, false
	}
	return (a - b).Abs() <= lengthSlack, true
}

// Best finds the one that is surest to be what is looked for; among equals that on the
// album, then that whose length is nearest, then the first. None: i is -1.
func Best(want Recording, have []Recording) (i int, g Grade) {
	i = -1
	const elsewhere = 24 * time.Hour
	var away time.Duration
	for j, h := range have {
		grade := Compare(want, h)
		if grade == None || grade < g {
			continue
		}
		off := (want.Length - h.Length).Abs()
		if want.Length <= 0 {
			off = 0
		}
		if want.Album != "" && titles(want.Album, h.Album) == None {
			off += elsewhere
		}
		if grade > g || off < away {
			i, g, away = j, grade, off
		}
	}
	return i, g
}

// titles grades one name against another.
func titles(want, have string) Grade {
	switch {
	case have == "":
		return None
	case want == have:
		return Exact
	}
	a, b := Core(want), Core(have)
	if a == b || Fold(want) == Fold(have) {
		return Normalised
	}
	return slipped(a, b)
}

func slipped(a, b string) Grade {
	most := Slips(min(len(a), len(b)))
	if most > 0 && Distance(a, b, most) <= most {
		return Fuzzy
	}
	return None
}

// artists grades lists of names: one in common, the first wanted one before all, is enough.
func artists(want, have []string) Grade {
	if len(have) == 0 {
		return None
	}
	wanted, joined := strings.Join(want, ", "), strings.Join(have, ", ")
	if wanted == joined || len(want) == 1 && have[0] == want[0] {
		return Exact
	}
	best := None
	lead := Lead(want[0])
	for _, h := range have {
		switch {
		case Fold(h) == Fold(wanted), Lead(h) == lead:
			return Normalised
		default:
			best = max(best, slipped(lead, Lead(h)))
		}
	}
	return best
}

// Lead is the first of artists that stand in one text ("A feat. B", "A & B", "A, B"),
// folded and without a leading article.
func Lead(artist string) string {
	low := strings.ToLower(artist)
	if len(low) == len(artist) { // else its letters lie elsewhere
		for _, sep := range [...]string{" feat. ", " feat ", " ft. ", " ft ", " featuring ", " with ", " vs. ", " vs ", " x ", " & ", ", ", " / ", "; "} {
			if i := strings.Index(low, sep); i > 0 {
				artist, low = artist[:i], low[:i]
			}
		}
	}
	return SortKey(artist)
}

// asides are what may stand in brackets or behind a dash without making it another recording.
var asides = [...]string{"feat", "ft", "featuring", "with", "remaster", "remastered", "mono", "stereo", "explicit", "clean", "album version", "single version", "original version", "original mix", "radio edit", "bonus track", "deluxe", "deluxe edition", "expanded edition", "anniversary edition", "from"}

// Core is a title folded and without what does not make another recording of it:
// "Song (feat. Somebody) - 2011 Remaster" is "song", "Song (Live)" stays.
func Core(title string) string {
	for _, pair := range [...]string{"()", "[]"} {
		for from := 0; ; {
			i := strings.IndexByte(title[from:], pair[0])
			if i < 0 {
				break
			}
			i += from
			j := strings.IndexByte(title[i:], pair[1])
			if j < 0 {
				break
			}
			if i > 0 && isAside(title[i+1:i+j]) {
				title = title[:i] + title[i+j+1:]
				from = i
			} else {
				from = i + j
			}
		}
	}
	if i := strings.LastIndex(title, " - "); i > 0 && isAside(title[i+3:]) {
		title = title[:i]
	}
	for _, sep := range [...]string{" feat. ", " ft. "} {
		if i := strings.Index(title, sep); i > 0 {
			title = title[:i]
		}
	}
	return Fold(title)
}

// isAside reports whether a text begins or, behind a year, ends with an aside.
func isAside(s string) bool {
	f := Fold(s)
	for len(f) > 0 && f[0] >= '0' && f[0] <= '9' {
		f = f[1:]
	}
	f = " " + strings.TrimSpace(f) + " "
	for _, a := range asides {
		if strings.HasPrefix(f, " "+a+" ") || strings.HasSuffix(f, " "+a+" ") {
			return true
		}
	}
	return strings.Contains(f, " remaster")
}

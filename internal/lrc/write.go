package lrc

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Format writes lyrics as Parse reads them: tags sorted by key, then a line each,
// with hundredths of a second where the lyrics are synced. Line breaks in a text
// become blanks. Of the times, hours are minutes beyond 59.
func Format(l Lyrics) string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(l.Tags)) {
		fmt.Fprintf(&b, "[%s:%s]\n", k, l.Tags[k])
	}
	for _, line := range l.Lines {
		text := clean(strings.NewReplacer("\n", " ", "\r", " ").Replace(line.Text))
		if l.Synced {
			cs := max(line.At, 0).Round(10*time.Millisecond) / (10 * time.Millisecond)
			fmt.Fprintf(&b, "[%02d:%02d.%02d]", cs/6000, cs/100%60, cs%100)
		}
		b.WriteString(text + "\n")
	}
	return b.String()
}

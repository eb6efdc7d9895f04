package rows

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Subtitle is the line below a title: parts that are empty are left out.
func Subtitle(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " · ")
}

// Count is "1 track", "2 tracks".
func Count(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + one + "s"
}

// Clock is a length or a place to the second, as "8:12" or "1:18:12"; empty for none.
func Clock(d time.Duration) string {
	sec := int(d.Round(time.Second) / time.Second)
	if sec <= 0 {
		return ""
	}
	if sec < 3600 {
		return fmt.Sprintf("%d:%02d", sec/60, sec%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", sec/3600, sec/60%60, sec%60)
}

package rows_test

import (
	"testing"
	"time"

	"segue/internal/rows"
)

func TestWordsOfPages(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{rows.Subtitle("Bach", "", rows.Count(2, "track")), "Bach · 2 tracks"},
		{rows.Subtitle(), ""},
		{rows.Count(1, "album"), "1 album"},
		{rows.Count(0, "album"), "0 albums"},
		{rows.Clock(0), ""},
		{rows.Clock(-time.Second), ""},
		{rows.Clock(59600 * time.Millisecond), "0:59"},
		{rows.Clock(time.Hour + 18*time.Minute + 12*time.Second), "1:18:12"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

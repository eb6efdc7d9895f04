package session

import (
	"testing"

	"segue/internal/music"
)

func FuzzAToplistComesBackFromItsSection(f *testing.F) {
	f.Add("rob/x y", "week", true)
	f.Add("50%:a", "", false)
	f.Fuzz(func(t *testing.T, user, period string, fresh bool) {
		a, err := ToplistAsk{User: user, Period: period, Fresh: fresh}.Check()
		if err != nil {
			return
		}
		got, ok := parseToplist(a.Section("home"))
		got.Limit = a.Limit
		if !ok || got != a {
			t.Fatalf("%+v became %+v by way of %s", a, got, a.Section("home"))
		}
		_, _ = parseToplist(music.Section("", user)) // anything may be asked
	})
}

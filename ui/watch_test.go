package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"segue/ui/style"
)

// TestAThemeIsReadAgainWhenItsFileChanges uses the real folder and the real watch.
func TestAThemeIsReadAgainWhenItsFileChanges(t *testing.T) {
	dir := t.TempDir()
	f, err := os.OpenFile(filepath.Join(dir, "mine.toml"), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	write := func(text string) { // all texts are of one length: nobody meets half a file
		if _, err := f.WriteAt([]byte(text), 0); err != nil {
			t.Fatal(err)
		}
	}
	write("[dark]\naccent = \"#010203\"\n")
	r := newRig(t, 120, 36, func(_ *fake, o *Options) { o.ThemeDir, o.Theme = dir, "mine" })
	r.m.ctx = t.Context()
	if r.m.theme.Dark.Accent != (style.Colour{R: 1, G: 2, B: 3}) {
		t.Fatalf("at the start: %+v", r.m.theme.Dark.Accent)
	}
	next := func(change func()) {
		t.Helper()
		got := make(chan tea.Msg, 1)
		go func() { got <- watchThemes(t.Context(), dir)() }()
		for {
			change() // until the watch has begun, nobody sees it
			select {
			case msg := <-got:
				r.m.watching = true
				r.send(msg)
				return
			case <-time.After(200 * time.Millisecond):
			}
		}
	}
	next(func() { write("[dark]\naccent = \"#040506\"\n") })
	if r.m.theme.Dark.Accent != (style.Colour{R: 4, G: 5, B: 6}) {
		t.Errorf("after the change: %+v", r.m.theme.Dark.Accent)
	}
	r.want("theme mine")
	next(func() { write("[dark]\naccent = \"#04050\"\n\n") })
	if r.m.theme.Dark.Accent != (style.Colour{R: 4, G: 5, B: 6}) {
		t.Errorf("a file with a mistake changed the look: %+v", r.m.theme.Dark.Accent)
	}
	r.want("theme mine, line 2")
	if strings.Contains(r.screen(), "toml:") {
		t.Error("the message names the parser")
	}
}

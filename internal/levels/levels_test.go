// Package levels holds the one test of the order of imports: a package may import
// packages of lower levels only, never its neighbours and never those above.
package levels

import (
	"os/exec"
	"strings"
	"testing"
)

// level of each package; docs/ARCHITECTURE.md has the picture. Between whole levels
// stand steps inside one floor of the house.
var level = map[string]float64{
	"segue": 8, "segue/internal/cli": 7, "segue/internal/app": 6, "segue/internal/generate": 7, "segue/internal/bench": 7, "segue/examples/webplayer": 7,

	"segue/ui": 5.5, "segue/ui/plain": 5.45, "segue/ui/page": 5.4, "segue/ui/widget": 5.3, "segue/ui/style": 5.2, "segue/ui/screen": 5.1,

	"segue/internal/service/local": 4.5, "segue/internal/service/stdin": 4.5,
	"segue/internal/service/subsonic": 4.5, "segue/internal/service/store": 4.1, "segue/internal/service/subsonic/wire": 4.1, "segue/internal/service/subsonic/server": 4.2, "segue/internal/service/subsonic/stream": 4.1,
	"segue/internal/service/spotify": 4.5, "segue/internal/service/spotify/webapi": 4.1, "segue/internal/service/spotify/webapi/webapitest": 4.2, "segue/internal/service/spotify/connect": 4.2, "segue/internal/service/spotify/engine": 4.2, "segue/internal/service/spotify/engine/standin": 4.3, "segue/internal/service/spotify/engine/enginetest": 4.1,
	"segue/internal/service/local/index": 4.1, "segue/internal/service/local/scan": 4.2,
	"segue/internal/service/local/m3u": 4.1, "segue/internal/service/local/history": 4.1,

	"segue/session": 3, "segue/session/sessiontest": 3.5,

	"segue/internal/charts": 4,

	"segue/player": 2, "segue/player/playertest": 2.5,
	"segue/internal/oauth": 2, "segue/internal/oauth/oauthtest": 0.5, "segue/cache/cachetest": 0.5,

	"segue/player/decode": 1, "segue/player/device": 1, "segue/player/resample": 1, "segue/cache": 1, "segue/keymap": 1,
	"segue/internal/httpx":  1,
	"segue/internal/config": 1.1, // it asks cache what other programs' variables say
	"segue/internal/tags":   1, "segue/internal/sampler": 1, "segue/internal/sampler/render": 1,

	"segue/internal/watch": 0.2, "segue/internal/query": 0.2, "segue/internal/rows": 0.3, "segue/internal/lrc": 0.2, "segue/internal/ring": 0.2, "segue/internal/cue": 0.2, "segue/internal/match": 0.1,
	"segue/internal/music": 0, "segue/internal/secret": 0, "segue/internal/pcm": 0, "segue/internal/mailbox": 0, "segue/internal/sqlitefile": 0, "segue/internal/pause": 0, "segue/internal/mpegaudio": 0, "segue/internal/need": 0, "segue/internal/said": 0, "segue/internal/genlib": 0,
	"segue/internal/levels": 0, "segue/internal/e2e": 0, "segue/scripts": 0,
}

func TestPackagesImportLowerLevelsOnly(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "segue/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		words := strings.Fields(line)
		here, known := level[words[0]]
		if !known {
			t.Errorf("%s has no level: give it one in this test and in docs/ARCHITECTURE.md", words[0])
			continue
		}
		for _, dep := range words[1:] {
			if !strings.HasPrefix(dep, "segue/") {
				continue
			}
			if there := level[dep]; there >= here {
				t.Errorf("%s (level %g) imports %s (level %g)", words[0], here, dep, there)
			}
		}
	}
}

// text/template calls methods by their names, so that the linker keeps every method of every
// type: a third of the program, all of which stands in memory. cobra imports it too, for what
// we do not use.
func TestTheProgramHasNoTemplates(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "segue").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		for _, dep := range words[1:] {
			if (dep == "text/template" || dep == "html/template") && words[0] != "github.com/spf13/cobra" {
				t.Errorf("%s imports %s", words[0], dep)
			}
		}
	}
}

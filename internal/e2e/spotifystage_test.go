//go:build e2e

package e2e

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"segue/internal/genlib"
	"segue/internal/oauth/oauthtest"
	"segue/internal/service/spotify/engine/enginetest"
	"segue/internal/service/spotify/webapi/webapitest"
)

// tape is what rich adds to an account: a playlist in which Spotify's tracks and files of
// the listener's own stand together.
type tape struct {
	id   string
	uris []string // a track, a file that is there, a track, a file that is not, a track
	file string   // the path of the one that is there
}

// rich puts a playlist with files into the account, and one of the files into a home.
func (s *spotify) rich(home string) tape {
	s.t.Helper()
	here := s.web.AddLocal("The Testers", "Kitchen Recordings", "Kettle", 12*time.Second)
	gone := s.web.AddLocal("The Testers", "Kitchen Recordings", "Toaster", 40*time.Second)
	track := func(i int) string { return "spotify:track:" + s.seed.Tracks[i] }
	t := tape{uris: []string{track(0), here, track(1), gone, track(2)}, file: filepath.Join(home, "Music", "kettle.flac")}
	t.id = s.web.AddPlaylist(webapitest.Playlist{Name: "Kitchen tape", Owner: webapitest.Ada}, t.uris...)
	write(s.t, t.file, genlib.FLAC([]string{"TITLE=Kettle", "ARTIST=The Testers", "ALBUM=Kitchen Recordings", "TRACKNUMBER=1", "DATE=2024"}, 12*44100/4096))
	return t
}

// signIn signs Ada in on the command line, as quickly as that goes.
func (s *spotify) signIn(home string) {
	s.t.Helper()
	s.at(in(home, "login", "spotify")).with("BROWSER="+s.browser(s.t.TempDir()), "SEGUE_SPOTIFY_CLIENT_ID="+oauthtest.Spotlike).run(s.t).wants(s.t, 0)
}

// TestAStageForWalking is no test but a stand-in of Spotify to walk through by hand:
//
//	mkfifo /tmp/stage/do; SEGUE_STAGE=/tmp/stage go test -tags e2e -run AStageForWalking -timeout 0 ./internal/e2e &
//	. /tmp/stage/env; $SEGUE        # Ada's account, signed in
//	echo quota > /tmp/stage/do      # what goes wrong from now on; see spotifywishes_test.go
//
// It ends at "echo end > /tmp/stage/do".
func TestAStageForWalking(t *testing.T) {
	dir := os.Getenv("SEGUE_STAGE")
	if dir == "" {
		t.Skip("no SEGUE_STAGE is set: nobody wants to walk")
	}
	t.Parallel()
	s, home := startSpotify(t, "keep"), filepath.Join(dir, "home")
	s.rich(home)
	s.signIn(home)
	st := &stage{spotify: s, home: home}
	engine, err := enginetest.Build(dir)
	if err != nil {
		t.Fatal(err)
	}
	var env strings.Builder
	c := s.at(in(home)).with("SEGUE_SPOTIFY_CLIENT_ID="+oauthtest.Spotlike, "SEGUE_SPOTIFY_ACCOUNTS="+st.through(s.auth.URL), "SEGUE_SPOTIFY_API="+st.through(s.web.URL))
	for _, e := range c.environment() {
		fmt.Fprintf(&env, "export %s'\n", strings.Replace(e, "=", "='", 1))
	}
	fmt.Fprintf(&env, "export SEGUE='%s'\nexport BROWSER='%s'\nENGINE='%s'\ncd '%s'\n", program, st.openBrowser(dir), engine, home)
	write(t, filepath.Join(dir, "env"), []byte(env.String()))
	wishes := filepath.Join(dir, "do")
	if err := syscall.Mkfifo(wishes, 0o600); err != nil && !errors.Is(err, fs.ErrExist) {
		t.Fatal(err)
	}
	f, err := os.OpenFile(wishes, os.O_RDWR, 0) // also a writer: it has no end
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	t.Logf("the stage is at %s", dir)
	for lines := bufio.NewScanner(f); lines.Scan() && lines.Text() != "end"; {
		st.act(lines.Text())
	}
}

//go:build e2e

package e2e

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
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
//	echo quota > /tmp/stage/do      # what goes wrong from now on; see act
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
	engine, err := enginetest.Build(dir)
	if err != nil {
		t.Fatal(err)
	}
	var env strings.Builder
	c := s.at(in(home)).with("SEGUE_SPOTIFY_CLIENT_ID=" + oauthtest.Spotlike)
	for _, e := range c.environment() {
		fmt.Fprintf(&env, "export %s'\n", strings.Replace(e, "=", "='", 1))
	}
	fmt.Fprintf(&env, "export SEGUE='%s'\nENGINE='%s'\ncd '%s'\n", program, engine, home)
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
		s.act(lines.Text())
	}
}

// act lets something happen at Spotify.
func (s *spotify) act(wish string) {
	web, seed := s.web, s.seed
	ada := webapitest.User{ID: webapitest.Ada, Name: "Ada L.", Premium: true}
	switch word, arg, _ := strings.Cut(wish, " "); word {
	case "heal":
		web.Heal()
		web.SetOwnerPremium(true)
		web.ChangeUser(ada)
	case "quota":
		web.Fail(webapitest.QuotaUsedUp(7 * time.Hour))
	case "rate":
		web.Fail(webapitest.TooMany(45 * time.Second))
	case "owner":
		web.SetOwnerPremium(false)
	case "unlisted":
		ada.Unlisted = true
		web.ChangeUser(ada)
	case "free":
		ada.Premium = false
		web.ChangeUser(ada)
	case "forbidden":
		web.Fail(webapitest.Text(http.StatusForbidden, "Forbidden."))
	case "broken":
		web.Fail(webapitest.Broken(http.StatusBadGateway))
	case "slow":
		web.Fail(webapitest.Fault{Wait: 3 * time.Second})
	case "old":
		web.SetOldKeys(true)
	case "elsewhere":
		web.PlayElsewhere(webapitest.Ada, seed.Phone, "spotify:track:"+seed.Tracks[20])
	case "vanish":
		web.RemoveDevice(webapitest.Ada, seed.Computer)
	case "alone":
		web.RemoveDevice(webapitest.Ada, seed.Computer)
		web.RemoveDevice(webapitest.Ada, seed.Phone)
	case "devices":
		web.AddDevice(webapitest.Ada, webapitest.Device{ID: seed.Computer, Name: "Desk", Type: "Computer", Volume: 60})
		web.AddDevice(webapitest.Ada, webapitest.Device{ID: seed.Phone, Name: "Pocket", Type: "Smartphone", Volume: 40, NoVolume: true})
	case "restricted":
		web.AddDevice(webapitest.Ada, webapitest.Device{Name: "Kitchen", Type: "Speaker", Restricted: true})
	case "edit":
		web.EditElsewhere(seed.Mine, webapitest.URIs("track", seed.Tracks[3:8]...)...)
	case "items":
		s.t.Logf("%s: %v", arg, web.Items(arg))
	case "calls":
		s.t.Logf("%v", web.Calls())
		web.Forget()
	case "now":
		s.t.Logf("%+v", web.Playback(webapitest.Ada))
	default:
		s.t.Logf("nobody knows how to %q", wish)
	}
}

//go:build e2e

package e2e

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"segue/internal/oauth/oauthtest"
	"segue/internal/service/spotify/webapi/webapitest"
)

// eventually waits for what the stand-in says, which is another process's doing.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// plays waits until the account plays a track on a device, or has it paused.
func (s *spotify) plays(title, device string, playing bool) webapitest.Playback {
	s.t.Helper()
	var now webapitest.Playback
	eventually(s.t, title+" on "+device, func() bool {
		now = s.web.Playback(webapitest.Ada)
		return now.URI == "spotify:track:"+title && now.Device == device && now.Playing == playing
	})
	return now
}

// TestSpotifyByKeysAlone is the first evening with an account: sign in on the screen, look
// around, play on a device in one queue with the sampler, lose it to another device, come
// back the next day, leave.
func TestSpotifyByKeysAlone(t *testing.T) {
	t.Parallel()
	s, home := startSpotify(t, "omit"), t.TempDir()
	seed := s.seed
	c := s.at(in(home)).with("BROWSER=" + s.browser(t.TempDir()))
	w := c.open(t)
	w.sees("Segue Sampler")
	w.keys(":add-account\r")
	w.chooses("Spotify")
	w.sees("name of the account")
	w.keys(enter)
	w.sees("3. copy the Client ID")
	w.keys(oauthtest.Spotlike + enter) // the browser does the rest
	w.sees("spotify ●", "Bob's best", "Evening")

	w.keys(":playlists\r")
	w.sees("{ } account")
	w.row(`Evening +9`)
	w.keys("/Evening" + enter)
	w.row(`Playlists +Local +spotify +1/1`)
	w.keys(enter)
	w.sees("9 tracks", "× Not at Spotify any")
	w.keys("gg" + enter)
	w.sees("no device is active", "Desk, Pocket") // and nothing plays
	w.keys("go")
	w.row(`○ Desk +Computer`)
	w.keys("j" + enter) // behind this computer's own output
	s.plays(seed.Tracks[0], seed.Computer, true)
	w.row(`▶ Aria`)
	w.row(`0:0[1-9] [━●]`)
	w.keys(" ")
	s.plays(seed.Tracks[0], seed.Computer, false)
	w.row(`‖ Aria`)
	w.keys(":seek 1:30\r")
	w.keys(" ")
	if at := s.plays(seed.Tracks[0], seed.Computer, true).Progress; at < 85*time.Second {
		t.Errorf("it plays from %s", at)
	}
	w.keys(":volume 35\r")
	w.row(`vol .* 35`)
	w.keys(">")
	s.plays(seed.Tracks[1], seed.Computer, true)
	w.row(`▶ Variation`)

	w.keys(":search greensleeves\r")
	w.row(`Greensleeves +Traditional`)
	w.keys("E")
	w.sees("added 1 track to play next")
	w.keys(">")
	w.row(`▶ Greensleeves`) // here, and the device is silent
	s.plays(seed.Tracks[1], seed.Computer, false)
	w.keys(">")
	s.plays(seed.Tracks[2], seed.Computer, true)
	w.row(`▶ Canon`)

	s.web.PlayElsewhere(webapitest.Ada, seed.Phone, "spotify:track:"+seed.Tracks[20])
	w.sees("plays on Pocket now")
	w.row(`‖ Canon`)
	s.plays(seed.Tracks[20], seed.Phone, true) // nobody steals it back
	w.keys(" ")
	s.plays(seed.Tracks[2], seed.Computer, true)
	w.row(`▶ Canon`)
	w.keys(ctrlC)
	if code := w.exits(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	w.restored()

	s.web.Forget()
	w = s.at(in(home)).open(t)
	w.sees("spotify ●", "‖ Canon", "Evening")
	w.row(`Starred +60`)
	if calls := s.web.Calls(); len(calls) > 5 {
		t.Errorf("a warm start makes %d calls: %v", len(calls), calls)
	}
	if n := s.auth.Stats(t).Exchanged; n != 1 {
		t.Errorf("%d sign-ins", n)
	}
	w.keys(":accounts\r")
	w.sees("signed in since")
	w.keys(":forget spotify\r")
	w.sees("Forget what it signs in with")
	w.chooses("Forget what it signs in with")
	w.loses("Remembered: ada")
	w.keys(ctrlC)
	w.exits()
	for _, p := range []string{".cache/segue/tokens/spotify.json", ".cache/segue/spotify"} {
		if left := filesIn(t, filepath.Join(home, p)); len(left) > 0 {
			t.Errorf("forgotten, but there are %v", left)
		}
	}
}

// filesIn are the files at a path and under it.
func filesIn(t *testing.T, path string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, p)
		}
		return nil // what is not there is not there
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestADeviceChosenOnTheCommandLineIsGoneToByTheSegueThatRuns: what it plays goes along, from
// where it is; what is listed there is the running one's choice, too.
func TestADeviceChosenOnTheCommandLineIsGoneToByTheSegueThatRuns(t *testing.T) {
	t.Parallel()
	s, home := startSpotify(t, "keep"), t.TempDir()
	seed := s.seed
	s.signIn(home)
	r := s.at(in(home, "devices", "desk")).run(t)
	r.wants(t, 0)
	if strings.Contains(r.talk, "the Segue that is running") {
		t.Errorf("none is running, but it says %q", r.talk)
	}
	w := s.at(in(home)).open(t)
	w.sees("spotify ●", "Evening")
	w.keys(":playlists\r")
	w.row(`Evening +9`)
	w.keys("/Evening" + enter)
	w.row(`Playlists +Local +spotify +1/1`)
	w.keys(enter)
	w.sees("9 tracks")
	w.keys("gg" + enter)
	s.plays(seed.Tracks[0], seed.Computer, true)
	w.keys(":seek 1:30\r")
	eventually(t, "the seek", func() bool { return s.web.Playback(webapitest.Ada).Progress > 85*time.Second })

	r = s.at(in(home, "devices", "pocket")).run(t)
	r.wants(t, 0, "spotify plays on Pocket from now on; the Segue that is running goes there, too")
	if at := s.plays(seed.Tracks[0], seed.Phone, true).Progress; at < 85*time.Second {
		t.Errorf("it goes on from %s", at)
	}
	w.sees("spotify plays on Pocket")
	w.row(`▶ Aria`)
	w.keys(">")
	s.plays(seed.Tracks[1], seed.Phone, true)

	w.keys(" ")
	s.plays(seed.Tracks[1], seed.Phone, false)
	s.at(in(home, "devices", "desk")).run(t).wants(t, 0)
	w.sees("spotify plays on Desk")
	w.row(`‖ Variation`) // what is paused stays so
	w.keys(" ")
	s.plays(seed.Tracks[1], seed.Computer, true)
	s.at(in(home, "devices", "kitchen")).run(t).wants(t, 5, "Desk, Pocket")
	w.keys(ctrlC)
	if code := w.exits(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

package engine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"segue/player"
)

func TestLinesOfStderrAreUnderstood(t *testing.T) {
	for line, want := range map[string]said{
		`level=info msg="running go-librespot 0.9.1"`:                                 {what: saysVersion, text: "0.9.1"},
		`INFO[0000] running go-librespot v1.2.3-rc1 commit`:                           {what: saysVersion, text: "v1.2.3-rc1"},
		`level=info msg="api server listening on 127.0.0.1:40123"`:                    {what: saysPort, text: "127.0.0.1:40123"},
		`level=info msg="api server listening on 127.0.0.1:9" x=1`:                    {what: saysPort, text: "127.0.0.1:9"},
		`level=info msg="visit https://a.b/c?d=e and, if prompted, enter code AB-CD"`: {what: saysVisit, text: "https://a.b/c?d=e", code: "AB-CD"},
		`level=info msg="to complete authentication visit the following link: https://a.b/c?d=e&f=g"`: {
			what: saysVisit, text: "https://a.b/c?d=e&f=g"},
		`level=fatal msg="failed running" error="login5: INVALID_CREDENTIALS"`:                      {what: saysRefused},
		`level=fatal msg="unknown credentials: device_auth"`:                                        {what: saysNoDevice},
		`level=warning msg="skipping track: Spotify refused the audio key (code 1): ` + first + `"`: {what: saysKey, text: first},
		`level=info msg="skipping unplayable media: spotify:episode:abc"`:                           {what: saysUnplayable, text: "spotify:episode:abc"},
		`level=info msg="playback was transferred to My Kitchen Radio"`:                             {what: saysTransfer, text: "My Kitchen Radio"},
		`level=warning msg="lost session, tearing down player to start a new one"`:                  {what: saysLost},
		`level=fatal msg="failed: \"x\"" error="no host"`:                                           {what: saysFatal, text: "failed: 'x': no host"},
		`level=debug msg="anything else"`:                                                           {},
		``:                                                                                          {},
	} {
		if got := understand(line); got != want {
			t.Errorf("%s is %+v, want %+v", line, got, want)
		}
	}
}

func TestTheLogHoldsNoSecrets(t *testing.T) {
	for _, secret := range []string{"s3cr3t", "QWxhZGRpbjpvcGVuIHNlc2FtZSBhbmQgbW9yZQ=="} {
		for _, line := range []string{
			`visit https://a.b/c?code=` + secret + ` now`, `token: ` + secret, `token="` + secret + `"`, `username=` + secret, `enter code ` + secret,
			`msg="password ` + secret + `"`, `{"data": "` + secret + `"}`,
		} {
			if got := scrub(line); strings.Contains(got, secret) {
				t.Errorf("%s is logged as %s", line, got)
			}
		}
	}
	if got := scrub("loaded track " + first); !strings.Contains(got, first) {
		t.Errorf("a track is gone: %s", got)
	}
}

func TestTheConfigurationIsThatOfTheContract(t *testing.T) {
	got := config("/state/a b", `Se"gue`, byDevice, settings{kbps: 160, cache: 5 << 30})
	for _, line := range []string{
		"zeroconf_enabled: false", "server:\n  enabled: true\n  address: \"127.0.0.1\"\n  port: 0\n", `audio_backend: "pipe"`,
		`audio_output_pipe: "/state/a b/sound"`, `audio_output_pipe_format: "s16le"`, "external_volume: true", "disable_autoplay: true",
		"bitrate: 160", "normalisation_disabled: true", "log_disable_timestamp: true", "credentials:\n  type: \"device_auth\"\n",
		"cache:\n  enabled: true\n  dir: \"/state/a b/cache\"\n  size_limit: \"5120M\"\n", `device_name: "Se\"gue"`,
	} {
		if !strings.Contains(got, line) {
			t.Errorf("%s is missing in\n%s", line, got)
		}
	}
	if got := config("/d", "Segue", byBrowser, settings{level: levelling(player.GainAlbum, -3.5)}); !strings.Contains(got, "cache:\n  enabled: false\n") ||
		!strings.Contains(got, "normalisation_disabled: false\nnormalisation_use_album_gain: true\nnormalisation_pregain: -3.5\n") || !strings.Contains(got, `type: "interactive"`) {
		t.Errorf("%s", got)
	}
	for kbps, want := range map[int]int{0: 320, 1: 96, 96: 96, 128: 96, 160: 160, 192: 160, 256: 320, 320: 320, 999: 320} {
		if got := (settings{kbps: kbps}).bitrate(); got != want {
			t.Errorf("%d kbit/s is asked for as %d", kbps, got)
		}
	}
}

// TestACacheOfNaughtIsATenthOfTheDisk: to the program naught would be no cache at all.
func TestACacheOfNaughtIsATenthOfTheDisk(t *testing.T) {
	e, err := New(Config{Dir: filepath.Join(t.TempDir(), "not", "there", "yet")})
	if err != nil {
		t.Fatal(err)
	}
	e.SetCacheLimit(0)
	free := freeBytes(t.TempDir())
	if free > 1<<30 && (e.set.cache < free/20 || e.set.cache > free/5) {
		t.Errorf("of %d free it takes %d", free, e.set.cache)
	}
	e.SetCacheLimit(100 << 20)
	if e.set.cache != 100<<20 {
		t.Errorf("of 100 MB it takes %d", e.set.cache)
	}
}

func TestVersionsThatKnowTheSignInByCode(t *testing.T) {
	for version, want := range map[string]bool{
		"0.9.0": false, "v0.9.0": false, "0.8.9": false, "0.9": false, "0.9.1": true, "v0.9.1-rc2": true, "0.10.0": true, "1.0.0": true, "dev": true, "": true,
	} {
		if got := SignsInByCode(version); got != want {
			t.Errorf("%q: %t", version, got)
		}
	}
}

func TestABrokenStateIsNoSignIn(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "", "no JSON": "{", "null": "null", "no credentials": `{"device_id":"x"}`, "empty ones": `{"credentials":{"username":"x","data":""}}`, "strange ones": `{"credentials":7}`,
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, stateName), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if readState(dir).signedIn() {
			t.Errorf("%s is a sign-in", name)
		}
		if err := forgetState(dir); err != nil {
			t.Errorf("%s cannot be forgotten: %v", name, err)
		}
	}
}

//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"segue/internal/oauth/oauthtest"
	"segue/internal/said"
	"segue/internal/service/spotify/webapi/webapitest"
)

// spotify is a stand-in of Spotify: a real OAuth server, and a Web API that takes its tokens.
type spotify struct {
	t    *testing.T
	auth *oauthtest.Server
	web  *webapitest.Server
	anna *oauthtest.Person
	seed webapitest.Seed
}

func startSpotify(t *testing.T, args ...string) *spotify {
	t.Helper()
	s := &spotify{t: t, auth: oauthtest.Start(t, args...), web: webapitest.New(t), anna: oauthtest.NewPerson(t, "ada", "allow")}
	s.web.Accept(func(token string) string {
		req, err := http.NewRequest(http.MethodGet, s.auth.URL+"/v1/me", http.NoBody)
		if err != nil {
			return ""
		}
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return ""
		}
		defer resp.Body.Close()
		var me struct{ ID string }
		_ = json.NewDecoder(resp.Body).Decode(&me) // then it is nobody
		return me.ID
	})
	s.seed = s.web.Fill(webapitest.Ada)
	return s
}

// at is a call of the program that finds the stand-in, and no desktop's keyring.
func (s *spotify) at(c call) call {
	return c.with("SEGUE_SPOTIFY_ACCOUNTS="+s.auth.URL, "SEGUE_SPOTIFY_API="+s.web.URL, "SEGUE_CACHE_TOKENS=file")
}

// browser is a program for BROWSER: it hands the address over to Ada.
func (s *spotify) browser(dir string) string {
	s.t.Helper()
	script, asked := filepath.Join(dir, "browser"), filepath.Join(dir, "asked")
	write(s.t, script, []byte("#!/bin/sh\nprintf %s \"$1\" >'"+asked+".new' && mv '"+asked+".new' '"+asked+"'\n"))
	if err := os.Chmod(script, 0o700); err != nil {
		s.t.Fatal(err)
	}
	go func() {
		for s.t.Context().Err() == nil {
			if addr, err := os.ReadFile(asked); err == nil {
				_, _, _ = s.anna.Walk(string(addr)) // where it ends the program says
				return
			}
			time.Sleep(20 * time.Millisecond) // the program is another process
		}
	}()
	return script
}

// noSecrets looks for what must not be printed.
func noSecrets(t *testing.T, home string, r result) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(home, ".cache", "segue", "tokens", "spotify.json"))
	if err != nil {
		t.Fatal(err)
	}
	var token struct {
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
	}
	if err := json.Unmarshal(data, &token); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{token.AccessToken, token.RefreshToken} {
		if secret != "" && strings.Contains(r.out+r.talk, secret) {
			t.Error("a token was printed")
		}
	}
	log, err := os.ReadFile(filepath.Join(home, ".local", "state", "segue", "segue.log"))
	if err == nil && (strings.Contains(string(log), token.RefreshToken) || token.AccessToken != "" && strings.Contains(string(log), token.AccessToken)) {
		t.Error("a token is in the log")
	}
}

// TestSpotifyOnTheCommandLine: sign in once, be in at every call, look, leave, come back
// without a question, and be forgotten.
func TestSpotifyOnTheCommandLine(t *testing.T) {
	t.Parallel()
	s, home, tools := startSpotify(t, "rotate", "59"), t.TempDir(), t.TempDir()
	first := s.at(in(home, "login", "spotify")).with("BROWSER="+s.browser(tools), "SEGUE_SPOTIFY_CLIENT_ID="+oauthtest.Spotlike)
	r := first.run(t)
	r.wants(t, 0)
	if want := "spotify: signed in as "; !strings.HasPrefix(r.out, want) || !strings.Contains(r.out, "remembered in "+home) {
		t.Errorf("it says %q, and %q", r.out, r.talk)
	}
	noSecrets(t, home, r)
	// The client id is in the grant: nothing need be set any more.
	r = s.at(in(home, "accounts")).run(t)
	r.wants(t, 0)
	until := time.Now().AddDate(0, 6, 0).Format("2006-01")
	for _, want := range []string{"spotify", "ada", "logged in", " until " + until, "allows ", "what you have saved"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("accounts lacks %q:\n%s", want, r.out)
		}
	}
	noSecrets(t, home, r)
	// One permission more, or again: the same user, and the rest stays.
	r = s.at(in(home, "login", "spotify", "--for", "everything")).run(t)
	r.wants(t, 2, `"everything" is nothing that a sign-in allows; there are profile, library, playlists`)
	r = s.at(in(home, "login", "spotify", "--for", "playlists,playback")).with("BROWSER=" + s.browser(t.TempDir())).run(t)
	r.wants(t, 0)
	noSecrets(t, home, r)
	r = s.at(in(home, "doctor")).run(t)
	for _, want := range []string{"spotify: logged in", "the client id is set", "the sign-in holds until " + until} {
		if !strings.Contains(r.out, want) {
			t.Errorf("doctor lacks %q:\n%s", want, r.out)
		}
	}
	noSecrets(t, home, r)
	s.at(in(home, "logout", "spotify")).run(t).wants(t, 0)
	if out := s.at(in(home, "accounts")).run(t).out; !strings.Contains(out, "logged out") {
		t.Errorf("after the logout: %s", out)
	}
	exchanged := s.auth.Stats(t).Exchanged
	s.at(in(home, "login", "spotify")).run(t).wants(t, 0) // nobody is asked
	if st := s.auth.Stats(t); st.Exchanged != exchanged || st.Refused != 0 {
		t.Errorf("the second login: %+v", st)
	}
	r = s.at(in(home, "forget", "spotify", "--remove")).run(t)
	r.wants(t, 0)
	if !strings.Contains(r.out, "forgot the sign-in of spotify") || !strings.Contains(r.out, "https://www.spotify.com/account/apps") {
		t.Errorf("forget says %q", r.out)
	}
	err := filepath.WalkDir(filepath.Join(home, ".cache", "segue"), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && (strings.Contains(path, "spotify")) {
			t.Errorf("%s is left", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestSpotifyWithoutABrowser: the address is opened elsewhere, and what it ends at pasted;
// the client id is asked for with the steps to get one, and kept with the account.
func TestSpotifyWithoutABrowser(t *testing.T) {
	t.Parallel()
	s, home := startSpotify(t, "omit"), t.TempDir()
	c := s.at(in(home, "login", "spotify", "--name", "mine", "--no-browser"))
	answer, typed := io.Pipe()
	c.in = answer
	talk := c.start(t)
	talk.sees("3. copy the Client ID")
	_, _ = io.WriteString(typed, oauthtest.Spotlike+"\n")
	addr := talk.sees(s.auth.URL + "/authorize?")
	last, _, err := s.anna.Walk(addr)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(typed, last+"\n")
	_ = typed.Close()
	r := talk.ends()
	r.wants(t, 0)
	if !strings.HasPrefix(r.out, "mine: signed in as ") {
		t.Errorf("%q", r.out)
	}
	kept, err := os.ReadFile(filepath.Join(home, ".local", "state", "segue", "accounts.json"))
	if err != nil || !strings.Contains(string(kept), oauthtest.Spotlike) {
		t.Errorf("the client id is not kept: %v %s", err, kept)
	}
}

// TestTheDoctorBeforeAnythingIsSetUp names the first step.
func TestTheDoctorBeforeAnythingIsSetUp(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	write(t, filepath.Join(home, ".config", "segue", "config.toml"), []byte("[[account]]\nname = \"spotify\"\nservice = \"spotify\"\n"))
	r := in(home, "doctor").with("SEGUE_SPOTIFY_ACCOUNTS=http://127.0.0.1:1", "SEGUE_SPOTIFY_API=http://127.0.0.1:1/v1", "SEGUE_CACHE_TOKENS=file").run(t)
	if !strings.Contains(r.out, "spotify: no client id is set") || !strings.Contains(r.out, "segue login spotify asks for it") {
		t.Errorf("doctor says\n%s\n%s", r.out, r.talk)
	}
}

// talk is a call that runs, and what it has said so far.
type talk struct {
	t    *testing.T
	cmd  *exec.Cmd
	out  bytes.Buffer // stdout, once it has ended
	said said.Buffer
}

// start calls the program and does not wait for its end.
func (c call) start(t *testing.T) *talk {
	t.Helper()
	k := &talk{t: t, cmd: c.command(t.Context())}
	k.cmd.Stdin, k.cmd.Stdout, k.cmd.Stderr = c.in, &k.out, &k.said
	if err := k.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return k
}

// sees waits for a line with a text, and gives it.
func (k *talk) sees(text string) string {
	k.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		for _, line := range strings.SplitAfter(k.said.String(), "\n") {
			if strings.Contains(line, text) && strings.HasSuffix(line, "\n") {
				return strings.TrimSpace(line)
			}
		}
	}
	k.t.Fatalf("it never says %q:\n%s", text, k.said.String())
	return ""
}

// ends waits for the end.
func (k *talk) ends() result {
	k.t.Helper()
	code := exitCode(k.t, k.cmd.Wait())
	return result{k.out.String(), k.said.String(), code}
}

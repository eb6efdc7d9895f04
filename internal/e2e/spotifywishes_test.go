//go:build e2e

package e2e

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"segue/internal/oauth/oauthtest"
	"segue/internal/service/spotify/engine/enginetest"
	"segue/internal/service/spotify/webapi/webapitest"
)

// stage is the stand-in of Spotify with what somebody who walks through it may wish for.
type stage struct {
	*spotify
	home string
	ways []*way
}

// act lets something happen: at Spotify, in the engine's stand-in, or on the way there.
func (s *stage) act(wish string) {
	word, arg, _ := strings.Cut(wish, " ")
	for _, do := range []func(word, arg string) bool{s.actAccount, s.actDevices, s.actGrant, s.actEngine} {
		if do(word, arg) {
			return
		}
	}
	s.t.Logf("nobody knows how to %q", wish)
}

// actAccount is what is wrong with the account, or with Spotify.
func (s *stage) actAccount(word, arg string) bool {
	web, seed := s.web, s.seed
	ada := webapitest.User{ID: webapitest.Ada, Name: "Ada L.", Premium: true}
	switch word {
	case "heal":
		web.Heal()
		web.SetOwnerPremium(true)
		web.ChangeUser(ada)
		web.SetOldKeys(false)
		s.cut(false)
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
	case "portal":
		web.Fail(webapitest.WebPage())
	case "slow":
		web.Fail(webapitest.Fault{Wait: 3 * time.Second})
	case "away":
		s.cut(true)
	case "old":
		web.SetOldKeys(true)
	case "edit":
		web.EditElsewhere(seed.Mine, webapitest.URIs("track", seed.Tracks[3:8]...)...)
	case "items":
		s.t.Logf("%s: %v", arg, web.Items(arg))
	case "calls":
		for _, c := range web.Calls() {
			s.t.Logf("%d %s %s?%s", c.Status, c.Method, c.Name, c.Query.Encode())
		}
		s.t.Logf("%d calls", len(web.Calls()))
		web.Forget()
	default:
		return false
	}
	return true
}

// actDevices is what happens on the account's devices.
func (s *stage) actDevices(word, _ string) bool {
	web, seed := s.web, s.seed
	switch word {
	case "elsewhere":
		web.PlayElsewhere(webapitest.Ada, seed.Phone, "spotify:track:"+seed.Tracks[20])
	case "pause":
		web.PauseElsewhere(webapitest.Ada)
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
	case "now":
		s.t.Logf("%+v", web.Playback(webapitest.Ada))
	default:
		return false
	}
	return true
}

// actGrant is what becomes of the sign-in.
func (s *stage) actGrant(word, arg string) bool {
	file := filepath.Join(s.home, ".cache/segue/tokens/spotify.json")
	switch word {
	case "deny", "allow", "less": // the person at the browser, from now on
		s.anna.Answer = word
	case "person":
		s.anna = oauthtest.NewPerson(s.t, arg, "allow")
	case "revoke": // what the browser's account page does
		var t struct {
			Refresh string `json:"refresh_token"`
			Access  string `json:"access_token"`
			Client  string `json:"segue_client_id"`
		}
		s.json(file, &t)
		s.auth.Expire(s.t, t.Access)
		resp, err := http.PostForm(s.auth.URL+"/api/revoke", url.Values{"token": {t.Refresh}, "token_type_hint": {"refresh_token"}, "client_id": {t.Client}})
		if err != nil {
			s.t.Logf("revoke: %v", err)
			return true
		}
		_ = resp.Body.Close() // it has nothing to say
	case "months": // the sign-in was so long ago; nothing may run meanwhile
		n, err := strconv.Atoi(arg)
		t := map[string]any{}
		if s.json(file, &t); err != nil || len(t) == 0 {
			s.t.Logf("months: %v", err)
			return true
		}
		t["segue_signed_in"] = time.Now().AddDate(0, -n, 0).Unix()
		data, err := json.Marshal(t)
		if err != nil {
			s.t.Fatal(err)
		}
		write(s.t, file, data)
	default:
		return false
	}
	return true
}

func (s *stage) json(path string, into any) {
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		s.t.Logf("%s: %v", path, err)
	}
}

// actEngine is what the stand-in of go-librespot does: "engine JSON" for all its next
// lives (enginetest.Behaviour), "tell WHAT WITH" now (enginetest.Control).
func (s *stage) actEngine(word, arg string) bool {
	dir := filepath.Join(s.home, ".local/state/segue/go-librespot/spotify")
	switch word {
	case "engine":
		var b enginetest.Behaviour
		err := json.Unmarshal([]byte(arg), &b)
		if err == nil {
			err = b.Write(dir)
		}
		if err != nil {
			s.t.Logf("%s: %v", arg, err)
		}
	case "tell":
		what, with, _ := strings.Cut(arg, " ")
		if err := enginetest.Control(s.t.Context(), dir, what, with); err != nil {
			s.t.Logf("%s: %v", arg, err)
		}
	default:
		return false
	}
	return true
}

// openBrowser is a program for BROWSER: somebody walks through whatever address it is given.
func (s *stage) openBrowser(dir string) string {
	script, asked := filepath.Join(dir, "browser"), filepath.Join(dir, "asked")
	write(s.t, script, []byte("#!/bin/sh\nprintf %s \"$1\" >'"+asked+".new' && mv '"+asked+".new' '"+asked+"'\n"))
	if err := os.Chmod(script, 0o700); err != nil {
		s.t.Fatal(err)
	}
	go func() {
		for ; s.t.Context().Err() == nil; time.Sleep(100 * time.Millisecond) {
			if addr, err := os.ReadFile(asked); err == nil && os.Remove(asked) == nil {
				_, _, _ = s.anna.Walk(string(addr)) // where it ends the program says
			}
		}
	}()
	return script
}

// way is a way to a server that can be cut.
type way struct {
	to string // host:port

	mu   sync.Mutex
	cut  bool
	open []net.Conn
}

// through is an address that leads to another one, until the ways are cut.
func (s *stage) through(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		s.t.Fatal(err)
	}
	l, err := (&net.ListenConfig{}).Listen(s.t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = l.Close() }) // all its connections end with the test
	w := &way{to: u.Host}
	s.ways = append(s.ways, w)
	go w.lead(l)
	u.Host = l.Addr().String()
	return u.String()
}

// lead leads connections on until the listener is closed.
func (w *way) lead(l net.Listener) {
	for {
		in, err := l.Accept()
		if err != nil {
			return
		}
		out, err := (&net.Dialer{}).Dial("tcp", w.to)
		w.mu.Lock()
		if w.cut || err != nil {
			_ = in.Close() // as where nobody listens, nearly
			if err == nil {
				_ = out.Close()
			}
		} else {
			w.open = append(w.open, in, out)
			for a, b := range map[net.Conn]net.Conn{in: out, out: in} {
				go func() {
					_, _ = io.Copy(a, b) // it ends when either is closed
					_ = a.Close()
				}()
			}
		}
		w.mu.Unlock()
	}
}

// cut cuts all ways, or mends them.
func (s *stage) cut(on bool) {
	for _, w := range s.ways {
		w.mu.Lock()
		w.cut = on
		for _, c := range w.open {
			if on {
				_ = c.Close()
			}
		}
		w.open = nil
		w.mu.Unlock()
	}
}

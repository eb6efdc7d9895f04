package oauth

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"segue/internal/need"
	"segue/internal/oauth/oauthtest"
)

// chromium is a headless browser that is told what to do through a pipe (the DevTools
// protocol: JSON, each message ended by a zero byte). One goroutine uses it.
type chromium struct {
	t       *testing.T
	in      io.Writer
	out     *bufio.Reader
	session string // of the one tab
	n       int
}

func startChromium(t *testing.T) *chromium {
	t.Helper()
	need.Programs(t, "chromium")
	toIt, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, fromIt, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	// Not t.TempDir: its name is too long for the browser's socket, and what a killed
	// browser's processes still write must not fail the test.
	home, err := os.MkdirTemp("", "web")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	cmd := exec.Command("chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-breakpad", "--no-proxy-server",
		"--user-data-dir="+home+"/data", "--remote-debugging-pipe", "about:blank")
	cmd.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home, "TMPDIR="+home)
	cmd.ExtraFiles = []*os.File{toIt, fromIt} // its 3 and 4
	var said bytes.Buffer
	cmd.Stderr = &said
	cmd.WaitDelay = 10 * time.Second // what it started may hold on to its stderr
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	toIt.Close()
	fromIt.Close()
	c := &chromium{t: t, in: in, out: bufio.NewReader(out)}
	t.Cleanup(func() {
		endGroup(cmd) // it has many processes, and they write into the folder that goes
		_ = cmd.Wait()
		in.Close()
		out.Close()
		if t.Failed() {
			t.Logf("chromium said:\n%.2000s", said.String())
		}
	})
	if err := out.SetReadDeadline(time.Now().Add(3 * patience)); err != nil {
		t.Fatal(err)
	}
	var made struct{ TargetID, SessionID string }
	c.call("Target.createTarget", map[string]any{"url": "about:blank"}, &made)
	c.call("Target.attachToTarget", map[string]any{"targetId": made.TargetID, "flatten": true}, &made)
	c.session = made.SessionID
	return c
}

// call makes one call that must succeed.
func (c *chromium) call(method string, params map[string]any, result any) {
	c.t.Helper()
	if err := c.try(method, params, result); err != nil {
		c.t.Fatal(err)
	}
}

// try makes one call and waits for its answer; events are passed over. An error is the
// browser's answer.
func (c *chromium) try(method string, params map[string]any, result any) error {
	c.t.Helper()
	c.n++
	msg := map[string]any{"id": c.n, "method": method, "params": params}
	if c.session != "" {
		msg["sessionId"] = c.session
	}
	text, err := json.Marshal(msg)
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.in.Write(append(text, 0)); err != nil {
		c.t.Fatalf("chromium: %s: %v", method, err)
	}
	for {
		text, err := c.out.ReadBytes(0)
		if err != nil {
			c.t.Fatalf("chromium: %s: %v", method, err)
		}
		var answer struct {
			ID     int
			Result json.RawMessage
			Error  *struct{ Message string }
		}
		if err := json.Unmarshal(bytes.TrimSuffix(text, []byte{0}), &answer); err != nil {
			c.t.Fatal(err)
		}
		if answer.ID != c.n {
			continue
		}
		if answer.Error != nil {
			return fmt.Errorf("chromium: %s: %s", method, answer.Error.Message)
		}
		if result != nil {
			if err := json.Unmarshal(answer.Result, result); err != nil {
				c.t.Fatal(err)
			}
		}
		return nil
	}
}

// js is the value of an expression as text; "" while there is none, as when the page goes
// away to make room for the next.
func (c *chromium) js(expression string) string {
	c.t.Helper()
	var r struct {
		Result struct{ Value any }
	}
	err := c.try("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true}, &r)
	if err != nil || r.Result.Value == nil {
		return ""
	}
	return fmt.Sprint(r.Result.Value)
}

// until waits for an expression to be true.
func (c *chromium) until(expression string) {
	c.t.Helper()
	for end := time.Now().Add(patience); c.js(expression) != "true"; {
		if time.Now().After(end) {
			c.t.Fatalf("chromium waits in vain for %s at %s:\n%s", expression, c.js("location.href"), c.js("document.body.innerText"))
		}
		time.Sleep(30 * time.Millisecond) // a page loads in another process
	}
}

func (c *chromium) colour() string {
	return c.js("getComputedStyle(document.body).backgroundColor")
}

// signIn fills in the forms of the server as somebody, and presses a button.
func (c *chromium) signIn(addr, name, button string) {
	c.t.Helper()
	c.call("Page.navigate", map[string]any{"url": addr}, nil)
	c.until(`document.readyState == 'complete' && document.querySelector('#go') !== null`)
	c.js(`document.querySelector('input[name=name]').value = '` + name + `';
		document.querySelector('input[name=password]').value = 'pw-` + name + `'; document.querySelector('#go').click()`)
	c.until(`document.readyState == 'complete' && document.querySelector('#allow') !== null`)
	c.js(`document.querySelector('#` + button + `').click()`)
	c.until(`location.pathname == '/callback' && document.querySelector('footer') !== null`)
}

// TestSigningInWithARealBrowser: two people one after the other, and one who says no, in a
// browser that opens stray connections and asks for icons as browsers do.
func TestSigningInWithARealBrowser(t *testing.T) {
	s := oauthtest.Start(t, "rotate")
	web := startChromium(t)
	p := providerAt(s.URL)
	p.Scopes += " openid"
	client := newClient(t, p)
	type outcome struct {
		who string
		err error
	}
	sign := func(name, button string) (outcome, string) {
		t.Helper()
		addr, done := make(chan string, 1), make(chan outcome, 1)
		go func() {
			token, err := client.SignIn(t.Context(), SignIn{Force: true, Within: patience,
				Open: func(_ context.Context, url string) error { addr <- url; return nil }})
			if err != nil {
				done <- outcome{err: err}
				return
			}
			done <- outcome{who: s.Me(t, token.AccessToken.Reveal())}
		}()
		web.signIn(<-addr, name, button)
		return <-done, web.js("document.body.innerText")
	}
	for _, name := range []string{"anna", "bea"} {
		got, page := sign(name, "allow")
		if got.err != nil || got.who != name {
			t.Errorf("signed in as %q, want %s: %v", got.who, name, got.err)
		}
		if !strings.Contains(page, "Segue is signed in to Testify. You can close this page.") {
			t.Errorf("the page says %s", page)
		}
	}
	if title := web.js("document.title"); title != "Segue: Signed in" {
		t.Errorf("the title is %q", title)
	}
	for scheme, want := range map[string]string{"light": "rgb(246, 245, 242)", "dark": "rgb(23, 24, 26)"} {
		web.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
		if got := web.colour(); got != want {
			t.Errorf("%s: the page is %s, want %s", scheme, got, want)
		}
		web.picture(scheme)
	}
	got, page := sign("carl", "deny")
	wantKind(t, got.err, Denied)
	if !strings.Contains(page, "the sign-in was denied") {
		t.Errorf("the page says %s", page)
	}
}

// picture saves what is seen where SEGUE_PICTURES says, for people.
func (c *chromium) picture(name string) {
	dir := os.Getenv("SEGUE_PICTURES")
	if dir == "" {
		return
	}
	var shot struct{ Data string }
	c.call("Page.captureScreenshot", map[string]any{}, &shot)
	data, err := base64.StdEncoding.DecodeString(shot.Data)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/callback-"+name+".png", data, 0o600); err != nil {
		c.t.Fatal(err)
	}
}

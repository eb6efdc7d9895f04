//go:build unix

package oauthtest

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"segue/internal/need"
)

// patience is for what takes a second on a machine that has nothing else to do.
const patience = 4 * time.Minute

// Chromium is a headless browser that is told what to do through a pipe (the DevTools
// protocol: JSON, each message ended by a zero byte). One goroutine uses it.
type Chromium struct {
	t       testing.TB
	in      io.Writer
	out     *bufio.Reader
	session string // of the one tab
	n       int
}

// StartChromium runs one until the test ends; the test is skipped where there is none.
func StartChromium(t testing.TB) *Chromium {
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
	cmd := exec.Command("chromium", //nolint:noctx // it is ended below, with all that it started
		"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
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
	for _, end := range []*os.File{toIt, fromIt} { // it has them
		if err := end.Close(); err != nil {
			t.Fatal(err)
		}
	}
	c := &Chromium{t: t, in: in, out: bufio.NewReader(out)}
	t.Cleanup(func() {
		endGroup(cmd) // it has many processes, and they write into the folder that goes
		_ = cmd.Wait()
		_, _ = in.Close(), out.Close() // nobody is at their other ends
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
func (c *Chromium) call(method string, params map[string]any, result any) {
	c.t.Helper()
	if err := c.try(method, params, result); err != nil {
		c.t.Fatal(err)
	}
}

// try makes one call and waits for its answer; events are passed over. An error is the
// browser's answer.
func (c *Chromium) try(method string, params map[string]any, result any) error {
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

// JS is the value of an expression as text; "" while there is none, as when the page goes
// away to make room for the next.
func (c *Chromium) JS(expression string) string {
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
func (c *Chromium) until(expression string) {
	c.t.Helper()
	for end := time.Now().Add(patience); c.JS(expression) != "true"; {
		if time.Now().After(end) {
			c.t.Fatalf("chromium waits in vain for %s at %s:\n%s", expression, c.JS("location.href"), c.JS("document.body.innerText"))
		}
		time.Sleep(30 * time.Millisecond) // a page loads in another process
	}
}

// Colour is that of the page's background, in a scheme: "light" or "dark".
func (c *Chromium) Colour(scheme string) string {
	c.t.Helper()
	c.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
	defer c.picture(scheme)
	return c.JS("getComputedStyle(document.body).backgroundColor")
}

// Text is what the page says.
func (c *Chromium) Text() string { return c.JS("document.body.innerText") }

// SignIn opens an address, fills in the forms of the server as somebody, and presses a
// button: "allow", "deny" or "less". It ends at the page of Segue.
func (c *Chromium) SignIn(addr, name, button string) {
	c.t.Helper()
	c.call("Page.navigate", map[string]any{"url": addr}, nil)
	c.until(`document.readyState == 'complete' && document.querySelector('#go, #allow') !== null`)
	c.JS(`if (document.querySelector('#go')) { document.querySelector('input[name=name]').value = '` + name + `';
		document.querySelector('input[name=password]').value = 'pw-` + name + `'; document.querySelector('#go').click() }`)
	c.until(`document.readyState == 'complete' && document.querySelector('#allow') !== null`)
	c.JS(`document.querySelector('#` + button + `').click()`)
	c.until(`location.pathname == '/callback' && document.querySelector('footer') !== null`)
}

// picture saves what is seen where SEGUE_PICTURES says, for people.
func (c *Chromium) picture(name string) {
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

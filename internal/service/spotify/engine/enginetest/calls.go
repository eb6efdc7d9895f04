package enginetest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// order is what a test has the stand-in do; see Control.
type order struct{ what, with string }

// Control has the running stand-in of a folder do something: "inactive" (with the name of
// the device that plays now), "paused" (as if somebody else had pressed it), "other" (a
// remote control plays another track: with is its URI), "vanish", "stuck" (answers no
// call any more), "busy" (for so many milliseconds), "deaf" (closes /events), "lost" (the session is lost), "approve", "deny"
// (for a sign-in).
func Control(ctx context.Context, dir, what, with string) error {
	at, err := os.ReadFile(filepath.Join(dir, portFile))
	if err != nil {
		return fmt.Errorf("enginetest: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+string(at)+"/standin/"+what, strings.NewReader(with))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func (d *daemon) serve(l net.Listener) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", d.call)
	mux.HandleFunc("GET /status", d.call)
	for _, p := range []string{"play", "resume", "pause", "stop", "next", "seek", "add_to_queue"} {
		mux.HandleFunc("POST /player/"+p, d.call)
	}
	mux.HandleFunc("GET /events", d.events)
	mux.HandleFunc("POST /standin/{what}", d.control)
	_ = http.Serve(l, mux) //nolint:gosec // a test's own
}

func (d *daemon) control(w http.ResponseWriter, r *http.Request) {
	with, _ := io.ReadAll(r.Body)
	_ = http.NewResponseController(w).Flush() // an order may be its last
	what := r.PathValue("what")
	switch what {
	case "vanish":
		os.Exit(137)
	case "deaf":
		d.hub.mu.Lock()
		for c := range d.hub.outs {
			go func() { c <- nil }()
		}
		d.hub.mu.Unlock()
		return
	}
	d.orders <- order{what, string(with)}
}

// call checks what is said, and waits for the loop.
func (d *daemon) call(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if need := needs[r.URL.Path]; need != "" {
		var m map[string]any
		if json.Unmarshal(body, &m) != nil || m[need] == nil || m[need] == "" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
	}
	if r.URL.Path == d.be.HangOn {
		<-r.Context().Done()
		return
	}
	q := request{r.URL.Path, body, make(chan answer, 1)}
	select {
	case d.requests <- q:
	case <-r.Context().Done():
		return
	}
	var a answer
	select {
	case a = <-q.done:
	case <-r.Context().Done():
		return
	}
	if a.status != http.StatusOK {
		w.WriteHeader(a.status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(a.body)
}

var needs = map[string]string{"/player/play": "uri", "/player/seek": "position", "/player/add_to_queue": "uri"}

// events is the WebSocket. Each event waits until its reader has taken the one before.
func (d *daemon) events(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer func() { _ = conn.CloseNow() }()
	ctx := conn.CloseRead(r.Context())
	c := d.hub.join()
	defer d.hub.leave(c)
	for {
		select {
		case text := <-c:
			if text == nil {
				return
			}
			if conn.Write(ctx, websocket.MessageText, text) != nil {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// loop answers calls, tells of what is played and does as the test says: one at a time.
func (d *daemon) loop() error {
	if !d.be.NoSession {
		d.ready = true
		d.hub.emit("playback_ready", nil)
	}
	for {
		select {
		case q := <-d.requests:
			q.done <- d.answer(q)
		case <-d.src.done:
			d.trackEnded()
		case <-d.when.C:
			d.prefetch()
		case o := <-d.orders:
			switch o.what {
			case "inactive":
				d.say("info", "playback was transferred to "+o.with)
				d.inactive()
			case "paused":
				d.pause()
			case "other":
				_ = d.play(o.with, 0, false)
			case "busy":
				ms, _ := strconv.Atoi(o.with)
				time.Sleep(time.Duration(ms) * time.Millisecond)
			case "stuck":
				select {}
			case "lost":
				d.say("warning", "lost session, tearing down player to start a new one")
				return fmt.Errorf("session lost and cannot be restored without zeroconf")
			}
		}
	}
}

func (d *daemon) answer(q request) answer {
	ok := answer{http.StatusOK, nil}
	if d.be.NoSession && q.path != "/" {
		return answer{http.StatusNoContent, nil}
	}
	var b struct {
		URI      string `json:"uri"`
		Paused   bool   `json:"paused"`
		Position int64  `json:"position"`
	}
	_ = json.Unmarshal(q.body, &b)
	switch q.path {
	case "/":
		return answer{http.StatusOK, map[string]any{"playback_ready": d.ready}}
	case "/status":
		return answer{http.StatusOK, map[string]any{"username": "somebody", "stopped": d.current == "", "paused": d.paused,
			"track": map[string]any{"uri": d.current, "position": d.position()}}}
	case "/player/play":
		if err := d.play(b.URI, b.Position, b.Paused); err != nil {
			d.say("error", "failed handling api request: "+err.Error())
			return answer{http.StatusInternalServerError, nil}
		}
	case "/player/pause":
		d.pause()
	case "/player/resume":
		d.resume()
	case "/player/seek":
		d.seek(b.Position)
	case "/player/stop":
		d.inactive()
	case "/player/next":
		d.trackEnded()
	case "/player/add_to_queue":
		if d.current == "" {
			d.say("warning", "cannot add to queue without a context")
			return ok
		}
		d.queue = append(d.queue, b.URI)
		d.queued = nil
		d.src.follow(nil)
		d.planPrefetch()
	}
	return ok
}

// position is by the wall clock: wrong whenever the reader of the pipe is not the clock's.
func (d *daemon) position() int64 {
	if d.paused || d.since.IsZero() {
		return d.at
	}
	return d.at + time.Since(d.since).Milliseconds()
}

package engine

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"
)

const (
	eventMost   = 1 << 20 // bytes of an event
	eventsAgain = 500 * time.Millisecond
	eventsOpen  = 5 * time.Second
)

// event is what the program tells. There is none for errors.
type event struct {
	Type string `json:"type"`
	Data struct {
		URI      string `json:"uri"`
		Duration int64  `json:"duration"` // ms, with metadata
		Position int64  `json:"position"` // ms
		Resume   bool   `json:"resume"`   // with playing: it was paused, and goes on
	} `json:"data"`
}

// Types of events that matter.
const (
	eventWillPlay   = "will_play"
	eventMetadata   = "metadata"
	eventPlaying    = "playing"
	eventPaused     = "paused"
	eventNotPlaying = "not_playing"
	eventStopped    = "stopped"
	eventInactive   = "inactive"
)

// follow reads events until ctx ends, and connects anew when the connection breaks. tell
// must not wait: while nobody reads, the program stands still. on is told of each new
// connection: what happened before it is not known.
func follow(ctx context.Context, addr string, on func(), tell func(event)) {
	for ctx.Err() == nil {
		once(ctx, addr, on, tell)
		t := time.NewTimer(eventsAgain)
		select {
		case <-ctx.Done():
		case <-t.C:
		}
		t.Stop()
	}
}

// once is one connection. It has no time limit and passes no proxy, and so is none of
// package httpx's.
func once(ctx context.Context, addr string, on func(), tell func(event)) {
	opening, cancel := context.WithTimeout(ctx, eventsOpen)
	conn, _, err := websocket.Dial(opening, "ws://"+addr+"/events", &websocket.DialOptions{HTTPClient: &http.Client{Transport: &http.Transport{}}}) //nolint:bodyclose // the connection is the body
	cancel()
	if err != nil {
		return
	}
	defer func() { _ = conn.CloseNow() }() // it is broken, or not wanted any more
	conn.SetReadLimit(eventMost)
	on()
	for {
		_, text, err := conn.Read(ctx)
		if err != nil {
			return
		}
		var ev event
		if json.Unmarshal(text, &ev) != nil {
			// Some events have data that are no object; their type is enough.
			var bare struct {
				Type string `json:"type"`
			}
			if json.Unmarshal(text, &bare) != nil {
				continue
			}
			ev.Type = bare.Type
		}
		ev.Type = strings.ToLower(ev.Type)
		tell(ev)
	}
}

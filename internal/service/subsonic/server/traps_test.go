package server_test

import (
	"io"
	"net/http"
	"testing"
	"time"

	"segue/internal/httpx"
)

// TestACallEndsAndAStreamThatFlowsDoesNot is trap 10: a call has a time after which it is
// given up; the body of a stream that goes on coming has none, however long it takes.
func TestACallEndsAndAStreamThatFlowsDoesNot(t *testing.T) {
	const patience, drops = 300 * time.Millisecond, 12
	s, _ := signedIn(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/rest/getGenres" {
			<-r.Context().Done()
			return
		}
		w.Header().Set("Content-Type", "audio/flac")
		for range drops { // in all four times as long as a call may take
			_, _ = w.Write([]byte("drop"))
			if f, ok := w.(http.Flusher); ok {
				f.Flush()
			}
			select {
			case <-time.After(patience / 3):
			case <-r.Context().Done():
				return
			}
		}
	}, httpx.Options{Timeout: patience})
	b, err := s.Fetch(t.Context(), "stream", nil, 0, "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	if got, err := io.ReadAll(b); err != nil || len(got) != 4*drops {
		t.Errorf("%d bytes came: %v", len(got), err)
	}
	ended := make(chan error, 1)
	go func() {
		_, _, err := s.Ask(t.Context(), "getGenres", nil)
		ended <- err
	}()
	select {
	case err := <-ended:
		if err == nil {
			t.Error("a call that hangs was answered")
		}
	case <-time.After(time.Minute):
		t.Error("a call that hangs does not end")
	}
}

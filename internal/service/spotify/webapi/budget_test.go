package webapi

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"segue/internal/httpx"
)

// wire is a network without one: it answers after a while of a test's own time.
type wire struct {
	takes  time.Duration
	answer func(r *http.Request, n int) (status int, body string)

	mu       sync.Mutex
	paths    []string // in the order of their beginning
	at       []time.Time
	inFlight int
	most     int
}

// RoundTrip implements http.RoundTripper.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.paths = append(w.paths, r.Method+" "+strings.TrimPrefix(r.URL.Path, "/v1"))
	w.at = append(w.at, time.Now())
	w.inFlight++
	w.most = max(w.most, w.inFlight)
	n := len(w.paths)
	w.mu.Unlock()
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil && trace.WroteRequest != nil {
		trace.WroteRequest(httptrace.WroteRequestInfo{})
	}
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.inFlight--
	}()
	select {
	case <-time.After(w.takes + time.Duration(n)*time.Microsecond): // no two end at once
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	status, body := http.StatusOK, `{"id":"x","uri":"spotify:track:x","name":"X"}`
	if w.answer != nil {
		status, body = w.answer(r, n)
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func (w *wire) asked() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.paths)
}

func over(t *testing.T, w *wire) *Client {
	t.Helper()
	c, err := New(Options{HTTP: httpx.Options{Network: w}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// ask asks for tracks in the background of the test and says when all are there.
func ask(ctx context.Context, t *testing.T, c *Client, names ...string) *sync.WaitGroup {
	t.Helper()
	var all sync.WaitGroup
	for _, n := range names {
		all.Go(func() {
			if _, err := c.Track(ctx, n); err != nil {
				t.Errorf("%s: %v", n, err)
			}
		})
		synctest.Wait() // one after the other
	}
	return &all
}

func numbered(prefix string, n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("%s%d", prefix, i))
	}
	return all
}

func TestWhatTheScreenWaitsForGoesFirstThenWhatPlays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{takes: time.Second}
		c := over(t, w)
		first := ask(For(t.Context(), Screen), t, c, numbered("busy", 4)...)
		back := ask(For(t.Context(), Background), t, c, "back0", "back1")
		play := ask(For(t.Context(), Playing), t, c, "play0", "play1")
		seen := ask(t.Context(), t, c, "seen0", "seen1")
		if s := c.Stats(); s.InFlight != 4 || s.Waiting != 6 {
			t.Errorf("%d in flight, %d wait", s.InFlight, s.Waiting)
		}
		for _, g := range []*sync.WaitGroup{first, seen, play, back} {
			g.Wait()
		}
		var order []string
		for _, p := range w.asked()[4:] {
			order = append(order, strings.TrimPrefix(p, "GET /tracks/"))
		}
		if want := []string{"seen0", "seen1", "play0", "play1", "back0", "back1"}; !slices.Equal(order, want) {
			t.Errorf("they went as %v", order)
		}
		if w.most > 4 {
			t.Errorf("%d were in flight at once", w.most)
		}
	})
}

func TestWhatNobodyWaitsForLeavesRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{takes: time.Second}
		c := over(t, w)
		back := ask(For(t.Context(), Background), t, c, numbered("back", 6)...)
		if w.inFlight != 2 {
			t.Errorf("%d of the background are in flight, want 2", w.inFlight)
		}
		begin := time.Now()
		ask(t.Context(), t, c, "seen").Wait()
		if d := time.Since(begin); d > time.Second+time.Millisecond {
			t.Errorf("the screen waited %s", d)
		}
		back.Wait()
	})
}

func TestACommandDoesNotWaitForSlowLists(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{takes: 10 * time.Second}
		c := over(t, w)
		slow := ask(t.Context(), t, c, numbered("slow", 5)...)
		go func() {
			if err := c.Pause(t.Context(), ""); err != nil {
				t.Error(err)
			}
		}()
		synctest.Wait()
		if got := w.asked(); got[len(got)-1] != "PUT /me/player/pause" {
			t.Errorf("they went as %v", got)
		}
		slow.Wait()
		synctest.Wait()
	})
}

func TestThirtySecondsHoldNoMoreThanTheBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{takes: 10 * time.Millisecond}
		c := over(t, w)
		var all sync.WaitGroup
		for i := range 150 {
			p := Priority(i % 3)
			all.Go(func() {
				if _, err := c.Track(For(t.Context(), p), fmt.Sprint(i)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for i, at := range w.at {
			n := 0
			for _, other := range w.at[i:] {
				if other.Sub(at) < window {
					n++
				}
			}
			if n > mostInWindow[Screen] {
				t.Fatalf("%d requests within 30 s", n)
			}
		}
		if s := c.Stats(); s.Requests != 150 || s.ByCall["GET /tracks/{id}"] != 150 {
			t.Errorf("counted are %+v", s)
		}
	})
}

func TestRepeatedRequestsCountInTheWindowToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(_ *http.Request, n int) (int, string) {
			if n < 3 {
				return http.StatusServiceUnavailable, ""
			}
			return http.StatusOK, `{"id":"x"}`
		}}
		c := over(t, w)
		ask(t.Context(), t, c, "x").Wait()
		if s := c.Stats(); s.InWindow != 3 || s.Requests != 3 {
			t.Errorf("counted are %+v", s)
		}
		time.Sleep(window)
		if s := c.Stats(); s.InWindow != 0 {
			t.Errorf("after 30 s %d are in the window", s.InWindow)
		}
	})
}

func TestACallThatIsGivenUpTakesNothingFromTheBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{takes: time.Hour, answer: func(*http.Request, int) (int, string) { return 200, `{"id":"x"}` }}
		c := over(t, w)
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for _, n := range numbered("x", 7) {
			all.Go(func() {
				if _, err := c.Track(ctx, n); KindOf(err) != Cancelled {
					t.Errorf("%s: %v", n, err)
				}
			})
		}
		synctest.Wait()
		cancel()
		all.Wait()
		synctest.Wait()
		if s := c.Stats(); s.InFlight != 0 || s.Waiting != 0 || s.InWindow != len(w.asked()) {
			t.Errorf("left are %+v", s)
		}
	})
}

func TestTheSameQuestionIsAskedOnceAndAsUrgentlyAsTheMostUrgent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{takes: time.Second}
		c := over(t, w)
		busy := ask(t.Context(), t, c, numbered("busy", 4)...)
		other := ask(For(t.Context(), Playing), t, c, "other")
		back := ask(For(t.Context(), Background), t, c, "same")
		seen := ask(t.Context(), t, c, "same")
		for _, g := range []*sync.WaitGroup{busy, seen, back, other} {
			g.Wait()
		}
		if got := w.asked(); len(got) != 6 || got[4] != "GET /tracks/same" {
			t.Errorf("they went as %v", got)
		}
		if n := c.Stats().Joined; n != 1 {
			t.Errorf("%d joined", n)
		}
	})
}

func TestAQuestionGoesOnForAsLongAsOneWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{takes: 10 * time.Second}
		c := over(t, w)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		gone := make(chan error, 1)
		go func() {
			_, err := c.Track(ctx, "x")
			gone <- err
		}()
		synctest.Wait()
		stays := ask(t.Context(), t, c, "x")
		if err := <-gone; KindOf(err) != Unreachable {
			t.Errorf("who left has %v", err)
		}
		stays.Wait()
		if n := len(w.asked()); n != 1 {
			t.Errorf("%d requests", n)
		}
	})
}

func TestAQuestionFromBeforeAChangeIsNotJoinedAfterIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{takes: 5 * time.Second, answer: func(*http.Request, int) (int, string) { return 200, `{"id":"x","items":[],"total":0}` }}
		c := over(t, w)
		var all sync.WaitGroup
		list := func() {
			if _, err := c.PlaylistItems(t.Context(), "p", Window{}); err != nil {
				t.Error(err)
			}
		}
		all.Go(func() {
			if _, err := c.AddItems(t.Context(), "p", []string{"spotify:track:x"}, -1); err != nil {
				t.Error(err)
			}
			list()
		})
		time.Sleep(time.Second)
		all.Go(list)
		all.Wait()
		if got := w.asked(); len(got) != 3 {
			t.Errorf("they went as %v", got)
		}
	})
}

func TestWhileTheGateIsShutAllWaitAndOneGoesAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{takes: time.Second}
		w.answer = func(_ *http.Request, n int) (int, string) {
			if n <= 2 {
				return http.StatusTooManyRequests, `{"error":{"status":429,"message":"API rate limit exceeded"}}`
			}
			return http.StatusOK, `{"id":"x"}`
		}
		c := over(t, w)
		begin := time.Now()
		ask(t.Context(), t, c, "a").Wait()
		// A 429 that says nothing is left alone for five seconds, twice.
		if d := time.Since(begin); d < 12*time.Second || d > 14*time.Second {
			t.Errorf("it took %s", d)
		}
	})
}

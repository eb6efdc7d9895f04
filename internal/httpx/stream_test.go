package httpx

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// drip is a body that gives a byte every so often, and after some dries up until it is cancelled.
type drip struct {
	ctx   context.Context
	every time.Duration
	bytes int
}

func (d *drip) Read(p []byte) (int, error) {
	if d.bytes == 0 {
		<-d.ctx.Done()
		return 0, d.ctx.Err()
	}
	d.bytes--
	select {
	case <-d.ctx.Done():
		return 0, d.ctx.Err()
	case <-time.After(d.every):
	}
	p[0] = 'x'
	return 1, nil
}

func (d *drip) Close() error { return nil }

func dripping(every time.Duration, n int) fake {
	return func(r *http.Request) (*http.Response, error) {
		a := answer(200, "")
		a.Body = &drip{r.Context(), every, n}
		return a, nil
	}
}

func TestAStreamMayLastForeverButNotStandStill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cl := client(t, Options{Timeout: time.Second, MaxBody: 10, Network: dripping(4*time.Second, 1000)})
		resp, err := cl.Stream(request(t, "GET", "https://x/", ""), 5*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		start := time.Now()
		got, err := io.ReadAll(resp.Body)
		if e := want(t, err, Timeout); e.Error() != "Test: x sent nothing for 5s" {
			t.Error(e)
		}
		if len(got) != 1000 || time.Since(start) != 4005*time.Second {
			t.Errorf("%d bytes in %s", len(got), time.Since(start))
		}
		if _, again := resp.Body.Read(make([]byte, 1)); !errors.Is(again, err) {
			t.Errorf("after the end: %v", again)
		}
	})
}

// last is a body whose byte comes in the moment in which it was given up; after that there is
// only the end of its context.
type last struct {
	ctx   context.Context
	after time.Duration
	given bool
}

func (l *last) Read(p []byte) (int, error) {
	if l.given {
		return 0, l.ctx.Err()
	}
	time.Sleep(l.after)
	l.given = true
	p[0] = 'x'
	return 1, nil
}

func (l *last) Close() error { return nil }

func TestAStreamThatComesTooLateIsNotTakenForOneThatWasGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cl := client(t, Options{Network: fake(func(r *http.Request) (*http.Response, error) {
			a := answer(200, "")
			a.Body = &last{ctx: r.Context(), after: 6 * time.Second}
			return a, nil
		})})
		resp, err := cl.Stream(request(t, "GET", "https://x/", ""), 5*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		got, err := io.ReadAll(resp.Body)
		want(t, err, Timeout)
		if string(got) != "x" {
			t.Errorf("%q", got)
		}
	})
}

func TestAPausedPlayerIsNoStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cl := client(t, Options{Network: dripping(time.Second, 10)})
		resp, err := cl.Stream(request(t, "GET", "https://x/", ""), 5*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		for range 10 {
			time.Sleep(time.Hour)
			if _, err := resp.Body.Read(make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestClosingAStreamDropsTheConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ctx context.Context
		cl := client(t, Options{Network: fake(func(r *http.Request) (*http.Response, error) {
			ctx = r.Context()
			return dripping(time.Second, 10)(r)
		})})
		resp, err := cl.Stream(request(t, "GET", "https://x/", ""), 0)
		if err != nil {
			t.Fatal(err)
		}
		if ctx.Err() != nil {
			t.Fatal("dropped too early")
		}
		resp.Body.Close()
		if ctx.Err() == nil {
			t.Error("still open")
		}
	})
}

func TestACallEndsInTime(t *testing.T) {
	for name, c := range map[string]struct {
		net     fake
		timeout time.Duration // the caller's
		after   time.Duration
		says    string
	}{
		"the answer does not come": {func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}, time.Hour, 20 * time.Second, "Test: x took longer than 20s to answer"},
		"the body does not come":     {dripping(time.Second, 3), time.Hour, 20 * time.Second, "Test: x took longer than 20s to answer"},
		"the caller has less time":   {dripping(time.Second, 3), 5 * time.Second, 5 * time.Second, "Test: no answer from x in time"},
		"the body comes much slower": {dripping(9*time.Second, 100), time.Hour, 20 * time.Second, "Test: x took longer than 20s to answer"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), c.timeout)
				defer cancel()
				start := time.Now()
				_, _, err := client(t, Options{Network: c.net}).Bytes(request(t, "GET", "https://x/", "").WithContext(ctx))
				if e := want(t, err, Timeout); e.Error() != c.says || time.Since(start) != c.after {
					t.Errorf("%v after %s", e, time.Since(start))
				}
			})
		})
	}
}

func TestAnAnswerThatIsTooLongIsNotReadToTheEnd(t *testing.T) {
	read := 0
	for name, declared := range map[string]int64{"its length is told": 5000, "its length is not told": -1} {
		cl := client(t, Options{MaxBody: 1000, Network: fake(func(*http.Request) (*http.Response, error) {
			a := answer(200, "")
			a.ContentLength = declared
			a.Body = io.NopCloser(io.TeeReader(bytes.NewReader(make([]byte, 5000)), counter{&read}))
			return a, nil
		})})
		_, _, err := cl.Bytes(request(t, "GET", "https://x/", ""))
		if e := want(t, err, TooBig); e.Error() != "Test: x answered with more than 1 kB" {
			t.Errorf("%s: %v", name, e)
		}
	}
	if read > 1001 {
		t.Errorf("%d bytes were read", read)
	}
	long := client(t, Options{MaxBody: 10, Network: fake(func(*http.Request) (*http.Response, error) {
		a := answer(200, "more than ten bytes")
		a.ContentLength = -1
		return a, nil
	})})
	resp, err := long.Do(request(t, "GET", "https://x/", ""))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	_, first := io.ReadAll(resp.Body)
	if n, again := resp.Body.Read(make([]byte, 5)); n != 0 || !errors.Is(again, first) {
		t.Errorf("read again: %d bytes, %v", n, again)
	}
	exact := client(t, Options{MaxBody: 1000, Network: fake(func(*http.Request) (*http.Response, error) {
		return answer(200, string(make([]byte, 1000))), nil
	})})
	if _, body, err := exact.Bytes(request(t, "GET", "https://x/", "")); err != nil || len(body) != 1000 {
		t.Errorf("just as long as allowed: %d %v", len(body), err)
	}
}

type counter struct{ n *int }

func (c counter) Write(p []byte) (int, error) {
	*c.n += len(p)
	return len(p), nil
}

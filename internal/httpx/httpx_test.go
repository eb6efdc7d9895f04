package httpx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// network is a server made of a function, without sockets, so that synctest's clock
// can be used.
type fake func(*http.Request) (*http.Response, error)

func (f fake) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answer(status int, body string, headers ...string) *http.Response {
	h := http.Header{}
	for i := 0; i+1 < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1}
}

func client(t *testing.T, o Options) *Client {
	t.Helper()
	if o.Service == "" {
		o.Service = "Test"
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func request(t *testing.T, method, url, body string) *http.Request {
	t.Helper()
	var from io.Reader
	if body != "" {
		from = strings.NewReader(body)
	}
	req, err := NewRequest(t.Context(), method, url, from)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func want(t *testing.T, err error, kind Kind) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v (%T), want an Error of kind %s", err, err, kind)
	}
	if e.Kind != kind {
		t.Fatalf("got kind %s (%v), want %s", e.Kind, err, kind)
	}
	return e
}

func TestTriesAreThreeAndOnlyWhereTheyAreSafe(t *testing.T) {
	reset := &dialed{"x:443", io.EOF}
	for name, c := range map[string]struct {
		method, body string
		repeatable   bool
		status       int
		err          error
		tries        int
	}{
		"a question after 500":                    {method: "GET", status: 500, tries: 3},
		"a question after 502":                    {method: "GET", status: 502, tries: 3},
		"a question after 503":                    {method: "GET", status: 503, tries: 3},
		"a question after 504":                    {method: "GET", status: 504, tries: 3},
		"501 does not go away":                    {method: "GET", status: 501, tries: 1},
		"404 does not go away":                    {method: "GET", status: 404, tries: 1},
		"an order after 500 may have been obeyed": {method: "POST", body: "x=1", status: 500, tries: 1},
		"an order after 429 was not obeyed":       {method: "POST", body: "x=1", status: 429, tries: 3},
		"setting a value twice is setting it":     {method: "PUT", body: "1", status: 503, tries: 3},
		"a question asked with POST":              {method: "POST", body: "q", repeatable: true, status: 500, tries: 3},
		"a broken connection for a question":      {method: "GET", err: reset, tries: 3},
		"a broken connection for an order":        {method: "POST", body: "x", err: reset, tries: 1},
		"what took too long":                      {method: "GET", err: context.DeadlineExceeded, tries: 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var bodies []string
				cl := client(t, Options{Network: fake(func(r *http.Request) (*http.Response, error) {
					text := ""
					if r.Body != nil {
						b, _ := io.ReadAll(r.Body)
						text = string(b)
					}
					bodies = append(bodies, text)
					if c.err != nil {
						return nil, c.err
					}
					return answer(c.status, "no"), nil
				})})
				req := request(t, c.method, "https://x/y", c.body)
				if c.repeatable {
					req = req.WithContext(Repeatable(req.Context()))
				}
				if _, err := cl.Do(req); err == nil {
					t.Fatal("no error")
				}
				if len(bodies) != c.tries {
					t.Errorf("%d tries, want %d", len(bodies), c.tries)
				}
				for n, b := range bodies {
					if b != c.body {
						t.Errorf("try %d sent %q", n+1, b)
					}
				}
			})
		})
	}
}

func TestWaitsGrowFromThreeTenthsOfASecond(t *testing.T) {
	for range 50 {
		synctest.Test(t, func(t *testing.T) {
			var at []time.Time
			cl := client(t, Options{Network: fake(func(*http.Request) (*http.Response, error) {
				at = append(at, time.Now())
				return answer(500, ""), nil
			})})
			_, err := cl.Do(request(t, "GET", "https://x/", ""))
			if e := want(t, err, Status); e.Status != 500 || e.Error() != "Test: x answered 500 Internal Server Error" {
				t.Errorf("%v", e)
			}
			first, second := at[1].Sub(at[0]), at[2].Sub(at[1])
			if first < 225*time.Millisecond || first > 375*time.Millisecond || second < 450*time.Millisecond || second > 750*time.Millisecond {
				t.Errorf("waited %s and %s", first, second)
			}
		})
	}
}

func TestAServiceThatAsksForPatienceGetsIt(t *testing.T) {
	now := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // where synctest begins
	stamp := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	for name, c := range map[string]struct {
		header []string
		wait   time.Duration
	}{
		"seconds":               {[]string{"Retry-After", "7"}, 7 * time.Second},
		"as long as we wait":    {[]string{"Retry-After", "30"}, 30 * time.Second},
		"a date":                {[]string{"Retry-After", stamp(9 * time.Second)}, 9 * time.Second},
		"a date by their clock": {[]string{"Retry-After", stamp(-591 * time.Second), "Date", stamp(-600 * time.Second)}, 9 * time.Second},
		"ListenBrainz' header":  {[]string{"X-RateLimit-Reset-In", "4"}, 4 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tries := 0
				cl := client(t, Options{Network: fake(func(*http.Request) (*http.Response, error) {
					if tries++; tries == 1 {
						return answer(429, "", c.header...), nil
					}
					return answer(200, "{}"), nil
				})})
				start := time.Now()
				resp, err := cl.Do(request(t, "GET", "https://x/", ""))
				if err != nil {
					t.Fatal(err)
				}
				resp.Body.Close()
				if got := time.Since(start); got != c.wait || tries != 2 {
					t.Errorf("waited %s, %d tries", got, tries)
				}
			})
		})
	}
}

func TestALongWaitFailsAtOnceAndSaysUntilWhen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		gate := NewGate()
		cl := client(t, Options{Gate: gate, Network: fake(func(*http.Request) (*http.Response, error) {
			asked++
			return answer(429, `{"reason":"x"}`, "Retry-After", "3600"), nil
		})})
		start := time.Now()
		for range 3 { // the second and third do not even ask
			_, err := cl.Do(request(t, "GET", "https://x/", ""))
			e := want(t, err, RateLimited)
			if !e.RetryAt.Equal(start.Add(time.Hour)) || e.Service != "Test" || e.Host != "x" {
				t.Errorf("%+v", e)
			}
			if text := "Test: rate limited, again at " + start.Add(time.Hour).Local().Format("15:04:05"); e.Error() != text {
				t.Errorf("got %q, want %q", e.Error(), text)
			}
		}
		if asked != 1 || time.Since(start) != 0 {
			t.Errorf("asked %d times in %s", asked, time.Since(start))
		}
		if until, _ := gate.Closed(); !until.Equal(start.Add(time.Hour)) {
			t.Errorf("the gate is closed until %s", until)
		}
	})
}

func TestAnUnavailableServiceIsNotCalledRateLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cl := client(t, Options{Network: fake(func(*http.Request) (*http.Response, error) {
			return answer(503, "", "Retry-After", "600"), nil
		})})
		for range 2 {
			_, err := cl.Do(request(t, "GET", "https://x/", ""))
			if e := want(t, err, Status); e.Status != 503 || !e.RetryAt.Equal(time.Now().Add(600*time.Second)) {
				t.Errorf("%+v", e)
			}
		}
	})
}

func TestTenWaitingCallsDoNotKnockTenTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var knocks, busy, most atomic.Int32
		open := time.Now().Add(5 * time.Second)
		cl := client(t, Options{Network: fake(func(r *http.Request) (*http.Response, error) {
			knocks.Add(1)
			if time.Now().Before(open) {
				return answer(429, "", "Retry-After", "3"), nil
			}
			if n := busy.Add(1); n > most.Load() {
				most.Store(n)
			}
			time.Sleep(time.Second)
			busy.Add(-1)
			return answer(200, "{}"), nil
		})})
		// One finds the gate, and ten come after.
		var all sync.WaitGroup
		call := func() {
			resp, err := cl.Do(request(t, "GET", "https://x/", ""))
			if err != nil {
				t.Error(err)
				return
			}
			resp.Body.Close()
		}
		all.Go(call)
		synctest.Wait()
		for range 10 {
			all.Go(call)
		}
		synctest.Wait()
		if n := knocks.Load(); n != 1 {
			t.Errorf("%d knocks while it is closed", n)
		}
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if n := knocks.Load(); n != 2 {
			t.Errorf("%d knocks, want one more to see whether it is open", n)
		}
		all.Wait()
		if n := knocks.Load(); n != 13 { // 1 closed, 1 closed again, 1 goes ahead, 10 follow
			t.Errorf("%d knocks in all", n)
		}
		if most.Load() != 10 {
			t.Errorf("%d at once when it is open", most.Load())
		}
	})
}

func TestOneWhoWentAheadAndGaveUpLetsTheNextGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := true
		cl := client(t, Options{Network: fake(func(r *http.Request) (*http.Response, error) {
			if first {
				first = false
				return answer(429, "", "Retry-After", "2"), nil
			}
			if r.URL.Path == "/slow" {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			return answer(200, ""), nil
		})})
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		defer cancel()
		slow := request(t, "GET", "https://x/slow", "").WithContext(ctx)
		var all sync.WaitGroup
		all.Go(func() {
			_, err := cl.Do(slow)
			want(t, err, Timeout)
		})
		synctest.Wait()
		time.Sleep(3 * time.Second) // it is ahead now
		start := time.Now()
		resp, err := cl.Do(request(t, "GET", "https://x/", ""))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if d := time.Since(start); d != time.Second {
			t.Errorf("waited %s", d)
		}
		all.Wait()
	})
}

func TestAServiceMayExplainItsLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		cl := client(t, Options{
			Limit: func(status int, _ http.Header, body []byte) Limit {
				if status == 429 && strings.Contains(string(body), "QUOTA") {
					return Limit{Name: "the developer's quota", Final: true}
				}
				return Limit{}
			},
			Network: fake(func(*http.Request) (*http.Response, error) {
				asked++
				return answer(429, `{"reason":"QUOTA_EXCEEDED"}`), nil
			})})
		_, err := cl.Do(request(t, "GET", "https://x/", ""))
		e := want(t, err, RateLimited)
		if asked != 1 || e.Error() != "Test: rate limited (the developer's quota)" || string(e.Body()) != `{"reason":"QUOTA_EXCEEDED"}` {
			t.Errorf("asked %d times: %v", asked, e)
		}
	})
}

func TestJSONThatIsNone(t *testing.T) {
	for name, c := range map[string]struct {
		resp *http.Response
		kind Kind
		says string
	}{
		"a sign-in page":         {answer(200, "<!DOCTYPE html><p>hello", "Content-Type", "text/html"), NotJSON, "web page"},
		"a page said to be data": {answer(200, " <html>", "Content-Type", "application/json"), NotJSON, "web page"},
		"cut short":              {answer(200, `{"n": 1`), NotJSON, "cut short"},
		"garbage":                {answer(200, `n=1`), NotJSON, "not JSON"},
		"nothing at all":         {answer(200, "  \n"), NotJSON, "nothing"},
		"another shape":          {answer(200, `{"n": "secret-token"}`), NotJSON, "another shape (N)"},
		"too long":               {answer(200, `{"n":1}`+strings.Repeat(" ", 1000)), TooBig, "more than 1 kB"},
		"an error of theirs":     {answer(403, "developer needs Premium"), Status, "403 Forbidden"},
	} {
		t.Run(name, func(t *testing.T) {
			cl := client(t, Options{MaxBody: 1000, Network: fake(func(*http.Request) (*http.Response, error) { return c.resp, nil })})
			var out struct{ N int }
			_, err := cl.JSON(request(t, "GET", "https://x/?token=abc", ""), &out)
			want(t, err, c.kind)
			if !strings.Contains(err.Error(), c.says) || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), "secret") {
				t.Errorf("says %q, want %q in it", err, c.says)
			}
		})
	}
	t.Run("no content is no error", func(t *testing.T) {
		cl := client(t, Options{Network: fake(func(*http.Request) (*http.Response, error) { return answer(204, ""), nil })})
		out := struct{ N int }{7}
		a, err := cl.JSON(request(t, "GET", "https://x/", ""), &out)
		if err != nil || a.Status != 204 || out.N != 7 {
			t.Errorf("%v %v %v", a, err, out)
		}
	})
	t.Run("a byte order mark is none of ours", func(t *testing.T) {
		cl := client(t, Options{Network: fake(func(*http.Request) (*http.Response, error) { return answer(200, "\xef\xbb\xbf{\"n\":3}"), nil })})
		var out struct{ N int }
		if _, err := cl.JSON(request(t, "GET", "https://x/", ""), &out); err != nil || out.N != 3 {
			t.Errorf("%v %v", err, out)
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"7", "1e400", "-1", "NaN", "Wed, 21 Oct 2015 07:28:00 GMT", "Mon, 02 Jan 9999 15:04:05 GMT"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, after, date string) {
		h := http.Header{"Retry-After": {after}, "Date": {date}}
		if d := retryAfter(h, time.Unix(0, 0)); d < 0 || d > longest {
			t.Errorf("%q is %s", after, d)
		}
	})
}

func FuzzScrub(f *testing.F) {
	f.Add("https://u:hunter2@h/p?q=hunter2#hunter2 and token=hunter2")
	f.Fuzz(func(t *testing.T, text string) {
		got := Scrub(text + " https://u:hunter2@h/hunter2?t=hunter2#hunter2 access_token=hunter2 Bearer hunter2")
		if !strings.Contains(text, "hunter2") && strings.Contains(got, "hunter2") {
			t.Errorf("%q became %q", text, got)
		}
	})
}

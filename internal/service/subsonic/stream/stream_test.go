package stream_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"segue/internal/service/subsonic/stream"
)

func passing(err error) bool { return errors.Is(err, errCut) }

func want(o *origin) stream.Want {
	return stream.Want{Key: "k", Name: "Song", Fetch: o.fetch, Passing: passing}
}

func open(t *testing.T, l *stream.Library, w stream.Want) *stream.Reader {
	t.Helper()
	r, err := l.Open(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// settle waits until nothing is at work, and sees that nothing was left.
func settle(t *testing.T, l *stream.Library, dir string, files int) {
	t.Helper()
	l.Wait()
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != files {
		t.Errorf("%d files are left (%v), want %d", len(left), err, files)
	}
}

func TestATrackIsReadWhileItComesAndKept(t *testing.T) {
	for name, o := range map[string]*origin{
		"with ranges":             {data: noise(3_000_000), ranges: true, tag: "a"},
		"without":                 {data: noise(3_000_000)},
		"of unknown length":       {data: noise(3_000_000), silent: true},
		"one byte":                {data: noise(1), ranges: true},
		"exactly a block":         {data: noise(64 << 10), silent: true, ranges: true},
		"cut every 100,000 bytes": {data: noise(1_000_000), ranges: true, tag: "a", cut: func() int { return 100_000 }},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dir := t.TempDir()
				l := stream.NewLibrary(folder{dir})
				r := open(t, l, want(o))
				r.Approve()
				got, err := io.ReadAll(r)
				if err != nil || !bytes.Equal(got, o.data) {
					t.Fatalf("%d of %d bytes: %v", len(got), len(o.data), err)
				}
				if err := r.Close(); err != nil {
					t.Error(err)
				}
				settle(t, l, dir, 1)
				o.away = true
				r = open(t, l, want(o))
				if again, err := io.ReadAll(r); err != nil || !bytes.Equal(again, o.data) {
					t.Errorf("from the cache: %d bytes, %v", len(again), err)
				}
				_ = r.Close()
				if o.live != 0 {
					t.Errorf("%d connections are open", o.live)
				}
			})
		})
	}
}

func TestAServerThatStartsAnewIsComparedByteByByte(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cuts := []int{700_000, 900_000, -1}
		o := &origin{data: noise(1_500_000), silent: true, cut: func() int {
			n := cuts[0]
			cuts = cuts[1:]
			return n
		}}
		l := stream.NewLibrary(stream.Scratch{Dir: t.TempDir()})
		r := open(t, l, want(o))
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, o.data) {
			t.Errorf("%d bytes: %v", len(got), err)
		}
		_ = r.Close()
		l.Wait()
	})
}

func TestWhatChangedOnTheServerIsNotMixed(t *testing.T) {
	for name, change := range map[string]func(o *origin){
		"another tag":    func(o *origin) { o.tag = "b"; o.data = noise(1_000_001) },
		"another length": func(o *origin) { o.data = noise(900_000) },
		"other bytes":    func(o *origin) { o.ranges = false; o.data = append(noise(5), noise(999_995)...) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := &origin{data: noise(1_000_000), ranges: true, tag: "a"}
				o.cut = func() int {
					if len(o.asked) == 1 {
						return 300_000
					}
					return -1
				}
				dir := t.TempDir()
				l := stream.NewLibrary(folder{dir})
				first := o.data[:300_000]
				r := open(t, l, want(o))
				r.Approve()
				o.mu.Lock()
				change(o)
				o.mu.Unlock()
				got, err := io.ReadAll(r)
				if err == nil || !strings.Contains(err.Error(), "changed") || !bytes.Equal(got[:300_000], first) {
					t.Errorf("%d bytes, %v", len(got), err)
				}
				_ = r.Close()
				settle(t, l, dir, 0)
			})
		})
	}
}

func TestASeekAsksForWhatHasNotCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &origin{data: noise(6_000_000), ranges: true, tag: "a", block: make(chan struct{})}
		o.cut = func() int { return 400_000 }
		dir := t.TempDir()
		l := stream.NewLibrary(folder{dir})
		r := open(t, l, want(o))
		r.Approve()
		buf := make([]byte, 1000)
		for _, at := range []int64{4_500_000, 100, 5_999_500, 2_500_000, 4_500_100} {
			if _, err := r.Seek(at, io.SeekStart); err != nil {
				t.Fatal(err)
			}
			n, err := io.ReadFull(r, buf)
			if want := o.data[at:min(at+1000, int64(len(o.data)))]; !bytes.Equal(buf[:n], want) {
				t.Errorf("at %d: %d wrong bytes, %v", at, n, err)
			}
		}
		o.mu.Lock()
		asked := fmt.Sprint(o.asked)
		o.cut = nil
		o.mu.Unlock()
		if !strings.HasPrefix(asked, "[0 4500000 5999500") || !strings.Contains(asked, " 2500000") {
			t.Errorf("asked from %s", asked)
		}
		close(o.block)
		if _, err := r.Seek(0, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, o.data) {
			t.Errorf("the whole: %d bytes, %v", len(got), err)
		}
		_ = r.Close()
		settle(t, l, dir, 1)
	})
}

func TestAServerThatGoesAwayIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &origin{data: noise(1_000_000), ranges: true, tag: "a"}
		o.cut = func() int { return 500_000 }
		l := stream.NewLibrary(stream.Scratch{Dir: t.TempDir()})
		r := open(t, l, want(o))
		if _, err := io.ReadFull(r, make([]byte, 500_000)); err != nil {
			t.Fatal("the cached part:", err)
		}
		o.mu.Lock()
		o.away = true
		o.mu.Unlock()
		go func() {
			time.Sleep(30 * time.Second)
			o.mu.Lock()
			o.away = false
			o.mu.Unlock()
		}()
		start := time.Now()
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, o.data[500_000:]) {
			t.Errorf("%d bytes, %v", len(got), err)
		}
		if waited := time.Since(start); waited < 30*time.Second || waited > 40*time.Second {
			t.Errorf("it took %v", waited)
		}
		_ = r.Close()
		l.Wait()
	})
}

func TestAServerThatStaysAwayIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &origin{data: noise(1_000_000), ranges: true}
		o.cut = func() int { return 500_000 }
		l := stream.NewLibrary(stream.Scratch{Dir: t.TempDir()})
		r := open(t, l, want(o))
		_, _ = io.ReadFull(r, make([]byte, 500_000))
		o.mu.Lock()
		o.away = true
		o.mu.Unlock()
		start := time.Now()
		if _, err := io.ReadAll(r); !errors.Is(err, errCut) || time.Since(start) > time.Minute {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		_ = r.Close()
		l.Wait()
	})
}

func TestLyingServersEndInAnErrorNotInALoop(t *testing.T) {
	for name, c := range map[string]struct {
		o    *origin
		size int64
		says string
	}{
		"longer than it says":   {&origin{data: noise(200_000), ranges: true, claims: 100_000}, 0, "far more"},
		"shorter than it says":  {&origin{data: noise(200_000), ranges: true, claims: 300_000}, 0, "before its end"},
		"nothing at all":        {&origin{silent: true}, 0, "nothing"},
		"less than the library": {&origin{data: noise(200_000), silent: true}, 300_000, "before its end"},
		"more than can be":      {&origin{data: noise(34_000_000), silent: true}, 100_000, "far more"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dir := t.TempDir()
				l := stream.NewLibrary(folder{dir})
				w := want(c.o)
				w.Size = c.size
				r, err := l.Open(t.Context(), w)
				if err == nil {
					r.Approve()
					_, err = io.Copy(io.Discard, r)
					_ = r.Close()
				}
				if err == nil || !strings.Contains(err.Error(), c.says) {
					t.Errorf("got %v, want %q", err, c.says)
				}
				settle(t, l, dir, 0)
				if len(c.o.asked) > 8 {
					t.Errorf("the server was asked %d times", len(c.o.asked))
				}
			})
		})
	}
}

func TestTwoReadersShareOneDownload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &origin{data: noise(2_000_000), ranges: true}
		dir := t.TempDir()
		l := stream.NewLibrary(folder{dir})
		a, b := open(t, l, want(o)), open(t, l, want(o))
		a.Approve()
		_ = a.Close()
		_ = a.Close() // twice is once
		if got, err := io.ReadAll(b); err != nil || !bytes.Equal(got, o.data) {
			t.Errorf("%d bytes, %v", len(got), err)
		}
		_ = b.Close()
		settle(t, l, dir, 1)
		if len(o.asked) != 1 {
			t.Errorf("asked %v", o.asked)
		}
	})
}

func TestWhatNobodyNeedsIsNotFetched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &origin{data: noise(2_000_000), ranges: true, block: make(chan struct{}), cut: func() int { return 100_000 }}
		dir := t.TempDir()
		l := stream.NewLibrary(folder{dir})
		r := open(t, l, want(o))
		r.Approve()
		_ = r.Close()
		settle(t, l, dir, 0)
		if o.live != 0 {
			t.Errorf("%d connections are open", o.live)
		}
	})
}

func TestAnOpenThatIsGivenUpLeavesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &origin{away: true}
		dir := t.TempDir()
		l := stream.NewLibrary(folder{dir})
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		if _, err := l.Open(ctx, want(o)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		settle(t, l, dir, 0)
	})
}

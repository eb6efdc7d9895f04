package spotify

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"segue/cache"
	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
	"segue/internal/service/spotify/webapi/webapitest"
	"segue/session"
)

// desk is an account before a stand-in of the Web API, signed in as Ada.
type desk struct {
	t    *testing.T
	web  *webapitest.Server
	f    webapitest.Seed
	s    *Service
	dir  string
	mu   sync.Mutex
	news []music.Ref
	stop func()
}

// newDesk has the library that webapitest fills.
func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, web: webapitest.New(t), dir: t.TempDir()}
	d.f = d.web.Fill(webapitest.Ada)
	d.restart()
	return d
}

// emptyDesk has nothing but Ada.
func emptyDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, web: webapitest.New(t), dir: t.TempDir()}
	d.restart()
	return d
}

// restart begins anew with what is on disk.
func (d *desk) restart() {
	d.t.Helper()
	d.close()
	answers, err := cache.NewBlobs(cache.BlobOptions{Dir: d.dir + "/answers"})
	if err != nil {
		d.t.Fatal(err)
	}
	d.s, err = New(session.Spec{ID: "music", Service: Kind}, Config{API: d.web.URL, DataDir: d.dir, Answers: answers})
	if err != nil {
		d.t.Fatal(err)
	}
	o := d.web.Options(webapitest.Ada)
	o.Answers, o.Allowed, o.Fresh, o.Failed = answers, d.s.allowed, d.s.freshened, d.s.refreshFailed
	o.Now = func() time.Time { return d.s.cfg.Now() }
	if d.s.api, err = webapi.New(o); err != nil {
		d.t.Fatal(err)
	}
	d.s.mu.Lock()
	d.s.me = music.User{Name: webapitest.Ada, Display: "Ada L."}
	d.s.mu.Unlock()
	s := d.s
	d.stop = func() {
		if err := s.Close(); err != nil {
			d.t.Errorf("close: %v", err)
		}
		// What is on its way is still kept, in this test's folder.
		d.until("nothing is on its way", func() bool { return s.api.Stats().Unanswered == 0 })
	}
	d.t.Cleanup(d.close)
}

func (d *desk) close() {
	if d.stop != nil {
		d.stop()
		d.stop = nil
	}
}

// watch begins to watch, and waits until that has looked at the playlists once.
func (d *desk) watch() {
	d.t.Helper()
	ctx, cancel := context.WithCancel(d.t.Context())
	var done sync.WaitGroup
	before := d.web.Count("GET /me/playlists")
	done.Go(func() {
		_ = d.s.Watch(ctx, func(r music.Ref) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.news = append(d.news, r)
		})
	})
	stop := d.stop
	d.stop = func() {
		cancel()
		done.Wait()
		stop()
	}
	d.until("the playlists are looked at", func() bool { return d.web.Count("GET /me/playlists") > before })
}

// until waits for what comes by itself.
func (d *desk) until(what string, is func() bool) {
	d.t.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			d.t.Fatalf("it did not come to pass: %s", what)
		}
	}
}

// told reports whether a change was told of.
func (d *desk) told(r music.Ref) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Contains(d.news, r)
}

func (d *desk) ref(kind music.Kind, id string) music.Ref { return d.s.ref(kind, id) }

func (d *desk) track(i int) music.Ref { return d.ref(music.KindTrack, d.f.Tracks[i]) }

// page is a page that must come without a Fault.
func (d *desk) page(ask music.Ask) music.Page {
	d.t.Helper()
	p, err := d.s.Children(d.t.Context(), ask)
	if err != nil {
		d.t.Fatalf("%s: %v", ask.Of, err)
	}
	return p
}

func (d *desk) section(id string) music.Page {
	d.t.Helper()
	return d.page(music.Ask{Of: d.s.section(id)})
}

func (d *desk) refs(of music.Ref) []music.Ref {
	d.t.Helper()
	all, err := d.s.Refs(d.t.Context(), music.Ask{Of: of})
	if err != nil {
		d.t.Fatalf("%s: %v", of, err)
	}
	return all
}

// uris are the rows of a playlist at the server.
func (d *desk) uris(id string) string { return strings.Join(d.web.Items(id), " ") }

func namesOf(items []music.Item) string {
	var all []string
	for _, it := range items {
		all = append(all, it.ItemName())
	}
	return strings.Join(all, ", ")
}

// wantCalls fails where other calls were made than these, in any order.
func (d *desk) wantCalls(want ...string) {
	d.t.Helper()
	var got []string
	for _, c := range d.web.Calls() {
		got = append(got, c.Method+" "+c.Name)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		d.t.Errorf("the calls were %q, want %q", got, want)
	}
	d.web.Forget()
}

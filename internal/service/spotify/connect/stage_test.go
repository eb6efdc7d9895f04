package connect

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"segue/internal/service/spotify/webapi"
	"segue/internal/service/spotify/webapi/webapitest"
	"segue/session"
)

// stage is a Player of Ada's against the stand-in of the Web API.
type stage struct {
	t    *testing.T
	p    *Player
	s    *webapitest.Server
	f    webapitest.Seed
	file string
	o    Options
}

func onStage(t *testing.T) *stage {
	t.Helper()
	g := &stage{t: t, s: webapitest.New(t), file: filepath.Join(t.TempDir(), "device.json")}
	g.f = g.s.Fill(webapitest.Ada)
	api, err := webapi.New(g.s.Options(webapitest.Ada))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.CloseIdle)
	g.o = names(Options{API: api, File: g.file})
	g.again()
	return g
}

// again is the next run of the program.
func (g *stage) again() { g.p = New(g.o) }

func (g *stage) ok(err error) {
	g.t.Helper()
	if err != nil {
		g.t.Fatal(err)
	}
}

func (g *stage) choose(id string) session.Device {
	g.t.Helper()
	d, err := g.p.Choose(g.t.Context(), id, false, false)
	g.ok(err)
	return d
}

func (g *stage) start(n int) (session.Device, error) {
	return g.p.Start(g.t.Context(), track(g.f.Tracks[n]), 5*time.Second)
}

func (g *stage) playback() webapitest.Playback { return g.s.Playback(webapitest.Ada) }

func (g *stage) look() session.RemoteState {
	g.t.Helper()
	st, _, usable, err := g.p.look(g.t.Context())
	g.ok(err)
	if !usable {
		g.t.Fatalf("nothing is to be seen: %+v", st)
	}
	return st
}

// fault checks the kind and the words of an error.
func (g *stage) fault(err error, kind session.FaultKind, words ...string) {
	g.t.Helper()
	var f *session.Fault
	var k interface{ FaultKind() session.FaultKind }
	got := session.OK
	switch {
	case errors.As(err, &f):
		got = f.Kind
	case errors.As(err, &k):
		got = k.FaultKind()
	}
	if got != kind {
		g.t.Errorf("%v is %s, want %s", err, got, kind)
	}
	for _, w := range words {
		if err != nil && !strings.Contains(err.Error(), w) {
			g.t.Errorf("%q does not say %q", err, w)
		}
	}
}

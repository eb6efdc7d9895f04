package connect

import (
	"context"
	"errors"
	"testing"
	"time"
)

// TestADeviceThatAnotherProgramChoseIsTold, at any time, and one's own choice is not.
func TestADeviceThatAnotherProgramChoseIsTold(t *testing.T) {
	g := onStage(t)
	g.choose(g.f.Computer)
	ctx, stop := context.WithCancel(t.Context())
	told, ended := make(chan string, 10), make(chan error, 1)
	go func() { ended <- g.p.WatchChoice(ctx, func(device string) { told <- device }) }()
	tells := func(want string) {
		t.Helper()
		select {
		case got := <-told:
			if got != want {
				t.Errorf("told %s, want %s", got, want)
			}
		case <-time.After(time.Minute):
			t.Fatalf("nothing is told of %s", want)
		}
	}
	other := New(g.o)
	if _, err := other.Choose(t.Context(), g.f.Phone, false, false); err != nil {
		t.Fatal(err)
	}
	tells(g.f.Phone)
	g.choose(g.f.Phone) // it goes there: that is no news, nor is its own choice
	g.choose(g.f.Computer)
	if err := other.Forget(); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Choose(t.Context(), g.f.Phone, false, false); err != nil {
		t.Fatal(err)
	}
	tells(g.f.Phone)
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	for len(told) > 0 { // a file may be told of twice before it is gone to
		tells(g.f.Phone)
	}
}

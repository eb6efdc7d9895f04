package engine

import (
	"context"
	"testing"
	"time"

	"segue/internal/service/spotify/engine/enginetest"
	"segue/player"
	"segue/player/playertest"
)

// TestOneQueueOfSpotifyAndFilesIsJoinedToTheSample plays through the player itself: from
// Spotify to Spotify by the engine's own join, to a file and back by the player's.
func TestOneQueueOfSpotifyAndFilesIsJoinedToTheSample(t *testing.T) {
	t.Parallel()
	r := newRig(t, plays(map[string]enginetest.Track{first: length(13), second: length(14.5), third: length(11)}))
	out := &playertest.Collector{Rate: rate}
	p := player.New(player.Config{}, out)
	ctx, stop := context.WithCancel(r.ctx)
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	defer func() {
		stop()
		<-ended
	}()
	file := playertest.Numbered(rate, 5*rate, 77)
	queue := []func() player.Source{
		func() player.Source { return r.open(second, seconds(14.5)) },
		func() player.Source { return file },
		func() player.Source { return r.open(third, 11*time.Second) },
	}
	p.Load(player.Item{ID: 1, Source: r.open(first, 13*time.Second), Length: 13 * time.Second}, true)
	for over := false; !over; {
		select {
		case <-p.Events().Ready():
		case <-ctx.Done():
			t.Fatal("it does not come to its end")
		}
		for _, ev := range p.Events().Take() {
			switch ev := ev.(type) {
			case player.NeedNext:
				if len(queue) == 0 {
					p.NoNext(ev.After)
					continue
				}
				src := queue[0]()
				queue = queue[1:]
				p.Preload(player.Item{ID: ev.After + 1, Source: src})
			case player.Ended:
				if ev.Err != nil {
					t.Errorf("%d: %v", ev.Item, ev.Err)
				}
			case player.Drained:
				over = true
			default:
			}
		}
	}
	got, _ := out.Got()
	n := int64(13*rate + 14.5*rate)
	joined := runs(got[:2*n])
	if len(joined) != 2 || joined[0] != (run{first, 0, 13 * rate}) || joined[1] != (run{second, 0, int64(14.5 * rate)}) {
		t.Errorf("from Spotify to Spotify it is %v", joined)
	}
	got = got[2*n:]
	for i, v := range file.Frames {
		if got[i] != v {
			t.Fatalf("sample %d of the file is %v, want %v", i, got[i], v)
		}
	}
	r.is("what follows the file", got[len(file.Frames):], third, 0, 11*rate)
}

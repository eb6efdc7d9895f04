package player_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"segue/internal/need"
	"segue/internal/pcm"
	"segue/player"
	"segue/player/decode"
	"segue/player/device"
	"segue/player/playertest"
)

// wholeFiles decodes files by themselves, one after the other.
func wholeFiles(t *testing.T, paths []string) (pcm.Format, []float32) {
	t.Helper()
	var f pcm.Format
	var out []float32
	for _, p := range paths {
		s, err := decode.File(p)
		if err != nil {
			t.Fatal(err)
		}
		f = s.Format()
		buf := make([]float32, 8192*f.Channels)
		for {
			n, err := s.Read(buf)
			out = append(out, buf[:n]...)
			if err != nil {
				break
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	return f, out
}

func TestRealMusicGoesThroughBitForBitWithItsJoins(t *testing.T) {
	dir := need.Wesnoth(t)
	var paths []string
	for _, name := range []string{"silence.ogg", "victory.ogg", "defeat.ogg", "victory2.ogg"} {
		paths = append(paths, filepath.Join(dir, name))
	}
	format, want := wholeFiles(t, paths)
	c := &playertest.Collector{}
	playFiles(t, paths, c)
	got, _ := c.Got()
	sameBits(t, format, got, want)
}

func TestAWAVFileHoldsTheMusicBitForBit(t *testing.T) {
	dir := need.Wesnoth(t)
	paths := []string{filepath.Join(dir, "victory.ogg"), filepath.Join(dir, "defeat2.ogg")}
	format, want := wholeFiles(t, paths)
	out := filepath.Join(t.TempDir(), "out.wav")
	playFiles(t, paths, device.WAV(out, device.F32))
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(raw, []byte("data"))
	if at < 0 || int(binary.LittleEndian.Uint32(raw[at+4:])) != len(raw)-at-8 {
		t.Fatalf("the header does not fit the file of %d bytes", len(raw))
	}
	var got []float32
	for raw = raw[at+8:]; len(raw) >= 4; raw = raw[4:] {
		got = append(got, math.Float32frombits(binary.LittleEndian.Uint32(raw)))
	}
	sameBits(t, format, got, want)
}

func sameBits(t *testing.T, format pcm.Format, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d samples of %v, want %d", len(got), format, len(want))
	}
	for i := range got {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
			t.Fatalf("sample %d is %v, want %v", i, got[i], want[i])
		}
	}
}

// playFiles plays files one after the other through a recorder, to the end.
func playFiles(t *testing.T, paths []string, dev player.Device) {
	t.Helper()
	p := player.New(player.Config{}, dev)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	next := func(i int) player.Item {
		s, err := decode.File(paths[i])
		if err != nil {
			t.Fatal(err)
		}
		return player.Item{ID: player.ItemID(i + 1), Source: s}
	}
	p.Load(next(0), true)
	for drained := false; !drained; {
		select {
		case <-ctx.Done():
			t.Fatal("it takes too long")
		case <-p.Events().Ready():
		}
		for _, ev := range p.Events().Take() {
			switch e := ev.(type) {
			case player.NeedNext:
				if int(e.After) < len(paths) {
					p.Preload(next(int(e.After)))
				} else {
					p.NoNext(e.After)
				}
			case player.Ended:
				if e.Err != nil {
					t.Error(e.Err)
				}
			case player.Drained:
				drained = true
			}
		}
	}
	cancel()
	<-done
}

// TestTheSilentClockKeepsThePosition in real time, where it is enough that one of three
// tries looks right: what is exact here is shown on fake time elsewhere.
func TestTheSilentClockKeepsThePosition(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds of real time")
	}
	path := filepath.Join(need.Wesnoth(t), "knolls.ogg")
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	for try := range 3 {
		wrong := silently(t, path)
		if wrong == "" {
			return
		}
		if try == 2 {
			t.Error(wrong)
		}
	}
}

// silently plays a file without a device for a while, and tells what was wrong.
func silently(t *testing.T, path string) (wrong string) {
	t.Helper()
	s, err := decode.File(path)
	if err != nil {
		t.Fatal(err)
	}
	p := player.New(player.Config{Volume: 1}, device.Silent())
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	from := time.Now()
	p.Load(player.Item{ID: 1, Source: s}, true)
	var started time.Time
	var moved int
	end := time.After(2500 * time.Millisecond)
	for run := true; run; {
		select {
		case <-p.Events().Ready():
			for _, ev := range p.Events().Take() {
				switch ev.(type) {
				case player.Started:
					started = time.Now()
				case player.Moved:
					moved++
				}
			}
		case <-end:
			run = false
		}
	}
	a := p.Anchor()
	cancel()
	<-done
	if started.IsZero() {
		return "nothing was heard"
	}
	t.Logf("from Load to the first frame: %v; %d Moved", started.Sub(from), moved)
	if off := a.Now(time.Now()) - time.Since(started); off.Abs() > time.Second {
		return fmt.Sprintf("the position is %v off", off)
	}
	if moved > 12 {
		return fmt.Sprintf("%d Moved for steady play", moved)
	}
	if n := p.Stats().Stutters; n > 4 {
		return fmt.Sprintf("%d stutters", n)
	}
	return ""
}

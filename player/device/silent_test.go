package device

import (
	"testing"
	"testing/synctest"
	"time"

	"segue/internal/pcm"
)

// counting is a fill that counts.
type counting struct{ frames int64 }

func (c *counting) fill(dst []float32) bool { c.frames += int64(len(dst) / 2); return true }

func startSilent(t *testing.T, f pcm.Format) (pcm.Stream, *counting) {
	t.Helper()
	c := &counting{}
	s, err := Silent().Start(f, c.fill)
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

func TestTheSilentClockIsExactOverHours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := startSilent(t, cd)
		defer func() { _ = s.Close() }()
		for range 100 {
			time.Sleep(97*time.Second + 123456789)
			synctest.Wait()
		}
		heard := c.frames - cd.Frames(s.Latency())
		if want := cd.Frames(100 * (97*time.Second + 123456789)); heard < want-1 || heard > want+1 {
			t.Fatalf("%d frames heard, want %d", heard, want)
		}
	})
}

func TestThePausedClockStandsStillAndLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := startSilent(t, cd)
		defer func() { _ = s.Close() }()
		time.Sleep(1300 * time.Millisecond)
		s.Pause()
		synctest.Wait()
		given, latency := c.frames, s.Latency()
		time.Sleep(time.Hour)
		synctest.Wait()
		if c.frames != given || s.Latency() != latency {
			t.Fatalf("paused: %d frames more, latency %v then %v", c.frames-given, latency, s.Latency())
		}
		s.Resume()
		time.Sleep(1700 * time.Millisecond)
		synctest.Wait()
		heard := c.frames - cd.Frames(s.Latency())
		if want := cd.Frames(3 * time.Second); heard < want-2 || heard > want+2 {
			t.Fatalf("%d frames heard in 3 s, want %d", heard, want)
		}
	})
}

func TestFlushTellsWhatWasNotHeardAndAsksForMoreAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := startSilent(t, cd)
		defer func() { _ = s.Close() }()
		time.Sleep(700 * time.Millisecond)
		synctest.Wait()
		given := c.frames
		lost := s.Flush()
		if heard, want := given-lost, cd.Frames(700*time.Millisecond); heard != want {
			t.Fatalf("%d heard, want %d", heard, want)
		}
		synctest.Wait()
		if c.frames-given < cd.Frames(silentBuffer)-silentLeast {
			t.Fatalf("only %d frames asked for after the flush", c.frames-given)
		}
	})
}

func TestLatencyInsideFillIncludesTheBlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s pcm.Stream
		var given int64
		started := make(chan struct{})
		s, err := Silent().Start(cd, func(dst []float32) bool {
			<-started
			given += int64(len(dst) / 2)
			if heard := given - cd.Frames(s.Latency()); heard != 0 {
				t.Errorf("%d frames heard at the start", heard)
			}
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
		close(started)
		synctest.Wait()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		<-s.Done()
	})
}

func TestSilenceRefusesAnImpossibleFormat(t *testing.T) {
	if _, err := Silent().Start(pcm.Format{}, func([]float32) bool { return true }); err == nil {
		t.Fatal("no error")
	}
}

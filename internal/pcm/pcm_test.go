package pcm

import (
	"testing"
	"time"
)

func TestFramesAndDurationsMatchToTheFrame(t *testing.T) {
	for _, rate := range []int{8000, 11025, 22050, 44100, 48000, 88200, 96000, 192000, 384000} {
		f := Format{Rate: rate, Channels: 2}
		for _, n := range []int64{0, 1, 2, 3, 7, 100, 44099, 44100, 44101, 1 << 24, 1 << 40} {
			if got := f.Frames(f.Duration(n)); got != n {
				t.Errorf("%d frames at %d Hz become %d", n, rate, got)
			}
		}
	}
}

func TestTimesAreTakenToTheNearestFrame(t *testing.T) {
	f := Format{Rate: 1000, Channels: 1}
	for d, want := range map[time.Duration]int64{
		-time.Second: 0, 0: 0, 499 * time.Microsecond: 0, 500 * time.Microsecond: 1, 1499 * time.Microsecond: 1, time.Hour: 3600000,
	} {
		if got := f.Frames(d); got != want {
			t.Errorf("%v is %d frames, want %d", d, got, want)
		}
	}
	if got := (Format{}).Duration(5); got != 0 {
		t.Errorf("without a rate: %v", got)
	}
}

package device

import (
	"testing"
	"testing/synctest"
	"time"

	"segue/internal/pcm"
)

// Between Pause with Flush and Resume a device is held empty: what comes next is heard first.
func TestADeviceThatIsHeldEmptyBeginsWithWhatComesNext(t *testing.T) {
	for name, can := range map[string]bool{"with a pause of its own": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, &fakeCard{canHold: can})
				var deep pcm.Deep = b
				if want := b.format.Duration(int64(b.card.size)); deep.Depth() != want {
					t.Errorf("it holds %v, want %v", deep.Depth(), want)
				}
				var thrown int64
				for range 4 {
					b.pass(777 * time.Millisecond)
					b.Pause()
					given, drops := b.given.Load(), b.card.drops
					heard := int64(len(b.heard()))
					thrown += b.Flush()
					if at := given - thrown; at < heard-1 || at > heard+1 {
						t.Errorf("%d of %d were thrown away, %d heard", thrown, given, heard)
					}
					for range 20 { // more of them do nothing
						b.Flush()
					}
					b.pass(time.Minute)
					if b.given.Load() != given || int64(len(b.heard())) != heard || b.Latency() != 0 {
						t.Fatalf("while held empty %d were asked for, %d heard, latency %v", b.given.Load()-given, int64(len(b.heard()))-heard, b.Latency())
					}
					if n := b.card.drops - drops; n > 1 {
						t.Errorf("emptied %d times", n)
					}
					b.Resume()
					synctest.Wait()
					if taken := b.given.Load() - given; taken != int64(b.card.size) {
						t.Errorf("it took %d at once, not what it holds", taken)
					}
					b.pass(10 * time.Millisecond)
					if all := b.heard(); int64(len(all)) == heard || all[heard] != float32(given) {
						t.Errorf("after 10 ms %d are heard, want %d and more", int64(len(all))-heard, given)
					}
				}
				_ = b.Close()
			})
		})
	}
}

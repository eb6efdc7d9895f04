package ring

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
)

// numbered is n frames whose left sample is their number, from first on.
func numbered(first, n int) []float32 {
	f := make([]float32, 2*n)
	for i := range n {
		f[2*i] = float32(first + i)
		f[2*i+1] = -f[2*i]
	}
	return f
}

func read(rd *Reader, n int) (frames []float32, more bool) {
	dst := make([]float32, 2*n)
	more = rd.Read(dst)
	return dst, more
}

func wantFrames(t *testing.T, got []float32, first, n int) {
	t.Helper()
	for i := range n {
		if got[2*i] != float32(first+i) || got[2*i+1] != -got[2*i] {
			t.Fatalf("frame %d is %v, want %d", i, got[2*i], first+i)
		}
	}
	for i := n; i < len(got)/2; i++ {
		if got[2*i] != 0 || got[2*i+1] != 0 {
			t.Fatalf("frame %d is %v, want silence", i, got[2*i])
		}
	}
}

func opened(g *Ring) *Reader {
	rd := g.Attach()
	rd.Open()
	return rd
}

func TestFramesComeOutInOrderAcrossTheWrap(t *testing.T) {
	g := New(10, 3, 1, 1)
	rd := opened(g)
	next := 1
	for written := 1; written < 500; {
		n, ok := g.Write(0, numbered(written, 7))
		if !ok {
			t.Fatal("refused")
		}
		written += n
		got, _ := read(rd, 3)
		wantFrames(t, got, next, 3)
		next += 3
	}
}

func TestAFullRingTakesOnlyWhatFits(t *testing.T) {
	g := New(10, 5, 1, 1)
	if n, _ := g.Write(0, numbered(1, 25)); n != 10 {
		t.Errorf("took %d", n)
	}
	if n, ok := g.Write(0, numbered(1, 25)); n != 0 || !ok {
		t.Errorf("took %d, %v", n, ok)
	}
}

func TestSoundWaitsForTheGateAndAfterADryRingForTheSecondOne(t *testing.T) {
	g := New(100, 10, 5, 20)
	rd := opened(g)
	g.Write(0, numbered(1, 4))
	got, _ := read(rd, 2)
	wantFrames(t, got, 1, 0)
	g.Write(0, numbered(5, 1))
	got, _ = read(rd, 2)
	wantFrames(t, got, 1, 2)
	got, _ = read(rd, 4)
	wantFrames(t, got, 3, 3)
	if n := rd.TakeStutters(); n != 1 {
		t.Errorf("%d stutters", n)
	}
	g.Write(0, numbered(6, 19))
	got, _ = read(rd, 4)
	wantFrames(t, got, 6, 0)
	g.Write(0, numbered(25, 1))
	got, _ = read(rd, 4)
	wantFrames(t, got, 6, 4)
	if n := rd.TakeStutters(); n != 0 {
		t.Errorf("%d stutters while it waited", n)
	}
}

func TestTheEndIsNoStutterAndNeedsNoGate(t *testing.T) {
	g := New(100, 10, 50, 50)
	rd := opened(g)
	g.Write(0, numbered(1, 3))
	g.End(0, true)
	got, more := read(rd, 5)
	wantFrames(t, got, 1, 3)
	if !more {
		t.Error("the end was told with frames in the block")
	}
	if got, more = read(rd, 5); more {
		t.Error("the end was not told")
	}
	wantFrames(t, got, 1, 0)
	if n := rd.TakeStutters(); n != 0 {
		t.Errorf("%d stutters", n)
	}
}

func TestClearRefusesWritesOfTheOldEpoch(t *testing.T) {
	g := New(100, 10, 1, 1)
	rd := opened(g)
	g.Write(0, numbered(1, 10))
	g.Put(0, Mark{Item: 1})
	epoch, _ := g.Clear()
	if _, ok := g.Write(0, numbered(50, 1)); ok {
		t.Error("an old write was taken")
	}
	if g.Put(0, Mark{Item: 2}) || g.End(0, true) {
		t.Error("an old mark or end was taken")
	}
	if _, ok := g.First(); ok {
		t.Error("a mark is left")
	}
	g.Write(epoch, numbered(20, 2))
	got, _ := read(rd, 2)
	wantFrames(t, got, 20, 2)
}

func TestRestoreTakesAClearBack(t *testing.T) {
	g := New(100, 10, 1, 1)
	rd := opened(g)
	g.Put(0, Mark{Item: 1})
	g.Write(0, numbered(1, 10))
	read(rd, 4)
	_, was := g.Clear()
	g.Clear()
	epoch, ok := g.Restore(was, 2)
	if !ok || epoch != 3 {
		t.Fatalf("epoch %d, %v", epoch, ok)
	}
	got, _ := read(rd, 3)
	wantFrames(t, got, 3, 3)
	if m, ok := g.First(); !ok || m.Item != 1 {
		t.Error("the mark is gone")
	}
	epoch, was = g.Clear()
	g.Write(epoch, numbered(90, 1))
	if _, ok := g.Restore(was, 2); ok {
		t.Error("restored over new frames")
	}
}

func TestRewindReadsAgainWhatIsStillThere(t *testing.T) {
	g := New(10, 5, 1, 1)
	rd := opened(g)
	for i := range 4 {
		g.Write(0, numbered(10*i+1, 10))
		read(rd, 10)
	}
	if at := g.Rewind(37); at != 37 {
		t.Errorf("went to %d", at)
	}
	got, _ := read(rd, 3)
	wantFrames(t, got, 38, 3)
	if at := g.Rewind(0); at != 25 {
		t.Errorf("went to %d, the oldest is 25", at)
	}
	if n, _ := g.Write(0, numbered(41, 10)); n != 0 {
		t.Errorf("%d frames were written over unread ones", n)
	}
}

func TestCutBehindDropsTheNextItemOnly(t *testing.T) {
	g := New(100, 10, 1, 1)
	rd := opened(g)
	g.Put(0, Mark{Item: 1})
	g.Write(0, numbered(1, 10))
	g.Put(0, Mark{Item: 1, End: true})
	g.Put(0, Mark{Item: 2})
	g.Write(0, numbered(11, 10))
	g.Put(0, Mark{Item: 2, End: true})
	read(rd, 9)
	epoch, ok := g.CutBehind(1)
	if !ok || epoch != 1 {
		t.Fatalf("epoch %d, %v", epoch, ok)
	}
	g.Write(epoch, numbered(31, 5))
	got, _ := read(rd, 6)
	if got[0] != 10 {
		t.Errorf("%v", got)
	}
	wantFrames(t, got[2:], 31, 5)
	for _, want := range []bool{false, true} {
		m, ok := g.First()
		if !ok || m.Item != 1 || m.End != want {
			t.Errorf("%+v, %v", m, ok)
		}
		g.Drop()
	}
	if m, ok := g.First(); ok {
		t.Errorf("%+v is left", m)
	}
}

func TestCutBehindDoesNothingWhenTheOtherWasTaken(t *testing.T) {
	g := New(100, 10, 1, 1)
	rd := opened(g)
	g.Put(0, Mark{Item: 1})
	g.Write(0, numbered(1, 10))
	g.Put(0, Mark{Item: 2})
	g.Write(0, numbered(11, 10))
	read(rd, 12)
	if _, ok := g.CutBehind(1); ok {
		t.Fatal("cut what was taken")
	}
	got, _ := read(rd, 8)
	wantFrames(t, got, 13, 8)
	g.Rewind(8)
	if _, ok := g.CutBehind(1); !ok {
		t.Fatal("not cut after the rewind")
	}
	got, _ = read(rd, 5)
	wantFrames(t, got, 9, 2)
}

func TestDeviceFramesAreFoundInTheRing(t *testing.T) {
	g := New(100, 50, 1, 1)
	rd := opened(g)
	read(rd, 5) // silence: device frames 0 to 4
	g.Write(0, numbered(1, 10))
	read(rd, 10) // 5 to 14 are 0 to 9
	read(rd, 5)  // silence
	epoch, _ := g.Clear()
	g.Write(epoch, numbered(1, 10))
	read(rd, 10) // 20 to 29 are 10 to 19
	g.Rewind(12)
	read(rd, 4) // 30 to 33 are 12 to 15
	tests := []struct {
		dev, at int64
		sound   bool
	}{{-3, 0, false}, {0, 0, false}, {4, 0, false}, {5, 0, true}, {14, 9, true}, {17, 10, false}, {20, 10, true}, {29, 19, true}, {30, 12, true}, {33, 15, true}}
	for _, tt := range tests {
		if at, sound := rd.Frame(tt.dev); at != tt.at || sound != tt.sound {
			t.Errorf("device frame %d is %d, %v; want %d, %v", tt.dev, at, sound, tt.at, tt.sound)
		}
	}
	if n, ok := rd.UntilSound(16); !ok || n != 4 {
		t.Errorf("%d, %v until sound", n, ok)
	}
}

func TestAnEarlierReaderGivesOnlySilence(t *testing.T) {
	g := New(100, 50, 1, 1)
	first := opened(g)
	g.Write(0, numbered(1, 10))
	second := opened(g)
	got, _ := read(first, 3)
	wantFrames(t, got, 1, 0)
	got, _ = read(second, 3)
	wantFrames(t, got, 1, 3)
	if n, more := first.ReadWait(make([]float32, 4)); n != 0 || more {
		t.Errorf("%d, %v", n, more)
	}
}

func TestReadingNeitherAllocatesNorWaits(t *testing.T) {
	g := New(44100, 44100, 1, 1)
	rd := opened(g)
	block, dst := numbered(1, 4096), make([]float32, 2*512)
	if n := testing.AllocsPerRun(1000, func() {
		g.Write(0, block)
		rd.Read(dst)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// The three parties at once, for the race detector: the consumer must see each
// epoch's frames in order, without gaps other than the owner's.
func TestThreePartiesAtOnce(t *testing.T) {
	g := New(1000, 500, 10, 20)
	rd := opened(g)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { // producer
		n := 1
		for {
			select {
			case <-stop:
				return
			default:
			}
			if m, ok := g.First(); ok && n-int(m.Item) > 2000 { //nolint:gosec // small
				runtime.Gosched() // the owner has not come to the marks for long: they would grow without end
				continue
			}
			epoch := g.Epoch()
			g.Put(epoch, Mark{Item: uint64(n)}) //nolint:gosec // it is not negative
			k, _ := g.Write(epoch, numbered(n, 64))
			n += max(k, 1) // the numbers rise with each mark
		}
	})
	wg.Go(func() { // consumer
		dst := make([]float32, 2*100)
		for {
			select {
			case <-stop:
				return
			default:
			}
			rd.Read(dst)
			for i := 2; i < len(dst); i += 2 {
				if dst[i] != -dst[i+1] {
					t.Errorf("a torn frame: %v %v", dst[i], dst[i+1])
					return
				}
			}
		}
	})
	mono := make([]float32, 50)
	for i := range 3000 {
		switch rand.IntN(6) {
		case 0:
			g.Clear()
		case 1:
			g.Rewind(g.Taken() - 100)
		case 2:
			g.CutBehind(uint64(i))
		case 3:
			g.Mono(mono, g.Taken())
		case 4:
			rd.Frame(rd.Given() - 200)
		default:
			for {
				m, ok := g.First()
				if !ok || m.At > g.Taken() {
					break
				}
				g.Drop()
			}
		}
	}
	close(stop)
	wg.Wait()
}

func BenchmarkRing(b *testing.B) {
	g := New(4*44100, 3*44100, 1, 1)
	rd := opened(g)
	block, dst := numbered(1, 4096), make([]float32, 2*4096)
	b.ReportAllocs()
	for b.Loop() {
		g.Write(0, block)
		rd.Read(dst)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/4096, "ns/frame")
}

func TestBehindAClearWhatComesIsSilenceEvenBeforeItIsTaken(t *testing.T) {
	g := New(100, 50, 1, 1)
	rd := opened(g)
	g.Write(0, numbered(1, 20))
	read(rd, 10)
	g.Clear()
	if at, sound := rd.Frame(9); at != 9 || !sound {
		t.Errorf("the last frame taken is told as %d, sound %v", at, sound)
	}
	if at, sound := rd.Frame(10); at != 10 || sound {
		t.Errorf("the frame behind it is told as %d, sound %v", at, sound)
	}
	read(rd, 30)
	if at, sound := rd.Frame(25); at != 10 || sound {
		t.Errorf("silence is told as %d, sound %v", at, sound)
	}
	g.Write(1, numbered(1, 20))
	read(rd, 10)
	if at, sound := rd.Frame(41); at != 21 || !sound {
		t.Errorf("the new frames are told as %d, sound %v", at, sound)
	}
}

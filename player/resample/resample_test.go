package resample

import (
	"math"
	"testing"
)

func tone(rate, n int, hz float64) []float32 {
	f := make([]float32, 2*n)
	for i := range n {
		x := float32(0.7 * math.Sin(2*math.Pi*hz*float64(i)/float64(rate)))
		f[2*i], f[2*i+1] = x, -x
	}
	return f
}

// through feeds frames in pieces and gives all that comes out.
func through(t testing.TB, r *Resampler, frames []float32, piece int) []float32 {
	t.Helper()
	var out []float32
	dst := make([]float32, 2*5000)
	for len(frames) > 0 {
		used, made, err := r.Process(dst, frames[:min(2*piece, len(frames))])
		if err != nil {
			t.Fatal(err)
		}
		frames = frames[2*used:]
		out = append(out, dst[:2*made]...)
	}
	for {
		n, err := r.Flush(dst)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return out
		}
		out = append(out, dst[:2*n]...)
	}
}

func TestTheNumberOfFramesIsExact(t *testing.T) {
	for _, rates := range [][2]int{{44100, 48000}, {48000, 44100}, {96000, 44100}, {22050, 48000}, {8000, 192000}, {44101, 48000}} {
		for _, n := range []int{0, 1, 2, 147, 1000, 44100, 100003} {
			r, err := New(rates[0], rates[1])
			if err != nil {
				t.Fatal(err)
			}
			got := len(through(t, r, tone(rates[0], n, 440), 4096)) / 2
			want := int(math.Round(float64(n) * float64(rates[1]) / float64(rates[0])))
			if got != want {
				t.Errorf("%d frames from %d to %d Hz give %d, want %d", n, rates[0], rates[1], got, want)
			}
			r.Close()
		}
	}
}

func TestAToneStaysTheTone(t *testing.T) {
	r, err := New(44100, 48000)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got, want := through(t, r, tone(44100, 44100, 997), 777), tone(48000, 48000, 997)
	for i := 2000; i < len(want)-2000; i++ {
		if d := math.Abs(float64(got[i] - want[i])); d > 1e-5 {
			t.Fatalf("sample %d is off by %g", i, d)
		}
	}
}

func TestAfterResetItIsAsNew(t *testing.T) {
	r, err := New(44100, 48000)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	in := tone(44100, 10000, 440)
	first := through(t, r, in, 1000)
	if _, _, err := r.Process(make([]float32, 100), in); err == nil {
		t.Error("fed after the flush")
	}
	if err := r.Reset(); err != nil {
		t.Fatal(err)
	}
	second := through(t, r, in, 1000)
	if len(first) != len(second) {
		t.Fatalf("%d and %d samples", len(first), len(second))
	}
	for i := range first {
		if first[i] != second[i] {
			t.Fatalf("sample %d is %v, then %v", i, first[i], second[i])
		}
	}
}

func TestImpossibleRatesAreRefused(t *testing.T) {
	for _, rates := range [][2]int{{0, 44100}, {44100, 0}, {-1, 44100}} {
		if r, err := New(rates[0], rates[1]); err == nil {
			r.Close()
			t.Errorf("%v was taken", rates)
		}
	}
	r, err := New(1, 2)
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	r.Close()
	if _, _, err := r.Process(make([]float32, 2), make([]float32, 2)); err == nil {
		t.Error("a closed one works")
	}
}

func BenchmarkResample44100To48000(b *testing.B) {
	r, err := New(44100, 48000)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	in, out := tone(44100, 4096, 440), make([]float32, 2*8192)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := r.Process(out, in); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/4096, "ns/frame")
}

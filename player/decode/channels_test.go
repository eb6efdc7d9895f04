package decode

import (
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// tones gives every channel a sine of its own: 400 Hz for the first, 200 more for each
// that follows. frequencies finds them again.
func tones(rate, channels, frames int) []int16 {
	out := make([]int16, 0, frames*channels)
	for i := range frames {
		for c := range channels {
			f := 400 + 200*float64(c)
			if c == 3 && channels >= 6 {
				f = 60 // what a codec lets through of the low frequency channel
			}
			out = append(out, int16(12000*math.Sin(2*math.Pi*f*float64(i)/float64(rate))))
		}
	}
	return out
}

// power is how much of frequency f is in one channel.
func power(samples []float32, channels, c int, f, rate float64) float64 {
	re, im, n := 0.0, 0.0, 0.0
	for i := c; i < len(samples); i += channels {
		w := 2 * math.Pi * f * n / rate
		re += float64(samples[i]) * math.Cos(w)
		im += float64(samples[i]) * math.Sin(w)
		n++
	}
	return math.Hypot(re, im) / n
}

// TestChannelsComeInTheOrderOfWAV through every codec that has an order of its own.
func TestChannelsComeInTheOrderOfWAV(t *testing.T) {
	dir := t.TempDir()
	for _, ch := range []int{1, 2, 3, 4, 5, 6, 8} {
		in := filepath.Join(dir, strconv.Itoa(ch)+".wav")
		writeWAV(t, in, 48000, ch, tones(48000, ch, 48000))
		for name, args := range map[string][]string{
			"wav":  nil,
			"flac": {"flac", "-s", "-f", "--channel-map=none", "-o", "OUT", "IN"},
			"ogg":  {"oggenc", "-Q", "-q", "6", "-o", "OUT", "IN"},
			"opus": {"opusenc", "--quiet", "--bitrate", "512", "IN", "OUT"},
			"m4a":  {"ffmpeg", "-v", "error", "-y", "-i", "IN", "-c:a", "aac", "-b:a", "512k", "OUT"},
		} {
			if name == "m4a" && (ch == 3 || ch == 4 || ch == 8) {
				continue // ffmpeg's encoder gives these layouts other names
			}
			t.Run(name+" of "+strconv.Itoa(ch), func(t *testing.T) {
				p := in
				if args != nil {
					p = filepath.Join(dir, "a."+name)
					run(t, args[0], withFiles(args[1:], in, p)...)
				}
				src := mustOpen(t, p)
				if src.Format().Channels != ch {
					t.Fatalf("%d channels", src.Format().Channels)
				}
				checkTones(t, all(t, src), ch)
			})
		}
	}
}

func checkTones(t *testing.T, got []float32, ch int) {
	t.Helper()
	for c := range ch {
		f := 400 + 200*float64(c)
		if c == 3 && ch >= 6 {
			f = 60
		}
		if p := power(got, ch, c, f, 48000); p < 0.12 {
			t.Errorf("channel %d has %.3f of its tone", c, p)
		}
	}
}

// TestMoreThanEightChannelsAreRefusedInWords.
func TestMoreThanEightChannelsAreRefusedInWords(t *testing.T) {
	p := filepath.Join(t.TempDir(), "a.wav")
	writeWAV(t, p, 48000, 12, make([]int16, 12*100))
	if _, err := File(p); err == nil || !strings.Contains(err.Error(), "it has 12 channels") {
		t.Error(err)
	}
}

// TestChainedStreamsPlayThrough: links with another number of channels are folded into the
// first one's; another rate ends it in words, after what came before.
func TestChainedStreamsPlayThrough(t *testing.T) {
	dir := t.TempDir()
	wav := func(name string, rate, ch int) string {
		p := filepath.Join(dir, name)
		writeWAV(t, p, rate, ch, music(rate, ch, 48000))
		return p
	}
	stereo, mono, other := wav("s.wav", 48000, 2), wav("m.wav", 48000, 1), wav("o.wav", 44100, 2)
	encoders := map[string][]string{
		"ogg":  {"oggenc", "-Q", "-o", "OUT", "IN"},
		"opus": {"opusenc", "--quiet", "IN", "OUT"},
		"mp3":  {"lame", "--quiet", "-t", "IN", "OUT"},
	}
	for name, args := range encoders {
		for _, c := range []struct {
			name  string
			links []string
			bad   bool
		}{
			{"stereo, then stereo", []string{stereo, stereo}, false},
			{"stereo, then mono", []string{stereo, mono}, false},
			{"mono, then stereo", []string{mono, stereo}, false},
			{"another rate", []string{stereo, other}, name != "opus"},
		} {
			t.Run(name+": "+c.name, func(t *testing.T) {
				chain := filepath.Join(dir, "chain."+name)
				var b []byte
				for i, in := range c.links {
					p := filepath.Join(dir, strconv.Itoa(i)+"."+name)
					serial := args
					if name == "ogg" {
						serial = append([]string{"oggenc", "-s", strconv.Itoa(i + 1)}, args[1:]...)
					}
					run(t, serial[0], withFiles(serial[1:], in, p)...)
					link, err := os.ReadFile(p)
					if err != nil {
						t.Fatal(err)
					}
					b = append(b, link...)
				}
				if err := os.WriteFile(chain, b, 0o644); err != nil {
					t.Fatal(err)
				}
				for _, src := range []Source{mustOpen(t, chain), mustStream(t, onlyReads(string(b)), "pipe")} {
					got, err := readOut(src)
					frames := len(got) / src.Format().Channels
					if c.bad {
						if err == nil || !strings.Contains(err.Error(), "changes its sample rate") || frames < 46000 {
							t.Errorf("%d frames, %v", frames, err)
						}
						continue
					}
					if err != nil || frames < 95_000 || frames > 101_000 {
						t.Errorf("%d frames, %v", frames, err)
					}
				}
			})
		}
	}
}

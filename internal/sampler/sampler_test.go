package sampler_test

import (
	"bytes"
	"encoding/binary"
	"image/jpeg"
	"io/fs"
	"math"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"segue/internal/lrc"
	"segue/internal/need"
	"segue/internal/sampler"
)

func read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := fs.ReadFile(sampler.FS(), name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTheAlbumIsSixWorksOnSevenTracksInOrder(t *testing.T) {
	files := sampler.Files()
	if len(files) != 7 {
		t.Fatalf("%d tracks: %q", len(files), files)
	}
	for i, f := range files {
		if want := "0" + strconv.Itoa(i+1) + " "; !strings.HasPrefix(f, want) || path.Ext(f) != ".opus" {
			t.Errorf("track %d is called %q", i+1, f)
		}
	}
}

func TestTheAlbumStaysSmall(t *testing.T) {
	total := 0
	err := fs.WalkDir(sampler.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		total += int(info.Size())
		switch ext := path.Ext(name); {
		case ext == ".opus" && (info.Size() < 200_000 || info.Size() > 400_000):
			t.Errorf("%s has %d bytes", name, info.Size())
		case ext != ".opus" && ext != ".lrc" && name != "cover.jpg":
			t.Errorf("%s does not belong here", name)
		}
		return nil
	})
	if err != nil || total > 2_300_000 {
		t.Errorf("%d bytes in all, %v", total, err)
	}
}

// seconds is the playing time of an Ogg Opus file by its last page and its pre-skip.
func seconds(t *testing.T, b []byte) float64 {
	t.Helper()
	last := bytes.LastIndex(b, []byte("OggS"))
	head := bytes.Index(b, []byte("OpusHead"))
	if last < 0 || head < 0 {
		t.Fatal("no Ogg Opus file")
	}
	return float64(binary.LittleEndian.Uint64(b[last+6:])-uint64(binary.LittleEndian.Uint16(b[head+10:]))) / 48000
}

func TestEveryTrackLastsAboutAMinute(t *testing.T) {
	for _, f := range sampler.Files() {
		if s := seconds(t, read(t, f)); s < 40 || s > 75 {
			t.Errorf("%s lasts %.1f s", f, s)
		}
	}
}

// comments reads the Vorbis comments of an Ogg Opus file. The picture makes them run
// over several pages, but what is asked for here stands before it, on the first.
func comments(t *testing.T, b []byte) map[string]string {
	t.Helper()
	at := bytes.Index(b, []byte("OpusTags"))
	if at < 0 {
		t.Fatal("no OpusTags")
	}
	b = b[at+8:]
	field := func() string {
		n := int(binary.LittleEndian.Uint32(b))
		if n > len(b)-4 {
			t.Fatal("a comment that is longer than the file")
		}
		s := string(b[4 : 4+n])
		b = b[4+n:]
		return s
	}
	field() // the encoder
	count := binary.LittleEndian.Uint32(b)
	b = b[4:]
	tags := map[string]string{}
	for range count {
		k, v, _ := strings.Cut(field(), "=")
		if k == "METADATA_BLOCK_PICTURE" {
			tags[k] = "there"
			break
		}
		tags[k] = v
	}
	return tags
}

func TestEveryTrackIsTagged(t *testing.T) {
	for i, f := range sampler.Files() {
		tags := comments(t, read(t, f))
		for k, want := range map[string]string{
			"TITLE": `.`, "ARTIST": `.`, "COMPOSER": `.`, "ALBUM": `^Segue Sampler$`, "ALBUMARTIST": `^Segue$`,
			"TRACKNUMBER": "^" + strconv.Itoa(i+1) + "$", "TRACKTOTAL": `^7$`, "DATE": `^1[5-9]\d\d$`, "GENRE": `.`, "PERFORMER": `.`,
			"COMMENT": `Public domain.*Frank Wen \(MIT\)\. MIDI [0-9a-f]{16}$`, "R128_TRACK_GAIN": `^-?\d+$`, "R128_ALBUM_GAIN": `^-?\d+$`,
			"METADATA_BLOCK_PICTURE": "there",
		} {
			if !regexp.MustCompile(want).MatchString(tags[k]) {
				t.Errorf("%s: %s is %q", f, k, tags[k])
			}
		}
	}
}

func TestTheTracksAreOfOneLoudness(t *testing.T) {
	for _, f := range sampler.Files() {
		gain, err := strconv.Atoi(comments(t, read(t, f))["R128_TRACK_GAIN"])
		if err != nil {
			t.Fatal(err)
		}
		if lufs := -23 - float64(gain)/256; math.Abs(lufs+18) > 2 {
			t.Errorf("%s: %.1f LUFS, want -18 within 2", f, lufs)
		}
	}
}

// TestNothingClipsAndTheTagsTellTheTruth decodes every track with ffmpeg and measures it.
func TestNothingClipsAndTheTagsTellTheTruth(t *testing.T) {
	need.Programs(t, "ffmpeg")
	if testing.Short() {
		t.Skip("decodes seven minutes of music")
	}
	summary := regexp.MustCompile(`(?s)^.*Integrated loudness:\s+I:\s+(-?[\d.]+) LUFS.*True peak:\s+Peak:\s+(-?[\d.]+) dBFS`)
	quiet := regexp.MustCompile(`silence_duration: ([\d.]+)`)
	for _, f := range sampler.Files() {
		cmd := exec.CommandContext(t.Context(), "ffmpeg", "-hide_banner", "-nostats", "-i", filepath.Join("album", f),
			"-af", "silencedetect=n=-60dB:d=1.5,ebur128=peak=true", "-f", "null", "-")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		m := summary.FindSubmatch(out)
		if m == nil {
			t.Fatalf("%s: ffmpeg says nothing of its loudness", f)
		}
		lufs, err1 := strconv.ParseFloat(string(m[1]), 64)
		peak, err2 := strconv.ParseFloat(string(m[2]), 64)
		gain, err3 := strconv.Atoi(comments(t, read(t, f))["R128_TRACK_GAIN"])
		if err1 != nil || err2 != nil || err3 != nil {
			t.Fatal(err1, err2, err3)
		}
		if peak > -0.3 {
			t.Errorf("%s: the true peak is %.1f dB", f, peak)
		}
		if tagged := -23 - float64(gain)/256; math.Abs(lufs-tagged) > 0.15 {
			t.Errorf("%s: measured %.1f LUFS, tagged %.1f", f, lufs, tagged)
		}
		if q := quiet.FindSubmatch(out); q != nil {
			t.Errorf("%s: %s s of silence", f, q[1])
		}
	}
}

// TestTheOdeRunsOnWithoutAPause: the last two tracks are one performance, cut at a
// sample. Where they meet, the second goes on where the first stopped.
func TestTheOdeRunsOnWithoutAPause(t *testing.T) {
	need.Programs(t, "opusdec")
	files := sampler.Files()
	decode := func(f string) []float64 {
		cmd := exec.CommandContext(t.Context(), "opusdec", "--quiet", "--rate", "48000", "--no-dither", filepath.Join("album", f), "-")
		raw, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		if i := bytes.Index(raw, []byte("data")); bytes.HasPrefix(raw, []byte("RIFF")) && i > 0 {
			raw = raw[i+8:]
		}
		left := make([]float64, len(raw)/4)
		for i := range left {
			left[i] = float64(int16(binary.LittleEndian.Uint16(raw[4*i:]))) / 32768
		}
		return left
	}
	a, b := decode(files[5]), decode(files[6])
	power := func(s []float64) float64 {
		sum := 0.0
		for _, v := range s {
			sum += v * v
		}
		return 10 * math.Log10(sum/float64(len(s))+1e-12)
	}
	before, after := power(a[len(a)-2400:]), power(b[:2400])
	if before < -45 || after < -45 || math.Abs(before-after) > 12 {
		t.Errorf("50 ms before the join %.1f dB, after it %.1f dB: it should go on as it was", before, after)
	}
	steepest := 0.0
	for i := len(a) - 4800; i+1 < len(a); i++ {
		steepest = max(steepest, math.Abs(a[i+1]-a[i]))
	}
	if step := math.Abs(b[0] - a[len(a)-1]); step > steepest {
		t.Errorf("a step of %.4f at the join, %.4f is the steepest of the 100 ms before it", step, steepest)
	}
}

func TestTheCoverIsAPicture(t *testing.T) {
	mime, data := sampler.Cover()
	if mime != "image/jpeg" || len(data) > 60_000 {
		t.Errorf("%s of %d bytes", mime, len(data))
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil || img.Bounds().Dx() != 600 || img.Bounds().Dy() != 600 {
		t.Errorf("%v, %v", img, err)
	}
}

func TestGreensleevesHasItsWordsInTime(t *testing.T) {
	lines, synced := lrc.Lines(string(read(t, "02 Greensleeves.lrc")))
	if !synced || len(lines) != 8 {
		t.Fatalf("%d lines, synced %v", len(lines), synced)
	}
	end := seconds(t, read(t, "02 Greensleeves.opus"))
	for i, l := range lines {
		if l.Text == "" || l.At.Seconds() > end || (i > 0 && l.At-lines[i-1].At < 3e9) {
			t.Errorf("line %d: %v %q", i, l.At, l.Text)
		}
	}
}

func TestTheSoundfontsNoticeIsShipped(t *testing.T) {
	for _, want := range []string{"Frank Wen", "Permission is hereby granted", "WITHOUT WARRANTY"} {
		if !strings.Contains(sampler.Notice(), want) {
			t.Errorf("the notice lacks %q", want)
		}
	}
}

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// soundFont is where Debian's fluid-soundfont-gm puts Frank Wen's Fluid R3 (MIT).
const soundFont = "/usr/share/sounds/sf2/FluidR3_GM.sf2"

// rate is Opus' own rate: nothing is resampled on the way, and a split at a
// sample of the rendering is a split at a sample of what is heard.
const rate = 48000

// run calls a program and gives its output, both streams together.
func run(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w: %s", name, err, lastLine(out.String()))
	}
	return out.String(), nil
}

func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return s[strings.LastIndexByte(s, '\n')+1:]
}

// synthesize plays a MIDI file into a WAV file.
func synthesize(ctx context.Context, font, mid, wav string) error {
	_, err := run(ctx, "fluidsynth", "-ni", "-q", "-F", wav, "-r", strconv.Itoa(rate), "-g", "0.8",
		"-O", "float", "-T", "wav", "-R", "1", "-C", "0",
		"-o", "synth.reverb.room-size=0.62", "-o", "synth.reverb.damp=0.35",
		"-o", "synth.reverb.width=0.9", "-o", "synth.reverb.level=0.62", font, mid)
	if err != nil {
		return fmt.Errorf("render: %w", err)
	}
	if _, err := os.Stat(wav); err != nil {
		return fmt.Errorf("render: fluidsynth wrote nothing: %w", err)
	}
	return nil
}

// loud is what ffmpeg's ebur128 says of a sound.
type loud struct {
	LUFS, Peak float64 // integrated loudness; true peak in dB of full scale
}

var loudLine = regexp.MustCompile(`(?s)^.*Integrated loudness:\s+I:\s+(-?[\d.]+) LUFS.*True peak:\s+Peak:\s+(-?[\d.]+) dBFS`)

// measure reads the loudness of any sound file.
func measure(ctx context.Context, files ...string) (loud, error) {
	args := []string{"-hide_banner", "-nostats"}
	var in strings.Builder
	for i, f := range files {
		args = append(args, "-i", f)
		fmt.Fprintf(&in, "[%d:a]", i)
	}
	filter := fmt.Sprintf("%sconcat=n=%d:v=0:a=1,ebur128=peak=true", in.String(), len(files))
	out, err := run(ctx, "ffmpeg", append(args, "-filter_complex", filter, "-f", "null", "-")...)
	if err != nil {
		return loud{}, fmt.Errorf("measure: %w", err)
	}
	m := loudLine.FindStringSubmatch(out)
	if m == nil {
		return loud{}, fmt.Errorf("measure: ffmpeg says nothing of the loudness of %v", files)
	}
	l, err1 := strconv.ParseFloat(m[1], 64)
	p, err2 := strconv.ParseFloat(m[2], 64)
	if err1 != nil || err2 != nil {
		return loud{}, fmt.Errorf("measure: cannot read %q", m[0])
	}
	return loud{l, p}, nil
}

// targetLUFS is ReplayGain's reference, ceiling the highest true peak left in dB, and
// limiting how many dB of the sharpest attacks may be held down for it.
const (
	targetLUFS = -18.0
	ceiling    = -1.5
	limiting   = 3.0
)

// normalize brings a rendering to the reference, or as near as its peaks allow,
// cuts it at end, fades its last second out and writes 24 bits.
func normalize(ctx context.Context, raw, wav string, end time.Duration) error {
	l, err := measure(ctx, raw)
	if err != nil {
		return err
	}
	gain := min(targetLUFS-l.LUFS, ceiling-l.Peak+limiting)
	if over := l.Peak + gain - ceiling; over > 0 {
		limited := wav + ".limited.wav"
		filter := fmt.Sprintf("alimiter=limit=%.2fdB:attack=4:release=90:level=false:latency=true", ceiling-gain-0.3)
		if _, err := run(ctx, "ffmpeg", "-y", "-hide_banner", "-nostats", "-i", raw, "-af", filter, "-c:a", "pcm_f32le", limited); err != nil {
			return fmt.Errorf("limit: %w", err)
		}
		raw = limited
	}
	_, err = run(ctx, "sox", "-V1", "-D", raw, "-b", "24", wav,
		"trim", "0", strconv.FormatInt(samples(end), 10)+"s", "gain", strconv.FormatFloat(gain, 'f', 2, 64), "fade", "t", "0", "-0", "1.2")
	return err
}

// cutOut writes the samples from up to to (to < 0: the end).
func cutOut(ctx context.Context, wav, out string, from, to int64) error {
	args := []string{"-V1", "-D", wav, "-b", "24", out, "trim", strconv.FormatInt(from, 10) + "s"}
	if to >= 0 {
		args = append(args, "="+strconv.FormatInt(to, 10)+"s")
	}
	_, err := run(ctx, "sox", args...)
	return err
}

// encode writes an Opus file with its tags.
func encode(ctx context.Context, wav, out string, h how, tags [][2]string, picture string) error {
	args := []string{"--quiet", "--cvbr", "--music", "--comp", "10", "--bitrate", strconv.Itoa(h.kbps), "--serial", strconv.Itoa(h.serial), "--padding", "0"}
	if h.mono {
		args = append(args, "--downmix-mono")
	}
	for _, t := range tags {
		args = append(args, "--comment", t[0]+"="+t[1])
	}
	_, err := run(ctx, "opusenc", append(args, "--picture", "3||||"+picture, wav, out)...)
	return err
}

// how a track is encoded.
type how struct {
	kbps, serial int
	mono         bool
}

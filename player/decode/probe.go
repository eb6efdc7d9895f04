package decode

import (
	"context"
	"encoding/json"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"segue/internal/pcm"
)

// probe is what ffprobe tells of a file; the zero value is knowing nothing.
type probe struct {
	codec   string
	bits    int
	kbps    int
	length  float64 // seconds, 0 = unknown
	frames  int64   // exact, with exact
	exact   bool    // the container knows its length to the sample
	told    bool    // frames is from a tag for gapless play
	perTick int64   // frames in a tick of the container
	seeks   bool    // the container's times are exact to the sample
	guess   bool    // length is from the bit rate
}

// answer is the part of ffprobe's JSON that we ask for.
type answer struct {
	Streams []answerStream `json:"streams"`
	Format  struct {
		Name     string            `json:"format_name"`
		Duration string            `json:"duration"`
		BitRate  string            `json:"bit_rate"`
		Tags     map[string]string `json:"tags"`
	} `json:"format"`
}

type answerStream struct {
	Codec    string `json:"codec_name"`
	Rate     string `json:"sample_rate"`
	Bits     string `json:"bits_per_raw_sample"`
	BitRate  string `json:"bit_rate"`
	TimeBase string `json:"time_base"`
	Duration int64  `json:"duration_ts"`
}

// runProbe asks ffprobe. Where it is missing or fails, nothing is known, and ffmpeg's
// own error says why.
func runProbe(path string) probe {
	bin, err := exec.LookPath("ffprobe")
	if err != nil || path == "" {
		return probe{}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, "-v", "quiet", "-protocol_whitelist", "file,pipe",
		"-select_streams", "a:0", "-of", "json", "-show_entries",
		"stream=codec_name,sample_rate,bits_per_raw_sample,bit_rate,time_base,duration_ts:"+
			"format=format_name,duration,bit_rate:format_tags=iTunSMPB", "file:"+path)
	out, err := cmd.Output()
	var a answer
	if err != nil || json.Unmarshal(out, &a) != nil || len(a.Streams) == 0 {
		return probe{}
	}
	return a.probe()
}

// Containers whose times are counted in samples.
var (
	exactContainers = []string{"mov", "wv", "tta", "ape", "wav", "w64", "au", "aiff"}
	guessedLengths  = []string{"aac", "ac3", "eac3", "dts", "amr", "mp3", "mpc", "loas"}
)

func (a *answer) probe() probe {
	s := a.Streams[0]
	p := probe{codec: s.Codec, bits: atoi(s.Bits), kbps: atoi(s.BitRate) / 1000}
	if p.kbps == 0 {
		p.kbps = atoi(a.Format.BitRate) / 1000
	}
	if v, err := strconv.ParseFloat(a.Format.Duration, 64); err == nil && v > 0 && v < 1e8 {
		p.length = v
	}
	name, _, _ := strings.Cut(a.Format.Name, ",")
	p.guess = oneOf(name, guessedLengths)
	num, den := fraction(s.TimeBase)
	ticks := num * atoi(s.Rate) // SBR doubles the rate that the container counts in
	if !oneOf(name, exactContainers) || ticks == 0 || ticks%den != 0 || s.Duration <= 0 {
		return p
	}
	p.seeks, p.exact = true, true
	p.perTick = int64(ticks / den)
	p.frames = s.Duration * p.perTick
	if n := gaplessLength(a.Format.Tags["iTunSMPB"]); n > 0 && n < p.frames {
		p.frames, p.told = n, true
	}
	return p
}

// sharpen takes the length of an MP4 from its track where the edit list has rounded it.
func (p *probe) sharpen(m mp4Sound) {
	if n := m.frames(); n > 0 && p.perTick > 0 && !p.told {
		p.frames = n * p.perTick
	}
}

// gaplessLength reads iTunes's " 00000000 00000840 000001CA 00000000003F31F6 ...": delay,
// padding, and the samples between them.
func gaplessLength(tag string) int64 {
	f := strings.Fields(tag)
	if len(f) < 4 {
		return 0
	}
	n, err := strconv.ParseInt(f[3], 16, 64)
	if err != nil {
		return 0
	}
	return n
}

// info is what the source tells of itself.
func (p probe) info(label string, rate int) pcm.Info {
	i := pcm.Info{Codec: codecName(p.codec, label), Bits: p.bits, Kbps: p.kbps, Frames: -1}
	switch {
	case p.exact:
		i.Frames = p.frames
	case p.length > 0:
		i.Frames = int64(p.length*float64(rate) + 0.5)
	}
	return i
}

// slack is how much less than told is no cut.
func (p probe) slack(rate int) int64 {
	switch {
	case p.guess:
		return 1 << 62
	case p.exact:
		return 4096
	}
	return int64(rate) / 2
}

func codecName(codec, label string) string {
	switch codec {
	case "":
		return label
	case "wmav1", "wmav2":
		return "WMA"
	case "wmapro":
		return "WMA Pro"
	case "wmalossless":
		return "WMA Lossless"
	case "wavpack":
		return "WavPack"
	case "musepack7", "musepack8":
		return "Musepack"
	case "opus":
		return "Opus"
	case "vorbis":
		return "Vorbis"
	case "speex":
		return "Speex"
	}
	switch {
	case strings.HasPrefix(codec, "dsd_"):
		return "DSD"
	case strings.HasPrefix(codec, "pcm_"):
		return "PCM"
	case strings.HasPrefix(codec, "adpcm_"):
		return "ADPCM"
	}
	return strings.ToUpper(codec)
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// fraction reads "1/44100"; 0, 1 is nonsense.
func fraction(s string) (num, den int) {
	a, b, _ := strings.Cut(s, "/")
	num, den = atoi(a), atoi(b)
	if den == 0 || num > 1<<20 {
		return 0, 1
	}
	return num, den
}

func oneOf(s string, set []string) bool {
	for _, v := range set {
		if s == v {
			return true
		}
	}
	return false
}

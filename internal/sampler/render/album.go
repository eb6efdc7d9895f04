package main

import (
	"context"
	"crypto/sha256"
	hexa "encoding/hex"
	"fmt"
	"log"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// work is one score and the tracks it becomes.
type work struct {
	score  string // file name in the folder of scores
	kbps   int
	mono   bool
	tracks []string // stems; more than one where the score is split
}

// album is the order of the sampler.
func album() []work {
	return []work{
		{"bach.txt", 36, false, []string{"01 Prelude in C"}},
		{"greensleeves.txt", 36, false, []string{"02 Greensleeves"}},
		{"canon.txt", 36, false, []string{"03 Canon in D"}},
		{"elise.txt", 32, false, []string{"04 Fur Elise"}},
		{"entertainer.txt", 36, false, []string{"05 The Entertainer"}},
		{"ode.txt", 36, false, []string{"06 Ode to Joy - The Theme", "07 Ode to Joy - Full Orchestra"}},
	}
}

const (
	albumTitle  = "Segue Sampler"
	albumArtist = "Segue"
)

// job is one run of the program.
type job struct{ out, scores, font, keep, only string }

// made is a track that was encoded, without its gain tags yet.
type made struct {
	name, wav string
	how       how
	tags      [][2]string
	preroll   int64
}

func (j job) run(ctx context.Context) error {
	for _, dir := range []string{j.out, j.keep} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("render: %w", err)
		}
	}
	if err := j.cover(); err != nil {
		return err
	}
	total := 0
	for _, w := range album() {
		total += len(w.tracks)
	}
	number := 1
	var all []made
	for _, w := range album() {
		if j.only == "" || j.only == w.score {
			ms, err := j.work(ctx, w, number, total)
			if err != nil {
				return fmt.Errorf("%s: %w", w.score, err)
			}
			all = append(all, ms...)
		}
		number += len(w.tracks)
	}
	return j.finish(ctx, all)
}

// work renders one score and cuts it into its tracks.
func (j job) work(ctx context.Context, w work, number, total int) ([]made, error) {
	text, err := os.ReadFile(filepath.Join(j.scores, w.score))
	if err != nil {
		return nil, fmt.Errorf("render: %w", err)
	}
	sc, err := parseScore(string(text))
	if err != nil {
		return nil, err
	}
	p, err := perform(sc)
	if err != nil {
		return nil, err
	}
	if len(p.splits)+1 != len(w.tracks) {
		return nil, fmt.Errorf("render: the score has %d tracks, the album %d", len(p.splits)+1, len(w.tracks))
	}
	stem := filepath.Join(j.keep, strings.TrimSuffix(w.score, ".txt"))
	midi := writeMIDI(p, sc.head["title"])
	if err := os.WriteFile(stem+".mid", midi, 0o644); err != nil {
		return nil, fmt.Errorf("render: %w", err)
	}
	if err := synthesize(ctx, j.font, stem+".mid", stem+".raw.wav"); err != nil {
		return nil, err
	}
	if err := normalize(ctx, stem+".raw.wav", stem+".wav", p.end); err != nil {
		return nil, err
	}
	log.Printf("%s: %.1f s, MIDI %s", w.score, p.end.Seconds(), midiHash(midi))
	return j.cut(ctx, w, sc, p, stem, number, total)
}

// midiHash names a MIDI file in the tags of what was made of it.
func midiHash(midi []byte) string {
	sum := sha256.Sum256(midi)
	return hexa.EncodeToString(sum[:8])
}

// preroll is how much of the track before goes into the encoder ahead of a split,
// so that the codec is in full swing at the join; the pre-skip hides it again.
const preroll = rate / 10

func (j job) cut(ctx context.Context, w work, sc *score, p *performance, stem string, number, total int) ([]made, error) {
	var out []made
	for i, name := range w.tracks {
		m := made{name: name, wav: fmt.Sprintf("%s.%d.wav", stem, i), how: how{w.kbps, number + i, w.mono}}
		from, to := int64(0), int64(-1)
		if i > 0 {
			m.preroll = preroll
			from = samples(p.splits[i-1]) - preroll
		}
		if i < len(p.splits) {
			to = samples(p.splits[i])
		}
		if err := cutOut(ctx, stem+".wav", m.wav, from, to); err != nil {
			return nil, err
		}
		m.tags = tagsOf(sc, i, number+i, total, midiHash(writeMIDI(p, sc.head["title"])))
		if len(p.words) > 0 && i == 0 {
			if err := os.WriteFile(filepath.Join(j.out, name+".lrc"), []byte(lyrics(sc, p)), 0o644); err != nil {
				return nil, fmt.Errorf("render: %w", err)
			}
		}
		out = append(out, m)
	}
	return out, nil
}

func samples(d time.Duration) int64 { return int64(math.Round(d.Seconds() * rate)) }

// tagsOf are the tags of the i-th track of a score, but for its gain.
func tagsOf(sc *score, i, number, total int, hash string) [][2]string {
	title := sc.head["title"]
	if t := sc.head["title"+strconv.Itoa(i+1)]; t != "" {
		title = t
	}
	tags := [][2]string{
		{"TITLE", title}, {"ARTIST", sc.head["artist"]}, {"ALBUM", albumTitle}, {"ALBUMARTIST", albumArtist},
		{"TRACKNUMBER", strconv.Itoa(number)}, {"TRACKTOTAL", strconv.Itoa(total)},
		{"DISCNUMBER", "1"}, {"DISCTOTAL", "1"},
		{"DATE", sc.head["date"]}, {"GENRE", sc.head["genre"]}, {"COMPOSER", sc.head["artist"]},
		{"PERFORMER", sc.head["performer"]},
		{"COMMENT", strings.TrimSpace(sc.head["note"] + " Public domain music, typed in and rendered for Segue with the Fluid R3 soundfont by Frank Wen (MIT). MIDI " + hash)},
	}
	return tags
}

// lyrics is the .lrc file of a song.
func lyrics(sc *score, p *performance) string {
	var b strings.Builder
	fmt.Fprintf(&b, "[ti:%s]\n[ar:%s]\n[al:%s]\n", sc.head["title"], sc.head["artist"], albumTitle)
	for _, w := range p.words {
		cs := int(w.at.Round(10*time.Millisecond) / (10 * time.Millisecond))
		fmt.Fprintf(&b, "[%02d:%02d.%02d]%s\n", cs/6000, cs/100%60, cs%100, w.text)
	}
	return b.String()
}

// finish encodes every track twice: once to measure it, once with its gain tags.
func (j job) finish(ctx context.Context, all []made) error {
	var files []string
	for _, m := range all {
		f := filepath.Join(j.keep, m.name+".opus")
		if err := j.encode(ctx, m, f, nil); err != nil {
			return err
		}
		files = append(files, f)
	}
	whole, err := measure(ctx, files...)
	if err != nil {
		return err
	}
	for i, m := range all {
		own, err := measure(ctx, files[i])
		if err != nil {
			return err
		}
		gain := [][2]string{{"R128_TRACK_GAIN", r128(own.LUFS)}, {"R128_ALBUM_GAIN", r128(whole.LUFS)}}
		out := filepath.Join(j.out, m.name+".opus")
		if err := j.encode(ctx, m, out, gain); err != nil {
			return err
		}
		st, err := os.Stat(out)
		if err != nil {
			return fmt.Errorf("render: %w", err)
		}
		log.Printf("%-40s %7d bytes  %.1f LUFS, peak %.1f dB", m.name, st.Size(), own.LUFS, own.Peak)
	}
	log.Printf("album: %.1f LUFS", whole.LUFS)
	return nil
}

func (j job) encode(ctx context.Context, m made, out string, more [][2]string) error {
	if err := encode(ctx, m.wav, out, m.how, append(m.tags[:len(m.tags):len(m.tags)], more...), j.thumb()); err != nil {
		return err
	}
	if m.preroll == 0 {
		return nil
	}
	return hidePreroll(out, int(m.preroll))
}

// r128 is the gain to R128's reference of -23 LUFS as the tag has it, in 256ths of a decibel.
func r128(lufs float64) string { return strconv.Itoa(int(math.Round((-23 - lufs) * 256))) }

package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"segue/internal/need"
)

func readScore(t *testing.T, name string) *score {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "score", name))
	if err != nil {
		t.Fatal(err)
	}
	sc, err := parseScore(string(text))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return sc
}

// TestTheAlbumIsWhatTheScoresSay: the committed tracks name the MIDI file they were
// made of; the scores must still give the same one.
func TestTheAlbumIsWhatTheScoresSay(t *testing.T) {
	for _, w := range album() {
		sc := readScore(t, w.score)
		p, err := perform(sc)
		if err != nil {
			t.Fatalf("%s: %v", w.score, err)
		}
		hash := midiHash(writeMIDI(p, sc.head["title"]))
		for _, name := range w.tracks {
			b, err := os.ReadFile(filepath.Join("..", "album", name+".opus"))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Contains(b, []byte("MIDI "+hash)) {
				t.Errorf("%s was not made of %s as it is now (MIDI %s): run go run ./internal/sampler/render", name, w.score, hash)
			}
		}
	}
}

func TestAWrongBarIsNamed(t *testing.T) {
	const head = "beat: 4\ntail: 1\npart x program=0\npart y program=0\nplay A\n[A] 3/4\n"
	for name, c := range map[string]struct{ text, want string }{
		"too short":                {head + "x: C4:4 D4 | E4:2. |", "bar 1 has 8/16"},
		"too long":                 {head + "x: C4:2. | E4:2. r:8 |", "bar 2 has 14/16"},
		"two bars in one":          {head + "x: C4:2. E4:2. |", "bar 1 has 24/16"},
		"a bar line too many":      {head + "x: C4:2. | |", "bar 2 has 0/16"},
		"not full at the end":      {head + "x: C4:2", "bar 1 is not closed"},
		"not a note":               {head + "x: H4:2. |", `"H4:2." is neither`},
		"not a length":             {head + "x: C4:7 |", `"7" is no length`},
		"parts of unequal length":  {head + "x: R | R |\ny: R |", "y has 1 bars of 2"},
		"voices of unequal length": {head + "x: { C4:2. // C3:2 } |", "12/16 and 8/16"},
		"a brace left open":        {head + "x: { C4:2. // C3:2. |", "not closed"},
		"a tie to nowhere":         {head + "x: C4:2.~ | D4:2. |", "leads nowhere"},
		"a phrase left open":       {head + "x: (C4:2. |", "not closed"},
		"an unknown macro":         {head + "x: $tune |", "nothing is called $tune"},
		"macros in a circle":       {"let a = $b\nlet b = $a\n" + head + "x: $a", "in a circle"},
		"an unknown part":          {head + "z: R |", `part "z" was never introduced`},
		"an unknown section":       {"play B\n[A] 3/4", `section "B"`},
		"no play line":             {"[A] 3/4", "nothing is played"},
		"a section twice":          {head + "[A] 3/4", "there twice"},
		"a meter that is none":     {"[A] 3", "a section is"},
	} {
		if _, err := parseScore(c.text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", name, err, c.want)
		}
	}
}

func TestNotesAreWhatIsWritten(t *testing.T) {
	sc, err := parseScore("beat: 4\ntail: 1\npart x program=0\nplay A\nlet run = $1:8 D4\n[A] 4/4\nx: $run(C4)+12 F#4+Bb4:4~ F#4+Bb4:8. r:16 { C3:4 // r:8 E3 } |")
	if err != nil {
		t.Fatal(err)
	}
	type n struct{ at, dur, pitch int }
	var got []n
	for _, v := range sc.sections["A"].voices["x"].notes {
		got = append(got, n{v.at, v.dur, v.pitch})
	}
	want := []n{{0, 480, 72}, {480, 480, 74}, {960, 1680, 66}, {960, 1680, 70}, {2880, 960, 48}, {3360, 480, 52}}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("note %d: got %v, want %v", i, got[i], want[i])
		}
	}
}

func TestThePerformanceKeepsToTheTempo(t *testing.T) {
	sc, err := parseScore("beat: 4\ntail: 2\npart x program=0 jitter=0 gate=100\nplay A A\n[A] 4/4\ntempo: @60 R | @120 R |\nx: C4:1- | D4:1- |")
	if err != nil {
		t.Fatal(err)
	}
	p, err := perform(sc)
	if err != nil {
		t.Fatal(err)
	}
	if want := leadIn + 14*time.Second; (p.end - want).Abs() > time.Millisecond {
		t.Errorf("it ends at %v, want %v", p.end, want)
	}
}

func TestEveryKeyIsLetGoBeforeItIsPressedAgain(t *testing.T) {
	for _, w := range album() {
		p, err := perform(readScore(t, w.score))
		if err != nil {
			t.Fatal(err)
		}
		down := map[[2]byte]bool{}
		for _, e := range p.events {
			key := [2]byte{e.data[0] & 0x0F, e.data[1]}
			switch e.data[0] & 0xF0 {
			case 0x90:
				if down[key] {
					t.Errorf("%s: key %d is pressed twice at %v", w.score, key[1], e.at)
				}
				down[key] = true
			case 0x80:
				down[key] = false
			}
		}
		for key, d := range down {
			if d {
				t.Errorf("%s: key %d is never let go", w.score, key[1])
			}
		}
	}
}

// classes reads "C E G#" as a set of pitch classes.
func classes(chord string) map[int]bool {
	set := map[int]bool{}
	for _, n := range strings.Fields(chord) {
		set[pitchOf(n+"4")%12] = true
	}
	return set
}

// TestBachsBarsHaveTheirHarmony checks the typing against the chords of the prelude as
// harmony books name them, written down apart from the notes.
func TestBachsBarsHaveTheirHarmony(t *testing.T) {
	s := readScore(t, "bach.txt").sections["A"]
	for i, chord := range []string{
		"C E G", "D F A C", "G B D F", "C E G", "A C E", "D F# A C", "G B D", "C E G B", "A C E G", "D F# A C",
		"G B D", "G Bb C# E", "D F A", "F Ab B D", "C E G", "F A C E", "D F A C", "G B D F", "C E G", "C E G Bb",
		"C F A D", "C B D F G E", "C E G",
	} {
		want, got := classes(chord), map[int]bool{}
		for _, n := range s.voices["cemb"].notes {
			if n.at/s.bar == i {
				got[n.pitch%12] = true
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("bar %d has the pitch classes %v, want %s: %v", i+1, got, chord, want)
		}
	}
}

// TestTheCanonFitsItsGround: on each of the ground's eight beats the first violin has a
// note of the chord, but for the suspension at the end of the fourth variation; and
// the other violins play what the first did two and four bars before.
func TestTheCanonFitsItsGround(t *testing.T) {
	sc := readScore(t, "canon.txt")
	ground := []string{"D F# A", "A C# E", "B D F#", "F# A C#", "G B D", "D F# A", "G B D", "A C# E"}
	names := []string{"g1", "g2", "g3", "g4", "g5", "g6", "g7"}
	for i, name := range names {
		s := sc.sections[name]
		for _, n := range s.voices["one"].notes {
			beat := n.at / (whole / 4)
			suspended := name == "g4" && beat == 7
			if n.at%(whole/4) == 0 && classes(ground[beat])[n.pitch%12] == suspended {
				t.Errorf("[%s] beat %d: %s over %s", name, beat+1, nameOf(n.pitch), ground[beat])
			}
		}
		for later, part := range []string{"two", "three"} {
			if j := i + later + 1; j < len(names) {
				if got := sc.sections[names[j]].voices[part]; !slices.Equal(got.notes, s.voices["one"].notes) {
					t.Errorf("[%s]: %s does not follow [%s]", names[j], part, name)
				}
			}
		}
	}
}

// TestTheLeftHandHoldsTheHarmony of the pieces whose accompaniment is chords, bar by bar.
func TestTheLeftHandHoldsTheHarmony(t *testing.T) {
	const none = ""
	for _, c := range []struct {
		score, section, part string
		bars                 []string
	}{
		{"elise.txt", "a1", "left", []string{none, "A E", "E G#", "A E", none, "A E", "E G#", "A E"}},
		{"elise.txt", "a2b", "left", []string{"C G", "G B", "A E", "E", "E D#", "E D#"}},
		{"greensleeves.txt", "verse", "guitar", []string{"E G B", "D F# A", "C E G", "B D# F#", "E G B", "D F# A", "E G B D# F#", "E G B"}},
		{"greensleeves.txt", "chorus", "guitar", []string{"G B D", "D F# A", "E G B", "B D# F#", "G B D", "D F# A", "E G B D# F#", "E G B", "E B G F#", "E G# B"}},
		{"entertainer.txt", "strain", "left", []string{
			"C E G Bb", "F A C E G", "C E G B F", "C E G", "C E G Bb", "F A C E G", "D F# A C", "G B F A",
			"C E G Bb", "F A C E G", "C E G B F", "C E G", "C E G Bb", "F A C Ab", "C E G B F", "C E G B",
		}},
		{"ode.txt", "full", "viola", []string{
			"D A B", "A C# E D", "B D A C#", "A D C#", "D A B", "A C# E D", "B D A C#", "G C# F# D",
			"A C# D", "G C# A D B", "A C# A#", "B D G# A C#", "D A B", "A C# E D", "B D A C#", "G C# F# D",
		}},
	} {
		s := readScore(t, c.score).sections[c.section]
		if s.length != len(c.bars)*s.bar {
			t.Errorf("%s [%s] has %d bars, want %d", c.score, c.section, s.length/s.bar, len(c.bars))
		}
		for i, chord := range c.bars {
			got := map[int]bool{}
			for _, n := range s.voices[c.part].notes {
				if n.at/s.bar == i {
					got[n.pitch%12] = true
				}
			}
			if want := classes(chord); !maps.Equal(got, want) {
				t.Errorf("%s [%s] %s, bar %d: %v, want %s: %v", c.score, c.section, c.part, i+1, got, chord, want)
			}
		}
	}
}

func TestASectionCanBePlayedSofter(t *testing.T) {
	sc, err := parseScore("beat: 4\ntail: 1\npart x program=0\nplay A A(-30)\n[A] 2/4\nx: f C4:2 |")
	if err != nil {
		t.Fatal(err)
	}
	p, err := perform(sc)
	if err != nil {
		t.Fatal(err)
	}
	var hit []int
	for _, e := range p.events {
		if e.data[0]&0xF0 == 0x90 {
			hit = append(hit, int(e.data[2]))
		}
	}
	if len(hit) != 2 || hit[0]-hit[1] < 18 || hit[0]-hit[1] > 42 {
		t.Errorf("the key is hit with %v, want about 30 less the second time", hit)
	}
}

// FuzzScore: any text is a score that can be performed, or an error.
func FuzzScore(f *testing.F) {
	const head = "beat: 4\ntail: 1\npart x program=0\nplay A // A\nlet m = $1:8 C4\n[A] 2/4\n"
	f.Add(head + "tempo: @60~ R |\nx: (C4+E4:4%~ C4+E4:8t') D4:8t E4:8t |")
	f.Add(head + "words 1.2 la\nx: pp< $m(E4)+12 { _ C4:4 // r:8.. D4:32> } ff * |")
	f.Fuzz(func(_ *testing.T, text string) {
		sc, err := parseScore(text)
		if err != nil {
			return
		}
		if p, err := perform(sc); err == nil {
			writeMIDI(p, "fuzz")
		}
	})
}

func TestTheSameScoreSoundsTheSameAgain(t *testing.T) {
	need.Programs(t, "fluidsynth")
	font := need.File(t, soundFont)
	sc, err := parseScore("title: test\nbeat: 4\ntail: 0.3\npart x program=6\nplay A\n[A] 4/4\nx: C4:16 E4 G4 C5 r:2. |")
	if err != nil {
		t.Fatal(err)
	}
	p, err := perform(sc)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	mid := filepath.Join(dir, "a.mid")
	if err := os.WriteFile(mid, writeMIDI(p, "test"), 0o600); err != nil {
		t.Fatal(err)
	}
	var wavs [2][]byte
	for i := range wavs {
		wav := filepath.Join(dir, "a.wav")
		if err := synthesize(t.Context(), font, mid, wav); err != nil {
			t.Fatal(err)
		}
		if wavs[i], err = os.ReadFile(wav); err != nil {
			t.Fatal(err)
		}
		// Only the sound counts: the header of a float WAV holds the time of day.
		wavs[i] = wavs[i][bytes.Index(wavs[i], []byte("data")):]
	}
	if len(wavs[0]) < 48000 || !bytes.Equal(wavs[0], wavs[1]) {
		t.Errorf("%d and %d bytes, and they differ", len(wavs[0]), len(wavs[1]))
	}
}

package lrc_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"segue/internal/lrc"
	"segue/internal/music"
)

func line(ms int, text string) music.LyricLine {
	return music.LyricLine{At: time.Duration(ms) * time.Millisecond, Text: text}
}

func TestSyncedLyricsAreReadAsPlayersWriteThem(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []music.LyricLine
	}{
		"hundredths":                          {"[00:05.84]Alas, my love", []music.LyricLine{line(5840, "Alas, my love")}},
		"one decimal":                         {"[00:05.8]a", []music.LyricLine{line(5800, "a")}},
		"three decimals":                      {"[01:05.123]a", []music.LyricLine{line(65123, "a")}},
		"no decimals":                         {"[1:05]a", []music.LyricLine{line(65000, "a")}},
		"a comma":                             {"[00:05,50]a", []music.LyricLine{line(5500, "a")}},
		"hundredths after a colon":            {"[00:05:50]a", []music.LyricLine{line(5500, "a")}},
		"hours":                               {"[1:00:05.50]a", []music.LyricLine{line(3605500, "a")}},
		"more than an hour in minutes":        {"[75:00.00]a", []music.LyricLine{line(4500000, "a")}},
		"several stamps, sorted into place":   {"[00:03.00][00:01.00]a\n[00:02.00]b", []music.LyricLine{line(1000, "a"), line(2000, "b"), line(3000, "a")}},
		"BOM and CRLF":                        {"\uFEFF[00:01.00]a\r\n[00:02.00]b\r\n", []music.LyricLine{line(1000, "a"), line(2000, "b")}},
		"CR alone":                            {"[00:01.00]a\r[00:02.00]b", []music.LyricLine{line(1000, "a"), line(2000, "b")}},
		"a pause":                             {"[00:01.00]a\n[00:02.00]\n[00:03.00] b", []music.LyricLine{line(1000, "a"), line(2000, ""), line(3000, "b")}},
		"a positive offset comes earlier":     {"[offset:+500]\n[00:01.00]a", []music.LyricLine{line(500, "a")}},
		"a negative offset comes later":       {"[00:01.00]a\n[offset: -250 ]", []music.LyricLine{line(1250, "a")}},
		"an offset before the start":          {"[offset:5000]\n[00:01.00]a", []music.LyricLine{line(0, "a")}},
		"an offset that is no number":         {"[offset:soon]\n[00:01.00]a", []music.LyricLine{line(1000, "a")}},
		"an offset that is not a number":      {"[offset:NaN]\n[00:01.00]a", []music.LyricLine{line(1000, "a")}},
		"word stamps":                         {"[00:01.00]<00:01.00>Green<00:01.40>sleeves <00:02.00> was", []music.LyricLine{line(1000, "Greensleeves was")}},
		"word stamps in square brackets":      {"[00:01.00]one [00:01.40]two", []music.LyricLine{line(1000, "one two")}},
		"no stamp but an angle":               {"[00:01.00]I <3 you", []music.LyricLine{line(1000, "I <3 you")}},
		"brackets in the words":               {"[00:01.00][Chorus] la", []music.LyricLine{line(1000, "[Chorus] la")}},
		"a stamp of 60 seconds is words":      {"[00:01.00]a\n[00:60.00]b", []music.LyricLine{line(1000, "a"), line(1000, "[00:60.00]b")}},
		"a second line without a stamp":       {"[00:01.00]a\ntranslated\n[00:02.00]b", []music.LyricLine{line(1000, "a"), line(1000, "translated"), line(2000, "b")}},
		"words before the first stamp":        {"Typed by me\n\n[00:01.00]a", []music.LyricLine{line(1000, "a")}},
		"control characters and tabs":         {"[00:01.00]a\x1b[31m\tb\x00", []music.LyricLine{line(1000, "a b")}},
		"bytes that are not UTF-8":            {"[00:01.00]a\xff", []music.LyricLine{line(1000, "a\uFFFD")}},
		"equal times stay in their order":     {"[00:01.00]b\n[00:01.00]a", []music.LyricLine{line(1000, "b"), line(1000, "a")}},
		"wide characters":                     {"[00:01.00]春の小川", []music.LyricLine{line(1000, "春の小川")}},
		"indented":                            {"  [00:01.00]\ta  ", []music.LyricLine{line(1000, "a")}},
		"a space between the stamps":          {"[00:01.00] [00:02.00] a", []music.LyricLine{line(1000, "a"), line(2000, "a")}},
		"an unfinished stamp after a whole":   {"[00:01.00][00:02", []music.LyricLine{line(1000, "[00:02")}},
		"a tag behind a stamp belongs to it":  {"[00:01.00][ti:x]", []music.LyricLine{line(1000, "[ti:x]")}},
		"more decimals than anyone can use":   {"[00:01.0000000001]a\n[00:02.00]b", []music.LyricLine{line(2000, "b")}},
		"a minus is no digit":                 {"[-1:02.00]a\n[00:02.00]b", []music.LyricLine{line(2000, "b")}},
		"tags between the lines are not sung": {"[00:01.00]a\n[by:someone]\n[00:02.00]b", []music.LyricLine{line(1000, "a"), line(2000, "b")}},
	} {
		got, synced := lrc.Lines(c.text)
		if !synced || !slices.Equal(got, c.want) {
			t.Errorf("%s: synced %v\n got %v\nwant %v", name, synced, got, c.want)
		}
	}
}

func TestUnsyncedTextStaysUnsynced(t *testing.T) {
	got, synced := lrc.Lines("\n[Verse 1: Anne]\nFirst\n\n[Chorus: all]\n  Second  \n\n")
	want := []music.LyricLine{{Text: "[Verse 1: Anne]"}, {Text: "First"}, {}, {Text: "[Chorus: all]"}, {Text: "Second"}}
	if synced || !slices.Equal(got, want) {
		t.Errorf("synced %v, got %q", synced, got)
	}
}

func TestNothingIsNoLyrics(t *testing.T) {
	for _, s := range []string{"", "\n\n", "\uFEFF", "[ti:Only a title]"} {
		if l := lrc.Parse(s); l.Synced || len(l.Lines) != 0 {
			t.Errorf("%q gives %v", s, l)
		}
	}
}

func TestTagsAreKeptByTheirKeys(t *testing.T) {
	l := lrc.Parse("[TI: Greensleeves ]\n[ar:Traditional][al:Sampler]\n[by:]\n[length: 1:00]\n[00:01.00]a")
	want := map[string]string{"ti": "Greensleeves", "ar": "Traditional", "al": "Sampler", "length": "1:00"}
	if !reflect.DeepEqual(l.Tags, want) {
		t.Errorf("got %v, want %v", l.Tags, want)
	}
}

func TestAtFindsTheLineThatIsSung(t *testing.T) {
	lines, _ := lrc.Lines("[00:01.00]a\n[00:02.00]b\n[00:02.00]b, translated\n[00:03.00]c")
	for ms, want := range map[int]int{0: -1, 999: -1, 1000: 0, 1999: 0, 2000: 1, 2500: 1, 3000: 3, 99999: 3} {
		if got := lrc.At(lines, time.Duration(ms)*time.Millisecond); got != want {
			t.Errorf("at %d ms: line %d, want %d", ms, got, want)
		}
	}
	if got := lrc.At(nil, time.Second); got != -1 {
		t.Errorf("of no lines: %d", got)
	}
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	for _, text := range []string{
		"[al:Sampler]\n[ti:Greensleeves]\n[00:05.84]Alas, my love\n[00:11.15]\n[75:00.00]To cast me off\n",
		"First\n\nSecond\n",
	} {
		if got := lrc.Format(lrc.Parse(text)); got != text {
			t.Errorf("wrote %q, want %q", got, text)
		}
	}
	broken := lrc.Lyrics{Synced: true, Lines: []music.LyricLine{{At: -time.Second, Text: "two\nlines"}}}
	if got := lrc.Format(broken); got != "[00:00.00]two lines\n" {
		t.Errorf("wrote %q", got)
	}
}

func TestEndlessTextIsBounded(t *testing.T) {
	l := lrc.Parse(strings.Repeat("[00:01.00][00:02.00]a\n", 50000))
	if len(l.Lines) > 20001 {
		t.Errorf("%d lines", len(l.Lines))
	}
	if l := lrc.Parse("[00:01.00]" + strings.Repeat("ä", 5000)); len(l.Lines[0].Text) > 4096 {
		t.Errorf("a line of %d bytes", len(l.Lines[0].Text))
	}
}

// FuzzParse: any text gives lines that are sorted, never negative and clean, and
// what Format writes of synced lyrics means the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"[00:01.00]a", "[offset:-100]\n[1:00][2:00.5]<0:1.2>x<", "plain\n\ntext", "[[00:01]]", "\xff[9999:59.999999999]", "[00:01]<00:0<00:01>1>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l := lrc.Parse(text)
		for i, line := range l.Lines {
			if line.At < 0 || (i > 0 && line.At < l.Lines[i-1].At) {
				t.Fatalf("line %d at %v", i, line.At)
			}
			if strings.ContainsFunc(line.Text, unicode.IsControl) {
				t.Fatalf("line %d has control characters: %q", i, line.Text)
			}
		}
		if !l.Synced {
			return
		}
		once := lrc.Format(l)
		if twice := lrc.Format(lrc.Parse(once)); twice != once {
			t.Fatalf("%q became %q", once, twice)
		}
	})
}

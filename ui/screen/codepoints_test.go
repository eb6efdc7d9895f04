package screen

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestColumnsStandWhereATerminalGoesOnByCodePoints(t *testing.T) {
	for name, title := range map[string]string{
		"Hindi": "हिन्दी गाना नमस्ते", "Tamil": "தமிழ் பாடல்", "Thai": "กำลังใจ", "Khmer": "ចម្រៀងខ្មែរ", "Burmese": "မြန်မာသီချင်း",
		"Sinhala": "සිංහල ගීත", "Telugu": "తెలుగు పాట", "half-width kana": "ｶﾞﾗｽﾉｳｻｷﾞ", "old Hangul": "ᄒ\u1161ᆫ글",
		"ASCII": "a song", "accents": "a\u0304 e\u0301tude", "CJK": "春の海", "Korean": "한국 노래", "emoji": "👍 thumbs", "Arabic": "عمرو دياب",
	} {
		t.Run(name, func(t *testing.T) {
			line := "\x1b[1m " + Fit(title, 40, "…") + "  \x1b[22mArtist  " + FitRight("1:38", 7, "") + " \x1b[m│" + Fit(title, 20, "…") + "|"
			drawn := ansi.Strip(ByCodePoints(line))
			for _, mark := range []string{"Artist", "1:38", "│", "|"} {
				want := ansi.StringWidth(before(ansi.Strip(line), mark))
				if got := ansi.StringWidthWc(before(drawn, mark)); got != want {
					t.Errorf("%s stands in column %d, not %d:\n%s", mark, got, want, drawn)
				}
			}
			if n := ansi.StringWidthWc(ByCodePoints(line)); n != Width(line) {
				t.Errorf("the line is %d wide, not %d", n, Width(line))
			}
		})
	}
}

func before(s, mark string) string {
	b, _, _ := strings.Cut(s, mark)
	return b
}

func TestASpaceStaysBetweenWordsThatHaveNoRoom(t *testing.T) {
	line := strings.Repeat("हि ", 10) + " Artist" + Spaces(12) + "|"
	drawn := ByCodePoints(line)
	if !strings.HasPrefix(drawn, strings.Repeat("हि ", 10)+"Artist ") {
		t.Errorf("%q", drawn)
	}
	if n := ansi.StringWidthWc(drawn); n != Width(line) {
		t.Errorf("the line is %d wide, not %d", n, Width(line))
	}
}

func FuzzByCodePointsTakesSpacesOnly(f *testing.F) {
	f.Add("\x1b[1m हिन्दी  x   \x1b[m")
	f.Add("กำ \xff\xe0  a")
	f.Fuzz(func(t *testing.T, s string) {
		if got := strings.ReplaceAll(ByCodePoints(s), " ", ""); got != strings.ReplaceAll(s, " ", "") {
			t.Errorf("%q became %q", s, got)
		}
	})
}

func BenchmarkByCodePointsOfAUsualLine(b *testing.B) {
	line := Fit("Variatio 1. a 1 Clav.", 80, "…") + "│" + Fit("Gymnopédies ♥ ▶", 80, "…")
	for b.Loop() {
		_ = ByCodePoints(line)
	}
}

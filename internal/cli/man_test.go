package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEveryCommandHasAManualPageFromItsOwnTable(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "man1")
	code, out, errs := run(t, "man", dir)
	if code != 0 || out != "" || errs != "" {
		t.Fatalf("code %d, %q, %q", code, out, errs)
	}
	for page, wants := range map[string][]string{
		"segue.1":               {`.TH "SEGUE" "1"`, ".B \\-o, \\-\\-output OUT", ".BR segue\\-scan (1) ,\n", ".B segue [PATH|LINK...] [flags]"},
		"segue-scan.1":          {"segue\\-scan \\- Bring the library's index to what is on disk", ".B \\-\\-json\n", ".SH OPTIONS OF ALL COMMANDS\n", ".SH SEE ALSO\n.BR segue (1)\n"},
		"segue-playlist-show.1": {".BR segue\\-playlist (1)"},
	} {
		text, err := os.ReadFile(filepath.Join(dir, page))
		if err != nil {
			t.Error(err)
		}
		for _, w := range wants {
			if !strings.Contains(string(text), w) {
				t.Errorf("%s has no %q:\n%s", page, w, text)
			}
		}
	}
	pages, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		text, err := os.ReadFile(filepath.Join(dir, p.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for l := range strings.Lines(string(text)) {
			if strings.HasPrefix(l, "'") || strings.HasPrefix(l, ".") && !strings.Contains(".TH .SH .TP .B .BR .PP .nf .fi ", strings.Fields(l)[0]+" ") || strings.Contains(l, "%!") {
				t.Errorf("%s: %q", p.Name(), l)
			}
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "segue-man.1")); err == nil {
		t.Error("a hidden command has a page")
	}
}

func TestTextIsLiteralInAManual(t *testing.T) {
	if got, want := roff("a-b\\c\n.d\n\n'e"), `a\-b\ec`+"\n\\&.d\n.PP\n\\&'e"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTheVersionIsAFlagToo(t *testing.T) {
	for _, flag := range []string{"--version", "-v"} {
		if code, out, _ := run(t, flag); code != 0 || out != "segue "+Version+"\n" {
			t.Errorf("%s: code %d, %q", flag, code, out)
		}
	}
}

func TestTheNoticeOfTheSoundfontIsShown(t *testing.T) {
	code, out, errs := run(t, "version", "--notice")
	if code != exitOK || errs != "" || !strings.Contains(out, "Frank Wen") || !strings.Contains(out, "Permission is hereby granted") {
		t.Errorf("code %d, %q %q", code, out, errs)
	}
}

package keymap

import (
	"strings"
	"testing"
)

func TestEveryPresetIsFreeOfConflicts(t *testing.T) {
	for _, name := range Presets() {
		t.Run(name, func(t *testing.T) {
			m, err := Preset(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range m.Lint() {
				t.Error(e)
			}
		})
	}
}

func TestAnUnknownPresetNamesThoseThatExist(t *testing.T) {
	_, err := Preset("emacs")
	if err == nil || !strings.Contains(err.Error(), "ncspot") {
		t.Fatalf("got %v", err)
	}
}

func TestKeysAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"j", "j"}, {"G", "G"}, {"gg", "g g"}, {"g *", "g *"}, {"C-d", "ctrl+d"}, {"ctrl+d", "ctrl+d"},
		{"S-left", "shift+left"}, {"S-←", "shift+left"}, {"Space", "space"}, {" ", "space"}, {"PageDown", "pgdown"},
		{"M-1", "alt+1"}, {"+", "+"}, {"-", "-"}, {"g!", "g !"}, {"S-a", "A"}, {"C-S-p", "ctrl+shift+p"}, {"，", ","},
		{"M-A", "alt+shift+a"}, {"?", "?"},
	} {
		got, err := Parse(c.in)
		if err != nil || strings.Join(got, " ") != c.want {
			t.Errorf("Parse(%q) = %v, %v; want %s", c.in, got, err, c.want)
		}
	}
	for _, bad := range []string{"", "C-foo", "ctrl+", "foobar"} {
		if k, err := Parse(bad); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", bad, k)
		}
	}
}

func TestAChordIsPendingUntilItsLastKey(t *testing.T) {
	m := Default()
	a, rest, ok := m.Resolve(List, nil, "g")
	if a != "" || !ok || len(rest) != 1 {
		t.Fatalf("g: %q %v %v", a, rest, ok)
	}
	if a, rest, ok = m.Resolve(List, rest, "g"); a != Top || !ok || rest != nil {
		t.Fatalf("gg: %q %v %v", a, rest, ok)
	}
	if a, rest, ok = m.Resolve(List, []string{"g"}, "0"); a != "" || ok || rest != nil {
		t.Fatalf("g0 leads nowhere: %q %v %v", a, rest, ok)
	}
}

func TestFullWidthPunctuationCountsAsASCII(t *testing.T) {
	m := Default()
	for key, want := range map[string]Action{"？": Help, "：": Command, "，": SeekBack60, "。": SeekAhead60, "／": Find, "　": Toggle} {
		if a, _, _ := m.Resolve(List, nil, key); a != want {
			t.Errorf("%s is %q, want %q", key, a, want)
		}
	}
}

func TestInnerContextsSeeTheOuterKeysAndPopupsDoNot(t *testing.T) {
	m := Default()
	if a, _, _ := m.Resolve(Queue, nil, "D"); a != ClearQueue {
		t.Errorf("D in the queue is %q", a)
	}
	if a, _, ok := m.Resolve(List, nil, "D"); ok {
		t.Errorf("D in a list is %q, want nothing", a)
	}
	if a, _, _ := m.Resolve(Queue, nil, "space"); a != Toggle {
		t.Errorf("space in the queue is %q", a)
	}
	if a, _, ok := m.Resolve(Popup, nil, "space"); ok {
		t.Errorf("space in a popup is %q", a)
	}
	if a, _, ok := m.Resolve(Input, nil, "j"); ok {
		t.Errorf("j in a text field is %q", a)
	}
}

func TestOverridesReportEverythingAtOnce(t *testing.T) {
	m, err := Default().With(map[string][]string{
		"paly-container": {"P"},
		"shuffle":        {"Q"},
		"repeat":         {"Q"},
		"mute":           {"C-i"},
		"stop":           {"nonsense"},
		"undo":           {"C-e"},
		"find":           {"g"},
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"did you mean \"play-container\"", "Q is on both shuffle and repeat", "is Tab", "\"nonsense\" is no key", "g on find hides"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in: %v", want, err)
		}
	}
	if a, _, _ := m.Resolve(Global, nil, "ctrl+e"); a != Undo {
		t.Errorf("the good override is lost: ctrl+e is %q", a)
	}
	if a, _, ok := m.Resolve(Global, nil, "u"); ok {
		t.Errorf("the old key of undo is still %q", a)
	}
}

func TestAKeyGivenByTheUserLeavesItsOldAction(t *testing.T) {
	m, err := Default().With(map[string][]string{"stop": {"s"}})
	if err != nil {
		t.Fatal(err)
	}
	if a, _, _ := m.Resolve(Global, nil, "s"); a != Stop {
		t.Errorf("s is %q", a)
	}
	if k := m.Key(Shuffle); k != "" {
		t.Errorf("shuffle still has %q", k)
	}
}

func TestEveryActionIsInTheHelpAndTheTable(t *testing.T) {
	m := Default()
	md := m.Markdown()
	n, seen := 0, map[string]bool{}
	for _, g := range m.Help(List) {
		n += len(g.Entries)
		if seen[g.Name] {
			t.Errorf("the heading %q stands there twice", g.Name)
		}
		seen[g.Name] = true
	}
	if n != len(m.Defs()) {
		t.Errorf("%d rows of help for %d actions", n, len(m.Defs()))
	}
	for _, d := range m.Defs() {
		if !strings.Contains(md, "`:"+string(d.Name)) {
			t.Errorf("%s is not in the Markdown table", d.Name)
		}
	}
}

func TestWhatFollowsAPrefixIsListed(t *testing.T) {
	var keys []string
	for _, f := range Default().Following(List, []string{"z"}) {
		keys = append(keys, f.Key)
	}
	if got := strings.Join(keys, ""); got != "+-=btz" {
		t.Errorf("after z: %q", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"gg", "C-d", "ctrl+", "++", "C--", "é", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		keys, err := Parse(s)
		if err == nil && len(keys) == 0 && strings.TrimSpace(s) != "" {
			t.Fatalf("Parse(%q) gives nothing", s)
		}
		for _, k := range keys {
			Show(k)
		}
	})
}

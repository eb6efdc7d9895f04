package keymap

import (
	"strings"
	"testing"
)

// designed are the keys of the default map as the design of the screens has them.
var designed = []struct {
	keys string // divided by spaces
	ctx  Context
	does Action
}{
	{"j down", List, Down}, {"k up", List, Up}, {"gg home", List, Top}, {"G end", List, Bottom},
	{"C-d", List, HalfDown}, {"C-u", List, HalfUp}, {"C-f pgdown", List, PageDown}, {"C-b pgup", List, PageUp},
	{"zz", List, RowMiddle}, {"zt", List, RowTop}, {"zb", List, RowBottom}, {"h", List, Out}, {"l", List, In},
	{"tab", List, NextPane}, {"S-tab", List, PrevPane}, {"enter", List, Open}, {"P", List, PlayAll}, {"esc backspace", List, Back},

	{"space", List, Toggle}, {">", List, Next}, {"<", List, Previous}, {"left", List, SeekBack}, {"right", List, SeekAhead},
	{"S-left", List, SeekBack30}, {"S-right", List, SeekAhead30}, {"b", List, SeekBack10}, {"f", List, SeekAhead10},
	{",", List, SeekBack60}, {".", List, SeekAhead60}, {"^", List, Restart}, {"+ =", List, VolumeUp}, {"-", List, VolumeDown},
	{"]", List, VolumeUp1}, {"[", List, VolumeDown1}, {"_", List, Mute}, {"s", List, Shuffle}, {"r", List, Repeat},

	{"e a", List, Enqueue}, {"E", List, EnqueueNext}, {"A w", List, AddTo}, {"*", List, Star}, {"g*", List, StarPlaying},
	{"d", Queue, Remove}, {"d", Playlist, Remove}, {"D", Queue, ClearQueue}, {"J", Queue, MoveDown}, {"K", Queue, MoveUp}, {"J", Playlist, MoveDown},
	{"v", List, Range}, {"x", List, Mark}, {"C-s", List, SaveQueue}, {"u", List, Undo}, {"C-r", List, Redo},

	{"/", List, Find}, {"n", List, FindNext}, {"N", List, FindPrev}, {"2 gs", List, GoSearch}, {"S", List, Sort}, {"`", List, WhichAccounts},

	{"1 gl", List, GoLibrary}, {"3 gp", List, GoPlaylists}, {"4 gq", List, GoQueue}, {"5 gf", List, GoFiles}, {"6 gt", List, GoToplists},
	{"7 gy", List, GoNow}, {"8", List, GoAccounts}, {"9", List, GoSettings}, {"gc", List, GoPlaying}, {"ga", List, GoAlbum}, {"gA", List, GoArtist}, {"g!", List, GoLog}, {"go", List, GoDevices},

	{"m", List, Actions}, {"M", List, ActionsNow}, {"i", List, Details}, {"R", List, Radio}, {"y", List, CopyLink}, {"Y", List, CopyName},
	{"O", List, OpenLink}, {"V", List, Visualizer}, {"L", List, RightPane}, {"B", List, Sidebar}, {"U", List, Refresh},
	{":", List, Command}, {"C-p", List, Palette}, {"?", List, Help}, {"C-l", List, Redraw}, {"q", List, Close}, {"C-c", List, Quit},

	{"mediaplaypause", List, Toggle}, {"medianext", List, Next}, {"mediaprev", List, Previous}, {"raisevolume", List, VolumeUp}, {"mute", List, Mute},
}

func TestEveryKeyOfTheDesignDoesWhatTheDesignSays(t *testing.T) {
	m := Default()
	for _, d := range designed {
		for _, k := range strings.Fields(d.keys) {
			chord, err := Parse(k)
			if err != nil {
				t.Error(err)
				continue
			}
			got, _, _ := m.Resolve(d.ctx, chord[:len(chord)-1], chord[len(chord)-1])
			if got != d.does {
				t.Errorf("%s in %s is %q, want %s", k, d.ctx, got, d.does)
			}
		}
	}
	for _, free := range []string{"c", "t", "H", "X"} {
		if a, _, ok := m.Resolve(Queue, nil, free); ok {
			t.Errorf("%s was to stay free and is %q", free, a)
		}
	}
}

func TestWhatHasNoKeyIsReachedByItsName(t *testing.T) {
	m := Default()
	for _, a := range []Action{PrivateSession, MarkOffline, Share, Login, Logout, Forget, Sleep} {
		if d, ok := m.Def(a); !ok || d.Hidden {
			t.Errorf("%s is not in the palette", a)
		}
	}
}

func TestNoHarmlessKeyOfAPeerDestroysAnything(t *testing.T) {
	// what deletes, clears or signs out is never on a key that only moves, plays or
	// looks elsewhere, in any preset
	harmless := map[string][]string{"spotify-player": {"n", "p", "enter", "z"}, "ncspot": {"p", "d"}, "cmus": {"x", "c", "v", "b", "z"}, "vim": {"x"}}
	for preset, keys := range harmless {
		m, err := Preset(preset)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range keys {
			switch a, _, _ := m.Resolve(List, nil, k); a {
			case DeleteList, ClearQueue, Logout, Forget:
				t.Errorf("%s: %s is %s", preset, k, a)
			}
		}
	}
}

func TestTheVimMapHasViewsOnAltAndCountsOnDigits(t *testing.T) {
	m, err := Preset("vim")
	if err != nil || !m.Counts() {
		t.Fatal(err, m.Counts())
	}
	for i, want := range []Action{GoLibrary, GoSearch, GoPlaylists, GoQueue, GoFiles, GoToplists, GoNow, GoAccounts, GoSettings} {
		key := string(rune('1' + i))
		if a, _, _ := m.Resolve(List, nil, "alt+"+key); a != want {
			t.Errorf("alt+%s is %q", key, a)
		}
		if a, _, ok := m.Resolve(List, nil, key); ok {
			t.Errorf("%s is %q, and was to be a count", key, a)
		}
	}
}

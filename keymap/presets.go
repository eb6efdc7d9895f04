package keymap

import (
	"errors"
	"fmt"
	"strings"
)

// Presets lists the names of the key maps that come with the program.
func Presets() []string { return []string{"default", "vim", "spotify-player", "ncspot", "cmus"} }

// Preset gives the key map of a name; the error lists the names there are.
func Preset(name string) (Map, error) {
	keys, ok := presetKeys(name)
	if !ok {
		return Map{}, fmt.Errorf("keymap: no key map is named %q; there are %s", name, strings.Join(Presets(), ", "))
	}
	m, errs := build(name, name == "vim", keys)
	return m, errors.Join(errs...)
}

// presetKeys are the differences of a preset from the default. Each follows the
// habits of the player it is named after as far as our actions go.
func presetKeys(name string) (map[Action][]string, bool) {
	switch name {
	case "default", "":
		return nil, true
	case "vim":
		return map[Action][]string{
			GoLibrary: {"alt+1", "gl"}, GoSearch: {"alt+2", "gs"}, GoPlaylists: {"alt+3", "gp"}, GoQueue: {"alt+4", "gq"},
			GoFiles: {"alt+5", "gf"}, GoToplists: {"alt+6", "gt"}, GoNow: {"alt+7", "gy"}, GoAccounts: {"alt+8"}, GoSettings: {"alt+9"},
			Remove: {"dd", "delete"}, Range: {"v", "V"}, Visualizer: {"gv"}, CopyLink: {"yy"}, CopyName: {"yt"}, Back: {"esc", "backspace", "C-o"},
		}, true
	case "spotify-player":
		return map[Action][]string{
			Next: {"n", "medianext"}, Previous: {"p", "mediaprev"}, SeekAhead: {">", "right"}, SeekBack: {"<", "left"},
			Shuffle: {"C-s"}, Repeat: {"C-r"}, Enqueue: {"Z", "C-z"}, Actions: {"a"}, ActionsNow: {"ga"}, GoAlbum: {"gb"},
			SaveQueue: nil, Redo: {"C-y"}, Suspend: nil, GoNow: {"7", "gl", "l"}, In: nil, GoLibrary: {"1", "g space"},
			GoQueue: {"4", "z"}, RowTop: nil, RowMiddle: nil, RowBottom: nil, LyricsSooner: nil, LyricsLater: nil, AddTo: {"A"}, EnqueueNext: {"E"}, FindNext: nil, FindPrev: nil,
			RightPane: {"L"}, GoPlaylists: {"3", "gp"}, SeekAhead60: nil, SeekBack60: nil,
		}, true
	case "ncspot":
		return map[Action][]string{
			GoQueue: {"f1", "4", "gq"}, GoSearch: {"f2", "2", "gs"}, GoLibrary: {"f3", "1", "gl"}, Help: {"?"},
			Toggle: {"P", "mediaplaypause"}, Enqueue: {"space", "e"}, EnqueueNext: {".", "E"}, PlayAll: {"p"},
			SeekAhead: {"f", "right"}, SeekBack: {"b", "left"}, SeekAhead10: {"F"}, SeekBack10: {"B"},
			Shuffle: {"z"}, RowTop: nil, RowMiddle: nil, RowBottom: nil, LyricsSooner: nil, LyricsLater: nil, Star: {"s", "*"}, CopyLink: {"x"}, Mark: {"X"},
			RowAlbum: {"a", "gr"}, RowArtist: {"A", "gR"}, AddTo: {"w"}, Sidebar: nil, SeekAhead60: nil, ClearQueue: {"c"},
			Actions: {"o", "m"},
		}, true
	case "cmus":
		return map[Action][]string{
			Resume: {"x", "mediaplay"}, Toggle: {"c", "space", "mediaplaypause"}, Stop: {"v", "mediastop"},
			Next: {"b", "medianext"}, Previous: {"z", "mediaprev"}, SeekBack: {"h", "left"}, SeekAhead: {"l", "right"},
			Out: nil, In: nil, SeekBack10: nil, SeekAhead10: nil, RowTop: nil, RowMiddle: nil, RowBottom: nil, LyricsSooner: nil, LyricsLater: nil,
			Range: {"V"}, Visualizer: {"gv"}, Mark: {"X"}, AddTo: {"y"}, CopyLink: {"Y"}, CopyName: nil, GoPlaying: {"i", "gc"}, Details: {"I"},
			Remove: {"D", "delete"}, ClearQueue: nil, MoveDown: {"p", "J"}, MoveUp: {"P", "K"}, PlayAll: {"C-j"},
			Refresh: {"U"}, GoFiles: {"5", "gf"},
		}, true
	}
	return nil, false
}

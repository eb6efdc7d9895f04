package page

import (
	"fmt"
	"strconv"
	"strings"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
)

// Prefer gives the command of an action on what the session may be set to; without an
// argument it flips or goes on to the next. nil without an error = not one of them, or
// one that needs an argument.
func Prefer(a keymap.Action, arg string, now session.Settings) (session.Command, error) {
	onOff := fmt.Errorf("%s is on or off, not “%s”", strings.ReplaceAll(string(a), "-", " "), arg)
	to := session.Switch(arg)
	plain := to == session.Flip || to == session.On || to == session.Off
	switch {
	case a == keymap.PrivateSession && plain:
		return session.PrivateSession{To: to}, nil
	case a == keymap.OfflineMode && plain:
		return session.OfflineMode{To: to}, nil
	case a == keymap.Scrobbling && plain:
		if to == session.On || to == session.Flip && now.Scrobble == session.ScrobbleOff {
			return session.Scrobbling{To: session.ScrobbleOn}, nil
		}
		return session.Scrobbling{To: session.ScrobbleOff}, nil
	case a == keymap.PrivateSession, a == keymap.OfflineMode, a == keymap.Scrobbling:
		return nil, onOff
	case a == keymap.Gain:
		return gain(arg)
	case a == keymap.Bitrate && arg != "":
		return bitrate(arg)
	case a == keymap.LoadQueue:
		return session.LoadQueue{Account: music.AccountID(arg)}, nil
	case a == keymap.Bookmark && (arg == "" || arg == string(session.Off)):
		return session.Bookmark{Remove: arg != ""}, nil
	case a == keymap.Bookmark:
		return nil, fmt.Errorf("bookmark takes nothing, or off, not “%s”", arg)
	case a == keymap.SyncNow:
		return session.SyncOffline{}, nil
	}
	return nil, nil
}

func gain(arg string) (session.Command, error) {
	switch c := (session.SetGain{Mode: session.GainMode(arg)}); c.Mode {
	case "", "off", "track", "album", "auto":
		return c, nil
	}
	return nil, fmt.Errorf("loudness is off, track, album or auto, not “%s”", arg)
}

func bitrate(arg string) (session.Command, error) {
	if arg == "original" {
		return session.SetBitrate{}, nil
	}
	kbps, err := strconv.Atoi(strings.TrimSuffix(arg, "k"))
	if err != nil {
		return nil, fmt.Errorf("“%s” is no bitrate, want 96, 160, 320 or original", arg)
	}
	return session.SetBitrate{Kbps: kbps}, nil
}

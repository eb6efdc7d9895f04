package page

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
)

// Transport gives the commands of an action on what plays; ok = it is one.
func Transport(a keymap.Action, n int) (c []session.Command, ok bool) {
	one := func(c session.Command) ([]session.Command, bool) { return []session.Command{c}, true }
	by := func(s int) ([]session.Command, bool) {
		return one(session.SeekBy{Delta: time.Duration(s*n) * time.Second})
	}
	switch a {
	case keymap.Toggle:
		return one(session.Toggle{})
	case keymap.Resume:
		return one(session.Play{})
	case keymap.Pause:
		return one(session.Pause{})
	case keymap.Stop:
		return one(session.Stop{})
	case keymap.Next:
		return repeat(session.Next{}, n), true
	case keymap.Previous:
		return repeat(session.Previous{}, n), true
	case keymap.SeekBack:
		return by(-5)
	case keymap.SeekAhead:
		return by(5)
	case keymap.SeekBack10:
		return by(-10)
	case keymap.SeekAhead10:
		return by(10)
	case keymap.SeekBack30:
		return by(-30)
	case keymap.SeekAhead30:
		return by(30)
	case keymap.SeekBack60:
		return by(-60)
	case keymap.SeekAhead60:
		return by(60)
	case keymap.Restart:
		return one(session.SeekTo{})
	case keymap.VolumeUp:
		return one(session.ChangeVolume{By: 5 * n})
	case keymap.VolumeDown:
		return one(session.ChangeVolume{By: -5 * n})
	case keymap.VolumeUp1:
		return one(session.ChangeVolume{By: n})
	case keymap.VolumeDown1:
		return one(session.ChangeVolume{By: -n})
	case keymap.Mute:
		return one(session.Mute{})
	case keymap.Shuffle:
		return one(session.Shuffle{})
	case keymap.Repeat:
		return one(session.SetRepeat{})
	case keymap.Undo:
		return repeat(session.Undo{}, n), true
	case keymap.Redo:
		return repeat(session.Redo{}, n), true
	}
	return nil, false
}

func repeat(c session.Command, n int) []session.Command {
	out := make([]session.Command, min(n, 1000))
	for i := range out {
		out[i] = c
	}
	return out
}

// Argument gives the command of an action with its argument, for those that
// speak to the session alone; nil without an error = not one of them.
func Argument(a keymap.Action, arg string) (session.Command, error) {
	switch a {
	case keymap.Volume:
		n, err := strconv.Atoi(strings.TrimSuffix(arg, "%"))
		if err != nil {
			return nil, fmt.Errorf("“%s” is no volume, want 0 to 100, +5 or -5", arg)
		}
		if arg[0] == '+' || arg[0] == '-' {
			return session.ChangeVolume{By: n}, nil
		}
		return session.SetVolume{Percent: n}, nil
	case keymap.Seek:
		return seekTo(arg)
	case keymap.Shuffle:
		if arg != string(session.On) && arg != string(session.Off) {
			return nil, fmt.Errorf("shuffle is on or off, not “%s”", arg)
		}
		return session.Shuffle{To: session.Switch(arg)}, nil
	case keymap.Repeat:
		switch r := session.Repeat(arg); r {
		case session.RepeatOff, session.RepeatAll, session.RepeatOne:
			return session.SetRepeat{Mode: r}, nil
		}
		return nil, fmt.Errorf("repeat is off, all or one, not “%s”", arg)
	case keymap.Sleep:
		if arg == "off" {
			return session.SleepTimer{}, nil
		}
		d, err := time.ParseDuration(arg)
		if n, e := strconv.Atoi(arg); e == nil {
			d, err = time.Duration(n)*time.Minute, nil
		}
		if err != nil || d <= 0 {
			return nil, fmt.Errorf("“%s” is no time to sleep after, want 30m, 1h or off", arg)
		}
		return session.SleepTimer{After: d}, nil
	case keymap.SaveQueue:
		return session.SaveQueue{Name: arg}, nil
	case keymap.NewPlaylist:
		return session.PlaylistCreate{Account: music.Local, Name: arg}, nil
	case keymap.OpenLink:
		return session.OpenLink{Text: Expand(arg)}, nil
	}
	return nil, nil
}

// Live gives the query of the live playlist that a filtered list is the answer to; "" where
// it is not of the whole library.
func Live(of music.Ref, filter string) string {
	section, kind, _ := strings.Cut(of.ID, "/")
	switch {
	case filter == "", of.Kind != music.KindSection:
	case section == music.SectionSearch && (of.Account == "" || of.Account == music.Local):
		return filter
	case of.Account != music.Local, kind != "":
	case section == music.SectionStarred:
		return "starred (" + filter + ")"
	case section == music.SectionTracks, section == music.SectionAlbums, section == music.SectionArtists:
		return filter
	}
	return ""
}

// Stars reads how many stars a rating has.
func Stars(arg string) (int, error) {
	n, err := strconv.Atoi(arg)
	if err != nil || n < 0 || n > 5 {
		return 0, fmt.Errorf("“%s” is no rating, want 0 to 5", arg)
	}
	return n, nil
}

// Related gives the album or the artist of a row, its name, and the word for it; of an
// album's row the artist is known, too.
func Related(it music.Item, album bool) (ref music.Ref, title, what string) {
	if c, ok := it.(music.Chart); ok {
		it = c.Item
	}
	switch v := it.(type) {
	case music.Track:
		if album {
			return v.AlbumRef, v.Album, "album"
		}
		return v.ArtistRef, v.Artist(), "artist"
	case music.Album:
		if album {
			return v.Ref, v.Title, "album"
		}
		return v.ArtistRef, v.Artist(), "artist"
	}
	if album {
		return music.Ref{}, "", "album"
	}
	return music.Ref{}, "", "artist"
}

// seekTo reads "1:23", "83", "+10", "-10" or "50%".
func seekTo(arg string) (session.Command, error) {
	bad := fmt.Errorf("“%s” is no time, want 1:23, +10 or -10", arg)
	sign := 0
	text := arg
	switch arg[0] {
	case '+':
		sign, text = 1, arg[1:]
	case '-':
		sign, text = -1, arg[1:]
	}
	total := 0
	for _, part := range strings.Split(text, ":") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 || total > 1e6 || n > 1e6 {
			return nil, bad
		}
		total = total*60 + n
	}
	d := time.Duration(total) * time.Second
	if sign != 0 {
		return session.SeekBy{Delta: time.Duration(sign) * d}, nil
	}
	return session.SeekTo{Position: d}, nil
}

// Expand gives a path with ~ written out.
func Expand(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return home + "/" + rest
		}
	}
	return path
}

package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/page"
)

// run does a line typed after ':'.
func (m *Model) run(line string) tea.Cmd {
	name, arg, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, ":")), " ")
	arg = strings.TrimSpace(arg)
	if name == "" {
		return nil
	}
	if name == "q" {
		name = string(keymap.Quit)
	}
	d, ok := m.keys.Def(keymap.Action(name))
	if !ok {
		msg := "no command is named “" + name + "”"
		if n, near := m.keys.Nearest(name); near {
			msg += "; did you mean “" + string(n) + "”?"
		}
		m.say(session.Warning, msg)
		return nil
	}
	if arg == "" {
		return m.do(d.Name, 1)
	}
	if d.Arg == "" {
		if n, err := strconv.Atoi(arg); err == nil && n > 0 {
			return m.do(d.Name, n)
		}
		m.say(session.Warning, name+" takes no “"+arg+"”")
		return nil
	}
	return m.runWith(d, arg)
}

// runWith does an action with what was typed after its name.
func (m *Model) runWith(d keymap.Def, arg string) tea.Cmd {
	c, err := Argument(d.Name, arg)
	switch {
	case err != nil:
		m.say(session.Warning, err.Error())
		return nil
	case c != nil:
		m.env.Send(c)
		return nil
	}
	switch d.Name {
	case keymap.Find:
		m.filter(arg)
	case keymap.Sort:
		m.sortBy(music.Sort(arg))
	case keymap.GoSearch:
		m.show(page.Search)
		if s, ok := m.current().(interface{ Ask(string) }); ok {
			s.Ask(arg)
		}
	case keymap.Rename:
		m.renameTo(arg)
	case keymap.Scan:
		m.scan([]string{expand(arg)})
	case keymap.Theme:
		return m.loadTheme(arg)
	default:
	}
	return nil
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
		return session.OpenLink{Text: expand(arg)}, nil
	}
	return nil, nil
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
